/* SPDX-License-Identifier: Apache-2.0
 *
 * Dividing goods.  Each party gives points to each good; what matters is a good's share of all the
 * points that the party gave, so it is no use to give more of them.
 *
 * ADJUSTED WINNER (Brams and Taylor), two parties: each good goes to who gives it the larger share;
 * then goods go from the richer to the other, those first for which the two differ least, until
 * both have the same; at most one good is split.
 * MAXIMUM NASH WELFARE, goods whole: as many parties as can be get something, and the product of
 * what they have is the largest.  LEXIMIN: the smallest share is the largest that it can be, then
 * the next smallest, and so on.
 */
#ifndef ENTENTE_ANALYSIS_DIVISION_H
#define ENTENTE_ANALYSIS_DIVISION_H

#include "analysis/budget.h"
#include "analysis/problem.h"

#define DIVISION_GOODS_MAX 1000u
#define DIVISION_POINTS_MAX INT64_C(1000000000)
#define DIVISION_NONE UINT32_MAX

struct division {
    uint32_t parties;
    uint32_t goods;
    const int64_t *points; /* [good * parties + party], 0 or more; each party gives some */
};

/* Counts, points, and that each party gives some.  ERR_LIMIT or ERR_FORMAT. */
MUST_CHECK bool division_check(const struct division *d, struct err *err);

struct fraction {
    int64_t n;
    int64_t d; /* above 0; no common factor */
};

struct adjusted_winner {
    uint32_t *owner;       /* [good]: 0 or 1; of the split good, who had it before */
    uint32_t split;        /* DIVISION_NONE where no good need be split */
    struct fraction keeps; /* what its owner keeps of the split good */
    struct fraction each;  /* of all its points, what each party ends with */
    int64_t first[2];      /* points of each before the adjustment */
    uint32_t rich;         /* who had the larger share then, and gives */
    uint32_t move_count;   /* goods that pass to the other, in their order; the split one is last */
    uint32_t *moves;
};

/* d has two parties and is checked.  ERR_LIMIT where fractions pass 64 bits. */
MUST_CHECK bool division_adjusted_winner(const struct division *d, struct arena *mem,
                                         struct adjusted_winner *out, struct err *err);

enum division_rule { DIVISION_NASH, DIVISION_LEXIMIN };

struct allocation {
    uint32_t *owner; /* [good] */
    int64_t *has;    /* [party]: points */
    bool exact;      /* else the best that was found */
    double value;    /* the smallest share (LEXIMIN), or the product of all shares (NASH) */
    double at_most;  /* proven: no division gives more, not even one of goods in parts; the value
                      * where it is exact */
    uint64_t work;   /* parts of the search */
};

/* Of those that tie, the first found; the same input gives the same one. */
MUST_CHECK bool division_solve(const struct division *d, enum division_rule rule,
                               const struct budget *budget, struct arena *mem,
                               struct allocation *out, struct err *err);

/* Does i like j's goods better than its own; and still when j's best one is taken away? */
enum division_envy { DIVISION_CONTENT, DIVISION_ENVY_BUT_ONE, DIVISION_ENVY };
enum division_envy division_envies(const struct division *d, const uint32_t *owner, uint32_t i,
                                   uint32_t j);

#endif
