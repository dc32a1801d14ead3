/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <stdlib.h>

struct arena test_arena(size_t cap)
{
    struct arena mem;
    void *p = calloc(cap, 1);
    assert_non_null(p);
    arena_init(&mem, p, cap);
    return mem;
}

void test_arena_free(struct arena *mem)
{
    free(mem->p);
    *mem = (struct arena){0};
}

size_t test_faults(bool (*run)(struct arena *mem, void *ctx), void *ctx, size_t cap)
{
    for (size_t n = 1; n < 100000; n++) {
        struct arena mem = test_arena(cap);
        mem.fault_in = n;
        bool ok = run(&mem, ctx);
        bool fired = mem.fault_in == 0;
        bool failed = mem.failed;
        test_arena_free(&mem);
        if (!fired) {
            assert_true(ok);
            return n - 1;
        }
        assert_true(failed);
        assert_false(ok);
    }
    fail_msg("still failing after 100000 faults");
    return 0;
}
