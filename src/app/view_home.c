/* SPDX-License-Identifier: Apache-2.0
 *
 * What a delegation has written at home, for those who sit there.
 */
#include "app/memo.h"
#include "app/view_priv.h"

#define DECISION_WORDS 8192u

static const struct private_state *mine(const struct view *v)
{
    return fold_private(v->r->fold);
}

/* ---- memos ---- */

struct memo_seen {
    struct memo_head head;
    struct payload p;
};

/* The memo with its head; views in the view's memory. */
static bool read_memo(const struct view *v, const struct memo_note *note, struct memo_seen *out,
                      struct err *err)
{
    struct act a;
    struct opened_act act;
    struct ring_author author;
    const struct table_state *s = view_state(v);
    struct content *kept = ARENA_NEW(v->mem, struct content, 1);
    if (kept == NULL) {
        return err_memory(err, "a memo");
    }
    if (!replica_act(v->r, note->index, v->mem, &a, &act, err) ||
        !keyring_author(door_keyring(v->r->door), note->index, &a.kid, &author, err)) {
        return false;
    }
    *kept = act.content;
    const char *number = arena_printf(v->mem, "act %llu", (unsigned long long)note->index);
    out->head = (struct memo_head){
        .table = s->charter.table,
        .author = view_author(v, &author),
        .to = state_principal_name(s, door_keyring(v->r->door), v->r->side, door_size(v->r->door),
                                   v->mem),
        .when = view_when(v, note->claimed_time),
        .number = number == NULL ? "?" : number,
    };
    return payload_from(kept, v->mem, &out->p, err);
}

static bool decided_on(const struct decision_note *d, const struct memo_note *memo)
{
    return d->has_memo && ID_EQ(d->memo, memo->leaf);
}

static void put_decision(const struct view *v, const struct decision_note *d, struct buf *out)
{
    struct text words = d->text;
    const struct payload said = {.kind = KIND_DECIDE,
                                 .label = d->label,
                                 .text_count = 1,
                                 .texts = &words,
                                 .has_when = d->has_review,
                                 .when = d->review,
                                 .order_count = d->order_count,
                                 .orders = d->orders};
    memo_decision(d->has_review ? view_when(v, d->review) : NULL, &said, v->mem, out);
}

static void note_length(const struct buf *out, size_t from, struct buf *to)
{
    size_t lines = 0;
    for (size_t i = from; i < out->n; i++) {
        lines += out->p[i] == '\n' ? 1 : 0;
    }
    if (lines > MEMO_LINES) {
        buf_printf(to, "\n(It has %zu lines; a page has %u. A principal has five minutes.)\n",
                   lines, MEMO_LINES);
    }
}

bool view_memo(const struct view *v, const struct memo_note *note, struct buf *out, struct err *err)
{
    struct memo_seen m;
    size_t from = out->n;
    uint32_t decided = 0;
    if (!read_memo(v, note, &m, err)) {
        return false;
    }
    memo_page(&m.head, &m.p, v->mem, out);
    for (uint32_t i = 0; i < mine(v)->decision_count; i++) {
        if (decided_on(&mine(v)->decisions[i], note)) {
            buf_add_str(out, decided++ == 0 ? "\nDecided\n" : "");
            put_decision(v, &mine(v)->decisions[i], out);
        }
    }
    if (decided == 0) {
        memo_blank(out);
    }
    note_length(out, from, out);
    return true;
}

bool view_memo_html(const struct view *v, const struct memo_note *note, struct buf *out,
                    struct err *err)
{
    struct memo_seen m;
    const char **decided = ARENA_NEW(v->mem, const char *, mine(v)->decision_count);
    uint32_t count = 0;
    if (decided == NULL) {
        return err_memory(err, "a memo");
    }
    if (!read_memo(v, note, &m, err)) {
        return false;
    }
    for (uint32_t i = 0; i < mine(v)->decision_count; i++) {
        struct buf words;
        if (!decided_on(&mine(v)->decisions[i], note)) {
            continue;
        }
        buf_init(&words, DECISION_WORDS);
        put_decision(v, &mine(v)->decisions[i], &words);
        const char *kept = arena_str(v->mem, buf_bytes(&words));
        buf_free(&words);
        if (kept == NULL) {
            return err_memory(err, "a memo");
        }
        decided[count++] = kept;
    }
    memo_html(&m.head, &m.p, decided, count, out);
    return buf_done(out, "the page", err);
}

static void json_text(struct json *j, const char *key, struct text t)
{
    json_put_key(j, key);
    json_put_text(j, t);
}

static void json_str(struct json *j, const char *key, const char *s)
{
    json_put_key(j, key);
    json_put_str(j, s);
}

static void json_u64(struct json *j, const char *key, uint64_t n)
{
    json_put_key(j, key);
    json_put_u64(j, n);
}

static void json_decision(const struct view *v, const struct decision_note *d, struct json *j)
{
    json_put_object(j);
    json_text(j, "decision", d->label);
    json_u64(j, "act", d->index);
    json_str(j, "when", view_when(v, d->claimed_time));
    json_text(j, "text", d->text);
    json_put_key(j, "seal");
    json_put_hex(j, ID_BYTES(d->seal));
    if (d->has_review) {
        json_str(j, "review", view_when(v, d->review));
        json_put_key(j, "review_due");
        json_put_bool(j, decision_due(mine(v), v->now) == d);
    }
    json_put_key(j, "orders");
    json_put_array(j);
    for (uint32_t i = 0; i < d->order_count; i++) {
        json_put_object(j);
        json_str(j, "order", order_word(d->orders[i].kind));
        json_text(j, "subject", d->orders[i].subject);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_end(j);
}

bool view_memo_json(const struct view *v, const struct memo_note *note, struct json *j,
                    struct err *err)
{
    struct memo_seen m;
    if (!read_memo(v, note, &m, err)) {
        return false;
    }
    json_u64(j, "act", note->index);
    json_text(j, "author", m.head.author);
    json_text(j, "to", m.head.to);
    json_str(j, "when", m.head.when);
    json_text(j, "situation", m.p.texts[0]);
    json_put_key(j, "options");
    json_put_array(j);
    for (uint32_t i = 0; i < m.p.way_count; i++) {
        json_put_object(j);
        json_str(j, "option", way_word(m.p.ways[i].way));
        json_text(j, "subject", m.p.ways[i].subject);
        json_text(j, "leads_to", m.p.ways[i].leads);
        json_str(j, "how_sure", sure_word(m.p.ways[i].sure));
        json_put_key(j, "recommended");
        json_put_bool(j, m.p.has_recommend && m.p.recommend == i);
        json_put_end(j);
    }
    json_put_end(j);
    if (m.p.text_count > 1) {
        json_text(j, "because", m.p.texts[1]);
    }
    json_put_key(j, "decided");
    json_put_array(j);
    for (uint32_t i = 0; i < mine(v)->decision_count; i++) {
        if (decided_on(&mine(v)->decisions[i], note)) {
            json_decision(v, &mine(v)->decisions[i], j);
        }
    }
    json_put_end(j);
    return true;
}

/* ---- decisions ---- */

void view_decisions(const struct view *v, struct buf *out)
{
    const struct private_state *m = mine(v);
    const struct decision_note *due = decision_due(m, v->now);
    for (uint32_t i = 0; i < m->decision_count; i++) {
        const struct decision_note *d = &m->decisions[i];
        put_decision(v, d, out);
        buf_printf(out, "  %s, act %llu, seal %.*s%s\n", view_when(v, d->claimed_time),
                   (unsigned long long)d->index, ID_SHOWN, id_hex(d->seal.b).s,
                   d == due ? "; ITS REVIEW IS DUE" : "");
    }
    if (m->decision_count == 0) {
        buf_add_str(out, "Nothing is decided at home yet: entente decide.\n");
    }
}

void view_decisions_json(const struct view *v, struct json *j)
{
    json_put_key(j, "decisions");
    json_put_array(j);
    for (uint32_t i = 0; i < mine(v)->decision_count; i++) {
        json_decision(v, &mine(v)->decisions[i], j);
    }
    json_put_end(j);
}

/* ---- what this seat owes at home and in its shuttles ---- */

static const char *review_owed(const struct view *v, const struct decision_note *d)
{
    bool root = keyring_seat(door_keyring(v->r->door), v->r->seat)->keys.post == 0;
    return arena_printf(v->mem,
                        root ? "look again at %.*s, whose review was %s: entente decisions, then "
                               "entente decide"
                             : "your principal looks again at %.*s, whose review was %s: entente "
                               "memo new",
                        TEXT_ARG(d->label), view_when(v, d->review));
}

/* A minute in which this seat was present, of another's hand, and which it has not confirmed. */
static bool waits_for_me(const struct view *v, const struct minute_note *m)
{
    const struct kid *kid = &keyring_seat(door_keyring(v->r->door), v->r->seat)->kid;
    for (uint32_t i = 0; i < m->present_count; i++) {
        if (ID_EQ(m->present[i], *kid)) {
            return m->seat != v->r->seat && (m->confirmed & UINT64_C(1) << i) == 0;
        }
    }
    return false;
}

/* Those present, but its author, who have not confirmed it: "Sand, Maro"; "" for none. */
static const char *unconfirmed_by(const struct view *v, const struct minute_note *m)
{
    char list[512];
    struct buf b;
    const struct keyring *ring = door_keyring(v->r->door);
    buf_over(&b, list, sizeof(list));
    for (uint32_t i = 0; i < m->present_count; i++) {
        uint32_t seat = keyring_find_seat(ring, &m->present[i]);
        if ((m->confirmed & UINT64_C(1) << i) != 0 || seat == m->seat) {
            continue;
        }
        struct text name = seat == SEAT_NONE ? text_str("a seat that is not known")
                                             : view_seat(v, seat);
        if (b.n + name.n + 3 < sizeof(list)) {
            buf_printf(&b, "%s%.*s", b.n > 0 ? ", " : "", TEXT_ARG(name));
        }
    }
    const char *kept = arena_printf(v->mem, "%s", buf_str(&b));
    return kept == NULL ? "?" : kept;
}

const char *view_minute_standing(const struct view *v, uint64_t index)
{
    const struct private_state *p = mine(v);
    for (uint32_t i = 0; i < p->minute_count; i++) {
        if (p->minutes[i].index == index) {
            const char *missing = unconfirmed_by(v, &p->minutes[i]);
            const char *s = missing[0] == '\0'
                                ? " (confirmed by all who were there)"
                                : arena_printf(v->mem, " (one side's note: not confirmed by %s)",
                                               missing);
            return s == NULL ? "" : s;
        }
    }
    return "";
}

const char *view_home_owed(const struct view *v, uint32_t which)
{
    const struct private_state *m = mine(v);
    const struct decision_note *due = decision_due(m, v->now);
    if (due != NULL && which-- == 0) {
        return review_owed(v, due);
    }
    for (uint32_t i = 0; i < m->minute_count; i++) {
        if (waits_for_me(v, &m->minutes[i]) && which-- == 0) {
            return arena_printf(v->mem,
                                "confirm the minute of act %llu, if it is as you remember it: "
                                "entente confirm %llu",
                                (unsigned long long)m->minutes[i].index,
                                (unsigned long long)m->minutes[i].index);
        }
    }
    return NULL;
}
