/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include "base/text.h"
#include "lib/test.h"

static void test_three_parts(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(err_set(&err, ERR_RULE, "the price %d is too high", 7) ||
                 err_mend(&err, "ask %s", "Ana"));
    assert_false(err_at(&err, "offer %s", "7f3a"));
    assert_false(err_at(&err, "table %s", "Harbour"));
    assert_int_equal(err.code, ERR_RULE);
    assert_string_equal(err.what, "the price 7 is too high");
    assert_string_equal(err.where, "table Harbour, offer 7f3a");
    assert_string_equal(err.mend, "ask Ana");
    assert_false(err_mend(&err, "counter below 5"));
    assert_string_equal(err.mend, "counter below 5");
    assert_false(err_set(&err, ERR_IO, "disk"));
    assert_string_equal(err.where, "");
    assert_string_equal(err.mend, "");
    err_clear(&err);
    assert_int_equal(err.code, ERR_NONE);
    assert_string_equal(err.what, "");
}

/* A long message is cut, and never in the middle of a character. */
static void test_cut(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x99\x82"};
    for (size_t k = 0; k < COUNT_OF(letters); k++) {
        for (int shift = 0; shift < 4; shift++) {
            char words[800] = "....";
            size_t n = (size_t)shift;
            while (n + strlen(letters[k]) < sizeof(words)) {
                memcpy(words + n, letters[k], strlen(letters[k]));
                n += strlen(letters[k]);
            }
            words[n] = 0;
            struct err err = {0};
            assert_false(err_set(&err, ERR_IO, "%s", words));
            assert_true(strlen(err.what) > sizeof(err.what) - 6);
            assert_true(utf8_valid(bytes_str(err.what)));
            assert_false(err_at(&err, "%.200s", "inner"));
            assert_false(err_at(&err, "%s", words));
            assert_true(utf8_valid(bytes_str(err.where)));
            err_clear(&err);
            words[130 - (130 - shift) % (int)strlen(letters[k])] = 0;
            assert_false(err_at(&err, "%s", words));
            assert_false(err_at(&err, "%s", words));
            assert_true(utf8_valid(bytes_str(err.where)));
            assert_true(strlen(err.where) > 240);
        }
    }
}

static void test_codes(void **state)
{
    (void)state;
    assert_int_equal(err_exit_status(ERR_NONE), 0);
    assert_int_equal(err_exit_status(ERR_IO), 1);
    assert_int_equal(err_exit_status(ERR_USE), 2);
    assert_int_equal(err_exit_status(ERR_RULE), 3);
    assert_int_equal(err_exit_status(ERR_VERIFY), 4);
    assert_int_equal(err_exit_status(ERR_HOST), 5);
    assert_string_equal(err_word(ERR_VERIFY), "verify");
    struct err err = {0};
    assert_false(err_memory(&err, "the list"));
    assert_int_equal(err.code, ERR_MEMORY);
    assert_non_null(strstr(err.what, "the list"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_parts),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
