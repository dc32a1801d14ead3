/* SPDX-License-Identifier: Apache-2.0
 *
 * The best package by one rule where there are far too many to look at each: branch and bound.
 *
 * DESIGN.  A part of the packages is a range of options for each issue.  What a package of it can be
 * worth to a party is at most the best options' worths plus the boxes that meet the part and are
 * worth having (problem_bounds), so no package of it is better by the rule than one that had all
 * those at once; nor better than a weighted sum of all can be where boxes exclude each other
 * (analysis/relax.h).  The part with the largest promise is split where a box or an issue tells its
 * packages apart most; parts that promise no more than the best package found are dropped.  Good
 * packages come from climbing: from the best corner of a part, option by option.  When the budget
 * ends, the largest promise left is proven: no package is better than that.
 */
#ifndef ENTENTE_ANALYSIS_BOUND_H
#define ENTENTE_ANALYSIS_BOUND_H

#include "analysis/bargain.h"

struct bound_result {
    bool found; /* a package at least as good as no deal for all */
    bool none;  /* proven: there is no such package */
    uint32_t package[PROBLEM_ISSUES_MAX];
    int64_t worth[PROBLEM_PARTIES_MAX];
    double value;   /* what the rule gives for it */
    double promise; /* no package gives more */
    bool exact;     /* it is the best one */
    uint64_t parts; /* looked at */
};

/* d: what no deal is worth.  Equal share of hopes takes `hope`, what each party may gain at most
 * (an upper bound will do); others leave it alone.  Values are doubles: near ties may be decided
 * either way, within 1e-12 of the value. */
MUST_CHECK bool bound_best(const struct problem *p, const int64_t *d, const int64_t *hope,
                           enum bargain_rule rule, const struct budget *budget, struct arena *mem,
                           struct bound_result *out, struct err *err);

#endif
