/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "app/prose.h"

static void test_lines(void **state)
{
    static const struct {
        unsigned width, indent;
        const char *text, *want;
    } rows[] = {
        {20, 0, "one two three", "one two three\n"},
        {7, 0, "one two three", "one two\nthree\n"},
        {9, 2, "one two three", "  one two\n  three\n"},
        {4, 1, "extraordinary end", " extraordinary\n end\n"},
        {5, 0, "\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9",
         "\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\n"}, /* columns, not bytes */
        {10, 3, "", "\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf b;
        buf_init(&b, 1024);
        prose_add(&b, rows[i].width, rows[i].indent, text_str(rows[i].text));
        assert_string_equal(buf_str(&b), rows[i].want);
        buf_free(&b);
    }
}

/* What is flushed is gone, and what did not fit is not passed over in silence. */
static void test_flush(void **state)
{
    struct buf b;
    struct buf words;
    (void)state;
    buf_init(&b, 64);
    buf_init(&words, 8);
    buf_add_str(&words, "a b");
    prose_flush(&b, 80, 0, &words);
    assert_true(buf_ok(&b) && words.n == 0);
    buf_add_str(&words, "far too long for it");
    prose_flush(&b, 80, 0, &words);
    assert_false(buf_ok(&b));
    buf_free(&words);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_flush),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
