/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "cli/near.h"

static void test_distance(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned want;
    } cases[] = {
        {"", "", 0},
        {"a", "", 1},
        {"", "abc", 3},
        {"table", "table", 0},
        {"tabel", "table", 1},
        {"tble", "table", 1},
        {"taable", "table", 1},
        {"fable", "table", 1},
        {"kitten", "sitting", 3},
        {"ca", "abc", 3},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(near_distance(cases[i].a, cases[i].b), cases[i].want);
        assert_int_equal(near_distance(cases[i].b, cases[i].a), cases[i].want);
    }
    assert_int_equal(near_distance("an option of more than thirty-two letters", "x"), NEAR_FAR);
}

static void test_enough(void **state)
{
    (void)state;
    assert_true(near_enough("tabel", "table"));
    assert_true(near_enough("jorney", "journey"));
    assert_false(near_enough("x", "ui"));
    assert_false(near_enough("zzz", "say"));
    assert_false(near_enough("abcdef", "table"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
