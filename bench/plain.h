/* SPDX-License-Identifier: Apache-2.0
 *
 * The analysis as plain C would have it: every package's utilities as doubles, sorted, one sweep.
 * It is what the measurements stand beside, and knows nothing of src/analysis but its problem.
 */
#ifndef ENTENTE_BENCH_PLAIN_H
#define ENTENTE_BENCH_PLAIN_H

#include "analysis/problem.h"

struct plain_answer {
    uint64_t points; /* distinct combinations on the frontier */
    uint64_t zone;   /* packages at or above the disagreement */
    double nash;     /* the largest product of gains; 0 where no package is acceptable to all */
    double kalai;
    double egalitarian;
    double utilitarian;
};

/* An additive problem of as many packages as fit the memory, twice. */
MUST_CHECK bool plain_analyse(const struct problem *p, const int64_t *d, struct arena *mem,
                              struct plain_answer *out, struct err *err);

#endif
