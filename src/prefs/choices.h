/* SPDX-License-Identifier: Apache-2.0
 *
 * Weights from choices: what a person has said matters more, in weights of whole points.
 *
 * QUESTIONS.  Nobody is asked for numbers.  A *swing* question: were every issue at its worst for you,
 * which one would you move to its best first, and which next?  A *pairwise* question: of these two
 * such moves, which is worth more to you, or are they the same?  Either answer says that one weight is
 * not below another.
 *
 * METHOD.  Every order of the issues in which no answer is broken is as good as any other, and so is
 * every set of weights within such an order: the weight of an issue is the mean over all of them.
 * Within one order the mean of all weights of sum 1 that do not rise is, for the r-th of n, the rank
 * order centroid
 *
 *     w(r) = (1/n) * (1/r + 1/(r+1) + ... + 1/n)
 *
 * and as all orders have equal room, the mean of a partial order is the mean of w(place) over the
 * orders that agree with it.  They are counted, not sampled: N(i, r), how often issue i is r-th, comes
 * from the sets of issues that can come first (2^n at most).  All counts are exact in 64 bits for n up
 * to CHOICES_ISSUES_MAX; the weights are shares of CHOICES_WHOLE points, rounded down, the points that
 * are left going to the largest remainders, the first of equal ones.  The same on every machine.
 * Issues that weigh the same to somebody share what their places would give.
 *
 * NEXT QUESTIONS.  Of the pairs that are still open, the one whose less likely answer leaves the fewest
 * orders out is worst; asked are the two whose less likely answer is the most likely.  Where k orders
 * are left, at most about log k / log 1.5 such answers end it.
 *
 * Sources: swing weights, von Winterfeldt and Edwards, Decision Analysis and Behavioral Research
 * (1986); rank order centroid, Barron and Barrett, Management Science 42 (1996); the balanced question,
 * Fredman, Theoretical Computer Science 1 (1976).
 */
#ifndef ENTENTE_PREFS_CHOICES_H
#define ENTENTE_PREFS_CHOICES_H

#include "base/arena.h"
#include "base/err.h"

#define CHOICES_ISSUES_MAX 14u
#define CHOICES_WHOLE 1000u
#define CHOICES_QUESTIONS 2u

/* What is known of the order: closed, and without contradiction. */
struct choices {
    uint32_t count;
    uint32_t more[CHOICES_ISSUES_MAX]; /* bit j: worth more than issue j */
    uint32_t same[CHOICES_ISSUES_MAX]; /* bit j: worth the same as issue j; its own bit is set */
};

/* count issues, nothing known; at most CHOICES_ISSUES_MAX (CHECKed). */
void choices_init(struct choices *c, uint32_t count);

/* Issue a is worth more than b, or the same.  False, and nothing is changed, where what is known says
 * otherwise: the answers would go round in a circle. */
MUST_CHECK bool choices_say(struct choices *c, uint32_t a, uint32_t b, bool same);

/* Is nothing known of these two? */
bool choices_open(const struct choices *c, uint32_t a, uint32_t b);

struct choices_question {
    uint32_t a, b;          /* a < b */
    uint64_t a_first, rest; /* of the orders that are left: those with a before b, and the others */
};

struct choices_weights {
    uint64_t orders; /* that are left; of issues that weigh the same, one */
    uint32_t weight[CHOICES_ISSUES_MAX];
    uint32_t first[CHOICES_ISSUES_MAX], last[CHOICES_ISSUES_MAX]; /* places, from 1, it may have */
    uint32_t question_count;
    struct choices_question questions[CHOICES_QUESTIONS];
};

/* ERR_MEMORY only. */
MUST_CHECK bool choices_weigh(const struct choices *c, struct arena *mem,
                              struct choices_weights *out, struct err *err);

#endif
