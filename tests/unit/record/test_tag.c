/* SPDX-License-Identifier: Apache-2.0
 *
 * Wanted values were computed with Python's hmac.
 */
#include "record/tag.h"

#include "base/hex.h"
#include "lib/test.h"

static void test_known(void **state)
{
    (void)state;
    uint8_t secret[32];
    struct kid author;
    for (unsigned i = 0; i < 32; i++) {
        secret[i] = (uint8_t)(i + 1);
        author.b[i] = (uint8_t)(255 - i);
    }
    struct tag_key k;
    char hex[65];
    tag_key_of(secret, &k);
    hex_encode(bytes_of(k.k, sizeof(k.k)), hex);
    assert_string_equal(hex, "04c360f75072564be7fc82a1ce40bea2fef136eb82688a2771955cbafbc2757b");
    struct act_tag tag = tag_make(&k, &author, 3, UINT64_C(0x0102030405060708));
    hex_encode(ID_BYTES(tag), hex);
    assert_string_equal(hex, "fd0105bead6c611c5bb140f6151608e7");
    tag_key_wipe(&k);
    assert_true(id_all_zero(k.k, sizeof(k.k)));
}

/* Author, term and number each change it. */
static void test_bound(void **state)
{
    (void)state;
    struct tag_key k;
    struct kid a = {{0}}, b = {{1}};
    tag_key_of(a.b, &k);
    struct act_tag tag = tag_make(&k, &a, 1, 2);
    assert_true(ID_EQ(tag, tag_make(&k, &a, 1, 2)));
    assert_false(ID_EQ(tag, tag_make(&k, &b, 1, 2)));
    assert_false(ID_EQ(tag, tag_make(&k, &a, 2, 2)));
    assert_false(ID_EQ(tag, tag_make(&k, &a, 1, 3)));
    tag_key_of(b.b, &k);
    assert_false(ID_EQ(tag, tag_make(&k, &a, 1, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
