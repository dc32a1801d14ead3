/* SPDX-License-Identifier: Apache-2.0
 *
 * How entente's own YAML writes a stretch of an issue's values: "high", "20", "20..22", "low..mid".
 */
#ifndef ENTENTE_FORMATS_SCENARIO_LIMITS_H
#define ENTENTE_FORMATS_SCENARIO_LIMITS_H

#include "prefs/domain.h"

/* A value as it is written comes before two with ".." between.  False where it is neither, or the
 * second lies below the first. */
MUST_CHECK bool limits_parse(const struct domain_issue *issue, struct text words, int64_t *low,
                             int64_t *high);

/* In the arena; empty where it is full, or where options that hold ".." would make it mean
 * something else. */
struct text limits_words(const struct domain_issue *issue, int64_t low, int64_t high,
                         struct arena *mem);

#endif
