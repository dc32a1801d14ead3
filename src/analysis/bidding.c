/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/bidding.h"

#include "analysis/big.h"

bool bidding_settle(const struct bidding_rules *rules, const struct bidding_round *rounds,
                    uint32_t count, uint32_t *out_round, int64_t *out_twice)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct bidding_round *r = &rounds[i];
        int64_t apart = r->demand - r->offer;
        bool close = (wide_signed)apart * 100 <= (wide_signed)r->demand * rules->within_percent ||
                     (rules->within_amount >= 0 && apart <= rules->within_amount);
        if (apart > 0 && !close) {
            continue;
        }
        *out_round = i;
        *out_twice = apart <= 0 && rules->crossed == BIDDING_DEMAND ? 2 * r->demand
                                                                    : r->demand + r->offer;
        return true;
    }
    return false;
}
