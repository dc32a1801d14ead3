/* SPDX-License-Identifier: Apache-2.0
 *
 * Signing and posting one envelope: what it says, what stays when it does not go out, and that its
 * number is used once.
 */
#include "app/envelope.h"

#include "app/sync.h"
#include "lib/app_place.h"
#include "lib/hostile.h"
#include "lib/test.h"

static void failed(struct place *p, bool ok, enum err_code code, const char *words)
{
    assert_false(ok);
    if (p->err.code != code || strstr(p->err.what, words) == NULL) {
        fail_msg("%s: %s, where \"%s\" was wanted", err_word(p->err.code), p->err.what, words);
    }
    p->err = (struct err){0};
}

static bool post(struct place *p, struct replica *r, const struct payload *act,
                 const struct envelope_seal *to, uint64_t *index)
{
    struct content_header h = {.kind = (uint32_t)act->kind, .room = act->room};
    struct content_item *items;
    size_t n;
    *index = INDEX_NEVER;
    must(payload_items(act, &r->scratch.mem, &items, &n, &p->err), p);
    bool ok = envelope_post_sealed(r, &h, items, n, to, index, &p->err);
    arena_wipe(&r->scratch.mem);
    return ok;
}

static struct envelope_seal to_self(const struct replica *r)
{
    return (struct envelope_seal){.identity_count = 1,
                                  .identities = keys_public(r->keys)->pk[KEYSET_SEAL]};
}

/* What the envelope and the header say; how it is sealed and padded. */
static void test_what_it_says(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct text words = text_str("one"), more = text_str("one, and a little more than that");
    struct payload act = app_sim_words("home/kestria", &words);
    uint64_t at, next;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct envelope_seal self = to_self(&r);
    failed(p, post(p, &r, &act, &self, &at), ERR_STATE, "has not seen the host's record yet");
    must(sync_take(&r, &p->err) && act_file(&r, ACT_CHECKED, &act, NULL, &p->err), p);
    struct room_key key = hostile_held(&r, "home/kestria");
    uint64_t size = door_size(r.door);
    must(post(p, &r, &act, &(struct envelope_seal){.key = &key}, &at), p);
    assert_int_equal(at, size);
    act.texts = &more;
    must(post(p, &r, &act, &self, &next), p);
    assert_int_equal(app_sim_waiting(&r), 0);
    struct act a, b;
    struct opened_act o;
    must(replica_act(&r, at, &r.scratch.mem, &a, &o, &p->err), p);
    struct kid own = keyring_seat(door_keyring(r.door), r.seat)->kid;
    struct act_tag tag = tag_make(&key.tag, &own, a.term, a.n);
    assert_true(ID_EQ(tag, a.tag));
    assert_int_equal(a.seen_size, size);
    struct root_hash seen = door_root(r.door, size);
    assert_true(ID_EQ(a.seen_root, seen));
    assert_true(o.open && o.how.matches && o.how.has_key);
    assert_memory_equal(o.how.key, key.public_key, 32);
    const struct content_header *h = &o.content.header;
    assert_true(ID_EQ(h->table, r.table) && ID_EQ(h->author, own));
    assert_true(h->n == a.n && h->term == a.term);
    must(replica_act(&r, next, &r.scratch.mem, &b, &o, &p->err), p);
    assert_true(ID_IS_ZERO(b.tag));
    assert_int_equal(b.n, a.n + 1);
    struct leaf_hash before = door_leaf(r.door, at);
    assert_true(ID_EQ(b.prev, before));
    /* To one or to a room, a word or ten: the host sees the same length. */
    assert_int_equal(a.blob_length, b.blob_length);
    struct bytes blob;
    struct age_header *head = ARENA_NEW(&r.scratch.mem, struct age_header, 1);
    must(store_read_blob(r.store, &b.blob, &r.scratch.mem, &blob, &p->err) &&
             age_header_parse(blob, head, &p->err),
         p);
    assert_int_equal(head->count % keyring_found(door_keyring(r.door))->stanza_multiple, 0);
    arena_wipe(&r.scratch.mem);
    replica_close(&r);
}

static void test_too_large(void **state)
{
    struct place *p = *state;
    struct replica r;
    uint64_t at;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_take(&r, &p->err), p);
    struct envelope_seal self = to_self(&r);
    uint32_t most = keyring_found(door_keyring(r.door))->blob_limit_bytes;
    uint8_t *big = test_calloc(most, 1);
    struct payload document = {.kind = KIND_DOCUMENT,
                               .room = text_str("home/kestria"),
                               .name = text_str("map"),
                               .media = text_str("image/png"),
                               .content = bytes_of(big, most)};
    uint64_t size = door_size(r.door);
    failed(p, post(p, &r, &document, &self, &at), ERR_LIMIT, "larger than this table takes");
    assert_int_equal(app_sim_waiting(&r), 0);
    assert_int_equal(door_size(r.door), size);
    document.content.n = 5; /* its number is still free */
    must(post(p, &r, &document, &self, &at), p);
    test_free(big);
    replica_close(&r);
}

static void test_keys(void **state)
{
    struct place *p = *state;
    struct app_person ilin;
    struct replica r, own;
    uint64_t at;
    struct text words = text_str("x");
    struct payload act = app_sim_words("home/kestria", &words);
    app_sim_seat(&p->sim, APP_FIRST, 1, "ilin", APP_SHARED, &ilin);
    app_sim_enter_as(&p->sim, &ilin, &r);
    must(sync_take(&r, &p->err), p);
    failed(p, envelope_post_control(&r, KEY_ROOT, CONTROL_KEYS, bytes_str("x"), &p->err), ERR_KEY,
           "has no root key");
    /* What other keys signed these do not send. */
    app_sim_enter(&p->sim, APP_FIRST, &own);
    must(sync_take(&own, &p->err), p);
    struct envelope_seal self = to_self(&own);
    must(post(p, &own, &act, &self, &at), p);
    struct bytes raw;
    must(store_read_leaf(own.store, at, &own.memory.mem, &raw, &p->err), p);
    const struct door_item item = {.envelope = raw};
    failed(p, envelope_deliver(&r, &item, &p->err), ERR_KEY, "that other keys than these");
    /* Where an act is, seen from a log that has it, and from one that does not yet. */
    struct act a;
    must(act_decode(raw, &a, &p->err), p);
    assert_int_equal(envelope_place(&own, &a), ENVELOPE_NOTED);
    assert_int_equal(envelope_place(&r, &a), ENVELOPE_WAITS);
    must(sync_take(&r, &p->err), p);
    assert_int_equal(envelope_place(&r, &a), ENVELOPE_NOTED);
    uint8_t *other = ARENA_NEW(&own.memory.mem, uint8_t, raw.n);
    memcpy(other, raw.p, raw.n);
    other[raw.n - 1] ^= 1; /* another envelope of that number */
    must(act_decode(bytes_of(other, raw.n), &a, &p->err), p);
    assert_int_equal(envelope_place(&r, &a), ENVELOPE_OVERTAKEN);
    replica_close(&own);
    replica_close(&r);
    app_person_free(&ilin);
}

/* ---- a host that does not take it ---- */

struct door_keeper {
    struct host_link inner;
    enum err_code says; /* ERR_NONE: takes it */
};

static bool keeper_checkpoint(void *ctx, struct buf *out, struct err *err)
{
    struct door_keeper *k = ctx;
    return k->inner.checkpoint(k->inner.ctx, out, err);
}

static bool keeper_entries(void *ctx, uint64_t from, uint64_t n, struct buf *out,
                           uint64_t *out_count, struct err *err)
{
    struct door_keeper *k = ctx;
    return k->inner.entries(k->inner.ctx, from, n, out, out_count, err);
}

static bool keeper_blob(void *ctx, const struct digest *sha, struct buf *out, struct err *err)
{
    struct door_keeper *k = ctx;
    return k->inner.blob(k->inner.ctx, sha, out, err);
}

static bool keeper_post(void *ctx, const struct door_item *items, size_t n, uint64_t *out_index,
                        size_t *out_noted, struct buf *out_note, struct err *err)
{
    struct door_keeper *k = ctx;
    if (k->says != ERR_NONE) {
        return err_set(err, k->says, "no");
    }
    return k->inner.post(k->inner.ctx, items, n, out_index, out_noted, out_note, err);
}

static void keeper_close(void *ctx)
{
    struct door_keeper *k = ctx;
    host_link_close(&k->inner);
}

static void test_not_taken(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct door_keeper k = {.says = ERR_HOST};
    struct text words = text_str("x");
    struct payload act = app_sim_words("home/kestria", &words);
    uint64_t at;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_take(&r, &p->err) && replica_link(&r, &p->err), p);
    k.inner = r.link;
    r.link = (struct host_link){keeper_checkpoint, keeper_entries, keeper_blob,
                                keeper_post,       keeper_close,   &k};
    struct envelope_seal self = to_self(&r);
    uint64_t size = door_size(r.door);
    /* Out of reach: it waits, as the same bytes; nothing else is signed under its number. */
    assert_false(post(p, &r, &act, &self, &at));
    assert_int_equal(p->err.code, ERR_HOST);
    assert_non_null(strstr(p->err.mend, "it is kept"));
    p->err = (struct err){0};
    assert_int_equal(app_sim_waiting(&r), 1);
    words = text_str("another");
    assert_false(post(p, &r, &act, &self, &at));
    p->err = (struct err){0};
    assert_int_equal(app_sim_waiting(&r), 1);
    k.says = ERR_NONE;
    must(sync_settle(&r, &p->err), p);
    assert_int_equal(app_sim_waiting(&r), 0);
    assert_int_equal(door_size(r.door), size + 1);
    struct act first, second;
    struct opened_act o;
    must(replica_act(&r, size, &r.scratch.mem, &first, &o, &p->err), p);
    /* Refused: it is dropped and told, and its number is used by the next. */
    k.says = ERR_RULE;
    assert_false(post(p, &r, &act, &self, &at));
    assert_int_equal(p->err.code, ERR_RULE);
    assert_non_null(strstr(p->err.mend, "it was not noted"));
    p->err = (struct err){0};
    assert_int_equal(app_sim_waiting(&r), 0);
    k.says = ERR_NONE;
    must(post(p, &r, &act, &self, &at), p);
    assert_int_equal(at, size + 1);
    must(replica_act(&r, at, &r.scratch.mem, &second, &o, &p->err), p);
    assert_int_equal(second.n, first.n + 1);
    arena_wipe(&r.scratch.mem);
    replica_close(&r);
}

/* A principal ends his own seat: the host has it, and reading back what it lets nobody read any more is
 * no failure.  The others see it. */
static void test_goodbye(void **state)
{
    struct place *p = *state;
    struct replica r;
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_settle(&r, &p->err), p);
    uint64_t size = door_size(r.door);
    struct kid own = keyring_seat(door_keyring(r.door), r.seat)->kid;
    uint32_t seat = r.seat;
    struct buf blob;
    buf_init(&blob, CONTROL_BLOB_MAX);
    keys_encode_revoke(&own, &blob);
    must(envelope_post_control(&r, KEY_ROOT, CONTROL_KEYS, buf_bytes(&blob), &p->err), p);
    buf_free(&blob);
    assert_int_equal(app_sim_waiting(&r), 0);
    replica_close(&r);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_take(&r, &p->err), p);
    assert_int_equal(keyring_seat(door_keyring(r.door), seat)->revoked_at, size);
    replica_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(test_what_it_says), SCENE(test_too_large), SCENE(test_keys),
        SCENE(test_not_taken),    SCENE(test_goodbye),
    };
    return PLACE_RUN(tests);
}
