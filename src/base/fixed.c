/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fixed.h"

#include "base/check.h"
#include "base/num.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Says which words were not a number; a stack arena is room enough for the quote. */
static bool refuse(struct err *err, enum err_code code, struct text t, const char *why)
{
    _Alignas(16) uint8_t room[256] = {0};
    struct arena mem;
    arena_init(&mem, room, sizeof(room));
    return err_set(err, code, "%s %s", text_quote(&mem, text_bytes(t), 40), why);
}

bool fixed_parse(struct text t, unsigned scale, int64_t *out, struct err *err)
{
    CHECK(scale <= FIXED_SCALE_MAX);
    size_t at = 0;
    bool minus = t.n > 0 && t.p[0] == '-';
    if (t.n > 0 && (t.p[0] == '-' || t.p[0] == '+')) {
        at++;
    }
    size_t whole = 0;
    unsigned decimals = 0;
    int64_t v = 0;
    bool point = false, fits = true;
    for (; at < t.n; at++) {
        char c = t.p[at];
        if (c == '.' && !point && whole > 0) {
            point = true;
            whole = 0;
            continue;
        }
        if (!is_digit(c)) {
            return refuse(err, ERR_FORMAT, t, "is not a decimal number");
        }
        whole++;
        if (point && decimals == scale) {
            if (c != '0') {
                return err_set(err, ERR_FORMAT, "an amount has more than %u decimal places", scale);
            }
            continue;
        }
        decimals += point ? 1 : 0;
        /* Downwards, for the least int64 has no positive twin. */
        fits = fits && i64_mul(v, 10, &v) && i64_sub(v, c - '0', &v);
    }
    if (whole == 0) {
        return refuse(err, ERR_FORMAT, t, "is not a decimal number");
    }
    for (; decimals < scale; decimals++) {
        fits = fits && i64_mul(v, 10, &v);
    }
    if (fits && !minus) {
        fits = i64_sub(0, v, &v);
    }
    if (!fits) {
        return refuse(err, ERR_LIMIT, t, "is too large");
    }
    *out = v;
    return true;
}

void fixed_format(int64_t units, unsigned scale, char out[static FIXED_TEXT_MAX])
{
    CHECK(scale <= FIXED_SCALE_MAX);
    uint64_t v = units < 0 ? ~(uint64_t)units + 1 : (uint64_t)units;
    while (scale > 0 && v % 10 == 0) {
        v /= 10;
        scale--;
    }
    /* From the back: decimals, the point, whole digits, the sign. */
    char back[FIXED_TEXT_MAX];
    size_t n = 0;
    unsigned done = 0;
    do {
        back[n++] = (char)('0' + v % 10);
        v /= 10;
        done++;
        if (done == scale) {
            back[n++] = '.';
        }
    } while (v > 0 || done <= scale);
    if (units < 0) {
        back[n++] = '-';
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = back[n - 1 - i];
    }
    out[n] = 0;
}

bool u64_parse(struct text t, uint64_t *out)
{
    if (t.n == 0 || (t.n > 1 && t.p[0] == '0')) {
        return false;
    }
    uint64_t v = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (!is_digit(t.p[i]) || !u64_mul(v, 10, &v) || !u64_add(v, (uint64_t)(t.p[i] - '0'), &v)) {
            return false;
        }
    }
    *out = v;
    return true;
}

bool i64_parse(struct text t, int64_t *out)
{
    bool minus = t.n > 0 && t.p[0] == '-';
    size_t from = minus ? 1 : 0;
    uint64_t v;
    if (!u64_parse((struct text){.p = t.p + from, .n = t.n - from}, &v)) {
        return false;
    }
    if (minus) {
        if (v == 0 || v > (uint64_t)INT64_MAX + 1) {
            return false;
        }
        *out = -1 - (int64_t)(v - 1);
        return true;
    }
    if (v > INT64_MAX) {
        return false;
    }
    *out = (int64_t)v;
    return true;
}
