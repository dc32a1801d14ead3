/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/bound.h"
#include "analysis/outcomes.h"
#include "lib/problems.h"

static const struct problem_plan plans[] = {
    {.parties = 2, .issues = 5, .worth_max = 40, .boxes = 6},
    {.parties = 3, .issues = 4, .worth_max = 30, .boxes = 4, .caps = true, .reserves = true},
    {.parties = 2, .issues = 4, .worth_max = 20, .tables = true},
    {.parties = 2, .issues = 5, .worth_max = 40, .boxes = 2},
    {.parties = 4, .issues = 4, .worth_max = 20, .boxes = 1, .reserves = true},
};

static void test_best_is_the_best(void **state)
{
    struct arena mem = test_arena(1u << 24);
    struct prop prop;
    size_t solved = 0;
    (void)state;
    prop_init(&prop, "bound");
    for (size_t round = 0; round < prop_rounds(60); round++) {
        struct err err = {0};
        struct frontier f;
        struct outcomes seen;
        struct bargain b;
        struct bound_result best;
        int64_t d[PROBLEM_PARTIES_MAX];
        int64_t hope[PROBLEM_PARTIES_MAX];
        struct arena second = test_arena(1u << 22);
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        bargain_disagreement(p, d);
        assert_true(outcomes_frontier(p, FRONTIER_ALL, &no_limit, &second, &f, &seen, &err));
        bool any = bargain_reach(&f, d, hope);
        for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
            enum bargain_rule rule = (enum bargain_rule)r;
            struct arena third = test_arena(1u << 21);
            bool found = false;
            for (uint32_t k = 0; k < p->parties; k++) {
                hope[k] = seen.most[k] - d[k];
            }
            assert_true(bound_best(p, d, hope, rule, &no_limit, &third, &best, &err));
            assert_int_equal(best.found, any);
            assert_int_equal(best.none, !any);
            if (any) {
                assert_true(best.exact);
                assert_true(bargain_solve(&f, d, seen.most, rule, &mem, &b, &err));
                for (size_t i = 0; i < b.count && rule != BARGAIN_EGALITARIAN; i++) {
                    found = found ||
                            row_cmp(f.u + b.point[i] * p->parties, best.worth, p->parties) == 0;
                }
                /* Ties of the smallest share and of products of 0 may be beaten ones. */
                assert_true(found || rule == BARGAIN_EGALITARIAN || rule == BARGAIN_KS ||
                            best.value < 1e-9);
                solved++;
            }
            test_arena_free(&third);
        }
        test_arena_free(&second);
        arena_rewind(&mem, 0);
    }
    assert_true(solved > 40);
    test_arena_free(&mem);
}

/* Cut short, what is promised is never less than the truth. */
static void test_promise_holds(void **state)
{
    static const struct budget little = {.work = 10};
    struct arena mem = test_arena(1u << 24);
    struct prop prop;
    (void)state;
    prop_init(&prop, "promise");
    for (size_t round = 0; round < prop_rounds(40); round++) {
        struct err err = {0};
        struct bound_result cut;
        struct bound_result whole;
        int64_t d[PROBLEM_PARTIES_MAX];
        int64_t hope[PROBLEM_PARTIES_MAX] = {0};
        struct arena second = test_arena(1u << 21);
        struct arena third = test_arena(1u << 21);
        const struct problem *p = problem_make(&plans[round % 2 == 0 ? 0 : 3], &prop, &mem);
        bargain_disagreement(p, d);
        assert_true(bound_best(p, d, hope, BARGAIN_NASH, &little, &second, &cut, &err));
        assert_true(bound_best(p, d, hope, BARGAIN_NASH, &no_limit, &third, &whole, &err));
        if (whole.found) {
            assert_true(cut.promise >= whole.value * (1 - 1e-9));
            assert_false(cut.none);
        }
        test_arena_free(&third);
        test_arena_free(&second);
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_best_is_the_best),
        cmocka_unit_test(test_promise_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
