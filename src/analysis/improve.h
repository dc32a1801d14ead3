/* SPDX-License-Identifier: Apache-2.0
 *
 * From a package on the table: others that nobody likes less and somebody likes more, those with
 * the fewest changes first.  Two changes are a trade: I give here, you give there.
 */
#ifndef ENTENTE_ANALYSIS_IMPROVE_H
#define ENTENTE_ANALYSIS_IMPROVE_H

#include "analysis/frontier.h"

struct improvement {
    uint32_t changes;
    uint32_t *package;
    int64_t *worth;
};

struct improvements {
    size_t count;
    struct improvement *all; /* by changes; none is beaten by one with as few changes or fewer */
    uint32_t searched;       /* all packages with at most so many changes were looked at */
    bool best;               /* there is none: nobody can gain without another losing */
};

/* Looks at more and more changes until there are `max` improvements, the budget is spent, or all
 * issues may change.  Forbidden packages do not count. */
MUST_CHECK bool improve(const struct problem *p, const uint32_t *from, size_t max,
                        const struct budget *budget, struct arena *mem, struct improvements *out,
                        struct err *err);

#endif
