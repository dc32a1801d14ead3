/* SPDX-License-Identifier: Apache-2.0
 *
 * A stable merge sort with a context, the same on every machine (qsort is neither).
 */
#ifndef ENTENTE_BASE_SORT_H
#define ENTENTE_BASE_SORT_H

#include "base/arena.h"

/* Negative, 0 or positive, as memcmp.  Scratch of count * size bytes is taken from mem and given
 * back.  False only when there is no room for it. */
MUST_CHECK bool sort_stable(void *items, size_t count, size_t size,
                            int (*compare)(const void *a, const void *b, void *ctx), void *ctx,
                            struct arena *mem);

#endif
