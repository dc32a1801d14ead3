/* SPDX-License-Identifier: Apache-2.0
 *
 * A scenario (prefs/scenario.h) as a problem, and packages back as a scenario's values.
 *
 * A real issue becomes a list of values: the knots of everybody's preferences, and as many between
 * them, evenly, as are asked for.  Between two neighbours every worth is linear, so the nearer one
 * is at most half the difference away: `grid` has what that adds up to for each party.
 *
 * Where worths add up, nothing is forbidden and there is a real issue, a party's units are made
 * finer (`scale`), so that what lies between its own knots at another's is a whole number as well.
 */
#ifndef ENTENTE_ANALYSIS_CONVERT_H
#define ENTENTE_ANALYSIS_CONVERT_H

#include "analysis/problem.h"
#include "prefs/scenario.h"

struct converted {
    struct problem problem;
    const struct scenario *scenario;    /* borrowed */
    const int64_t *const *values;       /* [issue][option] of a real issue; NULL for others */
    int64_t grid[PROBLEM_PARTIES_MAX];  /* what real issues may cost a party, in worth units */
    int64_t slack[PROBLEM_PARTIES_MAX]; /* what rounding may cost (prefs/utility.h) */
    int64_t scale[PROBLEM_PARTIES_MAX]; /* worth = the scenario's units * scale */
};

/* s has passed scenario_check.  also: a value of each issue, which the list of a real one has too;
 * or NULL.  ERR_LIMIT where it has more parties than the analysis takes. */
MUST_CHECK bool convert_scenario(const struct scenario *s, uint32_t real_values,
                                 const int64_t *also, struct arena *mem, struct converted *out,
                                 struct err *err);

/* The value of an option, as the scenario counts them. */
int64_t convert_value(const struct converted *c, uint32_t issue, uint32_t option);

/* The option with this value, or the nearest one of a real issue. */
uint32_t convert_option(const struct converted *c, uint32_t issue, int64_t value);

#endif
