/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking typed values off a YAML tree, with errors that a person can act on: line, column, what is
 * wrong, and the word that was probably meant.
 */
#ifndef ENTENTE_FORMATS_YAML_FIELDS_H
#define ENTENTE_FORMATS_YAML_FIELDS_H

#include "formats/yaml_tree.h"

#define YAML_FIELDS_MAX 16u
#define YAML_CANDIDATES_MAX 256u

/* What is being read; all functions below fail through err, with place. */
struct yaml_reading {
    const char *name;
    struct arena *mem;
    struct err *err;
};

enum yaml_need { YAML_OPTIONAL, YAML_REQUIRED };

struct yaml_field {
    const char *key;
    enum yaml_need need;
};

/* A failure at a node: what, then place.  Always false; yaml_mend adds the advice. */
bool yaml_refuse(const struct yaml_reading *r, const struct yaml_node *node, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
#define yaml_refuse(...) ((void)(yaml_refuse)(__VA_ARGS__), false) /* as in base/err.h */

/* The values of a map, each at its key's place in the table, NULL where it is left out.  Refuses
 * unknown keys, doubles, and a required key that is missing.  what: "a party". */
MUST_CHECK bool yaml_fields(const struct yaml_reading *r, const struct yaml_node *map,
                            const char *what, const struct yaml_field *table, size_t n,
                            const struct yaml_node **out);

/* The node is a list of at most max items. */
MUST_CHECK bool yaml_list(const struct yaml_reading *r, const struct yaml_node *node,
                          const char *what, uint32_t max);

/* The node is words, not empty. */
MUST_CHECK bool yaml_words(const struct yaml_reading *r, const struct yaml_node *node,
                           const char *what, struct text *out);
MUST_CHECK bool yaml_id(const struct yaml_reading *r, const struct yaml_node *node,
                        const char *what, struct text *out);

/* "48h"; not zero.  "7"; a whole number that fits. */
MUST_CHECK bool yaml_span(const struct yaml_reading *r, const struct yaml_node *node,
                          const char *what, uint64_t *out_seconds);
MUST_CHECK bool yaml_number(const struct yaml_reading *r, const struct yaml_node *node,
                            const char *what, uint32_t *out);

/* The place of the node's word among n known ones, at most YAML_CANDIDATES_MAX.  Otherwise:
 * "word" is no <kind>; did you mean; or the list of those there are. */
MUST_CHECK bool yaml_choice(const struct yaml_reading *r, const struct yaml_node *node,
                            const char *kind, const struct text *known, size_t n, uint32_t *out);

/* How many letters must be added, taken, changed or exchanged with a neighbour to make a of b. */
size_t yaml_distance(struct text a, struct text b);

#endif
