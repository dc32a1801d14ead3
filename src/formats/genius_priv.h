/* SPDX-License-Identifier: Apache-2.0
 *
 * A GENIUS file in the reading: what genius_xml.c and its parts share.  libxml2's tree is walked as
 * it is; every text that leaves it is copied and checked.
 */
#ifndef ENTENTE_FORMATS_GENIUS_PRIV_H
#define ENTENTE_FORMATS_GENIUS_PRIV_H

#include <libxml/tree.h>

#include "formats/scenario_priv.h"

struct genius_doc {
    xmlDocPtr doc;
    long skipped_lines; /* before the part that libxml2 was given */
};

/* One file. */
struct genius {
    struct scenario_reading *r;
    const struct source *src;
    const struct domain *d;
    const int64_t *index; /* GENIUS's number of each issue of the domain, or INT64_MIN */
};

/* A failure at a node: what, then place.  Always false. */
bool genius_refuse(const struct genius *g, const xmlNode *node, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
#define genius_refuse(...) ((void)(genius_refuse)(__VA_ARGS__), false) /* as in base/err.h */

/* Adds "ann.xml, line 7" to a failure.  Always false. */
bool genius_at(const struct genius *g, const xmlNode *node);

bool genius_is(const xmlNode *node, const char *element);

/* The first child of that name, or the next sibling; NULL where there is none. */
const xmlNode *genius_child(const xmlNode *node, const char *element);
const xmlNode *genius_next(const xmlNode *node, const char *element);

/* An attribute as text; out->p NULL where there is none. */
MUST_CHECK bool genius_text(const struct genius *g, const xmlNode *node, const char *attribute,
                            struct text *out);

/* An attribute as a number, blanks around it allowed; *found false where there is none. */
MUST_CHECK bool genius_number(const struct genius *g, const xmlNode *node, const char *attribute,
                              struct decimal *out, bool *found);

/* The same where it has to be, and whole. */
MUST_CHECK bool genius_whole(const struct genius *g, const xmlNode *node, const char *attribute,
                             int64_t *out);

/* The issue whose number an attribute "index" gives. */
MUST_CHECK bool genius_issue_at(const struct genius *g, const xmlNode *node, uint32_t *out);

/* The preferences of a profile of rules (ranks and constraints), or of hyper-rectangles. */
MUST_CHECK bool genius_read_rules(const struct genius *g, const xmlNode *rules, struct draft *dr);
MUST_CHECK bool genius_read_rectangles(const struct genius *g, const xmlNode *utility,
                                       struct draft *dr);

#endif
