/* SPDX-License-Identifier: Apache-2.0
 *
 * Problems for the analysis, made from a seed, and answers found the slow way.
 */
#ifndef ENTENTE_TESTS_PROBLEMS_H
#define ENTENTE_TESTS_PROBLEMS_H

#include "analysis/frontier.h"
#include "lib/prop.h"

struct problem_plan {
    uint32_t parties;
    uint32_t issues;
    uint32_t options;   /* of each issue; 0: 1 to 4, at random */
    uint64_t worth_max; /* worths are 0 .. worth_max; small ones make ties */
    bool reserves;      /* some parties have one */
    uint32_t boxes;     /* of all kinds */
    bool caps;
    bool tables;
};

/* In the arena. */
struct problem *problem_make(const struct problem_plan *plan, struct prop *prop, struct arena *mem);

/* All packages, each against each: the frontier's worths, descending, and how many packages reach
 * each.  The count. */
size_t brute_frontier(const struct problem *p, enum frontier_scope scope, struct arena *mem,
                      int64_t **out_u, uint64_t **out_ties);

/* Work without limit. */
extern const struct budget no_limit;

#endif
