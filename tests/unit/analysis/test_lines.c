/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/lines_best.h"
#include "lib/problems.h"

#define ISSUES_MOST 5u
#define FINE 6 /* samples between two knots, and a factor of all worths, so that they are whole */

static double worth_at(const struct lines *l, const struct line_point *at, uint32_t k)
{
    const struct line_piece *s = line_piece_at(l, at);
    double t = (double)at->at.n / (double)at->at.d;
    return (double)s->a[k] + t * (double)(s->b[k] - s->a[k]);
}

static struct line_point between(const struct line_run *r)
{
    /* The mean of two fractions, with small denominators here. */
    wide n = r->from.at.n * r->to.at.d + r->to.at.n * r->from.at.d;
    wide d = 2 * r->from.at.d * r->to.at.d;
    return (struct line_point){.piece = r->from.piece,
                               .at = ratio_make((wide_signed)n, (wide_signed)d)};
}

/* The n-th value of an issue, in FINE steps between knots where they are joined. */
static uint32_t value_count(const struct problem *p, uint32_t issue, bool joined)
{
    return joined ? (p->options[issue] - 1) * FINE + 1 : p->options[issue];
}

static int64_t value_worth(const struct problem *p, uint32_t issue, bool joined, uint32_t n,
                           uint32_t k)
{
    if (!joined || n % FINE == 0) {
        return problem_worth(p, issue, joined ? n / FINE : n)[k];
    }
    int64_t u = problem_worth(p, issue, n / FINE)[k];
    int64_t v = problem_worth(p, issue, n / FINE + 1)[k];
    return u + (v - u) / FINE * (n % FINE); /* all worths are multiples of FINE */
}

static struct problem *make(struct prop *prop, bool *joined, int64_t worth_max, struct arena *mem)
{
    const struct problem_plan plan = {
        .parties = 2,
        .issues = 1 + (uint32_t)prop_below(prop, 3),
        .worth_max = (uint64_t)worth_max,
    };
    struct problem *p = problem_make(&plan, prop, mem);
    const int64_t **worth = ARENA_NEW(mem, const int64_t *, p->issues);
    assert_non_null(worth);
    for (uint32_t i = 0; i < p->issues; i++) {
        size_t n = (size_t)p->options[i] * 2;
        int64_t *w = ARENA_NEW(mem, int64_t, n);
        assert_non_null(w);
        for (size_t at = 0; at < n; at++) {
            w[at] = p->worth[i][at] * FINE;
        }
        worth[i] = w;
        joined[i] = prop_below(prop, 3) > 0;
    }
    p->worth = worth;
    return p;
}

static double value_of(const struct problem *p, const double *u, const int64_t *d,
                       const int64_t *ideal, enum bargain_rule rule)
{
    double g[2];
    double share = 1e300;
    double least = 1e300;
    double sum = 0;
    for (uint32_t k = 0; k < 2; k++) {
        g[k] = u[k] - (double)d[k];
        sum += g[k] / (double)p->unit[k];
        least = g[k] / (double)p->unit[k] < least ? g[k] / (double)p->unit[k] : least;
        if (ideal[k] > d[k] && g[k] / (double)(ideal[k] - d[k]) < share) {
            share = g[k] / (double)(ideal[k] - d[k]);
        }
    }
    switch (rule) {
    case BARGAIN_NASH:
        return g[0] * g[1];
    case BARGAIN_KS:
        return share;
    case BARGAIN_EGALITARIAN:
        return least;
    case BARGAIN_UTILITARIAN:
        break;
    }
    return sum;
}

struct tried {
    const struct problem *p;
    const bool *joined;
    const struct lines *l;
    const int64_t *d;
    int64_t ideal[2];
    double best[BARGAIN_RULES];
    bool any;
};

/* A package: no run point is beaten by it, some is at least as good. */
static void check_sample(struct tried *t, const int64_t *u, struct arena *mem)
{
    struct err err = {0};
    struct lines above;
    size_t mark = arena_mark(mem);
    assert_true(lines_clip(t->l, u, mem, &above, &err));
    assert_true(above.count > 0);
    for (size_t i = 0; i < t->l->count; i++) {
        const struct line_run *r = &t->l->runs[i];
        struct line_point at[3] = {r->from, r->to, between(r)};
        for (unsigned n = 0; n < 3; n++) {
            double x = worth_at(t->l, &at[n], 0);
            double y = worth_at(t->l, &at[n], 1);
            bool open = (n == 0 && r->from_open) || (n == 1 && r->to_open);
            bool covers = (double)u[0] >= x - 1e-9 && (double)u[1] >= y - 1e-9;
            bool better = (double)u[0] > x + 1e-9 || (double)u[1] > y + 1e-9;
            assert_true(open || !covers || !better);
        }
    }
    if (row_covers(u, t->d, 2)) {
        const double w[2] = {(double)u[0], (double)u[1]};
        for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
            double v = value_of(t->p, w, t->d, t->ideal, (enum bargain_rule)r);
            t->best[r] = !t->any || v > t->best[r] ? v : t->best[r];
        }
        t->any = true;
    }
    arena_rewind(mem, mark);
}

static void check_all(struct tried *t, uint32_t issue, const int64_t *sum, struct arena *mem)
{
    if (issue == t->p->issues) {
        check_sample(t, sum, mem);
        return;
    }
    bool joined = t->joined[issue];
    for (uint32_t n = 0; n < value_count(t->p, issue, joined); n++) {
        int64_t next[2];
        for (uint32_t k = 0; k < 2; k++) {
            next[k] = sum[k] + value_worth(t->p, issue, joined, n, k);
        }
        check_all(t, issue + 1, next, mem);
    }
}

/* What a run says can be had: its ends' packages, one issue between neighbours, the rest alike. */
static void check_packages(const struct lines *l, const bool *joined)
{
    for (size_t i = 0; i < l->count; i++) {
        uint32_t a[ISSUES_MOST];
        uint32_t b[ISSUES_MOST];
        int64_t u[2];
        const struct line_piece *s = line_piece_at(l, &l->runs[i].from);
        uint32_t moves = lines_package(l, &l->runs[i].from, a, b);
        assert_int_equal(l->runs[i].from.piece, l->runs[i].to.piece);
        assert_true(problem_eval(l->problem, a, u));
        assert_memory_equal(u, s->a, sizeof(u));
        assert_true(problem_eval(l->problem, b, u));
        assert_memory_equal(u, s->b, sizeof(u));
        for (uint32_t k = 0; k < l->problem->issues; k++) {
            assert_true(k == moves || a[k] == b[k]);
        }
        assert_true(moves == UINT32_MAX ||
                    (joined[moves] && (a[moves] + 1 == b[moves] || b[moves] + 1 == a[moves])));
        assert_true(i == 0 || lines_point_cmp(l, &l->runs[i - 1].to, &l->runs[i].from) <= 0);
    }
}

/* Every fine sample of every package is covered and beats nothing; solutions are at least as good
 * as all samples, and are on the frontier. */
static void test_against_samples(void **state)
{
    struct arena mem = test_arena(1u << 26);
    struct prop prop;
    (void)state;
    prop_init(&prop, "lines");
    for (size_t round = 0; round < prop_rounds(60); round++) {
        struct err err = {0};
        struct lines l;
        struct lines fair;
        bool joined[ISSUES_MOST];
        static const int64_t nothing[2] = {0, 0};
        int64_t d[2];
        const struct problem *p = make(&prop, joined, round % 2 == 0 ? 6 : 1000, &mem);
        assert_true(problem_check(p, &err));
        assert_true(lines_frontier(p, joined, &no_limit, &mem, &l));
        check_packages(&l, joined);
        bargain_disagreement(p, d);
        for (uint32_t k = 0; k < 2; k++) {
            d[k] += (int64_t)prop_below(&prop, 10);
        }
        struct tried t = {.p = p, .joined = joined, .l = &l, .d = d};
        uint32_t low[ISSUES_MOST] = {0};
        uint32_t high[ISSUES_MOST];
        for (uint32_t i = 0; i < p->issues; i++) {
            high[i] = p->options[i] - 1;
        }
        for (uint32_t k = 0; k < 2; k++) {
            int64_t least;
            problem_bounds(p, k, low, high, &least, &t.ideal[k]);
        }
        check_all(&t, 0, nothing, &mem);
        assert_true(lines_clip(&l, d, &mem, &fair, &err));
        assert_true(!t.any || fair.count > 0);
        for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
            struct line_best best;
            assert_true(lines_solve(&fair, d, t.ideal, (enum bargain_rule)r, &mem, &best, &err));
            assert_int_equal(best.count > 0, fair.count > 0);
            for (size_t i = 0; i < best.count; i++) {
                double u[2] = {worth_at(&fair, &best.point[i], 0),
                               worth_at(&fair, &best.point[i], 1)};
                double v = value_of(p, u, d, t.ideal, (enum bargain_rule)r);
                assert_true(!t.any || v >= t.best[r] - 1e-6);
                bool on = false;
                for (size_t n = 0; n < fair.count; n++) {
                    on = on || (fair.runs[n].from.piece == best.point[i].piece &&
                                ratio_cmp(fair.runs[n].from.at, best.point[i].at) <= 0 &&
                                ratio_cmp(fair.runs[n].to.at, best.point[i].at) >= 0);
                }
                assert_true(on);
            }
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* Without joined issues: the points that the merge finds. */
static void test_points_are_the_merge(void **state)
{
    static const struct problem_plan plans[] = {
        {.parties = 2, .issues = 4, .worth_max = 5},
        {.parties = 2, .issues = 6, .options = 5, .worth_max = 1000},
    };
    static const bool joined[6] = {false};
    struct arena mem = test_arena(1u << 26);
    struct prop prop;
    (void)state;
    prop_init(&prop, "points");
    for (size_t round = 0; round < prop_rounds(20); round++) {
        struct err err = {0};
        struct lines l;
        struct frontier f;
        const struct problem *p = problem_make(&plans[round % 2], &prop, &mem);
        struct arena second = test_arena(1u << 22);
        assert_true(lines_frontier(p, joined, &no_limit, &mem, &l));
        assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &second, &f, &err));
        assert_int_equal(l.count, f.count);
        for (size_t i = 0; i < l.count; i++) {
            const struct line_run *r = &l.runs[l.count - 1 - i];
            for (uint32_t k = 0; k < 2; k++) {
                assert_int_equal(lines_worth(&l, &r->from, k), f.u[i * 2 + k]);
                assert_int_equal(lines_worth(&l, &r->to, k), f.u[i * 2 + k]);
            }
        }
        test_arena_free(&second);
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

static void expect_run(const struct lines *l, size_t i, const double from[2], const double to[2],
                       bool from_open, bool to_open)
{
    const struct line_run *r = &l->runs[i];
    for (uint32_t k = 0; k < 2; k++) {
        assert_true(worth_at(l, &r->from, k) > from[k] - 1e-9);
        assert_true(worth_at(l, &r->from, k) < from[k] + 1e-9);
        assert_true(worth_at(l, &r->to, k) > to[k] - 1e-9);
        assert_true(worth_at(l, &r->to, k) < to[k] + 1e-9);
    }
    assert_int_equal(r->from_open, from_open);
    assert_int_equal(r->to_open, to_open);
}

/* A price from (0, 12) to (12, 0), and a choice of (0, 0) or (3, -1), which shifts the line; by
 * hand: from (0, 12) as it was, then from (3, 11) on the other line, where 1 is lost and 3 won. */
static void test_by_hand(void **state)
{
    struct arena mem = test_arena(1u << 26);
    struct err err = {0};
    struct lines l;
    struct line_best best;
    static const uint32_t options[2] = {2, 2};
    static const int64_t price[4] = {0, 12, 12, 0};
    static const int64_t choice[4] = {0, 0, 3, -1};
    static const int64_t unit[2] = {1, 1};
    static const int64_t reserve[2] = {0, 0};
    static const int64_t ideal[2] = {14, 12};
    static const bool joined[2] = {true, false};
    const int64_t *worth[2] = {price, choice};
    const struct problem p = {.parties = 2,
                              .issues = 2,
                              .options = options,
                              .worth = worth,
                              .unit = unit,
                              .reserve = reserve};
    (void)state;
    assert_true(lines_frontier(&p, joined, &no_limit, &mem, &l));
    assert_int_equal(l.count, 2);
    /* (1, 11) is beaten by (3, 11): the first line's end is open. */
    expect_run(&l, 0, (const double[2]){0, 12}, (const double[2]){1, 11}, false, true);
    expect_run(&l, 1, (const double[2]){3, 11}, (const double[2]){15, -1}, false, false);
    assert_true(lines_clip(&l, reserve, &mem, &l, &err));
    expect_run(&l, 1, (const double[2]){3, 11}, (const double[2]){14, 0}, false, false);
    /* x + y == 14: the largest product, and the equal gain, at (7, 7); equal shares of 14 and 12:
     * x / 14 == (14 - x) / 12, x == 98 / 13. */
    assert_true(lines_solve(&l, reserve, ideal, BARGAIN_NASH, &mem, &best, &err));
    assert_int_equal(best.count, 1);
    assert_int_equal(lines_worth(&l, &best.point[0], 0), 7);
    assert_int_equal(lines_worth(&l, &best.point[0], 1), 7);
    assert_true(lines_solve(&l, reserve, ideal, BARGAIN_EGALITARIAN, &mem, &best, &err));
    assert_int_equal(best.count, 1);
    assert_int_equal(lines_worth(&l, &best.point[0], 0), 7);
    assert_true(lines_solve(&l, reserve, ideal, BARGAIN_KS, &mem, &best, &err));
    assert_int_equal(best.count, 1);
    double x = worth_at(&l, &best.point[0], 0);
    assert_true(x > 98.0 / 13 - 1e-12 && x < 98.0 / 13 + 1e-12);
    /* Every sum along that line is 14. */
    assert_true(lines_solve(&l, reserve, ideal, BARGAIN_UTILITARIAN, &mem, &best, &err));
    assert_int_equal(best.count, 2);
    test_arena_free(&mem);
}

static bool stop_at_once(void *ctx)
{
    (void)ctx;
    return true;
}

struct asked {
    uint64_t count;
    uint64_t last; /* then it stops */
};

static bool stop_in_time(void *ctx)
{
    struct asked *a = ctx;
    return ++a->count >= a->last;
}

/* Every phase asks the budget, the last one for each few pieces twice; told to stop at any of these
 * moments it does no more work. */
static void test_stops_anywhere(void **state)
{
    struct arena mem = test_arena(1u << 26);
    struct lines l;
    struct prop prop;
    bool joined[ISSUES_MOST];
    struct asked asked = {.last = UINT64_MAX};
    const struct budget budget = {.work = UINT64_MAX, .stop = stop_in_time, .ctx = &asked};
    (void)state;
    prop_init(&prop, "stops anywhere");
    const struct problem *p = make(&prop, joined, 9, &mem);
    const size_t mark = arena_mark(&mem);
    assert_true(lines_frontier(p, joined, &budget, &mem, &l));
    const uint64_t all = asked.count;
    assert_true(all >= p->issues + 2 * (l.layers[p->issues].count / 16));
    for (uint64_t stop = 1; stop <= all; stop++) {
        arena_rewind(&mem, mark);
        asked = (struct asked){.last = stop};
        assert_false(lines_frontier(p, joined, &budget, &mem, &l));
        assert_int_equal(asked.count, stop);
    }
    test_arena_free(&mem);
}

static void test_ends_early(void **state)
{
    static const struct budget stopped = {.work = UINT64_MAX, .stop = stop_at_once};
    struct arena mem = test_arena(1u << 26);
    struct arena little = test_arena(1u << 12);
    struct lines l;
    struct prop prop;
    bool joined[ISSUES_MOST];
    (void)state;
    prop_init(&prop, "ends early");
    const struct problem *p = make(&prop, joined, 9, &mem);
    assert_false(lines_frontier(p, joined, &stopped, &mem, &l));
    assert_false(lines_frontier(p, joined, &no_limit, &little, &l));
    test_arena_free(&little);
    test_arena_free(&mem);
}

static void test_ratios(void **state)
{
    struct prop prop;
    (void)state;
    prop_init(&prop, "ratios");
    for (size_t round = 0; round < prop_rounds(2000); round++) {
        /* Of numbers that double's 53 bits hold exactly when multiplied. */
        int64_t d = 1 + (int64_t)prop_below(&prop, 1u << 20);
        int64_t e = 1 + (int64_t)prop_below(&prop, 1u << 20);
        int64_t n = (int64_t)prop_below(&prop, (uint64_t)d + 1);
        int64_t m = prop_one_in(&prop, 4) ? n * e / d : (int64_t)prop_below(&prop, (uint64_t)e + 1);
        int64_t v = (int64_t)prop_below(&prop, 1u << 20);
        struct ratio x = ratio_make(n, d);
        struct ratio y = ratio_make(m, e);
        assert_int_equal(ratio_cmp(x, y), (n * e > m * d) - (n * e < m * d));
        assert_int_equal(ratio_of(x, v), (2 * v * n + d) / (2 * d));
    }
    /* At the far end of what is allowed: 2^127. */
    const wide top = (wide)1 << 127;
    assert_int_equal(ratio_of((struct ratio){top - 1, top}, INT64_MAX), INT64_MAX);
    assert_int_equal(ratio_of((struct ratio){top / 2, top}, 10), 5);
    assert_int_equal(ratio_cmp((struct ratio){top - 1, top}, (struct ratio){top - 2, top - 1}), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ratios),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_points_are_the_merge),
        cmocka_unit_test(test_against_samples),
        cmocka_unit_test(test_ends_early),
        cmocka_unit_test(test_stops_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
