/* SPDX-License-Identifier: Apache-2.0 */
#include "table/gate.h"

#include "table/decide.h"

#include "base/civil.h"

#define REPORT_HOLDS_SECONDS (UINT64_C(48) * 3600)

static uint32_t issues_missing(const struct charter *c, uint32_t phase, const struct package *p)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->issue_count; i++) {
        n += c->issues[i].phase == phase && package_option(p, i) == UINT32_MAX ? 1 : 0;
    }
    return n;
}

/* The proposal of a phase that is furthest: the one that binds; else the first agreed that has an
 * option for every issue of the phase; else the first agreed. */
static const struct proposal_state *best(const struct table_state *s, uint32_t phase)
{
    const struct proposal_state *whole = NULL;
    const struct proposal_state *first = NULL;
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        if (p->phase != phase || p->agreed_at == INDEX_NEVER) {
            continue;
        }
        if (p->bound_at != INDEX_NEVER) {
            return p;
        }
        first = first == NULL ? p : first;
        if (whole == NULL && issues_missing(&s->charter, phase, &p->package) == 0) {
            whole = p;
        }
    }
    return whole != NULL ? whole : first;
}

struct moment gate_quiet_since(const struct gate_view *v, uint32_t phase)
{
    const struct table_state *s = v->state;
    const struct proposal_state *p = best(s, phase);
    if (p == NULL || p->bound_at == INDEX_NEVER) {
        return (struct moment){0};
    }
    uint64_t since = p->bound_time;
    for (uint32_t i = 0; i < s->incident_count; i++) {
        const struct incident_state *n = &s->incidents[i];
        if (n->verdict != VERDICT_VERIFIED || n->found_when <= since) {
            continue; /* its hour is no later than the one found: no times are to be asked for */
        }
        struct moment t = witness_t(v->log, n->index, v->index);
        uint64_t when = t.known && t.seconds < n->found_when ? t.seconds : n->found_when;
        since = when > since ? when : since;
    }
    return (struct moment){.known = true, .seconds = since};
}

/* A report holds a gate for 48 hours from t of its act, and then no more. */
static bool waits(const struct gate_view *v, uint64_t index)
{
    struct moment t = witness_t(v->log, index, v->index);
    return !t.known ||
           !witness_surely_passed(v->log, v->seen_size, t.seconds + REPORT_HOLDS_SECONDS, v->index);
}

uint32_t gate_reports_waiting(const struct gate_view *v)
{
    const struct table_state *s = v->state;
    uint32_t n = 0;
    uint32_t seen = 0; /* bits: sides whose first unassessed incident has been looked at */
    for (uint32_t i = 0; i < s->incident_count; i++) {
        uint32_t bit = 1u << s->incidents[i].side;
        if (s->incidents[i].verdict == 0 && (seen & bit) == 0) {
            seen |= bit;
            n += waits(v, s->incidents[i].index) ? 1 : 0;
        }
    }
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        n += d->promised && d->waits_from != INDEX_NEVER && waits(v, d->waits_from) ? 1 : 0;
    }
    return n;
}

static const char *finding_words(enum finding f)
{
    switch (f) {
    case FINDING_DONE:
        return "done";
    case FINDING_PARTLY:
        return "partly";
    case FINDING_NOT_DONE:
        return "not done";
    }
    return "not looked at";
}

/* Each condition is told as the thing wanted, and how far it is: never as what is not. */
struct answerer {
    const struct gate_view *v;
    uint32_t phase;
    struct arena *mem;
    const char *so_far; /* behind the words of the condition; "" where they say it all */
};

static bool agreed(struct answerer *a)
{
    const struct table_state *s = a->v->state;
    const struct proposal_state *p = best(s, a->phase);
    if (p == NULL) {
        a->so_far = " (so far: none)";
        return false;
    }
    uint32_t missing = issues_missing(&s->charter, a->phase, &p->package);
    if (missing > 0) {
        a->so_far = arena_printf(a->mem,
                                 " (so far: P%u, which leaves out %u issue%s of this phase)",
                                 p->number, missing, missing == 1 ? "" : "s");
        return false;
    }
    a->so_far = arena_printf(a->mem, ": P%u", p->number);
    return true;
}

static bool ratified(struct answerer *a)
{
    const struct table_state *s = a->v->state;
    const struct proposal_state *p = best(s, a->phase);
    uint32_t parties = 0, done = 0;
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        const struct charter_side *side = &s->charter.sides[g];
        bool party = side->present && side->role == ROLE_PARTY;
        parties += party ? 1 : 0;
        done += party && p != NULL && p->ratified[g].given ? 1 : 0;
    }
    if (p != NULL && p->bound_at != INDEX_NEVER && p->bound_sides == decide_parties(&s->charter)) {
        a->so_far = arena_printf(a->mem, ": P%u", p->number);
        return true;
    }
    /* All have, and not every side has countersigned it yet. */
    a->so_far = done == parties && done > 0
                    ? " (so far: all, not yet countersigned)"
                    : arena_printf(a->mem, " (so far: %u of %u)", done, parties);
    return false;
}

static bool verified(struct answerer *a, uint32_t deed)
{
    const struct deed_state *d = &a->v->state->deeds[deed];
    if (deed_dispute_waits(a->v->state, a->v->log, deed, a->v->seen_size, a->v->index)) {
        a->so_far = arena_printf(a->mem, " (so far: %s, and disputed)", finding_words(d->verified));
        return false;
    }
    if (d->verified == FINDING_DONE) {
        a->so_far = d->verified_late ? " (late)" : "";
        return true;
    }
    a->so_far = arena_printf(a->mem, " (so far: %s)",
                             d->promised ? finding_words(d->verified) : "not promised");
    return false;
}

static bool quiet(struct answerer *a, uint64_t period)
{
    struct moment since = gate_quiet_since(a->v, a->phase);
    uint64_t hours = period / 3600;
    if (!since.known) {
        a->so_far = " (so far: 0; they count from the ratification)";
        return false;
    }
    uint64_t due = since.seconds + period;
    struct moment now = witness_b(a->v->log, a->v->seen_size, a->v->index);
    bool holds = witness_surely_passed(a->v->log, a->v->seen_size, due, a->v->index);
    uint64_t passed = now.known && now.seconds > since.seconds
                          ? (now.seconds - since.seconds) / 3600
                          : 0;
    char when[CIVIL_TEXT_MAX];
    civil_format(due, when);
    if (holds) {
        a->so_far = arena_printf(a->mem, ": %llu", (unsigned long long)passed);
    } else {
        a->so_far = arena_printf(a->mem, " (so far: %llu; full after %s)",
                                 (unsigned long long)(passed < hours ? passed : hours), when);
    }
    return holds;
}

static bool nothing_waits(struct answerer *a)
{
    uint32_t n = gate_reports_waiting(a->v);
    a->so_far = n == 0 ? "" : arena_printf(a->mem, " (%u wait%s)", n, n == 1 ? "s" : "");
    return n == 0;
}

static bool consulted(struct answerer *a, uint32_t side)
{
    const struct subject about = {a->phase, CHARTER_NONE, CHARTER_NONE};
    enum consulted k = consulted_on(a->v->state, a->v->log, side, about, a->v->seen_size,
                                    a->v->index);
    a->so_far = k == CONSULTED_WAITS    ? " (so far: asked, and not answered)"
                : k == CONSULTED_LAPSED ? " (asked; the question lapsed)"
                                        : "";
    return k == CONSULTED_LAPSED || k == CONSULTED_HEARD;
}

static bool adopted(struct answerer *a)
{
    const struct table_state *s = a->v->state;
    const struct text_version *v = snt_newest(&s->texts, a->phase);
    if (v == NULL) {
        a->so_far = " (so far: no text)";
        return false;
    }
    if (snt_adopted(s, a->phase)) {
        a->so_far = arena_printf(a->mem, ": version %u", v->number);
        return true;
    }
    uint32_t open = 0;
    struct text brackets = snt_open_brackets(&s->texts, a->phase, a->mem, &open);
    if (open > 0) {
        a->so_far = arena_printf(a->mem, " (so far: version %u, in brackets: %.*s)", v->number,
                                 TEXT_ARG(brackets));
        return false;
    }
    uint32_t done = 0;
    const struct proposal_state *p = snt_proposal(s, a->phase);
    for (uint32_t g = 1; p != NULL && g <= s->charter.party_count; g++) {
        done += p->withdrawn_at == INDEX_NEVER && answer_accepts(&p->answers[g]) ? 1 : 0;
    }
    a->so_far = done == s->charter.party_count
                    ? arena_printf(a->mem, " (so far: version %u by all, not yet countersigned)",
                                   v->number)
                    : arena_printf(a->mem, " (so far: version %u, by %u of %u)", v->number, done,
                                   s->charter.party_count);
    return false;
}

static bool holds(struct answerer *a, const struct condition *k)
{
    switch (k->kind) {
    case CONDITION_AGREED:
        return agreed(a);
    case CONDITION_RATIFIED:
        return ratified(a);
    case CONDITION_VERIFIED:
        return verified(a, k->deed);
    case CONDITION_QUIET:
        return quiet(a, k->seconds);
    case CONDITION_NO_REPORT_WAITING:
        return nothing_waits(a);
    case CONDITION_ADOPTED:
        return adopted(a);
    case CONDITION_SETTLED_WITHIN:
        a->so_far = "";
        return state_settled(a->v->state, a->phase, k->side) != NULL;
    case CONDITION_CONSULTED:
        return consulted(a, k->side);
    case CONDITION_UNDERTAKEN:
        a->so_far = "";
        return state_undertaken(a->v->state, a->phase, k->side);
    }
    return false;
}

void gate_evaluate(const struct gate_view *v, uint32_t phase, struct arena *mem,
                   struct gate_answer *out)
{
    const struct charter_phase *p = &v->state->charter.phases[phase];
    *out = (struct gate_answer){.count = p->condition_count};
    for (uint32_t i = 0; i < p->condition_count; i++) {
        struct answerer a = {.v = v, .phase = phase, .mem = mem};
        out->holds[i] = holds(&a, &p->conditions[i]);
        out->met += out->holds[i] ? 1 : 0;
        struct text wanted = condition_words(&v->state->charter, &p->conditions[i], mem);
        const char *words = a.so_far == NULL
                                ? NULL
                                : arena_printf(mem, "%.*s%s", TEXT_ARG(wanted), a.so_far);
        out->words[i] = text_str(words == NULL ? "?" : words);
    }
}
