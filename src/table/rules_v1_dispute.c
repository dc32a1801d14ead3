/* SPDX-License-Identifier: Apache-2.0
 *
 * Disputes about a verification, and their arbiter [7.5].  Sections in brackets are those of
 * docs/RULES.md.
 */
#include "base/civil.h"
#include "table/rules_v1_priv.h"

/* The side that decides a dispute about a deed, or CHARTER_NONE: nobody decides about a deed of his
 * own, or about a finding of his own. */
uint32_t v1_arbiter_of(const struct judged_act *a, uint32_t deed)
{
    const struct charter *c = &a->state->charter;
    const struct charter_deed *d = &c->deeds[deed];
    return c->arbiter == d->by || c->arbiter == d->verifier ? CHARTER_NONE : c->arbiter;
}

bool v1_judge_dispute(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->deed = charter_find_deed(&a->state->charter, a->p->deed);
    if (f->deed == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no deed %.*s.", T(a->p->deed)) ||
               refuse_mend(out, "Name a deed of the charter: entente ledger.");
    }
    const struct deed_state *d = &a->state->deeds[f->deed];
    if (!d->promised || d->verified == 0 || !ID_EQ(d->verification, a->p->answers)) {
        return refuse(out, REFUSED_UNKNOWN, "%.*s has no such verification now.", T(a->p->deed)) ||
               refuse_mend(out, "Synchronise, and look at what was found: entente ledger.");
    }
    if (a->side >= charter_groups(&a->state->charter) || d->verified_by == a->side) {
        return refuse(out, REFUSED_OWNER, "%.*s cannot dispute this finding.",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "A party or the mediation does, which did not make it.");
    }
    if (d->decided) {
        return refuse(out, REFUSED_DISPUTE, "The arbiter has decided about %.*s; that stands.",
                      T(a->p->deed)) ||
               refuse_mend(out, "Only a new verification can be disputed.");
    }
    if (d->disputed) {
        return refuse(out, REFUSED_DISPUTE,
                      "This verification of %.*s is disputed already, by "
                      "%.*s; there is one dispute about each.",
                      T(a->p->deed), T(v1_side_name(a, d->disputed_by))) ||
               refuse_mend(out, "Wait for what becomes of it: entente ledger.");
    }
    struct moment t = witness_t(a->log, d->verified_index, a->index);
    if (t.known &&
        witness_surely_passed(a->log, a->seen_size, t.seconds + DISPUTE_SECONDS + 1, a->index)) {
        return refuse(
                   out, REFUSED_DISPUTE,
                   "This verification of %.*s is older than 48 hours and can be disputed no more.",
                   T(a->p->deed)) ||
               refuse_mend(out, "Ask %.*s to look again.", T(v1_side_name(a, d->verified_by)));
    }
    return v1_judge_authority(a, NULL, f, out);
}

bool v1_judge_decision(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    uint32_t arbiter = v1_arbiter_of(a, f->deed);
    if (arbiter == CHARTER_NONE) {
        return refuse(out, REFUSED_VERIFIER, "Nobody is named to decide this dispute about %.*s.",
                      T(a->p->deed)) ||
               refuse_mend(out, "The finding stands, disputed; its verifier may look again.");
    }
    if (arbiter != a->side) {
        return refuse(out, REFUSED_VERIFIER,
                      "The dispute about %.*s is decided by %.*s, not by "
                      "%.*s.",
                      T(a->p->deed), T(v1_side_name(a, arbiter)), T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "Wait for, or ask for, their decision.");
    }
    return v1_judge_authority(a, NULL, f, out);
}
