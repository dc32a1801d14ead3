/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"

#include "lib/prop.h"
#include "lib/test.h"

static void test_known_dates(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *text;
    } known[] = {
        {0, "1970-01-01 00:00"},          {951782400, "2000-02-29 00:00"},
        {951868800, "2000-03-01 00:00"},  {1773079200, "2026-03-09 18:00"},
        {4107542400, "2100-03-01 00:00"}, {CIVIL_MAX, "9999-12-31 23:59"},
        {UINT64_MAX, "9999-12-31 23:59"},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        char out[CIVIL_TEXT_MAX];
        civil_format(known[i].seconds, out);
        assert_string_equal(out, known[i].text);
    }
    struct civil c = civil_from_unix(CIVIL_MAX);
    assert_int_equal(c.second, 59);
}

/* Every day of 1970..9999, counted by hand beside the algorithm. */
static void test_every_day(void **state)
{
    (void)state;
    static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned y = 1970, m = 1, d = 1;
    for (uint64_t t = 0; t <= CIVIL_MAX; t += 86400) {
        struct civil c = civil_from_unix(t + 86399);
        if (c.year != y || c.month != m || c.day != d || c.hour != 23 || c.minute != 59 ||
            c.second != 59 || civil_to_unix(c) != t + 86399) {
            fail_msg("day %u-%u-%u came out as %u-%u-%u", y, m, d, c.year, c.month, c.day);
        }
        bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        if (++d > lengths[m - 1] + (m == 2 && leap)) {
            d = 1;
            if (++m > 12) {
                m = 1;
                y++;
            }
        }
    }
    assert_int_equal(y, 10000);
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t want;
    } good[] = {
        {"2026-03-09", 1773014400},          {"2026-03-09 18:00", 1773079200},
        {"2026-03-09T18:00Z", 1773079200},   {"2026-03-09T18:00:05Z", 1773079205},
        {"2026-03-09 18:00:05", 1773079205}, {"1970-01-01", 0},
        {"2000-02-29", 951782400},           {"9999-12-31T23:59:59Z", CIVIL_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        uint64_t t = 1;
        struct err err = {0};
        assert_true(civil_parse(text_str(good[i].text), &t, &err));
        assert_int_equal(t, good[i].want);
    }
    static const char *const bad[] = {
        "",
        "2026",
        "2026-3-9",
        "2026-03-09 ",
        "2026-03-09Z",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-02-29",
        "2100-02-29",
        "2026-04-31",
        "2026-03-09 24:00",
        "2026-03-09 18:60",
        "2026-03-09 18:00:60",
        "2026-03-09  18:00",
        "2026-03-09T18:00+01:00",
        "1969-12-31",
        "2026-03-09 18",
        "2026-03-09 18:00x",
        "2026/03/09",
        "+026-03-09",
        "2026-03-09 18:00:",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        uint64_t t = 77;
        struct err err = {0};
        if (civil_parse(text_str(bad[i]), &t, &err)) {
            fail_msg("took %s", bad[i]);
        }
        assert_int_equal(err.code, ERR_FORMAT);
        assert_int_equal(t, 77);
    }
}

static void test_durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t want;
    } good[] = {{"90s", 90},      {"15m", 900},    {"48h", 172800},
                {"14d", 1209600}, {"3w", 1814400}, {"0s", 0}};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        uint64_t t = 1;
        struct err err = {0};
        assert_true(duration_parse(text_str(good[i].text), &t, &err));
        assert_int_equal(t, good[i].want);
    }
    static const char *const bad[] = {"",     "h",   "48", "48 h", "-1h", "+1h",
                                      "1.5h", "48H", "4y", "01h",  "1hh"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        uint64_t t = 77;
        struct err err = {0};
        assert_false(duration_parse(text_str(bad[i]), &t, &err));
        assert_int_equal(err.code, ERR_FORMAT);
        assert_int_equal(t, 77);
    }
    uint64_t t = 77;
    struct err err = {0};
    assert_false(duration_parse(text_str("18446744073709551615w"), &t, &err));
    assert_int_equal(err.code, ERR_LIMIT);

    char out[CIVIL_TEXT_MAX];
    duration_format(172800, out);
    assert_string_equal(out, "2d");
    duration_format(90000, out);
    assert_string_equal(out, "25h");
    duration_format(0, out);
    assert_string_equal(out, "0s");
    struct prop rnd;
    prop_init(&rnd, "duration");
    for (size_t i = 0, n = prop_rounds(5000); i < n; i++) {
        uint64_t v = prop_edgy(&rnd) % (CIVIL_MAX + 1), back = 0;
        duration_format(v, out);
        assert_true(duration_parse(text_str(out), &back, &err));
        assert_int_equal(v, back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_dates),
        cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
