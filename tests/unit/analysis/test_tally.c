/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/outcomes.h"
#include "analysis/tally.h"
#include "lib/problems.h"

static struct zone_count everything(const struct problem *p)
{
    struct zone_count z;
    big_set(&z.low, 0);
    problem_size(p, &z.high);
    return z;
}

/* The true count lies between, of problems small enough to count, whatever the bins do. */
static void test_holds(void **state)
{
    static const struct problem_plan plans[] = {
        {.parties = 1, .issues = 5, .worth_max = 1u << 20, .reserves = true},
        {.parties = 2, .issues = 5, .worth_max = 9, .reserves = true},
        {.parties = 2, .issues = 6, .worth_max = 1u << 30, .reserves = true},
        {.parties = 3, .issues = 5, .worth_max = 1000003, .reserves = true},
        {.parties = 5, .issues = 4, .worth_max = 50, .reserves = true},
    };
    struct arena mem = test_arena(1u << 24);
    struct prop prop;
    size_t narrowed = 0;
    (void)state;
    prop_init(&prop, "tally");
    for (size_t round = 0; round < prop_rounds(60); round++) {
        struct err err = {0};
        struct outcomes seen;
        bool sets[32];
        struct big count;
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        struct zone_count z = everything(p);
        struct zone_count all = z;
        assert_true(outcomes_consent(p, &no_limit, &mem, sets, &seen, &err));
        assert_true(tally_bounds(p, &no_limit, &mem, &z, &err));
        big_set(&count, seen.acceptable);
        assert_true(big_cmp(&z.low, &count) <= 0);
        assert_true(big_cmp(&z.high, &count) >= 0);
        narrowed += big_cmp(&z.low, &all.low) > 0 || big_cmp(&z.high, &all.high) < 0;
        arena_rewind(&mem, 0);
    }
    assert_true(narrowed > 20);
    test_arena_free(&mem);
}

/* Two parties, 100 issues of 10 options: limits well below what most packages give leave nearly all
 * of 10^100; limits that few reach, nearly none. */
static void test_large(void **state)
{
    static const struct problem_plan large = {
        .parties = 2, .issues = 100, .options = 10, .worth_max = 1000000};
    struct arena mem = test_arena(1u << 24);
    struct err err = {0};
    struct prop prop;
    (void)state;
    prop_init(&prop, "tally of many");
    struct problem *p = problem_make(&large, &prop, &mem);
    int64_t reserve[2] = {30000000, 30000000};
    p->reserve = reserve;
    struct zone_count z = everything(p);
    const double all = big_double(&z.high);
    assert_true(all > 9e99);
    assert_true(tally_bounds(p, &no_limit, &mem, &z, &err));
    assert_true(big_double(&z.low) > 0.999 * all);
    assert_true(big_cmp(&z.low, &z.high) <= 0);
    /* Both above the mean of some 50 million: a half of each may refuse. */
    reserve[0] = 52000000;
    reserve[1] = 52000000;
    z = everything(p);
    assert_true(tally_bounds(p, &no_limit, &mem, &z, &err));
    assert_true(big_double(&z.high) < 0.6 * all);
    /* Each some ten standard deviations above it, both together fourteen. */
    reserve[0] = 80000000;
    reserve[1] = 80000000;
    z = everything(p);
    assert_true(tally_bounds(p, &no_limit, &mem, &z, &err));
    assert_true(big_double(&z.high) < 1e-20 * all);
    assert_true(big_cmp(&z.low, &z.high) <= 0);
    /* Who wants more than there is leaves it to others to say so. */
    reserve[0] = 200000000;
    z = everything(p);
    assert_true(tally_bounds(p, &no_limit, &mem, &z, &err));
    assert_int_equal(z.low.n, 0);
    test_arena_free(&mem);
}

static bool at_once(void *ctx)
{
    (void)ctx;
    return true;
}

static void test_budget(void **state)
{
    static const struct problem_plan some = {
        .parties = 3, .issues = 9, .options = 5, .worth_max = 1000};
    static const struct budget none = {.work = UINT64_MAX, .stop = at_once};
    struct arena mem = test_arena(1u << 24);
    struct err err = {0};
    struct prop prop;
    (void)state;
    prop_init(&prop, "tally stopped");
    struct problem *p = problem_make(&some, &prop, &mem);
    int64_t reserve[3] = {4000, 4000, 4000};
    p->reserve = reserve;
    struct zone_count z = everything(p);
    const struct zone_count before = z;
    assert_true(tally_bounds(p, &none, &mem, &z, &err));
    assert_int_equal(big_cmp(&z.low, &before.low), 0);
    assert_int_equal(big_cmp(&z.high, &before.high), 0);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holds),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
