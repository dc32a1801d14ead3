/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/bidding.h"

/* The vectors of two published descriptions, which disagree about offers above the demand. */
static const struct {
    int64_t offer;
    int64_t demand;
    enum bidding_crossed crossed;
    int64_t within_amount;
    int64_t twice; /* 0: no settlement */
} vectors[] = {
    {70, 100, BIDDING_DEMAND, -1, 170},
    {60, 100, BIDDING_DEMAND, -1, 0},
    {120, 100, BIDDING_DEMAND, -1, 200},
    {120, 100, BIDDING_MIDPOINT, -1, 220},
    {10000, 14900, BIDDING_DEMAND, 5000, 24900},
    {10000, 15001, BIDDING_DEMAND, 5000, 0},
    {69, 100, BIDDING_DEMAND, -1, 0},
    {100, 100, BIDDING_DEMAND, -1, 200},
};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        const struct bidding_rules rules = {.crossed = vectors[i].crossed,
                                            .within_percent = 30,
                                            .within_amount = vectors[i].within_amount};
        const struct bidding_round round = {vectors[i].demand, vectors[i].offer};
        uint32_t at = 7;
        int64_t twice = 0;
        bool settled = bidding_settle(&rules, &round, 1, &at, &twice);
        assert_int_equal(settled, vectors[i].twice != 0);
        assert_int_equal(twice, vectors[i].twice);
        assert_int_equal(at, settled ? 0 : 7);
    }
}

static void test_rounds_in_order(void **state)
{
    static const struct bidding_rules rules = {BIDDING_MIDPOINT, 10, -1};
    static const struct bidding_round rounds[3] = {{200, 100}, {150, 140}, {100, 100}};
    uint32_t at = 0;
    int64_t twice = 0;
    (void)state;
    assert_true(bidding_settle(&rules, rounds, 3, &at, &twice));
    assert_int_equal(at, 1);
    assert_int_equal(twice, 290);
    assert_false(bidding_settle(&rules, rounds, 1, &at, &twice));
    assert_false(bidding_settle(&rules, rounds, 0, &at, &twice));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_rounds_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
