/* SPDX-License-Identifier: Apache-2.0
 *
 * What packages are worth to one party, in whole units:  utility = units / one.
 *
 * SCALE.  `one` is any positive number of the party's own: the least common denominator of all that
 * its file says, so that sums, ties and dominance are exact.  A weight of 0.3 times an evaluation of
 * 7 of 12 is 7/40 and nothing else.  Where that denominator would pass 10^18 (files whose numbers are
 * printed doubles), one is a power of ten (10^15 while utilities stay below 1000), each part is
 * rounded to the nearest unit, `exact` is false, and a package's units are at most `slack` off:
 * below 1e-12 of the largest utility.
 *
 * VALUE.  units(package) = 0 within any of the zeros; else
 *         min(cap, parts + terms whose box the package is in), or the table's entry.
 * Additive is: utility_is_additive.  Sums never overflow: utility_check sees to it.
 *
 * A real issue's part is linear between knots, rounded to the nearest unit, halves up.
 */
#ifndef ENTENTE_PREFS_UTILITY_H
#define ENTENTE_PREFS_UTILITY_H

#include "prefs/domain.h"

/* Of a package, either sign; of one; of the reservation. */
#define UTILITY_UNITS_MAX INT64_C(1000000000000000000)
#define UTILITY_KNOTS_MAX 256u
#define UTILITY_TABLE_MAX 262144u
#define UTILITY_DISCOUNT_ONE INT64_C(1000000000000) /* discount 1: nothing is lost by waiting */

enum utility_kind {
    UTILITY_ADDITIVE,
    UTILITY_PAIRWISE, /* additive, and terms of two single values each */
    UTILITY_BOXES,    /* terms, zeros or a cap */
    UTILITY_TABLE,
};

struct utility_knot {
    int64_t at; /* units of the issue */
    int64_t units;
};

struct utility_part {
    int64_t *units;             /* discrete, integer: for each value; NULL for a real */
    uint32_t knot_count;        /* real: at least 2 where low < high, ascending by at, */
    struct utility_knot *knots; /* the first at the issue's low, the last at its high */
};

struct utility_term {
    struct domain_box box;
    int64_t units;
};

struct utility {
    int64_t one;   /* > 0 */
    bool exact;    /* else: */
    int64_t slack; /* units that a package may be off; 0 when exact */

    struct utility_part *parts; /* for each issue of the domain; NULL with a table */
    uint32_t term_count;
    struct utility_term *terms;
    uint32_t zero_count;
    struct domain_box *zeros;
    int64_t cap; /* INT64_MAX: none */
    uint32_t table_count;
    int64_t *table; /* NULL: none.  Of all packages, the last issue's value running fastest */

    bool has_reservation; /* false: any package is better than no deal */
    int64_t reservation;  /* units of no deal */
    int64_t discount;     /* of UTILITY_DISCOUNT_ONE, for one time unit of the source */
    uint32_t red_line_count;
    struct domain_box *red_lines; /* the party takes no package in any of these */
};

MUST_CHECK bool utility_check(const struct utility *u, const struct domain *d, struct err *err);

/* d as in utility_units. */
enum utility_kind utility_kind(const struct utility *u, const struct domain *d);

static inline bool utility_is_additive(const struct utility *u)
{
    return u->table == NULL && u->term_count == 0 && u->zero_count == 0 && u->cap == INT64_MAX;
}

/* Units of a package; u and d have passed their checks, the values are within their issues. */
int64_t utility_units(const struct utility *u, const struct domain *d, const int64_t *values);

/* Units of one issue's value: part.units[value], or between knots. */
int64_t utility_part_units(const struct utility_part *part, int64_t value);

/* Least and most units of one issue's values. */
void utility_part_range(const struct utility_part *part, const struct domain_issue *issue,
                        int64_t *out_least, int64_t *out_most);

/* At least as good as no deal, and in no red line. */
bool utility_accepts(const struct utility *u, const struct domain *d, const int64_t *values);

/* For people and plots only: units / one. */
double utility_double(const struct utility *u, int64_t units);

/* Same worth for all packages written the same way (units are compared as fractions of one), same
 * reservation, discount and red lines.  slack is left aside. */
bool utility_eq(const struct utility *a, const struct utility *b, const struct domain *d);

#endif
