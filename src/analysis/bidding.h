/* SPDX-License-Identifier: Apache-2.0
 *
 * Double-blind bidding: one side demands, the other offers, in rounds; neither sees the other's
 * number.  The rounds are compared in order.  The first that settles, settles; a round that does not
 * settle shows nothing.  Sources disagree about an offer at or above the demand, so it is a rule.
 */
#ifndef ENTENTE_ANALYSIS_BIDDING_H
#define ENTENTE_ANALYSIS_BIDDING_H

#include "base/bytes.h"

#define BIDDING_ROUNDS_MAX 100u
#define BIDDING_AMOUNT_MAX (INT64_C(1) << 60)

enum bidding_crossed { BIDDING_DEMAND, BIDDING_MIDPOINT };

struct bidding_rules {
    enum bidding_crossed crossed;
    uint32_t within_percent; /* of the demand, 0 .. 100 */
    int64_t within_amount;   /* or so close; below 0: does not count */
};

struct bidding_round {
    int64_t demand; /* 0 .. BIDDING_AMOUNT_MAX */
    int64_t offer;
};

/* True when a round settles: out_round (from 0), and twice the sum, for a mean may end in a half. */
bool bidding_settle(const struct bidding_rules *rules, const struct bidding_round *rounds,
                    uint32_t count, uint32_t *out_round, int64_t *out_twice);

#endif
