/* SPDX-License-Identifier: Apache-2.0
 *
 * What a weighted sum of all parties' worths can be at most over a part of the packages, seeing that
 * boxes exclude each other.
 *
 * DESIGN.  Each party by itself may have its best box and each issue its best option; together they
 * may not.  Every box that adds something is booked on one of its issues: it counts there for the
 * options of its range alone, and an issue gives the most that one of its options has.  That is never
 * too little, whichever issue a box is booked on, for a package in the box has such an option; large
 * boxes go first, each to where it raises the sum least.
 */
#ifndef ENTENTE_ANALYSIS_RELAX_H
#define ENTENTE_ANALYSIS_RELAX_H

#include "analysis/problem.h"

struct relax {
    const struct problem *p;
    uint32_t *order; /* boxes that add, the largest first */
    uint32_t count;
    size_t *from; /* [issue]: where its options begin in profile */
    double *profile;
    double *peak;   /* [issue]: the most of its profile */
    size_t options; /* of all issues */
};

/* False in *out_applies where it says nothing: with tables, with boxes that make a worth 0, or too
 * many options.  ERR_MEMORY. */
MUST_CHECK bool relax_init(struct relax *r, const struct problem *p, struct arena *mem,
                           bool *out_applies, struct err *err);

/* Weights are not below 0; caps are left aside.  At least the true one, but for rounding (below
 * 1e-12 of it). */
double relax_most(struct relax *r, const double *weight, const uint32_t *low, const uint32_t *high);

#endif
