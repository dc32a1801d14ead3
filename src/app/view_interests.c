/* SPDX-License-Identifier: Apache-2.0
 *
 * What matters to one's own side: what was said, the weights that follow, and what to ask next.
 */
#include "app/interests.h"
#include "app/view_priv.h"

static struct text issue_id(const struct interests *n, uint32_t place)
{
    return n->charter->issues[n->weighed[place]].id;
}

const char *view_swing(const struct interests *n, uint32_t place, struct arena *mem)
{
    const struct issue *issue = &n->charter->issues[n->weighed[place]];
    const struct issue_interest *x = &n->issues[n->weighed[place]];
    const char *s = arena_printf(mem, "%.*s from \"%.*s\" to \"%.*s\"", TEXT_ARG(issue->id),
                                 TEXT_ARG(issue->options[x->worst]),
                                 TEXT_ARG(issue->options[x->best]));
    return s == NULL ? "?" : s;
}

static void put_issue(const struct interests *n, uint32_t i, struct buf *out)
{
    const struct issue *issue = &n->charter->issues[i];
    const struct issue_interest *x = &n->issues[i];
    buf_printf(out, "  %.*s", TEXT_ARG(issue->id));
    if (x->weighed && !n->too_many) {
        const struct choices_weights *w = &n->weights;
        buf_printf(out, ": weight %u of %u", w->weight[x->place], CHOICES_WHOLE);
        if (w->first[x->place] != w->last[x->place]) {
            buf_printf(out, " (place %u to %u)", w->first[x->place], w->last[x->place]);
        }
    } else if (x->said) {
        buf_add_str(out, ": a condition, not weighed");
    } else {
        buf_add_str(out, ": nothing said");
    }
    buf_add_str(out, "\n");
    for (uint32_t o = 0; x->said && o < issue->option_count; o++) {
        buf_printf(out, "    %.*s: %s", TEXT_ARG(issue->options[o]),
                   x->options[o] == INTEREST_NONE && x->barred[o] ? "outside the condition"
                                                                  : interest_word(x->options[o]));
        if (x->weighed && !x->barred[o]) {
            buf_printf(out, ", %u", x->worth[o]);
        }
        buf_add_str(out, "\n");
    }
}

static void put_questions(const struct view *v, const struct interests *n, struct buf *out)
{
    const struct choices_weights *w = &n->weights;
    if (w->question_count == 0) {
        return;
    }
    buf_printf(out, "\n%llu orders of the issues are left. What would narrow it most:\n",
               (unsigned long long)w->orders);
    for (uint32_t i = 0; i < w->question_count; i++) {
        const struct choices_question *q = &w->questions[i];
        buf_printf(out, "  Which would you rather have: %s, or %s?\n", view_swing(n, q->a, v->mem),
                   view_swing(n, q->b, v->mem));
        buf_printf(out, "    entente interests --prefer \"%.*s>%.*s\", or with <, or =\n",
                   TEXT_ARG(issue_id(n, q->a)), TEXT_ARG(issue_id(n, q->b)));
    }
}

void view_interests(const struct view *v, const struct interests *n, struct buf *out)
{
    const struct private_state *m = fold_private(v->r->fold);
    buf_add_str(out, "What matters to your side; nobody else reads it\n");
    for (uint32_t i = 0; i < n->charter->issue_count; i++) {
        put_issue(n, i, out);
    }
    for (uint32_t i = 0; i < n->aside_count; i++) {
        const struct prefer_note *p = &m->prefers[n->aside[i]];
        buf_printf(
            out, "  left aside, for it goes round in a circle with later words: %.*s %s %.*s\n",
            TEXT_ARG(n->charter->issues[p->more].id), p->preference == PREFER_SAME ? "=" : ">",
            TEXT_ARG(n->charter->issues[p->less].id));
    }
    if (n->too_many) {
        buf_printf(out, "  More than %u issues differ in worth; so many are not weighed.\n",
                   CHOICES_ISSUES_MAX);
    }
    put_questions(v, n, out);
}

static void json_issue(const struct interests *n, uint32_t i, struct json *j)
{
    const struct issue *issue = &n->charter->issues[i];
    const struct issue_interest *x = &n->issues[i];
    json_put_object(j);
    json_put_key(j, "issue");
    json_put_text(j, issue->id);
    if (x->weighed && !n->too_many) {
        json_put_key(j, "weight");
        json_put_u64(j, n->weights.weight[x->place]);
        json_put_key(j, "place_first");
        json_put_u64(j, n->weights.first[x->place]);
        json_put_key(j, "place_last");
        json_put_u64(j, n->weights.last[x->place]);
    }
    json_put_key(j, "options");
    json_put_array(j);
    for (uint32_t o = 0; o < issue->option_count; o++) {
        json_put_object(j);
        json_put_key(j, "option");
        json_put_text(j, issue->options[o]);
        json_put_key(j, "interest");
        json_put_str(j, interest_word(x->options[o]));
        json_put_key(j, "worth");
        json_put_u64(j, x->worth[o]);
        json_put_key(j, "red_line");
        json_put_bool(j, x->barred[o]);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_end(j);
}

void view_interests_json(const struct interests *n, struct json *j)
{
    json_put_key(j, "whole");
    json_put_u64(j, CHOICES_WHOLE);
    json_put_key(j, "issues");
    json_put_array(j);
    for (uint32_t i = 0; i < n->charter->issue_count; i++) {
        json_issue(n, i, j);
    }
    json_put_end(j);
    json_put_key(j, "orders_left");
    json_put_u64(j, n->weights.orders);
    json_put_key(j, "left_aside");
    json_put_u64(j, n->aside_count);
    json_put_key(j, "questions");
    json_put_array(j);
    for (uint32_t i = 0; i < n->weights.question_count; i++) {
        const struct choices_question *q = &n->weights.questions[i];
        json_put_object(j);
        json_put_key(j, "first");
        json_put_text(j, issue_id(n, q->a));
        json_put_key(j, "second");
        json_put_text(j, issue_id(n, q->b));
        json_put_key(j, "orders_first");
        json_put_u64(j, q->a_first);
        json_put_key(j, "orders_second");
        json_put_u64(j, q->rest);
        json_put_end(j);
    }
    json_put_end(j);
}
