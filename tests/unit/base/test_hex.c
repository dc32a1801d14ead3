/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

#include "lib/prop.h"
#include "lib/test.h"

static void test_hex(void **state)
{
    (void)state;
    char out[9];
    uint8_t back[4] = {9, 9, 9, 9};
    hex_encode(bytes_of("\x00\x1f\xa0\xff", 4), out);
    assert_string_equal(out, "001fa0ff");
    assert_true(hex_decode(bytes_str("001fa0ff"), back, 4));
    assert_memory_equal(back, "\x00\x1f\xa0\xff", 4);
    hex_encode((struct bytes){0}, out);
    assert_string_equal(out, "");
    static const char *const bad[] = {"",         "001fa0f",  "001fa0fff",
                                      "001fa0fF", "001fa0fg", "001fa0 f"};
    memset(back, 9, sizeof(back));
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(hex_decode(bytes_str(bad[i]), back, 4));
        assert_int_equal(back[0], 9);
    }
    assert_false(hex_decode(bytes_str("00"), back, SIZE_MAX / 2 + 2));
}

/* RFC 4648 section 10. */
static void test_base64_rfc(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct buf b;
        buf_init(&b, 100);
        base64_encode(bytes_str(pairs[i][0]), BASE64_PADDED, &b);
        assert_string_equal(buf_str(&b), pairs[i][1]);
        buf_clear(&b);
        assert_true(base64_decode(bytes_str(pairs[i][1]), BASE64_PADDED, &b));
        assert_string_equal(buf_str(&b), pairs[i][0]);
        buf_free(&b);
    }
}

static void test_base64_strict(void **state)
{
    (void)state;
    static const char *const bad_padded[] = {"Zg",   "Zg=",  "Zg===",  "=",    "====",     "Zh==",
                                             "Zm9=", "Zm 9", "Zg==\n", "Z===", "Zg==Zg==", "Zm-_"};
    static const char *const bad_bare[] = {"Zg==", "Z", "Zh", "Zm9vY", "Zm9vYmF=", "Zm 8"};
    struct buf b;
    buf_init(&b, 100);
    for (size_t i = 0; i < COUNT_OF(bad_padded); i++) {
        assert_false(base64_decode(bytes_str(bad_padded[i]), BASE64_PADDED, &b));
    }
    for (size_t i = 0; i < COUNT_OF(bad_bare); i++) {
        assert_false(base64_decode(bytes_str(bad_bare[i]), BASE64_BARE, &b));
    }
    assert_int_equal(b.n, 0);
    assert_true(base64_decode(bytes_str("Zg"), BASE64_BARE, &b));
    assert_string_equal(buf_str(&b), "f");
    buf_free(&b);
    buf_init(&b, 2);
    assert_false(base64_decode(bytes_str("Zm9v"), BASE64_BARE, &b));
    buf_free(&b);
}

/* Each byte string has one text, and each text that is taken gives itself again. */
static void test_base64_one_to_one(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "base64");
    struct buf text, back, again;
    buf_init(&text, 1000);
    buf_init(&back, 1000);
    buf_init(&again, 1000);
    static const char letters[] = "ABzw019+/=- _";
    size_t taken = 0;
    for (size_t i = 0, n = prop_rounds(20000); i < n; i++) {
        enum base64_pad pad = prop_one_in(&rnd, 2) ? BASE64_PADDED : BASE64_BARE;
        uint8_t v[70];
        size_t len = (size_t)prop_below(&rnd, sizeof(v));
        prop_fill(&rnd, v, len);
        buf_clear(&text);
        buf_clear(&back);
        base64_encode(bytes_of(v, len), pad, &text);
        assert_true(base64_decode(buf_bytes(&text), pad, &back));
        assert_true(bytes_eq(buf_bytes(&back), bytes_of(v, len)));

        len = (size_t)prop_below(&rnd, 9);
        for (size_t k = 0; k < len; k++) {
            v[k] = (uint8_t)letters[prop_below(&rnd, sizeof(letters) - 1)];
        }
        buf_clear(&back);
        buf_clear(&again);
        if (base64_decode(bytes_of(v, len), pad, &back)) {
            base64_encode(buf_bytes(&back), pad, &again);
            assert_true(bytes_eq(buf_bytes(&again), bytes_of(v, len)));
            taken++;
        }
    }
    assert_true(taken > 100);
    buf_free(&text);
    buf_free(&back);
    buf_free(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_base64_rfc),
        cmocka_unit_test(test_base64_strict),
        cmocka_unit_test(test_base64_one_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
