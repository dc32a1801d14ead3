/* SPDX-License-Identifier: Apache-2.0
 *
 * How much work long computations may do.  This layer has no clock: whoever calls may give a
 * function that looks at one; it is asked now and then, at least once in a few milliseconds.
 * What was not finished is said in the result; running out is never an error.
 */
#ifndef ENTENTE_ANALYSIS_BUDGET_H
#define ENTENTE_ANALYSIS_BUDGET_H

#include "base/bytes.h"

struct budget {
    uint64_t work;           /* packages looked at, or nodes; UINT64_MAX: no limit */
    bool (*stop)(void *ctx); /* true: finish coarsely, now; NULL: never */
    void *ctx;
};

static inline bool budget_stop(const struct budget *b)
{
    return b->stop != NULL && b->stop(b->ctx);
}

#endif
