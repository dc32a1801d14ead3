/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fixed.h"

#include "lib/prop.h"
#include "lib/test.h"

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned scale;
        int64_t want;
    } good[] = {
        {"0", 0, 0},
        {"-0", 2, 0},
        {"7", 2, 700},
        {"+7.5", 2, 750},
        {"-7.05", 2, -705},
        {"007.10", 1, 71},
        {"1.2300000", 2, 123},
        {"0.000001", 6, 1},
        {"131000", 2, 13100000},
        {"9223372036854775807", 0, INT64_MAX},
        {"-9223372036854775808", 0, INT64_MIN},
        {"-9.223372036854775808", 18, INT64_MIN},
        {"92233720368547758.07", 2, INT64_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        int64_t v = 99;
        struct err err = {0};
        assert_true(fixed_parse(text_str(good[i].text), good[i].scale, &v, &err));
        assert_int_equal(v, good[i].want);
    }
}

static void test_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned scale;
        enum err_code code;
    } bad[] = {
        {"", 0, ERR_FORMAT},
        {"-", 0, ERR_FORMAT},
        {".5", 1, ERR_FORMAT},
        {"5.", 1, ERR_FORMAT},
        {"1.25", 1, ERR_FORMAT},
        {"1e3", 0, ERR_FORMAT},
        {" 1", 0, ERR_FORMAT},
        {"1 000", 0, ERR_FORMAT},
        {"1,5", 1, ERR_FORMAT},
        {"1.2.3", 3, ERR_FORMAT},
        {"+-1", 0, ERR_FORMAT},
        {"0x10", 0, ERR_FORMAT},
        {"9223372036854775808", 0, ERR_LIMIT},
        {"-9223372036854775809", 0, ERR_LIMIT},
        {"92233720368547758.08", 2, ERR_LIMIT},
        {"10", 18, ERR_LIMIT},
        {"99999999999999999999999999999999999999999999", 0, ERR_LIMIT},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        int64_t v = 99;
        struct err err = {0};
        assert_false(fixed_parse(text_str(bad[i].text), bad[i].scale, &v, &err));
        assert_int_equal(err.code, bad[i].code);
        assert_int_equal(v, 99);
        assert_true(err.what[0] != 0);
    }
}

static void test_format(void **state)
{
    (void)state;
    char out[FIXED_TEXT_MAX];
    fixed_format(0, 6, out);
    assert_string_equal(out, "0");
    fixed_format(-5, 2, out);
    assert_string_equal(out, "-0.05");
    fixed_format(12300, 2, out);
    assert_string_equal(out, "123");
    fixed_format(12340, 2, out);
    assert_string_equal(out, "123.4");
    fixed_format(INT64_MIN, 18, out);
    assert_string_equal(out, "-9.223372036854775808");
    fixed_format(INT64_MIN, 0, out);
    assert_string_equal(out, "-9223372036854775808");
    fixed_format(-1, 18, out);
    assert_string_equal(out, "-0.000000000000000001");
}

static void test_there_and_back(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "fixed");
    for (size_t i = 0, n = prop_rounds(20000); i < n; i++) {
        int64_t v = (int64_t)prop_edgy(&rnd), back = 0;
        unsigned scale = (unsigned)prop_below(&rnd, FIXED_SCALE_MAX + 1);
        char out[FIXED_TEXT_MAX];
        struct err err = {0};
        memset(out, 'x', sizeof(out));
        fixed_format(v, scale, out);
        assert_non_null(memchr(out, 0, sizeof(out)));
        assert_true(fixed_parse(text_str(out), scale, &back, &err));
        assert_int_equal(v, back);
    }
}

static void test_whole_numbers(void **state)
{
    (void)state;
    uint64_t u = 9;
    int64_t s = 9;
    assert_true(u64_parse(text_str("18446744073709551615"), &u) && u == UINT64_MAX);
    assert_true(u64_parse(text_str("0"), &u) && u == 0);
    assert_true(i64_parse(text_str("-9223372036854775808"), &s) && s == INT64_MIN);
    assert_true(i64_parse(text_str("9223372036854775807"), &s) && s == INT64_MAX);
    assert_true(i64_parse(text_str("-1"), &s) && s == -1);
    static const char *const bad[] = {"",
                                      "00",
                                      "01",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1a",
                                      "-",
                                      "--1",
                                      "-0",
                                      "-01",
                                      "18446744073709551616",
                                      "99999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(u64_parse(text_str(bad[i]), &u));
        assert_false(i64_parse(text_str(bad[i]), &s));
    }
    assert_false(u64_parse(text_str("-1"), &u));
    assert_false(i64_parse(text_str("9223372036854775808"), &s));
    assert_false(i64_parse(text_str("-9223372036854775809"), &s));
    assert_int_equal(u, 0);
    assert_int_equal(s, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),         cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_format),        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_whole_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
