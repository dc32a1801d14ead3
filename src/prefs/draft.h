/* SPDX-License-Identifier: Apache-2.0
 *
 * Preferences as a file says them, in decimals and ratios of decimals, on their way to whole units
 * (prefs/utility.h).  Every reader fills one; draft_build finds the scale.
 */
#ifndef ENTENTE_PREFS_DRAFT_H
#define ENTENTE_PREFS_DRAFT_H

#include "prefs/decimal.h"
#include "prefs/utility.h"

struct draft_knot {
    int64_t at; /* units of the issue */
    struct decimal value;
};

/* The worth of a value is weight * value; a weight of no factors is 1. */
struct draft_part {
    struct ratio weight;
    struct decimal *values; /* discrete, integer: value_count of them */
    uint32_t knot_count;    /* real */
    struct draft_knot *knots;
    bool bent; /* a knot's place had to be rounded */
};

struct draft_term {
    struct domain_box box;
    struct ratio weight;
    struct decimal value;
};

struct draft {
    struct draft_part *parts; /* for each issue, or NULL with a table */
    uint32_t term_count;
    struct draft_term *terms;
    uint32_t zero_count;
    struct domain_box *zeros;
    bool capped;
    struct ratio cap_weight;
    struct decimal cap;
    uint32_t table_count;
    struct decimal *table;
    struct ratio table_weight;
    bool has_reservation;
    struct ratio reservation_weight;
    struct decimal reservation;
    bool rounded; /* the file says that its numbers are */
    bool has_discount;
    struct decimal discount;
    uint32_t red_line_count;
    struct domain_box *red_lines;
};

/* Empty parts for a domain, in mem: all values 0, a real issue with two knots of 0. */
MUST_CHECK bool draft_init(struct draft *dr, const struct domain *d, struct arena *mem,
                           struct err *err);

/* d has passed domain_check.  out lives in mem and shares the draft's boxes; it has passed
 * utility_check.  ERR_LIMIT where the numbers are too large for any scale. */
MUST_CHECK bool draft_build(const struct draft *dr, const struct domain *d, struct arena *mem,
                            struct utility *out, struct err *err);

#endif
