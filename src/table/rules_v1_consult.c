/* SPDX-License-Identifier: Apache-2.0
 *
 * Consultations and notices [14].  Sections in brackets are those of docs/RULES.md.
 */
#include "table/rules_v1_priv.h"

#include "table/notice.h"

/* ---- what it is about ---- */

static bool not_there(const char *what, struct text id, struct refusal *out)
{
    return refuse(out, REFUSED_UNKNOWN, "The charter has no %s %.*s.", what, T(id)) ||
           refuse_mend(out, "Name one of the charter: entente table show.");
}

/* Of a question or an undertaking: at least one of phase, deed and lever, all of the charter. */
static bool find_subject(const struct judged_act *a, const struct payload *p, struct subject *out,
                         struct refusal *no)
{
    const struct charter *c = &a->state->charter;
    *out = (struct subject){CHARTER_NONE, CHARTER_NONE, CHARTER_NONE};
    if (text_present(p->phase) && (out->phase = charter_find_phase(c, p->phase)) == CHARTER_NONE) {
        return not_there("phase", p->phase, no);
    }
    if (text_present(p->deed) && (out->deed = charter_find_deed(c, p->deed)) == CHARTER_NONE) {
        return not_there("deed", p->deed, no);
    }
    if (text_present(p->lever) && (out->lever = charter_find_lever(c, p->lever)) == CHARTER_NONE) {
        return not_there("lever", p->lever, no);
    }
    return text_present(p->phase) || text_present(p->deed) || text_present(p->lever) ||
           refuse(no, REFUSED_FORM, "It does not say what it is about.") ||
           refuse_mend(no, "Name a phase, a deed or a lever of the charter.");
}

/* ---- in the room of the consultation [14.1, 14.2] ---- */

bool v1_judge_ask(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (v1_role_of(a) != ROLE_MEDIATION) {
        return refuse(out, REFUSED_OWNER, "The mediation asks; %.*s answers.",
                      T(v1_side_name(a, a->room.side))) ||
               refuse_mend(out, "Say it in words, or give an opinion or an undertaking.");
    }
    return find_subject(a, a->p, &f->about, out);
}

static bool judge_asked_side(const struct judged_act *a, struct refusal *out)
{
    if (a->side != a->room.side) {
        struct text side = v1_side_name(a, a->room.side);
        return refuse(out, REFUSED_OWNER, "Only %.*s speaks for %.*s here.", T(side), T(side)) ||
               refuse_mend(out, "Ask %.*s.", T(side));
    }
    return true;
}

bool v1_judge_opinion(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    (void)f;
    return judge_asked_side(a, out);
}

bool v1_judge_undertake(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    return judge_asked_side(a, out) && find_subject(a, a->p, &f->about, out);
}

/* ---- settled within [14.5] ---- */

bool v1_judge_settled(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->phase = charter_find_phase(&a->state->charter, a->p->phase);
    if (f->phase == CHARTER_NONE) {
        return not_there("phase", a->p->phase, out);
    }
    if (!v1_is_party(a)) {
        return refuse(out, REFUSED_OWNER,
                      "Only parties settle a matter within themselves; %.*s is "
                      "none.",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "Each party says it for itself.");
    }
    if (!phase_open(a->state, f->phase)) {
        return v1_refuse_closed(a, f->phase, out);
    }
    if (state_settled(a->state, f->phase, a->side) != NULL) {
        return refuse(out, REFUSED_DONE, "%.*s has settled %.*s within itself already.",
                      T(v1_side_name(a, a->side)), T(a->p->phase));
    }
    return rules_v1_authority(a, POWER_ACCEPT_BINDING, NULL, f) ||
           v1_refuse_authority(a, "say that its side has settled a matter", out);
}

/* ---- notices [14.3, 14.4] ---- */

static bool shown_already(const char *what, struct refusal *out)
{
    return refuse(out, REFUSED_DONE, "The table knows of this %s already.", what) ||
           refuse_mend(out, "See entente consultations.");
}

static bool judge_shown_ask(const struct judged_act *a, const struct shown_act *n,
                            struct findings *f, struct refusal *out)
{
    if (a->state->charter.sides[n->side].role != ROLE_MEDIATION) {
        return refuse(out, REFUSED_PROOF, "The question is not the mediation's.");
    }
    if (state_question(a->state, &n->leaf) != NULL) {
        return shown_already("question", out);
    }
    return find_subject(a, &n->p, &f->about, out) && v1_judge_ceiling(a, CEILING_QUESTIONS, 1, out);
}

static bool judge_shown_opinion(const struct judged_act *a, const struct shown_act *n,
                                struct findings *f, struct refusal *out)
{
    f->question = state_question(a->state, &n->p.answers);
    if (f->question == NULL || f->question->side != n->side) {
        return refuse(out, REFUSED_UNKNOWN,
                      "The table does not know of the question that this opinion answers.") ||
               refuse_mend(out, "Show the question first: entente notice ACT.");
    }
    if (f->question->answered) {
        return shown_already("question's answer", out);
    }
    if (n->has_text && n->p.mark != MARK_CARRY) {
        return refuse(out, REFUSED_KEPT, "%.*s has not given these words to be carried on.",
                      T(v1_side_name(a, n->side))) ||
               refuse_mend(out,
                           "Show that it was answered, without the words; or ask %.*s for an "
                           "opinion marked \"carry\".",
                           T(v1_side_name(a, n->side)));
    }
    return true;
}

bool v1_judge_notice(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct notice_view v = {&a->state->charter, a->ring, a->seen_size, a->seen_root};
    struct shown_act *n = ARENA_NEW(a->mem, struct shown_act, 1);
    if (n == NULL) {
        return refuse(out, REFUSED_LIMIT, "The notice is too large.");
    }
    if (!notice_open(&v, &a->p->shown, a->mem, n, out)) {
        return false;
    }
    f->shown = n;
    bool asks = n->p.kind == KIND_ASK;
    if (!asks && n->side != n->room.side) {
        return refuse(out, REFUSED_PROOF, "%.*s has not signed this.",
                      T(v1_side_name(a, n->room.side)));
    }
    if (!asks && n->p.kind != KIND_OPINION && !n->has_text) {
        return refuse(out, REFUSED_PROOF, "What binds %.*s is shown whole, or not at all.",
                      T(v1_side_name(a, n->side))) ||
               refuse_mend(out, "Show all of it: entente notice ACT.");
    }
    if (!v1_judge_authority(a, NULL, f, out)) {
        return false;
    }
    if (asks) {
        return judge_shown_ask(a, n, f, out);
    }
    if (n->p.kind == KIND_OPINION) {
        return judge_shown_opinion(a, n, f, out);
    }
    if (n->p.kind == KIND_LEVER) {
        return v1_judge_shown_lever(a, n, f, out);
    }
    if (state_undertaking(a->state, &n->leaf) != NULL) {
        return shown_already("undertaking", out);
    }
    return find_subject(a, &n->p, &f->about, out) &&
           v1_judge_ceiling(a, CEILING_UNDERTAKINGS, 1, out);
}
