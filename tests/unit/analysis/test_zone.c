/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/outcomes.h"
#include "analysis/zone.h"
#include "lib/problems.h"

static const struct problem_plan plans[] = {
    {.parties = 2, .issues = 4, .worth_max = 9, .reserves = true},
    {.parties = 3, .issues = 4, .worth_max = 30, .reserves = true},
    {.parties = 4, .issues = 3, .worth_max = 9, .reserves = true},
};

static uint64_t exact_of(const struct big *b)
{
    uint64_t v = UINT64_MAX;
    assert_true(big_u64(b, &v));
    return v;
}

static void test_count(void **state)
{
    static const struct budget little = {.work = 20};
    struct arena mem = test_arena(1u << 23);
    struct prop prop;
    (void)state;
    prop_init(&prop, "zone");
    for (size_t round = 0; round < prop_rounds(400); round++) {
        struct err err = {0};
        struct zone_count z;
        struct outcomes seen;
        bool sets[16];
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        assert_true(outcomes_consent(p, &no_limit, &mem, sets, &seen, &err));
        assert_true(zone_count(p, &no_limit, &mem, &z, &err));
        assert_int_equal(exact_of(&z.low), seen.acceptable);
        assert_int_equal(exact_of(&z.high), seen.acceptable);
        assert_true(zone_count(p, &little, &mem, &z, &err));
        assert_true(exact_of(&z.low) <= seen.acceptable);
        assert_true(exact_of(&z.high) >= seen.acceptable);
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* Smallest sets of parties that no package suits together, found the slow way. */
static void test_blocking(void **state)
{
    struct arena mem = test_arena(1u << 23);
    struct prop prop;
    size_t blocked = 0;
    (void)state;
    prop_init(&prop, "blocking");
    for (size_t round = 0; round < prop_rounds(600); round++) {
        struct err err = {0};
        struct outcomes seen;
        struct frontier f;
        struct zone_blocks blocks;
        struct zone_blocks again;
        int64_t concession[PROBLEM_PARTIES_MAX];
        bool sets[16];
        bool from_frontier[16];
        bool together[16] = {false};
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        uint32_t all = 1u << p->parties;
        assert_true(outcomes_consent(p, &no_limit, &mem, sets, &seen, &err));
        for (uint32_t s = 0; s < all; s++) {
            for (uint32_t t = 0; t < all; t++) {
                together[t] = together[t] || (sets[s] && (s & t) == t);
            }
        }
        assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
        zone_consent(&f, from_frontier);
        assert_true(zone_blocking(sets, p->parties, &mem, &blocks, &err));
        assert_true(zone_blocking(from_frontier, p->parties, &mem, &again, &err));
        assert_int_equal(blocks.count, again.count);
        assert_memory_equal(blocks.set, again.set, blocks.count * sizeof(*blocks.set));
        size_t count = 0;
        for (uint32_t s = 1; s < all; s++) {
            bool smallest = !together[s];
            for (uint32_t k = 0; k < p->parties; k++) {
                smallest = smallest && ((s >> k & 1) == 0 || together[s & ~(1u << k)]);
            }
            count += smallest;
        }
        assert_int_equal(blocks.count, count);
        blocked += count > 0;
        /* Whoever moves by the concession makes a deal possible, and by one unit less does not. */
        zone_concessions(&f, concession);
        for (uint32_t k = 0; k < p->parties; k++) {
            int64_t reserve[PROBLEM_PARTIES_MAX];
            struct problem q = *p;
            if (concession[k] == INT64_MAX || concession[k] == 0) {
                continue;
            }
            memcpy(reserve, p->reserve, p->parties * sizeof(*reserve));
            q.reserve = reserve;
            reserve[k] -= concession[k];
            assert_true(outcomes_consent(&q, &no_limit, &mem, sets, &seen, &err));
            assert_true(seen.acceptable > 0);
            reserve[k]++;
            assert_true(outcomes_consent(&q, &no_limit, &mem, sets, &seen, &err));
            assert_int_equal(seen.acceptable, 0);
        }
        arena_rewind(&mem, 0);
    }
    assert_true(blocked > 0);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_blocking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
