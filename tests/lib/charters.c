/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/charters.h"

#include <stdio.h>

#include "lib/test.h"

static struct text words(struct arena *mem, const char *s)
{
    struct bytes v = arena_copy(mem, bytes_str(s));
    return (struct text){.p = (const char *)v.p, .n = v.n};
}

static struct text *texts(struct arena *mem, const char *a, const char *b)
{
    struct text *t = ARENA_NEW(mem, struct text, 2);
    t[0] = words(mem, a);
    t[1] = words(mem, b);
    return t;
}

static void small_gates(struct arena *mem, struct charter *c)
{
    static const struct condition first[] = {{.kind = CONDITION_AGREED},
                                             {.kind = CONDITION_RATIFIED},
                                             {.kind = CONDITION_VERIFIED, .deed = 0},
                                             {.kind = CONDITION_QUIET, .seconds = 259200},
                                             {.kind = CONDITION_NO_REPORT_WAITING}};
    static const struct condition second[] = {{.kind = CONDITION_SETTLED_WITHIN, .side = 1},
                                              {.kind = CONDITION_SETTLED_WITHIN, .side = 2},
                                              {.kind = CONDITION_CONSULTED, .side = 4},
                                              {.kind = CONDITION_UNDERTAKEN, .side = 4},
                                              {.kind = CONDITION_ADOPTED}};
    c->phases[0].condition_count = COUNT_OF(first);
    c->phases[0].conditions = ARENA_NEW(mem, struct condition, COUNT_OF(first));
    memcpy(c->phases[0].conditions, first, sizeof(first));
    c->phases[1].condition_count = COUNT_OF(second);
    c->phases[1].conditions = ARENA_NEW(mem, struct condition, COUNT_OF(second));
    memcpy(c->phases[1].conditions, second, sizeof(second));
}

struct charter charter_small(struct arena *mem)
{
    static const char *const ids[] = {"m", "north", "south", "watch", "club"};
    static const enum side_role roles[] = {ROLE_MEDIATION, ROLE_PARTY, ROLE_PARTY, ROLE_MONITOR,
                                           ROLE_CONSULTED};
    struct charter c = {.table = words(mem, "Small talks"),
                        .goal = words(mem, "An end of it"),
                        .side_count = COUNT_OF(ids),
                        .party_count = 2,
                        .monitor_count = 1,
                        .decision = DECISION_UNANIMITY,
                        .silence_seconds = 172800,
                        .grace_seconds = 86400,
                        .publication = PUBLICATION_ON_AGREEMENT,
                        .arbiter = 0,
                        .phase_count = 2,
                        .issue_count = 1,
                        .deed_count = 2,
                        .lever_count = 1,
                        .weight_minor = 1,
                        .weight_serious = 5,
                        .half_life_seconds = 172800};
    c.sides = ARENA_NEW(mem, struct charter_side, COUNT_OF(ids));
    for (uint32_t i = 0; i < COUNT_OF(ids); i++) {
        c.sides[i] = (struct charter_side){.present = true,
                                           .role = roles[i],
                                           .id = words(mem, ids[i]),
                                           .name = words(mem, ids[i]),
                                           .seat_count = 2,
                                           .seats = texts(mem, "President", "envoy")};
    }
    c.sides[4].phase_count = 1;
    c.sides[4].phases = ARENA_NEW(mem, uint32_t, 2);
    c.sides[4].phases[0] = 1;
    c.sides[1].successors_needed = 2;
    c.sides[1].successor_count = 3;
    c.phases = ARENA_NEW(mem, struct charter_phase, 2);
    c.phases[0] = (struct charter_phase){.id = words(mem, "first"), .papers_only = true};
    c.phases[1] = (struct charter_phase){.id = words(mem, "second")};
    small_gates(mem, &c);
    c.issues = ARENA_NEW(mem, struct issue, 1);
    c.issues[0] = (struct issue){.id = words(mem, "line"),
                                 .owner = CHARTER_NONE,
                                 .option_count = 2,
                                 .options = texts(mem, "here", "there")};
    c.deeds = ARENA_NEW(mem, struct charter_deed, 2);
    c.deeds[0] = (struct charter_deed){.id = words(mem, "north-guns"), .by = 1, .verifier = 3};
    c.deeds[1] = (struct charter_deed){
        .id = words(mem, "south-guns"), .by = 2, .verifier = CHARTER_NONE};
    c.levers = ARENA_NEW(mem, struct charter_lever, 1);
    c.levers[0] = (struct charter_lever){.id = words(mem, "cap"),
                                         .holder = 0,
                                         .touches = 1,
                                         .permitted_when_failed = 0,
                                         .ask_count = 1,
                                         .ask = ARENA_NEW(mem, uint32_t, 2)};
    c.levers[0].ask[0] = 4;
    assert_false(mem->failed);
    return c;
}

static uint32_t below(struct prop *rnd, uint32_t n)
{
    return (uint32_t)prop_below(rnd, n);
}

/* "stem-7", or a longer one: no two numbers give one id. */
static struct text an_id(struct arena *mem, const char *stem, uint32_t number)
{
    char out[32];
    (void)snprintf(out, sizeof(out), "%s-%u", stem, number);
    return words(mem, out);
}

static struct text some_words(struct prop *rnd, struct arena *mem, uint32_t number)
{
    static const char *const stems[] = {
        "a",   "Spa\xc3\x9f", "one bank + patrols", "\xe6\x9d\xb1\xe4\xba\xac", "\"all\" for all",
        "null"};
    char out[64];
    (void)snprintf(out, sizeof(out), "%s %u", stems[below(rnd, COUNT_OF(stems))], number);
    return words(mem, out);
}

static uint32_t *some_places(struct prop *rnd, struct arena *mem, uint32_t low, uint32_t high,
                             uint32_t *count)
{
    uint32_t *v = ARENA_NEW(mem, uint32_t, high - low);
    *count = 0;
    for (uint32_t i = low; i < high; i++) {
        if (prop_one_in(rnd, 2)) {
            v[(*count)++] = i;
        }
    }
    return v;
}

static void random_side(struct prop *rnd, struct arena *mem, struct charter *c, uint32_t i)
{
    struct charter_side *s = &c->sides[i];
    s->role = i == 0                                   ? ROLE_MEDIATION
              : i <= c->party_count                    ? ROLE_PARTY
              : i <= c->party_count + c->monitor_count ? ROLE_MONITOR
                                                       : ROLE_CONSULTED;
    s->present = true;
    s->id = an_id(mem, "side", i);
    s->name = some_words(rnd, mem, i);
    s->seat_count = 1 + below(rnd, 3);
    s->seats = ARENA_NEW(mem, struct text, s->seat_count);
    for (uint32_t k = 0; k < s->seat_count; k++) {
        s->seats[k] = some_words(rnd, mem, k);
    }
    if (s->role == ROLE_CONSULTED) {
        s->phases = some_places(rnd, mem, 0, c->phase_count, &s->phase_count);
        if (s->phase_count == 0) {
            s->phases[s->phase_count++] = 0;
        }
    }
    if (prop_one_in(rnd, 3)) {
        s->successor_count = 1 + below(rnd, 8);
        s->successors_needed = 1 + below(rnd, s->successor_count);
    }
}

/* A side of sides low .. high - 1 that is there, or CHARTER_NONE. */
static uint32_t a_side(struct prop *rnd, const struct charter *c, uint32_t low, uint32_t high)
{
    low += low == 0 && !c->sides[0].present ? 1 : 0;
    return low >= high ? CHARTER_NONE : low + below(rnd, high - low);
}

/* Each kind of condition at most once, so that none is there twice. */
static void random_gate(struct prop *rnd, struct arena *mem, const struct charter *c,
                        struct charter_phase *p)
{
    uint32_t third = 1 + c->party_count + c->monitor_count;
    p->conditions = ARENA_NEW(mem, struct condition, 16);
    for (uint32_t kind = CONDITION_AGREED; kind <= CONDITION_ADOPTED; kind++) {
        struct condition k = {.kind = (enum condition_kind)kind};
        if (k.kind == CONDITION_VERIFIED) {
            k.deed = c->deed_count == 0 ? CHARTER_NONE : below(rnd, c->deed_count);
        } else if (k.kind == CONDITION_QUIET) {
            k.seconds = prop_between(rnd, 1, CHARTER_SPAN_MAX);
        } else if (k.kind == CONDITION_SETTLED_WITHIN) {
            k.side = a_side(rnd, c, 1, 1 + c->party_count);
        } else if (k.kind == CONDITION_CONSULTED || k.kind == CONDITION_UNDERTAKEN) {
            k.side = a_side(rnd, c, third, c->side_count);
        }
        if (k.deed != CHARTER_NONE && k.side != CHARTER_NONE && prop_one_in(rnd, 2)) {
            p->conditions[p->condition_count++] = k;
        }
    }
    if (p->condition_count == 0) {
        p->conditions[p->condition_count++] = (struct condition){.kind = CONDITION_AGREED};
    }
}

static void random_issue(struct prop *rnd, struct arena *mem, const struct charter *c, uint32_t at)
{
    struct issue *issue = &c->issues[at];
    issue->id = an_id(mem, "issue", at);
    issue->phase = below(rnd, c->phase_count);
    issue->owner = prop_one_in(rnd, 3) ? a_side(rnd, c, 1, charter_groups(c)) : CHARTER_NONE;
    issue->option_count = 1 + below(rnd, 5);
    issue->options = ARENA_NEW(mem, struct text, issue->option_count);
    for (uint32_t k = 0; k < issue->option_count; k++) {
        issue->options[k] = some_words(rnd, mem, k);
    }
}

static void random_deeds_and_levers(struct prop *rnd, struct arena *mem, struct charter *c)
{
    uint32_t third = 1 + c->party_count + c->monitor_count;
    c->deeds = ARENA_NEW(mem, struct charter_deed, c->deed_count);
    for (uint32_t i = 0; i < c->deed_count; i++) {
        struct charter_deed *d = &c->deeds[i];
        d->id = an_id(mem, "deed", i);
        d->by = a_side(rnd, c, 0, third);
        d->verifier = a_side(rnd, c, 0, third);
        d->verifier = d->verifier == d->by ? CHARTER_NONE : d->verifier;
    }
    c->levers = ARENA_NEW(mem, struct charter_lever, c->lever_count);
    for (uint32_t i = 0; i < c->lever_count; i++) {
        struct charter_lever *l = &c->levers[i];
        l->id = an_id(mem, "lever", i);
        l->holder = a_side(rnd, c, 0, third);
        l->touches = a_side(rnd, c, 0, c->side_count);
        l->touches = l->touches == l->holder ? CHARTER_NONE : l->touches;
        l->permitted_when_failed = c->deed_count > 0 && prop_one_in(rnd, 2)
                                       ? below(rnd, c->deed_count)
                                       : CHARTER_NONE;
        l->ask = some_places(rnd, mem, third, c->side_count, &l->ask_count);
    }
}

struct charter charter_random(struct prop *rnd, struct arena *mem)
{
    struct charter c = {.table = some_words(rnd, mem, 0),
                        .goal = some_words(rnd, mem, 1),
                        .party_count = 2 + below(rnd, 3),
                        .monitor_count = below(rnd, 3),
                        .decision = DECISION_UNANIMITY,
                        .silence_seconds = prop_between(rnd, 60, CHARTER_SPAN_MAX),
                        .grace_seconds = (uint32_t)prop_between(rnd, 60, 31536000),
                        .publication = prop_one_in(rnd, 2) ? PUBLICATION_NEVER
                                                           : PUBLICATION_ON_AGREEMENT,
                        .phase_count = 1 + below(rnd, 4),
                        .issue_count = below(rnd, 5),
                        .deed_count = below(rnd, 4),
                        .lever_count = below(rnd, 4),
                        .weight_minor = below(rnd, 10),
                        .weight_serious = 10 + below(rnd, 10),
                        .half_life_seconds = prop_between(rnd, 60, CHARTER_SPAN_MAX)};
    if (prop_one_in(rnd, 3)) {
        c.decision = prop_one_in(rnd, 2) ? DECISION_CONSENSUS : DECISION_QUALIFIED;
    }
    if (c.decision == DECISION_QUALIFIED) {
        c.decision_needed = (uint32_t)prop_between(rnd, c.party_count / 2 + 1, c.party_count);
        c.veto = below(rnd, 1u << c.party_count) << 1;
    }
    c.side_count = 1 + c.party_count + c.monitor_count + below(rnd, 3);
    c.sides = ARENA_NEW(mem, struct charter_side, c.side_count);
    for (uint32_t i = prop_one_in(rnd, 4) ? 1 : 0; i < c.side_count; i++) {
        random_side(rnd, mem, &c, i);
    }
    c.arbiter = c.sides[0].present && prop_one_in(rnd, 2) ? 0 : CHARTER_NONE;
    random_deeds_and_levers(rnd, mem, &c);
    c.phases = ARENA_NEW(mem, struct charter_phase, c.phase_count);
    for (uint32_t i = 0; i < c.phase_count; i++) {
        c.phases[i].id = an_id(mem, "phase", i);
        c.phases[i].papers_only = prop_one_in(rnd, 2);
        c.phases[i].wish_seconds = prop_one_in(rnd, 2) ? prop_below(rnd, 1000000) : 0;
        c.phases[i].deadline_seconds = prop_one_in(rnd, 2) ? prop_below(rnd, 1000000) : 0;
        if (i + 1 < c.phase_count || prop_one_in(rnd, 2)) {
            random_gate(rnd, mem, &c, &c.phases[i]);
        }
    }
    c.issues = ARENA_NEW(mem, struct issue, c.issue_count);
    for (uint32_t i = 0; i < c.issue_count; i++) {
        random_issue(rnd, mem, &c, i);
    }
    assert_false(mem->failed);
    return c;
}
