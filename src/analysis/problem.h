/* SPDX-License-Identifier: Apache-2.0
 *
 * What the analysis works on: parties, issues with a number of options each, and what a package is
 * worth to each party, in whole units of that party's own (worth / unit is the utility that people
 * see).  Everything is an integer, so no rounding ever decides which package beats which.
 *
 * A package's worth to a party is, as in prefs/utility.h,
 *
 *     0 in any of its zero boxes; else
 *     min(cap, worths of the options + its boxes that hold the package); or
 *     what its table says, for all packages, the last issue running fastest.
 *
 * A box is a range of options for each of some issues (a GENIUS hyper-rectangle; a pairwise term is
 * a box with one option of each of two issues).  A forbidding box is a combination that may not be
 * chosen: because nobody may, or because one party would never.
 * Without boxes, caps and tables the problem is additive.
 *
 * Borrowed throughout: it lives as long as the arena that its maker used.
 */
#ifndef ENTENTE_ANALYSIS_PROBLEM_H
#define ENTENTE_ANALYSIS_PROBLEM_H

#include "analysis/big.h"
#include "base/err.h"

#define PROBLEM_PARTIES_MAX 16u
#define PROBLEM_ISSUES_MAX 256u
#define PROBLEM_OPTIONS_MAX 65536u
#define PROBLEM_BOXES_MAX 1048576u
#define PROBLEM_TABLE_MAX 1048576u
/* No sum of worths, of any sign, may leave (-2^62, 2^62): differences then fit as well. */
#define PROBLEM_WORTH_MAX ((int64_t)1 << 62)

struct problem_range {
    uint32_t issue;
    uint32_t low; /* options, both within */
    uint32_t high;
};

#define PROBLEM_NOBODY UINT32_MAX

enum problem_box_kind { PROBLEM_BOX_ADDS, PROBLEM_BOX_ZERO, PROBLEM_BOX_FORBIDS };

struct problem_box {
    enum problem_box_kind kind;
    uint32_t
        party; /* whose worth it changes, or whose red line it is; PROBLEM_NOBODY: all forbid */
    uint32_t range_count;
    const struct problem_range *ranges; /* ascending by issue; issues not named are free */
    int64_t worth;                      /* ADDS */
};

struct problem {
    uint32_t parties;
    uint32_t issues;
    const uint32_t *options;     /* [issue], at least 1 */
    const int64_t *const *worth; /* [issue][option * parties + party]; 0 for a party with a table */
    uint32_t box_count;
    const struct problem_box *boxes;
    const int64_t *cap;          /* [party], INT64_MAX for none; NULL: nobody has one */
    const int64_t *const *table; /* [party], NULL for none; NULL: nobody has one */
    const int64_t *unit;         /* [party], at least 1: utility = worth / unit */
    const int64_t *reserve;      /* [party]: what no deal is worth; PROBLEM_NONE: not known */
};

/* No walk-away is known: any package will do. */
#define PROBLEM_NONE INT64_MIN

static inline bool problem_additive(const struct problem *p)
{
    return p->box_count == 0 && p->cap == NULL && p->table == NULL;
}

static inline const int64_t *problem_worth(const struct problem *p, uint32_t issue, uint32_t option)
{
    return p->worth[issue] + (size_t)option * p->parties;
}

/* ERR_LIMIT where a count or a sum is above its limit, ERR_FORMAT for what makes no sense. */
MUST_CHECK bool problem_check(const struct problem *p, struct err *err);

/* How many packages there are, forbidden ones counted too. */
void problem_size(const struct problem *p, struct big *out);

/* What a package is worth to each party; false where it is forbidden, by whomever (out is filled
 * all the same).  out has room for all parties. */
bool problem_eval(const struct problem *p, const uint32_t *package, int64_t *out);

/* A bit for each party that would not sign: below its reserve, or across its red line; all bits
 * where the package is forbidden to all. */
uint32_t problem_refusals(const struct problem *p, const uint32_t *package);

bool problem_box_holds(const struct problem_box *b, const uint32_t *package);

/* The number of a package among all, the last issue running fastest; they are fewer than 2^64. */
uint64_t problem_number(const struct problem *p, const uint32_t *package);
void problem_package(const struct problem *p, uint64_t number, uint32_t *out);

/* Bounds of worth for a party over the packages whose options are low[issue] .. high[issue]: never
 * inside the true ones, and the true ones where the problem is additive. */
void problem_bounds(const struct problem *p, uint32_t party, const uint32_t *low,
                    const uint32_t *high, int64_t *out_least, int64_t *out_most);

#endif
