/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/mix.h"
#include "lib/problems.h"

enum { TRIES = 400 };

static double value_of(const struct frontier *f, const int64_t *d, const int64_t *ideal,
                       enum bargain_rule rule, const double *u)
{
    double product = 1;
    double least = 1e300;
    for (uint32_t k = 0; k < f->problem->parties; k++) {
        double by = (double)(rule == BARGAIN_KS ? ideal[k] - d[k] : f->problem->unit[k]);
        double g = by > 0 ? (u[k] - (double)d[k]) / by : 0;
        product *= by > 0 ? g : 1;
        least = by > 0 && g < least ? g : least;
    }
    return rule == BARGAIN_NASH ? product : least;
}

/* The mix is one, is worth what it says, reaches the proven bound, and no mix at random is better,
 * nor any single point. */
static void test_nothing_is_better(void **state)
{
    static const struct problem_plan plans[] = {
        {.parties = 3, .issues = 4, .options = 4, .worth_max = 100, .reserves = true},
        {.parties = 4, .issues = 4, .options = 3, .worth_max = 1000},
        {.parties = 2, .issues = 4, .options = 4, .worth_max = 60, .reserves = true},
        {.parties = 6, .issues = 3, .options = 3, .worth_max = 20, .reserves = true},
        {.parties = 3, .issues = 2, .options = 2, .worth_max = 3},
        {.parties = 1, .issues = 3, .worth_max = 9},
    };
    static const enum bargain_rule rules[] = {BARGAIN_NASH, BARGAIN_KS, BARGAIN_EGALITARIAN};
    struct arena mem = test_arena(1u << 24);
    struct prop prop;
    size_t mixed = 0;
    (void)state;
    prop_init(&prop, "mixes");
    for (size_t round = 0; round < prop_rounds(150); round++) {
        struct err err = {0};
        struct frontier f;
        int64_t d[PROBLEM_PARTIES_MAX];
        int64_t ideal[PROBLEM_PARTIES_MAX];
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        uint32_t n = p->parties;
        assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
        bargain_disagreement(p, d);
        if (!bargain_reach(&f, d, ideal)) {
            arena_rewind(&mem, 0);
            continue;
        }
        for (size_t i = 0; i < COUNT_OF(rules); i++) {
            struct mix m = {0};
            bool any = false;
            double u[PROBLEM_PARTIES_MAX] = {0};
            double sum = 0;
            assert_true(mix_best(&f, d, ideal, rules[i], &no_limit, &mem, &any, &m, &err));
            if (!any) {
                continue;
            }
            for (size_t s = 0; s < m.count; s++) {
                assert_true(m.chance[s] > 0);
                assert_true(s == 0 || m.point[s] > m.point[s - 1]);
                assert_true(row_covers(f.u + m.point[s] * n, d, n));
                sum += m.chance[s];
                for (uint32_t k = 0; k < n; k++) {
                    u[k] += m.chance[s] * (double)f.u[m.point[s] * n + k];
                }
            }
            assert_true(sum > 1 - 1e-9 && sum < 1 + 1e-9);
            double value = value_of(&f, d, ideal, rules[i], u);
            double near = 1e-7 * (value > 1 ? value : 1);
            assert_true(value > m.value - near && value < m.value + near);
            assert_true(m.at_most >= m.value && m.at_most <= m.value + near);
            mixed += m.count > 1;
            for (size_t t = 0; t < TRIES + f.count; t++) {
                /* A few points with random chances; or one. */
                double w[PROBLEM_PARTIES_MAX] = {0};
                double all = 0;
                size_t some = t < TRIES ? 1 + prop_below(&prop, n + 1) : 1;
                bool good = true;
                for (size_t s = 0; s < some; s++) {
                    size_t r = t < TRIES ? prop_below(&prop, f.count) : t - TRIES;
                    double c = 1 + (double)prop_below(&prop, 100);
                    good = good && row_covers(f.u + r * n, d, n);
                    all += c;
                    for (uint32_t k = 0; k < n; k++) {
                        w[k] += c * (double)f.u[r * n + k];
                    }
                }
                for (uint32_t k = 0; k < n; k++) {
                    w[k] /= all;
                }
                assert_true(!good || value_of(&f, d, ideal, rules[i], w) <= m.at_most + near);
            }
        }
        arena_rewind(&mem, 0);
    }
    assert_true(mixed > 50);
    test_arena_free(&mem);
}

/* Three packages, each all for one: by lot a third each; with hopes in the way, by them. */
static void test_by_hand(void **state)
{
    static const uint32_t options[1] = {3};
    static const int64_t each[9] = {12, 0, 0, 0, 6, 0, 0, 0, 4};
    static const int64_t unit[3] = {1, 1, 1};
    static const int64_t d[3] = {0, 0, 0};
    static const int64_t ideal[3] = {12, 6, 4};
    const int64_t *worth[1] = {each};
    const struct problem p = {
        .parties = 3, .issues = 1, .options = options, .worth = worth, .unit = unit, .reserve = d};
    struct arena mem = test_arena(1u << 20);
    struct err err = {0};
    struct frontier f;
    struct mix m = {0};
    bool any = false;
    (void)state;
    assert_true(frontier_merge(&p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(mix_best(&f, d, ideal, i == 0 ? BARGAIN_NASH : BARGAIN_KS, &no_limit, &mem,
                             &any, &m, &err));
        assert_true(any);
        assert_int_equal(m.count, 3);
        for (size_t s = 0; s < 3; s++) {
            assert_true(m.chance[s] > 0.33333332 && m.chance[s] < 0.33333334);
        }
    }
    /* 12 a == 6 b == 4 c: a sixth, a third, a half; each has 2. */
    assert_true(mix_best(&f, d, ideal, BARGAIN_EGALITARIAN, &no_limit, &mem, &any, &m, &err));
    assert_int_equal(m.count, 3);
    assert_true(m.value > 1.9999999 && m.value < 2.0000001);
    assert_true(m.chance[0] > 0.1666666 && m.chance[0] < 0.1666667);
    assert_true(m.chance[2] > 0.4999999 && m.chance[2] < 0.5000001);
    assert_true(mix_best(&f, d, ideal, BARGAIN_UTILITARIAN, &no_limit, &mem, &any, &m, &err));
    assert_false(any);
    test_arena_free(&mem);
}

static bool at_once(void *ctx)
{
    (void)ctx;
    return true;
}

/* Cut short, the bound is true all the same. */
static void test_budget(void **state)
{
    static const struct problem_plan plan = {
        .parties = 5, .issues = 5, .options = 4, .worth_max = 1000};
    static const struct budget none = {.work = UINT64_MAX, .stop = at_once};
    static const enum bargain_rule rules[] = {BARGAIN_NASH, BARGAIN_EGALITARIAN};
    struct arena mem = test_arena(1u << 24);
    struct err err = {0};
    struct frontier f;
    struct prop prop;
    int64_t d[PROBLEM_PARTIES_MAX];
    int64_t ideal[PROBLEM_PARTIES_MAX];
    size_t cut = 0;
    (void)state;
    prop_init(&prop, "mixes cut short");
    const struct problem *p = problem_make(&plan, &prop, &mem);
    assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
    bargain_disagreement(p, d);
    assert_true(bargain_reach(&f, d, ideal));
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        struct mix best = {0};
        struct mix m = {0};
        bool any = false;
        assert_true(mix_best(&f, d, ideal, rules[i], &no_limit, &mem, &any, &best, &err));
        assert_true(any);
        assert_true(mix_best(&f, d, ideal, rules[i], &none, &mem, &any, &m, &err));
        assert_true(any);
        assert_true(m.value <= best.at_most && m.at_most >= best.value * (1 - 1e-9));
        cut += m.at_most > m.value * 1.001;
    }
    assert_true(cut > 0);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_better),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
