/* SPDX-License-Identifier: Apache-2.0
 *
 * What the readers of scenarios share: the scenario in the making, its notes, growing lists of
 * boxes, numbers with their place.
 */
#ifndef ENTENTE_FORMATS_SCENARIO_PRIV_H
#define ENTENTE_FORMATS_SCENARIO_PRIV_H

#include "formats/scenario.h"
#include "formats/yaml_fields.h"
#include "prefs/draft.h"

#define SCENARIO_NODES_MAX 1000000u

/* A file that has been looked at. */
enum source_kind {
    SOURCE_NONE, /* no part of a scenario */
    SOURCE_GENIUS_DOMAIN,
    SOURCE_GENIUS_PROFILE,
    SOURCE_GENIUSWEB_DOMAIN,
    SOURCE_GENIUSWEB_PROFILE,
    SOURCE_NEGMAS_DOMAIN,
    SOURCE_NEGMAS_PROFILE,
    SOURCE_NEGOLOG_PROFILE,
    SOURCE_CSV,
    SOURCE_YAML,
};

struct source {
    enum source_kind kind;
    const struct scenario_file *file;
    const struct yaml_node *root; /* of JSON and YAML */
    bool json;
    struct genius_doc *xml; /* of XML; closed by scenario_read */
};

struct scenario_reading {
    const char *name; /* of the folder or file */
    struct arena *mem;
    struct err *err;
    struct source *sources; /* without those of SOURCE_NONE */
    size_t source_count;
    struct scenario s;
    struct text notes[SCENARIO_NOTES_MAX];
    uint32_t note_count;
};

/* Keeps a note; the words in it are text, or quoted.  Beyond the ceiling notes are dropped. */
void reading_note(struct scenario_reading *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Always false. */
bool reading_no_memory(const struct scenario_reading *r);

/* Foreign words for an error or a note. */
const char *reading_quote(const struct scenario_reading *r, struct text t);

/* "prof1" of "dir/prof1.xml". */
struct text reading_stem(const struct scenario_reading *r, const char *path);

/* Room for as many parties as there are sources of a kind; ERR_LIMIT. */
MUST_CHECK bool reading_parties(struct scenario_reading *r, enum source_kind kind);

/* The next source of a kind, from *at on; NULL at the end. */
const struct source *reading_next(const struct scenario_reading *r, enum source_kind kind,
                                  size_t *at);

/* Parts that fields of yaml_fields.h take. */
struct yaml_reading reading_of(const struct scenario_reading *r, const struct source *src);

/* The node is a decimal number. */
MUST_CHECK bool reading_number(const struct yaml_reading *y, const struct yaml_node *node,
                               const char *what, struct decimal *out);

/* Values of an issue by their words: {"red": 0.5, ...}.  seen: for each value, whether it was named.
 * A word that is no value of the issue is noted and left aside. */
MUST_CHECK bool reading_values(struct scenario_reading *r, const struct yaml_reading *y,
                               const struct yaml_node *map, const struct domain_issue *issue,
                               struct decimal *values, bool *seen);

/* Notes the values that no file named, which count as 0. */
void reading_note_unseen(struct scenario_reading *r, const char *file,
                         const struct domain_issue *issue, const bool *seen);

/* The place of words among an issue's values, guessed at first. */
bool reading_place(const struct domain_issue *issue, uint32_t guess, struct text words,
                   uint32_t *out);

/* Sets kind, bounds and decimals; an integer's or a real's range from two decimals. */
MUST_CHECK bool reading_integer_range(struct domain_issue *issue, struct decimal low,
                                      struct decimal high, struct err *err);
MUST_CHECK bool reading_real_range(struct domain_issue *issue, struct decimal low,
                                   struct decimal high, unsigned decimals, struct err *err);

/* The finest decimals, 12 at most, that both bounds leave room for. */
unsigned reading_decimals(struct decimal low, struct decimal high);

/* The knots of a real issue from points that ascend; beyond them the worth stays level.  What lies
 * between is interpolated where the issue's bounds cut it, rounded and marked so. */
MUST_CHECK bool reading_knots(const struct domain_issue *issue, const struct draft_knot *points,
                              uint32_t count, struct draft_part *part, struct arena *mem,
                              struct err *err);

/* Boxes, or terms, as they come. */
struct box_list {
    struct domain_box *boxes;
    uint32_t count, room;
};

MUST_CHECK bool box_list_add(struct box_list *list, struct domain_box box, struct arena *mem,
                             struct err *err);

struct term_list {
    struct draft_term *terms;
    uint32_t count, room;
};

MUST_CHECK bool term_list_add(struct term_list *list, struct draft_term term, struct arena *mem,
                              struct err *err);

/* The formats; each fills r->s from r->sources. */
MUST_CHECK bool genius_read(struct scenario_reading *r);
MUST_CHECK bool geniusweb_read(struct scenario_reading *r);
MUST_CHECK bool negmas_read(struct scenario_reading *r);
MUST_CHECK bool negolog_read(struct scenario_reading *r);
MUST_CHECK bool score_csv_read(struct scenario_reading *r);
MUST_CHECK bool scenario_yaml_read(struct scenario_reading *r);

/* Opens XML and tells what it is.  SOURCE_NONE: nothing was opened. */
MUST_CHECK bool genius_open(const struct scenario_file *file, struct arena *mem,
                            struct genius_doc **out, enum source_kind *out_kind, struct err *err);
void genius_close(struct genius_doc *doc); /* NULL is fine */

#endif
