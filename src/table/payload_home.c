/* SPDX-License-Identifier: Apache-2.0 */
#include "table/payload_priv.h"

#include "record/content.h"

struct text payload_take_text(struct cbor *c, size_t most)
{
    struct bytes v = cbor_tstr(c);
    struct text t = {.p = "", .n = 0};
    struct err ignored = {0};
    if (!cbor_ok(c)) {
        return t;
    }
    if (v.n > most) {
        cbor_refuse(c, "a text is longer than it may be");
    } else if (v.n > 0 && !text_from(v, &t, &ignored)) {
        cbor_refuse(c, "a text has characters that cannot be shown");
    }
    return t;
}

static uint32_t take_choice(struct cbor *c, uint32_t most)
{
    uint64_t v = cbor_uint(c);
    if (cbor_ok(c) && (v < 1 || v > most)) {
        cbor_refuse(c, "a number is outside its range");
    }
    return cbor_ok(c) ? (uint32_t)v : 1;
}

static uint32_t take_number(struct cbor *c, uint32_t most)
{
    uint64_t v = cbor_uint(c);
    if (cbor_ok(c) && v > most) {
        cbor_refuse(c, "a number is outside its range");
    }
    return cbor_ok(c) ? (uint32_t)v : 0;
}

/* What an option or an order is about: one line, or nothing. */
static struct text take_subject(struct cbor *c)
{
    struct text t = payload_take_text(c, NAME_MAX_BYTES);
    if (cbor_ok(c) && memchr(t.p, '\n', t.n) != NULL) {
        cbor_refuse(c, "a name has several lines");
    }
    return t;
}

static struct text take_id(struct cbor *c)
{
    struct text t = payload_take_text(c, ID_MAX_BYTES);
    if (cbor_ok(c) && !text_is_id(t)) {
        cbor_refuse(c, "an identifier is not of the form [a-z][a-z0-9-]*");
    }
    return t;
}

/* Whose words a line has; null: nobody's in particular. */
static void take_side(struct cbor *c, struct debrief_line *l)
{
    if (!cbor_take_null(c)) {
        l->side = take_id(c);
    }
}

void payload_take_line(struct cbor *c, struct payload *p)
{
    struct debrief_line *l = &p->lines[p->line_count++];
    size_t parts = cbor_array(c, 4);
    l->heard = (enum heard)take_choice(c, HEARD_GUESS);
    l->text = payload_take_text(c, ITEM_TEXT_MAX);
    if (cbor_ok(c) && l->text.n == 0) {
        cbor_refuse(c, "a line is empty");
    }
    if (cbor_ok(c) && parts != 2 && parts != 4) {
        cbor_refuse(c, "a line has two parts, or four");
    }
    if (parts == 4) {
        l->mark = (enum mark)take_choice(c, MARK_CARRY);
        take_side(c, l);
    }
}

void payload_take_way(struct cbor *c, struct payload *p)
{
    struct memo_way *w = &p->ways[p->way_count++];
    cbor_array_n(c, 4);
    w->way = (enum way_kind)take_choice(c, WAY_LEAVE);
    w->subject = take_subject(c);
    w->leads = payload_take_text(c, ITEM_TEXT_MAX);
    w->sure = (enum sure)take_choice(c, SURE_OPEN);
}

void payload_take_order(struct cbor *c, struct payload *p)
{
    struct order *o = &p->orders[p->order_count++];
    cbor_array_n(c, 2);
    o->kind = (enum order_kind)take_choice(c, ORDER_LEAVE);
    o->subject = take_subject(c);
}

void payload_put_line(struct buf *b, const struct debrief_line *l)
{
    cbor_put_array(b, l->mark == 0 ? 2 : 4);
    cbor_put_uint(b, (uint64_t)l->heard);
    cbor_put_tstr(b, l->text);
    if (l->mark == 0) {
        return;
    }
    cbor_put_uint(b, (uint64_t)l->mark);
    if (text_present(l->side)) {
        cbor_put_tstr(b, l->side);
    } else {
        cbor_put_null(b);
    }
}

void payload_put_way(struct buf *b, const struct memo_way *w)
{
    cbor_put_array(b, 4);
    cbor_put_uint(b, (uint64_t)w->way);
    cbor_put_tstr(b, w->subject);
    cbor_put_tstr(b, w->leads);
    cbor_put_uint(b, (uint64_t)w->sure);
}

void payload_put_order(struct buf *b, const struct order *o)
{
    cbor_put_array(b, 2);
    cbor_put_uint(b, (uint64_t)o->kind);
    cbor_put_tstr(b, o->subject);
}

void payload_take_interest(struct cbor *c, struct payload *p)
{
    struct interest_item *i = &p->interests[p->interest_count++];
    cbor_array_n(c, 3);
    i->issue = take_id(c);
    i->option = take_number(c, TERMS_OPTIONS_MAX - 1);
    i->interest = (enum interest)take_number(c, INTEREST_NEVER);
}

void payload_take_prefer(struct cbor *c, struct payload *p)
{
    struct prefer_item *f = &p->prefers[p->prefer_count++];
    cbor_array_n(c, 3);
    f->more = take_id(c);
    f->less = take_id(c);
    f->preference = (enum preference)take_number(c, PREFER_SAME);
}

void payload_put_interest(struct buf *b, const struct interest_item *i)
{
    cbor_put_array(b, 3);
    cbor_put_tstr(b, i->issue);
    cbor_put_uint(b, i->option);
    cbor_put_uint(b, (uint64_t)i->interest);
}

void payload_put_prefer(struct buf *b, const struct prefer_item *f)
{
    cbor_put_array(b, 3);
    cbor_put_tstr(b, f->more);
    cbor_put_tstr(b, f->less);
    cbor_put_uint(b, (uint64_t)f->preference);
}
