/* SPDX-License-Identifier: Apache-2.0
 *
 * The memory of a fuzz harness, kept from one input to the next: fresh zeroed pages for each input
 * cost far more than reading it.  What an input has used is wiped, so the next finds zeros.
 */
#ifndef ENTENTE_TESTS_FUZZ_ARENA_H
#define ENTENTE_TESTS_FUZZ_ARENA_H

#include <stdlib.h>

#include "base/arena.h"
#include "base/check.h"

/* Always of the same cap within one harness. */
static inline struct arena *fuzz_arena(size_t cap)
{
    static struct arena mem;
    if (mem.p == NULL) {
        void *p = calloc(1, cap);
        CHECK(p != NULL);
        arena_init(&mem, p, cap);
    }
    CHECK(mem.cap == cap);
    arena_wipe(&mem);
    return &mem;
}

#endif
