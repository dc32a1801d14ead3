/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/vectors/record.json: known answers that tools/make_record_vectors.py made from the words
 * of docs/FORMAT.md with Python's library alone.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/fixed.h"
#include "base/hex.h"
#include "crypto/init.h"
#include "lib/shared.h"
#include "lib/test.h"
#include "record/bundle.h"
#include "record/content.h"
#include "record/cosign.h"
#include "record/padding.h"
#include "record/proof.h"
#include "record/room_key.h"
#include "record/tag.h"

static json_t *vectors; /* read once by main */

static struct bytes text_of(const json_t *v, const char *key)
{
    const char *s = json_string_value(json_object_get(v, key));
    assert_non_null(s);
    return bytes_str(s);
}

static uint64_t number_of(const json_t *v, const char *key)
{
    const json_t *n = json_object_get(v, key);
    assert_true(json_is_integer(n));
    return (uint64_t)json_integer_value(n);
}

static void hex_of(const json_t *v, const char *key, uint8_t *out, size_t n)
{
    assert_true(hex_decode(text_of(v, key), out, n));
}

static void test_names(void **state)
{
    (void)state;
    const json_t *v = json_object_get(vectors, "names");
    const json_t *kids = json_object_get(v, "kids");
    struct pubkey pk;
    hex_of(v, "pk", pk.b, sizeof(pk.b));
    static const enum key_type types[] = {KEY_ROOT, KEY_SEAT, KEY_WITNESS, KEY_HOST};
    assert_int_equal(json_array_size(kids), COUNT_OF(types));
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        assert_string_equal(id_hex(kid_of(types[i], &pk).b).s,
                            json_string_value(json_array_get(kids, i)));
    }
    assert_string_equal(id_hex(table_id_of(bytes_str("F")).b).s,
                        json_string_value(json_object_get(v, "table_of_F")));
}

static void test_padding(void **state)
{
    (void)state;
    const json_t *all = json_object_get(vectors, "padding");
    assert_true(json_array_size(all) > 20);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *v = json_array_get(all, i);
        uint64_t padded = number_of(v, "padded");
        assert_int_equal(padding_bucket(number_of(v, "content") + 1), padded);
        assert_true(padding_is_bucket(padded));
        assert_false(padding_is_bucket(padded + 1));
    }
}

static void test_tags(void **state)
{
    (void)state;
    const json_t *all = json_object_get(vectors, "tags");
    assert_true(json_array_size(all) >= 5);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *v = json_array_get(all, i);
        uint8_t secret[32];
        struct kid author;
        struct act_tag want;
        struct tag_key key;
        hex_of(v, "room_key", secret, sizeof(secret));
        hex_of(v, "author", author.b, sizeof(author.b));
        hex_of(v, "tag", want.b, sizeof(want.b));
        tag_key_of(secret, &key);
        uint64_t n; /* a text: it may be above what JSON's readers take */
        assert_true(u64_parse(text_str(json_string_value(json_object_get(v, "n"))), &n));
        struct act_tag got = tag_make(&key, &author, (uint32_t)number_of(v, "term"), n);
        assert_true(ID_EQ(got, want));
    }
}

static void test_room_keys(void **state)
{
    (void)state;
    const json_t *all = json_object_get(vectors, "room_keys");
    assert_true(json_array_size(all) >= 5);
    uint8_t seen[5][32];
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *v = json_array_get(all, i);
        uint8_t secret[32], want[32], got[32];
        struct table_id table;
        hex_of(v, "secret", secret, sizeof(secret));
        hex_of(v, "table", table.b, sizeof(table.b));
        hex_of(v, "key", want, sizeof(want));
        const char *room = json_string_value(json_object_get(v, "room"));
        room_key_of(secret, &table, text_str(room), (uint32_t)number_of(v, "number"), got);
        assert_memory_equal(got, want, sizeof(want));
        for (size_t k = 0; k < i && i < COUNT_OF(seen); k++) {
            assert_memory_not_equal(seen[k], got, sizeof(got));
        }
        if (i < COUNT_OF(seen)) {
            memcpy(seen[i], got, sizeof(got));
        }
    }
}

static void test_commits(void **state)
{
    (void)state;
    const json_t *all = json_object_get(vectors, "commits");
    assert_true(json_array_size(all) >= 4);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *v = json_array_get(all, i);
        uint8_t raw[4096];
        size_t n = text_of(v, "content").n / 2;
        assert_true(n <= sizeof(raw));
        hex_of(v, "content", raw, n);
        struct arena mem = test_arena(1u << 16);
        struct content content;
        struct err err = {0};
        assert_true(content_decode(bytes_of(raw, n), &mem, &content, &err));
        assert_string_equal(id_hex(content_commit(&content).b).s,
                            (const char *)text_of(v, "commit").p);
        test_arena_free(&mem);
    }
}

/* Read, checked, and made again from the seeds to the same bytes. */
static void test_notes(void **state)
{
    (void)state;
    const json_t *v = json_object_get(vectors, "notes");
    struct err err = {0};
    uint8_t seed[32];
    struct signer *host = NULL, *witness = NULL;
    hex_of(v, "host_seed", seed, sizeof(seed));
    assert_true(signer_new(KEY_HOST, seed, &host, &err));
    hex_of(v, "witness_seed", seed, sizeof(seed));
    assert_true(signer_new(KEY_WITNESS, seed, &witness, &err));
    struct pubkey host_pk = signer_pk(host), witness_pk = signer_pk(witness);

    struct merkle tree;
    merkle_init(&tree);
    const json_t *leaves = json_object_get(v, "leaves");
    for (size_t i = 0; i < json_array_size(leaves); i++) {
        struct leaf_hash leaf = leaf_hash_of(
            bytes_str(json_string_value(json_array_get(leaves, i))));
        assert_true(merkle_append(&tree, &leaf, &err));
    }
    struct checkpoint cp = {.term = (uint32_t)number_of(v, "term"),
                            .size = tree.size,
                            .root = merkle_root_at(&tree, tree.size)};
    hex_of(v, "table", cp.table.b, sizeof(cp.table.b));

    struct buf b;
    char name[ORIGIN_MAX];
    buf_init(&b, 4096);
    assert_true(checkpoint_sign(&cp, host, &b, &err));
    assert_string_equal(buf_str(&b), (const char *)text_of(v, "note").p);
    buf_clear(&b);
    assert_true(countersign_make(text_of(v, "note"), &cp.table, number_of(v, "witness_number"),
                                 number_of(v, "time"), witness, &b, &err));
    assert_string_equal(buf_str(&b), (const char *)text_of(v, "countersign").p);
    assert_true(countersign_check(text_of(v, "countersign"), &host_pk, &witness_pk, &err));
    buf_clear(&b);
    struct node_source src = merkle_source(&tree);
    assert_true(proof_make(&src, 4, text_of(v, "countersign"), &b, &err));
    assert_string_equal(buf_str(&b), (const char *)text_of(v, "proof").p);
    buf_clear(&b);
    origin_name(&cp.table, cp.term, name);
    vkey_put(bytes_str(name), NOTE_ED25519, &host_pk, &b);
    assert_string_equal(buf_str(&b), (const char *)text_of(v, "host_vkey").p);
    buf_clear(&b);
    witness_name(&cp.table, number_of(v, "witness_number"), name);
    vkey_put(bytes_str(name), NOTE_COSIGNATURE, &witness_pk, &b);
    assert_string_equal(buf_str(&b), (const char *)text_of(v, "witness_vkey").p);
    buf_free(&b);
    merkle_free(&tree);
    signer_free(host);
    signer_free(witness);
}

/* Each message is for the types of keys that are named, and for no other. */
static void test_messages(void **state)
{
    (void)state;
    const json_t *all = json_object_get(vectors, "messages");
    assert_true(json_array_size(all) >= 10);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *v = json_array_get(all, i);
        const json_t *types = json_object_get(v, "types");
        uint8_t raw[4096];
        size_t n = text_of(v, "message").n / 2;
        assert_true(n <= sizeof(raw));
        hex_of(v, "message", raw, n);
        unsigned want = 0, got = 0;
        for (size_t k = 0; k < json_array_size(types); k++) {
            want |= 1u << json_integer_value(json_array_get(types, k));
        }
        static const enum key_type every[] = {KEY_ROOT, KEY_SEAT, KEY_WITNESS, KEY_HOST};
        for (size_t k = 0; k < COUNT_OF(every); k++) {
            struct err err = {0};
            got |= signer_message_ok(every[k], bytes_of(raw, n), &err) ? 1u << every[k] : 0;
        }
        if (got != want) {
            fail_msg("%s: for %x, not for %x", (const char *)text_of(v, "name").p, got, want);
        }
    }
}

/* An archive that Python's tarfile wrote. */
static void test_archive(void **state)
{
    (void)state;
    char path[SHARED_PATH_MAX];
    project_path("tests/fuzz/corpus/tar/bundle", path);
    struct bytes raw = read_whole(path);
    assert_non_null(raw.p);
    assert_string_equal(id_hex(digest_plain(raw).b).s,
                        (const char *)text_of(vectors, "tar_sha256").p);
    struct tar_reader r;
    struct tar_file f;
    struct bundle_name n;
    struct err err = {0};
    size_t at = 0;
    bool end = false;
    unsigned files = 0;
    tar_reader_init(&r);
    while (tar_next(&r, raw, &at, &f, &end, &err) && !end) {
        assert_true(bundle_name_parse(bytes_str(f.entry.name), &n, &err));
        files++;
    }
    assert_true(end);
    assert_int_equal(files, 4);
    free((void *)(uintptr_t)raw.p); /* ours; the view is const */
}

int main(void)
{
    struct err err = {0};
    char path[SHARED_PATH_MAX];
    project_path("tests/vectors/record.json", path);
    vectors = json_load_file(path, 0, NULL);
    if (!crypto_init(&err) || vectors == NULL) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),    cmocka_unit_test(test_padding),
        cmocka_unit_test(test_tags),     cmocka_unit_test(test_room_keys),
        cmocka_unit_test(test_commits),  cmocka_unit_test(test_notes),
        cmocka_unit_test(test_messages), cmocka_unit_test(test_archive),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_decref(vectors);
    return failed;
}
