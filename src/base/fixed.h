/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimal amounts as scaled 64-bit integers: value = units / 10^scale.  Nothing that two parties
 * must agree on is a float.
 */
#ifndef ENTENTE_BASE_FIXED_H
#define ENTENTE_BASE_FIXED_H

#include "base/text.h"

#define FIXED_SCALE_MAX 18u

/* [+-]digits[.digits], as many decimals as the scale at most (trailing zeros beyond it are fine);
 * no exponent, no blanks.  ERR_FORMAT or ERR_LIMIT. */
MUST_CHECK bool fixed_parse(struct text t, unsigned scale, int64_t *out, struct err *err);

/* The shortest decimal text of it; out holds at least FIXED_TEXT_MAX. */
#define FIXED_TEXT_MAX 24
void fixed_format(int64_t units, unsigned scale, char out[static FIXED_TEXT_MAX]);

/* Whole unsigned and signed decimal numbers, by length, no sign for the unsigned, no leading zero. */
MUST_CHECK bool u64_parse(struct text t, uint64_t *out);
MUST_CHECK bool i64_parse(struct text t, int64_t *out);

#endif
