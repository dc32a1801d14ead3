/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimal numbers of files, as exact as they are written: units * 10^exponent, with 18 digits.  More
 * digits than that are rounded, and the number says so.
 */
#ifndef ENTENTE_PREFS_DECIMAL_H
#define ENTENTE_PREFS_DECIMAL_H

#include "base/text.h"

#define DECIMAL_UNITS_MAX INT64_C(1000000000000000000) /* magnitude, included */
#define DECIMAL_EXPONENT_MAX 36                        /* either sign; what is smaller is 0 */
#define DECIMAL_TEXT_MAX 64

/* units has no trailing zero; 0 has the exponent 0. */
struct decimal {
    int64_t units;
    int exponent;
    bool rounded;
};

/* [+-]digits[.digits][e[+-]digits], one side of the point may be empty; as XML, JSON and YAML of
 * others have it.  False where it is no number, or one above 10^36. */
MUST_CHECK bool decimal_parse(struct text t, struct decimal *out);

struct decimal decimal_of(int64_t units, int exponent); /* |units| <= DECIMAL_UNITS_MAX */

/* False only where the result is beyond 10^36. */
MUST_CHECK bool decimal_add(struct decimal a, struct decimal b, struct decimal *out);
MUST_CHECK bool decimal_mul(struct decimal a, struct decimal b, struct decimal *out);

struct decimal decimal_neg(struct decimal a);

/* Both in units of one power of ten, the finest in which neither passes DECIMAL_UNITS_MAX.  False
 * where they have none in common. */
MUST_CHECK bool decimal_align(struct decimal a, struct decimal b, int64_t *x, int64_t *y,
                              int *exponent);

int decimal_cmp(struct decimal a, struct decimal b);

/* a / b to the nearest unit of 10^-decimals, halves away from 0; b is not 0.  exact: nothing was
 * lost.  False where it does not fit. */
MUST_CHECK bool decimal_over(struct decimal a, struct decimal b, unsigned decimals, int64_t *out,
                             bool *exact);

/* The number in units of 10^-decimals.  False where it does not fit in that; exact as above. */
MUST_CHECK bool decimal_fixed(struct decimal a, unsigned decimals, int64_t *out, bool *exact);

/* As people write it, without an exponent. */
void decimal_format(struct decimal a, char out[static DECIMAL_TEXT_MAX]);

/* An exact product of decimals, over another: a weight such as 0.3 / (1.1 * 12). */
#define RATIO_FACTORS_MAX 3u

struct ratio {
    uint32_t up_count, down_count;
    struct decimal up[RATIO_FACTORS_MAX], down[RATIO_FACTORS_MAX]; /* down: none is 0 */
};

/* CHECKs that there is room and, of the second, that by is not 0. */
void ratio_times(struct ratio *r, struct decimal by);
void ratio_over(struct ratio *r, struct decimal by);

/* r * v * one in lowest terms has this denominator: *out.  False where it, or a factor, was rounded
 * or is too large (10^18) for exact sums. */
MUST_CHECK bool ratio_denominator(const struct ratio *r, struct decimal v, uint64_t *out);

/* r * v * one to the nearest, halves away from 0.  False beyond 10^18. */
MUST_CHECK bool ratio_units(const struct ratio *r, struct decimal v, int64_t one, int64_t *out);

#endif
