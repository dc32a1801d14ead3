/* SPDX-License-Identifier: Apache-2.0 */
#include "app/act_words.h"
#include "app/check.h"
#include "app/check_priv.h"
#include "base/civil.h"

#define SAYS_MAX (256u << 10)

/* ---- what an act says ---- */

bool check_says(const struct content *c, const struct charter *charter, struct arena *scratch,
                struct arena *mem, struct check_act *out, struct err *err)
{
    struct payload p;
    struct err form = {0};
    struct buf b;
    out->room = text_quote(mem, text_bytes(c->header.room), NAME_MAX_BYTES);
    if (!payload_from(c, scratch, &p, &form)) {
        out->kind = "void";
        return true;
    }
    buf_init(&b, SAYS_MAX);
    out->kind = kind_word(p.kind);
    act_words(NULL, charter, scratch, &p, &b);
    out->says = buf_ok(&b) ? arena_str(mem, buf_bytes(&b)) : "(more than can be shown here)";
    buf_free(&b);
    return out->says != NULL || err_memory(err, "an excerpt");
}

/* ---- the answer ---- */

static void put_when(uint64_t seconds, struct buf *out)
{
    char when[CIVIL_TEXT_MAX];
    civil_format(seconds, when);
    buf_printf(out, "%s UTC", when);
}

/* An upper bound in whole minutes is still one. */
static void put_at_the_latest(uint64_t seconds, struct buf *out)
{
    put_when(seconds < CIVIL_MAX - 59 ? seconds + 59 : seconds, out);
}

void check_bracket(struct moment not_before, struct moment not_after, struct buf *out)
{
    if (!not_before.known && !not_after.known) {
        buf_add_str(out, "at a time that nobody has witnessed");
        return;
    }
    if (not_before.known) {
        buf_add_str(out, not_after.known ? "between " : "not before ");
        put_when(not_before.seconds, out);
    }
    if (not_after.known) {
        buf_add_str(out, not_before.known ? " and " : "not after ");
        put_at_the_latest(not_after.seconds, out);
    }
}

/* "Kestria", or "side 1" where its name is not known. */
static void put_side(const struct check_result *r, uint32_t side, struct buf *out)
{
    if (text_present(r->names[side])) {
        buf_printf(out, "%.*s", TEXT_ARG(r->names[side]));
    } else {
        buf_printf(out, "side %u", side);
    }
}

static void put_sides(const struct check_result *r, struct buf *out)
{
    const char *before = "";
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        if ((r->sides >> i & 1) != 0) {
            buf_add_str(out, before);
            put_side(r, i, out);
            before = ", ";
        }
    }
    buf_add_str(out, r->sides == 0 ? "nobody" : "");
}

static void put_excerpt_words(const struct check_result *r, struct buf *out)
{
    buf_printf(out, "Authentic. %llu act%s, in this order, by ", (unsigned long long)r->shown,
               r->shown == 1 ? "" : "s");
    put_sides(r, out);
    buf_add_str(out, ", ");
    check_bracket(r->earliest, r->latest, out);
    buf_add_str(out, ".\n");
    uint64_t final = 0;
    for (size_t i = 0; i < r->act_count; i++) {
        const struct check_act *a = &r->acts[i];
        if (!a->sealed) {
            continue;
        }
        final += a->final;
        buf_printf(out, "  act %llu, ", (unsigned long long)a->index);
        put_side(r, a->side, out);
        buf_printf(out, ", in %s, ", a->room);
        check_bracket(a->not_before, a->not_after, out);
        buf_printf(out, "\n    %s\n", a->says[0] == 0 ? a->kind : a->says);
    }
    if (final == r->shown) {
        buf_add_str(out, "Every side whose countersignature counts has given it to a record that "
                         "holds these acts: none of them can be withdrawn or changed.\n");
    } else {
        buf_printf(out,
                   "Of %llu of them not every side whose countersignature counts has given it to a "
                   "record that holds them: those rest on the word of the host.\n",
                   (unsigned long long)(r->shown - final));
    }
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        if ((r->out >> i & 1) != 0) {
            buf_add_str(out, "Left out is counted ");
            put_side(r, i, out);
            buf_add_str(out, "; this file cannot show that it did not come back.\n");
        }
    }
    if (!r->named) {
        buf_add_str(out, "Sides and options have numbers here, for their names stand in the "
                         "charter, and this file does not hold it.\n");
    }
    buf_add_str(out, "What was left out cannot be known from this file.\n");
}

static void put_whole_words(const struct check_result *r, struct buf *out)
{
    buf_printf(out, "Authentic. The whole record of %llu act%s, in this order, by ",
               (unsigned long long)r->size, r->size == 1 ? "" : "s");
    put_sides(r, out);
    buf_add_str(out, ".\n");
    if (r->final == 0) {
        buf_add_str(out, "No part of it has been countersigned by every side whose word counts: so "
                         "far it rests on the word of the host.\n");
    } else {
        buf_printf(
            out, "Every side whose countersignature counts has given it to the first %llu of them",
            (unsigned long long)r->final);
        if (r->latest.known) {
            buf_add_str(out, " by ");
            put_at_the_latest(r->latest.seconds, out);
        }
        buf_add_str(out, ": none of those can be left out or changed.\n");
    }
    if (!r->has_note) {
        buf_add_str(out, "The host has not signed it yet.\n");
    }
    buf_add_str(out, "What is sealed was not opened here: who wrote it and when is checked, not "
                     "what it says. The names of the sides are sealed too: those who sit at the "
                     "table see them with entente seat list.\n");
}

/* Both, where it is not known whether the key is a root's or a seat's. */
static void put_key_words(const struct check_result *r, struct buf *out)
{
    const struct pubkey *pk = fraud_guilty(&r->fraud);
    enum key_type type = r->fraud.kind == FRAUD_WITNESS                             ? KEY_WITNESS
                         : r->fraud.kind == FRAUD_FORK || ID_EQ(*pk, r->fraud.host) ? KEY_HOST
                         : r->whom.as == ACCUSED_ROOT                               ? KEY_ROOT
                                                                                    : KEY_SEAT;
    struct kid kid = kid_of(type, pk);
    buf_printf(out, "The fingerprint of that key: %s", id_spoken(kid.b).s);
    if (type == KEY_SEAT && r->whom.as == ACCUSED_UNKNOWN) {
        kid = kid_of(KEY_ROOT, pk);
        buf_printf(out, ", or %s if it is a principal's", id_spoken(kid.b).s);
    }
    buf_add_u8(out, '\n');
}

static void put_fraud_words(const struct check_result *r, struct buf *out)
{
    buf_add_str(out, "It proves: ");
    accuse_says(&r->fraud, &r->whom, out);
    buf_add_str(out, ".\n");
    put_key_words(r, out);
    if (r->whom.as == ACCUSED_UNKNOWN) {
        buf_add_str(out, "Whose key that is stands in the record of the table, and says nothing "
                         "where that does not have it: ask this in the folder of a seat.\n");
    }
    accuse_mends(&r->fraud, out);
    buf_printf(out, "Table %s\n", id_hex(r->table.b).s);
}

void check_words(const struct check_result *r, struct buf *out)
{
    if (r->kind == CHECK_FRAUD) {
        put_fraud_words(r, out);
        return;
    }
    if (r->kind == CHECK_EXCERPT) {
        put_excerpt_words(r, out);
    } else {
        put_whole_words(r, out);
    }
    buf_add_str(out, "Compare these fingerprints with what each side publishes:\n");
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        if (r->roots[i].joined) {
            buf_printf(out, "  %s  ", id_spoken(r->roots[i].kid.b).s);
            put_side(r, i, out);
            buf_add_u8(out, '\n');
        }
    }
    buf_printf(out, "Table %s, size %llu, root %s\n", id_hex(r->table.b).s,
               (unsigned long long)r->size, id_hex(r->root.b).s);
}

static void put_moment_json(struct json *j, const char *key, struct moment m)
{
    json_put_key(j, key);
    if (m.known) {
        json_put_u64(j, m.seconds);
    } else {
        json_put_null(j);
    }
}

static void put_bits_json(struct json *j, const char *key, uint32_t bits)
{
    json_put_key(j, key);
    json_put_array(j);
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        if ((bits >> i & 1) != 0) {
            json_put_u64(j, i);
        }
    }
    json_put_end(j);
}

static void put_act_json(struct json *j, const struct check_act *a, struct text name)
{
    json_put_object(j);
    json_put_key(j, "index");
    json_put_u64(j, a->index);
    json_put_key(j, "leaf");
    json_put_hex(j, ID_BYTES(a->leaf));
    json_put_key(j, "side");
    json_put_u64(j, a->side);
    json_put_key(j, "kind");
    json_put_str(j, a->kind);
    json_put_key(j, "name");
    json_put_text(j, text_present(name) ? name : text_str(""));
    if (a->sealed) {
        json_put_key(j, "room");
        json_put_str(j, a->room);
        json_put_key(j, "says");
        json_put_str(j, a->says);
    }
    put_moment_json(j, "not_before", a->not_before);
    put_moment_json(j, "not_after", a->not_after);
    json_put_key(j, "final");
    json_put_bool(j, a->final);
    json_put_end(j);
}

static void put_fraud_json(struct json *j, const struct check_result *r)
{
    static const char *const as[] = {"host", "author", "author", "witness"};
    const struct pubkey *pk = fraud_guilty(&r->fraud);
    bool host = r->fraud.kind == FRAUD_DOUBLE && ID_EQ(*pk, r->fraud.host);
    json_put_key(j, "proves");
    json_put_str(j, fraud_word(r->fraud.kind));
    json_put_key(j, "who");
    json_put_str(j, host ? "host" : as[r->fraud.kind - 1]);
    json_put_key(j, "key");
    json_put_hex(j, ID_BYTES(*pk));
    json_put_key(j, "known");
    json_put_bool(j, r->whom.as != ACCUSED_UNKNOWN);
    if (r->whom.as != ACCUSED_UNKNOWN && r->whom.as != ACCUSED_HOST) {
        json_put_key(j, "side");
        json_put_u64(j, r->whom.side);
    }
}

void check_json(const struct check_result *r, struct json *j)
{
    static const char *const kinds[] = {"replica", "bundle", "excerpt", "fraud"};
    json_put_key(j, "ok");
    json_put_bool(j, true);
    json_put_key(j, "kind");
    json_put_str(j, kinds[r->kind]);
    json_put_key(j, "table");
    json_put_hex(j, ID_BYTES(r->table));
    if (r->kind == CHECK_FRAUD) {
        put_fraud_json(j, r);
        return;
    }
    json_put_key(j, "size");
    json_put_u64(j, r->size);
    json_put_key(j, "root");
    json_put_hex(j, ID_BYTES(r->root));
    json_put_key(j, "final");
    json_put_u64(j, r->final);
    json_put_key(j, "signed_by_host");
    json_put_bool(j, r->has_note);
    json_put_key(j, "shown");
    json_put_u64(j, r->shown);
    put_bits_json(j, "sides", r->sides);
    put_bits_json(j, "out", r->out);
    if (r->kind == CHECK_EXCERPT) {
        put_moment_json(j, "not_before", r->earliest);
        put_moment_json(j, "not_after", r->latest);
        json_put_key(j, "acts");
        json_put_array(j);
        for (size_t i = 0; i < r->act_count; i++) {
            put_act_json(j, &r->acts[i], r->names[r->acts[i].side]);
        }
        json_put_end(j);
    }
    json_put_key(j, "roots");
    json_put_object(j);
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        if (r->roots[i].joined) {
            char key[12];
            struct buf b;
            buf_over(&b, key, sizeof(key));
            buf_printf(&b, "%u", i);
            json_put_key(j, buf_str(&b));
            json_put_hex(j, ID_BYTES(r->roots[i].kid));
        }
    }
    json_put_end(j);
}
