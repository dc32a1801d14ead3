/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include "crypto/init.h"
#include "lib/json.h"
#include "lib/test.h"

static int start(void **state)
{
    (void)state;
    struct err err = {0};
    return crypto_init(&err) ? 0 : -1;
}

static unsigned ran, passed_over;

static void run_case(enum aead kind, size_t nonce_bytes, const json_t *test)
{
    uint8_t key[32], iv[64], tag[16], want[16];
    uint8_t aad[1024], msg[1024], ct[1024], out[1024];
    struct bytes nonce = json_hex(test, "iv", iv, sizeof(iv));
    if (nonce.n != nonce_bytes) {
        passed_over++; /* another nonce is refused by the type of the caller's array */
        return;
    }
    assert_int_equal(json_hex(test, "key", key, sizeof(key)).n, 32);
    struct bytes ad = json_hex(test, "aad", aad, sizeof(aad));
    struct bytes plain = json_hex(test, "msg", msg, sizeof(msg));
    struct bytes body = json_hex(test, "ct", ct, sizeof(ct) - 16);
    assert_int_equal(json_hex(test, "tag", tag, sizeof(tag)).n, 16);
    memcpy(ct + body.n, tag, 16);
    bool valid = strcmp(json_word(test, "result"), "valid") == 0;
    bool opened = aead_open(kind, key, nonce.p, ad, bytes_of(ct, body.n + 16), out);
    if (opened != valid) {
        fail_msg("test %zu", json_number(test, "tcId"));
    }
    ran++;
    if (!valid) {
        return;
    }
    assert_true(bytes_eq(bytes_of(out, body.n), plain));
    aead_seal(kind, key, nonce.p, ad, plain, out);
    memcpy(want, out + plain.n, 16);
    assert_memory_equal(out, body.p, body.n);
    assert_memory_equal(want, tag, 16);
}

static void run_chacha(const json_t *group, const json_t *test)
{
    (void)group;
    run_case(AEAD_CHACHA, AEAD_CHACHA_NONCE_BYTES, test);
}

static void run_xchacha(const json_t *group, const json_t *test)
{
    (void)group;
    run_case(AEAD_XCHACHA, AEAD_XCHACHA_NONCE_BYTES, test);
}

static void test_chacha_vectors(void **state)
{
    (void)state;
    json_t *file = json_shared_or_skip("vectors/wycheproof/chacha20_poly1305_test.json");
    ran = passed_over = 0;
    json_each_test(file, run_chacha);
    assert_int_equal(ran, 316);
    assert_int_equal(ran + passed_over, json_number(file, "numberOfTests"));
    json_decref(file);
}

static void test_xchacha_vectors(void **state)
{
    (void)state;
    json_t *file = json_shared_or_skip("vectors/wycheproof/xchacha20_poly1305_test.json");
    ran = passed_over = 0;
    json_each_test(file, run_xchacha);
    assert_int_equal(ran, 306);
    assert_int_equal(ran + passed_over, json_number(file, "numberOfTests"));
    json_decref(file);
}

/* Without the vectors too: every bit counts, and less than a tag is nothing. */
static void test_every_bit(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        enum aead kind = k == 0 ? AEAD_CHACHA : AEAD_XCHACHA;
        uint8_t key[32] = {1}, nonce[24] = {2}, ad[3] = {3}, plain[5] = {4};
        uint8_t sealed[5 + 16], out[5];
        struct bytes whole = bytes_of(sealed, sizeof(sealed));
        aead_seal(kind, key, nonce, bytes_of(ad, 3), bytes_of(plain, 5), sealed);
        assert_true(aead_open(kind, key, nonce, bytes_of(ad, 3), whole, out));
        assert_memory_equal(out, plain, 5);
        for (size_t bit = 0; bit < 8 * sizeof(sealed); bit++) {
            sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(aead_open(kind, key, nonce, bytes_of(ad, 3), whole, out));
            sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        assert_false(aead_open(kind, key, nonce, bytes_of(ad, 2), whole, out));
        for (size_t n = 0; n < sizeof(sealed); n++) {
            assert_false(aead_open(kind, key, nonce, bytes_of(ad, 3), bytes_of(sealed, n), out));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chacha_vectors),
        cmocka_unit_test(test_xchacha_vectors),
        cmocka_unit_test(test_every_bit),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
