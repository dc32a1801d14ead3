/* SPDX-License-Identifier: Apache-2.0
 *
 * Natural numbers of up to 4,224 bits: counts of packages, and products of gains, which are
 * compared exactly.  Going beyond is our own bug (the limits of analysis/problem.h forbid it).
 */
#ifndef ENTENTE_ANALYSIS_BIG_H
#define ENTENTE_ANALYSIS_BIG_H

#include "base/arena.h"

#define BIG_LIMBS 66u

/* Products and sums that pass 64 bits on the way. */
__extension__ typedef unsigned __int128 wide;
__extension__ typedef __int128 wide_signed;

struct big {
    uint32_t n; /* limbs used; the highest is not 0; 0 is no limb */
    uint64_t limb[BIG_LIMBS];
};

void big_set(struct big *b, uint64_t v);
void big_set_wide(struct big *b, wide v);
void big_copy(struct big *out, const struct big *v);
void big_mul(struct big *b, uint64_t v);
void big_add(struct big *b, const struct big *v);
void big_sub(struct big *b, const struct big *v);                          /* v is at most b */
void big_times(struct big *out, const struct big *a, const struct big *b); /* out is neither */
int big_cmp(const struct big *a, const struct big *b);

/* b becomes b / v, the rest is returned; v is not 0. */
uint64_t big_div(struct big *b, uint64_t v);

/* False, and *out left alone, where it does not fit. */
bool big_u64(const struct big *b, uint64_t *out);

/* Near enough, for people; +inf where it is beyond a double. */
double big_double(const struct big *b);

/* All its decimal digits, in the arena; NULL when that is full. */
const char *big_text(const struct big *b, struct arena *mem);

#endif
