/* SPDX-License-Identifier: Apache-2.0
 *
 * Packages worth naming (analysis/bargain.h) on a frontier of lines, where the best point may lie
 * between the ends of one: at a fraction, found and compared exactly.
 */
#ifndef ENTENTE_ANALYSIS_LINES_BEST_H
#define ENTENTE_ANALYSIS_LINES_BEST_H

#include "analysis/bargain.h"
#include "analysis/lines.h"

/* The best points by a rule (analysis/bargain.h) of runs that are clipped at d; all that tie, of
 * runs that tie along all their length the two ends.  Compared exactly. */
struct line_best {
    size_t count;
    struct line_point *point;
};
MUST_CHECK bool lines_solve(const struct lines *l, const int64_t *d, const int64_t *ideal,
                            enum bargain_rule rule, struct arena *mem, struct line_best *out,
                            struct err *err);

#endif
