/* SPDX-License-Identifier: Apache-2.0
 *
 * The part of YAML that people need for a charter, as a tree: lists, maps and words, each with its
 * place in the file.  One document; no anchors, aliases, tags or directives, so that a file says
 * what it shows; every value is words, quoted or not.  What the words mean is the caller's.
 */
#ifndef ENTENTE_FORMATS_YAML_TREE_H
#define ENTENTE_FORMATS_YAML_TREE_H

#include "base/text.h"

#define YAML_DEPTH_MAX 8u
#define YAML_NODES_MAX 16384u

enum yaml_kind { YAML_WORDS, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    uint32_t line, column;   /* from 1 */
    uint32_t count;          /* items of a list, pairs of a map */
    struct text text;        /* of words */
    struct yaml_node *first; /* a map's children are key, value, key, value; its keys are words */
    struct yaml_node *last;
    struct yaml_node *next; /* the sibling behind this one */
};

/* name is shown in errors.  ERR_FORMAT with line and column, ERR_LIMIT, ERR_MEMORY. */
MUST_CHECK bool yaml_tree_read(struct bytes yaml, const char *name, struct arena *mem,
                               struct yaml_node **out, struct err *err);

/* The same with another ceiling of nodes. */
MUST_CHECK bool yaml_tree_read_within(struct bytes yaml, const char *name, uint32_t nodes_max,
                                      struct arena *mem, struct yaml_node **out, struct err *err);

/* The value of a key of a map; NULL where there is no such key, or no map. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Adds "lake.yaml, line 7, column 3" to a failure.  Always false. */
bool yaml_at(const struct yaml_node *node, const char *name, struct err *err);

#endif
