/* SPDX-License-Identifier: Apache-2.0
 *
 * A negotiation to be analysed: what is on the table, who sits there, what it is worth to each.
 */
#ifndef ENTENTE_PREFS_SCENARIO_H
#define ENTENTE_PREFS_SCENARIO_H

#include "prefs/utility.h"

#define SCENARIO_PARTIES_MAX 64u
#define SCENARIO_NOTES_MAX 256u

/* Where it comes from: name, word on the command line, how people call it. */
#define SCENARIO_FORMAT_LIST(X)                                                                    \
    X(SCENARIO_YAML, "yaml", "entente's own YAML")                                                 \
    X(SCENARIO_GENIUS, "genius", "GENIUS XML")                                                     \
    X(SCENARIO_GENIUSWEB, "geniusweb", "GeniusWeb JSON")                                           \
    X(SCENARIO_NEGMAS_YAML, "negmas-yaml", "NegMAS YAML")                                          \
    X(SCENARIO_NEGMAS_JSON, "negmas-json", "NegMAS JSON")                                          \
    X(SCENARIO_NEGOLOG, "negolog", "NegoLog JSON")                                                 \
    X(SCENARIO_CSV, "csv", "CSV score sheet")

#define SCENARIO_FORMAT_ENUM(name, word, words) name,
enum scenario_format { SCENARIO_FORMAT_LIST(SCENARIO_FORMAT_ENUM) };
#undef SCENARIO_FORMAT_ENUM

#define SCENARIO_FORMATS 7u

struct scenario_party {
    struct text name; /* no two alike */
    struct utility utility;
};

struct scenario {
    struct text name;
    enum scenario_format format;
    struct domain domain;
    uint32_t party_count; /* at least 1 */
    struct scenario_party *parties;
    uint32_t note_count; /* what the reader had to assume, for people: "ann.xml: the option "red" */
    struct text *notes;  /* has no evaluation and counts as 0" */
};

/* The domain, each utility, and the parties' names. */
MUST_CHECK bool scenario_check(const struct scenario *s, struct err *err);

/* Equal but for format and notes. */
bool scenario_eq(const struct scenario *a, const struct scenario *b);

/* True when every party's utilities are exact (prefs/utility.h). */
bool scenario_exact(const struct scenario *s);

const char *scenario_format_word(enum scenario_format f);
const char *scenario_format_words(enum scenario_format f);
MUST_CHECK bool scenario_format_parse(struct text word, enum scenario_format *out);

#endif
