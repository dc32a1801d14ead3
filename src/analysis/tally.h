/* SPDX-License-Identifier: Apache-2.0
 *
 * How many packages may suit everybody, where they are far too many to count: proven bounds.
 *
 * DESIGN.  A party's worths are put into bins of equal width, from below, and issue by issue it is
 * found which share of all packages has which sum of bins.  A true sum is at least its bins, and by a
 * known amount more at most; so it is known which share the party certainly refuses nothing of, and
 * which it may refuse.  Who refuses is counted once for each party at most: what is left suits all.
 * And no more suit all than any one of them, or than reach the sum of what all need, each counted in
 * shares of its own range.  Shares are doubles, rounded up by more than they can be wrong.
 */
#ifndef ENTENTE_ANALYSIS_TALLY_H
#define ENTENTE_ANALYSIS_TALLY_H

#include "analysis/zone.h"

/* The problem is additive and checked.  Raises out->low and lowers out->high, which hold already;
 * leaves them where the budget ends before. */
MUST_CHECK bool tally_bounds(const struct problem *p, const struct budget *budget,
                             struct arena *mem, struct zone_count *out, struct err *err);

#endif
