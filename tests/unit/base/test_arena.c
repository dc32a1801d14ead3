/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "lib/test.h"

static void test_take_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena mem = test_arena(4096);
    for (size_t align = 1; align <= 64; align *= 2) {
        uint8_t *p = arena_take(&mem, 3, align, 5);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % align, 0);
        for (size_t i = 0; i < 15; i++) {
            assert_int_equal(p[i], 0);
        }
        memset(p, 0xff, 15);
    }
    assert_non_null(arena_take(&mem, 8, 8, 0));
    assert_false(mem.failed);
    test_arena_free(&mem);
}

static void test_cap_and_overflow(void **state)
{
    (void)state;
    struct arena mem = test_arena(64);
    assert_non_null(arena_take(&mem, 1, 1, 64));
    assert_null(arena_take(&mem, 1, 1, 1));
    assert_true(mem.failed);
    arena_wipe(&mem);
    assert_false(mem.failed);
    assert_null(arena_take(&mem, SIZE_MAX / 2, 1, 3));
    assert_null(arena_take(&mem, SIZE_MAX, 1, 1));
    assert_int_equal(mem.used, 0);
    assert_null(arena_str(&mem, (struct bytes){.p = mem.p, .n = SIZE_MAX}));
    struct arena none = {0};
    assert_null(arena_take(&none, 1, 1, 1));
    test_arena_free(&mem);
}

static void test_rewind_zeroes(void **state)
{
    (void)state;
    struct arena mem = test_arena(256);
    uint8_t *kept = arena_take(&mem, 1, 1, 8);
    memset(kept, 1, 8);
    size_t mark = arena_mark(&mem);
    uint8_t *gone = arena_take(&mem, 1, 1, 32);
    memset(gone, 2, 32);
    arena_rewind(&mem, mark);
    for (size_t i = 0; i < 32; i++) {
        assert_int_equal(gone[i], 0);
    }
    assert_int_equal(kept[7], 1);
    arena_wipe(&mem);
    assert_int_equal(kept[7], 0);
    assert_int_equal(mem.used, 0);
    test_arena_free(&mem);
}

static void test_copies(void **state)
{
    (void)state;
    struct arena mem = test_arena(256);
    struct bytes v = arena_copy(&mem, bytes_str("north"));
    assert_true(bytes_eq(v, bytes_str("north")));
    assert_int_equal(arena_copy(&mem, (struct bytes){0}).n, 0);
    assert_string_equal(arena_str(&mem, bytes_str("south")), "south");
    assert_string_equal(arena_str(&mem, (struct bytes){0}), "");
    assert_string_equal(arena_printf(&mem, "%d of %s", 7, "seven"), "7 of seven");
    assert_null(arena_printf(&mem, "%300s", "x"));
    assert_true(mem.failed);
    test_arena_free(&mem);
}

static bool three_takes(struct arena *mem, void *ctx)
{
    (void)ctx;
    return arena_take(mem, 4, 4, 2) != NULL && arena_str(mem, bytes_str("a")) != NULL &&
           arena_printf(mem, "%d", 1) != NULL;
}

static void test_planted_faults(void **state)
{
    (void)state;
    assert_int_equal(test_faults(three_takes, NULL, 256), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_is_zeroed_and_aligned),
        cmocka_unit_test(test_cap_and_overflow),
        cmocka_unit_test(test_rewind_zeroes),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_planted_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
