/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/keyset.h"

#include "crypto/age.h"
#include "crypto/dh.h"
#include "crypto/init.h"
#include "crypto/sign.h"
#include "lib/prop.h"
#include "lib/test.h"

static int start(void **state)
{
    (void)state;
    struct err err = {0};
    return crypto_init(&err) ? 0 : -1;
}

static const struct keyfile_cost cheap = {.t = 1, .m_kib = 8};
static const struct keyfile_chance chance = {.salt = {1}, .nonce = {2}};

static struct keyset *new_set(unsigned which)
{
    struct prop rnd;
    prop_init_seed(&rnd, 7);
    uint8_t random[128];
    prop_fill(&rnd, random, sizeof(random));
    struct keyset *k = NULL;
    struct err err = {0};
    assert_true(keyset_new(random, which, text_str("Anna, União"), &k, &err));
    return k;
}

static void test_whole_file(void **state)
{
    (void)state;
    /* Every combination of keys that a file may have. */
    for (unsigned which = 1; which <= KEYSET_ALL; which++) {
        struct err err = {0};
        struct keyset *k = new_set(which), *again = NULL;
        static const uint8_t table[32] = {9};
        if ((which & 1) != 0) {
            assert_true(keyset_set_table(k, table, &err));
        }
        struct buf file;
        buf_init(&file, 4096);
        assert_true(keyset_seal(k, bytes_str("p"), &cheap, &chance, &file, &err));
        struct keyset_public shown;
        struct keyfile_cost cost;
        assert_true(keyset_file_public(buf_bytes(&file), &shown, &cost, &err));
        assert_memory_equal(&shown, keyset_public(k), sizeof(shown));
        assert_string_equal(shown.label, "Anna, União");
        assert_true(keyset_open(buf_bytes(&file), bytes_str("p"), &again, &err));
        assert_memory_equal(keyset_public(again), keyset_public(k), sizeof(shown));
        for (unsigned i = 0; i < KEYSET_KEYS; i++) {
            uint8_t one[32], two[32], pk[32], sk[64];
            bool has = (which & KEYSET_BIT(i)) != 0;
            assert_int_equal(shown.has[i], has);
            assert_int_equal(keyset_secret(k, (enum keyset_key)i, one, &err), has);
            assert_int_equal(keyset_secret(again, (enum keyset_key)i, two, &err), has);
            if (!has) {
                assert_int_equal(err.code, ERR_KEY);
                continue;
            }
            assert_memory_equal(one, two, 32);
            if (i == KEYSET_SEAL) {
                dh_public(one, pk);
            } else {
                sign_keypair(one, pk, sk);
            }
            assert_memory_equal(pk, shown.pk[i], 32);
        }
        buf_free(&file);
        keyset_free(k);
        keyset_free(again);
    }
    keyset_free(NULL);
}

static void test_one_table_a_file(void **state)
{
    (void)state;
    struct err err = {0};
    struct keyset *k = new_set(KEYSET_ALL);
    static const uint8_t table[32] = {1}, other[32] = {2};
    assert_true(keyset_set_table(k, table, &err));
    assert_true(keyset_set_table(k, table, &err));
    assert_false(keyset_set_table(k, other, &err));
    assert_int_equal(err.code, ERR_STATE);
    keyset_free(k);
}

static void test_opens_stanzas(void **state)
{
    (void)state;
    struct err err = {0};
    struct keyset *k = new_set(KEYSET_ALL), *root = new_set(KEYSET_BIT(KEYSET_ROOT));
    static struct age_chance sealing = {.file_key = {1, 2}, .ephemeral = {{3}}};
    struct buf blob;
    buf_init(&blob, 4096);
    assert_true(
        age_seal(bytes_str("x"), keyset_public(k)->pk[KEYSET_SEAL], 1, 1, &sealing, &blob, &err));
    static struct age_header h;
    assert_true(age_header_parse(buf_bytes(&blob), &h, &err));
    uint8_t key[16];
    assert_true(keyset_stanza_open(k, h.stanza[0].share, h.stanza[0].body, key));
    assert_memory_equal(key, sealing.file_key, sizeof(key));
    assert_false(keyset_stanza_open(root, h.stanza[0].share, h.stanza[0].body, key));
    h.stanza[0].body[0] ^= 1;
    assert_false(keyset_stanza_open(k, h.stanza[0].share, h.stanza[0].body, key));
    buf_free(&blob);
    keyset_free(k);
    keyset_free(root);
}

static void test_same_secret_twice(void **state)
{
    (void)state;
    uint8_t random[128];
    memset(random, 5, sizeof(random));
    struct keyset *k = NULL;
    struct err err = {0};
    assert_false(keyset_new(random, KEYSET_ALL, text_str(""), &k, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    assert_true(keyset_new(random, KEYSET_BIT(KEYSET_SEAL), text_str(""), &k, &err));
    keyset_free(k);
}

static void test_labels(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init_seed(&rnd, 8);
    uint8_t random[128];
    prop_fill(&rnd, random, sizeof(random));
    char label[KEYSET_LABEL_MAX + 2] = {0};
    memset(label, 'x', KEYSET_LABEL_MAX + 1);
    struct keyset *k = NULL;
    struct err err = {0};
    assert_false(keyset_new(random, KEYSET_ALL, text_str(label), &k, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(keyset_new(random, KEYSET_ALL, text_str("two\nlines"), &k, &err));
    assert_false(keyset_new(random, KEYSET_ALL, text_str("\x1b[2J"), &k, &err));
    label[KEYSET_LABEL_MAX] = 0;
    assert_true(keyset_new(random, KEYSET_ALL, text_str(label), &k, &err));
    assert_string_equal(keyset_public(k)->label, label);
    keyset_free(k);
}

/* Parts of two files do not go together, nor does a public part whose keys were swapped. */
static void test_parts_that_disagree(void **state)
{
    (void)state;
    struct err err = {0};
    struct keyset *all = new_set(KEYSET_ALL), *root = new_set(KEYSET_BIT(KEYSET_ROOT)), *out = NULL;
    struct buf p, s;
    buf_init(&p, 4096);
    buf_init(&s, 4096);
    keyset_public_encode(keyset_public(all), &p);
    keyset_secret_encode(root, &s);
    assert_false(keyset_decode(buf_bytes(&p), buf_bytes(&s), &out, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    buf_wipe(&s);
    keyset_secret_encode(all, &s);
    assert_true(keyset_decode(buf_bytes(&p), buf_bytes(&s), &out, &err));
    keyset_free(out);
    struct keyset_public swapped = *keyset_public(all);
    memcpy(swapped.pk[KEYSET_SEAT], swapped.pk[KEYSET_ROOT], 32);
    buf_clear(&p);
    keyset_public_encode(&swapped, &p);
    assert_false(keyset_decode(buf_bytes(&p), buf_bytes(&s), &out, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    /* A file without a key is none. */
    struct keyset_public none = {.label = "x"};
    buf_clear(&p);
    keyset_public_encode(&none, &p);
    assert_false(keyset_public_decode(buf_bytes(&p), &none, &err));
    buf_free(&p);
    buf_free(&s);
    keyset_free(all);
    keyset_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_file),    cmocka_unit_test(test_one_table_a_file),
        cmocka_unit_test(test_opens_stanzas), cmocka_unit_test(test_same_secret_twice),
        cmocka_unit_test(test_labels),        cmocka_unit_test(test_parts_that_disagree),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
