/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "os/region.h"

static void test_reserves_without_use(void **state)
{
    (void)state;
    struct err err;
    struct region r;
    assert_true(region_init(&r, REGION_PLAIN, REGION_MAX, &err));
    assert_int_equal(r.mem.cap, REGION_MAX);
    uint8_t *p = ARENA_NEW(&r.mem, uint8_t, 100000);
    assert_non_null(p);
    for (size_t i = 0; i < 100000; i++) {
        assert_int_equal(p[i], 0);
    }
    assert_null(ARENA_NEW(&r.mem, uint8_t, REGION_MAX));
    region_free(&r);
    region_free(&r);
    assert_null(r.mem.p);
}

static void test_clear_gives_zeros(void **state)
{
    (void)state;
    enum region_kind kinds[] = {REGION_PLAIN, REGION_SECRET};
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        struct err err;
        struct region r;
        assert_true(region_init(&r, kinds[k], 10000, &err));
        assert_int_equal(r.mem.cap % 4096, 0);
        uint8_t *p = ARENA_NEW(&r.mem, uint8_t, 9000);
        memset(p, 0xaa, 9000);
        assert_null(ARENA_NEW(&r.mem, uint8_t, 9000));
        assert_true(r.mem.failed);
        region_clear(&r);
        assert_false(r.mem.failed);
        uint8_t *q = ARENA_NEW(&r.mem, uint8_t, 9000);
        assert_ptr_equal(p, q);
        for (size_t i = 0; i < 9000; i++) {
            assert_int_equal(q[i], 0);
        }
        region_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reserves_without_use),
        cmocka_unit_test(test_clear_gives_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
