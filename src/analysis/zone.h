/* SPDX-License-Identifier: Apache-2.0
 *
 * The zone of agreement: the packages that everybody prefers to no deal, or likes as much.  How many
 * there are; when there is none, who blocks, and what is the least that somebody would have to move.
 */
#ifndef ENTENTE_ANALYSIS_ZONE_H
#define ENTENTE_ANALYSIS_ZONE_H

#include "analysis/frontier.h"

/* Between low and high packages are in the zone; equal when it is known exactly. */
struct zone_count {
    struct big low;
    struct big high;
};

/* Reserves that are not known let every package pass.  Where worths add up and two parties at most
 * have one, half of the issues and the other half are listed, sorted and matched: exact up to some
 * 10^10 packages.  Else by halving the set of packages: a part in which even the worst package is
 * good enough, or even the best is not, is settled at once.  budget->work parts are looked at at
 * most; what is left then lies between, and is narrowed by shares of sums (analysis/tally.h). */
MUST_CHECK bool zone_count(const struct problem *p, const struct budget *budget, struct arena *mem,
                           struct zone_count *out, struct err *err);

/* Of a set of parties, a bit each. */
struct zone_blocks {
    size_t count;
    const uint32_t *set; /* the smallest first */
};

/* Sets of parties whose limits exclude each other, though without any one of them they would not.
 * consent[s] says that some package is acceptable to exactly the parties of s (2^parties places);
 * it is changed. */
MUST_CHECK bool zone_blocking(bool *consent, uint32_t parties, struct arena *mem,
                              struct zone_blocks *out, struct err *err);

/* The same sets from a frontier of all packages: what it says of a point holds of all that it
 * beats.  consent has 2^parties places. */
void zone_consent(const struct frontier *f, bool *consent);

/* What a party would have to give up of its reserve so that, all others staying as they are, some
 * package suits everybody: worth units; 0: nothing; INT64_MAX: its moving alone does not help. */
void zone_concessions(const struct frontier *f, int64_t *out);

#endif
