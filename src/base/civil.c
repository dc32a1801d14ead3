/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"

#include <stdio.h>

#include "base/fixed.h"
#include "base/num.h"

#define DAY UINT64_C(86400)

/* Hinnant's algorithms count years from March, so that the leap day comes last; an era is 400
 * years of 146097 days.  All is unsigned: no date here is before 1970. */
struct civil civil_from_unix(uint64_t seconds)
{
    if (seconds > CIVIL_MAX) {
        seconds = CIVIL_MAX;
    }
    unsigned z = (unsigned)(seconds / DAY) + 719468; /* days since 0000-03-01 */
    unsigned era = z / 146097;
    unsigned doe = z % 146097;
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    unsigned month = mp < 10 ? mp + 3 : mp - 9;
    unsigned rest = (unsigned)(seconds % DAY);
    return (struct civil){
        .year = yoe + era * 400 + (month <= 2),
        .month = month,
        .day = doy - (153 * mp + 2) / 5 + 1,
        .hour = rest / 3600,
        .minute = rest / 60 % 60,
        .second = rest % 60,
    };
}

uint64_t civil_to_unix(struct civil c)
{
    unsigned y = c.year - (c.month <= 2);
    unsigned era = y / 400;
    unsigned yoe = y % 400;
    unsigned doy = (153 * (c.month > 2 ? c.month - 3 : c.month + 9) + 2) / 5 + c.day - 1;
    unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    uint64_t days = (uint64_t)era * 146097 + doe - 719468;
    return days * DAY + c.hour * 3600u + c.minute * 60u + c.second;
}

void civil_format(uint64_t seconds, char out[static CIVIL_TEXT_MAX])
{
    struct civil c = civil_from_unix(seconds);
    /* Each field is within its width; the modulos tell the compiler. */
    (void)snprintf(out, CIVIL_TEXT_MAX, "%04u-%02u-%02u %02u:%02u", c.year % 10000, c.month % 100,
                   c.day % 100, c.hour % 100, c.minute % 100);
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Takes n digits, of which the text may have fewer: then *ok is false. */
static unsigned take_digits(struct text t, size_t *at, size_t n, bool *ok)
{
    unsigned v = 0;
    for (size_t i = 0; i < n; i++) {
        if (*at >= t.n || t.p[*at] < '0' || t.p[*at] > '9') {
            *ok = false;
            return 0;
        }
        v = v * 10 + (unsigned)(t.p[(*at)++] - '0');
    }
    return v;
}

static bool take_char(struct text t, size_t *at, char c)
{
    if (*at >= t.n || t.p[*at] != c) {
        return false;
    }
    (*at)++;
    return true;
}

bool civil_parse(struct text t, uint64_t *out, struct err *err)
{
    struct civil c = {0};
    bool ok = true;
    size_t at = 0;
    c.year = take_digits(t, &at, 4, &ok);
    ok = ok && take_char(t, &at, '-');
    c.month = take_digits(t, &at, 2, &ok);
    ok = ok && take_char(t, &at, '-');
    c.day = take_digits(t, &at, 2, &ok);
    if (ok && at < t.n) {
        ok = take_char(t, &at, 'T') || take_char(t, &at, ' ');
        c.hour = take_digits(t, &at, 2, &ok);
        ok = ok && take_char(t, &at, ':');
        c.minute = take_digits(t, &at, 2, &ok);
        if (ok && take_char(t, &at, ':')) {
            c.second = take_digits(t, &at, 2, &ok);
        }
        (void)take_char(t, &at, 'Z'); /* it may be left out: all times are UTC */
    }
    if (!ok || at != t.n) {
        return err_set(err, ERR_FORMAT,
                       "a date is not written as 2026-03-09 or 2026-03-09 18:00") ||
               err_mend(err, "write year-month-day, then hour:minute if you need it, in UTC");
    }
    if (c.year < 1970 || c.month < 1 || c.month > 12 || c.day < 1 ||
        c.day > days_in(c.year, c.month) || c.hour > 23 || c.minute > 59 || c.second > 59) {
        return err_set(err, ERR_FORMAT, "there is no such date as %04u-%02u-%02u %02u:%02u:%02u",
                       c.year, c.month, c.day, c.hour, c.minute, c.second);
    }
    *out = civil_to_unix(c);
    return true;
}

static const struct unit {
    char letter;
    uint32_t seconds;
} units[] = {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

bool duration_parse(struct text t, uint64_t *out, struct err *err)
{
    struct text digits = {.p = t.p, .n = t.n > 0 ? t.n - 1 : 0};
    for (size_t i = 0; digits.n > 0 && i < COUNT_OF(units); i++) {
        if (units[i].letter != t.p[t.n - 1]) {
            continue;
        }
        uint64_t v;
        if (!u64_parse(digits, &v)) {
            break;
        }
        if (!u64_mul(v, units[i].seconds, &v) || v > CIVIL_MAX) {
            return err_set(err, ERR_LIMIT, "a span of time reaches beyond the year 9999");
        }
        *out = v;
        return true;
    }
    return err_set(err, ERR_FORMAT, "a span of time is not a number and a unit, such as 48h") ||
           err_mend(err, "use s, m, h, d or w: 90s, 15m, 48h, 14d, 3w");
}

void duration_format(uint64_t seconds, char out[static CIVIL_TEXT_MAX])
{
    size_t i = COUNT_OF(units) - 1;
    for (size_t k = 0; seconds > 0 && k < COUNT_OF(units); k++) {
        if (seconds % units[k].seconds == 0) {
            i = k;
            break;
        }
    }
    (void)snprintf(out, CIVIL_TEXT_MAX, "%llu%c", (unsigned long long)(seconds / units[i].seconds),
                   units[i].letter);
}
