/* SPDX-License-Identifier: Apache-2.0 */
#include "app/opening.h"

#include "base/reader.h"
#include "crypto/aead.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "record/padding.h"

#define ROOM_KEYS_MAX 8192u
#define GRANTS_HELD_MAX 8192u

bool openings_init(struct openings *o, struct arena *mem, struct store *store, struct keys *keys,
                   const struct chance *chance, const uint8_t notebook[static 32], struct err *err)
{
    *o = (struct openings){.mem = mem, .store = store, .keys = keys, .chance = *chance};
    memcpy(o->notebook, notebook, sizeof(o->notebook));
    o->keys_held = ARENA_NEW(mem, struct room_key, ROOM_KEYS_MAX);
    o->grants = ARENA_NEW(mem, struct grant_act, GRANTS_HELD_MAX);
    return !mem->failed || err_memory(err, "the keys of rooms");
}

const struct room_key *opening_key(const struct openings *o, struct text room,
                                   const uint8_t *public_key)
{
    const struct room_key *found = NULL;
    for (uint32_t i = 0; i < o->key_count; i++) {
        const struct room_key *k = &o->keys_held[i];
        if (text_eq(k->room, room) &&
            (public_key == NULL || memcmp(k->public_key, public_key, 32) == 0) &&
            (found == NULL || k->number > found->number)) {
            found = k;
        }
    }
    return found;
}

/* ---- opening ---- */

static const struct room_key *tagged(const struct openings *o, const struct verified_act *va)
{
    for (uint32_t i = o->key_count; i > 0; i--) { /* the newest is the likeliest */
        const struct room_key *k = &o->keys_held[i - 1];
        struct act_tag t = tag_make(&k->tag, va->author.kid, va->act.term, va->act.n);
        if (ID_EQ(t, va->act.tag)) {
            return k;
        }
    }
    return NULL;
}

static const struct grant_act *granted(const struct openings *o, const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < o->grant_count; i++) {
        if (ID_EQ(o->grants[i].leaf, *leaf)) {
            return &o->grants[i];
        }
    }
    return NULL;
}

/* An epoch act's secret must be that of the public key it shows, or its members cannot use it. */
static bool epoch_holds(const struct content *c, struct arena *mem)
{
    struct payload p;
    struct err ignored = {0};
    if (c->header.kind != (uint32_t)KIND_EPOCH || !payload_from(c, mem, &p, &ignored)) {
        return false;
    }
    uint8_t pk[32];
    dh_public(p.epoch_item.secret, pk);
    return hash_equal(pk, p.epoch_item.public_key, sizeof(pk));
}

/* Plaintext to content: what does not decode or match stays open, as void. */
static bool take_apart(const struct verified_act *va, struct bytes plain, struct arena *mem,
                       struct opened_act *out, struct err *err)
{
    struct bytes raw;
    struct err form = {0};
    bool ok = padding_strip(plain, &raw, &form) && content_decode(raw, mem, &out->content, &form);
    if (mem->failed) {
        return err_memory(err, "an act");
    }
    if (!ok) {
        out->content = (struct content){0};
    }
    out->how.matches = ok && content_match(&out->content, &va->act, va->author.kid, &form);
    out->how.epoch_key_holds = ok && epoch_holds(&out->content, mem);
    out->open = true;
    return true;
}

bool opening_try(struct openings *o, const struct verified_act *va, struct bytes blob,
                 struct arena *mem, struct opened_act *out, struct err *err)
{
    struct opened_act a = {0};
    bool by_identity = ID_IS_ZERO(va->act.tag);
    const struct room_key *key = by_identity ? NULL : tagged(o, va);
    const struct grant_act *grant = key == NULL ? granted(o, &va->leaf) : NULL;
    if (key == NULL && grant == NULL && !by_identity) {
        *out = a;
        return true;
    }
    size_t mark = arena_mark(mem);
    struct age_header *h = ARENA_NEW(mem, struct age_header, 1);
    struct err no = {0};
    if (h == NULL) {
        return err_memory(err, "an act");
    }
    bool found = age_header_parse(blob, h, &no);
    if (found && grant != NULL) {
        memcpy(a.file_key, grant->file_key, sizeof(a.file_key));
        found = age_mac_holds(h, a.file_key);
    } else if (found && key != NULL) {
        found = age_unwrap(h, key->secret, a.file_key, &no);
    } else if (found) {
        found = keys_unwrap(o->keys, h, a.file_key, &no);
    }
    struct buf plain;
    buf_init(&plain, blob.n);
    if (found && age_open_payload(h, a.file_key, &plain, &no)) {
        arena_rewind(mem, mark);
        a.how.by_identity = by_identity;
        a.how.granted = grant != NULL;
        a.how.room = key != NULL ? key->room : (struct text){0};
        a.how.epoch = key != NULL ? key->number : 0;
        struct bytes v = arena_copy(mem, buf_bytes(&plain));
        found = mem->failed ? err_memory(err, "an act") : take_apart(va, v, mem, &a, err);
    } else {
        /* Its tag is ours and its seal is not: void for all who hold the room's key alike. */
        a = (struct opened_act){.open = key != NULL,
                                .how = {.room = key != NULL ? key->room : (struct text){0},
                                        .epoch = key != NULL ? key->number : 0}};
        found = true;
    }
    buf_free(&plain);
    if (!found) {
        return false;
    }
    *out = a;
    return true;
}

/* ---- the notebook ---- */

enum { HOW_IDENTITY = 1, HOW_GRANTED = 2, HOW_MATCHES = 4, HOW_EPOCH_HOLDS = 8 };

static void notebook_name(uint64_t index, uint8_t out[static 13])
{
    memcpy(out, "open/", 5);
    for (unsigned i = 0; i < 8; i++) {
        out[5 + i] = (uint8_t)(index >> (56 - 8 * i));
    }
}

bool opening_keep(struct openings *o, uint64_t index, const struct opened_act *act, struct err *err)
{
    struct buf plain, sealed;
    buf_init(&plain, STORE_SEALED_MAX);
    buf_init(&sealed, STORE_SEALED_MAX);
    const struct opened *h = &act->how;
    buf_add_u8(&plain, (uint8_t)((h->by_identity ? HOW_IDENTITY : 0) |
                                 (h->granted ? HOW_GRANTED : 0) | (h->matches ? HOW_MATCHES : 0) |
                                 (h->epoch_key_holds ? HOW_EPOCH_HOLDS : 0)));
    buf_add(&plain, bytes_of(act->file_key, sizeof(act->file_key)));
    buf_add_be32(&plain, h->epoch);
    buf_add_u8(&plain, (uint8_t)h->room.n); /* a name of a room: below 48 bytes */
    buf_add(&plain, text_bytes(h->room));
    /* The content as it was: its entries, one after the other, in their array. */
    if (act->content.entries != NULL) {
        struct bytes first = act->content.entries[0];
        struct bytes last = act->content.entries[act->content.count];
        size_t head = act->content.count + 1u < 24 ? 1 : act->content.count + 1u < 256 ? 2 : 3;
        buf_add(&plain, bytes_of(first.p - head, (size_t)(last.p + last.n - first.p) + head));
    }
    uint8_t name[13];
    uint8_t nonce[AEAD_XCHACHA_NONCE_BYTES];
    notebook_name(index, name);
    bool ok = buf_done(&plain, "an opened act", err) &&
              chance_fill(&o->chance, nonce, sizeof(nonce), err);
    if (ok) {
        buf_add(&sealed, bytes_of(nonce, sizeof(nonce)));
        buf_add_fill(&sealed, 0, plain.n + AEAD_TAG_BYTES);
        ok = buf_done(&sealed, "an opened act", err);
    }
    if (ok) {
        aead_seal(AEAD_XCHACHA, o->notebook, nonce, bytes_of(name, sizeof(name)), buf_bytes(&plain),
                  sealed.p + sizeof(nonce));
        ok = store_sealed_put(o->store, bytes_of(name, sizeof(name)), buf_bytes(&sealed), err);
    }
    buf_free(&plain);
    buf_free(&sealed);
    return ok;
}

bool opening_recall(struct openings *o, uint64_t index, struct arena *mem, struct opened_act *out,
                    struct err *err)
{
    uint8_t name[13];
    notebook_name(index, name);
    struct bytes v = {0};
    *out = (struct opened_act){0};
    if (!store_sealed_get(o->store, bytes_of(name, sizeof(name)), mem, &v, err)) {
        return false;
    }
    if (v.p == NULL) {
        return true;
    }
    if (v.n < AEAD_XCHACHA_NONCE_BYTES + AEAD_TAG_BYTES) {
        return err_set(err, ERR_VERIFY, "the private notebook is damaged at act %llu",
                       (unsigned long long)index);
    }
    struct bytes sealed = bytes_slice(v, AEAD_XCHACHA_NONCE_BYTES, v.n);
    uint8_t *plain = ARENA_NEW(mem, uint8_t, sealed.n);
    if (plain == NULL) {
        return err_memory(err, "an act");
    }
    if (!aead_open(AEAD_XCHACHA, o->notebook, v.p, bytes_of(name, sizeof(name)), sealed, plain)) {
        return err_set(err, ERR_VERIFY, "the private notebook was altered at act %llu",
                       (unsigned long long)index) ||
               err_mend(err, "remove nothing by hand; synchronise into a new folder with the same "
                             "key file");
    }
    struct reader r;
    reader_init(&r, bytes_of(plain, sealed.n - AEAD_TAG_BYTES));
    uint8_t flags = read_u8(&r);
    struct bytes key = read_bytes(&r, 16);
    uint32_t epoch = read_be32(&r);
    struct bytes room = read_bytes(&r, read_u8(&r));
    struct bytes raw = read_bytes(&r, reader_left(&r));
    struct opened_act a = {.open = true};
    if (key.n == 16) {
        memcpy(a.file_key, key.p, 16);
    }
    a.how = (struct opened){.by_identity = (flags & HOW_IDENTITY) != 0,
                            .granted = (flags & HOW_GRANTED) != 0,
                            .matches = (flags & HOW_MATCHES) != 0,
                            .epoch_key_holds = (flags & HOW_EPOCH_HOLDS) != 0,
                            .room = {.p = (const char *)room.p, .n = room.n},
                            .epoch = epoch};
    if (raw.n > 0 && !content_decode(raw, mem, &a.content, err)) {
        return err_at(err, "private notebook, act %llu", (unsigned long long)index);
    }
    *out = a;
    return true;
}

/* ---- keys and grants ---- */

static bool learn_key(struct openings *o, struct text room, uint32_t number, uint64_t index,
                      const uint8_t secret[static 32], struct err *err)
{
    /* Several keys may claim one number (the fold says which is good): hold them all. */
    for (uint32_t i = 0; i < o->key_count; i++) {
        const struct room_key *k = &o->keys_held[i];
        if (k->number == number && text_eq(k->room, room) &&
            hash_equal(k->secret, secret, sizeof(k->secret))) {
            return true;
        }
    }
    if (o->key_count >= ROOM_KEYS_MAX) {
        return err_set(err, ERR_LIMIT, "this seat holds %u keys of rooms and takes no more",
                       ROOM_KEYS_MAX);
    }
    struct bytes name = arena_copy(o->mem, text_bytes(room));
    if (name.p == NULL) {
        return err_memory(err, "the keys of rooms");
    }
    struct room_key *k = &o->keys_held[o->key_count++];
    *k = (struct room_key){
        .room = {.p = (const char *)name.p, .n = name.n}, .number = number, .index = index};
    memcpy(k->secret, secret, sizeof(k->secret));
    dh_public(k->secret, k->public_key);
    tag_key_of(k->secret, &k->tag);
    return true;
}

bool opening_learn(struct openings *o, const struct verified_act *va, const struct opened_act *act,
                   struct arena *mem, struct err *err)
{
    struct payload p;
    struct err form = {0};
    uint32_t kind = act->content.header.kind;
    if (!act->open || !act->how.matches ||
        (kind != (uint32_t)KIND_EPOCH && kind != (uint32_t)KIND_GRANT) ||
        !payload_from(&act->content, mem, &p, &form)) {
        return !mem->failed || err_memory(err, "an act");
    }
    if (kind == (uint32_t)KIND_EPOCH) {
        return !act->how.by_identity || !act->how.epoch_key_holds ||
               learn_key(o, p.epoch_item.room, p.epoch_item.number, va->index, p.epoch_item.secret,
                         err);
    }
    uint32_t keys = o->key_count;
    for (uint32_t i = 0; i < p.grant_epoch_count; i++) {
        const struct grant_epoch *g = &p.grant_epochs[i];
        if (!learn_key(o, g->room, g->number, va->index, g->secret, err)) {
            return false;
        }
    }
    o->news = o->news || o->key_count != keys;
    for (uint32_t i = 0; i < p.grant_act_count; i++) {
        if (granted(o, &p.grant_acts[i].leaf) != NULL || o->grant_count >= GRANTS_HELD_MAX) {
            continue;
        }
        o->grants[o->grant_count++] = p.grant_acts[i];
        o->news = true;
    }
    return true;
}
