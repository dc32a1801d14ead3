/* SPDX-License-Identifier: Apache-2.0
 *
 * What a package would be worth with each option of one issue, all others staying as they are: only
 * boxes that name the issue are looked at, so that climbing is cheap.
 */
#ifndef ENTENTE_ANALYSIS_SWEEP_H
#define ENTENTE_ANALYSIS_SWEEP_H

#include "analysis/problem.h"

struct sweep {
    const struct problem *p;
    size_t *from;  /* [issue], and one more: where its boxes begin */
    uint32_t *box; /* by issue */
    int64_t *rows; /* [option * parties + party] */
};

/* False in *out_applies with tables, and boxes that forbid or make a worth 0.  ERR_MEMORY. */
MUST_CHECK bool sweep_init(struct sweep *s, const struct problem *p, struct arena *mem,
                           bool *out_applies, struct err *err);

/* What the package is worth, before caps. */
void sweep_worth(const struct sweep *s, const uint32_t *package, int64_t *out);

/* Rows for all options of the issue, before caps; `now` is what the package is worth.  They live
 * until the next call. */
const int64_t *sweep_issue(struct sweep *s, const uint32_t *package, const int64_t *now,
                           uint32_t issue);

#endif
