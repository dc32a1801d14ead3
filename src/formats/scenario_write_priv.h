/* SPDX-License-Identifier: Apache-2.0
 *
 * What the writers of scenarios share.  A writer that cannot say what the scenario says fails with
 * ERR_RULE, and says what it is and that entente's own YAML can.
 */
#ifndef ENTENTE_FORMATS_SCENARIO_WRITE_PRIV_H
#define ENTENTE_FORMATS_SCENARIO_WRITE_PRIV_H

#include "formats/scenario.h"
#include "prefs/decimal.h"

struct writing {
    const struct scenario *s;
    enum scenario_format format;
    struct arena *mem;
    struct scenario_out *out;
    size_t *count;
    struct err *err;
    bool decimal[SCENARIO_PARTIES_MAX]; /* all numbers of the party are decimals of 18 digits */
};

/* A new file "<stem><end>"; letters that files should not have become hyphens.  NULL: err is set. */
struct buf *writing_file(struct writing *w, struct text stem, const char *end);

/* The file of the issues, by the scenario's name; where a party has that name the party keeps it,
 * for some formats have no other place for it than the file's name. */
struct buf *writing_domain(struct writing *w, const char *end);

/* units / one: exact where that is a decimal of at most 18 places, else to 15. */
void put_utility(struct buf *out, const struct utility *u, int64_t units);

/* a / b, b not 0, with 17 digits behind the point, fewer where it is large. */
void put_share(struct buf *out, struct decimal a, struct decimal b);

void put_words_json(struct buf *out, struct text t); /* "..." */
void put_words_yaml(struct buf *out, struct text t); /* quoted where it has to be */
void put_words_csv(struct buf *out, struct text t);

/* The words of a value. */
struct text writing_value(const struct writing *w, const struct domain_issue *issue, int64_t value);

/* Fails unless every party is additive, has no red lines, and nothing is forbidden. */
MUST_CHECK bool writing_plain(const struct writing *w);

/* ERR_RULE: "GENIUS XML cannot say that ...".  Always false. */
bool writing_cannot(const struct writing *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
#define writing_cannot(...) ((void)(writing_cannot)(__VA_ARGS__), false)

MUST_CHECK bool genius_write(struct writing *w);
MUST_CHECK bool geniusweb_write(struct writing *w);
MUST_CHECK bool negmas_yaml_write(struct writing *w);
MUST_CHECK bool negmas_json_write(struct writing *w);
MUST_CHECK bool negolog_write(struct writing *w);
MUST_CHECK bool score_csv_write(struct writing *w);
MUST_CHECK bool scenario_yaml_write(struct writing *w);

#endif
