/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections in brackets are those of docs/RULES.md.
 */
#include "table/decide.h"

uint32_t decide_parties(const struct charter *c)
{
    uint32_t mask = 0;
    for (uint32_t g = 1; g <= c->party_count; g++) {
        mask |= 1u << g;
    }
    return mask;
}

/* Parties without which the package is never agreed: owners of its issues, and those with a veto. */
static uint32_t must_accept(const struct charter *c, const struct proposal_state *p)
{
    uint32_t mask = c->decision == DECISION_QUALIFIED ? c->veto : 0;
    for (uint32_t i = 0; i < p->package.count; i++) {
        uint32_t owner = c->issues[p->package.choices[i].issue].owner;
        mask |= owner != CHARTER_NONE ? 1u << owner : 0;
    }
    return mask;
}

bool decide_reached(const struct charter *c, const struct proposal_state *p, uint32_t set)
{
    uint32_t all = decide_parties(c);
    uint32_t must = must_accept(c, p);
    uint32_t count = (uint32_t)__builtin_popcount(set & all);
    switch (c->decision) {
    case DECISION_UNANIMITY:
        return (set & all) == all;
    case DECISION_CONSENSUS:
        return count >= 2 && (set & must) == must && ((set | p->silent) & all) == all;
    case DECISION_QUALIFIED:
        return count >= c->decision_needed && (set & must) == must;
    }
    return false;
}

uint32_t decide_accepting(const struct charter *c, const struct proposal_state *p)
{
    uint32_t set = 0;
    for (uint32_t g = 1; g <= c->party_count; g++) {
        set |= answer_accepts(&p->answers[g]) ? 1u << g : 0;
    }
    return set;
}

/* The act by which a party has bound itself; false where it has not. */
static bool binding_act(const struct proposal_state *p, uint32_t g, uint64_t *out_index)
{
    bool alone = p->answers[g].kind == ANSWER_ACCEPT;
    *out_index = alone ? p->answers[g].index : p->ratified[g].index;
    return alone || (p->answers[g].kind == ANSWER_AD_REFERENDUM && p->ratified[g].given);
}

static uint32_t binding_by(const struct charter *c, const struct proposal_state *p, uint64_t index)
{
    uint32_t set = 0;
    uint64_t at;
    for (uint32_t g = 1; g <= c->party_count; g++) {
        set |= binding_act(p, g, &at) && at <= index ? 1u << g : 0;
    }
    return set;
}

uint32_t decide_binding(const struct charter *c, const struct proposal_state *p)
{
    return binding_by(c, p, INDEX_NEVER);
}

uint64_t decide_completed_at(const struct charter *c, const struct proposal_state *p)
{
    uint64_t first = INDEX_NEVER, at;
    for (uint32_t g = 1; g <= c->party_count; g++) {
        if ((p->binding & (1u << g)) != 0 && binding_act(p, g, &at) && at < first &&
            decide_reached(c, p, binding_by(c, p, at) & p->binding)) {
            first = at;
        }
    }
    return first;
}

uint32_t decide_silent(const struct table_state *s, const struct witness_log *log,
                       const struct proposal_state *p, uint64_t at)
{
    const struct charter *c = &s->charter;
    uint32_t set = 0;
    if (c->decision != DECISION_CONSENSUS) {
        return 0;
    }
    for (uint32_t g = 1; g <= c->party_count; g++) {
        struct moment first = witness_side_first(log, g, p->index, at);
        struct moment last = witness_side_last(log, g, at);
        if (p->answers[g].kind == 0 && !standing_left(&s->standing, g) &&
            !witness_out(log, g, at) && first.known && last.known &&
            last.seconds >= first.seconds && last.seconds - first.seconds >= c->silence_seconds) {
            set |= 1u << g;
        }
    }
    return set;
}

bool decide_may_join(const struct charter *c, const struct proposal_state *p, uint32_t side)
{
    return c->decision != DECISION_UNANIMITY && p->bound_at != INDEX_NEVER &&
           c->sides[side].role == ROLE_PARTY && (p->bound_sides & (1u << side)) == 0;
}
