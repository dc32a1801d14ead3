/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

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

static void run_hmac(const json_t *group, const json_t *test)
{
    static uint8_t key[4096], msg[4096], tag[32], got[32];
    size_t tag_bytes = json_number(group, "tagSize") / 8;
    struct bytes k = json_hex(test, "key", key, sizeof(key));
    struct bytes m = json_hex(test, "msg", msg, sizeof(msg));
    assert_int_equal(json_hex(test, "tag", tag, sizeof(tag)).n, tag_bytes);
    bool valid = strcmp(json_word(test, "result"), "valid") == 0;
    hash_hmac(k, &m, 1, got);
    if (hash_equal(got, tag, tag_bytes) != valid) {
        fail_msg("test %zu", json_number(test, "tcId"));
    }
    ran++;
}

static void test_hmac_wycheproof(void **state)
{
    (void)state;
    json_t *file = json_shared_or_skip("vectors/wycheproof/hmac_sha256_test.json");
    ran = 0;
    json_each_test(file, run_hmac);
    assert_int_equal(ran, 174);
    json_decref(file);
}

/* FIPS 180-4's "abc" and nothing. */
static void test_sha256(void **state)
{
    (void)state;
    static const uint8_t abc[4] = {0xba, 0x78, 0x16, 0xbf}, none[4] = {0xe3, 0xb0, 0xc4, 0x42};
    uint8_t out[32];
    hash_sha256(bytes_str("abc"), out);
    assert_memory_equal(out, abc, sizeof(abc));
    hash_sha256((struct bytes){0}, out);
    assert_memory_equal(out, none, sizeof(none));
}

static void test_parts_are_one(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "hash-parts");
    uint8_t v[300], whole[32], parted[32];
    prop_fill(&rnd, v, sizeof(v));
    struct bytes all = bytes_of(v, sizeof(v));
    for (size_t i = prop_rounds(200); i > 0; i--) {
        size_t a = prop_below(&rnd, 301), b = prop_below(&rnd, 301);
        size_t low = a < b ? a : b, high = a < b ? b : a;
        struct bytes parts[3] = {bytes_of(v, low), bytes_of(v + low, high - low),
                                 bytes_of(v + high, sizeof(v) - high)};
        hash_sha256(all, whole);
        hash_sha256_parts(parts, 3, parted);
        assert_memory_equal(whole, parted, 32);
        hash_hmac(bytes_str("key"), &all, 1, whole);
        hash_hmac(bytes_str("key"), parts, 3, parted);
        assert_memory_equal(whole, parted, 32);
    }
}

static void test_equal(void **state)
{
    (void)state;
    uint8_t a[32] = {1}, b[32] = {1};
    assert_true(hash_equal(a, b, 32));
    b[31] = 1;
    assert_false(hash_equal(a, b, 32));
    assert_true(hash_equal(a, b, 31));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hmac_wycheproof),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_parts_are_one),
        cmocka_unit_test(test_equal),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
