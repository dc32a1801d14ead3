/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "cli/out.h"

static struct out words_of_width(unsigned width)
{
    struct out out;
    out_init(&out, OUT_WORDS);
    out.width = width;
    out.colour = false;
    return out;
}

static void test_wrapped(void **state)
{
    (void)state;
    struct out out = words_of_width(20);
    out_wrapped(&out, 2, "one two three four five six-seven-eight-nine-ten-eleven x");
    assert_string_equal(buf_str(&out.answer), "  one two three four\n"
                                              "  five\n"
                                              "  six-seven-eight-nine-ten-eleven\n"
                                              "  x\n");
    buf_clear(&out.answer);
    out_printf(&out, "--name");
    out_wrapped(&out, 10, "aaaa bbbb cccc\nd");
    assert_string_equal(buf_str(&out.answer), "--name    aaaa bbbb\n"
                                              "          cccc\n"
                                              "          d\n");
    buf_clear(&out.answer);
    out_wrapped(&out, 0,
                "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac wide wide w");
    assert_string_equal(
        buf_str(&out.answer),
        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac wide wide\nw\n");
    out_free(&out);
}

static void test_columns_ignore_colour(void **state)
{
    (void)state;
    struct out out = words_of_width(40);
    out.colour = true;
    out_styled(&out, OUT_BOLD, "ab");
    out_column(&out, 5);
    out_printf(&out, "x\n");
    assert_string_equal(buf_str(&out.answer), "\033[1mab\033[0m   x\n");
    buf_clear(&out.answer);
    out.colour = false;
    out_styled(&out, OUT_BAD, "ab");
    out_column(&out, 1); /* already beyond */
    assert_string_equal(buf_str(&out.answer), "ab");
    out_free(&out);
}

static void test_json_has_no_words(void **state)
{
    (void)state;
    struct out out;
    out_init(&out, OUT_JSON);
    out_printf(&out, "words %d", 1);
    out_wrapped(&out, 2, "words");
    out_styled(&out, OUT_BAD, "words");
    out_column(&out, 9);
    json_put_key(&out.json, "x");
    json_put_null(&out.json);
    assert_string_equal(buf_str(&out.answer), "{\"v\":1,\"x\":null");
    out_free(&out);
}

static void test_error_form(void **state)
{
    (void)state;
    struct err err = {0};
    struct buf b;
    buf_init(&b, 1000);
    (void)err_set(&err, ERR_RULE, "the price 131 000 EUR is above your mandate of 120 000 EUR");
    (void)err_at(&err, "table \"Harbour lease\", offer 7f3a91");
    (void)err_mend(&err, "ask Ana to raise it, or counter at or below 120 000 EUR");
    out_error_words(&err, &b);
    assert_string_equal(buf_str(&b),
                        "entente: the price 131 000 EUR is above your mandate of 120 000 EUR\n"
                        "  where: table \"Harbour lease\", offer 7f3a91\n"
                        "  mend:  ask Ana to raise it, or counter at or below 120 000 EUR\n");
    buf_clear(&b);
    (void)err_set(&err, ERR_IO, "short");
    out_error_words(&err, &b);
    assert_string_equal(buf_str(&b), "entente: short\n");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrapped),
        cmocka_unit_test(test_columns_ignore_colour),
        cmocka_unit_test(test_json_has_no_words),
        cmocka_unit_test(test_error_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
