/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections in brackets are those of docs/RULES.md.
 */
#include "table/rules_v1_priv.h"

#include "base/civil.h"
#include "table/decide.h"
#include "base/switch_off.h"

/* ---- proposals and answers [6] ---- */

static bool find_choice(const struct judged_act *a, const struct named_choice *n,
                        struct choice *out_choice, struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    uint32_t issue = issue_find(c->issues, c->issue_count, n->issue);
    if (issue == UINT32_MAX) {
        for (uint32_t i = 0; i < c->phase_count; i++) {
            if (!phase_open(a->state, i)) {
                return v1_refuse_closed(a, i, out);
            }
        }
        return refuse(out, REFUSED_UNKNOWN, "The charter has no issue %.*s.", T(n->issue)) ||
               refuse_mend(out, "Name an issue of the charter: entente issues.");
    }
    if (!phase_open(a->state, c->issues[issue].phase)) {
        return v1_refuse_closed(a, c->issues[issue].phase, out);
    }
    if (n->option >= c->issues[issue].option_count) {
        return refuse(out, REFUSED_UNKNOWN, "Issue %.*s has no option number %u.", T(n->issue),
                      n->option + 1) ||
               refuse_mend(out, "Name one of its options: entente issues.");
    }
    *out_choice = (struct choice){issue, n->option};
    return true;
}

static bool resolve_package(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct payload *p = a->p;
    f->package.choices = ARENA_NEW(a->mem, struct choice, p->choice_count);
    if (f->package.choices == NULL) {
        return refuse(out, REFUSED_LIMIT, "The package is too large.");
    }
    for (uint32_t i = 0; i < p->choice_count; i++) {
        struct choice c;
        if (!find_choice(a, &p->choices[i], &c, out)) {
            return false;
        }
        if (i > 0 && c.issue <= f->package.choices[i - 1].issue) {
            return refuse(out, REFUSED_FORM,
                          "The issues of a package stand once each, in the charter's order.");
        }
        uint32_t phase = a->state->charter.issues[c.issue].phase;
        if (i > 0 && phase != f->phase) {
            return refuse(out, REFUSED_FORM,
                          "A package is about one phase; this one is about two.") ||
                   refuse_mend(out, "File one proposal for each phase.");
        }
        f->phase = phase;
        f->package.choices[f->package.count++] = c;
    }
    return true;
}

/* The package of a phase that binds already, or NULL. */
const struct proposal_state *v1_bound_in(const struct table_state *s, uint32_t phase)
{
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        if (s->proposals[i].phase == phase && s->proposals[i].bound_at != INDEX_NEVER) {
            return &s->proposals[i];
        }
    }
    return NULL;
}

bool v1_refuse_bound(const struct judged_act *a, const struct proposal_state *p,
                     struct refusal *out)
{
    return refuse(out, REFUSED_DONE, "P%u is agreed and ratified; it stands.", p->number) ||
           refuse_mend(out,
                       "Phase %.*s is settled and not opened again; what comes on top of it is for "
                       "a later phase or another table.",
                       T(a->state->charter.phases[p->phase].id));
}

/* Everything that binds is noted; only countersignatures are missing [6.3]. */
static bool refuse_complete(const struct judged_act *a, const struct proposal_state *p,
                            struct refusal *out)
{
    return refuse(out, REFUSED_DONE,
                  "Every party has accepted P%u for good or ratified it; nobody takes that back. "
                  "It waits for countersignatures.",
                  p->number) ||
           refuse_mend(out,
                       "Synchronise; what comes on top of phase %.*s is for a later phase or "
                       "another table.",
                       T(a->state->charter.phases[p->phase].id));
}

/* Whoever had not seen the last of them takes back in time: the host must not choose by delaying one
 * of two acts that crossed [6.2, 6.3]. */
static bool completed_and_seen(const struct judged_act *a, const struct proposal_state *p)
{
    return CHECK_ON(COMPLETE) && p->complete &&
           witness_saw(a->log, a->side, a->seen_size, a->index) >
               decide_completed_at(&a->state->charter, p);
}

/* A package takes a text with it that is adopted, and no other [13.6]. */
static bool judge_version(const struct judged_act *a, const struct findings *f, struct refusal *out)
{
    if (!a->p->has_version) {
        return true;
    }
    const struct text_version *v = snt_version(&a->state->texts, &a->p->version);
    if (v == NULL || v->phase != f->phase) {
        return refuse(out, REFUSED_UNKNOWN, "Phase %.*s has no such version of its text.",
                      T(a->state->charter.phases[f->phase].id)) ||
               refuse_mend(out, "See the text: entente text show.");
    }
    if (v != snt_newest(&a->state->texts, v->phase) || !snt_all_adopted(a->state, v->phase)) {
        return refuse(out, REFUSED_VERSION, "Version %u of the text is not adopted.", v->number) ||
               refuse_mend(out, "The parties adopt it first: entente adopt.");
    }
    return true;
}

bool v1_judge_propose(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!resolve_package(a, f, out) || !v1_judge_authority(a, &f->package, f, out) ||
        !v1_judge_deadline(a, f->phase, out)) {
        return false;
    }
    const struct proposal_state *bound = v1_bound_in(a->state, f->phase);
    if (bound != NULL) {
        return v1_refuse_bound(a, bound, out);
    }
    for (uint32_t i = 0; i < a->p->meets_count; i++) {
        const struct meets *m = &a->p->meets[i];
        if (state_open_point(a->state, &m->answer, m->label) == NULL) {
            return refuse(out, REFUSED_UNKNOWN, "There is no open point %.*s.", T(m->label)) ||
                   refuse_mend(out, "Name an open point: entente proposals.");
        }
    }
    return judge_version(a, f, out) && v1_judge_ceiling(a, CEILING_PROPOSALS, 1, out);
}

static bool find_proposal(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->proposal = state_proposal(a->state, &a->p->answers);
    if (f->proposal == NULL) {
        return refuse(out, REFUSED_UNKNOWN, "The proposal that it names is not at this table.") ||
               refuse_mend(out, "Synchronise, then name one of: entente proposals.");
    }
    f->phase = f->proposal->phase;
    return true;
}

bool v1_judge_stands(const struct judged_act *a, const struct findings *f, struct refusal *out)
{
    const struct proposal_state *p = f->proposal;
    const struct proposal_state *bound = v1_bound_in(a->state, p->phase);
    if (bound != NULL && (bound != p || !decide_may_join(&a->state->charter, p, a->side))) {
        return v1_refuse_bound(a, bound, out);
    }
    /* Whoever had not seen the withdrawal crosses it; that is settled in the fold [6.2]. */
    if (CHECK_ON(SEEN_WITHDRAWN) && p->withdrawn_at != INDEX_NEVER &&
        witness_saw(a->log, a->side, a->seen_size, a->index) > p->withdrawn_at) {
        if (p->is_text && snt_proposal(a->state, p->phase) != p) {
            return refuse(out, REFUSED_WITHDRAWN,
                          "P%u is version %u of the text; version %u took its place.", p->number,
                          snt_version(&a->state->texts, &p->leaf)->number,
                          snt_newest(&a->state->texts, p->phase)->number) ||
                   refuse_mend(out, "Adopt the newest: entente adopt.");
        }
        return refuse(out, REFUSED_WITHDRAWN, "P%u was withdrawn by %.*s.", p->number,
                      T(v1_side_name(a, p->side))) ||
               refuse_mend(out, "Answer another proposal, or file one.");
    }
    return true;
}

static bool judge_acceptance(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    uint32_t need = a->p->answer == ANSWER_ACCEPT ? POWER_ACCEPT_BINDING
                                                  : POWER_ACCEPT_AD_REFERENDUM;
    const struct package *package = &f->proposal->package;
    if (rules_v1_authority(a, need, package, f)) {
        return v1_judge_deadline(a, f->phase, out);
    }
    struct findings lesser;
    if (need == POWER_ACCEPT_BINDING &&
        rules_v1_authority(a, POWER_ACCEPT_AD_REFERENDUM, package, &lesser)) {
        char day[CIVIL_TEXT_MAX];
        const struct mandate_state *m = v1_mandate_of(a);
        civil_format(m == NULL ? 0 : m->not_before, day);
        day[10] = '\0';
        return refuse(out, REFUSED_AUTHORITY, "%.*s may accept ad referendum only (mandate of %s).",
                      T(v1_author_name(a)), day) ||
               refuse_mend(out, "Accept ad referendum, or %.*s accepts.",
                           T(v1_principal_name(a, a->side)));
    }
    return v1_refuse_authority(a, "accept this", out);
}

/* Labels of reservations are unique among what is open, and within the answer. */
static bool judge_reservations(const struct judged_act *a, struct refusal *out)
{
    const struct payload *p = a->p;
    const struct table_state *s = a->state;
    for (uint32_t i = 0; i < p->reservation_count; i++) {
        const struct reservation *r = &p->reservations[i];
        for (uint32_t k = 0; k < i; k++) {
            if (text_eq(p->reservations[k].label, r->label)) {
                return refuse(out, REFUSED_LABEL, "Two reservations are both called %.*s.",
                              T(r->label));
            }
        }
        for (uint32_t k = 0; k < s->point_count; k++) {
            if (s->points[k].closed_at == INDEX_NEVER && text_eq(s->points[k].label, r->label)) {
                return refuse(out, REFUSED_LABEL, "An open point is called %.*s already.",
                              T(r->label)) ||
                       refuse_mend(out, "Give the reservation another label.");
            }
        }
        if (r->has_issue &&
            issue_find(s->charter.issues, s->charter.issue_count, r->issue) == UINT32_MAX) {
            return refuse(out, REFUSED_UNKNOWN, "The charter has no issue %.*s.", T(r->issue)) ||
                   refuse_mend(out, "Name an issue of the charter: entente issues.");
        }
    }
    return v1_judge_ceiling(a, CEILING_POINTS, p->reservation_count, out);
}

/* What a principal has said himself only he changes. */
bool v1_judge_replacing(const struct judged_act *a, const struct findings *f, struct refusal *out)
{
    const struct proposal_state *p = f->proposal;
    const struct answer_state *old = &p->answers[a->side];
    bool his = p->ratified[a->side].given ||
               (old->kind != 0 && keyring_seat(a->ring, old->seat)->keys.post == 0);
    if (!CHECK_ON(PRINCIPAL_SAID) || !his || keyring_seat(a->ring, a->seat)->keys.post == 0) {
        return true;
    }
    return refuse(out, REFUSED_OWNER, "%.*s has answered P%u himself; only he changes that.",
                  T(v1_principal_name(a, a->side)), p->number) ||
           refuse_mend(out, "Ask %.*s.", T(v1_principal_name(a, a->side)));
}

bool v1_judge_answer(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_proposal(a, f, out)) {
        return false;
    }
    if (!v1_is_party(a)) {
        return refuse(out, REFUSED_OWNER, "Only parties answer a proposal.") ||
               refuse_mend(out, "A party answers; the mediation files a new proposal.");
    }
    if (!v1_judge_stands(a, f, out) || !v1_judge_replacing(a, f, out)) {
        return false;
    }
    if (completed_and_seen(a, f->proposal) && (f->proposal->binding & (1u << a->side)) != 0) {
        return refuse_complete(a, f->proposal, out);
    }
    const struct payload *p = a->p;
    switch (p->answer) {
    case ANSWER_ACCEPT:
    case ANSWER_AD_REFERENDUM:
        if (f->proposal->is_text) {
            return refuse(out, REFUSED_VERSION, "P%u is a text; it is adopted, word for word.",
                          f->proposal->number) ||
                   refuse_mend(out, "entente adopt");
        }
        if (p->reservation_count > 0) {
            return refuse(out, REFUSED_FORM, "An acceptance has no reservations.") ||
                   refuse_mend(out, "Agree in concept, or accept without them.");
        }
        return judge_acceptance(a, f, out);
    case ANSWER_CONCEPT:
        if (p->reservation_count == 0) {
            return refuse(out, REFUSED_FORM,
                          "Agreeing in concept names what is still open; nothing is named.") ||
                   refuse_mend(out, "Add --reserve \"LABEL ISSUE TEXT\" (- for no issue), or "
                                    "accept.");
        }
        return v1_judge_authority(a, NULL, f, out) && judge_reservations(a, out);
    case ANSWER_REJECT:
        if (p->text_count == 0) {
            return refuse(out, REFUSED_FORM, "A rejection needs a reason.") ||
                   refuse_mend(out, "Say why: --reason TEXT.");
        }
        return v1_judge_authority(a, NULL, f, out);
    case ANSWER_COUNTER:
        if (!rules_v1_authority(a, POWER_PROPOSE, NULL, f)) {
            return v1_refuse_authority(a, "counter", out);
        }
        return true;
    }
    return refuse(out, REFUSED_FORM, "The answer is of no known kind.");
}

bool v1_judge_withdraw(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_proposal(a, f, out)) {
        return false;
    }
    const struct proposal_state *p = f->proposal;
    if (CHECK_ON(OWN_WITHDRAW) && p->side != a->side) {
        return refuse(out, REFUSED_OWNER, "P%u is %.*s's; only they withdraw it.", p->number,
                      T(v1_side_name(a, p->side))) ||
               refuse_mend(out, "Reject it, or ask them.");
    }
    if (p->bound_at != INDEX_NEVER) {
        return v1_refuse_bound(a, p, out);
    }
    if (p->withdrawn_at != INDEX_NEVER) {
        return refuse(out, REFUSED_DONE, "P%u is withdrawn already.", p->number);
    }
    if (completed_and_seen(a, p)) {
        return refuse_complete(a, p, out);
    }
    return v1_judge_authority(a, &p->package, f, out);
}

bool v1_judge_close(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->point = state_open_point(a->state, &a->p->answers, a->p->label);
    if (f->point == NULL) {
        return refuse(out, REFUSED_UNKNOWN, "There is no open point %.*s.", T(a->p->label)) ||
               refuse_mend(out, "Name an open point: entente proposals.");
    }
    if (f->point->side != a->side) {
        struct text owner = v1_side_name(a, f->point->side);
        return refuse(out, REFUSED_OWNER, "Only %.*s can close its own reservation %.*s.", T(owner),
                      T(a->p->label)) ||
               refuse_mend(out, "Ask %.*s what would meet it.", T(owner));
    }
    if (f->point->closed_at != INDEX_NEVER) {
        return refuse(out, REFUSED_DONE, "%.*s is closed already.", T(a->p->label));
    }
    if (a->p->ref_count > 0 && state_proposal(a->state, &a->p->refs[0]) == NULL) {
        return refuse(out, REFUSED_UNKNOWN, "The version that meets it is not at this table.");
    }
    return v1_judge_authority(a, NULL, f, out);
}

/* Why a proposal is not agreed at the table, party by party [6.4]: the others first, so that both hear
 * the same of each other. */
static bool judge_agreed(const struct judged_act *a, const struct proposal_state *p,
                         struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    uint32_t place = (uint32_t)(p - a->state->proposals);
    if (!answer_accepts(&p->answers[a->side]) && c->decision != DECISION_UNANIMITY) {
        return refuse(out, REFUSED_NOT_AGREED, "%.*s has not accepted P%u.",
                      T(v1_side_name(a, a->side)), p->number) ||
               refuse_mend(out,
                           "It accepts ad referendum first: entente answer P%u --accept "
                           "ad-referendum.",
                           p->number);
    }
    if (decide_reached(c, p, decide_accepting(c, p))) {
        return true; /* by the charter's decision rule [6.6] */
    }
    for (uint32_t i = 0; i < c->party_count; i++) {
        uint32_t g = 1 + (a->side + i) % c->party_count;
        const struct answer_state *answer = &p->answers[g];
        if (answer_accepts(answer)) {
            continue;
        }
        struct text who = v1_side_name(a, g);
        if (answer->kind == ANSWER_CONCEPT) {
            uint32_t n = 0;
            struct text open = state_open_labels(a->state, place, g, a->mem, &n);
            if (n > 0) {
                return refuse(out, REFUSED_NOT_AGREED,
                              "P%u is not agreed at the table: agreeing in concept is not "
                              "accepting. Open: %.*s; only %.*s can close %s.",
                              p->number, T(open), T(who), n == 1 ? "it" : "them") ||
                       refuse_mend(out,
                                   "A new version that meets %s, or ask in the shuttle what "
                                   "would.",
                                   n == 1 ? "it" : "them");
            }
            return refuse(out, REFUSED_NOT_AGREED,
                          "P%u is not agreed at the table: %.*s agreed in concept, which is not "
                          "accepting.",
                          p->number, T(who)) ||
                   refuse_mend(out, "%.*s accepts it first.", T(who));
        }
        return refuse(out, REFUSED_NOT_AGREED, "P%u is not agreed at the table: %.*s %s.",
                      p->number, T(who),
                      answer->kind == ANSWER_REJECT    ? "has rejected it"
                      : answer->kind == ANSWER_COUNTER ? "has countered it"
                                                       : "has not answered") ||
               refuse_mend(out, "Wait for %.*s, or file a version that it can accept.", T(who));
    }
    return true;
}

bool v1_judge_ratify(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_proposal(a, f, out)) {
        return false;
    }
    if (!v1_is_party(a)) {
        return refuse(out, REFUSED_OWNER, "Only parties ratify.") ||
               refuse_mend(out, "Each party's principal signs: entente ratify.");
    }
    if (!v1_judge_stands(a, f, out) ||
        (CHECK_ON(RATIFY_AGREED) && !judge_agreed(a, f->proposal, out))) {
        return false;
    }
    if (CHECK_ON(RATIFY_ONCE) && f->proposal->ratified[a->side].given) {
        return refuse(out, REFUSED_DONE, "%.*s has ratified P%u already.",
                      T(v1_side_name(a, a->side)), f->proposal->number);
    }
    if (!v1_judge_object(a, out)) {
        return false;
    }
    if (CHECK_ON(RATIFY_THIS) && memcmp(a->object->object.digest.b, f->proposal->leaf.b, 32) != 0) {
        return refuse(out, REFUSED_OBJECT, "What was signed is not P%u.", f->proposal->number) ||
               refuse_mend(out, "The principal signs this very version: entente ratify P%u.",
                           f->proposal->number);
    }
    for (uint32_t i = 0; i < a->state->spent_count; i++) {
        if (CHECK_ON(RATIFY_SPENT) && ID_EQ(a->state->spent[i], a->object->id)) {
            return refuse(out, REFUSED_DONE, "This very paper has counted once already.") ||
                   refuse_mend(out, "The principal signs anew: entente ratify P%u.",
                               f->proposal->number);
        }
    }
    return v1_judge_ceiling(a, CEILING_RATIFICATIONS, 1, out) &&
           v1_judge_deadline(a, f->phase, out);
}
