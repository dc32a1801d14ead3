/* SPDX-License-Identifier: Apache-2.0 */
#include "app/view_dates.h"

#include <stdarg.h>
#include <stdio.h>

#include "app/view_priv.h"
#include "base/sort.h"

struct listing {
    const struct view *v;
    struct dated *list;
    uint32_t count;
};

static void add(struct listing *l, enum dated_kind kind, uint64_t when, bool ours, const char *uid,
                const char *words)
{
    const struct view *v = l->v;
    uint64_t size = door_size(v->r->door);
    if (l->count == DATED_MAX || words == NULL) {
        return;
    }
    struct dated *d = &l->list[l->count++];
    *d = (struct dated){
        .when = when,
        .kind = kind,
        .words = words,
        .ours = ours,
        .passed = witness_surely_passed(door_witness(v->r->door), size, when + 1, size)};
    (void)snprintf(d->uid, sizeof(d->uid), "%s", uid);
}

static const char *uid_of(const struct view *v, const char *what, uint32_t a, uint32_t b)
{
    const char *uid = arena_printf(v->mem, "%s-%u-%u", what, a, b);
    return uid == NULL ? what : uid;
}

static void add_asked(struct listing *l, uint32_t phase)
{
    const struct view *v = l->v;
    const struct table_state *s = view_state(v);
    const struct phase_dates *d = &s->dates[phase];
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        if (d->asked[g].given && d->asked[g].when != TIME_UNKNOWN) {
            add(l, DATED_WISH, d->asked[g].when, true, uid_of(v, "asked", phase, g),
                arena_printf(
                    v->mem,
                    "%.*s asks for this deadline of phase %.*s; it takes effect when every "
                    "party has, and all is countersigned",
                    TEXT_ARG(state_side_name(s, g)), TEXT_ARG(s->charter.phases[phase].id)));
        }
    }
}

static void add_phase(struct listing *l, uint32_t phase)
{
    const struct view *v = l->v;
    const struct table_state *s = view_state(v);
    const struct witness_log *log = door_witness(v->r->door);
    const struct charter_phase *p = &s->charter.phases[phase];
    uint64_t size = door_size(v->r->door);
    if (!phase_open(s, phase) || s->gate_opened_at[phase] != INDEX_NEVER) {
        return;
    }
    struct deadline d = standing_deadline(s, log, phase, size);
    if (!d.none && d.known) {
        const char *moved = "";
        if (s->dates[phase].moved) {
            moved = arena_printf(v->mem, " (moved by all parties; %.*s asked first)",
                                 TEXT_ARG(state_side_name(s, s->dates[phase].asked_by)));
        }
        add(l, DATED_DEADLINE, d.seconds, true, uid_of(v, "deadline", phase, 0),
            arena_printf(v->mem, "deadline of phase %.*s%s", TEXT_ARG(p->id),
                         moved == NULL ? "" : moved));
    }
    struct moment opened = witness_t(log, s->phase_opened_at[phase], size);
    if (p->wish_seconds > 0 && opened.known) {
        add(l, DATED_WISH, opened.seconds + p->wish_seconds, true, uid_of(v, "wish", phase, 99),
            arena_printf(v->mem, "the charter's wish for phase %.*s", TEXT_ARG(p->id)));
    }
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        const struct date_note *wish = &s->dates[phase].wishes[g];
        const struct date_note *review = &s->dates[phase].reviews[g];
        struct text side = state_side_name(s, g);
        if (wish->when != 0) {
            add(l, DATED_WISH, wish->when, true, uid_of(v, "wish", phase, g),
                arena_printf(v->mem, "%.*s's wish for phase %.*s", TEXT_ARG(side),
                             TEXT_ARG(p->id)));
        }
        if (review->when != 0) {
            add(l, DATED_REVIEW, review->when, g == v->r->side, uid_of(v, "review", phase, g),
                arena_printf(v->mem, "%.*s looks at phase %.*s again", TEXT_ARG(side),
                             TEXT_ARG(p->id)));
        }
    }
    add_asked(l, phase);
}

static void add_rest(struct listing *l)
{
    const struct view *v = l->v;
    const struct table_state *s = view_state(v);
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        if (d->promised && !d->lapsed && d->verified != FINDING_DONE) {
            uint32_t by = s->charter.deeds[i].by;
            add(l, DATED_DEADLINE, d->due, true, uid_of(v, "deed", i, by),
                arena_printf(v->mem, "%.*s has promised %.*s by then",
                             TEXT_ARG(state_side_name(s, by)), TEXT_ARG(s->charter.deeds[i].id)));
        }
    }
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        const struct mandate_state *m = &s->mandates[i];
        const struct ring_seat *seat = keyring_seat(door_keyring(v->r->door), m->seat);
        if (m->revoked_at == INDEX_NEVER && ring_seat_active(seat, door_size(v->r->door))) {
            add(l, DATED_DEADLINE, m->expires, m->side == v->r->side,
                uid_of(v, "mandate", i, m->side),
                arena_printf(v->mem, "mandate M%u of %.*s ends", i + 1,
                             TEXT_ARG(view_seat(v, m->seat))));
        }
    }
    for (uint32_t i = 0; i < s->charter.lever_count; i++) {
        if (s->levers[i].move == LEVER_HOLD && s->levers[i].review != 0) {
            uint32_t holder = s->charter.levers[i].holder;
            add(l, DATED_REVIEW, s->levers[i].review, holder == v->r->side,
                uid_of(v, "lever", i, holder),
                arena_printf(v->mem, "%.*s looks at its lever %.*s again",
                             TEXT_ARG(state_side_name(s, holder)),
                             TEXT_ARG(s->charter.levers[i].id)));
        }
    }
    const struct table_standing *st = &s->standing;
    if (st->suspended_at != INDEX_NEVER && st->suspended_until != TIME_UNKNOWN) {
        add(l, DATED_DEADLINE, st->suspended_until, true, "suspension-0-0",
            arena_printf(v->mem, "the suspension ends"));
    }
}

static int by_hour(const void *a, const void *b, void *ctx)
{
    const struct dated *x = a, *y = b;
    (void)ctx;
    return x->when < y->when ? -1 : x->when > y->when ? 1 : 0;
}

struct dated *view_dated(const struct view *v, uint32_t *out_count)
{
    const struct table_state *s = view_state(v);
    struct listing l = {.v = v, .list = ARENA_NEW(v->mem, struct dated, DATED_MAX)};
    *out_count = 0;
    if (l.list == NULL || !state_in_force(s)) {
        return NULL;
    }
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        add_phase(&l, i);
    }
    add_rest(&l);
    if (!sort_stable(l.list, l.count, sizeof(l.list[0]), by_hour, NULL, v->mem)) {
        return NULL;
    }
    *out_count = l.count;
    return l.list;
}

static const char *kind_words(enum dated_kind k)
{
    return k == DATED_WISH ? "wish" : k == DATED_REVIEW ? "review" : "deadline";
}

void view_dates(const struct view *v, struct buf *out)
{
    uint32_t n;
    const struct dated *d = view_dated(v, &n);
    if (n == 0) {
        buf_printf(out, "No date has been set.\n");
    }
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(out, "%s · %s: %s%s\n", view_when(v, d[i].when), kind_words(d[i].kind),
                   d[i].words,
                   d[i].passed          ? " · it has passed"
                   : d[i].when < v->now ? " · its hour is past; not yet countersigned as passed"
                                        : "");
    }
    if (n > 0) {
        buf_printf(out, "A wish binds nobody, a review is looked at again, a deadline binds.\n");
    }
}

void view_dates_json(const struct view *v, struct json *j)
{
    uint32_t n;
    const struct dated *d = view_dated(v, &n);
    json_put_key(j, "dates");
    json_put_array(j);
    for (uint32_t i = 0; i < n; i++) {
        json_put_object(j);
        json_put_key(j, "when");
        json_put_u64(j, d[i].when);
        json_put_key(j, "kind");
        json_put_str(j, kind_words(d[i].kind));
        json_put_key(j, "words");
        json_put_str(j, d[i].words);
        json_put_key(j, "id");
        json_put_str(j, d[i].uid);
        json_put_key(j, "ours");
        json_put_bool(j, d[i].ours);
        json_put_key(j, "passed");
        json_put_bool(j, d[i].passed);
        json_put_end(j);
    }
    json_put_end(j);
}
