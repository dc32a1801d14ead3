/* SPDX-License-Identifier: Apache-2.0
 *
 * Linked with --wrap=malloc (lib/malloc_fault.h).
 */
#include "base/buf.h"

#include "lib/malloc_fault.h"
#include "lib/test.h"

static void test_adds(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    buf_add(&b, (struct bytes){0});
    buf_add_u8(&b, 1);
    buf_add_be32(&b, 0x02030405);
    buf_add_be64(&b, UINT64_C(0x060708090a0b0c0d));
    buf_add_fill(&b, 0xee, 2);
    buf_add_str(&b, "xy");
    static const uint8_t want[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0xee, 0xee, 'x', 'y'};
    assert_true(bytes_eq(buf_bytes(&b), bytes_of(want, sizeof(want))));
    buf_clear(&b);
    buf_printf(&b, "%s-%03d", "id", 7);
    assert_string_equal(buf_str(&b), "id-007");
    assert_int_equal(b.n, 6);
    buf_wipe(&b);
    assert_string_equal(buf_str(&b), "");
    buf_free(&b);
    assert_null(b.p);
    buf_free(&b);
}

static void test_over_lent_memory(void **state)
{
    (void)state;
    char room[8];
    struct buf b;
    buf_over(&b, room, sizeof(room));
    malloc_fails_in(1);
    buf_add_str(&b, "seven b");
    assert_true(buf_ok(&b));
    assert_string_equal(buf_str(&b), "seven b");
    assert_ptr_equal(b.p, room);
    buf_add_u8(&b, 'x');
    assert_false(buf_ok(&b));
    assert_false(malloc_failed());
    buf_free(&b);
    assert_int_equal(room[0], 0);
    assert_null(b.p);
}

static void test_growth_keeps_content(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1u << 20);
    for (uint32_t i = 0; i < 50000; i++) {
        buf_add_be32(&b, i);
    }
    assert_true(buf_ok(&b));
    for (uint32_t i = 0; i < 50000; i += 997) {
        assert_int_equal(b.p[4 * i + 3], i & 255);
        assert_int_equal(b.p[4 * i + 2], i >> 8 & 255);
    }
    buf_free(&b);
}

static void test_ceiling_sticks(void **state)
{
    (void)state;
    struct buf b;
    struct err err = {0};
    buf_init(&b, 4);
    buf_add_be32(&b, 7);
    assert_true(buf_done(&b, "a number", &err));
    buf_add_u8(&b, 8);
    assert_false(buf_ok(&b));
    assert_false(buf_done(&b, "a number", &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_non_null(strstr(err.what, "a number"));
    assert_string_equal(buf_str(&b), "");
    buf_add(&b, (struct bytes){0});
    buf_printf(&b, "x");
    assert_int_equal(b.n, 4);
    buf_clear(&b);
    buf_printf(&b, "%s", "abcde");
    assert_false(buf_ok(&b));
    buf_clear(&b);
    buf_printf(&b, "%s", "abcd");
    assert_string_equal(buf_str(&b), "abcd");
    buf_free(&b);

    struct buf none = {0};
    assert_string_equal(buf_str(&none), "");
    buf_add_u8(&none, 1);
    assert_false(buf_ok(&none));

    buf_init(&b, SIZE_MAX);
    buf_add_u8(&b, 1);
    assert_true(buf_ok(&b));
    buf_free(&b);
}

static void test_no_memory(void **state)
{
    (void)state;
    /* 4000 bytes in steps take several growths; each is made to fail in turn. */
    unsigned growths = 0;
    for (unsigned nth = 1;; nth++) {
        struct buf b;
        struct err err = {0};
        buf_init(&b, 100000);
        malloc_fails_in(nth);
        for (int i = 0; i < 400; i++) {
            buf_add_fill(&b, 'z', 10);
        }
        bool fired = malloc_failed();
        assert_int_equal(buf_done(&b, "a list", &err), !fired);
        if (!fired) {
            assert_int_equal(b.n, 4000);
            buf_free(&b);
            break;
        }
        assert_int_equal(err.code, ERR_MEMORY);
        assert_true(b.n < 4000);
        growths++;
        buf_free(&b);
    }
    assert_true(growths >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adds),
        cmocka_unit_test(test_over_lent_memory),
        cmocka_unit_test(test_growth_keeps_content),
        cmocka_unit_test(test_ceiling_sticks),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
