/* SPDX-License-Identifier: Apache-2.0
 *
 * Places of items in a list, by the leaf hash that each has: what a state looks up at every act, and
 * holds thousands of.  It follows from the list and is in no digest; the list keeps its own order.
 *
 * Slots hold a place + 1, 0 is free; a slot is looked for from the first bytes of the leaf on.  Whoever
 * grinds leaves that begin alike makes this as slow as reading the list through, and no slower.
 */
#ifndef ENTENTE_TABLE_LEAF_INDEX_H
#define ENTENTE_TABLE_LEAF_INDEX_H

#include "base/arena.h"
#include "record/id.h"

struct leaf_index {
    uint32_t cap; /* a power of two, or 0 */
    uint32_t used;
    uint32_t *slots;
};

/* The items: `at` is where in each its leaf stands. */
struct leaf_list {
    const void *items;
    uint32_t count;
    size_t stride;
    size_t at;
};
#define LEAF_LIST(array, n, type, member)                                                          \
    (struct leaf_list)                                                                             \
    {                                                                                              \
        .items = (array), .count = (n), .stride = sizeof(type), .at = offsetof(type, member)       \
    }

#define LEAF_NONE UINT32_MAX

/* The place of the item, or LEAF_NONE. */
uint32_t leaf_index_find(const struct leaf_index *x, struct leaf_list list,
                         const struct leaf_hash *leaf);

/* Takes in the items that were appended to the list.  False: memory. */
MUST_CHECK bool leaf_index_add(struct leaf_index *x, struct leaf_list list, struct arena *mem);

#endif
