/* SPDX-License-Identifier: Apache-2.0
 *
 * What the analysis finds; analyse_view.c and analyse_plot.c show it.
 */
#include "analysis/outcomes.h"
#include "app/analyse_priv.h"
#include "app/scenario_use.h"
#include "base/check.h"
#include "os/clock.h"
#include "os/stop.h"

enum {
    REAL_VALUES = 200,    /* of a real issue, beside its knots */
    COUNT_WORK = 4 << 20, /* parts looked at to count the zone */
    IMPROVE_WORK = 50 << 20,
    SIDE_BYTES = 512 << 20,
    PROGRESS_US = 2000000
};

/* Above this an odometer would take too long whatever the budget says: packages a millisecond. */
#define SCAN_RATE UINT64_C(50000)

struct watch {
    struct analysed *a;
    uint64_t start_us;
    uint64_t end_us;
    uint64_t told_us;
    const char *what;
};

static bool time_over(void *ctx)
{
    struct watch *w = ctx;
    uint64_t now = clock_monotonic_us();
    if (w->a->plan.progress != NULL && now >= w->told_us + PROGRESS_US) {
        w->told_us = now;
        w->a->plan.progress(w->a->plan.ctx, w->what);
    }
    return now >= w->end_us || stop_asked();
}

static struct budget budget_of(struct watch *w, const char *what, uint64_t work)
{
    w->what = what;
    return (struct budget){.work = work, .stop = time_over, .ctx = w};
}

/* Exact where worths add up; else no less than the true ones. */
static void bound_ideals(struct analysed *a)
{
    const struct problem *p = &a->c.problem;
    uint32_t low[PROBLEM_ISSUES_MAX] = {0};
    uint32_t high[PROBLEM_ISSUES_MAX];
    for (uint32_t i = 0; i < p->issues; i++) {
        high[i] = p->options[i] - 1;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t least;
        problem_bounds(p, k, low, high, &least, &a->ideal[k]);
    }
}

static bool find_frontier(struct analysed *a, struct watch *w, struct err *err)
{
    const struct problem *p = &a->c.problem;
    enum frontier_scope scope = a->plan.all ? FRONTIER_ALL : FRONTIER_ABOVE_RESERVE;
    uint64_t count;
    if (lines_apply(&a->scenario)) {
        /* A part of the time: where lines are too many, the grid needs some as well. */
        uint64_t end = w->end_us;
        struct budget budget = budget_of(w, "merging the lines", UINT64_MAX);
        bool found = false;
        w->end_us = w->start_us + (end - w->start_us) / 2;
        if (!lines_find(a, &budget, &found, err)) {
            return false;
        }
        w->end_us = end;
        if (found) {
            a->how = ANALYSED_LINES;
            return lines_settle(a, err);
        }
        region_clear(&a->main);
    }
    if (problem_additive(p)) {
        struct budget budget = budget_of(w, "merging the issues", UINT64_MAX);
        a->how = ANALYSED_MERGE;
        return frontier_merge(p, scope, &budget, &a->main.mem, &a->frontier, err);
    }
    if (outcomes_countable(p, &count) && count / SCAN_RATE <= a->plan.milliseconds) {
        struct budget budget = budget_of(w, "looking at every package", UINT64_MAX);
        struct outcomes seen;
        a->how = ANALYSED_SCAN;
        if (!outcomes_frontier(p, scope, &budget, &a->main.mem, &a->frontier, &seen, err)) {
            return false;
        }
        a->complete = seen.seen == seen.total;
        a->bounded = seen.bounded;
        if (a->complete) {
            memcpy(a->ideal, seen.most, p->parties * sizeof(a->ideal[0]));
        }
        big_set(&a->zone.low, seen.acceptable);
        big_set(&a->zone.high, seen.acceptable + (seen.total - seen.seen));
        return true;
    }
    a->how = ANALYSED_BOUND;
    return true;
}

/* Four searches share the time; what they find stands in for the frontier. */
static bool search_bounds(struct analysed *a, struct watch *w, struct err *err)
{
    const struct problem *p = &a->c.problem;
    int64_t hope[PROBLEM_PARTIES_MAX];
    uint64_t end = w->end_us;
    for (uint32_t k = 0; k < p->parties; k++) {
        hope[k] = a->ideal[k] - a->disagreement[k];
    }
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        uint64_t now = clock_monotonic_us();
        struct budget budget = budget_of(w, "branch and bound", UINT64_MAX);
        w->end_us = now + (end > now ? (end - now) / (BARGAIN_RULES - r) : 0);
        region_clear(&a->main);
        if (!bound_best(p, a->disagreement, hope, (enum bargain_rule)r, &budget, &a->main.mem,
                        &a->bound[r], err)) {
            return false;
        }
    }
    w->end_us = end;
    a->exact = false;
    return true;
}

/* The packages of the searches, none beaten by another, as a frontier. */
static bool bound_points(struct analysed *a, struct err *err)
{
    const struct problem *p = &a->c.problem;
    struct filter f;
    uint32_t order[BARGAIN_RULES];
    uint32_t count = 0;
    uint64_t *first = ARENA_NEW(&a->side.mem, uint64_t, BARGAIN_RULES);
    if (first == NULL || !filter_init(&f, p->parties, BARGAIN_RULES, &a->side.mem, err)) {
        return err_memory(err, "the packages found");
    }
    filter_reset(&f, NULL);
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        uint32_t at = count;
        if (!a->bound[r].found) {
            continue;
        }
        while (at > 0 &&
               row_cmp(a->bound[order[at - 1]].worth, a->bound[r].worth, p->parties) > 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = r;
        count++;
    }
    for (uint32_t i = 0; i < count; i++) {
        /* Two searches may find the same package: that is no tie. */
        if (i == 0 ||
            row_cmp(a->bound[order[i]].worth, a->bound[order[i - 1]].worth, p->parties) != 0) {
            (void)filter_add(&f, a->bound[order[i]].worth, 1, order[i]);
        }
    }
    a->frontier = (struct frontier){
        .problem = p, .count = f.count, .u = f.u, .ties = f.ties, .number = f.tag, .exact = false};
    return true;
}

static bool count_zone(struct analysed *a, struct watch *w, struct err *err)
{
    if (a->how == ANALYSED_LINES) {
        return true;
    }
    a->zone_exists = a->frontier.count > 0;
    a->zone_known = true;
    if (a->plan.all) {
        int64_t reach[PROBLEM_PARTIES_MAX];
        a->zone_exists = bargain_reach(&a->frontier, a->disagreement, reach);
    }
    if (a->how == ANALYSED_MERGE) {
        struct budget budget = budget_of(w, "counting the zone", COUNT_WORK);
        if (!zone_count(&a->c.problem, &budget, &a->side.mem, &a->zone, err)) {
            return false;
        }
        if (a->zone_exists && a->zone.low.n == 0) {
            big_set(&a->zone.low, 1); /* one is known */
        }
        return true;
    }
    if (a->how == ANALYSED_BOUND) {
        big_set(&a->zone.low, a->zone_exists ? 1 : 0);
        big_copy(&a->zone.high, &a->packages);
        a->zone_known = a->zone_exists;
        for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
            a->zone_known = a->zone_known || a->bound[r].none;
        }
    } else {
        a->zone_known = a->zone_exists || a->frontier.exact;
    }
    if (a->zone_known && !a->zone_exists) {
        big_set(&a->zone.high, 0);
    }
    return true;
}

/* Of values that lie anywhere in a range a list was looked at: none of it in the zone proves
 * nothing. */
static void doubt_zone(struct analysed *a)
{
    bool listed = false;
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        listed = listed || a->c.grid[k] > 0;
    }
    if (listed && a->how != ANALYSED_LINES && a->how != ANALYSED_BOUND && !a->zone_exists) {
        a->zone_known = false;
    }
}

/* Nothing suits everybody: who blocks, and what would help. */
static bool find_blocks(struct analysed *a, struct watch *w, struct err *err)
{
    const struct problem *p = &a->c.problem;
    size_t bytes = (size_t)a->plan.megabytes << 20;
    struct budget budget = budget_of(w, "looking for who blocks", UINT64_MAX);
    struct frontier whole;
    struct outcomes seen;
    bool *consent = ARENA_NEW(&a->side.mem, bool, (size_t)1 << p->parties);
    if (consent == NULL || !region_init(&a->whole, REGION_PLAIN, bytes, err)) {
        return err_memory(err, "who blocks");
    }
    if (a->how == ANALYSED_LINES) {
        if (!lines_whole(a, &whole, err)) {
            return false;
        }
        zone_consent(&whole, consent);
    } else if (a->how == ANALYSED_MERGE) {
        if (!frontier_merge(p, FRONTIER_ALL, &budget, &a->whole.mem, &whole, err)) {
            return false;
        }
        zone_consent(&whole, consent);
    } else {
        if (!outcomes_consent(p, &budget, &a->side.mem, consent, &seen, err) ||
            !outcomes_frontier(p, FRONTIER_ALL, &budget, &a->whole.mem, &whole, &seen, err)) {
            return false;
        }
    }
    if (!whole.exact) {
        return true; /* nothing can be proven from a part */
    }
    zone_concessions(&whole, a->concession);
    a->has_concessions = true;
    return zone_blocking(consent, p->parties, &a->side.mem, &a->blocks, err);
}

/* What a rule gives for a package: what another search found may be better than its own. */
static double rule_value(const struct analysed *a, enum bargain_rule rule, const int64_t *worth)
{
    double product = 1;
    double sum = 0;
    double least = 1e300;
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        double gain = (double)(worth[k] - a->disagreement[k]);
        double of = (double)(rule == BARGAIN_KS ? a->ideal[k] - a->disagreement[k]
                                                : a->c.problem.unit[k]);
        if (of > 0) { /* who can hope for nothing does not count */
            product *= gain / of;
            sum += gain / of;
            least = gain / of < least ? gain / of : least;
        }
    }
    return rule == BARGAIN_NASH ? product : rule == BARGAIN_UTILITARIAN ? sum : least;
}

static void lift_bounds(struct analysed *a)
{
    for (uint32_t r = 0; a->how == ANALYSED_BOUND && r < BARGAIN_RULES; r++) {
        if (a->rule[r].count > 0) {
            const int64_t *worth = a->frontier.u + a->rule[r].point[0] * a->c.problem.parties;
            double value = rule_value(a, (enum bargain_rule)r, worth);
            a->bound[r].value = value > a->bound[r].value ? value : a->bound[r].value;
            a->bound[r].promise = value > a->bound[r].promise ? value : a->bound[r].promise;
        }
    }
}

/* Three parties and more.  Where no mix is sought the first of the rule's packages is it. */
static bool find_mixes(struct analysed *a, struct watch *w, struct err *err)
{
    struct budget budget = budget_of(w, "looking for lotteries", UINT64_MAX);
    a->any_mix = a->rule[BARGAIN_NASH].count > 0;
    for (uint32_t r = 0; a->any_mix && r < BARGAIN_RULES; r++) {
        struct mix *m = &a->many[r];
        bool any;
        if (!mix_best(&a->frontier, a->disagreement, a->ideal, (enum bargain_rule)r, &budget,
                      &a->side.mem, &any, m, err)) {
            return false;
        }
        if (!any) {
            size_t *point = ARENA_NEW(&a->side.mem, size_t, 1);
            double *chance = ARENA_NEW(&a->side.mem, double, 1);
            if (a->side.mem.failed) {
                return err_memory(err, "the lotteries");
            }
            point[0] = a->rule[r].point[0];
            chance[0] = 1;
            double value = rule_value(a, (enum bargain_rule)r,
                                      a->frontier.u + point[0] * a->c.problem.parties);
            *m = (struct mix){
                .count = 1, .point = point, .chance = chance, .value = value, .at_most = value};
        }
    }
    return true;
}

static bool solve(struct analysed *a, struct watch *w, struct err *err)
{
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        enum bargain_rule rule = (enum bargain_rule)r;
        if (!bargain_solve(&a->frontier, a->disagreement, a->ideal, rule, &a->side.mem, &a->rule[r],
                           err)) {
            return false;
        }
        if (a->plan.lotteries && a->c.problem.parties == 2 && a->how != ANALYSED_BOUND &&
            !bargain_lottery(&a->frontier, a->disagreement, a->ideal, rule, &a->side.mem,
                             &a->any_mix, &a->mix[r], err)) {
            return false;
        }
    }
    lift_bounds(a);
    if (a->plan.lotteries && a->c.problem.parties > 2 && a->how != ANALYSED_BOUND) {
        return find_mixes(a, w, err);
    }
    return true;
}

static bool mend_issues(const struct domain *d, struct err *err)
{
    char names[200] = {0};
    size_t n = 0;
    for (uint32_t i = 0; i < d->issue_count; i++) {
        struct text name = d->issues[i].name;
        if (n + name.n + 8 > sizeof(names)) {
            memcpy(names + n, ", ...", 5);
            break;
        }
        memcpy(names + n, ", ", n == 0 ? 0 : 2);
        n += n == 0 ? 0 : 2;
        memcpy(names + n, name.p, name.n);
        n += name.n;
    }
    return err_mend(err, "the issues are: %s", names);
}

static bool mend_value(const struct domain_issue *issue, struct err *err)
{
    if (issue->kind == DOMAIN_REAL) {
        return err_mend(err, "its values lie in its range and have up to %u decimals",
                        issue->decimals);
    }
    return err_mend(err, "its values are those of the file, written as they are there");
}

/* "issue=option, issue=option": every issue once. */
static bool read_from(struct analysed *a, struct err *err)
{
    const struct domain *d = &a->scenario.domain;
    struct text rest = text_str(a->plan.from);
    uint32_t named = 0;
    bool *seen = ARENA_NEW(&a->side.mem, bool, d->issue_count);
    a->from_value = ARENA_NEW(&a->side.mem, int64_t, d->issue_count);
    a->from = ARENA_NEW(&a->side.mem, uint32_t, d->issue_count);
    if (a->side.mem.failed) {
        return err_memory(err, "the package");
    }
    while (rest.n > 0) {
        size_t end = 0;
        size_t is = SIZE_MAX;
        int64_t value;
        while (end < rest.n && rest.p[end] != ',') {
            is = rest.p[end] == '=' && is == SIZE_MAX ? end : is;
            end++;
        }
        if (is == SIZE_MAX) {
            return err_set(err, ERR_USE, "--from wants issue=option, separated by commas");
        }
        size_t from = 0;
        while (from < is && rest.p[from] == ' ') {
            from++;
        }
        struct text name = {.p = rest.p + from, .n = is - from};
        struct text words = {.p = rest.p + is + 1, .n = end - is - 1};
        uint32_t issue = domain_find(d, name);
        if (issue == UINT32_MAX || seen[issue]) {
            return err_set(err, ERR_USE, "--from: \"%.*s\" is no issue, or is named twice",
                           TEXT_ARG(name)) ||
                   mend_issues(d, err);
        }
        if (!domain_value_parse(&d->issues[issue], words, &value)) {
            return err_set(err, ERR_USE, "--from: the issue %.*s has no value \"%.*s\"",
                           TEXT_ARG(name), TEXT_ARG(words)) ||
                   mend_value(&d->issues[issue], err);
        }
        a->from_value[issue] = value;
        seen[issue] = true;
        named++;
        rest.p += end + (end < rest.n ? 1 : 0);
        rest.n -= end + (end < rest.n ? 1 : 0);
    }
    return named == d->issue_count ||
           err_set(err, ERR_USE, "--from names %u of %u issues", named, d->issue_count) ||
           err_mend(err, "give every issue a value");
}

static bool find_improvements(struct analysed *a, struct watch *w, struct err *err)
{
    struct budget budget = budget_of(w, "looking for improvements", IMPROVE_WORK);
    if (a->plan.from == NULL) {
        return true;
    }
    for (uint32_t i = 0; i < a->c.problem.issues; i++) {
        a->from[i] = convert_option(&a->c, i, a->from_value[i]);
    }
    (void)problem_eval(&a->c.problem, a->from, a->from_worth);
    if (!improve(&a->c.problem, a->from, a->plan.top == 0 ? 1 : a->plan.top, &budget, &a->side.mem,
                 &a->better, err)) {
        return false;
    }
    /* Of ranges it looked at a list. */
    a->listed = domain_has_real(&a->scenario.domain);
    if (a->how == ANALYSED_LINES) {
        a->listed = false;
        return lines_from(a, err);
    }
    a->better.best = a->better.best && !a->listed;
    return true;
}

static void sum_up(struct analysed *a)
{
    a->exact = a->how != ANALYSED_BOUND && a->frontier.exact;
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        a->gap[k] = a->frontier.epsilon[k];
        if (a->how != ANALYSED_LINES) {
            a->gap[k] += a->c.grid[k];
            a->exact = a->exact && a->c.grid[k] == 0;
        }
    }
}

static bool run(struct analysed *a, const char *const *paths, size_t count, struct err *err)
{
    struct watch w = {.a = a, .start_us = clock_monotonic_us()};
    size_t bytes = (size_t)a->plan.megabytes << 20;
    w.end_us = w.start_us + a->plan.milliseconds * 1000;
    w.told_us = w.start_us;
    /* Preferences are nobody's business, but a budget of gigabytes cannot be zeroed: the process
     * leaves no core file. */
    if (!region_init(&a->main, REGION_PLAIN, bytes, err) ||
        !region_init(&a->side, REGION_PLAIN, SIDE_BYTES, err) ||
        !scenario_load(paths, count, &a->files.mem, &a->scenario, err) ||
        (a->plan.from != NULL && !read_from(a, err)) ||
        !convert_scenario(&a->scenario, REAL_VALUES, a->from_value, &a->files.mem, &a->c, err)) {
        return false;
    }
    problem_size(&a->c.problem, &a->packages);
    bargain_disagreement(&a->c.problem, a->disagreement);
    bound_ideals(a);
    if (!find_frontier(a, &w, err)) {
        return false;
    }
    if (a->how == ANALYSED_BOUND && (!search_bounds(a, &w, err) || !bound_points(a, err))) {
        return false;
    }
    if (!count_zone(a, &w, err) || (a->how != ANALYSED_LINES && !solve(a, &w, err))) {
        return false;
    }
    doubt_zone(a);
    if (a->zone_known && !a->zone_exists && a->how != ANALYSED_BOUND && !find_blocks(a, &w, err)) {
        return false;
    }
    if (!find_improvements(a, &w, err)) {
        return false;
    }
    sum_up(a);
    a->took_us = clock_monotonic_us() - w.start_us;
    return true;
}

bool analyse(const char *const *paths, size_t count, const struct analyse_plan *plan,
             struct analysed **out, struct err *err)
{
    struct region files;
    if (!region_init(&files, REGION_PLAIN, SIDE_BYTES, err)) {
        return false;
    }
    struct analysed *a = ARENA_NEW(&files.mem, struct analysed, 1);
    CHECK(a != NULL); /* the first of half a gigabyte */
    a->files = files; /* it lives in its own first region */
    a->plan = *plan;
    if (!run(a, paths, count, err)) {
        analysed_free(a);
        return err_at(err, "%s", paths[0]);
    }
    *out = a;
    return true;
}

void analysed_free(struct analysed *a)
{
    if (a != NULL) {
        struct region files = a->files;
        region_free(&a->main);
        region_free(&a->side);
        region_free(&a->whole);
        region_free(&files);
    }
}
