/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/bech32.h"

#include "crypto/age.h"
#include "lib/prop.h"
#include "lib/test.h"

/* The pair of the age specification. */
#define IDENTITY "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
#define RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

static void test_the_specification(void **state)
{
    (void)state;
    uint8_t secret[32], pk[32], want[32];
    memset(want, 0x42, sizeof(want));
    assert_true(age_identity_parse(bytes_str(IDENTITY), secret));
    assert_memory_equal(secret, want, sizeof(want));
    assert_true(age_recipient_parse(bytes_str(RECIPIENT), pk));
    char text[AGE_TEXT_MAX];
    age_identity_text(secret, text);
    assert_string_equal(text, IDENTITY);
    age_recipient_text(pk, text);
    assert_string_equal(text, RECIPIENT);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "bech32");
    for (size_t i = prop_rounds(300); i > 0; i--) {
        uint8_t v[32], got[32];
        prop_fill(&rnd, v, sizeof(v));
        char text[AGE_TEXT_MAX];
        age_recipient_text(v, text);
        assert_int_equal(strlen(text), 62);
        assert_true(age_recipient_parse(bytes_str(text), got));
        assert_memory_equal(got, v, sizeof(v));
        age_identity_text(v, text);
        assert_int_equal(strlen(text), 74);
        assert_true(age_identity_parse(bytes_str(text), got));
        assert_memory_equal(got, v, sizeof(v));
    }
}

/* Bech32 finds every change of up to four characters. */
static void test_every_single_change_is_refused(void **state)
{
    (void)state;
    char text[] = RECIPIENT;
    for (size_t i = 0; text[i] != 0; i++) {
        char was = text[i];
        for (int c = 1; c < 256; c++) {
            if ((char)c == was) {
                continue;
            }
            uint8_t out[32] = {7};
            text[i] = (char)c;
            assert_false(age_recipient_parse(bytes_str(text), out));
            assert_int_equal(out[0], 7);
        }
        text[i] = was;
    }
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const not_recipients[] = {
        "",
        "age1",
        "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ", /* one text for each */
        RECIPIENT " ",
        (" " RECIPIENT),
        IDENTITY,
        "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujw",
    };
    uint8_t out[32];
    for (size_t i = 0; i < COUNT_OF(not_recipients); i++) {
        assert_false(age_recipient_parse(bytes_str(not_recipients[i]), out));
    }
    static const char *const not_identities[] = {
        "",
        RECIPIENT,
        "age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex",
        "AGE-SECRET-KEY-1gFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
        (IDENTITY IDENTITY),
    };
    for (size_t i = 0; i < COUNT_OF(not_identities); i++) {
        assert_false(age_identity_parse(bytes_str(not_identities[i]), out));
    }
}

/* A right checksum over data whose spare bits are set: found by writing 33 bytes' worth. */
static void test_spare_bits(void **state)
{
    (void)state;
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    char text[AGE_TEXT_MAX];
    const uint8_t zeros[32] = {0};
    age_recipient_text(zeros, text);
    size_t last = strlen("age1") + 51;
    size_t good = 0;
    uint8_t out[32];
    /* Of all last data characters and checksums only one is accepted; the checksum of the others
     * is computed here, the plain way. */
    for (size_t v = 0; v < 32; v++) {
        static const uint32_t gen[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
        uint8_t values[3 + 1 + 3 + 52 + 6] = {3, 3, 3, 0, 1, 7, 5};
        values[3 + 1 + 3 + 51] = (uint8_t)v;
        uint32_t sum = 1;
        for (size_t i = 0; i < sizeof(values); i++) {
            uint32_t top = sum >> 25;
            sum = (sum & 0x1ffffff) << 5 ^ values[i];
            for (unsigned k = 0; k < 5; k++) {
                sum ^= (top >> k & 1) != 0 ? gen[k] : 0;
            }
        }
        sum ^= 1;
        text[last] = alphabet[v];
        for (unsigned k = 0; k < 6; k++) {
            text[last + 1 + k] = alphabet[sum >> (25 - 5 * k) & 31];
        }
        bool ok = age_recipient_parse(bytes_str(text), out);
        assert_int_equal(ok, v == 0 || v == 16);
        good += ok;
    }
    assert_int_equal(good, 2); /* the one bit that belongs to the key */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_specification),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_every_single_change_is_refused),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_spare_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
