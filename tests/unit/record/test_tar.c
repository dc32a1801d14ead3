/* SPDX-License-Identifier: Apache-2.0 */
#include "record/tar.h"

#include "lib/test.h"

/* Walks; the number of files through out, true iff the end was reached. */
static bool walk(struct bytes archive, unsigned *out, struct err *err)
{
    struct tar_reader r;
    struct tar_file f;
    size_t at = 0;
    bool end = false;
    tar_reader_init(&r);
    for (*out = 0; tar_next(&r, archive, &at, &f, &end, err); (*out)++) {
        if (end) {
            assert_true(tar_reader_done(&r));
            return true;
        }
        assert_false(tar_reader_done(&r));
    }
    return false;
}

static void put_three(struct buf *b)
{
    struct err err = {0};
    assert_true(tar_put(bytes_str("a"), (struct bytes){0}, b, &err));
    assert_true(tar_put(bytes_str("b/1.p/2"), bytes_str("hello"), b, &err));
    static uint8_t block[512];
    assert_true(tar_put(bytes_str("c"), bytes_of(block, sizeof(block)), b, &err));
    tar_put_end(b);
}

static void test_round(void **state)
{
    (void)state;
    struct buf b;
    struct err err = {0};
    unsigned files;
    buf_init(&b, 100000);
    put_three(&b);
    assert_int_equal(b.n, 512 + 1024 + 1024 + 1024);
    assert_true(walk(buf_bytes(&b), &files, &err));
    assert_int_equal(files, 3);
    /* A header as POSIX has it. */
    assert_memory_equal(b.p + 512 + 124, "00000000005", 12);
    assert_memory_equal(b.p + 512 + 257,
                        "ustar\0"
                        "00",
                        8);
    assert_int_equal(b.p[512 + 156], '0');
    buf_free(&b);
}

/* Every single changed bit outside the contents is noticed, and so is every cut. */
static void test_byte_by_byte(void **state)
{
    (void)state;
    struct buf b;
    struct err err = {0};
    unsigned files;
    buf_init(&b, 100000);
    put_three(&b);
    for (size_t i = 0; i < b.n; i++) {
        bool content = (i >= 1024 && i < 1029) || (i >= 2048 && i < 2560);
        b.p[i] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(walk(buf_bytes(&b), &files, &err), content);
        b.p[i] ^= (uint8_t)(1u << i % 8);
        assert_false(walk(bytes_slice(buf_bytes(&b), 0, i), &files, &err));
    }
    buf_add_fill(&b, 0, TAR_BLOCK);
    assert_false(walk(buf_bytes(&b), &files, &err));
    buf_free(&b);
}

static void test_names(void **state)
{
    (void)state;
    uint8_t block[TAR_BLOCK];
    char name[TAR_NAME_MAX + 2];
    struct err err = {0};
    static const char *const bad[] = {"",      "/a", "a/",  "a//b", ".",   "..",  "a/../b",
                                      "a/./b", "A",  "a b", "a\\b", "a_b", "a-b", "caf\xc3\xa9"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(tar_header_put(bytes_str(bad[i]), 1, block, &err));
        assert_int_equal(err.code, ERR_FORMAT);
    }
    static const char *const good[] = {"a", "a/b", "...", "a..b/c", ".p"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(tar_header_put(bytes_str(good[i]), 1, block, &err));
    }
    memset(name, 'n', sizeof(name));
    struct tar_reader r;
    struct tar_entry e;
    bool end;
    tar_reader_init(&r);
    assert_true(tar_header_put(bytes_of(name, TAR_NAME_MAX), TAR_FILE_MAX - 4096, block, &err));
    assert_true(tar_header_next(&r, block, &e, &end, &err));
    assert_int_equal(strlen(e.name), TAR_NAME_MAX);
    assert_int_equal(e.size, TAR_FILE_MAX - 4096);
    assert_false(tar_header_put(bytes_of(name, TAR_NAME_MAX + 1), 1, block, &err));
    assert_false(tar_header_put(bytes_str("a"), TAR_FILE_MAX + 1, block, &err));
    assert_int_equal(err.code, ERR_LIMIT);
}

static void test_order_and_total(void **state)
{
    (void)state;
    static const char *const bad[][2] = {{"b", "a"}, {"a", "a"}, {"a/b", "a"}, {"a/b", "a.b"}};
    uint8_t block[TAR_BLOCK];
    struct err err = {0};
    struct tar_reader r;
    struct tar_entry e;
    bool end;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        tar_reader_init(&r);
        assert_true(tar_header_put(bytes_str(bad[i][0]), 1, block, &err));
        assert_true(tar_header_next(&r, block, &e, &end, &err));
        assert_true(tar_header_put(bytes_str(bad[i][1]), 1, block, &err));
        assert_false(tar_header_next(&r, block, &e, &end, &err));
        assert_int_equal(err.code, ERR_FORMAT);
    }
    tar_reader_init(&r);
    assert_true(tar_header_put(bytes_str("a"), TAR_FILE_MAX - 512, block, &err));
    assert_true(tar_header_next(&r, block, &e, &end, &err));
    assert_true(tar_header_put(bytes_str("b"), 0, block, &err));
    assert_false(tar_header_next(&r, block, &e, &end, &err));
    assert_int_equal(err.code, ERR_LIMIT);

    /* One block of zeros, then a file; three blocks of zeros. */
    uint8_t zeros[TAR_BLOCK] = {0};
    tar_reader_init(&r);
    assert_true(tar_header_next(&r, zeros, &e, &end, &err));
    assert_true(end && !tar_reader_done(&r));
    assert_false(tar_header_next(&r, block, &e, &end, &err));
    assert_true(tar_header_next(&r, zeros, &e, &end, &err));
    assert_true(tar_reader_done(&r));
    assert_false(tar_header_next(&r, zeros, &e, &end, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_order_and_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
