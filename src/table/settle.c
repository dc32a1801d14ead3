/* SPDX-License-Identifier: Apache-2.0 */
#include "table/fold_priv.h"

#include "table/decide.h"

#include "base/switch_off.h"

enum settled { SETTLED_YES, SETTLED_WAITS, SETTLED_CONTESTED, SETTLED_NO };

static enum settled worse(enum settled a, enum settled b)
{
    return a > b ? a : b;
}

/* One deadline against one act; `enough` tells whether the confirmations that a contested act
 * needs are there. */
static enum settled timed(const struct fold *f, uint64_t index, uint64_t seen, uint64_t deadline,
                          bool enough)
{
    switch (witness_timing(f->log, index, seen, deadline, f->size)) {
    case TIMING_IN_TIME:
        return SETTLED_YES;
    case TIMING_LATE:
        return CHECK_ON(SETTLE_LATE) ? SETTLED_NO : SETTLED_YES;
    case TIMING_PENDING:
        return CHECK_ON(SETTLE_PENDING) ? SETTLED_WAITS : SETTLED_YES;
    case TIMING_CONTESTED:
        return enough || !CHECK_ON(CONTESTED) ? SETTLED_YES : SETTLED_CONTESTED;
    }
    return SETTLED_WAITS;
}

/* Countersigned by all, and in time for the phase [5.3]. */
static enum settled act_settled(const struct fold *f, uint64_t final, uint32_t phase,
                                const struct leaf_hash *leaf, uint64_t index, uint64_t seen)
{
    if (CHECK_ON(WAIT_FINAL) && index >= final) {
        return SETTLED_WAITS;
    }
    struct deadline d = standing_deadline(&f->state, f->log, phase, f->size);
    if (d.none) {
        return SETTLED_YES;
    }
    if (!d.known) {
        return SETTLED_WAITS;
    }
    const struct confirm_state *c = state_confirm(&f->state, leaf);
    uint32_t all = decide_parties(&f->state.charter);
    return timed(f, index, seen, d.seconds,
                 c != NULL && (!CHECK_ON(CONFIRM_ALL) || (c->sides & all) == all));
}

static enum settled acceptance_settled(const struct fold *f, uint64_t final,
                                       const struct proposal_state *p, uint32_t g)
{
    const struct answer_state *a = &p->answers[g];
    if (!answer_accepts(a) || (CHECK_ON(CROSSED) && (p->crossed & (1u << g)) != 0)) {
        return SETTLED_NO;
    }
    enum settled s = act_settled(f, final, p->phase, &a->leaf, a->index, a->seen_size);
    if (CHECK_ON(EXPIRY) && a->expires != TIME_UNKNOWN) {
        struct moment t = witness_t(f->log, a->index, f->size);
        if (CHECK_ON(NOT_BEFORE) && t.known && t.seconds < a->not_before) {
            return SETTLED_NO; /* it was not a mandate yet */
        }
        const struct confirm_state *c = state_confirm(&f->state, &a->leaf);
        s = worse(s,
                  timed(f, a->index, a->seen_size, a->expires,
                        p->ratified[g].given || (c != NULL && (!CHECK_ON(EXPIRY_PRINCIPAL) ||
                                                               (c->principals & (1u << g)) != 0))));
    }
    return s;
}

/* One binding acceptance, or one ad referendum with the principal's ratification. */
static enum settled party_bound(const struct fold *f, uint64_t final,
                                const struct proposal_state *p, uint32_t g)
{
    enum settled s = acceptance_settled(f, final, p, g);
    const struct ratification *r = &p->ratified[g];
    if (p->answers[g].kind == ANSWER_ACCEPT) {
        return s; /* binds by itself: a ratification beside it, late perhaps, changes nothing */
    }
    return r->given ? worse(s, act_settled(f, final, p->phase, &r->leaf, r->index, r->seen_size))
           : CHECK_ON(RATIFIED) ? SETTLED_NO
                                : s;
}

/* The hour of the act that completed it: the latest t of what binds each party that it binds. */
static uint64_t completion_time(const struct fold *f, const struct proposal_state *p)
{
    uint64_t last = 0;
    for (uint32_t g = 1; g <= f->state.charter.party_count; g++) {
        if ((p->bound_sides & (1u << g)) == 0) {
            continue;
        }
        bool alone = p->answers[g].kind == ANSWER_ACCEPT;
        uint64_t index = alone ? p->answers[g].index : p->ratified[g].index;
        struct moment t = witness_t(f->log, index, f->size);
        if (t.known && t.seconds > last) {
            last = t.seconds;
        }
    }
    return last;
}

/* Nothing is agreed until all of the phase is: part of it never binds [6.4]. */
static bool covers_phase(const struct fold *f, const struct proposal_state *p)
{
    const struct charter *c = &f->state.charter;
    for (uint32_t i = 0; CHECK_ON(ALL_ISSUES) && i < c->issue_count; i++) {
        if (c->issues[i].phase == p->phase && package_option(&p->package, i) == UINT32_MAX) {
            return false;
        }
    }
    const struct charter_phase *phase = &c->phases[p->phase];
    for (uint32_t i = 0; i < phase->condition_count; i++) {
        if (phase->conditions[i].kind == CONDITION_ADOPTED && !p->has_version) {
            return false; /* the phase is to have a text [13.6] */
        }
    }
    return true;
}

/* One package binds a phase; the first that does, stands [6.3]. */
static bool has_bound(const struct fold *f, uint32_t phase)
{
    for (uint32_t i = 0; i < f->state.proposal_count; i++) {
        if (CHECK_ON(BINDS_ONCE) && f->state.proposals[i].phase == phase &&
            f->state.proposals[i].bound_at != INDEX_NEVER) {
            return true;
        }
    }
    return false;
}

/* Who has left is bound by what was complete when it left, and by nothing that is not so any more
 * [16.5].  True where it changes anything. */
static bool drop_who_left(struct fold *f, struct proposal_state *p)
{
    bool dropped = false;
    for (uint32_t g = 1; g <= f->state.charter.party_count; g++) {
        if (standing_left(&f->state.standing, g) && answer_accepts(&p->answers[g])) {
            fold_take_back(p, g);
            dropped = true;
        }
    }
    return dropped;
}

/* How far the parties are, each by itself, and so the table by its decision rule [6.6]. */
struct levels {
    enum settled agreed[CHARTER_SIDES_MAX];
    enum settled bound[CHARTER_SIDES_MAX];
};

static uint32_t at_level(const struct fold *f, const enum settled *levels, enum settled most)
{
    uint32_t set = 0;
    for (uint32_t g = 1; g <= f->state.charter.party_count; g++) {
        set |= levels[g] <= most ? 1u << g : 0;
    }
    return set;
}

/* The best level at which enough parties are. */
static enum settled overall(const struct fold *f, const struct proposal_state *p,
                            const enum settled *levels)
{
    static const enum settled order[] = {SETTLED_YES, SETTLED_WAITS, SETTLED_CONTESTED};
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        if (decide_reached(&f->state.charter, p, at_level(f, levels, order[i]))) {
            return order[i];
        }
    }
    return SETTLED_NO;
}

static void find_levels(const struct fold *f, uint64_t final, const struct proposal_state *p,
                        struct levels *out)
{
    for (uint32_t g = 1; g <= f->state.charter.party_count; g++) {
        bool accepts = answer_accepts(&p->answers[g]); /* else no times are to be asked for */
        out->agreed[g] = accepts ? acceptance_settled(f, final, p, g) : SETTLED_NO;
        out->bound[g] = accepts ? party_bound(f, final, p, g) : SETTLED_NO;
    }
}

/* More parties join what binds others [6.6]. */
static void settle_joining(struct fold *f, uint64_t final, struct proposal_state *p)
{
    struct levels l;
    find_levels(f, final, p, &l);
    p->bound_sides |= at_level(f, l.bound, SETTLED_YES);
    p->binding |= at_level(f, l.bound, SETTLED_WAITS);
}

static void settle_proposal(struct fold *f, uint64_t final, struct proposal_state *p)
{
    struct levels l;
    bool standing = !CHECK_ON(WITHDRAWN) || p->withdrawn_at == INDEX_NEVER;
    find_levels(f, final, p, &l);
    p->silent = decide_silent(&f->state, f->log, p, f->size);
    enum settled agreed = overall(f, p, l.agreed), bound = overall(f, p, l.bound);
    p->binding = at_level(f, l.bound, SETTLED_WAITS);
    p->contested = standing && (agreed == SETTLED_CONTESTED || bound == SETTLED_CONTESTED);
    p->complete = standing && bound <= SETTLED_WAITS && covers_phase(f, p);
    if (!p->complete && drop_who_left(f, p)) {
        agreed = SETTLED_NO;
        p->contested = false;
    }
    if (!standing || agreed != SETTLED_YES) {
        p->agreed_at = INDEX_NEVER; /* an acceptance was replaced before it bound */
        return;
    }
    if (p->agreed_at == INDEX_NEVER) {
        p->agreed_at = f->size;
    }
    if (bound == SETTLED_YES && !has_bound(f, p->phase) && covers_phase(f, p)) {
        p->bound_at = f->size;
        p->bound_sides = at_level(f, l.bound, SETTLED_YES);
        p->bound_time = completion_time(f, p);
    }
}

static bool by_both(const struct fold *f, const struct leaf_hash *leaf, uint32_t both)
{
    const struct confirm_state *c = state_confirm(&f->state, leaf);
    return c != NULL && (!CHECK_ON(UNCROSS_BOTH) || (c->sides & both) == both);
}

/* A crossing is over when both sides have confirmed the acceptance, or the ratification that came
 * upon it.  When the last is, the withdrawal is undone: for those who confirmed.  Whoever had accepted before, and was properly withdrawn from,
 * is asked anew [6.2]. */
static void settle_crossing(struct fold *f, struct proposal_state *p)
{
    uint32_t groups = charter_groups(&f->state.charter);
    uint32_t confirmed = 0;
    for (uint32_t g = 0; g < groups; g++) {
        uint32_t bit = 1u << g;
        uint32_t both = bit | (1u << p->side);
        bool yes = by_both(f, &p->answers[g].leaf, both) ||
                   (p->ratified[g].given && by_both(f, &p->ratified[g].leaf, both));
        if ((p->crossed & bit) != 0 && yes) {
            confirmed |= bit;
        }
    }
    if (confirmed != p->crossed) {
        return;
    }
    for (uint32_t g = 0; g < groups; g++) {
        if ((confirmed & (1u << g)) == 0 && p->answers[g].index < p->withdrawn_at) {
            p->answers[g] = (struct answer_state){0};
            p->ratified[g] = (struct ratification){0};
        }
    }
    p->crossed = 0;
    p->withdrawn_at = INDEX_NEVER;
}

/* ---- which of them an act can have changed ---- */

/* Verdicts on acts of these indexes may be others than before: [from, to), twice. */
struct changed {
    bool all;
    uint64_t from[2];
    uint64_t to[2];
};

static bool among(const struct changed *c, uint64_t index)
{
    return (index >= c->from[0] && index < c->to[0]) || (index >= c->from[1] && index < c->to[1]);
}

/* Nothing at or above index is among them, nor is all. */
static bool all_below(const struct changed *c, uint64_t index)
{
    return !c->all && (c->from[0] >= c->to[0] || c->from[0] > index) &&
           (c->from[1] >= c->to[1] || c->from[1] > index);
}

static bool touched(const struct fold *f, const struct changed *c, const struct proposal_state *p)
{
    if (c->all || f->state.charter.decision == DECISION_CONSENSUS) {
        return true; /* by consensus silence counts, which no act of a party shows */
    }
    uint64_t newest = p->newest;
    bool timed_phase = f->state.charter.phases[p->phase].deadline_seconds != 0;
    if (!timed_phase && all_below(c, newest)) {
        return false; /* most of them: old proposals, of which nobody speaks any more */
    }
    for (uint32_t g = 1; g <= f->state.charter.party_count; g++) {
        if ((p->answers[g].kind != 0 && among(c, p->answers[g].index)) ||
            (p->ratified[g].given && among(c, p->ratified[g].index))) {
            return true;
        }
    }
    return timed_phase && among(c, f->state.phase_opened_at[p->phase]);
}

/* Is one of its answers or ratifications of this name? */
static bool has_answer(const struct fold *f, const struct proposal_state *p,
                       const struct leaf_hash *leaf)
{
    for (uint32_t g = 0; g < charter_groups(&f->state.charter); g++) {
        if (ID_EQ(p->answers[g].leaf, *leaf) || ID_EQ(p->ratified[g].leaf, *leaf)) {
            return true;
        }
    }
    return false;
}

/* The proposal of that name, or one of whose answers or ratifications it is; NULL: none. */
static const struct proposal_state *named(const struct fold *f, const struct leaf_hash *leaf)
{
    const struct proposal_state *found = state_proposal(&f->state, leaf);
    for (uint32_t i = 0; found == NULL && i < f->state.proposal_count; i++) {
        const struct proposal_state *p = &f->state.proposals[i];
        found = has_answer(f, p, leaf) ? p : NULL;
    }
    return found;
}

/* about: what the act was about, or NULL. */
static void settle(struct fold *f, struct changed *c, const struct leaf_hash *about)
{
    if (!f->state.has_charter || !state_in_force(&f->state)) {
        return;
    }
    uint64_t final = witness_final(f->log, f->size);
    c->from[1] = f->final;
    c->to[1] = final;
    f->final = final;
    c->all = fold_settle_dates(f, final) || c->all;
    const struct proposal_state *meant = about == NULL ? NULL : named(f, about);
    for (uint32_t i = 0; i < f->state.proposal_count; i++) {
        struct proposal_state *p = &f->state.proposals[i];
        if (p->bound_at != INDEX_NEVER) {
            if (p->bound_sides != decide_parties(&f->state.charter)) {
                settle_joining(f, final, p);
            }
            continue;
        }
        if (p != meant && !touched(f, c, p)) {
            continue;
        }
        if (p->crossed != 0) {
            settle_crossing(f, p);
        }
        settle_proposal(f, final, p);
    }
}

void fold_settle_about(struct fold *f, const struct leaf_hash *about)
{
    struct changed c = {.all = false};
    settle(f, &c, about);
}

void fold_settle_control(struct fold *f, const struct verified_act *va)
{
    struct changed c = {.all = true};
    /* A countersign act of a size gives a first time to the acts below that size and at or above its
     * witness's last one; all other times stay, unless its side was out and counts again. */
    if (va->act.control == CONTROL_COUNTERSIGN && va->author.type == KEY_SEAT &&
        !witness_out(f->log, va->author.side, va->index)) {
        uint32_t witness = keyring_seat(f->ring, va->author.seat)->witness;
        struct countersigned last = {0}, now;
        if (witness != WITNESS_NONE && witness_last(f->log, witness, va->index + 1, &now) &&
            now.index == va->index) {
            (void)witness_last(f->log, witness, va->index, &last); /* none: from the beginning */
            c = (struct changed){.from = {last.size}, .to = {now.size}};
        }
    }
    settle(f, &c, NULL);
}

void fold_settle_all(struct fold *f)
{
    struct changed c = {.all = true};
    settle(f, &c, NULL);
}
