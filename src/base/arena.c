/* SPDX-License-Identifier: Apache-2.0
 *
 * See arena.h.  Alignment is by address, so that a region may begin anywhere.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/check.h"
#include "base/num.h"

void arena_init(struct arena *mem, void *p, size_t cap)
{
    *mem = (struct arena){.p = p, .cap = cap};
}

/* True once: at the allocation that a test planted a fault in. */
static bool fault_now(struct arena *mem)
{
    if (mem->fault_in == 0) {
        return false;
    }
    mem->fault_in--;
    return mem->fault_in == 0;
}

void *arena_take(struct arena *mem, size_t size, size_t align, size_t count)
{
    CHECK(align > 0 && align <= 64 && (align & (align - 1)) == 0);
    uintptr_t here = (uintptr_t)mem->p + mem->used;
    size_t pad = (size_t)(-here & (align - 1));
    size_t total, end;
    if (fault_now(mem) || mem->p == NULL || !size_mul(size, count, &total) ||
        !size_add(total, pad, &end) || end > mem->cap - mem->used) {
        mem->failed = true;
        return NULL;
    }
    uint8_t *p = mem->p + mem->used + pad;
    mem->used += end;
    return p;
}

struct bytes arena_copy(struct arena *mem, struct bytes v)
{
    uint8_t *p = arena_take(mem, 1, 1, v.n);
    if (p == NULL) {
        return (struct bytes){0};
    }
    if (v.n > 0) {
        memcpy(p, v.p, v.n);
    }
    return bytes_of(p, v.n);
}

char *arena_str(struct arena *mem, struct bytes v)
{
    size_t n;
    if (!size_add(v.n, 1, &n)) {
        mem->failed = true;
        return NULL;
    }
    char *p = arena_take(mem, 1, 1, n);
    if (p != NULL && v.n > 0) {
        memcpy(p, v.p, v.n);
    }
    return p;
}

char *arena_printf(struct arena *mem, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0) {
        mem->failed = true;
        return NULL;
    }
    char *p = arena_take(mem, 1, 1, (size_t)n + 1);
    if (p == NULL) {
        return NULL;
    }
    va_start(args, fmt);
    (void)vsnprintf(p, (size_t)n + 1, fmt, args); /* measured above */
    va_end(args);
    return p;
}

size_t arena_mark(const struct arena *mem)
{
    return mem->used;
}

void arena_rewind(struct arena *mem, size_t mark)
{
    CHECK(mark <= mem->used);
    if (mark < mem->used) {
        bytes_wipe(mem->p + mark, mem->used - mark);
    }
    mem->used = mark;
}

void arena_wipe(struct arena *mem)
{
    arena_rewind(mem, 0);
    mem->failed = false;
}
