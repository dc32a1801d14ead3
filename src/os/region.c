/* SPDX-License-Identifier: Apache-2.0 */
#include "os/region.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/check.h"
#include "os/system_priv.h"

bool region_init(struct region *r, enum region_kind kind, size_t cap, struct err *err)
{
    CHECK(cap > 0 && cap <= REGION_MAX);
    size_t page = (size_t)sysconf(_SC_PAGESIZE); /* positive on every Linux */
    cap = (cap + page - 1) / page * page;
    void *p = mmap(NULL, cap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);
    if (p == MAP_FAILED) {
        return err_memory(err, "a working area") ||
               err_mend(err, "close some programs, or raise the limit (ulimit -v)");
    }
    if (kind == REGION_SECRET && madvise(p, cap, MADV_DONTDUMP) != 0) {
        int number = errno;
        (void)munmap(p, cap); /* our own mapping */
        return system_error(err, number, "memory for secrets cannot be kept out of core dumps");
    }
    *r = (struct region){.kind = kind};
    arena_init(&r->mem, p, cap);
    return true;
}

static void wipe_secret(struct region *r)
{
    if (r->kind == REGION_SECRET) {
        arena_wipe(&r->mem);
    }
}

void region_clear(struct region *r)
{
    wipe_secret(r);
    if (r->mem.used > 0) {
        CHECK(madvise(r->mem.p, r->mem.cap, MADV_DONTNEED) == 0); /* anonymous: zeros from now on */
        r->mem.used = 0;
    }
    r->mem.failed = false;
}

void region_free(struct region *r)
{
    if (r->mem.p != NULL) {
        wipe_secret(r);
        CHECK(munmap(r->mem.p, r->mem.cap) == 0); /* our own mapping, whole */
    }
    *r = (struct region){0};
}
