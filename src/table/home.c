/* SPDX-License-Identifier: Apache-2.0 */
#include "table/home.h"

#include "base/fixed.h"
#include "table/payload_priv.h"

struct home_word {
    unsigned number;
    const char *word;
    const char *shown;
};

#define HOME_ROW(name, number, word, shown) {number, word, shown},
static const struct home_word heards[] = {HEARD_LIST(HOME_ROW)};
static const struct home_word ways[] = {WAY_LIST(HOME_ROW)};
static const struct home_word sures[] = {SURE_LIST(HOME_ROW)};
static const struct home_word order_words[] = {ORDER_LIST(HOME_ROW)};
static const struct home_word interest_words[] = {INTEREST_LIST(HOME_ROW)};
#undef HOME_ROW

static const char *shown(const struct home_word *rows, size_t n, unsigned number)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].number == number) {
            return rows[i].shown;
        }
    }
    return "?";
}

/* 0: none. */
static unsigned number_of(const struct home_word *rows, size_t n, struct text word)
{
    for (size_t i = 0; i < n; i++) {
        if (text_is(word, rows[i].word)) {
            return rows[i].number;
        }
    }
    return 0;
}

const char *heard_word(enum heard h)
{
    return shown(heards, COUNT_OF(heards), h);
}

const char *way_word(enum way_kind w)
{
    return shown(ways, COUNT_OF(ways), w);
}

const char *sure_word(enum sure s)
{
    return shown(sures, COUNT_OF(sures), s);
}

const char *order_word(enum order_kind o)
{
    return shown(order_words, COUNT_OF(order_words), o);
}

const char *interest_word(enum interest i)
{
    return shown(interest_words, COUNT_OF(interest_words), i);
}

bool interest_of(struct text word, enum interest *out)
{
    for (size_t i = 0; i < COUNT_OF(interest_words); i++) {
        if (text_is(word, interest_words[i].word)) {
            *out = (enum interest)interest_words[i].number;
            return true;
        }
    }
    return false;
}

bool heard_of(struct text word, enum heard *out)
{
    unsigned n = number_of(heards, COUNT_OF(heards), word);
    *out = n == 0 ? *out : (enum heard)n;
    return n != 0;
}

bool way_of(struct text word, enum way_kind *out)
{
    unsigned n = number_of(ways, COUNT_OF(ways), word);
    *out = n == 0 ? *out : (enum way_kind)n;
    return n != 0;
}

bool sure_of(struct text word, enum sure *out)
{
    unsigned n = number_of(sures, COUNT_OF(sures), word);
    *out = n == 0 ? *out : (enum sure)n;
    return n != 0;
}

bool order_of(struct text word, enum order_kind *out)
{
    unsigned n = number_of(order_words, COUNT_OF(order_words), word);
    *out = n == 0 ? *out : (enum order_kind)n;
    return n != 0;
}

/* ---- decisions ---- */

bool decision_label(struct text label, uint32_t *out_number)
{
    uint64_t n = 0;
    if (label.n < 2 || label.p[0] != 'D' || label.p[1] == '0' ||
        !u64_parse((struct text){.p = label.p + 1, .n = label.n - 1}, &n) || n < 1 || n > 9999) {
        return false;
    }
    *out_number = (uint32_t)n;
    return true;
}

void decision_put(const struct payload *p, struct buf *out)
{
    cbor_put_array(out, 5);
    cbor_put_tstr(out, p->label);
    if (p->has_answers) {
        cbor_put_bstr(out, ID_BYTES(p->answers));
    } else {
        cbor_put_null(out);
    }
    cbor_put_tstr(out, p->text_count > 0 ? p->texts[0] : text_str(""));
    if (p->has_when) {
        cbor_put_uint(out, p->when);
    } else {
        cbor_put_null(out);
    }
    cbor_put_array(out, p->order_count);
    for (uint32_t i = 0; i < p->order_count; i++) {
        payload_put_order(out, &p->orders[i]);
    }
}

bool decision_take(struct bytes raw, struct arena *mem, struct payload *out, struct err *err)
{
    struct payload p = {.kind = KIND_DECIDE, .room = out->room, .object = out->object};
    struct cbor c;
    uint32_t number;
    p.texts = ARENA_NEW(mem, struct text, 1);
    p.orders = ARENA_NEW(mem, struct order, ORDERS_MAX);
    if (mem->failed) {
        return err_memory(err, "a decision");
    }
    cbor_init(&c, raw);
    cbor_array_n(&c, 5);
    p.label = payload_take_text(&c, NAME_MAX_BYTES);
    if (cbor_ok(&c) && !decision_label(p.label, &number)) {
        cbor_refuse(&c, "a decision is named D and a number");
    }
    p.has_answers = !cbor_take_null(&c);
    if (p.has_answers) {
        cbor_bstr_into(&c, p.answers.b, sizeof(p.answers.b));
    }
    p.texts[0] = payload_take_text(&c, ITEM_TEXT_MAX);
    p.text_count = 1;
    p.has_when = !cbor_take_null(&c);
    if (p.has_when) {
        p.when = cbor_uint(&c);
        if (cbor_ok(&c) && p.when > SECONDS_MAX) {
            cbor_refuse(&c, "a time is after the year 9999");
        }
    }
    size_t n = cbor_array(&c, ORDERS_MAX);
    for (size_t i = 0; i < n && cbor_ok(&c); i++) {
        payload_take_order(&c, &p);
    }
    if (!cbor_done(&c, "a decision", err)) {
        return false;
    }
    *out = p;
    return true;
}

struct digest decision_digest(struct bytes raw)
{
    return digest_tagged("entente/v1/decision", &raw, 1);
}
