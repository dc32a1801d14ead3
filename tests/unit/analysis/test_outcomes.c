/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/outcomes.h"
#include "lib/problems.h"

static const struct problem_plan plans[] = {
    {.parties = 2, .issues = 4, .worth_max = 4, .reserves = true},
    {.parties = 2, .issues = 4, .worth_max = 6, .boxes = 5},
    {.parties = 3, .issues = 4, .worth_max = 4, .boxes = 6, .reserves = true},
    {.parties = 2, .issues = 4, .worth_max = 6, .boxes = 4, .caps = true},
    {.parties = 4, .issues = 3, .worth_max = 3, .tables = true, .boxes = 3, .reserves = true},
    {.parties = 1, .issues = 4, .worth_max = 9, .boxes = 2},
    {.parties = 2, .issues = 6, .options = 4, .worth_max = 50, .boxes = 9, .reserves = true},
};

static uint64_t count_acceptable(const struct problem *p)
{
    uint64_t size = 0;
    uint64_t count = 0;
    uint32_t package[PROBLEM_ISSUES_MAX];
    assert_true(outcomes_countable(p, &size));
    for (uint64_t n = 0; n < size; n++) {
        problem_package(p, n, package);
        assert_int_equal(problem_number(p, package), n);
        count += problem_refusals(p, package) == 0;
    }
    return count;
}

static void same_as_brute(const struct problem *p, enum frontier_scope scope, struct arena *mem)
{
    struct err err = {0};
    struct frontier f;
    struct outcomes counts;
    int64_t *u;
    uint64_t *ties;
    size_t count = brute_frontier(p, scope, mem, &u, &ties);
    assert_true(problem_check(p, &err));
    assert_true(outcomes_frontier(p, scope, &no_limit, mem, &f, &counts, &err));
    assert_true(f.exact);
    assert_int_equal(f.count, count);
    assert_memory_equal(f.u, u, count * p->parties * sizeof(*u));
    assert_memory_equal(f.ties, ties, count * sizeof(*ties));
    assert_int_equal(counts.seen, counts.total);
    assert_int_equal(counts.acceptable, count_acceptable(p));
    for (size_t i = 0; i < count; i++) {
        uint32_t package[PROBLEM_ISSUES_MAX];
        int64_t w[PROBLEM_PARTIES_MAX];
        uint64_t numbers[64];
        size_t found = 0;
        frontier_package(&f, i, package);
        assert_true(problem_eval(p, package, w));
        assert_memory_equal(w, u + i * p->parties, p->parties * sizeof(*w));
        if (count < 8) {
            assert_true(outcomes_find(p, w, 64, &no_limit, mem, numbers, &found, &err));
            assert_int_equal(found, ties[i] < 64 ? ties[i] : 64);
            assert_int_equal(numbers[0], problem_number(p, package));
        }
    }
}

static void test_scan_is_brute_force(void **state)
{
    struct arena mem = test_arena(1u << 24);
    struct prop prop;
    (void)state;
    prop_init(&prop, "scan");
    for (size_t round = 0; round < prop_rounds(140); round++) {
        size_t mark = arena_mark(&mem);
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        same_as_brute(p, FRONTIER_ALL, &mem);
        same_as_brute(p, FRONTIER_ABOVE_RESERVE, &mem);
        arena_rewind(&mem, mark);
    }
    test_arena_free(&mem);
}

/* Of an additive problem both ways agree, blocks of a thousand and more included. */
static void test_scan_is_merge(void **state)
{
    static const struct problem_plan large[] = {
        {.parties = 2, .issues = 6, .options = 7, .worth_max = 100000, .reserves = true},
        {.parties = 3, .issues = 5, .options = 7, .worth_max = 100, .reserves = true},
        {.parties = 2, .issues = 2, .options = 300, .worth_max = 100000},
    };
    struct arena mem = test_arena(1u << 25);
    struct prop prop;
    (void)state;
    prop_init(&prop, "scan and merge");
    for (size_t round = 0; round < COUNT_OF(large); round++) {
        struct err err = {0};
        struct frontier f;
        struct frontier g;
        struct outcomes counts;
        const struct problem *p = problem_make(&large[round], &prop, &mem);
        size_t mark = arena_mark(&mem);
        assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
        struct arena second = test_arena(1u << 25);
        assert_true(outcomes_frontier(p, FRONTIER_ALL, &no_limit, &second, &g, &counts, &err));
        assert_int_equal(f.count, g.count);
        assert_memory_equal(f.u, g.u, f.count * p->parties * sizeof(*f.u));
        assert_memory_equal(f.ties, g.ties, f.count * sizeof(*f.ties));
        test_arena_free(&second);
        arena_rewind(&mem, mark);
    }
    test_arena_free(&mem);
}

static void test_consent(void **state)
{
    struct arena mem = test_arena(1u << 22);
    struct prop prop;
    (void)state;
    prop_init(&prop, "consent");
    for (size_t round = 0; round < prop_rounds(100); round++) {
        struct err err = {0};
        struct outcomes counts;
        bool sets[16];
        bool expected[16] = {false};
        uint32_t package[PROBLEM_ISSUES_MAX];
        const struct problem *p = problem_make(&plans[round % 6], &prop, &mem);
        assert_true(outcomes_consent(p, &no_limit, &mem, sets, &counts, &err));
        for (uint64_t n = 0; n < counts.total; n++) {
            problem_package(p, n, package);
            expected[((1u << p->parties) - 1) & ~problem_refusals(p, package)] = true;
        }
        assert_memory_equal(sets, expected, (size_t)1 << p->parties);
        assert_int_equal(counts.acceptable, count_acceptable(p));
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

static void test_budget(void **state)
{
    static const struct problem_plan large = {
        .parties = 2, .issues = 6, .options = 7, .worth_max = 100000, .boxes = 4};
    static const struct budget little = {.work = 5000};
    struct arena mem = test_arena(1u << 24);
    struct err err = {0};
    struct frontier f;
    struct outcomes counts;
    struct prop prop;
    (void)state;
    prop_init(&prop, "budget");
    const struct problem *p = problem_make(&large, &prop, &mem);
    assert_true(outcomes_frontier(p, FRONTIER_ALL, &little, &mem, &f, &counts, &err));
    assert_false(f.exact);
    assert_true(counts.seen >= 5000 && counts.seen < counts.total);
    test_arena_free(&mem);
}

/* A frontier larger than its memory comes within its epsilon. */
static void test_thinned(void **state)
{
    static const struct problem_plan many = {
        .parties = 5, .issues = 6, .options = 5, .worth_max = 1u << 20};
    struct arena mem = test_arena(1u << 24);
    size_t cap = 1u << 21;
    struct arena little = test_arena(cap);
    struct err err = {0};
    struct frontier f;
    struct frontier g;
    struct outcomes counts;
    struct prop prop;
    (void)state;
    prop_init(&prop, "thinned");
    const struct problem *p = problem_make(&many, &prop, &mem);
    assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
    assert_true(f.exact);
    assert_true(outcomes_frontier(p, FRONTIER_ALL, &no_limit, &little, &g, &counts, &err));
    while (g.exact) { /* less and less, until it has to be thinned */
        test_arena_free(&little);
        cap -= 1u << 14;
        little = test_arena(cap);
        assert_true(outcomes_frontier(p, FRONTIER_ALL, &no_limit, &little, &g, &counts, &err));
    }
    assert_true(g.count < f.count);
    for (size_t r = 0; r < f.count; r++) {
        bool near = false;
        for (size_t s = 0; s < g.count && !near; s++) {
            near = true;
            for (uint32_t k = 0; k < p->parties; k++) {
                near = near && g.u[s * p->parties + k] + g.epsilon[k] >= f.u[r * p->parties + k];
            }
        }
        assert_true(near);
    }
    test_arena_free(&little);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scan_is_brute_force),
        cmocka_unit_test(test_scan_is_merge),
        cmocka_unit_test(test_consent),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_thinned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
