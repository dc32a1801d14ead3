/* SPDX-License-Identifier: Apache-2.0
 *
 * What the analysis found, shared by what computes it and what shows it.
 */
#ifndef ENTENTE_APP_ANALYSE_PRIV_H
#define ENTENTE_APP_ANALYSE_PRIV_H

#include "analysis/bargain.h"
#include "analysis/bound.h"
#include "analysis/convert.h"
#include "analysis/improve.h"
#include "analysis/zone.h"
#include "app/analyse.h"
#include "os/region.h"

enum analysed_how { ANALYSED_MERGE, ANALYSED_SCAN, ANALYSED_BOUND };

struct analysed {
    struct analyse_plan plan;
    struct region files; /* the scenario */
    struct region main;  /* the frontier */
    struct region side;  /* all else */
    struct region whole; /* the frontier of all packages, where nothing suits everybody */
    struct scenario scenario;
    struct converted c;
    struct big packages;
    enum analysed_how how;
    struct frontier frontier;
    struct bound_result bound[BARGAIN_RULES]; /* ANALYSED_BOUND */
    struct zone_count zone;
    bool zone_known; /* else it is not known whether there is any */
    bool zone_exists;
    int64_t disagreement[PROBLEM_PARTIES_MAX];
    int64_t ideal[PROBLEM_PARTIES_MAX]; /* what each party's own best package is worth to it */
    struct bargain rule[BARGAIN_RULES];
    bool any_mix;
    struct bargain_mix mix[BARGAIN_RULES];
    struct zone_blocks blocks;
    int64_t concession[PROBLEM_PARTIES_MAX];
    bool has_concessions;
    uint32_t *from;
    int64_t from_worth[PROBLEM_PARTIES_MAX];
    struct improvements better;
    bool exact;
    int64_t gap[PROBLEM_PARTIES_MAX]; /* what a package may be better than what is shown, at most */
    uint64_t took_us;
};

struct rule_words {
    const char *key;   /* in JSON */
    const char *plain; /* for people */
    const char *name;
    const char *why;
    char letter; /* in the plot */
};

const struct rule_words *rule_words(enum bargain_rule rule);

/* A worth in at most 12 decimals, the zeros behind cut. */
#define WORTH_TEXT_MAX 48
void worth_format(int64_t units, int64_t one, unsigned decimals, char out[static WORTH_TEXT_MAX]);

/* The value that an option of the package stands for. */
struct text option_words(const struct analysed *a, uint32_t issue, uint32_t option,
                         struct arena *mem);

/* Which rules pick this point: a bit each. */
uint32_t point_rules(const struct analysed *a, size_t point);

/* A plot for a terminal, of two parties. */
void analysed_plot(const struct analysed *a, enum analyse_letters letters, unsigned width,
                   struct buf *out);

#endif
