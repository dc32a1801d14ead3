/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/dh.h"

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

static unsigned ran, low;

/* Wycheproof calls "acceptable" what some refuse: twist points, non-canonical ones, low order.  We
 * take all but those that give zero. */
static void run_wycheproof(const json_t *group, const json_t *test)
{
    (void)group;
    uint8_t share[32], secret[32], want[32], got[32] = {0};
    static const uint8_t zero[32] = {0};
    assert_int_equal(json_hex(test, "public", share, sizeof(share)).n, 32);
    assert_int_equal(json_hex(test, "private", secret, sizeof(secret)).n, 32);
    assert_int_equal(json_hex(test, "shared", want, sizeof(want)).n, 32);
    bool is_zero = memcmp(want, zero, 32) == 0;
    bool good = dh_shared(secret, share, got);
    if (good == is_zero || dh_low_order(share) != is_zero || (good && memcmp(got, want, 32) != 0)) {
        fail_msg("test %zu", json_number(test, "tcId"));
    }
    ran++;
    low += is_zero;
}

static void test_wycheproof(void **state)
{
    (void)state;
    json_t *file = json_shared_or_skip("vectors/wycheproof/x25519_test.json");
    ran = low = 0;
    json_each_test(file, run_wycheproof);
    assert_int_equal(ran, 518);
    assert_true(low >= 14);
    json_decref(file);
}

/* dh_low_order says what dh_shared does, for points near those of its list and for any others. */
static void test_low_order_agrees(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "dh-low-order");
    uint8_t secret[32], out[32];
    for (size_t i = prop_rounds(300); i > 0; i--) {
        uint8_t share[32];
        prop_fill(&rnd, share, sizeof(share));
        prop_fill(&rnd, secret, sizeof(secret));
        if (prop_one_in(&rnd, 2)) { /* small, or just below or above p = 2^255 - 19 */
            memset(share, prop_one_in(&rnd, 2) ? 0x00 : 0xff, sizeof(share));
            share[0] = (uint8_t)prop_u64(&rnd);
            share[31] = prop_one_in(&rnd, 2) ? share[31] : share[31] & 0x7f;
        }
        assert_int_equal(dh_low_order(share), !dh_shared(secret, share, out));
    }
    /* Every first byte of the two families, with and without the bit that is ignored. */
    prop_fill(&rnd, secret, sizeof(secret));
    unsigned found = 0;
    for (unsigned family = 0; family < 4; family++) {
        for (unsigned first = 0; first < 256; first++) {
            uint8_t share[32];
            memset(share, (family & 1) != 0 ? 0xff : 0x00, sizeof(share));
            share[0] = (uint8_t)first;
            unsigned top = ((family & 1) != 0 ? 0x7fu : 0u) | ((family & 2) != 0 ? 0x80u : 0u);
            share[31] = (uint8_t)top;
            assert_int_equal(dh_low_order(share), !dh_shared(secret, share, out));
            found += dh_low_order(share);
        }
    }
    assert_int_equal(found, 2 * (2 + 3)); /* 0, 1; p - 1, p, p + 1 */
}

/* RFC 7748 section 6.1. */
static void test_rfc7748(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "dh");
    static const uint8_t alice[32] = {
        0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1,
        0x72, 0x51, 0xb2, 0x66, 0x45, 0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0,
        0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a,
    };
    static const uint8_t want[4] = {0x85, 0x20, 0xf0, 0x09};
    uint8_t pk[32], b[32], b_pk[32], one[32], two[32];
    dh_public(alice, pk);
    assert_memory_equal(pk, want, sizeof(want));
    for (unsigned i = 0; i < 20; i++) {
        prop_fill(&rnd, b, sizeof(b));
        dh_public(b, b_pk);
        assert_true(dh_shared(alice, b_pk, one));
        assert_true(dh_shared(b, pk, two));
        assert_memory_equal(one, two, 32);
    }
}

/* A key to seal to is one, in one spelling: whoever is given none, or the same one twice under two
 * names, must see it before a room depends on it. */
static void test_is_key(void **state)
{
    (void)state;
    struct prop rnd;
    uint8_t secret[32], key[32];
    prop_init(&rnd, "dh-key");
    for (size_t i = prop_rounds(50); i > 0; i--) {
        prop_fill(&rnd, secret, sizeof(secret));
        dh_public(secret, key);
        assert_true(dh_is_key(key));
        key[31] |= 0x80; /* X25519 takes it all the same: another spelling */
        assert_false(dh_is_key(key));
    }
    /* Around 0 and p = 2^255 - 19: of low order, or above what one spelling has. */
    for (unsigned first = 0; first < 256; first++) {
        memset(key, 0, sizeof(key));
        key[0] = (uint8_t)first;
        assert_int_equal(dh_is_key(key), !dh_low_order(key));
        memset(key, 0xff, sizeof(key));
        key[0] = (uint8_t)first;
        key[31] = 0x7f;
        assert_int_equal(dh_is_key(key), first < 0xec);
        key[1] = 0xfe; /* below p, whatever the first byte */
        assert_true(dh_is_key(key));
        key[31] = 0xff;
        assert_false(dh_is_key(key));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wycheproof),
        cmocka_unit_test(test_low_order_agrees),
        cmocka_unit_test(test_is_key),
        cmocka_unit_test(test_rfc7748),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
