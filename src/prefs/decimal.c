/* SPDX-License-Identifier: Apache-2.0
 *
 * Products of up to eight factors of 60 bits are held whole, in 512 bits; a division by several
 * factors is one by each, for floor(floor(a / b) / c) = floor(a / (b c)).
 */
#include "prefs/decimal.h"

#include "base/check.h"

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

#define UNITS_MAX DECIMAL_UNITS_MAX
#define DIGITS_MAX 18

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static uint64_t power10(int n) /* n <= 18 */
{
    uint64_t p = 1;
    for (int i = 0; i < n; i++) {
        p *= 10;
    }
    return p;
}

/* To 18 digits and no trailing zero.  False above the largest exponent. */
static bool settle(wide units, int64_t exponent, bool rounded, struct decimal *out)
{
    bool negative = units < 0;
    uwide m = negative ? (uwide)-units : (uwide)units;
    unsigned last = 0;
    while (m > (uwide)DECIMAL_UNITS_MAX || (m != 0 && exponent < -DECIMAL_EXPONENT_MAX)) {
        rounded = rounded || last != 0;
        last = (unsigned)(m % 10);
        m /= 10;
        exponent++;
    }
    rounded = rounded || last != 0;
    if (last >= 5 && m != 0 && m < (uwide)DECIMAL_UNITS_MAX) {
        m++;
    }
    while (m != 0 && m % 10 == 0) {
        m /= 10;
        exponent++;
    }
    if (m == 0) {
        *out = (struct decimal){.rounded = rounded};
        return true;
    }
    int64_t digits = exponent;
    for (uwide rest = m; rest > 0; rest /= 10) {
        digits++;
    }
    if (digits > DECIMAL_EXPONENT_MAX) {
        return false;
    }
    *out = (struct decimal){.units = negative ? -(int64_t)m : (int64_t)m,
                            .exponent = (int)exponent,
                            .rounded = rounded};
    return true;
}

struct decimal decimal_of(int64_t units, int exponent)
{
    struct decimal d;
    CHECK(units <= DECIMAL_UNITS_MAX && units >= -DECIMAL_UNITS_MAX);
    bool ok = settle(units, exponent, false, &d);
    CHECK(ok);
    return d;
}

/* The digits of one side of the point; what is beyond 30 digits moves the exponent only. */
struct scan {
    const char *p;
    size_t n, at;
    wide units;
    int64_t exponent;
    int kept;
    bool rounded, any;
};

static void scan_digits(struct scan *s, bool after_point)
{
    for (; s->at < s->n && s->p[s->at] >= '0' && s->p[s->at] <= '9'; s->at++) {
        int digit = s->p[s->at] - '0';
        s->any = true;
        if (s->kept < 30) {
            s->units = s->units * 10 + digit;
            s->kept += s->units != 0;
            s->exponent -= after_point;
        } else {
            s->rounded = s->rounded || digit != 0;
            s->exponent += !after_point;
        }
    }
}

static bool scan_exponent(struct scan *s)
{
    bool negative = false, any = false;
    int64_t e = 0;
    if (s->at < s->n && (s->p[s->at] == '-' || s->p[s->at] == '+')) {
        negative = s->p[s->at++] == '-';
    }
    for (; s->at < s->n && s->p[s->at] >= '0' && s->p[s->at] <= '9'; s->at++) {
        any = true;
        e = e < 100000000 ? e * 10 + (s->p[s->at] - '0') : e;
    }
    s->exponent += negative ? -e : e;
    return any;
}

bool decimal_parse(struct text t, struct decimal *out)
{
    struct scan s = {.p = t.p, .n = t.n};
    bool negative = false;
    if (s.at < s.n && (s.p[s.at] == '-' || s.p[s.at] == '+')) {
        negative = s.p[s.at++] == '-';
    }
    scan_digits(&s, false);
    if (s.at < s.n && s.p[s.at] == '.') {
        s.at++;
        scan_digits(&s, true);
    }
    if (!s.any) {
        return false;
    }
    if (s.at < s.n && (s.p[s.at] == 'e' || s.p[s.at] == 'E')) {
        s.at++;
        if (!scan_exponent(&s)) {
            return false;
        }
    }
    return s.at == s.n && settle(negative ? -s.units : s.units, s.exponent, s.rounded, out);
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *out)
{
    if (a.units == 0 || b.units == 0) {
        bool rounded = a.rounded || b.rounded;
        *out = a.units == 0 ? b : a;
        out->rounded = rounded;
        return true;
    }
    if (a.exponent < b.exponent) {
        struct decimal swap = a;
        a = b;
        b = swap;
    }
    /* a is scaled up as far as 36 digits allow, then b down to it. */
    wide x = a.units, y = b.units;
    int exponent = a.exponent;
    bool rounded = a.rounded || b.rounded;
    for (; exponent > b.exponent && x < (wide)DECIMAL_UNITS_MAX * (wide)power10(17) &&
           x > -(wide)DECIMAL_UNITS_MAX * (wide)power10(17);
         exponent--) {
        x *= 10;
    }
    for (int e = b.exponent; e < exponent; e++) {
        rounded = rounded || y % 10 != 0;
        y /= 10;
    }
    return settle(x + y, exponent, rounded, out);
}

bool decimal_mul(struct decimal a, struct decimal b, struct decimal *out)
{
    return settle((wide)a.units * b.units, (int64_t)a.exponent + b.exponent, a.rounded || b.rounded,
                  out);
}

bool decimal_align(struct decimal a, struct decimal b, int64_t *x, int64_t *y, int *exponent)
{
    a.exponent = a.units == 0 ? b.exponent : a.exponent;
    b.exponent = b.units == 0 ? a.exponent : b.exponent;
    for (;;) {
        bool lower_a = a.exponent >= b.exponent, lower_b = b.exponent >= a.exponent;
        if ((lower_a && magnitude(a.units) > (uint64_t)UNITS_MAX / 10) ||
            (lower_b && magnitude(b.units) > (uint64_t)UNITS_MAX / 10) ||
            (a.units == 0 && b.units == 0)) {
            break;
        }
        a.units *= lower_a ? 10 : 1;
        a.exponent -= lower_a;
        b.units *= lower_b ? 10 : 1;
        b.exponent -= lower_b;
    }
    *x = a.units;
    *y = b.units;
    *exponent = a.exponent;
    return a.exponent == b.exponent;
}

struct decimal decimal_neg(struct decimal a)
{
    a.units = -a.units;
    return a;
}

int decimal_cmp(struct decimal a, struct decimal b)
{
    if ((a.units < 0) != (b.units < 0)) {
        return a.units < 0 ? -1 : 1;
    }
    struct decimal d;
    if (a.units == 0 || b.units == 0) {
        return (a.units > b.units) - (a.units < b.units);
    }
    /* Of the same sign: the difference is no larger than they are, and 0 only where they are
     * equal, for numbers this much apart differ in their first digits. */
    bool ok = decimal_add(a, decimal_neg(b), &d);
    CHECK(ok);
    return (d.units > 0) - (d.units < 0);
}

void decimal_format(struct decimal a, char out[static DECIMAL_TEXT_MAX])
{
    char digits[24];
    size_t n = 0, at = 0;
    uint64_t m = magnitude(a.units);
    do {
        digits[n++] = (char)('0' + m % 10);
        m /= 10;
    } while (m > 0);
    if (a.units < 0) {
        out[at++] = '-';
    }
    int point = (int)n + a.exponent; /* digits before the point */
    if (point <= 0) {
        out[at++] = '0';
        out[at++] = '.';
        for (int i = point; i < 0; i++) {
            out[at++] = '0';
        }
    }
    for (int i = 0; n > 0; i++) {
        if (i > 0 && i == point) {
            out[at++] = '.';
        }
        out[at++] = digits[--n];
    }
    for (int i = 0; i < a.exponent; i++) {
        out[at++] = '0';
    }
    out[at] = 0;
}

/* 512 bits, the lowest first. */
struct large {
    uint64_t limb[8];
};

static bool large_mul(struct large *a, uint64_t by)
{
    uwide carry = 0;
    for (size_t i = 0; i < COUNT_OF(a->limb); i++) {
        carry += (uwide)a->limb[i] * by;
        a->limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return carry == 0;
}

static bool large_div(struct large *a, uint64_t by) /* true: nothing was left over */
{
    uwide rest = 0;
    for (size_t i = COUNT_OF(a->limb); i-- > 0;) {
        rest = rest << 64 | a->limb[i];
        a->limb[i] = (uint64_t)(rest / by);
        rest %= by;
    }
    return rest == 0;
}

/* Factors without sign, powers of ten among them. */
#define FACTORS_MAX 12u

struct factors {
    uint32_t up_count, down_count;
    uint64_t up[FACTORS_MAX], down[FACTORS_MAX];
    bool negative, zero, rounded;
};

static void add_factor(struct factors *f, struct decimal d, bool down, int64_t *exponent)
{
    f->rounded = f->rounded || d.rounded;
    f->negative = f->negative != (d.units < 0);
    f->zero = f->zero || d.units == 0;
    *exponent += down ? -d.exponent : d.exponent;
    if (down) {
        f->down[f->down_count++] = magnitude(d.units);
    } else {
        f->up[f->up_count++] = magnitude(d.units);
    }
}

static bool factors_of(const struct ratio *r, struct decimal v, struct factors *f)
{
    int64_t exponent = 0;
    *f = (struct factors){0};
    for (uint32_t i = 0; i < r->up_count; i++) {
        add_factor(f, r->up[i], false, &exponent);
    }
    for (uint32_t i = 0; i < r->down_count; i++) {
        add_factor(f, r->down[i], true, &exponent);
    }
    add_factor(f, v, false, &exponent);
    if (f->zero) {
        return true;
    }
    while (exponent != 0) {
        int n = (int)(exponent < 0 ? -exponent : exponent);
        n = n > DIGITS_MAX ? DIGITS_MAX : n;
        uint32_t *count = exponent < 0 ? &f->down_count : &f->up_count;
        if (*count == FACTORS_MAX) {
            return false;
        }
        (exponent < 0 ? f->down : f->up)[(*count)++] = power10(n);
        exponent += exponent < 0 ? n : -n;
    }
    return true;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

static void cancel(struct factors *f)
{
    for (uint32_t i = 0; i < f->up_count; i++) {
        for (uint32_t k = 0; k < f->down_count && f->up[i] != 1; k++) {
            uint64_t g = gcd(f->up[i], f->down[k]);
            f->up[i] /= g;
            f->down[k] /= g;
        }
    }
}

void ratio_times(struct ratio *r, struct decimal by)
{
    CHECK(r->up_count < RATIO_FACTORS_MAX);
    r->up[r->up_count++] = by;
}

void ratio_over(struct ratio *r, struct decimal by)
{
    CHECK(r->down_count < RATIO_FACTORS_MAX && by.units != 0);
    r->down[r->down_count++] = by;
}

bool ratio_denominator(const struct ratio *r, struct decimal v, uint64_t *out)
{
    struct factors f;
    if (!factors_of(r, v, &f) || f.rounded) {
        return false;
    }
    uwide q = 1;
    if (!f.zero) {
        cancel(&f);
        for (uint32_t i = 0; i < f.down_count; i++) {
            q *= f.down[i]; /* both below 2^64 */
            if (q > (uwide)UNITS_MAX) {
                return false;
            }
        }
    }
    *out = (uint64_t)q;
    return true;
}

/* The factors times one, to the nearest; exact where nothing was left over. */
static bool units_of(struct factors *f, int64_t one, int64_t *out, bool *exact)
{
    if (f->zero) {
        *out = 0;
        *exact = !f->rounded;
        return true;
    }
    cancel(f);
    struct large a = {.limb = {2}};
    bool fits = large_mul(&a, (uint64_t)one), whole = true;
    for (uint32_t i = 0; i < f->up_count; i++) {
        fits = fits && large_mul(&a, f->up[i]);
    }
    if (!fits) {
        return false;
    }
    for (uint32_t i = 0; i < f->down_count; i++) {
        whole = large_div(&a, f->down[i]) && whole;
    }
    for (size_t i = 1; i < COUNT_OF(a.limb); i++) {
        if (a.limb[i] != 0) {
            return false;
        }
    }
    uint64_t m = a.limb[0] / 2 + a.limb[0] % 2; /* twice the quotient was made above */
    if (m > (uint64_t)UNITS_MAX) {
        return false;
    }
    *exact = whole && a.limb[0] % 2 == 0 && !f->rounded;
    *out = f->negative ? -(int64_t)m : (int64_t)m;
    return true;
}

bool ratio_units(const struct ratio *r, struct decimal v, int64_t one, int64_t *out)
{
    struct factors f;
    bool exact;
    return factors_of(r, v, &f) && units_of(&f, one, out, &exact);
}

bool decimal_over(struct decimal a, struct decimal b, unsigned decimals, int64_t *out, bool *exact)
{
    struct ratio r = {0};
    struct factors f;
    ratio_over(&r, b);
    return factors_of(&r, a, &f) && units_of(&f, (int64_t)power10((int)decimals), out, exact);
}

bool decimal_fixed(struct decimal a, unsigned decimals, int64_t *out, bool *exact)
{
    return decimal_over(a, decimal_of(1, 0), decimals, out, exact);
}
