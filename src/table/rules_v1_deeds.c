/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections in brackets are those of docs/RULES.md.
 */
#include "table/rules_v1_priv.h"

#include "base/civil.h"
#include "table/gate.h"

/* ---- deeds and incidents [7] ---- */

static bool find_deed(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->deed = charter_find_deed(&a->state->charter, a->p->deed);
    if (f->deed == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no deed %.*s.", T(a->p->deed)) ||
               refuse_mend(out, "Name a deed of the charter: entente ledger.");
    }
    return true;
}

static bool judge_doer(const struct judged_act *a, const struct findings *f, const char *verb,
                       struct refusal *out)
{
    uint32_t by = a->state->charter.deeds[f->deed].by;
    if (by != a->side) {
        return refuse(out, REFUSED_OWNER, "%.*s is %.*s's to %s, not %.*s's.", T(a->p->deed),
                      T(v1_side_name(a, by)), verb, T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "Ask %.*s.", T(v1_side_name(a, by)));
    }
    return true;
}

static bool judge_promised(const struct judged_act *a, const struct findings *f,
                           struct refusal *out)
{
    if (!a->state->deeds[f->deed].promised) {
        struct text by = v1_side_name(a, a->state->charter.deeds[f->deed].by);
        return refuse(out, REFUSED_UNKNOWN, "%.*s has not been promised yet.", T(a->p->deed)) ||
               refuse_mend(out, "%.*s promises it first: entente promise.", T(by));
    }
    return true;
}

/* The deed that must be verified done first [7.1]: of two that wait for each other neither would ever
 * be owed. */
static bool judge_after(const struct judged_act *a, const struct findings *f, struct refusal *out)
{
    const struct table_state *s = a->state;
    if (!text_present(a->p->after)) {
        return true;
    }
    uint32_t after = charter_find_deed(&s->charter, a->p->after);
    if (after == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no deed %.*s.", T(a->p->after)) ||
               refuse_mend(out, "Name a deed of the charter: entente ledger.");
    }
    uint32_t k = after;
    for (uint32_t i = 0; i < s->charter.deed_count && k != f->deed; i++) {
        if (!s->deeds[k].promised || s->deeds[k].after == CHARTER_NONE) {
            return true;
        }
        k = s->deeds[k].after;
    }
    if (after == f->deed) {
        return refuse(out, REFUSED_FORM, "%.*s cannot wait for itself.", T(a->p->deed)) ||
               refuse_mend(out, "Name another deed, or none.");
    }
    return refuse(out, REFUSED_FORM, "%.*s waits for %.*s already; neither would ever be owed.",
                  T(a->p->after), T(a->p->deed)) ||
           refuse_mend(out, "Promise it without \"after\", or after another deed.");
}

bool v1_judge_promise(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_deed(a, f, out) || !judge_doer(a, f, "promise", out)) {
        return false;
    }
    if (a->state->deeds[f->deed].promised) {
        return refuse(out, REFUSED_DONE, "%.*s has been promised already.", T(a->p->deed));
    }
    return judge_after(a, f, out) && v1_judge_authority(a, NULL, f, out);
}

bool v1_judge_report(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    return find_deed(a, f, out) && judge_doer(a, f, "report", out) && judge_promised(a, f, out) &&
           v1_judge_authority(a, NULL, f, out);
}

bool v1_judge_verify(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_deed(a, f, out)) {
        return false;
    }
    const struct charter_deed *d = &a->state->charter.deeds[f->deed];
    const struct deed_state *now = &a->state->deeds[f->deed];
    if (a->p->has_answers && now->disputed && ID_EQ(now->dispute, a->p->answers)) {
        f->decides = true;
        return v1_judge_decision(a, f, out);
    }
    bool none = d->verifier == CHARTER_NONE;
    struct text verifier = none ? text_str("the other parties") : v1_side_name(a, d->verifier);
    if (d->by == a->side) {
        return refuse(out, REFUSED_SELF, "No side verifies itself. Verifier: %.*s.", T(verifier)) ||
               refuse_mend(out, "Wait for, or ask for, their visit.");
    }
    if (none ? !v1_is_party(a) : d->verifier != a->side) {
        return refuse(out, REFUSED_VERIFIER, "%.*s is verified by %.*s, not by %.*s.",
                      T(a->p->deed), T(verifier), T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "Ask %.*s.", T(verifier));
    }
    return judge_promised(a, f, out) && v1_judge_authority(a, NULL, f, out);
}

bool v1_judge_lapse(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_deed(a, f, out) || !judge_promised(a, f, out)) {
        return false;
    }
    const struct deed_state *d = &a->state->deeds[f->deed];
    if (d->verified == FINDING_DONE || d->lapsed) {
        return refuse(out, REFUSED_DONE, "%.*s is %s already.", T(a->p->deed),
                      d->lapsed ? "lapsed" : "verified done");
    }
    if (!state_hour_counts(a->state, a->log, f->deed, a->index)) {
        struct text first = a->state->charter.deeds[d->after].id;
        return refuse(out, REFUSED_NOT_DUE,
                      "%.*s is owed after %.*s, which was not verified done by then.",
                      T(a->p->deed), T(first)) ||
               refuse_mend(out, "Its hour does not count. See what is owed now: entente ledger.");
    }
    if (!witness_surely_passed(a->log, a->seen_size, d->due, a->index)) {
        char when[CIVIL_TEXT_MAX];
        civil_format(d->due, when);
        return refuse(out, REFUSED_NOT_DUE, "%.*s is due by %s, which has not surely passed.",
                      T(a->p->deed), when) ||
               refuse_mend(out, "Wait until more than half of the sides have countersigned after "
                                "that hour.");
    }
    return v1_judge_authority(a, NULL, f, out);
}

bool v1_find_named_side(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->side = CHARTER_NONE;
    if (!text_present(a->p->side)) {
        return true;
    }
    f->side = charter_find_side(&a->state->charter, a->p->side);
    if (f->side == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "There is no side %.*s at this table.",
                      T(a->p->side)) ||
               refuse_mend(out, "Name a side of the charter.");
    }
    return true;
}

bool v1_judge_incident(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!v1_find_named_side(a, f, out)) {
        return false;
    }
    for (uint32_t i = 0; i < a->p->ref_count; i++) {
        if (state_citable(a->state, &a->p->refs[i])) {
            continue;
        }
        /* The verdict is the same whether or not a statement of that name was logged; only the
         * words are kinder where one was. */
        for (uint32_t k = 0; k < a->beside->statement_count; k++) {
            const struct statement_note *n = &a->beside->statements[k];
            if (ID_EQ(n->leaf, a->p->refs[i])) {
                return refuse(out, REFUSED_EVIDENCE,
                              "Words outside the table are evidence of nothing here.") ||
                       refuse_mend(out, "Cite a deed a monitor can check, or ask %.*s to file it.",
                                   T(v1_side_name(a, n->side)));
            }
        }
        return refuse(out, REFUSED_EVIDENCE, "What it cites is no evidence at this table.") ||
               refuse_mend(out, "Cite a report, a verification, a document or an incident.");
    }
    return v1_judge_authority(a, NULL, f, out) && v1_judge_ceiling(a, CEILING_INCIDENTS, 1, out);
}

bool v1_judge_assess(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->incident = state_incident(a->state, &a->p->answers);
    if (f->incident == NULL) {
        return refuse(out, REFUSED_UNKNOWN, "The incident that it names is not at this table.") ||
               refuse_mend(out, "Synchronise, then name one of: entente ledger.");
    }
    if (!v1_find_named_side(a, f, out)) {
        return false;
    }
    bool monitored = a->state->charter.monitor_count > 0;
    if (f->incident->side == a->side || (monitored && f->incident->by == a->side)) {
        return refuse(out, REFUSED_SELF,
                      "No side assesses a report of its own, or about itself.") ||
               refuse_mend(out, "A monitor that it does not concern assesses it.");
    }
    /* Without monitors the side that a report names may own to it, and no more than that. */
    bool fit = monitored ? v1_role_of(a) == ROLE_MONITOR
                         : f->incident->by == a->side && a->p->verdict == VERDICT_VERIFIED;
    if (!fit) {
        return refuse(out, REFUSED_VERIFIER, "Incidents are assessed by %s, not by %.*s.",
                      a->state->charter.monitor_count > 0 ? "the monitors"
                                                          : "the side that they name",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "Ask them.");
    }
    return v1_judge_authority(a, NULL, f, out);
}

/* ---- gates, parking, publication [8, 9] ---- */

static bool find_phase(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->phase = charter_find_phase(&a->state->charter, a->p->phase);
    if (f->phase == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no phase %.*s.", T(a->p->phase)) ||
               refuse_mend(out, "Name a phase of the charter: entente journey.");
    }
    return true;
}

static bool refuse_gate(const struct judged_act *a, const struct gate_view *v, uint32_t phase,
                        const struct gate_answer *g, struct refusal *out)
{
    char list[320]; /* what does not fit is counted */
    struct buf b;
    buf_over(&b, list, sizeof(list));
    uint32_t shown = 0, more = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        if (!g->holds[i] && buf_bytes(&b).n + g->words[i].n + 20 < sizeof(list)) {
            buf_printf(&b, "%s%.*s", shown > 0 ? "; " : "", T(g->words[i]));
            shown++;
        } else if (!g->holds[i]) {
            more++;
        }
    }
    if (more > 0) {
        buf_printf(&b, "%s%u more", shown > 0 ? "; and " : "", more);
    }
    return refuse(out, REFUSED_GATE, "Gate %.*s stays closed: %u of %u hold. Missing: %s.",
                  T(a->state->charter.phases[phase].id), g->met, g->count, buf_str(&b)) ||
           refuse_mend(out, "%s",
                       g->count - g->met == 1 && gate_quiet_since(v, phase).known
                           ? "Nobody owes anything but patience; try again when the hours are full."
                           : "See what is missing and who can supply it: entente journey.");
}

bool v1_judge_gate(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_phase(a, f, out)) {
        return false;
    }
    if (a->state->gate_opened_at[f->phase] != INDEX_NEVER) {
        return refuse(out, REFUSED_DONE, "Gate %.*s is open already.", T(a->p->phase));
    }
    if (!phase_open(a->state, f->phase)) {
        return v1_refuse_closed(a, f->phase, out);
    }
    if (a->state->charter.phases[f->phase].condition_count == 0) {
        return refuse(out, REFUSED_UNKNOWN, "Phase %.*s has no gate.", T(a->p->phase));
    }
    const struct gate_view v = {a->state, a->log, a->seen_size, a->index};
    struct gate_answer g;
    gate_evaluate(&v, f->phase, a->mem, &g);
    if (g.met < g.count) {
        return refuse_gate(a, &v, f->phase, &g, out);
    }
    return v1_judge_authority(a, NULL, f, out);
}

bool v1_judge_park(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_phase(a, f, out)) {
        return false;
    }
    if (phase_open(a->state, f->phase)) {
        return refuse(out, REFUSED_PHASE, "Phase %.*s is open; nothing needs parking.",
                      T(a->p->phase)) ||
               refuse_mend(out, "Propose it.");
    }
    if (a->p->texts[0].n > NAME_MAX_BYTES || memchr(a->p->texts[0].p, '\n', a->p->texts[0].n)) {
        return refuse(out, REFUSED_FORM, "Only a title may be parked: one line, at most %u bytes.",
                      NAME_MAX_BYTES) ||
               refuse_mend(out, "Keep the figures at home.");
    }
    return v1_judge_authority(a, NULL, f, out) && v1_judge_ceiling(a, CEILING_PARKED, 1, out);
}

bool v1_judge_consent(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    bool any_bound = false;
    for (uint32_t i = 0; i < a->state->charter.phase_count; i++) {
        any_bound = any_bound || v1_bound_in(a->state, i) != NULL;
    }
    if (a->state->charter.publication == PUBLICATION_NEVER) {
        return refuse(out, REFUSED_PUBLICATION, "The charter says that nothing is published.");
    }
    if (!any_bound) {
        return refuse(out, REFUSED_PUBLICATION,
                      "Nothing is agreed yet; the charter publishes on agreement only.") ||
               refuse_mend(out, "Wait until a package is ratified.");
    }
    uint32_t fresh = 0;
    for (uint32_t i = 0; i < a->p->ref_count; i++) {
        fresh += state_consent(a->state, &a->p->refs[i]) == NULL ? 1 : 0;
    }
    return v1_judge_authority(a, NULL, f, out) &&
           (fresh == 0 || v1_judge_ceiling(a, CEILING_CONSENTS, fresh, out));
}

/* Every side of the room of each act named has consented: all of the plenary, and for an act of the
 * monitors' room the monitors, too. */
bool v1_judge_published(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct charter *charter = &a->state->charter;
    for (uint32_t i = 0; i < a->p->ref_count; i++) {
        const struct consent_state *c = state_consent(a->state, &a->p->refs[i]);
        struct room room = {
            state_of_monitors(a->state, &a->p->refs[i]) ? ROOM_MONITORS : ROOM_PLENARY, 0};
        for (uint32_t g = 0; g < charter->side_count; g++) {
            if (charter->sides[g].present && room_has_side(charter, room, g) &&
                (c == NULL || (c->sides & (1u << g)) == 0)) {
                return refuse(out, REFUSED_PUBLICATION,
                              "%.*s has not consented to publish every one of these acts.",
                              T(v1_side_name(a, g))) ||
                       refuse_mend(out, "Ask %.*s: entente consent.", T(v1_side_name(a, g)));
            }
        }
    }
    return v1_judge_authority(a, NULL, f, out);
}
