/* SPDX-License-Identifier: Apache-2.0 */
#include "record/padding.h"

#include "lib/prop.h"
#include "lib/test.h"

static void test_buckets(void **state)
{
    (void)state;
    static const uint64_t want[][2] = {
        {1, 1024},
        {1023, 1024},
        {1024, 1024},
        {1025, 2048},
        {2049, 3072},
        {4096, 4096},
        {4097, 4352},
        {4352, 4352},
        {8191, 8192},
        {8193, 8704},
        {65536, 65536},
        {65537, 67584},
        {100000, 100352},
        {1000000, 1015808},
        {16777217, 17301504},
        {0, 1024},
        {(UINT64_C(1) << 63) + 1, (UINT64_C(1) << 63) + (UINT64_C(1) << 57)},
        {UINT64_MAX, UINT64_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_int_equal(padding_bucket(want[i][0]), want[i][1]);
    }
}

/* A bucket is its own bucket, none lies between a size and its bucket, and sizes rise. */
static void test_bucket_properties(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "padding");
    for (size_t i = 0, n = prop_rounds(20000); i < n; i++) {
        uint64_t size = prop_edgy(&rnd) >> prop_below(&rnd, 40);
        uint64_t b = padding_bucket(size);
        assert_true(b >= size);
        assert_true(b == UINT64_MAX || padding_is_bucket(b));
        assert_int_equal(padding_is_bucket(size), size != UINT64_MAX && b == size);
        if (size > 4096) {
            assert_true(b - size <= size / 8);
        }
        assert_true(size == 0 || padding_bucket(size - 1) <= b);
    }
    assert_false(padding_is_bucket(0));
    assert_false(padding_is_bucket(1));
}

static void test_put_and_strip(void **state)
{
    (void)state;
    for (size_t n = 0; n < 6000; n += n < 4 || (n > 1020 && n < 1027) ? 1 : 97) {
        struct buf b;
        struct bytes back;
        struct err err = {0};
        buf_init(&b, 1u << 20);
        buf_add_str(&b, "before");
        buf_add_fill(&b, n % 2 == 0 ? 0 : 0x80, n);
        padding_put(&b, 6);
        assert_true(padding_is_bucket(b.n - 6));
        struct bytes padded = bytes_slice(buf_bytes(&b), 6, b.n);
        assert_true(padding_strip(padded, &back, &err));
        assert_int_equal(back.n, n);
        assert_ptr_equal(back.p, padded.p);
        /* One zero less or a bucket more is not what a writer writes. */
        assert_false(padding_strip(bytes_slice(padded, 0, padded.n - 1), &back, &err));
        buf_add_fill(&b, 0, 1024);
        assert_false(padding_strip(bytes_slice(buf_bytes(&b), 6, b.n), &back, &err));
        buf_free(&b);
    }
    struct err err = {0};
    struct bytes back = bytes_str("x");
    static const uint8_t zeros[1024];
    uint8_t other[1024] = {0};
    other[5] = 0x81;
    assert_false(padding_strip((struct bytes){0}, &back, &err));
    assert_false(padding_strip(bytes_of(zeros, sizeof(zeros)), &back, &err));
    assert_false(padding_strip(bytes_of(other, sizeof(other)), &back, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    assert_int_equal(back.n, 1);

    /* A full buffer stays full. */
    struct buf small;
    buf_init(&small, 1000);
    buf_add_str(&small, "content");
    padding_put(&small, 0);
    assert_false(buf_ok(&small));
    buf_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buckets),
        cmocka_unit_test(test_bucket_properties),
        cmocka_unit_test(test_put_and_strip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
