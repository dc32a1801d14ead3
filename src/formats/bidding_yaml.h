/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealed bids as people write them (docs/SCENARIOS.md, "Sealed bids"):
 *
 *     bidding: The flooded cellar
 *     unit: EUR
 *     within: 30 %
 *     or-within: 5000
 *     crossed: demand
 *     demand: {by: Harbour Inn, rounds: [20000, 16000, 14900]}
 *     offer: {by: Northern Mutual, rounds: [8000, 9000, 10000]}
 */
#ifndef ENTENTE_FORMATS_BIDDING_YAML_H
#define ENTENTE_FORMATS_BIDDING_YAML_H

#include "base/text.h"

#define BIDDING_YAML_MAX 65536u /* bytes of the file */
#define BIDDING_YAML_ROUNDS_MAX 100u
#define BIDDING_YAML_DECIMALS 4u /* of all amounts: they are in units of 0.0001 */
#define BIDDING_YAML_UNITS_MAX INT64_C(100000000000000000)

struct bidding_file {
    struct text name; /* empty where the file gives none */
    struct text unit; /* of the amounts; empty where the file gives none */
    struct text demander;
    struct text offerer;
    uint32_t within_percent;
    int64_t within_amount; /* -1: none */
    bool at_demand;        /* an offer at or above the demand settles there; else at the mean */
    uint32_t count;        /* rounds, of both */
    const int64_t *demands;
    const int64_t *offers;
};

/* name is shown in errors.  All lives in mem.  Failures say file, line and mend, and no number of
 * a side: the file may be read by one who shall not know them. */
MUST_CHECK bool bidding_from_yaml(struct bytes yaml, const char *name, struct arena *mem,
                                  struct bidding_file *out, struct err *err);

#endif
