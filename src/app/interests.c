/* SPDX-License-Identifier: Apache-2.0 */
#include "app/interests.h"

#include "formats/scenario.h"
#include "prefs/draft.h"

/* ---- worth of options ---- */

static bool has(const struct issue_interest *n, uint32_t options, enum interest what)
{
    bool found = false;
    for (uint32_t o = 0; o < options; o++) {
        found = found || n->options[o] == what;
    }
    return found;
}

/* Worths, red lines, and whether there is anything to weigh. */
static void value_issue(const struct issue *issue, struct issue_interest *n)
{
    uint32_t options = issue->option_count;
    bool must = has(n, options, INTEREST_MUST), want = has(n, options, INTEREST_WANT);
    uint32_t low = UINT32_MAX, high = 0;
    for (uint32_t o = 0; o < options; o++) {
        enum interest i = n->options[o];
        n->said = n->said || i != INTEREST_NONE;
        n->barred[o] = i == INTEREST_NEVER || (must && i != INTEREST_MUST);
        n->worth[o] = n->barred[o] || must ? 0
                      : i == INTEREST_WANT ? 100
                      : i == INTEREST_NICE ? (want ? 50u : 100u)
                                           : 0;
        if (n->barred[o]) {
            continue;
        }
        if (low == UINT32_MAX || n->worth[o] < low) {
            low = n->worth[o];
            n->worst = o;
        }
        if (n->worth[o] > high) {
            high = n->worth[o];
            n->best = o;
        }
    }
    n->weighed = low != UINT32_MAX && high > low;
}

/* ---- order of issues ---- */

static void say(struct interests *n, uint32_t a, uint32_t b, bool same, bool *ok)
{
    *ok = choices_say(&n->choices, n->issues[a].place, n->issues[b].place, same);
}

static void take_answers(struct interests *n, const struct private_state *m)
{
    for (uint32_t k = m->prefer_count; k > 0; k--) {
        const struct prefer_note *p = &m->prefers[k - 1];
        bool ok = true;
        if (p->preference != PREFER_NOT && n->issues[p->more].weighed &&
            n->issues[p->less].weighed) {
            say(n, p->more, p->less, p->preference == PREFER_SAME, &ok);
        }
        if (!ok) {
            n->aside[n->aside_count++] = k - 1;
        }
    }
}

static void take_words(struct interests *n)
{
    for (uint32_t i = 0; i < n->weighed_count; i++) {
        for (uint32_t j = 0; j < n->weighed_count; j++) {
            uint32_t a = n->weighed[i], b = n->weighed[j];
            bool above = has(&n->issues[a], n->charter->issues[a].option_count, INTEREST_WANT) &&
                         !has(&n->issues[b], n->charter->issues[b].option_count, INTEREST_WANT);
            if (above && choices_open(&n->choices, i, j)) {
                bool ok; /* an open pair can be ordered either way */
                say(n, a, b, false, &ok);
            }
        }
    }
}

bool interests_of(const struct charter *c, const struct private_state *m, struct arena *mem,
                  struct interests *out, struct err *err)
{
    struct interests n = {.charter = c};
    n.issues = ARENA_NEW(mem, struct issue_interest, c->issue_count);
    n.aside = ARENA_NEW(mem, uint32_t, m->prefer_count);
    for (uint32_t i = 0; !mem->failed && i < c->issue_count; i++) {
        n.issues[i].options = ARENA_NEW(mem, enum interest, c->issues[i].option_count);
        n.issues[i].worth = ARENA_NEW(mem, uint32_t, c->issues[i].option_count);
        n.issues[i].barred = ARENA_NEW(mem, bool, c->issues[i].option_count);
    }
    if (mem->failed) {
        return err_memory(err, "interests");
    }
    for (uint32_t k = 0; k < m->interest_count; k++) {
        n.issues[m->interests[k].issue].options[m->interests[k].option] = m->interests[k].interest;
    }
    for (uint32_t i = 0; i < c->issue_count; i++) {
        struct issue_interest *x = &n.issues[i];
        value_issue(&c->issues[i], x);
        if (x->weighed && n.weighed_count == CHOICES_ISSUES_MAX) {
            n.too_many = true;
            x->weighed = false;
        } else if (x->weighed) {
            x->place = n.weighed_count;
            n.weighed[n.weighed_count++] = i;
        }
    }
    choices_init(&n.choices, n.weighed_count);
    take_answers(&n, m);
    take_words(&n);
    if (!n.too_many && !choices_weigh(&n.choices, mem, &n.weights, err)) {
        return false;
    }
    *out = n;
    return true;
}

/* ---- the scenario ---- */

static bool domain_of(const struct charter *c, struct arena *mem, struct domain *out)
{
    out->issue_count = c->issue_count;
    out->issues = ARENA_NEW(mem, struct domain_issue, c->issue_count);
    for (uint32_t i = 0; out->issues != NULL && i < c->issue_count; i++) {
        out->issues[i] = (struct domain_issue){.name = c->issues[i].id,
                                               .kind = DOMAIN_DISCRETE,
                                               .value_count = c->issues[i].option_count,
                                               .options = c->issues[i].options};
    }
    return !mem->failed;
}

/* One box for each option that is barred. */
static bool bar(const struct interests *n, struct arena *mem, struct draft *dr)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n->charter->issue_count; i++) {
        for (uint32_t o = 0; o < n->charter->issues[i].option_count; o++) {
            count += n->issues[i].barred[o] ? 1 : 0;
        }
    }
    dr->red_lines = ARENA_NEW(mem, struct domain_box, count);
    struct domain_limit *limits = ARENA_NEW(mem, struct domain_limit, count);
    for (uint32_t i = 0; !mem->failed && i < n->charter->issue_count; i++) {
        for (uint32_t o = 0; o < n->charter->issues[i].option_count; o++) {
            if (n->issues[i].barred[o]) {
                struct domain_limit *l = &limits[dr->red_line_count];
                *l = (struct domain_limit){.issue = i, .low = o, .high = o};
                dr->red_lines[dr->red_line_count++] = (struct domain_box){1, l};
            }
        }
    }
    return !mem->failed;
}

bool interests_scenario(const struct interests *n, struct text side, struct arena *mem,
                        struct buf *out, struct err *err)
{
    struct scenario s = {.name = n->charter->table, .format = SCENARIO_YAML, .party_count = 1};
    struct draft dr = {0};
    struct scenario_out *files = ARENA_NEW(mem, struct scenario_out, SCENARIO_FILES_MAX);
    size_t count = 0;
    if (n->too_many) {
        return err_set(err, ERR_LIMIT,
                       "more than %u issues differ in worth; so many are not weighed",
                       CHOICES_ISSUES_MAX) ||
               err_mend(err, "say of the least of them that they do not matter: --set "
                             "ISSUE=OPTION:none");
    }
    s.parties = ARENA_NEW(mem, struct scenario_party, 1);
    if (files == NULL || s.parties == NULL || !domain_of(n->charter, mem, &s.domain)) {
        return err_memory(err, "a scenario");
    }
    if (!domain_check(&s.domain, err) || !draft_init(&dr, &s.domain, mem, err)) {
        return false;
    }
    for (uint32_t i = 0; i < s.domain.issue_count; i++) {
        const struct issue_interest *x = &n->issues[i];
        uint32_t weight = x->weighed ? n->weights.weight[x->place] : 0;
        for (uint32_t o = 0; o < s.domain.issues[i].value_count; o++) {
            dr.parts[i].values[o] = decimal_of((int64_t)weight * x->worth[o], -2);
        }
    }
    s.parties[0].name = side;
    if (!bar(n, mem, &dr)) {
        return err_memory(err, "a scenario");
    }
    bool ok = draft_build(&dr, &s.domain, mem, &s.parties[0].utility, err) &&
              scenario_check(&s, err) && scenario_write(&s, SCENARIO_YAML, mem, files, &count, err);
    if (ok) {
        buf_add(out, buf_bytes(&files[0].bytes));
    }
    for (size_t i = 0; i < SCENARIO_FILES_MAX; i++) {
        buf_free(&files[i].bytes);
    }
    return ok && buf_done(out, "the scenario", err);
}
