/* SPDX-License-Identifier: Apache-2.0
 *
 * Wanted values were computed with Python's hashlib.
 */
#include "record/id.h"

#include "lib/test.h"

#define EXPECT_HEX(id, want) assert_string_equal(id_hex((id).b).s, want)

static void test_names(void **state)
{
    (void)state;
    struct pubkey pk;
    for (unsigned i = 0; i < 32; i++) {
        pk.b[i] = (uint8_t)i;
    }
    EXPECT_HEX(kid_of(KEY_ROOT, &pk),
               "d7bf440809ac639af41453e001dc93584a43d0fd0c785f7fce8b2a8ecbfd6dfc");
    EXPECT_HEX(kid_of(KEY_HOST, &pk),
               "e731265a16ccaed7951be2a88ab3cedb77d0509d7f4f134011e8c34d1afc000c");
    struct kid kid = kid_of(KEY_SEAT, &pk);
    assert_memory_equal(kid_short(&kid).b, kid.b, 16);
    EXPECT_HEX(table_id_of(bytes_str("F")),
               "fe84bab27d8ab9581eae3a31813a61be2cf98863e04fcc38c4e942fb997c0d00");
    EXPECT_HEX(charter_digest(pk.b, bytes_str("charter")),
               "06ae357a07e5d748b63f886703a9fedf1588496f013b23ad200c39e30753d6ab");
    EXPECT_HEX(limits_digest(pk.b, bytes_str("charter")),
               "a03da9f68e6e52ad5a7f2846e6547fb7c52bbb488c6dd01cc44b35ec3c9457f8");
    struct leaf_hash leaf = leaf_hash_of(bytes_str("leaf0"));
    EXPECT_HEX(leaf, "e6c410a9745b0151d82d1a9f007b81f378a1588c3fb63dc634a2ab001379c3d2");
    struct digest roster = digest_plain(bytes_str("roster"));
    EXPECT_HEX(roster, "c6836f7ad1c4da8a997c009a4b4b120c237b1993693239e194d6307d9d0b8c3a");
    EXPECT_HEX(charter_signature_digest(&leaf, &roster),
               "d1984a3fbacb31e5a0a83cc025e1f0f573af8898d6b1ed6e9a058e00a99665ec");
}

static void test_tree_hashes(void **state)
{
    (void)state;
    EXPECT_HEX(empty_root(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    struct root_hash left, right;
    memset(left.b, 1, sizeof(left.b));
    memset(right.b, 2, sizeof(right.b));
    EXPECT_HEX(node_hash_of(&left, &right),
               "b331da6ec49d4547d9942a6727e5123f69bed5a0b97ac171cfbfd6201431fcfa");
    EXPECT_HEX(leaf_hash_of((struct bytes){0}),
               "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

/* The parts are joined, and the tag's end is seen: no tag is the beginning of another. */
static void test_tagged(void **state)
{
    (void)state;
    const struct bytes two[] = {bytes_str("ab"), bytes_str("c")};
    const struct bytes one[] = {bytes_str("abc")};
    assert_true(ID_EQ(digest_tagged("t", two, 2), digest_tagged("t", one, 1)));
    assert_false(ID_EQ(digest_tagged("t", two, 2), digest_tagged("ta", one, 1)));
    assert_true(ID_EQ(digest_tagged("t", NULL, 0), digest_plain(bytes_of("t", 2))));
    struct kid16 zero = {{0}};
    assert_true(ID_IS_ZERO(zero));
    zero.b[15] = 1;
    assert_false(ID_IS_ZERO(zero));
}

/* What is read aloud: twenty digits in groups; and a beginning of it names the key. */
static void test_spoken(void **state)
{
    (void)state;
    struct kid kid;
    for (unsigned i = 0; i < 32; i++) {
        kid.b[i] = (uint8_t)(0xf0u - i);
    }
    assert_string_equal(id_spoken(kid.b).s, "f0ef eeed eceb eae9 e8e7");
    static const struct {
        const char *words;
        bool named;
    } cases[] = {
        {"f0efee", true},     {"f0ef eeed eceb eae9 e8e7", true},
        {"f0 ef ee", true},   {"f0efe", false},
        {"f0ef e", false},    {"f0efef", false},
        {"F0EFEE", false},    {"", false},
        {"      ", false},    {"f0efeeed ", true},
        {"f0ef-eeed", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(id_spoken_begins(kid.b, cases[i].words, strlen(cases[i].words)),
                         cases[i].named);
    }
    struct id_hex all = id_hex(kid.b);
    assert_true(id_spoken_begins(kid.b, all.s, 64));
    char more[66];
    memcpy(more, all.s, 64);
    more[64] = '0';
    assert_false(id_spoken_begins(kid.b, more, 65));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_tree_hashes),
        cmocka_unit_test(test_tagged),
        cmocka_unit_test(test_spoken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
