/* SPDX-License-Identifier: Apache-2.0 */
#include "app/view_priv.h"

static struct text side_name(const struct view *v, uint32_t side)
{
    return state_side_name(view_state(v), side);
}

/* Whose motions these are: "Kestria, Velland"; "" where there are none. */
static const char *asked_by(const struct view *v, const struct motion *m)
{
    const struct table_state *s = view_state(v);
    char list[512];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        if (m[g].given && b.n + side_name(v, g).n + 4 < sizeof(list)) {
            buf_printf(&b, "%s%.*s", b.n > 0 ? ", " : "", TEXT_ARG(side_name(v, g)));
        }
    }
    const char *words = arena_printf(v->mem, "%s", b.n == 0 ? "" : buf_str(&b));
    return words == NULL ? "?" : words;
}

static bool suspended(const struct view *v)
{
    uint64_t size = door_size(v->r->door);
    return standing_suspended(view_state(v), door_witness(v->r->door), size, size);
}

static const char *suspension_words(const struct view *v)
{
    const struct table_standing *st = &view_state(v)->standing;
    const char *words;
    if (st->suspended_by != CHARTER_NONE) {
        words = arena_printf(v->mem, "suspended by %.*s, for a week at most",
                             TEXT_ARG(side_name(v, st->suspended_by)));
    } else if (st->suspended_until != TIME_UNKNOWN) {
        words = arena_printf(v->mem, "suspended by all parties until %s, or until one resumes",
                             view_when(v, st->suspended_until));
    } else {
        words = "suspended by all parties, until one resumes";
    }
    return words == NULL ? "?" : words;
}

void view_standing(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    const struct table_standing *st = &s->standing;
    if (!state_in_force(s)) {
        return;
    }
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        if (standing_left(st, g)) {
            buf_printf(out, "\n  %.*s has left the table (act %llu); what it owes stays owed.\n",
                       TEXT_ARG(side_name(v, g)), (unsigned long long)st->left_at[g]);
        }
    }
    if (st->concluded_at != INDEX_NEVER) {
        buf_printf(out,
                   "\n  The table is concluded (act %llu); what is agreed and promised stands.\n",
                   (unsigned long long)st->concluded_at);
        return;
    }
    if (standing_at_table(s) < 2) {
        buf_printf(out,
                   "\n  Fewer than two parties are at the table: it rests without agreement.\n");
    }
    if (suspended(v)) {
        buf_printf(out, "\n  Agreeing is %s.\n", suspension_words(v));
    }
    const char *suspend = asked_by(v, st->suspend), *conclude = asked_by(v, st->conclude);
    if (suspend[0] != 0) {
        buf_printf(out, "\n  For suspending agreeing: %s.\n", suspend);
    }
    if (conclude[0] != 0) {
        buf_printf(out, "\n  For concluding the table: %s.\n", conclude);
    }
}

void view_standing_json(const struct view *v, struct json *j)
{
    const struct table_state *s = view_state(v);
    json_put_key(j, "left");
    json_put_array(j);
    for (uint32_t g = 0; state_in_force(s) && g < charter_groups(&s->charter); g++) {
        if (standing_left(&s->standing, g)) {
            json_put_text(j, side_name(v, g));
        }
    }
    json_put_end(j);
    json_put_key(j, "suspended");
    json_put_bool(j, state_in_force(s) && suspended(v));
    json_put_key(j, "concluded");
    json_put_bool(j, state_in_force(s) && s->standing.concluded_at != INDEX_NEVER);
}

/* ---- what it asks of this seat ---- */

struct needs {
    const char **out;
    uint32_t max;
    uint32_t count;
};

static void need(struct needs *n, const char *words)
{
    if (n->count < n->max && words != NULL) {
        n->out[n->count++] = words;
    }
}

/* Others ask for something, and our side, a party, has not yet. */
static bool open_for_us(const struct view *v, const struct motion *m)
{
    const struct table_state *s = view_state(v);
    bool others = false;
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        others = others || (g != v->r->side && m[g].given);
    }
    return others && !m[v->r->side].given && s->charter.sides[v->r->side].role == ROLE_PARTY;
}

static void need_dates(const struct view *v, struct needs *n)
{
    const struct table_state *s = view_state(v);
    uint64_t size = door_size(v->r->door);
    const struct witness_log *log = door_witness(v->r->door);
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        struct text id = s->charter.phases[i].id;
        if (open_for_us(v, s->dates[i].asked)) {
            need(n, arena_printf(v->mem,
                                 "%s asks for another deadline of phase %.*s: entente dates, then "
                                 "entente date deadline %.*s WHEN",
                                 asked_by(v, s->dates[i].asked), TEXT_ARG(id), TEXT_ARG(id)));
        }
        struct deadline d = standing_deadline(s, log, i, size);
        if (v->r->side == 0 && phase_open(s, i) && s->gate_opened_at[i] == INDEX_NEVER &&
            view_bound(s, i) == NULL && !d.none && d.known &&
            witness_surely_passed(log, size, d.seconds + 1, size)) {
            need(n, arena_printf(v->mem,
                                 "the deadline of phase %.*s has passed: propose a later one, a "
                                 "suspension or the end (entente date, suspend, conclude)",
                                 TEXT_ARG(id)));
        }
    }
}

uint32_t view_standing_needs(const struct view *v, const char **out, uint32_t max, bool *out_only)
{
    const struct table_state *s = view_state(v);
    const struct table_standing *st = &s->standing;
    const struct ring_seat *seat = keyring_seat(door_keyring(v->r->door), v->r->seat);
    const struct ring_root *root = keyring_root(door_keyring(v->r->door), v->r->side,
                                                door_size(v->r->door));
    struct needs n = {.out = out, .max = max};
    *out_only = false;
    if (v->r->side >= charter_groups(&s->charter)) {
        return 0;
    }
    if (seat->keys.post == 0 && root != NULL &&
        root->from > keyring_side(door_keyring(v->r->door), v->r->side)->admitted_at &&
        s->signatures[v->r->side].index < root->from) {
        need(&n, "sign the charter, as the new principal of your side: entente sign charter");
    }
    if (st->concluded_at != INDEX_NEVER || standing_left(st, v->r->side)) {
        *out_only = true;
        return n.count;
    }
    if (!suspended(v) && open_for_us(v, st->suspend)) {
        need(&n, arena_printf(v->mem, "%s is for suspending agreeing: entente suspend, or not",
                              asked_by(v, st->suspend)));
    }
    if (open_for_us(v, st->conclude)) {
        need(&n, arena_printf(v->mem, "%s is for concluding the table: entente conclude, or not",
                              asked_by(v, st->conclude)));
    }
    need_dates(v, &n);
    return n.count;
}
