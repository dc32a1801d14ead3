/* SPDX-License-Identifier: Apache-2.0
 *
 * The frontier: every combination of worths that some package reaches and no package beats, with
 * its packages.  (A package beats another when it is at least as good for all and better for one.)
 *
 * DESIGN.  An additive problem is merged issue by issue: the sums that the first issues can reach,
 * the beaten ones thrown away, plus each option of the next issue.  This is exact, for a package
 * with a beaten part is itself beaten, and it never lists packages: 10^100 of them take
 * milliseconds.  Each list is in descending order, and shifting a list by an option keeps its
 * order, so one merge of as many lists as the issue has options gives the next one sorted; of two
 * parties a list whose head is beaten leaps to its first sum that is not.  Options that another one
 * beats are left out at once, equal ones counted together, issues with few options come first.
 *
 * The lists of all steps stay (the layers): a package is found by walking back through them, and
 * they are the proof that a certificate carries (analysis/certificate.h).
 *
 * When a list outgrows its memory, or the budget's stop says so, it is thinned: each party loses at
 * most the slack, which adds up to `epsilon`, and the result is no longer exact.
 */
#ifndef ENTENTE_ANALYSIS_FRONTIER_H
#define ENTENTE_ANALYSIS_FRONTIER_H

#include "analysis/budget.h"
#include "analysis/filter.h"

/* ABOVE_RESERVE: only sums that may still reach everybody's reserve; the frontier is then that of
 * the packages that all prefer to no deal.  Usually far smaller. */
enum frontier_scope { FRONTIER_ALL, FRONTIER_ABOVE_RESERVE };

/* The sums that the issues order[0 .. i) can reach, for layer i. */
struct frontier_layer {
    size_t count;
    const int64_t *u; /* descending */
};

struct frontier {
    const struct problem *problem;
    enum frontier_scope scope;
    size_t count;
    const int64_t *u;     /* [point * parties + party], descending */
    const uint64_t *ties; /* [point]: its packages; UINT64_MAX: that many or more; with
                               exact == false at least so many */
    bool exact;           /* these points, and no others */
    int64_t epsilon[PROBLEM_PARTIES_MAX]; /* every package loses to some point but for this much */
    size_t widest;                        /* the longest list on the way */
    /* Of a merge: issues in the order in which they were merged, and issues + 1 layers. */
    const uint32_t *order;
    const struct frontier_layer *layers;
    /* Of an enumeration: the number of the first package of each point (problem_package). */
    const uint64_t *number;
};

/* The problem is additive and checked.  ERR_MEMORY only where mem has no room even for the thinnest
 * result.  budget->work is not looked at. */
MUST_CHECK bool frontier_merge(const struct problem *p, enum frontier_scope scope,
                               const struct budget *budget, struct arena *mem, struct frontier *out,
                               struct err *err);

/* A package of a point: out[issue] is its option.  The same one every time. */
void frontier_package(const struct frontier *f, size_t point, uint32_t *out);

/* All packages of a point of a merge, up to max, out[i * issues ...]; how many were written.  Of an
 * enumeration just the first one. */
size_t frontier_packages(const struct frontier *f, size_t point, size_t max, uint32_t *out);

/* Is this sum among the rows, which descend?  SIZE_MAX: no. */
size_t frontier_find(const int64_t *u, size_t count, uint32_t parties, const int64_t *sum);

/* The groups of equal options of an issue that no other option beats, descending:
 * out_worth[group * parties ...], out_ties[group].  Both have room for all options.  `scratch` has
 * room for the order of the options. */
uint32_t frontier_groups(const struct problem *p, uint32_t issue, struct filter *f,
                         uint32_t *scratch, int64_t *out_worth, uint64_t *out_ties);

#endif
