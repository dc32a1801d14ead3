/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/bargain.h"
#include "lib/problems.h"

/* Nash 1950, Econometrica 18, page 161: nine goods, each kept or given; Bill's side of the goods he
 * owns, Jack's of the others.  Facts of the paper. */
static const int64_t bill_goods[5][2] = {{2, 4}, {2, 2}, {2, 1}, {2, 2}, {4, 1}};
static const int64_t jack_goods[4][2] = {{10, 1}, {4, 1}, {6, 2}, {2, 2}};

static void test_nash_1950(void **state)
{
    struct arena mem = test_arena(1u << 22);
    struct err err = {0};
    struct frontier f;
    struct bargain b;
    int64_t worths[9][4];
    const int64_t *worth[9];
    uint32_t options[9];
    static const int64_t unit[2] = {1, 1};
    static const int64_t reserve[2] = {12, 6};
    static const int64_t ideal[2] = {34, 16};
    uint32_t package[9];
    (void)state;
    for (unsigned g = 0; g < 9; g++) {
        /* Option 0: its owner keeps it; 1: it changes hands. */
        const int64_t *v = g < 5 ? bill_goods[g] : jack_goods[g - 5];
        worths[g][0] = g < 5 ? v[0] : 0;
        worths[g][1] = g < 5 ? 0 : v[1];
        worths[g][2] = g < 5 ? 0 : v[0];
        worths[g][3] = g < 5 ? v[1] : 0;
        worth[g] = worths[g];
        options[g] = 2;
    }
    const struct problem p = {.parties = 2,
                              .issues = 9,
                              .options = options,
                              .worth = worth,
                              .unit = unit,
                              .reserve = reserve};
    assert_true(frontier_merge(&p, FRONTIER_ABOVE_RESERVE, &no_limit, &mem, &f, &err));
    assert_true(bargain_solve(&f, reserve, ideal, BARGAIN_NASH, &mem, &b, &err));
    assert_int_equal(b.count, 1);
    assert_int_equal(f.u[b.point[0] * 2], 24);
    assert_int_equal(f.u[b.point[0] * 2 + 1], 11);
    assert_int_equal(f.ties[b.point[0]], 1);
    frontier_package(&f, b.point[0], package);
    /* Bill gives book, whip, ball, bat; Jack gives pen, toy, knife. */
    static const uint32_t expected[9] = {1, 1, 1, 1, 0, 1, 1, 1, 0};
    assert_memory_equal(package, expected, sizeof(expected));
    test_arena_free(&mem);
}

static double value(const struct problem *p, const int64_t *u, const int64_t *d,
                    const int64_t *ideal, enum bargain_rule rule)
{
    double product = 1;
    double sum = 0;
    double least = 1e300;
    double share = 1e300;
    for (uint32_t k = 0; k < p->parties; k++) {
        double g = (double)(u[k] - d[k]) / (double)p->unit[k];
        product *= g;
        sum += g;
        least = g < least ? g : least;
        if (ideal[k] > d[k]) {
            double s = (double)(u[k] - d[k]) / (double)(ideal[k] - d[k]);
            share = s < share ? s : share;
        }
    }
    switch (rule) {
    case BARGAIN_NASH:
        return product;
    case BARGAIN_KS:
        return share;
    case BARGAIN_EGALITARIAN:
        return least;
    case BARGAIN_UTILITARIAN:
        break;
    }
    return sum;
}

static const struct problem_plan plans[] = {
    {.parties = 2, .issues = 4, .worth_max = 9, .reserves = true},
    {.parties = 3, .issues = 4, .worth_max = 30, .reserves = true},
    {.parties = 5, .issues = 3, .worth_max = 9},
};

/* No package that is at least as good as no deal for all is better by the rule, and none that ties
 * is left out. */
static void test_best_of_all(void **state)
{
    struct arena mem = test_arena(1u << 23);
    struct prop prop;
    (void)state;
    prop_init(&prop, "bargain");
    for (size_t round = 0; round < prop_rounds(300); round++) {
        struct err err = {0};
        struct frontier f;
        struct bargain b;
        int64_t d[PROBLEM_PARTIES_MAX];
        int64_t ideal[PROBLEM_PARTIES_MAX];
        int64_t u[PROBLEM_PARTIES_MAX];
        uint32_t package[8];
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        struct big size;
        uint64_t count = 0;
        problem_size(p, &size);
        assert_true(big_u64(&size, &count));
        bargain_disagreement(p, d);
        assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
        bool any = bargain_reach(&f, d, ideal);
        for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
            enum bargain_rule rule = (enum bargain_rule)r;
            double best = -1;
            assert_true(bargain_solve(&f, d, ideal, rule, &mem, &b, &err));
            assert_int_equal(any, b.count > 0);
            for (uint64_t n = 0; n < count && any; n++) {
                problem_package(p, n, package);
                assert_true(problem_eval(p, package, u));
                if (row_covers(u, d, p->parties)) {
                    double v = value(p, u, d, ideal, rule);
                    best = v > best ? v : best;
                }
            }
            size_t at = 0;
            for (size_t i = 0; i < f.count && any && rule != BARGAIN_EGALITARIAN; i++) {
                const int64_t *row = f.u + i * p->parties;
                bool picked = at < b.count && b.point[at] == i;
                bool ties = row_covers(row, d, p->parties) &&
                            value(p, row, d, ideal, rule) >= best - 1e-9;
                assert_int_equal(picked, ties);
                at += picked;
            }
            if (any) {
                assert_true(value(p, f.u + b.point[0] * p->parties, d, ideal, rule) >= best - 1e-9);
            }
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* One party counts in other units: its column is scaled, fair gain and hopes stay. */
static void test_scaling(void **state)
{
    struct arena mem = test_arena(1u << 23);
    struct prop prop;
    (void)state;
    prop_init(&prop, "scaling");
    for (size_t round = 0; round < prop_rounds(200); round++) {
        struct err err = {0};
        struct frontier f;
        struct frontier g;
        int64_t d[PROBLEM_PARTIES_MAX];
        int64_t e[PROBLEM_PARTIES_MAX];
        struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        struct problem q = *p;
        const int64_t *worth[8];
        uint32_t who = (uint32_t)prop_below(&prop, p->parties);
        int64_t factor = 2 + (int64_t)prop_below(&prop, 1000000);
        for (uint32_t i = 0; i < p->issues; i++) {
            size_t n = (size_t)p->options[i] * p->parties;
            int64_t *w = ARENA_NEW(&mem, int64_t, n);
            assert_non_null(w);
            memcpy(w, p->worth[i], n * sizeof(*w));
            for (size_t at = who; at < n; at += p->parties) {
                w[at] *= factor;
            }
            worth[i] = w;
        }
        q.worth = worth;
        bargain_disagreement(p, d);
        memcpy(e, d, sizeof(e));
        e[who] *= factor;
        assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
        assert_true(frontier_merge(&q, FRONTIER_ALL, &no_limit, &mem, &g, &err));
        assert_int_equal(f.count, g.count);
        for (size_t at = 0; at < f.count * p->parties; at++) {
            assert_int_equal(g.u[at], f.u[at] * (at % p->parties == who ? factor : 1));
        }
        int64_t d_ideal[PROBLEM_PARTIES_MAX] = {0};
        int64_t e_ideal[PROBLEM_PARTIES_MAX] = {0};
        (void)bargain_reach(&f, d, d_ideal);
        (void)bargain_reach(&g, e, e_ideal);
        for (uint32_t r = BARGAIN_NASH; r <= BARGAIN_KS; r++) {
            struct bargain a;
            struct bargain b;
            assert_true(bargain_solve(&f, d, d_ideal, (enum bargain_rule)r, &mem, &a, &err));
            assert_true(bargain_solve(&g, e, e_ideal, (enum bargain_rule)r, &mem, &b, &err));
            assert_int_equal(a.count, b.count);
            assert_memory_equal(a.point, b.point, a.count * sizeof(*a.point));
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* Two packages, (10, 0) and (0, 10): by lot, each gets 5; with hopes 10 and 5 the mix shifts. */
static void test_lottery(void **state)
{
    struct arena mem = test_arena(1u << 20);
    struct err err = {0};
    struct frontier f;
    struct bargain_mix mix;
    bool any = false;
    static const uint32_t options[1] = {2};
    static const int64_t even[4] = {10, 0, 0, 10};
    static const int64_t uneven[4] = {10, 0, 0, 40};
    static const int64_t unit[2] = {1, 1};
    static const int64_t d[2] = {0, 0};
    static const int64_t ideal[2] = {10, 10};
    const int64_t *worth[1] = {even};
    struct problem p = {
        .parties = 2, .issues = 1, .options = options, .worth = worth, .unit = unit, .reserve = d};
    (void)state;
    assert_true(frontier_merge(&p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
    for (uint32_t r = BARGAIN_NASH; r <= BARGAIN_EGALITARIAN; r++) {
        assert_true(bargain_lottery(&f, d, ideal, (enum bargain_rule)r, &mem, &any, &mix, &err));
        assert_true(any && mix.first != mix.second);
        assert_true(mix.share > 0.4999999 && mix.share < 0.5000001);
    }
    worth[0] = uneven;
    struct arena second = test_arena(1u << 20);
    assert_true(frontier_merge(&p, FRONTIER_ALL, &no_limit, &second, &f, &err));
    assert_true(bargain_lottery(&f, d, ideal, BARGAIN_EGALITARIAN, &second, &any, &mix, &err));
    assert_true(mix.share > 0.1999999 && mix.share < 0.2000001); /* 10 - 10 t == 40 t */
    assert_true(bargain_lottery(&f, d, ideal, BARGAIN_NASH, &second, &any, &mix, &err));
    assert_true(mix.share > 0.4999999 && mix.share < 0.5000001);
    test_arena_free(&second);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nash_1950),
        cmocka_unit_test(test_best_of_all),
        cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_lottery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
