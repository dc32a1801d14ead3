/* SPDX-License-Identifier: Apache-2.0
 *
 * What matters to one's own side, computed from what it has said (docs/RULES.md 18.6).  Nothing of it
 * leaves the home.
 *
 * WORTH OF OPTIONS, within an issue, of 100: what one would like 100, what one would not mind 50, the
 * rest 0; where the best that was named is "would not mind", that is 100.  Categories evenly spaced:
 * nobody was asked for more.  An option that one must have, and one that is never taken, are no worth
 * but a *condition*: beside a must every other option is a red line.
 * An issue whose allowed options are all worth the same is not weighed.
 *
 * WEIGHTS, between issues, of 1000: prefs/choices.h, from the answers (the newest first; an older one
 * that goes round in a circle with newer ones is left aside) and then, for pairs of which nothing is
 * known, from the words themselves: an issue with an option that one would like comes before one where
 * the best is what one would not mind.
 */
#ifndef ENTENTE_APP_INTERESTS_H
#define ENTENTE_APP_INTERESTS_H

#include "base/buf.h"
#include "prefs/choices.h"
#include "table/state.h"
#include "table/beside.h"

struct issue_interest {
    enum interest *options; /* what each is */
    uint32_t *worth;        /* of 100 */
    bool *barred;           /* a red line */
    bool said;              /* anything at all */
    bool weighed;
    uint32_t place;       /* of the weighed ones */
    uint32_t best, worst; /* options between which it swings */
};

struct interests {
    const struct charter *charter;
    struct issue_interest *issues; /* one an issue of the charter */
    uint32_t weighed_count;
    uint32_t weighed[CHOICES_ISSUES_MAX]; /* issues by place */
    bool too_many; /* more issues differ in worth than can be weighed: none is */
    struct choices choices;
    struct choices_weights weights;
    uint32_t aside_count; /* answers that are left aside, as places of the private state */
    uint32_t *aside;
};

/* Of what this seat has read at home; in mem. */
MUST_CHECK bool interests_of(const struct charter *c, const struct private_state *m,
                             struct arena *mem, struct interests *out, struct err *err);

/* A scenario with one party, as entente analyse reads it; added to out. */
MUST_CHECK bool interests_scenario(const struct interests *n, struct text side, struct arena *mem,
                                   struct buf *out, struct err *err);

#endif
