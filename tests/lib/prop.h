/* SPDX-License-Identifier: Apache-2.0
 *
 * A seeded generator for property tests (xoshiro256**, seeded through splitmix64).  The seed is
 * printed; ENTENTE_SEED=n repeats a run.  The ordinary run has a fixed seed, so that a failure
 * belongs to the change that made it; ENTENTE_LONG=1 takes a fresh seed and 20 times the rounds.
 */
#ifndef ENTENTE_TESTS_PROP_H
#define ENTENTE_TESTS_PROP_H

#include "base/bytes.h"

struct prop {
    uint64_t seed;
    uint64_t s[4];
};

/* Seeds it and prints the seed under this name. */
void prop_init(struct prop *p, const char *name);
void prop_init_seed(struct prop *p, uint64_t seed);

/* How many rounds to play where an ordinary run plays this many. */
size_t prop_rounds(size_t ordinary);

uint64_t prop_u64(struct prop *p);
uint64_t prop_below(struct prop *p, uint64_t n); /* 0 .. n-1; n > 0 */
uint64_t prop_between(struct prop *p, uint64_t low, uint64_t high);
bool prop_one_in(struct prop *p, uint64_t n);
uint64_t prop_edgy(struct prop *p); /* often near a power of two, 0 or the maximum */
void prop_fill(struct prop *p, void *out, size_t n);

#endif
