/* SPDX-License-Identifier: Apache-2.0
 *
 * How far along a line, exactly: a fraction of 0 .. 1 that is compared and applied without rounding.
 */
#ifndef ENTENTE_ANALYSIS_RATIO_H
#define ENTENTE_ANALYSIS_RATIO_H

#include "analysis/big.h"

/* Neither is above 2^127; d is above 0. */
struct ratio {
    wide n;
    wide d;
};

/* n is 0 .. d; without common factors. */
struct ratio ratio_make(wide_signed n, wide_signed d);

int ratio_cmp(struct ratio a, struct ratio b);

/* v * r, to the nearest whole number, halves up; v is not below 0. */
int64_t ratio_of(struct ratio r, int64_t v);

/* x / x_below against y / y_below; nothing below is 0. */
int ratio_big_cmp(const struct big *x, const struct big *x_below, const struct big *y,
                  const struct big *y_below);

#endif
