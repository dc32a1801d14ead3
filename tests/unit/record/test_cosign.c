/* SPDX-License-Identifier: Apache-2.0 */
#include "record/cosign.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/init.h"
#include "crypto/sign.h"
#include "lib/shared.h"
#include "lib/test.h"
#include "record/merkle.h"

static struct signer *signer_of(enum key_type type, uint8_t seed_byte)
{
    uint8_t seed[32];
    struct signer *s = NULL;
    struct err err = {0};
    memset(seed, seed_byte, sizeof(seed));
    assert_true(signer_new(type, seed, &s, &err));
    return s;
}

/* The note of vectors/selfmade: another log's name, so only the parts below a checkpoint. */
static void test_selfmade(void **state)
{
    (void)state;
    struct bytes raw = shared_read_or_skip("vectors/selfmade/kat.json");
    json_t *all = json_loadb((const char *)raw.p, raw.n, 0, NULL);
    assert_non_null(all);
    const json_t *v = json_object_get(all, "checkpoint");
    struct bytes text = bytes_str(json_string_value(json_object_get(v, "note")));
    struct vkey host, witness;
    static struct note n;
    struct err err = {0};
    assert_true(vkey_parse(bytes_str(json_string_value(json_object_get(v, "host_vkey"))), &host));
    assert_true(
        vkey_parse(bytes_str(json_string_value(json_object_get(v, "witness_vkey"))), &witness));
    assert_int_equal(host.type, NOTE_ED25519);
    assert_int_equal(witness.type, NOTE_COSIGNATURE);
    assert_true(note_decode(text, &n, &err));
    assert_int_equal(n.count, 2);
    uint8_t sig[NOTE_SIGNATURE_MAX], id[4];
    size_t len;
    note_key_id(host.name, host.type, &host.pk, id);
    assert_memory_equal(id, n.line[0].key_id, 4);
    assert_true(note_line_signature(&n.line[0], sig, &len));
    assert_int_equal(len, SIGN_BYTES);
    assert_true(sign_verify(host.pk.b, n.body, sig));
    uint64_t time = 0;
    assert_true(cosign_line_check(&n.line[1], n.body, witness.name, &witness.pk, &time));
    assert_int_equal(time, json_integer_value(json_object_get(v, "timestamp")));
    assert_false(cosign_line_check(&n.line[0], n.body, witness.name, &witness.pk, &time));
    assert_false(cosign_line_check(&n.line[1], n.body, host.name, &witness.pk, &time));
    assert_false(cosign_line_check(&n.line[1], n.body, witness.name, &host.pk, &time));
    assert_false(cosign_line_check(&n.line[1], text, witness.name, &witness.pk, &time));

    /* And made here, with the witness's seed: the same line. */
    struct signer *s = signer_of(KEY_WITNESS, 2);
    struct buf b, root;
    buf_init(&b, 1000);
    buf_init(&root, 100);
    assert_true(cosign_put(n.body, witness.name, time, s, &b, &err));
    assert_int_equal(b.n, n.line[1].line.n + 1);
    assert_memory_equal(b.p, n.line[1].line.p, b.n);
    struct merkle_range range = {0};
    const json_t *leaves = json_object_get(v, "leaves_utf8");
    for (size_t i = 0; i < json_array_size(leaves); i++) {
        struct leaf_hash leaf = leaf_hash_of(
            bytes_str(json_string_value(json_array_get(leaves, i))));
        merkle_range_append(&range, &leaf);
    }
    struct root_hash got = merkle_range_root(&range);
    base64_encode(ID_BYTES(got), BASE64_PADDED, &root);
    assert_string_equal(buf_str(&root), json_string_value(json_object_get(v, "root_b64")));
    buf_free(&root);
    buf_free(&b);
    signer_free(s);
    json_decref(all);
    free((void *)(uintptr_t)raw.p); /* ours; the view is const */
}

struct world {
    struct signer *host, *witness;
    struct checkpoint cp;
    struct buf note, act;
};

static void setup(struct world *w)
{
    struct err err = {0};
    w->host = signer_of(KEY_HOST, 1);
    w->witness = signer_of(KEY_WITNESS, 2);
    w->cp = (struct checkpoint){.table = {{5}}, .term = 1, .size = 9, .root = {{6}}};
    buf_init(&w->note, 4000);
    buf_init(&w->act, 4000);
    assert_true(checkpoint_sign(&w->cp, w->host, &w->note, &err));
    uint8_t zeros[64] = {0};
    note_line_put(bytes_str("stranger"), zeros, bytes_of(zeros, 64), &w->note);
    assert_true(countersign_make(buf_bytes(&w->note), &w->cp.table, 3, 1773072000, w->witness,
                                 &w->act, &err));
}

static void teardown(struct world *w)
{
    buf_free(&w->note);
    buf_free(&w->act);
    signer_free(w->host);
    signer_free(w->witness);
}

static void test_countersign(void **state)
{
    (void)state;
    struct world w;
    setup(&w);
    struct countersign c;
    struct err err = {0};
    struct pubkey host = signer_pk(w.host), witness = signer_pk(w.witness);
    assert_true(countersign_parse(buf_bytes(&w.act), &c, &err));
    assert_true(ID_EQ(c.table, w.cp.table) && ID_EQ(c.root, w.cp.root));
    assert_int_equal(c.size, 9);
    assert_int_equal(c.term, 1);
    assert_int_equal(c.witness_number, 3);
    assert_int_equal(c.time, 1773072000);
    assert_true(countersign_check(buf_bytes(&w.act), &host, &witness, &err));
    assert_false(countersign_check(buf_bytes(&w.act), &witness, &witness, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    assert_false(countersign_check(buf_bytes(&w.act), &host, &host, &err));
    for (size_t i = 0; i < w.act.n; i++) {
        w.act.p[i] ^= (uint8_t)(1u << i % 8);
        assert_false(countersign_check(buf_bytes(&w.act), &host, &witness, &err));
        w.act.p[i] ^= (uint8_t)(1u << i % 8);
    }
    teardown(&w);
}

static void test_refusals(void **state)
{
    (void)state;
    struct world w;
    setup(&w);
    struct countersign c = {.size = 77};
    struct err err = {0};
    struct table_id other = {{6}};
    struct buf b;
    buf_init(&b, 8000);
    assert_false(countersign_make(buf_bytes(&w.note), &other, 3, 1, w.witness, &b, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    assert_false(countersign_make(bytes_str("no note"), &w.cp.table, 3, 1, w.witness, &b, &err));
    assert_int_equal(b.n, 0);
    assert_false(
        cosign_put(bytes_str("x\n"), bytes_str("n"), SECONDS_MAX + 1, w.witness, &b, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    /* The host's note with a stranger's line, one line alone, three lines, the lines swapped. */
    assert_false(countersign_parse(buf_bytes(&w.note), &c, &err));
    struct note n;
    assert_true(note_decode(buf_bytes(&w.act), &n, &err));
    struct bytes lines[2] = {bytes_of(n.line[0].line.p, n.line[0].line.n + 1),
                             bytes_of(n.line[1].line.p, n.line[1].line.n + 1)};
    static const int orders[][3] = {{0, -1, -1}, {1, -1, -1}, {1, 0, -1}, {0, 0, -1},
                                    {1, 1, -1},  {0, 1, 1},   {0, 1, 0}};
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        buf_clear(&b);
        buf_add(&b, n.body);
        buf_add_u8(&b, '\n');
        for (size_t k = 0; k < 3 && orders[i][k] >= 0; k++) {
            buf_add(&b, lines[orders[i][k]]);
        }
        err = (struct err){0};
        assert_false(countersign_parse(buf_bytes(&b), &c, &err));
        assert_int_equal(err.code, ERR_FORMAT);
    }
    /* Above 2 KiB. */
    buf_clear(&b);
    buf_add_fill(&b, 'a', COUNTERSIGN_BLOB_MAX);
    buf_add_u8(&b, '\n');
    assert_false(countersign_parse(buf_bytes(&b), &c, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    /* A time behind the year 9999. */
    uint8_t stamped[72] = {0x80};
    char name[ORIGIN_MAX];
    witness_name(&w.cp.table, 3, name);
    buf_clear(&b);
    buf_add(&b, n.body);
    buf_add_u8(&b, '\n');
    buf_add(&b, lines[0]);
    note_line_put(bytes_str(name), stamped, bytes_of(stamped, sizeof(stamped)), &b);
    assert_false(countersign_parse(buf_bytes(&b), &c, &err));
    assert_int_equal(c.size, 77);
    buf_free(&b);
    teardown(&w);
}

int main(void)
{
    struct err err = {0};
    if (!crypto_init(&err)) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_selfmade),
        cmocka_unit_test(test_countersign),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
