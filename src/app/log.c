/* SPDX-License-Identifier: Apache-2.0 */
#include "app/log.h"

#include "app/check.h"
#include "app/join.h"

#define LINE_MAX_BYTES (256u << 10)

static struct text side_name(const struct view *v, uint32_t side)
{
    const struct table_state *s = fold_state(v->r->fold);
    if (s->has_charter && side < s->charter.side_count) {
        return state_side_name(s, side);
    }
    struct text id, name;
    struct err untold = {0}; /* who is not named in the invitation has a number */
    if (join_who(v->r, side, v->mem, &id, &name, &untold) && !text_is(name, "?")) {
        return name;
    }
    const char *number = arena_printf(v->mem, "side %u", side);
    return text_str(number == NULL ? "?" : number);
}

static bool control_says(const struct view *v, const struct act *a, struct buf *out,
                         struct err *err)
{
    struct bytes blob;
    struct control *c = ARENA_NEW(v->mem, struct control, 1);
    if (c == NULL) {
        return err_memory(err, "an act");
    }
    if (!store_read_blob(v->r->store, &a->blob, v->mem, &blob, err) ||
        !control_decode(a->control, blob, c, err)) {
        return false;
    }
    switch (a->control) {
    case CONTROL_SEALED:
        break;
    case CONTROL_FOUND:
        buf_add_str(out, "founds the table");
        break;
    case CONTROL_KEYS:
        switch (c->verb) {
        case KEYS_ADMIT_SIDE:
            buf_printf(out, "admits %.*s", TEXT_ARG(side_name(v, c->as.slip.side)));
            break;
        case KEYS_ADMIT_SEAT:
            buf_add_str(out, "admits a seat of its own");
            break;
        case KEYS_REVOKE:
            buf_add_str(out, "revokes a seat of its own");
            break;
        case KEYS_NEW_ROOT:
            buf_printf(out, "posts that %.*s has another principal, by its successors",
                       TEXT_ARG(side_name(v, c->as.new_root.slip.side)));
            break;
        }
        break;
    case CONTROL_WITNESSES:
        buf_printf(out, "names its witnesses: %u of %u", c->as.naming.needed, c->as.naming.count);
        break;
    case CONTROL_COUNTERSIGN:
        buf_printf(out, "countersigns the first %llu acts",
                   (unsigned long long)c->as.countersign.size);
        break;
    case CONTROL_PROCEED:
        buf_printf(out, "goes on without %.*s", TEXT_ARG(side_name(v, c->as.without)));
        break;
    case CONTROL_SUCCESSION:
        buf_printf(out, "moves the record to another host, from act %llu on",
                   (unsigned long long)c->as.succession.size);
        break;
    }
    return true;
}

/* One line; false where it cannot be read from the disk. */
static bool look(const struct view *v, uint64_t index, struct log_line *out, struct buf *words,
                 struct err *err)
{
    const struct witness_log *log = door_witness(v->r->door);
    uint64_t size = door_size(v->r->door);
    struct act a;
    struct opened_act o;
    struct ring_author author;
    if (!replica_act(v->r, index, v->mem, &a, &o, err) ||
        !keyring_author(door_keyring(v->r->door), index, &a.kid, &author, err)) {
        return false;
    }
    *out = (struct log_line){.index = index,
                             .side = author.side,
                             .side_name = side_name(v, author.side),
                             .kind = control_word(a.control),
                             .readable = true,
                             .is_void = fold_void(v->r->fold, index) != NULL,
                             .final = index < witness_final(log, size),
                             .not_before = witness_b(log, a.seen_size, size),
                             .not_after = witness_t(log, index, size)};
    if (a.control != CONTROL_SEALED) {
        buf_printf(words, "%.*s ", TEXT_ARG(out->side_name));
        if (!control_says(v, &a, words, err)) {
            return false;
        }
    } else if (o.open) {
        uint32_t kind = o.content.header.kind;
        out->kind = kind_known(kind) ? kind_word((enum act_kind)kind) : "void"; /* it is one */
        view_act_words(v, &author, &o, words);
    } else {
        out->readable = false;
        buf_printf(words, "%.*s: sealed, not for this seat", TEXT_ARG(out->side_name));
    }
    out->words = buf_ok(words) ? buf_str(words) : "(more than can be shown here)";
    return true;
}

bool log_each(const struct view *v, uint64_t from, uint64_t to, log_visit *visit, void *ctx,
              struct err *err)
{
    uint64_t size = door_size(v->r->door);
    struct buf words;
    buf_init(&words, LINE_MAX_BYTES);
    bool ok = true;
    for (uint64_t i = from; ok && i < to && i < size; i++) {
        struct log_line line;
        size_t mark = arena_mark(v->mem);
        buf_wipe(&words);
        ok = (look(v, i, &line, &words, err) || err_at(err, "act %llu", (unsigned long long)i)) &&
             visit(ctx, &line, err);
        arena_rewind(v->mem, mark);
    }
    buf_wipe(&words);
    buf_free(&words);
    return ok;
}

void log_words(const struct log_line *line, struct buf *out)
{
    buf_printf(out, "%5llu  %s%s  (", (unsigned long long)line->index, line->words,
               line->is_void ? "; void" : "");
    check_bracket(line->not_before, line->not_after, out);
    buf_printf(out, "%s)\n", line->final ? "" : "; not countersigned by every side");
}

static void put_moment(struct json *j, const char *key, struct moment m)
{
    json_put_key(j, key);
    if (m.known) {
        json_put_u64(j, m.seconds);
    } else {
        json_put_null(j);
    }
}

void log_json(const struct log_line *line, struct json *j)
{
    json_put_object(j);
    json_put_key(j, "index");
    json_put_u64(j, line->index);
    json_put_key(j, "side");
    json_put_u64(j, line->side);
    json_put_key(j, "name");
    json_put_text(j, line->side_name);
    json_put_key(j, "kind");
    json_put_str(j, line->kind);
    json_put_key(j, "says");
    json_put_str(j, line->words);
    json_put_key(j, "readable");
    json_put_bool(j, line->readable);
    json_put_key(j, "void");
    json_put_bool(j, line->is_void);
    json_put_key(j, "final");
    json_put_bool(j, line->final);
    put_moment(j, "not_before", line->not_before);
    put_moment(j, "not_after", line->not_after);
    json_put_end(j);
}
