/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/vectors/record.json, what is signed: tools/make_record_vectors.py wrote it from the words of
 * docs/FORMAT.md.  Here it is read, verified, and made again byte for byte from the same seeds.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/init.h"
#include "lib/json.h"
#include "lib/shared.h"
#include "lib/test.h"
#include "record/content.h"
#include "record/cosign.h"
#include "record/fraud.h"
#include "record/object.h"
#include "record/token.h"

#define ROOM (1u << 16)

struct world {
    json_t *file;
    const json_t *v;
    struct signer *root, *seat, *witness, *host, *next, *heir;
};

static struct signer *signer_from(const json_t *seeds, const char *who, enum key_type type)
{
    uint8_t seed[32];
    struct signer *s = NULL;
    struct err err;
    assert_int_equal(json_hex(seeds, who, seed, sizeof(seed)).n, sizeof(seed));
    assert_true(signer_new(type, seed, &s, &err));
    return s;
}

static int open_world(void **state)
{
    static struct world w;
    char path[SHARED_PATH_MAX];
    struct err err;
    if (!crypto_init(&err)) {
        return -1;
    }
    project_path("tests/vectors/record.json", path);
    struct bytes raw = read_whole(path);
    assert_non_null(raw.p);
    w.file = json_loadb((const char *)raw.p, raw.n, 0, NULL);
    free((void *)(uintptr_t)raw.p); /* read_whole gave it to us; the view is const */
    w.v = json_object_get(w.file, "signed");
    const json_t *seeds = json_object_get(w.v, "seeds");
    assert_non_null(seeds);
    w.root = signer_from(seeds, "root", KEY_ROOT);
    w.seat = signer_from(seeds, "seat", KEY_SEAT);
    w.witness = signer_from(seeds, "witness", KEY_WITNESS);
    w.host = signer_from(seeds, "host", KEY_HOST);
    w.next = signer_from(seeds, "next", KEY_ROOT);
    w.heir = signer_from(seeds, "heir", KEY_ROOT);
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    signer_free(w->root);
    signer_free(w->seat);
    signer_free(w->witness);
    signer_free(w->host);
    signer_free(w->next);
    signer_free(w->heir);
    json_decref(w->file);
    return 0;
}

static void same(const struct buf *made, struct bytes wanted)
{
    assert_true(buf_ok(made));
    assert_int_equal(made->n, wanted.n);
    assert_memory_equal(made->p, wanted.p, wanted.n);
}

static void test_envelopes(void **state)
{
    const struct world *w = *state;
    const json_t *all = json_object_get(w->v, "envelopes");
    unsigned kinds = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        static uint8_t raw_room[ROOM], blob_room[ROOM];
        const json_t *e = json_array_get(all, i);
        struct bytes raw = json_hex(e, "envelope", raw_room, sizeof(raw_room));
        struct bytes blob = json_hex(e, "blob", blob_room, sizeof(blob_room));
        const struct signer *s = strcmp(json_word(e, "author"), "root") == 0 ? w->root : w->seat;
        struct pubkey pk = signer_pk(s);
        struct act a;
        struct err err = {0};
        struct buf again;
        static struct control c;
        assert_true(act_decode(raw, &a, &err));
        assert_true(act_signed_by(&a, &pk));
        struct digest digest = digest_plain(blob);
        assert_true(ID_EQ(a.blob, digest) && a.blob_length == blob.n);
        assert_string_equal(id_hex(leaf_hash_of(raw).b).s, json_word(e, "leaf"));
        assert_string_equal(id_hex(a.table.b).s, json_word(w->v, "table"));
        assert_int_equal(a.control, json_number(e, "kind"));
        kinds |= 1u << a.control;
        buf_init(&again, ENVELOPE_MAX);
        assert_true(act_sign(&a, s, &again, &err));
        same(&again, raw);
        buf_free(&again);
        if (a.control == CONTROL_FOUND) {
            struct table_id id = table_id_of(blob);
            assert_true(ID_EQ(a.table, id));
        }
        if (a.control != CONTROL_SEALED && !control_decode(a.control, blob, &c, &err)) {
            fail_msg("%s: %s", json_word(e, "name"), err.what);
        }
    }
    assert_int_equal(kinds, (1u << CONTROL_KINDS) - 1); /* each is there */
}

static void test_countersign(void **state)
{
    const struct world *w = *state;
    const json_t *all = json_object_get(w->v, "envelopes");
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *e = json_array_get(all, i);
        if (json_number(e, "kind") == CONTROL_COUNTERSIGN) {
            static uint8_t room[ROOM];
            struct pubkey host = signer_pk(w->host), witness = signer_pk(w->witness);
            struct err err;
            assert_true(
                countersign_check(json_hex(e, "blob", room, sizeof(room)), &host, &witness, &err));
        }
    }
}

static void test_slips(void **state)
{
    const struct world *w = *state;
    uint8_t room[2048];
    struct err err = {0};
    struct buf again;
    struct slip s;
    struct seat_slip seat;
    const struct signer *seats[] = {w->seat}, *witnesses[] = {w->witness}, *next[] = {w->next};

    struct bytes raw = json_hex(w->v, "slip", room, sizeof(room));
    assert_true(slip_decode(raw, &s, &err));
    assert_true(slip_verify(&s, &err));
    assert_true(s.side == 1 && s.seat_count == 1 && s.successor_count == 1);
    assert_int_equal(s.seats[0].flags, SEAT_MAY_GRANT);
    buf_init(&again, ROOM);
    assert_true(slip_sign(&s, w->root, seats, witnesses, next, &again, &err));
    same(&again, raw);
    buf_clear(&again);

    raw = json_hex(w->v, "seat_slip", room, sizeof(room));
    assert_true(seat_slip_decode(raw, &seat, &err));
    assert_true(seat_slip_verify(&seat, &err));
    assert_true(seat_slip_sign(&seat, w->seat, w->witness, &again, &err));
    same(&again, raw);
    buf_clear(&again);

    struct new_root heir;
    struct buf unsigned_yet;
    raw = json_hex(w->v, "new_root", room, sizeof(room));
    assert_true(new_root_decode(raw, &heir, &err) && new_root_verify(&heir, &err));
    struct pubkey root = signer_pk(w->root);
    assert_true(ID_EQ(heir.replaced, root) && heir.sponsor_count == 1);
    buf_init(&unsigned_yet, ROOM);
    assert_true(
        new_root_sign(&heir.slip, &root, w->heir, seats, witnesses, NULL, &unsigned_yet, &err) &&
        new_root_sponsor(buf_bytes(&unsigned_yet), w->next, &again, &err));
    same(&again, raw);
    buf_free(&unsigned_yet);
    buf_free(&again);
}

static void test_objects(void **state)
{
    const struct world *w = *state;
    const json_t *all = json_object_get(w->v, "objects");
    assert_int_equal(json_array_size(all), 5);
    for (size_t i = 0; i < json_array_size(all); i++) {
        uint8_t room[2048];
        const json_t *e = json_array_get(all, i);
        struct bytes raw = json_hex(e, "object", room, sizeof(room));
        struct arena mem = test_arena(ROOM);
        struct object o;
        struct err err = {0};
        struct buf again;
        assert_true(object_decode((enum object_kind)json_number(e, "kind"), raw, &mem, &o, &err));
        assert_string_equal(id_hex(object_id(raw).b).s, json_word(e, "id"));
        buf_init(&again, ROOM);
        assert_true(object_sign(&o, w->root, &again, &err));
        same(&again, raw);
        buf_free(&again);
        test_arena_free(&mem);
    }
}

static void test_token(void **state)
{
    const struct world *w = *state;
    uint8_t room[512];
    struct table_id table;
    struct pubkey host = signer_pk(w->host);
    struct err err;
    struct buf again;
    struct bytes raw = json_hex(w->v, "token", room, sizeof(room));
    assert_true(token_table(raw, &table, &err));
    buf_init(&again, ROOM);
    assert_true(token_sign(&table, &host, 1773072000, w->seat, &again, &err));
    same(&again, raw);
    buf_free(&again);
}

static void test_frauds(void **state)
{
    const struct world *w = *state;
    const json_t *all = json_object_get(w->v, "frauds");
    unsigned kinds = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        static uint8_t room[ROOM];
        const json_t *e = json_array_get(all, i);
        struct bytes raw = json_hex(e, "proof", room, sizeof(room));
        struct fraud f;
        struct err err = {0};
        struct buf again;
        if (!fraud_decode(raw, &f, &err) || !fraud_check(&f, &err)) {
            fail_msg("%s: %s", json_word(e, "name"), err.what);
        }
        static uint8_t key[32];
        struct bytes guilty = json_hex(e, "guilty", key, sizeof(key));
        assert_int_equal(guilty.n, sizeof(key));
        assert_memory_equal(fraud_guilty(&f)->b, guilty.p, sizeof(key));
        kinds |= 1u << f.kind;
        buf_init(&again, ROOM);
        fraud_encode(&f, &again);
        same(&again, raw);
        buf_free(&again);
    }
    assert_int_equal(kinds, 0x1e);
}

static void test_disclosures(void **state)
{
    const struct world *w = *state;
    const json_t *all = json_object_get(w->file, "commits");
    for (size_t i = 0; i < json_array_size(all); i++) {
        static uint8_t room[ROOM];
        const json_t *e = json_array_get(all, i), *paths = json_object_get(e, "paths");
        struct arena mem = test_arena(ROOM);
        struct content c;
        struct err err = {0};
        assert_true(content_decode(json_hex(e, "content", room, sizeof(room)), &mem, &c, &err));
        struct digest commit = content_commit(&c);
        assert_string_equal(id_hex(commit.b).s, json_word(e, "commit"));
        assert_int_equal(json_array_size(paths), c.count + 1);
        for (uint32_t p = 0; p <= c.count; p++) {
            const json_t *hashes = json_array_get(paths, p);
            struct merkle_path path;
            assert_true(content_path(&c, p, &path, &err));
            assert_int_equal(path.count, json_array_size(hashes));
            for (uint32_t k = 0; k < path.count; k++) {
                assert_string_equal(id_hex(path.hash[k].b).s,
                                    json_string_value(json_array_get(hashes, k)));
            }
            assert_true(
                content_path_check(&c.header, p, c.count + 1, c.entries[p], &path, &commit));
        }
        test_arena_free(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_envelopes),   cmocka_unit_test(test_countersign),
        cmocka_unit_test(test_slips),       cmocka_unit_test(test_objects),
        cmocka_unit_test(test_token),       cmocka_unit_test(test_frauds),
        cmocka_unit_test(test_disclosures),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
