/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON (RFC 8259) as the tree of formats/yaml_tree, so that one reader serves both, every value has
 * its place in the file, and numbers stay as they are written: as decimals, not as doubles.  Null is
 * left out: of an object with its key, of an array altogether.  NaN and Infinity, which Python
 * writes, are words.
 */
#ifndef ENTENTE_FORMATS_JSON_TREE_H
#define ENTENTE_FORMATS_JSON_TREE_H

#include "formats/yaml_tree.h"

#define JSON_TREE_DEPTH_MAX 24u

/* ERR_FORMAT with line and column, ERR_LIMIT, ERR_MEMORY.  Keys are not checked for doubles. */
MUST_CHECK bool json_tree_read(struct bytes json, const char *name, uint32_t nodes_max,
                               struct arena *mem, struct yaml_node **out, struct err *err);

#endif
