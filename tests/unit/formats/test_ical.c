/* SPDX-License-Identifier: Apache-2.0
 *
 * A calendar file: its lines are as RFC 5545 wants them, what is read out of it is what was put in,
 * and it is the same for the same dates.
 */
#include "formats/ical.h"

#include <libical/ical.h>

#include "lib/test.h"

#define WHEN UINT64_C(1773597600) /* 2026-03-15 18:00 UTC */

static struct ical_event event(const char *uid, const char *summary)
{
    return (struct ical_event){.uid = uid,
                               .when = WHEN,
                               .category = "DEADLINE",
                               .summary = text_str(summary),
                               .about = text_str("all parties; binds")};
}

static void written(const struct ical_event *events, uint32_t n, struct buf *out)
{
    struct err err = {0};
    buf_init(out, 1u << 20);
    assert_true(ical_write(text_str("Lake, and border; talks"), WHEN - 60, events, n, out, &err));
}

/* Lines end with CR LF and have at most 75 bytes, folded within no character. */
static void test_lines(void **state)
{
    (void)state;
    char longer[600];
    size_t n = 0;
    while (n + 3 < sizeof(longer)) {
        memcpy(longer + n, n % 2 == 0 ? "ä" : "b ", 2);
        n += 2;
    }
    longer[n] = '\0';
    struct ical_event e = event("deadline-0-0@x", longer);
    struct buf b;
    written(&e, 1, &b);
    size_t line = 0;
    for (size_t i = 0; i < b.n; i++) {
        if (b.p[i] == '\n') {
            assert_true(i > 0 && b.p[i - 1] == '\r');
            assert_true(i - line <= 76);
            line = i + 1;
        }
    }
    assert_int_equal(line, b.n);
    assert_non_null(strstr(buf_str(&b), "DTSTART:20260315T180000Z\r\n"));
    assert_non_null(strstr(buf_str(&b), "DTSTAMP:20260315T175900Z\r\n"));
    buf_free(&b);
}

/* What could break out of its line comes back as it was. */
static void test_read_again(void **state)
{
    (void)state;
    static const char *const summaries[] = {"plain", "a, b; c: \\d \"e\"",
                                            "BEGIN:VEVENT END:VCALENDAR", "größer als 5 °C"};
    struct ical_event e[COUNT_OF(summaries)];
    char uids[COUNT_OF(summaries)][32];
    for (uint32_t i = 0; i < COUNT_OF(summaries); i++) {
        (void)snprintf(uids[i], sizeof(uids[i]), "uid-%u@table", i);
        e[i] = event(uids[i], summaries[i]);
    }
    struct buf b, same;
    written(e, COUNT_OF(e), &b);
    written(e, COUNT_OF(e), &same);
    assert_true(bytes_eq(buf_bytes(&b), buf_bytes(&same)));
    icalcomponent *calendar = icalparser_parse_string(buf_str(&b));
    assert_non_null(calendar);
    assert_int_equal(icalcomponent_isa(calendar), ICAL_VCALENDAR_COMPONENT);
    assert_int_equal(icalcomponent_count_errors(calendar), 0);
    assert_true(icalrestriction_check(calendar));
    uint32_t n = 0;
    for (icalcomponent *v = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         v != NULL; v = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        assert_true(n < COUNT_OF(e));
        assert_string_equal(icalcomponent_get_uid(v), uids[n]);
        assert_string_equal(icalcomponent_get_summary(v), summaries[n]);
        assert_string_equal(icalcomponent_get_description(v), "all parties; binds");
        assert_int_equal(icaltime_as_timet(icalcomponent_get_dtstart(v)), WHEN);
        n++;
    }
    assert_int_equal(n, COUNT_OF(e));
    icalcomponent_free(calendar);
    buf_free(&b);
    buf_free(&same);
}

static void test_empty_and_refused(void **state)
{
    (void)state;
    struct buf b;
    struct err err = {0};
    written(NULL, 0, &b);
    assert_non_null(strstr(buf_str(&b), "VERSION:2.0\r\n"));
    assert_null(strstr(buf_str(&b), "VEVENT"));
    buf_free(&b);
    struct ical_event e = event("uid", "late");
    e.when = ICAL_SECONDS_MAX + 1;
    buf_init(&b, 1u << 16);
    assert_false(ical_write(text_str("x"), WHEN, &e, 1, &b, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    err_clear(&err);
    buf_free(&b);
    buf_init(&b, 64); /* no room */
    e.when = WHEN;
    assert_false(ical_write(text_str("x"), WHEN, &e, 1, &b, &err));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_read_again),
        cmocka_unit_test(test_empty_and_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
