/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/ratio.h"

int ratio_cmp(struct ratio a, struct ratio b)
{
    int sign = 1;
    /* Whole parts, then the rests turned over, as in Euclid's algorithm. */
    for (;;) {
        wide x = a.n / a.d;
        wide y = b.n / b.d;
        if (x != y) {
            return x > y ? sign : -sign;
        }
        a.n -= x * a.d;
        b.n -= y * b.d;
        if (a.n == 0 || b.n == 0) {
            return a.n == b.n ? 0 : (a.n > b.n ? sign : -sign);
        }
        wide t = a.n;
        a.n = a.d;
        a.d = t;
        t = b.n;
        b.n = b.d;
        b.d = t;
        sign = -sign;
    }
}

int64_t ratio_of(struct ratio r, int64_t v)
{
    uint64_t whole = 0;
    wide rest = 0;
    /* Digit by digit of v: nothing passes 2^128, for r.d is below 2^127 or equal. */
    for (unsigned i = 63; i > 0; i--) {
        rest *= 2;
        whole *= 2;
        if (rest >= r.d) {
            rest -= r.d;
            whole++;
        }
        if (((uint64_t)v >> (i - 1) & 1) != 0) {
            rest += r.n;
            if (rest >= r.d) {
                rest -= r.d;
                whole++;
            }
        }
    }
    return (int64_t)(whole + (rest >= r.d - rest ? 1 : 0)); /* at most v */
}

struct ratio ratio_make(wide_signed n, wide_signed d)
{
    wide x = (wide)n;
    wide y = (wide)d;
    while (y != 0) {
        wide t = x % y;
        x = y;
        y = t;
    }
    return (struct ratio){.n = (wide)n / x, .d = (wide)d / x};
}

int ratio_big_cmp(const struct big *x, const struct big *x_below, const struct big *y,
                  const struct big *y_below)
{
    struct big left;
    struct big right;
    big_times(&left, x, y_below);
    big_times(&right, y, x_below);
    return big_cmp(&left, &right);
}
