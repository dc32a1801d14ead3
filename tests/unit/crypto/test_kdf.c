/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/kdf.h"

#include "crypto/init.h"
#include "lib/json.h"
#include "lib/test.h"

static int start(void **state)
{
    (void)state;
    struct err err = {0};
    return crypto_init(&err) ? 0 : -1;
}

static unsigned ran, too_long;

static void run_wycheproof(const json_t *group, const json_t *test)
{
    (void)group;
    static uint8_t ikm[4096], salt[4096], info[4096], want[KDF_OUT_MAX], got[KDF_OUT_MAX];
    size_t n = json_number(test, "size");
    if (strcmp(json_word(test, "result"), "valid") != 0) {
        assert_true(n > KDF_OUT_MAX); /* a CHECK of the callee: none of ours asks for so much */
        too_long++;
        return;
    }
    struct bytes okm = json_hex(test, "okm", want, sizeof(want));
    assert_int_equal(okm.n, n);
    kdf_hkdf(json_hex(test, "ikm", ikm, sizeof(ikm)), json_hex(test, "salt", salt, sizeof(salt)),
             json_hex(test, "info", info, sizeof(info)), got, n);
    assert_memory_equal(got, want, n);
    ran++;
}

static void test_wycheproof(void **state)
{
    (void)state;
    json_t *file = json_shared_or_skip("vectors/wycheproof/hkdf_sha256_test.json");
    ran = too_long = 0;
    json_each_test(file, run_wycheproof);
    assert_int_equal(ran, 83);
    assert_int_equal(too_long, 3);
    json_decref(file);
}

/* RFC 5869 A.1 and A.3 (no salt, no info), first bytes. */
static void test_rfc5869(void **state)
{
    (void)state;
    static const uint8_t salt[13] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const uint8_t info[10] = {0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9};
    static const uint8_t want[4] = {0x3c, 0xb2, 0x5f, 0x25};
    static const uint8_t bare[4] = {0x8d, 0xa4, 0xe7, 0x75};
    uint8_t ikm[22], out[42], longer[100];
    memset(ikm, 0x0b, sizeof(ikm));
    kdf_hkdf(bytes_of(ikm, 22), bytes_of(salt, 13), bytes_of(info, 10), out, sizeof(out));
    assert_memory_equal(out, want, sizeof(want));
    assert_int_equal(out[41], 0x65);
    kdf_hkdf(bytes_of(ikm, 22), bytes_of(salt, 13), bytes_of(info, 10), longer, sizeof(longer));
    assert_memory_equal(out, longer, sizeof(out));
    kdf_hkdf(bytes_of(ikm, 22), (struct bytes){0}, (struct bytes){0}, out, sizeof(out));
    assert_memory_equal(out, bare, sizeof(bare));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wycheproof),
        cmocka_unit_test(test_rfc5869),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
