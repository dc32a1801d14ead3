/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections in brackets are those of docs/RULES.md.
 */
#include "table/rules_v1_priv.h"

/* ---- what a side writes at home [18] ---- */

bool v1_judge_memo(const struct judged_act *a, struct refusal *out)
{
    if (a->p->has_recommend && a->p->recommend >= a->p->way_count) {
        return refuse(out, REFUSED_FORM, "The memo recommends option %u, and has %u.",
                      a->p->recommend + 1, a->p->way_count) ||
               refuse_mend(out, "Recommend one of its options, or none.");
    }
    return true;
}

bool v1_judge_decide(const struct judged_act *a, struct refusal *out)
{
    uint32_t number;
    struct buf b;
    if (!decision_label(a->p->label, &number)) {
        return refuse(out, REFUSED_FORM, "A decision is named D and a number.") ||
               refuse_mend(out, "As D1: entente decide names it by itself.");
    }
    if (!v1_judge_object(a, out)) {
        return false;
    }
    char *room = ARENA_NEW(a->mem, char, DECISION_BYTES_MAX);
    if (room == NULL) {
        return refuse(out, REFUSED_LIMIT, "The decision is too long.");
    }
    buf_over(&b, room, DECISION_BYTES_MAX);
    decision_put(a->p, &b);
    struct digest said = decision_digest(buf_bytes(&b));
    if (!buf_ok(&b) || !ID_EQ(said, a->object->object.digest)) {
        return refuse(out, REFUSED_OBJECT, "What was signed is not this decision.") ||
               refuse_mend(out, "The principal signs it again: entente decide, or entente request "
                                "decide.");
    }
    return true;
}

static bool judge_issue(const struct judged_act *a, struct text issue, uint32_t option,
                        struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    uint32_t i = issue_find(c->issues, c->issue_count, issue);
    if (i == UINT32_MAX) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no issue %.*s.", T(issue)) ||
               refuse_mend(out, "Name an issue of the charter: entente issues.");
    }
    if (option >= c->issues[i].option_count) {
        return refuse(out, REFUSED_UNKNOWN, "Issue %.*s has no option %u.", T(issue), option + 1) ||
               refuse_mend(out, "Name one of its options: entente issues.");
    }
    return true;
}

bool v1_judge_interests(const struct judged_act *a, struct refusal *out)
{
    const struct payload *p = a->p;
    if (p->interest_count + p->prefer_count == 0) {
        return refuse(out, REFUSED_FORM, "It says nothing of what matters.") ||
               refuse_mend(out, "As: entente interests --set \"line=present line:want\".");
    }
    for (uint32_t i = 0; i < p->interest_count; i++) {
        if (!judge_issue(a, p->interests[i].issue, p->interests[i].option, out)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < p->prefer_count; i++) {
        const struct prefer_item *f = &p->prefers[i];
        if (!judge_issue(a, f->more, 0, out) || !judge_issue(a, f->less, 0, out)) {
            return false;
        }
        if (text_eq(f->more, f->less)) {
            return refuse(out, REFUSED_FORM, "It compares %.*s with itself.", T(f->more)) ||
                   refuse_mend(out, "Name two issues.");
        }
    }
    return true;
}
