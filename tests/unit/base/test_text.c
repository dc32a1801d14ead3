/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "lib/prop.h"
#include "lib/test.h"

/* Kuhn's stress cases, by kind. */
static void test_utf8_edges(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "\x7f",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "gr\xc3\xbc\xc3\x9f",
                                       "\xe2\x82\xac"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(utf8_valid(bytes_str(good[i])));
    }
    assert_true(utf8_valid(bytes_of("\0", 1)));
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xfe",
                                      "\xff",
                                      "\xc3",
                                      "\xe2\x82",
                                      "\xf0\x9f\x99",
                                      "\xc3(",
                                      "\xe2(\xa1",
                                      "\xe2\x82(",
                                      "\xf0(\x8c\xbc",
                                      "a\x80",
                                      "\xc3\xc3\xa9"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (utf8_valid(bytes_str(bad[i]))) {
            fail_msg("took bad case %zu", i);
        }
    }
}

/* All code points there and back, and all that is none. */
static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        uint8_t v[4];
        size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
        for (size_t i = n - 1, left = c; i < n; i--) {
            v[i] = (uint8_t)(i == 0 ? lead[n] | left : 0x80 | (left & 63));
            left >>= 6;
        }
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        if (utf8_valid(bytes_of(v, n)) == surrogate || (n > 1 && utf8_valid(bytes_of(v, n - 1)))) {
            fail_msg("U+%04X", (unsigned)c);
        }
    }
}

static void test_text_from(void **state)
{
    (void)state;
    struct text t = {0};
    struct err err = {0};
    assert_true(text_from(bytes_str("one\n\ttwo \xe2\x82\xac"), &t, &err));
    assert_int_equal(t.n, 12);
    assert_true(text_from((struct bytes){0}, &t, &err));
    static const struct {
        const char *v;
        const char *at;
    } bad[] = {
        {"ab\x01", "byte 2"},       {"\x1b[31m", "byte 0"}, {"a\r\n", "byte 1"},
        {"x\x7f", "byte 1"},        {"\xc2\x85", "byte 0"}, {"a\xe2\x80\xae", "byte 1"},
        {"\xe2\x81\xa6", "byte 0"}, {"ok\xff", "byte 2"},
    };
    struct text kept = text_str("kept");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        err_clear(&err);
        assert_false(text_from(bytes_str(bad[i].v), &kept, &err));
        assert_int_equal(err.code, ERR_FORMAT);
        assert_non_null(strstr(err.what, bad[i].at));
    }
    assert_false(text_from(bytes_of("a\0b", 3), &kept, &err));
    assert_true(text_is(kept, "kept"));
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(text_width(text_str("")), 0);
    assert_int_equal(text_width(text_str("abc")), 3);
    assert_int_equal(text_width(text_str("\xc3\xa9")), 1);
    assert_int_equal(text_width(text_str("e\xcc\x81")), 1);
    assert_int_equal(text_width(text_str("\xe6\x9d\xb1\xe4\xba\xac")), 4);
    assert_int_equal(text_width(text_str("\xf0\x9f\x99\x82!")), 3);
}

static void test_ids(void **state)
{
    (void)state;
    assert_true(text_is_id(text_str("a")));
    assert_true(text_is_id(text_str("water-share-2")));
    assert_true(text_is_id(text_str("a2345678901234567890123456789012")));
    static const char *const bad[] = {
        "", "A", "2a", "-a", "a_b", "a b", "a\xc3\xa9", "a23456789012345678901234567890123"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(text_is_id(text_str(bad[i])));
    }
}

static void test_quote(void **state)
{
    (void)state;
    struct arena mem = test_arena(4096);
    assert_string_equal(text_quote(&mem, bytes_str("plain"), 10), "\"plain\"");
    assert_string_equal(text_quote(&mem, (struct bytes){0}, 10), "\"\"");
    assert_string_equal(text_quote(&mem, bytes_str("a\"b"), 10), "\"a'b\"");
    assert_string_equal(text_quote(&mem, bytes_str("a\n\tb"), 10), "\"a  b\"");
    assert_string_equal(text_quote(&mem, bytes_str("\x1b[2J\xff"), 10),
                        "\"\xef\xbf\xbd[2J\xef\xbf\xbd\"");
    assert_string_equal(text_quote(&mem,
                                   bytes_str("a\xe2\x80\xae"
                                             "b"),
                                   10),
                        "\"a\xef\xbf\xbd"
                        "b\"");
    assert_string_equal(text_quote(&mem, bytes_str("\xc3\xa9\xc3\xa9\xc3\xa9"), 2),
                        "\"\xc3\xa9\xc3\xa9\xe2\x80\xa6\"");
    assert_string_equal(text_quote(&mem, bytes_str("abc"), 3), "\"abc\"");
    struct arena none = {0};
    assert_string_equal(text_quote(&none, bytes_str("abc"), 3), "?");
    test_arena_free(&mem);
}

/* Whatever bytes go in, text comes out: one line, no control, within its quotes. */
static void test_quote_is_text(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "quote");
    struct arena mem = test_arena(4096);
    for (size_t i = 0, n = prop_rounds(20000); i < n; i++) {
        uint8_t v[40];
        size_t len = (size_t)prop_below(&rnd, sizeof(v));
        prop_fill(&rnd, v, len);
        const char *q = text_quote(&mem, bytes_of(v, len), (size_t)prop_below(&rnd, 40));
        struct text t;
        struct err err = {0};
        assert_true(text_from(bytes_str(q), &t, &err));
        assert_null(strchr(q, '\n'));
        assert_ptr_equal(strchr(q + 1, '"'), q + strlen(q) - 1);
        arena_wipe(&mem);
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_edges),    cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_text_from),     cmocka_unit_test(test_width),
        cmocka_unit_test(test_ids),           cmocka_unit_test(test_quote),
        cmocka_unit_test(test_quote_is_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
