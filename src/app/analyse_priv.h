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
#include "analysis/lines.h"
#include "analysis/mix.h"
#include "analysis/zone.h"
#include "app/analyse.h"
#include "os/region.h"

enum analysed_how { ANALYSED_MERGE, ANALYSED_SCAN, ANALYSED_BOUND, ANALYSED_LINES };

/* Between two rows of the frontier, all points of the straight line are on it too. */
struct line_segment {
    size_t first; /* rows; the one that the first party likes best */
    size_t last;
};

/* ANALYSED_LINES: what the rows of the frontier stand for. */
struct line_rows {
    struct converted knots;
    struct lines all;
    struct line_point *at; /* [row] */
    bool *limit;           /* [row]: comes as near as you like, but is beaten itself */
    size_t segment_count;
    struct line_segment *segments;
    uint32_t better_changes; /* lines_from: 0 where there is none */
    int64_t better[2];
};

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
    bool complete;                            /* ANALYSED_SCAN: every package was looked at */
    bool bounded;                             /* ANALYSED_SCAN: the gap holds all the same */
    struct line_rows *lines;                  /* ANALYSED_LINES; else NULL */
    struct bound_result bound[BARGAIN_RULES]; /* ANALYSED_BOUND */
    struct zone_count zone;
    bool zone_known; /* else it is not known whether there is any */
    bool zone_exists;
    int64_t disagreement[PROBLEM_PARTIES_MAX];
    int64_t ideal[PROBLEM_PARTIES_MAX]; /* what each party's own best package is worth to it */
    struct bargain rule[BARGAIN_RULES];
    bool any_mix;
    struct bargain_mix mix[BARGAIN_RULES]; /* two parties */
    struct mix many[BARGAIN_RULES];        /* more */
    struct zone_blocks blocks;
    int64_t concession[PROBLEM_PARTIES_MAX];
    bool has_concessions;
    int64_t *from_value; /* [issue], of the package on the table; NULL: there is none */
    uint32_t *from;
    int64_t from_worth[PROBLEM_PARTIES_MAX];
    struct improvements better;
    bool listed; /* ranges are lists of values, and between them nothing is proven */
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

/* The same as a number of JSON. */
void worth_json(struct json *j, int64_t units, int64_t one);

/* The value that an option of the package stands for. */
struct text option_words(const struct analysed *a, uint32_t issue, uint32_t option,
                         struct arena *mem);

/* Which rules pick this point: a bit each. */
uint32_t point_rules(const struct analysed *a, size_t point);

/* Two parties, values that lie anywhere in a range, and nothing but sums. */
bool lines_apply(const struct scenario *s);

/* *out_found is false where lines are too many: nothing is found then, and nothing is wrong. */
MUST_CHECK bool lines_find(struct analysed *a, const struct budget *budget, bool *out_found,
                           struct err *err);

/* From the lines: the frontier's rows, the zone, the solutions. */
MUST_CHECK bool lines_settle(struct analysed *a, struct err *err);

/* From the package on the table: can nobody gain without another losing?  Else the package of the
 * lines, in a row behind those of the frontier, by which the two gain most (the product). */
MUST_CHECK bool lines_from(struct analysed *a, struct err *err);

/* Rows for zone_consent and zone_concessions. */
MUST_CHECK bool lines_whole(struct analysed *a, struct frontier *out, struct err *err);

/* The options of a row, of an issue that moves those of one end; and the value of any issue, an
 * issue that moves to at most so many decimals more than it has. */
void lines_options(const struct analysed *a, size_t row, uint32_t *out);
struct text lines_value(const struct analysed *a, size_t row, uint32_t issue, unsigned more,
                        struct arena *mem);

void lines_words(const struct analysed *a, struct buf *b);

/* ---- certificates ---- */

void certificate_row(struct json *j, const int64_t *u, uint32_t n);

/* Units, limits and worths, as members of an object that is open. */
void certificate_problem(struct json *j, const struct analysed *a, const struct problem *p);

/* The whole certificate of ANALYSED_LINES. */
MUST_CHECK bool lines_certificate(const struct analysed *a, struct buf *out, struct err *err);

/* The options of a point's package; of one on a line those of an end. */
void point_package(const struct analysed *a, size_t point, uint32_t *out);

/* Small texts of one package; large enough for the longest value. */
struct small_text {
    _Alignas(16) uint8_t room[4096];
    struct arena mem;
};

/* The value of an issue in a point's package, with this option; `more` as in lines_value.  It lives
 * until the room is used again. */
struct text point_value(struct small_text *s, const struct analysed *a, size_t point,
                        uint32_t issue, uint32_t option, unsigned more);

/* A point's worths in columns. */
void worths_row(struct buf *b, const struct analysed *a, size_t point);

/* A plot for a terminal, of two parties. */
void analysed_plot(const struct analysed *a, enum analyse_letters letters, unsigned width,
                   struct buf *out);

#endif
