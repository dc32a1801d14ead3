/* SPDX-License-Identifier: Apache-2.0
 *
 * Lotteries of any number of parties: the best mix of packages by a rule (analysis/bargain.h), over
 * the convex hull of the points of a frontier at or above no deal, with a bound that is proven.
 *
 * DESIGN.  Fair gain: from a mix x the product of gains of any mix y is at most
 *
 *     product(x) * (m / n)^n,    m = the most that a point v has of the sum over k of g_k(v) / g_k(x)
 *
 * (the geometric mean is not above the arithmetic one, and a sum is largest at a corner).  Weight is
 * moved from the point of the mix with the least such sum to the one with the most, as far as the
 * product rises; points of the mix are tried first, all others when those are settled.  Equal share
 * of hopes and the worst off: the largest smallest share is a linear program of parties + 1 rows;
 * any weights w of the parties prove that no mix has more than the most of sum w_k a_k(v), and the
 * simplex method ends where that is what was found.  Only the smallest share decides.
 */
#ifndef ENTENTE_ANALYSIS_MIX_H
#define ENTENTE_ANALYSIS_MIX_H

#include "analysis/bargain.h"

struct mix {
    size_t count;   /* points with a chance; one: no lottery is needed */
    size_t *point;  /* of the frontier, ascending */
    double *chance; /* above 0; they add up to 1 */
    double value;   /* by the rule, of the mix on average */
    double at_most; /* no mix gives more; near value unless the budget ended */
};

/* False in out_any when no point is at or above d, or none is needed to be sought: most value, and
 * fair gain where somebody can gain nothing, have a package, and so has a table without any gain.  ERR_MEMORY. */
MUST_CHECK bool mix_best(const struct frontier *f, const int64_t *d, const int64_t *ideal,
                         enum bargain_rule rule, const struct budget *budget, struct arena *mem,
                         bool *out_any, struct mix *out, struct err *err);

#endif
