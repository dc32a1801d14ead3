/* SPDX-License-Identifier: Apache-2.0 */
#include "table/leaf_index.h"

#define CAP_LEAST 16u

static const uint8_t *leaf_of(struct leaf_list list, uint32_t place)
{
    return (const uint8_t *)list.items + list.stride * place + list.at;
}

static uint32_t first_slot(const struct leaf_index *x, const uint8_t *leaf)
{
    uint32_t h = (uint32_t)leaf[0] << 24 | (uint32_t)leaf[1] << 16 | (uint32_t)leaf[2] << 8 |
                 (uint32_t)leaf[3];
    return h & (x->cap - 1);
}

uint32_t leaf_index_find(const struct leaf_index *x, struct leaf_list list,
                         const struct leaf_hash *leaf)
{
    if (x->cap == 0) {
        return LEAF_NONE;
    }
    for (uint32_t i = first_slot(x, leaf->b); x->slots[i] != 0; i = (i + 1) & (x->cap - 1)) {
        uint32_t place = x->slots[i] - 1;
        if (place < list.count && memcmp(leaf_of(list, place), leaf->b, sizeof(leaf->b)) == 0) {
            return place;
        }
    }
    return LEAF_NONE;
}

static void put(struct leaf_index *x, struct leaf_list list, uint32_t place)
{
    uint32_t i = first_slot(x, leaf_of(list, place));
    while (x->slots[i] != 0) {
        i = (i + 1) & (x->cap - 1);
    }
    x->slots[i] = place + 1;
}

bool leaf_index_add(struct leaf_index *x, struct leaf_list list, struct arena *mem)
{
    /* Never more than half full: a search ends at a free slot. */
    if (list.count > x->cap / 2) {
        uint32_t cap = x->cap == 0 ? CAP_LEAST : x->cap;
        while (list.count > cap / 2) {
            cap *= 2; /* lists have ceilings far below 2^30 */
        }
        uint32_t *slots = ARENA_NEW(mem, uint32_t, cap);
        if (slots == NULL) {
            return false;
        }
        *x = (struct leaf_index){.cap = cap, .slots = slots};
    }
    while (x->used < list.count) {
        put(x, list, x->used);
        x->used++;
    }
    return true;
}
