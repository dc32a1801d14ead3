/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealed bids as people write them; refusals never repeat a number of a side.
 */
#include "lib/test.h"

#include "formats/bidding_yaml.h"

#define MEM_BYTES (1u << 18)

#define RULES "within: 30 %\ncrossed: demand\n"
#define SIDES "demand: {by: A, rounds: [9, 8.5]}\noffer: {by: B, rounds: [1, 0]}\n"

static bool read_it(const char *yaml, struct arena *mem, struct bidding_file *out, struct err *err)
{
    return bidding_from_yaml(bytes_str(yaml), "f.yaml", mem, out, err);
}

static void test_good(void **state)
{
    struct arena mem = test_arena(MEM_BYTES);
    struct bidding_file f;
    struct err err = {0};
    (void)state;
    assert_true(read_it("bidding: x\nunit: EUR\nor-within: 0.25\n" RULES SIDES, &mem, &f, &err));
    assert_true(text_is(f.name, "x") && text_is(f.unit, "EUR") && text_is(f.offerer, "B"));
    assert_int_equal(f.within_percent, 30);
    assert_int_equal(f.within_amount, 2500);
    assert_true(f.at_demand && f.count == 2);
    assert_int_equal(f.demands[1], 85000);
    assert_int_equal(f.offers[0], 10000);
    assert_true(read_it("within: 0\ncrossed: midpoint\n" SIDES, &mem, &f, &err));
    assert_true(!f.at_demand && f.within_percent == 0 && f.within_amount == -1);
    assert_true(f.name.n == 0 && f.unit.n == 0);
    test_arena_free(&mem);
}

static void test_refused(void **state)
{
    static const struct {
        const char *yaml, *what, *where, *mend;
    } rows[] = {
        {RULES, "has no demand", "line 1", "add demand"},
        {"crossed: demand\n" SIDES, "has no within", "line 1", "add within"},
        {"within: 30\n" SIDES, "has no crossed", "line 1", "add crossed"},
        {"within: 130\ncrossed: demand\n" SIDES, "whole percentage", "line 1", "30 %"},
        {"within: \"%\"\ncrossed: demand\n" SIDES, "whole percentage", "line 1", "30 %"},
        {"within: 1.5\ncrossed: demand\n" SIDES, "whole percentage", "line 1", "30 %"},
        {"within: 1\ncrossed: demant\n" SIDES, "no rule", "line 2", "\"demand\""},
        {RULES "demand: {by: A, rounds: []}\noffer: {by: B, rounds: []}\n", "no rounds", "line 3",
         "in their order"},
        {RULES "demand: {by: A, rounds: [1]}\noffer: {by: B, rounds: [1, 2]}\n",
         "1 demands and 2 offers", "line 4", "each round"},
        {RULES "demand: {by: A, rounds: [71z3]}\noffer: {by: B, rounds: [1]}\n",
         "a demand is no amount", "line 3", "digits"},
        {RULES "demand: {by: A, rounds: [5]}\noffer: {by: B, rounds: [-713]}\n",
         "an offer is no amount", "line 4", "digits"},
        {RULES "demand: {by: A, rounds: [5.71371]}\noffer: {by: B, rounds: [1]}\n",
         "a demand has more than 4 decimals", "line 3", "round"},
        {RULES "demand: {by: A, rounds: [713713713713713]}\noffer: {by: B, rounds: [1]}\n",
         "a demand is above", "line 3", "thousands"},
        {RULES "demand: {by: A}\noffer: {by: B, rounds: [1]}\n", "demand has no rounds", "line 3",
         "add rounds"},
        {RULES "demand: [1]\noffer: {by: B, rounds: [1]}\n", "not written as", "line 3", "by"},
        {"or-within: -713\n" RULES SIDES, "no amount", "line 1", "digits"},
        {"rules: 1\n" RULES SIDES, "no key \"rules\"", "line 1", "write one of these"},
    };
    struct arena mem = test_arena(MEM_BYTES);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bidding_file f;
        struct err err = {0};
        if (read_it(rows[i].yaml, &mem, &f, &err)) {
            fail_msg("row %zu was read", i);
        }
        if (strstr(err.what, rows[i].what) == NULL || strstr(err.where, rows[i].where) == NULL ||
            strstr(err.mend, rows[i].mend) == NULL || err.mend[0] == 0) {
            fail_msg("row %zu: %s / %s / %s", i, err.what, err.where, err.mend);
        }
        assert_null(strstr(err.what, "71"));
        assert_null(strstr(err.mend, "71"));
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

static void test_no_memory(void **state)
{
    struct arena mem = test_arena(MEM_BYTES);
    (void)state;
    for (uint64_t n = 1;; n++) {
        struct bidding_file f;
        struct err err = {0};
        mem.fault_in = n;
        bool good = read_it(RULES SIDES, &mem, &f, &err);
        bool failed = mem.failed;
        mem.failed = false;
        mem.fault_in = 0;
        arena_rewind(&mem, 0);
        assert_int_equal(good, !failed);
        if (good) {
            assert_true(n > 5);
            break;
        }
        assert_int_equal(err.code, ERR_MEMORY);
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
