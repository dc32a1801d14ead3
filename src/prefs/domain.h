/* SPDX-License-Identifier: Apache-2.0
 *
 * The room for agreement as the analysis sees it: issues, each with options, a range of whole
 * numbers or a range of reals, and combinations that are forbidden to all.
 *
 * A value of an issue is one int64: the place (from 0) of an option or of a whole number, so that
 * the number itself is low + place; of a real issue, its units of 10^-decimals.  A package is an
 * array of values, one for each issue, in the order of the issues.
 *
 * A box is a set of packages: those whose values lie within all its limits.  It serves for
 * forbidden combinations, for pairs, for hyper-rectangles and for red lines.
 */
#ifndef ENTENTE_PREFS_DOMAIN_H
#define ENTENTE_PREFS_DOMAIN_H

#include "base/text.h"

#define DOMAIN_ISSUES_MAX 256u
#define DOMAIN_VALUES_MAX 262144u /* of all discrete and integer issues together */
#define DOMAIN_OPTIONS_MAX 4096u  /* of one discrete issue */
#define DOMAIN_NAME_BYTES_MAX 256u
#define DOMAIN_BOXES_MAX 16384u /* forbidden; the same ceiling holds for each kind of box */
#define DOMAIN_DECIMALS_MAX 12u
#define DOMAIN_REAL_MAX INT64_C(400000000000000000) /* of a bound, either sign */

enum domain_kind { DOMAIN_DISCRETE, DOMAIN_INTEGER, DOMAIN_REAL };

struct domain_issue {
    struct text name; /* not empty; no two issues alike */
    enum domain_kind kind;
    uint32_t value_count; /* discrete and integer: at least 1; real: 0 */
    struct text *options; /* discrete: value_count of them, no two alike; else NULL */
    int64_t low, high;    /* integer: the numbers; real: the units; low <= high.  Discrete: 0 */
    unsigned decimals;    /* real; else 0 */
};

/* Values low..high of an issue, both included: places, or units of a real. */
struct domain_limit {
    uint32_t issue;
    int64_t low, high;
};

struct domain_box {
    uint32_t limit_count;        /* 0: all packages */
    struct domain_limit *limits; /* ascending by issue, one for an issue at most */
};

struct domain {
    uint32_t issue_count;
    struct domain_issue *issues;
    uint32_t forbidden_count;
    struct domain_box *forbidden;
};

/* All that is said above, and the ceilings.  ERR_FORMAT or ERR_LIMIT names the issue. */
MUST_CHECK bool domain_check(const struct domain *d, struct err *err);

/* One box: known issues, ascending, low <= high, within the issue's values. */
MUST_CHECK bool domain_check_box(const struct domain *d, const struct domain_box *box,
                                 struct err *err);

/* The place of an issue, or of an option of it; UINT32_MAX where there is none of that name. */
uint32_t domain_find(const struct domain *d, struct text name);
uint32_t domain_option(const struct domain_issue *issue, struct text option);

/* The lowest and the highest value that an issue takes: 0 and value_count - 1, or a real's bounds. */
int64_t domain_first(const struct domain_issue *issue);
int64_t domain_last(const struct domain_issue *issue);

bool domain_has_real(const struct domain *d);

/* Forbidden packages counted in.  False where a real issue or 2^64 and more make it uncountable. */
MUST_CHECK bool domain_count(const struct domain *d, uint64_t *out);

/* The same in digits, however large; "infinite" with a real issue.  In the arena; empty when full.
 */
struct text domain_count_words(const struct domain *d, struct arena *mem);

bool domain_in_box(const struct domain_box *box, const int64_t *values);
bool domain_forbids(const struct domain *d, const int64_t *values);

/* "narita", "-3", "12.50": how a value is written.  In the arena; empty when full. */
struct text domain_value_words(const struct domain_issue *issue, int64_t value, struct arena *mem);

/* The other way round.  False where the issue has no such value. */
MUST_CHECK bool domain_value_parse(const struct domain_issue *issue, struct text words,
                                   int64_t *out);

/* Limits, and lists of boxes in their order. */
bool domain_box_eq(const struct domain_box *a, const struct domain_box *b);
bool domain_boxes_eq(const struct domain_box *a, uint32_t a_count, const struct domain_box *b,
                     uint32_t b_count);

/* Same issues in the same order, same forbidden boxes in the same order. */
bool domain_eq(const struct domain *a, const struct domain *b);

#endif
