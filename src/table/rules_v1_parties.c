/* SPDX-License-Identifier: Apache-2.0
 *
 * Parties come and go, and dates.  Sections in brackets are those of docs/RULES.md.
 */
#include "table/rules_v1_priv.h"

#include "base/civil.h"

static bool principal_seat(const struct judged_act *a)
{
    return keyring_seat(a->ring, a->seat)->keys.post == 0;
}

/* What makes an agreement of parties, or opens a gate. */
static bool agrees(const struct judged_act *a)
{
    enum act_kind k = a->p->kind;
    bool accepts = a->p->answer == ANSWER_ACCEPT || a->p->answer == ANSWER_AD_REFERENDUM;
    return (k == KIND_ANSWER && accepts) || k == KIND_RATIFY || k == KIND_GATE || k == KIND_ADOPT ||
           k == KIND_CLEAN || (k == KIND_CONFIRM && room_shared(a->room));
}

/* What only a side at the table may do, and only while the table goes on: all that counts in the
 * plenary alone but papers, names and what is published; and promises.  Reports and findings about
 * deeds and incidents, and words beside the table, go on all the same [16.5, 16.7]. */
static bool of_the_table(const struct judged_act *a)
{
    static const enum act_kind others[] = {KIND_CHARTER, KIND_SIGN_CHARTER,   KIND_INTRODUCE,
                                           KIND_MANDATE, KIND_REVOKE_MANDATE, KIND_PUBLISHED};
    enum act_kind k = a->p->kind;
    if (k == KIND_PROMISE || (k == KIND_CONFIRM && room_shared(a->room))) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (k == others[i]) {
            return false;
        }
    }
    return kind_rooms(k) == (uint32_t)ROOM_PLENARY;
}

static bool refuse_concluded(const struct judged_act *a, struct refusal *out)
{
    const struct table_state *s = a->state;
    if (s->standing.concluded_at != INDEX_NEVER) {
        return refuse(out, REFUSED_CONCLUDED, "The table is concluded.") ||
               refuse_mend(out, "What was agreed and promised stands; what is new is for another "
                                "table: entente table new.");
    }
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        if (standing_left(&s->standing, g)) {
            return refuse(out, REFUSED_CONCLUDED,
                          "%.*s has left, and fewer than two parties are at the table: it rests "
                          "without agreement.",
                          T(v1_side_name(a, g))) ||
                   refuse_mend(out,
                               "It goes on when %.*s returns (entente return); the others may "
                               "conclude it: entente conclude.",
                               T(v1_side_name(a, g)));
        }
    }
    return true;
}

bool v1_judge_standing(const struct judged_act *a, struct refusal *out)
{
    const struct table_state *s = a->state;
    const struct table_standing *st = &s->standing;
    bool group = a->side < charter_groups(&s->charter);
    bool returns = a->p->kind == KIND_RETURN;
    if (!of_the_table(a) && !(a->p->kind == KIND_SAY && room_shared(a->room))) {
        return true;
    }
    if (group && standing_left(st, a->side) && !returns) {
        return refuse(out, REFUSED_LEFT, "%.*s has left the table.", T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "%.*s returns first: entente return.",
                           T(v1_principal_name(a, a->side)));
    }
    if (a->p->kind == KIND_SAY) {
        return true;
    }
    bool rests = standing_at_table(s) < 2 && a->p->kind != KIND_CONCLUDE && !returns;
    if (st->concluded_at != INDEX_NEVER || rests) {
        return refuse_concluded(a, out);
    }
    /* Whoever had not seen the suspension crosses it, and counts: the host must not choose by delaying
     * one of the two [16.6]. */
    if (agrees(a) && standing_suspended(s, a->log, a->seen_size, a->index) &&
        witness_saw(a->log, a->side, a->seen_size, a->index) > st->suspended_at) {
        bool alone = st->suspended_by != CHARTER_NONE;
        return refuse(out, REFUSED_SUSPENDED, "Agreeing is suspended, by %.*s.",
                      T(alone ? v1_side_name(a, st->suspended_by)
                              : text_str("all parties at the table"))) ||
               refuse_mend(out,
                           "Propose, reject, take back and report as before; %.*s: entente "
                           "resume.",
                           T(alone ? v1_principal_name(a, st->suspended_by)
                                   : text_str("any of the parties ends it")));
    }
    return true;
}

/* ---- who may [16.5] ---- */

static bool judge_principal(const struct judged_act *a, const char *what, struct refusal *out)
{
    if (principal_seat(a)) {
        return true;
    }
    return refuse(out, REFUSED_PRINCIPAL, "Only %.*s %s for %.*s.",
                  T(v1_principal_name(a, a->side)), what, T(v1_side_name(a, a->side))) ||
           refuse_mend(out, "Ask %.*s to do it at his own seat.", T(v1_principal_name(a, a->side)));
}

bool v1_judge_leave(const struct judged_act *a, struct refusal *out)
{
    return judge_principal(a, "leaves", out);
}

bool v1_judge_return(const struct judged_act *a, struct refusal *out)
{
    if (!standing_left(&a->state->standing, a->side)) {
        return refuse(out, REFUSED_LEFT, "%.*s is at the table.", T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "There is nothing to return from.");
    }
    return judge_principal(a, "returns", out);
}

bool v1_judge_conclude(const struct judged_act *a, struct refusal *out)
{
    if (a->state->standing.conclude[a->side].given) {
        return refuse(out, REFUSED_DONE, "%.*s has asked for that already.",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "It is concluded when every party at the table has; to take it "
                                "back: entente resume.");
    }
    return judge_principal(a, "concludes", out);
}

/* ---- suspend, resume [16.6] ---- */

/* Does this act show that another side broke what it owes?  Whose it is through out. */
static bool find_violation(const struct table_state *s, const struct leaf_hash *leaf,
                           uint32_t *out_side)
{
    const struct incident_state *n = state_incident(s, leaf);
    if (n != NULL) {
        *out_side = n->found_by;
        return n->verdict == VERDICT_VERIFIED && n->found_by != CHARTER_NONE;
    }
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        bool lapsed = d->promised && d->lapsed && ID_EQ(d->promise, *leaf);
        bool failed = d->promised && d->verified != 0 && ID_EQ(d->verification, *leaf);
        if ((lapsed || failed) && d->verified != FINDING_DONE) {
            *out_side = s->charter.deeds[i].by;
            return true;
        }
    }
    return false;
}

static bool judge_cause(const struct judged_act *a, struct refusal *out)
{
    const struct table_state *s = a->state;
    const struct leaf_hash *cause = &a->p->refs[0];
    uint32_t by = CHARTER_NONE;
    if (!v1_is_party(a)) {
        return refuse(out, REFUSED_OWNER, "Only a party suspends alone.") ||
               refuse_mend(out, "Without a cause it is a proposal to the parties.");
    }
    if (!find_violation(s, cause, &by) || by == a->side) {
        return refuse(
                   out, REFUSED_SUSPENDED,
                   "What it names is no verified incident of another side, and no deed of another "
                   "that lapsed or was found not done.") ||
               refuse_mend(out, "Name one: entente ledger; without a cause all parties suspend "
                                "together.");
    }
    for (uint32_t i = 0; i < s->standing.cause_count; i++) {
        if (ID_EQ(s->standing.causes[i], *cause)) {
            return refuse(out, REFUSED_SUSPENDED, "That has served for a suspension already.") ||
                   refuse_mend(out,
                               "One violation suspends once, for a week at most; a new one may "
                               "again.");
        }
    }
    return true;
}

/* An hour that all have surely seen pass is none to set [17.2]. */
static bool judge_hour(const struct judged_act *a, struct refusal *out)
{
    if (!a->p->has_when || !witness_surely_passed(a->log, a->index, a->p->when, a->index)) {
        return true;
    }
    char when[CIVIL_TEXT_MAX];
    civil_format(a->p->when, when);
    return refuse(out, REFUSED_DATE, "That hour, %s, has passed.", when) ||
           refuse_mend(out, "Name a later one.");
}

bool v1_judge_suspend(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct table_state *s = a->state;
    const struct motion *own = &s->standing.suspend[a->side];
    uint64_t when = a->p->has_when ? a->p->when : TIME_UNKNOWN;
    if (standing_suspended(s, a->log, a->seen_size, a->index)) {
        return refuse(out, REFUSED_SUSPENDED, "Agreeing is suspended already.") ||
               refuse_mend(out, "See by whom, and until when: entente journey.");
    }
    if (a->p->ref_count > 0 && a->p->has_when) {
        return refuse(out, REFUSED_FORM, "A suspension for cause has no hour of its own.") ||
               refuse_mend(out, "It holds for a week at most; leave the hour out.");
    }
    if (a->p->ref_count == 0 && own->given && own->when == when) {
        return refuse(out, REFUSED_DONE, "%.*s has asked for that already.",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "It is suspended when every party at the table has.");
    }
    return (a->p->ref_count == 0 || judge_cause(a, out)) && judge_hour(a, out) &&
           v1_judge_authority(a, NULL, f, out);
}

bool v1_judge_resume(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct table_standing *st = &a->state->standing;
    bool suspended = standing_suspended(a->state, a->log, a->seen_size, a->index);
    bool asked = st->suspend[a->side].given || st->conclude[a->side].given;
    bool may = suspended &&
               (st->suspended_by == CHARTER_NONE ? v1_is_party(a) : st->suspended_by == a->side);
    if (suspended && !may && !asked) {
        struct text who = st->suspended_by == CHARTER_NONE ? text_str("a party")
                                                           : v1_side_name(a, st->suspended_by);
        return refuse(out, REFUSED_OWNER, "Only %.*s ends this suspension.", T(who)) ||
               refuse_mend(out, "Ask %.*s; one for cause ends by itself after a week.", T(who));
    }
    if (!suspended && !asked) {
        return refuse(out, REFUSED_SUSPENDED,
                      "Nothing is suspended, and %.*s has asked for no end.",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "There is nothing to resume.");
    }
    return v1_judge_authority(a, NULL, f, out);
}

/* ---- dates [17] ---- */

static bool judge_deadline_date(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct table_state *s = a->state;
    const struct motion *own = &s->dates[f->phase].asked[a->side];
    uint64_t when = a->p->has_when ? a->p->when : TIME_UNKNOWN;
    struct deadline now = standing_deadline(s, a->log, f->phase, a->index);
    if (s->gate_opened_at[f->phase] != INDEX_NEVER || v1_bound_in(s, f->phase) != NULL) {
        return refuse(out, REFUSED_DATE,
                      "Phase %.*s is settled; its deadline is not moved any more.",
                      T(s->charter.phases[f->phase].id)) ||
               refuse_mend(out, "Set the deadline of a phase that is open.");
    }
    bool same = now.none ? when == TIME_UNKNOWN : now.known && now.seconds == when;
    if ((own->given && own->when == when) || (same && !own->given)) {
        return refuse(out, REFUSED_DONE, "%s",
                      own->given ? "This side has asked for that deadline already."
                                 : "That is the deadline already.") ||
               refuse_mend(out, "See who has asked for which: entente dates.");
    }
    if (!rules_v1_authority(a, POWER_ACCEPT_BINDING, NULL, f)) {
        return v1_refuse_authority(a, "move a deadline, which binds", out);
    }
    return true;
}

bool v1_judge_date(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    f->phase = charter_find_phase(c, a->p->phase);
    if (f->phase == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no phase %.*s.", T(a->p->phase)) ||
               refuse_mend(out, "Name one of its phases: entente journey.");
    }
    if (!phase_open(a->state, f->phase)) {
        return v1_refuse_closed(a, f->phase, out);
    }
    if (!judge_hour(a, out)) {
        return false;
    }
    return a->p->date == DATE_DEADLINE ? judge_deadline_date(a, f, out)
                                       : v1_judge_authority(a, NULL, f, out);
}
