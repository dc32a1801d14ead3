/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealed bids, from their file to a settlement or none.  What is shown is what the rule lets both
 * sides know: the numbers of a round that did not settle are shown to nobody.
 */
#ifndef ENTENTE_APP_BID_H
#define ENTENTE_APP_BID_H

#include "base/json_out.h"

enum bid_end {
    BID_NONE,     /* no round settled */
    BID_MEAN,     /* close enough: the mean of both */
    BID_DEMAND,   /* the offer reached the demand: the demand */
    BID_MIDPOINT, /* the same: the mean of both */
};

struct bid_answer {
    struct text name, unit; /* empty where the file gives none */
    struct text demander, offerer;
    uint32_t rounds;
    uint32_t within_percent;
    int64_t within_amount; /* in units of 0.0001; -1: none */
    bool at_demand;        /* what an offer at or above the demand settles at */
    enum bid_end end;
    uint32_t round; /* from 1; 0 where none settled */
    int64_t amount; /* in units of 0.00005 */
};

#define BID_AMOUNT_ONE 20000 /* units of `amount` in one */
#define BID_WITHIN_ONE 10000

/* Texts live in mem.  Failures say file, line and mend, and no number of a side. */
MUST_CHECK bool bid(const char *path, struct arena *mem, struct bid_answer *out, struct err *err);

/* A page for people. */
void bid_words(const struct bid_answer *a, unsigned width, struct buf *out);

/* Members of an object that is open (docs/schema/bid.json), without "v". */
void bid_json(const struct bid_answer *a, struct json *j);

#endif
