/* SPDX-License-Identifier: Apache-2.0
 *
 * Two parties and values that lie anywhere in a range: the exact frontier is made of lines
 * (analysis/lines.h).  The rest of the analysis shows rows; here lines become such: a row for each
 * end and for each solution, worths to the nearest of units that are finer than 10^-12 wherever they
 * fit.
 */
#include "analysis/lines_best.h"
#include "app/analyse_priv.h"

bool lines_apply(const struct scenario *s)
{
    bool additive = s->party_count == 2 && s->domain.forbidden_count == 0;
    for (uint32_t k = 0; k < s->party_count; k++) {
        const struct utility *u = &s->parties[k].utility;
        additive = additive && utility_is_additive(u) && u->red_line_count == 0;
    }
    return additive && domain_has_real(&s->domain);
}

bool lines_find(struct analysed *a, const struct budget *budget, bool *out_found, struct err *err)
{
    struct arena *mem = &a->main.mem;
    struct line_rows *r = ARENA_NEW(mem, struct line_rows, 1);
    bool joined[PROBLEM_ISSUES_MAX];
    if (r == NULL) {
        *out_found = false;
        return true;
    }
    if (!convert_scenario(&a->scenario, 0, a->from_value, mem, &r->knots, err)) {
        return false;
    }
    for (uint32_t i = 0; i < a->scenario.domain.issue_count; i++) {
        joined[i] = a->scenario.domain.issues[i].kind == DOMAIN_REAL;
    }
    *out_found = lines_frontier(&r->knots.problem, joined, budget, mem, &r->all);
    a->lines = *out_found ? r : NULL;
    return true;
}

/* ---- rows ---- */

/* A solution on its way to become a row. */
struct pick {
    struct line_point at;
    uint32_t rule; /* BARGAIN_RULES: none, an end at a party's limit, for the lotteries */
    bool placed;
};

struct rows {
    struct analysed *a;
    struct line_rows *r;
    int64_t *u;
    size_t count;
    size_t cap;
    struct pick *picks;
    size_t pick_count;
};

/* The row of the point: the last one, where it is the same point of the frontier. */
static size_t add_row(struct rows *w, const struct line_point *at, bool limit)
{
    struct line_rows *r = w->r;
    if (w->count > 0 && !limit && !r->limit[w->count - 1] &&
        lines_point_cmp(&r->all, &r->at[w->count - 1], at) == 0) {
        return w->count - 1;
    }
    for (uint32_t k = 0; k < 2; k++) {
        w->u[w->count * 2 + k] = lines_worth(&r->all, at, k);
    }
    r->at[w->count] = *at;
    r->limit[w->count] = limit;
    return w->count++;
}

static void place(struct rows *w, struct pick *pick, size_t row)
{
    pick->placed = true;
    if (pick->rule == BARGAIN_RULES) {
        return;
    }
    struct bargain *b = &w->a->rule[pick->rule];
    if (b->count == 0 || b->point[b->count - 1] != row) {
        b->point[b->count++] = row;
    }
}

static bool within(const struct line_run *run, const struct pick *pick)
{
    return !pick->placed && pick->at.piece == run->from.piece &&
           ratio_cmp(pick->at.at, run->from.at) >= 0 && ratio_cmp(pick->at.at, run->to.at) <= 0;
}

/* From the end that the first party likes best: that end, the solutions in between, the other end.
 * The rows come in descending order. */
static void add_run(struct rows *w, const struct line_run *run)
{
    size_t first = add_row(w, &run->to, run->to_open);
    size_t last = first;
    for (;;) {
        struct pick *next = NULL;
        for (size_t i = 0; i < w->pick_count; i++) {
            if (within(run, &w->picks[i]) &&
                (next == NULL || ratio_cmp(w->picks[i].at.at, next->at.at) > 0)) {
                next = &w->picks[i];
            }
        }
        if (next == NULL) {
            break;
        }
        last = add_row(w, &next->at, false);
        place(w, next, last);
    }
    if (lines_point_cmp(&w->r->all, &run->from, &run->to) != 0) {
        last = add_row(w, &run->from, run->from_open);
    }
    if (last != first) {
        w->r->segments[w->r->segment_count++] = (struct line_segment){.first = first, .last = last};
    }
}

static bool rows_init(struct rows *w, const struct lines *shown, struct arena *mem, struct err *err)
{
    size_t cap = 2 * shown->count + w->pick_count;
    w->u = ARENA_NEW(mem, int64_t, 2 * cap);
    w->r->at = ARENA_NEW(mem, struct line_point, cap + 1); /* and lines_from's */
    w->r->limit = ARENA_NEW(mem, bool, cap);
    w->r->segments = ARENA_NEW(mem, struct line_segment, shown->count);
    w->r->segment_count = 0;
    return !mem->failed || err_memory(err, "the rows of the frontier");
}

static struct frontier as_frontier(const struct rows *w, enum frontier_scope scope, uint64_t *ties)
{
    for (size_t i = 0; i < w->count; i++) {
        ties[i] = 1;
    }
    return (struct frontier){.problem = &w->r->knots.problem,
                             .scope = scope,
                             .count = w->count,
                             .u = w->u,
                             .ties = ties,
                             .exact = true,
                             .widest = w->count};
}

/* Corners of the hull are ends of lines; ends that are beaten are none. */
static bool lines_mix(struct analysed *a, struct err *err)
{
    struct arena *mem = &a->side.mem;
    size_t *row = ARENA_NEW(mem, size_t, a->frontier.count);
    int64_t *u = ARENA_NEW(mem, int64_t, 2 * a->frontier.count);
    struct frontier ends = a->frontier;
    if (mem->failed) {
        return err_memory(err, "the lotteries");
    }
    ends.count = 0;
    ends.u = u;
    for (size_t i = 0; i < a->frontier.count; i++) {
        if (!a->lines->limit[i]) {
            row[ends.count] = i;
            memcpy(u + 2 * ends.count++, a->frontier.u + 2 * i, 2 * sizeof(*u));
        }
    }
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        if (!bargain_lottery(&ends, a->disagreement, a->ideal, (enum bargain_rule)r, mem,
                             &a->any_mix, &a->mix[r], err)) {
            return false;
        }
        if (a->any_mix) {
            a->mix[r].first = row[a->mix[r].first];
            a->mix[r].second = row[a->mix[r].second];
        }
    }
    return true;
}

bool lines_settle(struct analysed *a, struct err *err)
{
    struct arena *mem = &a->main.mem;
    struct line_rows *r = a->lines;
    struct lines fair;
    struct line_best best[BARGAIN_RULES];
    struct rows w = {.a = a, .r = r};
    if (!lines_clip(&r->all, a->disagreement, mem, &fair, err)) {
        return false;
    }
    for (uint32_t n = 0; n < BARGAIN_RULES; n++) {
        if (!lines_solve(&fair, a->disagreement, a->ideal, (enum bargain_rule)n, mem, &best[n],
                         err)) {
            return false;
        }
        w.pick_count += best[n].count;
        a->rule[n].count = 0;
        a->rule[n].point = ARENA_NEW(mem, size_t, best[n].count);
    }
    bool cut = a->plan.all && a->plan.lotteries;
    w.pick_count += cut ? 2 * fair.count : 0;
    const struct lines *shown = a->plan.all ? &r->all : &fair;
    w.picks = ARENA_NEW(mem, struct pick, w.pick_count);
    if (mem->failed || !rows_init(&w, shown, mem, err)) {
        return err_memory(err, "the rows of the frontier");
    }
    size_t at = 0;
    for (uint32_t n = 0; n < BARGAIN_RULES; n++) {
        for (size_t i = 0; i < best[n].count; i++) {
            w.picks[at++] = (struct pick){.at = best[n].point[i], .rule = n};
        }
    }
    for (size_t i = 0; cut && i < fair.count; i++) {
        w.picks[at++] = (struct pick){.at = fair.runs[i].from, .rule = BARGAIN_RULES};
        w.picks[at++] = (struct pick){.at = fair.runs[i].to, .rule = BARGAIN_RULES};
    }
    for (size_t i = shown->count; i > 0; i--) {
        add_run(&w, &shown->runs[i - 1]);
    }
    uint64_t *ties = ARENA_NEW(mem, uint64_t, w.count);
    if (ties == NULL) {
        return err_memory(err, "the rows of the frontier");
    }
    a->frontier = as_frontier(&w, a->plan.all ? FRONTIER_ALL : FRONTIER_ABOVE_RESERVE, ties);
    a->zone_known = true;
    a->zone_exists = fair.count > 0;
    return !a->plan.lotteries || lines_mix(a, err);
}

/* Issues in which the package of the row is another one than that on the table. */
static uint32_t changes_of(const struct analysed *a, size_t row)
{
    uint32_t from[PROBLEM_ISSUES_MAX];
    uint32_t to[PROBLEM_ISSUES_MAX];
    uint32_t count = 0;
    uint32_t moves = lines_package(&a->lines->all, &a->lines->at[row], from, to);
    for (uint32_t i = 0; i < a->c.problem.issues; i++) {
        count += i == moves || convert_value(&a->lines->knots, i, from[i]) != a->from_value[i];
    }
    return count;
}

bool lines_from(struct analysed *a, struct err *err)
{
    struct arena *mem = &a->side.mem;
    struct line_rows *r = a->lines;
    struct lines above;
    struct line_best fair;
    bool best = true;
    if (!lines_clip(&r->all, a->from_worth, mem, &above, err) ||
        !lines_solve(&above, a->from_worth, a->ideal, BARGAIN_NASH, mem, &fair, err)) {
        return false;
    }
    /* None of it is more than the package itself? */
    for (size_t i = 0; i < above.count; i++) {
        const struct line_point *ends[2] = {&above.runs[i].from, &above.runs[i].to};
        for (uint32_t n = 0; n < 4; n++) {
            struct big gain;
            line_gain(line_piece_at(&above, ends[n / 2]), ends[n / 2]->at, n % 2,
                      a->from_worth[n % 2], &gain);
            best = best && gain.n == 0;
        }
    }
    a->better.best = best;
    if (!best && fair.count > 0) {
        size_t row = a->frontier.count; /* rows_init has a place for it */
        r->at[row] = fair.point[0];
        for (uint32_t k = 0; k < 2; k++) {
            r->better[k] = lines_worth(&r->all, &fair.point[0], k);
        }
        r->better_changes = changes_of(a, row);
    }
    return true;
}

/* Rows of the whole frontier, with those where it passes a party's limit. */
bool lines_whole(struct analysed *a, struct frontier *out, struct err *err)
{
    struct arena *mem = &a->side.mem;
    struct line_rows *apart = ARENA_NEW(mem, struct line_rows, 1);
    struct lines clipped[3];
    size_t count = 0;
    if (apart == NULL) {
        return err_memory(err, "who blocks");
    }
    apart->knots = a->lines->knots;
    apart->all = a->lines->all;
    for (uint32_t k = 0; k < 3; k++) {
        int64_t d[2] = {-PROBLEM_WORTH_MAX, -PROBLEM_WORTH_MAX};
        if (k < 2) {
            d[k] = a->disagreement[k];
        }
        if (!lines_clip(&apart->all, d, mem, &clipped[k], err)) {
            return false;
        }
        count += clipped[k].count;
    }
    struct rows w = {.a = a, .r = apart};
    struct lines room = apart->all;
    room.count = count;
    if (!rows_init(&w, &room, mem, err)) {
        return false;
    }
    for (uint32_t k = 0; k < 3; k++) {
        for (size_t i = clipped[k].count; i > 0; i--) {
            add_run(&w, &clipped[k].runs[i - 1]);
        }
    }
    uint64_t *ties = ARENA_NEW(mem, uint64_t, w.count);
    if (ties == NULL) {
        return err_memory(err, "who blocks");
    }
    *out = as_frontier(&w, FRONTIER_ALL, ties);
    return true;
}

/* ---- packages ---- */

void lines_options(const struct analysed *a, size_t row, uint32_t *out)
{
    uint32_t other[PROBLEM_ISSUES_MAX];
    (void)lines_package(&a->lines->all, &a->lines->at[row], out, other);
}

struct text lines_value(const struct analysed *a, size_t row, uint32_t issue, unsigned more,
                        struct arena *mem)
{
    const struct domain_issue *d = &a->scenario.domain.issues[issue];
    const struct line_point *at = &a->lines->at[row];
    uint32_t from[PROBLEM_ISSUES_MAX];
    uint32_t to[PROBLEM_ISSUES_MAX];
    uint32_t moves = lines_package(&a->lines->all, at, from, to);
    int64_t low = convert_value(&a->lines->knots, issue, from[issue]);
    int64_t high = convert_value(&a->lines->knots, issue, to[issue]);
    if (issue != moves) {
        return domain_value_words(d, low, mem);
    }
    /* More decimals than the issue has, while they fit and are not 0. */
    struct domain_issue finer = *d;
    int64_t one = 1;
    int64_t most = low < 0 ? -low : low;
    int64_t other = high < 0 ? -high : high;
    most = other > most ? other : most;
    while (finer.decimals < DOMAIN_DECIMALS_MAX && finer.decimals < d->decimals + more &&
           most <= DOMAIN_REAL_MAX / (one * 10)) {
        one *= 10;
        finer.decimals++;
    }
    int64_t way = (high - low) * one;
    int64_t v = low * one + (way >= 0 ? ratio_of(at->at, way) : -ratio_of(at->at, -way));
    while (finer.decimals > d->decimals && v % 10 == 0) {
        v /= 10;
        finer.decimals--;
    }
    return domain_value_words(&finer, v, mem);
}

/* ---- words ---- */

void lines_words(const struct analysed *a, struct buf *b)
{
    const struct line_rows *l = a->lines;
    size_t shown = l->segment_count < a->plan.top ? l->segment_count : a->plan.top;
    size_t points = 0;
    size_t segment = 0;
    bool limits = false;
    /* Rows that lie on no line; lines come in the order of the rows. */
    for (size_t i = 0; i < a->frontier.count; i++) {
        while (segment < l->segment_count && l->segments[segment].last < i) {
            segment++;
        }
        points += segment == l->segment_count || l->segments[segment].first > i;
    }
    buf_printf(b, "\nThe frontier: %zu straight %s and %zu single %s that no package beats%s%s\n",
               l->segment_count, l->segment_count == 1 ? "line" : "lines", points,
               points == 1 ? "point" : "points",
               a->plan.all ? "" : ", of those that all prefer to no deal",
               shown == 0                 ? "."
               : shown < l->segment_count ? "; some of the lines, from and to:"
                                          : "; the lines, from and to:");
    for (size_t i = 0; i < shown; i++) {
        size_t at = shown == 1 ? 0 : i * (l->segment_count - 1) / (shown - 1);
        const struct line_segment *s = &l->segments[at];
        bool open = l->limit[s->first] || l->limit[s->last];
        limits = limits || open;
        buf_add_str(b, "  ");
        worths_row(b, a, s->first);
        buf_add_str(b, "   .. ");
        worths_row(b, a, s->last);
        buf_add_str(b, open ? " *\n" : "\n");
    }
    if (limits) {
        buf_add_str(b, "  * all but the very end, which another package beats\n");
    }
}
