/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/issue.h"

#include "lib/test.h"

static void test_places(void **state)
{
    (void)state;
    struct text options[] = {text_str("present line"), text_str("5 km back")};
    struct issue issues[] = {
        {.id = text_str("line"), .option_count = 2, .options = options},
        {.id = text_str("lines"), .option_count = 1, .options = options},
    };
    assert_int_equal(issue_find(issues, 2, text_str("line")), 0);
    assert_int_equal(issue_find(issues, 2, text_str("lines")), 1);
    assert_int_equal(issue_find(issues, 1, text_str("lines")), UINT32_MAX);
    assert_int_equal(issue_find(issues, 2, text_str("lin")), UINT32_MAX);
    assert_int_equal(issue_find(NULL, 0, text_str("line")), UINT32_MAX);
    assert_int_equal(issue_option(&issues[0], text_str("5 km back")), 1);
    assert_int_equal(issue_option(&issues[1], text_str("5 km back")), UINT32_MAX);
    assert_int_equal(issue_option(&issues[0], text_str("")), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_places)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
