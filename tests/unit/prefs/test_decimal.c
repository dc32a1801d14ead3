/* SPDX-License-Identifier: Apache-2.0 */
#include "prefs/decimal.h"

#include "lib/test.h"

static struct decimal read(const char *s)
{
    struct decimal d;
    assert_true(decimal_parse(text_str(s), &d));
    return d;
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
        bool rounded;
    } cases[] = {
        {"0", "0", false},
        {"-0.0", "0", false},
        {"12", "12", false},
        {"+1.50", "1.5", false},
        {".2", "0.2", false},
        {"5.", "5", false},
        {"-0.00015", "-0.00015", false},
        {"8.217731994440798e-06", "0.000008217731994440798", false},
        {"1E+3", "1000", false},
        {"0.6666666666666666", "0.6666666666666666", false},
        {"0.66666666666666666666", "0.666666666666666667", true},
        {"1000000000000000000", "1000000000000000000", false},
        {"99999999999999999999", "100000000000000000000", true},
        {"1e-40", "0", true},
        {"1e-400000000000", "0", true},
        {"0e999999999", "0", false},
        {"1e35", "100000000000000000000000000000000000", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char s[DECIMAL_TEXT_MAX];
        struct decimal d = read(cases[i].in);
        decimal_format(d, s);
        assert_string_equal(s, cases[i].out);
        assert_int_equal(d.rounded, cases[i].rounded);
    }
    static const char *const bad[] = {"",    "-",     ".",    "e5",  "1e",
                                      "1e+", "1.2.3", "0x10", "1 ",  "1e36",
                                      "nan", "inf",   "1,5",  "--1", "1e99999999999"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct decimal d;
        assert_false(decimal_parse(text_str(bad[i]), &d));
    }
}

static void test_sums(void **state)
{
    (void)state;
    struct decimal d;
    assert_true(decimal_add(read("0.1"), read("0.2"), &d));
    assert_int_equal(decimal_cmp(d, read("0.3")), 0);
    assert_false(d.rounded);
    assert_true(decimal_add(read("0.24745764370861967"), read("8.217731994440798e-06"), &d));
    assert_true(d.rounded);
    assert_int_equal(d.units, INT64_C(247465861440614111));
    assert_true(decimal_add(read("1e20"), read("1e-20"), &d));
    assert_true(d.rounded);
    assert_true(decimal_mul(read("-0.08"), read("10"), &d));
    assert_int_equal(decimal_cmp(d, read("-0.8")), 0);
    assert_true(decimal_cmp(read("-1"), read("1e-30")) < 0);
    assert_true(decimal_cmp(read("2"), read("1.9999999999999999")) > 0);
    assert_true(decimal_cmp(read("1e35"), read("1e-30")) > 0);
    assert_false(decimal_mul(read("1e20"), read("1e20"), &d));
}

static void test_align(void **state)
{
    (void)state;
    int64_t x, y;
    int exponent;
    assert_true(decimal_align(read("2.5"), read("-1000"), &x, &y, &exponent));
    assert_int_equal(x, INT64_C(2500000000000000));
    assert_int_equal(y, INT64_C(-1000000000000000000));
    assert_int_equal(exponent, -15);
    assert_true(decimal_align(read("538057930107048026"), read("0"), &x, &y, &exponent));
    assert_int_equal(x, INT64_C(538057930107048026));
    assert_int_equal(y, 0);
    assert_int_equal(exponent, 0);
    assert_true(decimal_align(read("0"), read("0"), &x, &y, &exponent));
    assert_int_equal(x, 0);
    assert_false(decimal_align(read("1e18"), read("0.1"), &x, &y, &exponent));
    assert_false(decimal_align(read("0.1"), read("-1e30"), &x, &y, &exponent));
}

static void test_fixed(void **state)
{
    (void)state;
    int64_t v;
    bool exact;
    assert_true(decimal_fixed(read("2.5"), 2, &v, &exact));
    assert_true(exact && v == 250);
    assert_true(decimal_fixed(read("-2.5"), 0, &v, &exact));
    assert_true(!exact && v == -3);
    assert_true(decimal_over(read("1"), read("3"), 3, &v, &exact));
    assert_true(!exact && v == 333);
    assert_true(decimal_over(read("3.4"), read("-0.00015"), 0, &v, &exact));
    assert_true(!exact && v == -22667);
    assert_false(decimal_fixed(read("1e20"), 0, &v, &exact));
}

/* 0.3 / (1.1 * 12) of 7: 2.1 / 13.2 = 7 / 44. */
static void test_ratio(void **state)
{
    (void)state;
    struct ratio r = {0};
    uint64_t q;
    int64_t units;
    ratio_times(&r, read("0.3"));
    ratio_over(&r, read("1.1"));
    ratio_over(&r, read("12"));
    assert_true(ratio_denominator(&r, read("7"), &q));
    assert_int_equal(q, 44);
    assert_true(ratio_units(&r, read("7"), 44, &units));
    assert_int_equal(units, 7);
    assert_true(ratio_units(&r, read("-7"), 1000, &units));
    assert_int_equal(units, -159); /* 159.09 */
    assert_true(ratio_denominator(&r, read("0"), &q));
    assert_int_equal(q, 1);
    assert_true(ratio_units(&r, read("0"), 44, &units));
    assert_int_equal(units, 0);

    struct ratio fine = {0};
    ratio_times(&fine, read("0.27061739605911705"));
    assert_false(ratio_denominator(&fine, read("0.6666666666666666"), &q));
    assert_true(ratio_units(&fine, read("0.6666666666666666"), INT64_C(1000000000000000), &units));
    assert_int_equal(units, INT64_C(180411597372745)); /* .680... */
    struct ratio huge = {0};
    ratio_times(&huge, read("1e17"));
    assert_false(ratio_units(&huge, read("100"), 1, &units));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse), cmocka_unit_test(test_sums),  cmocka_unit_test(test_align),
        cmocka_unit_test(test_fixed), cmocka_unit_test(test_ratio),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
