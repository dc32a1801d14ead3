/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"

#include "lib/test.h"

static void test_fields(void **state)
{
    (void)state;
    static const uint8_t in[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 'a', 'b', '\n'};
    struct reader r;
    reader_init(&r, bytes_of(in, sizeof(in)));
    assert_int_equal(read_u8(&r), 1);
    assert_int_equal(read_be16(&r), 0x0203);
    assert_int_equal(read_be32(&r), 0x04050607);
    assert_int_equal(read_be64(&r), UINT64_C(0x08090a0b0c0d0e0f));
    assert_int_equal(reader_left(&r), 3);
    assert_false(reader_done(&r));
    assert_true(bytes_eq(read_line(&r), bytes_str("ab")));
    assert_true(reader_done(&r));
}

static void test_short_read_sticks(void **state)
{
    (void)state;
    static const uint8_t in[] = {1, 2, 3};
    struct reader r;
    reader_init(&r, bytes_of(in, sizeof(in)));
    assert_int_equal(read_be32(&r), 0);
    assert_int_equal(read_u8(&r), 0);
    assert_int_equal(reader_left(&r), 0);
    assert_null(read_bytes(&r, 1).p);
    assert_false(reader_done(&r));

    reader_init(&r, bytes_of(in, sizeof(in)));
    assert_null(read_bytes(&r, SIZE_MAX).p);
    assert_false(reader_done(&r));
}

static void test_lines(void **state)
{
    (void)state;
    struct reader r;
    reader_init(&r, bytes_str("\none\ntwo"));
    assert_int_equal(read_line(&r).n, 0);
    assert_false(r.short_read);
    assert_true(bytes_eq(read_line(&r), bytes_str("one")));
    assert_int_equal(read_line(&r).n, 0);
    assert_true(r.short_read);
}

static void test_empty(void **state)
{
    (void)state;
    struct reader r;
    reader_init(&r, (struct bytes){0});
    assert_true(reader_done(&r));
    assert_int_equal(read_bytes(&r, 0).n, 0);
    assert_true(reader_done(&r));
    assert_int_equal(read_line(&r).n, 0);
    assert_false(reader_done(&r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_short_read_sticks),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
