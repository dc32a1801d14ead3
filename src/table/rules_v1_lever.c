/* SPDX-License-Identifier: Apache-2.0
 *
 * Levers [15].  Sections in brackets are those of docs/RULES.md.
 */
#include "table/notice.h"
#include "table/rules_v1_priv.h"

#define FAULTS_BYTES 480u

static bool find_lever(const struct judged_act *a, const struct payload *p, uint32_t side,
                       struct findings *f, struct refusal *out)
{
    f->lever = charter_find_lever(&a->state->charter, p->lever);
    if (f->lever == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter declares no lever %.*s.", T(p->lever)) ||
               refuse_mend(out, "Name one of the charter: entente levers. A lever that is not "
                                "declared stays at home.");
    }
    uint32_t holder = a->state->charter.levers[f->lever].holder;
    if (holder != side) {
        return refuse(out, REFUSED_OWNER, "%.*s is %.*s's lever; nobody else moves it.",
                      T(p->lever), T(v1_side_name(a, holder))) ||
               refuse_mend(out, "Ask %.*s.", T(v1_side_name(a, holder)));
    }
    return true;
}

/* Held, readied, applied, released: in that order, and back to being held [15.1]. */
static bool judge_order(const struct judged_act *a, const struct payload *p,
                        const struct lever_state *l, struct refusal *out)
{
    switch (p->move) {
    case LEVER_HOLD:
        if (l->move == LEVER_APPLY) {
            break;
        }
        return p->has_when ||
               refuse(out, REFUSED_FORM,
                      "A lever is held until a day on which it is looked at again.") ||
               refuse_mend(out, "Name it: --review WHEN.");
    case LEVER_READY:
        if (l->move == LEVER_HOLD) {
            return true;
        }
        break;
    case LEVER_APPLY:
        if (l->move == LEVER_HOLD || l->move == LEVER_READY) {
            return true;
        }
        break;
    case LEVER_RELEASE:
        if (l->move == LEVER_APPLY) {
            return true;
        }
        break;
    }
    (void)a;
    return refuse(out, REFUSED_MOVE, "%.*s is %s.", T(p->lever), lever_move_word(l->move)) ||
           refuse_mend(out, "%s",
                       l->move == LEVER_APPLY
                           ? "Release it first."
                           : "It is held first, then readied or applied; what is applied "
                             "is released.");
}

/* All faults at once: who mends one should not meet the next one after it [15.2]. */
static bool judge_conditions(const struct judged_act *a, const struct payload *p, bool own,
                             struct findings *f, struct refusal *out)
{
    const struct charter_lever *c = &a->state->charter.levers[f->lever];
    const struct lever_standing st = lever_standing(a->state, a->log, f->lever, a->seen_size,
                                                    a->index);
    uint32_t need = p->move == LEVER_APPLY || p->move == LEVER_RELEASE
                        ? (uint32_t)POWER_ACCEPT_BINDING
                        : (uint32_t)POWER_PROPOSE;
    bool may = !own || rules_v1_authority(a, need, NULL, f);
    bool waits = p->move == LEVER_READY || p->move == LEVER_APPLY;
    bool stopped = waits && (!st.occurred || st.unheard > 0);
    if (!stopped) {
        return may || v1_refuse_authority(a, "move this lever so far", out);
    }
    char list[FAULTS_BYTES];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    if (!may) {
        buf_printf(&b, "only %.*s decides this", T(v1_principal_name(a, a->side)));
    }
    if (!st.occurred) {
        buf_printf(&b, "%sits condition has not occurred (%.*s failed)", b.n > 0 ? "; " : "",
                   T(a->state->charter.deeds[c->permitted_when_failed].id));
    }
    if (st.unheard > 0) {
        buf_printf(&b, "%s%.*s %s", b.n > 0 ? "; " : "", T(v1_side_name(a, st.first_waited)),
                   st.asked ? "has not answered yet" : "has not been asked");
    }
    if (st.unheard > 1) {
        buf_printf(&b, ", nor %u more", st.unheard - 1);
    }
    return refuse(out, REFUSED_LEVER, "%.*s is not to be %s: %s.", T(p->lever),
                  p->move == LEVER_APPLY ? "applied" : "readied", buf_str(&b)) ||
           refuse_mend(out, "%s",
                       st.unheard == 0 ? "A deed has failed once its hour has lapsed and it is not "
                                         "verified done: entente lapse."
                       : st.asked
                           ? "Wait for the answer, or for it to lapse: entente consultations."
                           : "Ask about this lever first, and show the table that it was "
                             "asked: entente ask, entente notice.");
}

bool v1_judge_lever(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (a->room.kind == ROOM_HOME) {
        return true; /* one's own business, declared or not */
    }
    if (!find_lever(a, a->p, a->side, f, out)) {
        return false;
    }
    /* In a consultation it is the holder's word; the table judges it when a notice shows it. */
    return a->room.kind == ROOM_CONSULT || (judge_conditions(a, a->p, true, f, out) &&
                                            judge_order(a, a->p, &a->state->levers[f->lever], out));
}

bool v1_judge_shown_lever(const struct judged_act *a, const struct shown_act *n, struct findings *f,
                          struct refusal *out)
{
    if (!find_lever(a, &n->p, n->side, f, out)) {
        return false;
    }
    const struct lever_state *l = &a->state->levers[f->lever];
    if (l->move != 0 && n->index <= l->index) {
        return refuse(out, REFUSED_DONE, "The table knows of this or a later move of %.*s.",
                      T(n->p.lever)) ||
               refuse_mend(out, "See entente levers.");
    }
    return judge_conditions(a, &n->p, false, f, out) && judge_order(a, &n->p, l, out);
}
