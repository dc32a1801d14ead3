/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include "crypto/init.h"
#include "lib/json.h"
#include "lib/prop.h"
#include "lib/test.h"

static int start(void **state)
{
    (void)state;
    struct err err = {0};
    return crypto_init(&err) ? 0 : -1;
}

static unsigned ran;

static void run_wycheproof(const json_t *group, const json_t *test)
{
    uint8_t pk[32], sig[128], msg[1024];
    const json_t *key = json_object_get(group, "publicKey");
    assert_int_equal(json_hex(key, "pk", pk, sizeof(pk)).n, 32);
    struct bytes s = json_hex(test, "sig", sig, sizeof(sig));
    struct bytes m = json_hex(test, "msg", msg, sizeof(msg));
    bool valid = strcmp(json_word(test, "result"), "valid") == 0;
    ran++;
    if (s.n != SIGN_BYTES) {
        assert_false(valid); /* the type of the argument keeps another length out */
        return;
    }
    if (sign_verify(pk, m, s.p) != valid) {
        fail_msg("test %zu", json_number(test, "tcId"));
    }
}

static void test_wycheproof(void **state)
{
    (void)state;
    json_t *file = json_shared_or_skip("vectors/wycheproof/ed25519_test.json");
    ran = 0;
    json_each_test(file, run_wycheproof);
    assert_int_equal(ran, 151);
    json_decref(file);
}

/* The line between valid and invalid, which every replica must draw at the same place: of the 914
 * crafted cases of C2SP/CCTV libsodium 1.0.18 accepts exactly these. */
static const size_t accepted[] = {
    7,   29,  50,  117, 139, 161, 182, 249, 305, 411, 425, 438, 465, 473, 481,
    489, 497, 511, 525, 538, 565, 573, 581, 589, 597, 611, 625, 638, 665, 673,
    681, 689, 697, 711, 725, 738, 765, 773, 781, 789, 797, 832, 899,
};

static void test_cctv_edge_cases(void **state)
{
    (void)state;
    json_t *file = json_shared_or_skip("vectors/ed25519-cctv/ed25519vectors.json");
    assert_int_equal(COUNT_OF(accepted), 43);
    assert_int_equal(json_array_size(file), 914);
    size_t i, next = 0;
    const json_t *v;
    json_array_foreach(file, i, v)
    {
        uint8_t pk[32], sig[64];
        assert_int_equal(json_hex(v, "key", pk, sizeof(pk)).n, 32);
        assert_int_equal(json_hex(v, "sig", sig, sizeof(sig)).n, 64);
        bool want = next < COUNT_OF(accepted) && accepted[next] == json_number(v, "number");
        next += want;
        if (sign_verify(pk, bytes_str(json_word(v, "msg")), sig) != want) {
            fail_msg("case %zu is not %s", json_number(v, "number"), want ? "valid" : "invalid");
        }
    }
    assert_int_equal(next, COUNT_OF(accepted));
    json_decref(file);
}

/* RFC 8032 section 7.1, test 2. */
static void test_rfc8032(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {
        0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3,
        0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab,
        0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb,
    };
    static const uint8_t want_pk[4] = {0x3d, 0x40, 0x17, 0xc3};
    static const uint8_t want_sig[4] = {0x92, 0xa0, 0x09, 0xa9};
    uint8_t pk[32], sk[64], sig[64], message = 0x72;
    sign_keypair(seed, pk, sk);
    assert_memory_equal(pk, want_pk, sizeof(want_pk));
    sign_make(sk, bytes_of(&message, 1), sig);
    assert_memory_equal(sig, want_sig, sizeof(want_sig));
    assert_true(sign_verify(pk, bytes_of(&message, 1), sig));
    assert_false(sign_verify(pk, (struct bytes){0}, sig));
}

static void test_every_bit(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "sign");
    uint8_t seed[32], pk[32], sk[64], sig[64], m[40];
    prop_fill(&rnd, seed, sizeof(seed));
    prop_fill(&rnd, m, sizeof(m));
    sign_keypair(seed, pk, sk);
    sign_make(sk, bytes_of(m, sizeof(m)), sig);
    for (size_t bit = 0; bit < 8 * sizeof(sig); bit++) {
        sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(sign_verify(pk, bytes_of(m, sizeof(m)), sig));
        sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * sizeof(pk); bit++) {
        pk[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(sign_verify(pk, bytes_of(m, sizeof(m)), sig));
        pk[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(sign_verify(pk, bytes_of(m, sizeof(m)), sig));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wycheproof),
        cmocka_unit_test(test_cctv_edge_cases),
        cmocka_unit_test(test_rfc8032),
        cmocka_unit_test(test_every_bit),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
