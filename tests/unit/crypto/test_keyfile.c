/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/keyfile.h"

#include "base/cbor.h"
#include "crypto/init.h"
#include "lib/prop.h"
#include "lib/test.h"

static int start(void **state)
{
    (void)state;
    struct err err = {0};
    return crypto_init(&err) ? 0 : -1;
}

static const struct keyfile_cost cheap = {.t = 1, .m_kib = 8};
static const struct keyfile_chance chance = {.salt = {1, 2, 3}, .nonce = {4, 5, 6}};

static void seal(struct buf *out, const char *passphrase)
{
    struct err err = {0};
    buf_init(out, 4096);
    assert_true(keyfile_seal(bytes_str("public"), bytes_str("secret"), bytes_str(passphrase),
                             &cheap, &chance, out, &err));
    assert_true(cbor_valid(buf_bytes(out)));
}

static enum err_code open_it(struct bytes file, const char *passphrase)
{
    struct buf secret;
    struct bytes public_part = {0};
    struct err err = {0};
    buf_init(&secret, 100);
    buf_add_str(&secret, "kept ");
    bool good = keyfile_open(file, bytes_str(passphrase), &public_part, &secret, &err);
    if (good) {
        assert_true(bytes_eq(public_part, bytes_str("public")));
        assert_string_equal(buf_str(&secret), "kept secret");
    } else {
        assert_string_equal(buf_str(&secret), "kept ");
        assert_null(public_part.p);
        assert_true(err.code != ERR_KEY || err.mend[0] != 0);
    }
    buf_free(&secret);
    return good ? ERR_NONE : err.code;
}

static void test_round_trip(void **state)
{
    (void)state;
    struct buf file;
    seal(&file, "correct horse");
    assert_int_equal(open_it(buf_bytes(&file), "correct horse"), ERR_NONE);
    assert_int_equal(open_it(buf_bytes(&file), "correct horsf"), ERR_KEY);
    assert_int_equal(open_it(buf_bytes(&file), "correct horse "), ERR_KEY);
    assert_int_equal(open_it(buf_bytes(&file), ""), ERR_KEY);
    struct bytes public_part;
    struct keyfile_cost cost;
    struct err err = {0};
    assert_true(keyfile_public(buf_bytes(&file), &public_part, &cost, &err));
    assert_true(bytes_eq(public_part, bytes_str("public")));
    assert_int_equal(cost.t, 1);
    assert_int_equal(cost.m_kib, 8);
    assert_true(keyfile_is_cheap(&cost));
    assert_false(keyfile_is_cheap(&KEYFILE_COST));
    buf_free(&file);
}

/* Wrong passphrase and altered file cannot be told apart, and no secret byte stands in the file. */
static void test_altered(void **state)
{
    (void)state;
    struct buf file;
    seal(&file, "p");
    for (size_t i = 0; i + 6 <= file.n; i++) {
        assert_memory_not_equal(file.p + i, "secret", 6);
    }
    struct err wrong = {0}, altered = {0};
    struct buf secret;
    struct bytes public_part;
    buf_init(&secret, 100);
    assert_false(keyfile_open(buf_bytes(&file), bytes_str("q"), &public_part, &secret, &wrong));
    unsigned refused = 0;
    for (size_t i = 0; i < file.n; i++) {
        for (unsigned bit = 0; bit < 8; bit += 3) {
            file.p[i] ^= (uint8_t)(1u << bit);
            /* A flipped bit of the cost may ask for all that the ceiling lets: look first. */
            struct keyfile_cost cost = {0};
            bool parsed = keyfile_public(buf_bytes(&file), &public_part, &cost, &altered);
            if (parsed && cost.m_kib < 4096) {
                assert_false(keyfile_open(buf_bytes(&file), bytes_str("p"), &public_part, &secret,
                                          &altered));
                assert_int_equal(altered.code, ERR_KEY);
                assert_string_equal(altered.what, wrong.what);
                refused++;
            }
            file.p[i] ^= (uint8_t)(1u << bit);
        }
    }
    assert_true(refused > 3 * (16 + 24 + 6 + 22));
    buf_free(&secret);
    buf_free(&file);
}

static void test_ceilings(void **state)
{
    (void)state;
    static const struct keyfile_cost bad[] = {
        {.t = 0, .m_kib = 8},
        {.t = KEYFILE_T_MAX + 1, .m_kib = 8},
        {.t = 1, .m_kib = 7},
        {.t = 1, .m_kib = KEYFILE_M_KIB_MAX + 1},
    };
    struct buf out;
    struct err err = {0};
    buf_init(&out, 4096);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(keyfile_seal(bytes_str("a"), bytes_str("b"), bytes_str("p"), &bad[i], &chance,
                                  &out, &err));
        assert_int_equal(err.code, ERR_LIMIT);
        /* The reader has the same ones, before it derives anything. */
        struct buf header;
        buf_init(&header, 4096);
        cbor_put_map(&header, 7);
        cbor_put_uint(&header, 1);
        cbor_put_uint(&header, 1);
        cbor_put_uint(&header, 2);
        cbor_put_tstr(&header, text_str("argon2id13"));
        cbor_put_uint(&header, 3);
        cbor_put_uint(&header, bad[i].t);
        cbor_put_uint(&header, 4);
        cbor_put_uint(&header, bad[i].m_kib);
        cbor_put_uint(&header, 5);
        cbor_put_bstr(&header, bytes_of(chance.salt, 16));
        cbor_put_uint(&header, 6);
        cbor_put_bstr(&header, bytes_of(chance.nonce, 24));
        cbor_put_uint(&header, 7);
        cbor_put_bstr(&header, bytes_str("public"));
        buf_clear(&out);
        cbor_put_array(&out, 2);
        cbor_put_bstr(&out, buf_bytes(&header));
        cbor_put_bstr(&out, bytes_str("0123456789abcdefg"));
        assert_int_equal(open_it(buf_bytes(&out), "p"), ERR_LIMIT);
        buf_clear(&out);
        buf_free(&header);
    }
    static uint8_t big[KEYFILE_PART_MAX + 1];
    assert_false(keyfile_seal(bytes_of(big, sizeof(big)), bytes_str("b"), bytes_str("p"), &cheap,
                              &chance, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(keyfile_seal(bytes_str("a"), bytes_str("b"),
                              bytes_of(big, KEYFILE_PASSPHRASE_MAX + 1), &cheap, &chance, &out,
                              &err));
    assert_int_equal(err.code, ERR_KEY);
    buf_free(&out);
    buf_init(&out, 20); /* no room: nothing is left of it */
    assert_false(
        keyfile_seal(bytes_str("a"), bytes_str("b"), bytes_str("p"), &cheap, &chance, &out, &err));
    assert_int_equal(out.n, 0);
    buf_free(&out);
}

static void test_every_cut_is_refused(void **state)
{
    (void)state;
    struct buf file;
    seal(&file, "p");
    for (size_t n = 0; n < file.n; n++) {
        assert_int_equal(open_it(bytes_of(file.p, n), "p"), ERR_FORMAT);
    }
    buf_add_u8(&file, 0);
    assert_int_equal(open_it(buf_bytes(&file), "p"), ERR_FORMAT);
    buf_free(&file);
}

/* What a person waits half a second for; a change of it is a change of FORMAT 15. */
static void test_default_cost(void **state)
{
    (void)state;
    assert_int_equal(KEYFILE_COST.t, 3);
    assert_int_equal(KEYFILE_COST.m_kib, 262144);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_altered),
        cmocka_unit_test(test_ceilings),     cmocka_unit_test(test_every_cut_is_refused),
        cmocka_unit_test(test_default_cost),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
