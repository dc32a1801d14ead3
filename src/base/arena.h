/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that dies together.  An arena is a stretch of memory with a fixed cap, handed out from
 * the front; nothing is given back singly.  The caller of a decode, fold, page or command makes
 * it and drops it whole.  The stretch itself comes from os/region (lazily committed), or from an
 * array of a test.
 *
 * All memory given out is zeroed.  NULL means: over the cap, or a planted fault; `failed` then
 * stays set, so a caller may ask once at the end.
 */
#ifndef ENTENTE_BASE_ARENA_H
#define ENTENTE_BASE_ARENA_H

#include "base/bytes.h"

struct arena {
    uint8_t *p;
    size_t used;
    size_t cap;
    bool failed;
    /* Test aid: when not 0, the fault_in-th allocation from now fails (1 = the next one). */
    uint64_t fault_in;
};

/* p is aligned to 16 and all zero (fresh mmap is), or clear is done by arena_wipe. */
void arena_init(struct arena *mem, void *p, size_t cap);

/* align is a power of two up to 64.  size 0 gives a valid pointer to nothing. */
void *arena_take(struct arena *mem, size_t size, size_t align, size_t count);

/* A zeroed array of count of the type, overflow-checked, or NULL. */
#define ARENA_NEW(mem, type, count)                                                                \
    ((type *)arena_take((mem), sizeof(type), _Alignof(type), (count)))

/* A copy that lives as long as the arena; {NULL, 0} with mem->failed set when there is no room. */
struct bytes arena_copy(struct arena *mem, struct bytes v);

/* A NUL-terminated copy, or NULL. */
char *arena_str(struct arena *mem, struct bytes v);
char *arena_printf(struct arena *mem, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Where the arena stands, and back to there: what was given out since is zeroed and gone. */
size_t arena_mark(const struct arena *mem);
void arena_rewind(struct arena *mem, size_t mark);

/* Zeroes all that was given out, in a way the compiler keeps, and starts anew. */
void arena_wipe(struct arena *mem);

#endif
