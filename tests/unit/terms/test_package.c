/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/package.h"

#include "lib/test.h"

static struct text line_options[] = {{.p = "present line", .n = 12}, {.p = "5 km back", .n = 9}};
static struct text access_options[] = {{.p = "both banks", .n = 10}};

static const struct issue issues[] = {
    {.id = {.p = "line", .n = 4}, .option_count = 2, .options = line_options},
    {.id = {.p = "access", .n = 6}, .option_count = 1, .options = access_options},
};

static void test_check(void **state)
{
    (void)state;
    static const struct {
        uint32_t count;
        struct choice choices[2];
        const char *fault; /* NULL: none */
    } cases[] = {
        {2, {{0, 1}, {1, 0}}, NULL},
        {1, {{1, 0}}, NULL},
        {0, {{0, 0}}, "no option"},
        {1, {{2, 0}}, "issue number 2"},
        {1, {{0, 2}}, "option number 2 of the issue line, which has 2"},
        {2, {{0, 0}, {0, 1}}, "two options of the issue line"},
        {2, {{1, 0}, {0, 0}}, "line out of the charter's order"},
        {1, {{UINT32_MAX, 0}}, "issue number"},
        {1, {{0, UINT32_MAX}}, "option number"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct choice choices[2] = {cases[i].choices[0], cases[i].choices[1]};
        struct package p = {.count = cases[i].count, .choices = choices};
        struct err err = {0};
        assert_int_equal(package_check(&p, issues, COUNT_OF(issues), &err), cases[i].fault == NULL);
        if (cases[i].fault != NULL) {
            assert_int_equal(err.code, ERR_FORMAT);
            assert_non_null(strstr(err.what, cases[i].fault));
        }
    }
}

static void test_words(void **state)
{
    (void)state;
    struct arena mem = test_arena(4096);
    struct choice choices[] = {{0, 1}, {1, 0}};
    struct package p = {.count = 2, .choices = choices};
    struct text words = package_words(&p, issues, &mem);
    assert_true(text_is(words, "line: 5 km back; access: both banks"));
    assert_int_equal(package_option(&p, 0), 1);
    assert_int_equal(package_option(&p, 1), 0);
    assert_int_equal(package_option(&p, 2), UINT32_MAX);
    struct arena none = {0};
    assert_int_equal(package_words(&p, issues, &none).n, 0);
    assert_true(none.failed);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_check), cmocka_unit_test(test_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
