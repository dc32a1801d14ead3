/* SPDX-License-Identifier: Apache-2.0
 *
 * Bottom-up merge sort: the same comparisons in the same order on every machine.
 */
#include "base/sort.h"

typedef int sort_compare(const void *a, const void *b, void *ctx);

/* Merges [0, mid) and [mid, n) of items; the left part is copied to scratch first. */
static void merge(uint8_t *items, size_t mid, size_t n, size_t size, sort_compare *compare,
                  void *ctx, uint8_t *scratch)
{
    if (compare(items + (mid - 1) * size, items + mid * size, ctx) <= 0) {
        return; /* in order already */
    }
    memcpy(scratch, items, mid * size);
    size_t left = 0, right = mid, out = 0;
    while (left < mid && right < n) {
        /* Equal: the left one first, which is what stable means. */
        bool take_left = compare(scratch + left * size, items + right * size, ctx) <= 0;
        const uint8_t *from = take_left ? scratch + left++ * size : items + right++ * size;
        memcpy(items + out++ * size, from, size);
    }
    memcpy(items + out * size, scratch + left * size, (mid - left) * size);
}

bool sort_stable(void *items, size_t count, size_t size,
                 int (*compare)(const void *a, const void *b, void *ctx), void *ctx,
                 struct arena *mem)
{
    if (count < 2 || size == 0) {
        return true;
    }
    size_t mark = arena_mark(mem);
    uint8_t *scratch = arena_take(mem, size, 16, count);
    if (scratch == NULL) {
        return false;
    }
    uint8_t *p = items;
    for (size_t width = 1; width < count; width = (width > count / 2) ? count : width * 2) {
        for (size_t at = 0; count - at > width;) {
            size_t n = count - at < 2 * width ? count - at : 2 * width;
            merge(p + at * size, width, n, size, compare, ctx, scratch);
            at += n;
        }
    }
    arena_rewind(mem, mark);
    return true;
}
