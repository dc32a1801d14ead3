/* SPDX-License-Identifier: Apache-2.0
 *
 * Packages worth naming, among those on a frontier that nobody likes less than no deal.  With g the
 * gains over no deal, h the gain that each would have from its own best of all packages (`ideal`):
 *
 *     fair gain (Nash)                    the largest product of all g
 *     equal share of hopes (Kalai-Smorodinsky)   the largest smallest g / h
 *     best for the worst off (egalitarian)       the largest smallest g, then the next smallest
 *     most value (utilitarian)            the largest sum of all g
 *
 * The last two compare what one party gains with what another does, in utilities (worth / unit).
 * All that tie are given.  Products, sums and shares are compared as whole numbers, never rounded.
 */
#ifndef ENTENTE_ANALYSIS_BARGAIN_H
#define ENTENTE_ANALYSIS_BARGAIN_H

#include "analysis/frontier.h"

enum bargain_rule { BARGAIN_NASH, BARGAIN_KS, BARGAIN_EGALITARIAN, BARGAIN_UTILITARIAN };
#define BARGAIN_RULES 4u

struct bargain {
    size_t count;  /* 0: no package is as good as no deal for all */
    size_t *point; /* ascending */
};

/* What no deal is worth: the reserve, or where none is known the least that a package gives. */
void bargain_disagreement(const struct problem *p, int64_t *out);

/* The largest worth of each party over the points at or above d; false when there is none, and *out
 * left alone. */
bool bargain_reach(const struct frontier *f, const int64_t *d, int64_t *out);

/* ideal: what each party's own best package is worth to it; of an additive problem problem_bounds
 * says so, of others struct outcomes. */
MUST_CHECK bool bargain_solve(const struct frontier *f, const int64_t *d, const int64_t *ideal,
                              enum bargain_rule rule, struct arena *mem, struct bargain *out,
                              struct err *err);

/* ---- lotteries, two parties: any mix of two packages may be agreed as well ---- */

struct bargain_mix {
    size_t first; /* points; the same twice: no lottery is needed */
    size_t second;
    double share; /* the chance of the second: 0 .. 1; the two points are found exactly */
};

/* Of the convex hull of the points at or above d.  One mix: the rules have one answer there, but
 * for most value, whose answer is a package.  False in out_any when no point is at or above d. */
MUST_CHECK bool bargain_lottery(const struct frontier *f, const int64_t *d, const int64_t *ideal,
                                enum bargain_rule rule, struct arena *mem, bool *out_any,
                                struct bargain_mix *out, struct err *err);

#endif
