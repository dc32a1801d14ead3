/* SPDX-License-Identifier: Apache-2.0
 *
 * Looks at every package: for preferences that are not additive, and for counting.
 *
 * DESIGN.  The last issues are the inner ones, at most a thousand of their combinations, whose worth
 * is kept in a table; the odometer turns over the outer ones, so a package costs an addition for
 * each party.  Boxes that lie within the inner issues are in the table already; others are added
 * where the outer options are within them, run by run.  A package that may be on the frontier is
 * put aside, and now and then those are sorted and filtered; most packages are thrown away before,
 * by one look (two parties: the best second worth known at or above this first one, in 4,096 steps;
 * more: a few rows of the frontier so far).
 */
#ifndef ENTENTE_ANALYSIS_OUTCOMES_H
#define ENTENTE_ANALYSIS_OUTCOMES_H

#include "analysis/frontier.h"

struct outcomes {
    uint64_t seen;       /* packages looked at */
    uint64_t total;      /* of how many */
    uint64_t acceptable; /* of those seen: nobody's reserve, no forbidden combination */
    int64_t most[PROBLEM_PARTIES_MAX]; /* the best worth seen of each party, forbidden ones too */
    bool
        bounded; /* of a frontier: its epsilon holds for packages that were not looked at as well */
};

/* Fewer than 2^63 packages?  Then *out says how many. */
bool outcomes_countable(const struct problem *p, uint64_t *out);

/* Looks at packages in the order of their numbers until all are seen, or the budget is spent:
 * out_frontier->exact is false then, and so it is when the frontier had to be thinned.  What was
 * put aside when the budget ended may be lost; epsilon takes it in (analysis/rest.h).  The packages
 * are countable, the problem is checked.  ERR_MEMORY. */
MUST_CHECK bool outcomes_frontier(const struct problem *p, enum frontier_scope scope,
                                  const struct budget *budget, struct arena *mem,
                                  struct frontier *out_frontier, struct outcomes *out,
                                  struct err *err);

/* Which sets of parties would sign the same package: out_sets[s] is true when some package seen is
 * acceptable to exactly the parties of the bits of s; out_sets has 2^parties places. */
MUST_CHECK bool outcomes_consent(const struct problem *p, const struct budget *budget,
                                 struct arena *mem, bool *out_sets, struct outcomes *out,
                                 struct err *err);

/* The packages with exactly these worths, up to max, as numbers; how many were written. */
MUST_CHECK bool outcomes_find(const struct problem *p, const int64_t *worth, size_t max,
                              const struct budget *budget, struct arena *mem, uint64_t *out_numbers,
                              size_t *out_count, struct err *err);

#endif
