/* SPDX-License-Identifier: Apache-2.0 */
#include "app/opening.h"

#include "base/reader.h"
#include "crypto/aead.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "record/padding.h"

#define ROOM_KEYS_MAX 8192u
#define GRANTS_HELD_MAX 8192u

bool openings_init(struct openings *o, struct arena *mem, const struct openings_plan *plan,
                   struct err *err)
{
    *o = (struct openings){.mem = mem,
                           .store = plan->store,
                           .keys = plan->keys,
                           .chance = plan->chance,
                           .side = plan->side,
                           .side_id = plan->side_id,
                           .role = plan->role};
    memcpy(o->notebook, plan->notebook, sizeof(o->notebook));
    o->keys_held = ARENA_NEW(mem, struct room_key, ROOM_KEYS_MAX);
    o->grants = ARENA_NEW(mem, struct grant_act, GRANTS_HELD_MAX);
    return !mem->failed || err_memory(err, "the keys of rooms");
}

const struct room_key *opening_key(const struct openings *o, const uint8_t public_key[static 32])
{
    for (uint32_t i = o->key_count; i > 0; i--) {
        if (memcmp(o->keys_held[i - 1].public_key, public_key, 32) == 0) {
            return &o->keys_held[i - 1];
        }
    }
    return NULL;
}

const struct room_key *opening_seal_key(const struct openings *o, struct text room)
{
    for (uint32_t i = o->key_count; i > 0; i--) {
        if (o->keys_held[i - 1].may_seal && text_eq(o->keys_held[i - 1].room, room)) {
            return &o->keys_held[i - 1];
        }
    }
    return NULL;
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

/* Of the file keys that grants gave for this act, the one under which its header holds. */
static bool granted(const struct openings *o, const struct leaf_hash *leaf,
                    const struct age_header *h, uint8_t out[static 16])
{
    for (uint32_t i = 0; i < o->grant_count; i++) {
        if (ID_EQ(o->grants[i].leaf, *leaf) && age_mac_holds(h, o->grants[i].file_key)) {
            memcpy(out, o->grants[i].file_key, 16);
            return true;
        }
    }
    return false;
}

/* Not for us, or not what it should be; anything else is a failure of ours. */
static bool is_verdict(const struct err *e)
{
    return e->code == ERR_KEY || e->code == ERR_VERIFY || e->code == ERR_FORMAT;
}

/* To which seats an epoch act is really sealed. */
static void find_recipients(const struct keyring *ring, const struct verified_act *va,
                            const struct age_header *h, struct opened_act *a)
{
    uint32_t seats = keyring_seats(ring, va->index);
    for (uint32_t i = 0; i < seats; i++) {
        if (age_sealed_to(h, a->file_key, keyring_seat(ring, i)->keys.seal.b)) {
            a->how.sealed_to[i / 8] |= (uint8_t)(1u << (i % 8));
        }
    }
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

/* The file key, if any of our keys gives it.  False: it could not be tried. */
static bool find_file_key(struct openings *o, const struct verified_act *va,
                          const struct age_header *h, const struct room_key *key,
                          struct opened_act *a, bool *found, struct err *err)
{
    struct err no = {0};
    *found = true;
    if (key != NULL) {
        *found = age_unwrap_pair(h, key->secret, key->public_key, a->file_key, &no);
    } else if (granted(o, &va->leaf, h, a->file_key)) {
        a->how.granted = true;
    } else if (ID_IS_ZERO(va->act.tag)) {
        *found = keys_unwrap(o->keys, h, a->file_key, &no);
    } else {
        *found = false;
        return true;
    }
    if (!*found && !is_verdict(&no)) {
        *err = no;
        return false;
    }
    return true;
}

static bool has_grant(const struct openings *o, const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < o->grant_count; i++) {
        if (ID_EQ(o->grants[i].leaf, *leaf)) {
            return true;
        }
    }
    return false;
}

bool opening_try(struct openings *o, const struct keyring *ring, const struct verified_act *va,
                 struct bytes blob, struct arena *mem, struct opened_act *out, struct err *err)
{
    struct opened_act a = {0};
    const struct room_key *key = ID_IS_ZERO(va->act.tag) ? NULL : tagged(o, va);
    a.how.by_identity = ID_IS_ZERO(va->act.tag);
    if (key == NULL && !a.how.by_identity && !has_grant(o, &va->leaf)) {
        *out = (struct opened_act){0};
        return true;
    }
    if (key != NULL) {
        a.how.has_key = true;
        memcpy(a.how.key, key->public_key, sizeof(a.how.key));
    }
    struct age_header *h = ARENA_NEW(mem, struct age_header, 1);
    struct err no = {0};
    bool found = false;
    if (h == NULL) {
        return err_memory(err, "an act");
    }
    bool parsed = age_header_parse(blob, h, &no);
    if (parsed && !find_file_key(o, va, h, key, &a, &found, err)) {
        return false;
    }
    struct buf plain;
    buf_init(&plain, blob.n);
    bool opened = found && age_open_payload(h, a.file_key, &plain, &no);
    bool ok = true;
    if (opened) {
        struct bytes v = arena_copy(mem, buf_bytes(&plain));
        ok = mem->failed ? err_memory(err, "an act") : take_apart(va, v, mem, &a, err);
        if (ok && a.how.by_identity && a.content.header.kind == (uint32_t)KIND_EPOCH) {
            find_recipients(ring, va, h, &a);
        }
    } else if (found && !is_verdict(&no)) {
        *err = no;
        ok = false;
    } else {
        /* Its tag is ours and its seal is not: void for all who hold the room's key alike. */
        memset(a.file_key, 0, sizeof(a.file_key));
        a.open = key != NULL;
    }
    buf_free(&plain); /* it wipes */
    if (ok) {
        *out = a;
    }
    bytes_wipe(&a, sizeof(a));
    return ok;
}

/* ---- the notebook ---- */

enum { HOW_IDENTITY = 1, HOW_GRANTED = 2, HOW_MATCHES = 4, HOW_EPOCH_HOLDS = 8, HOW_KEY = 16 };

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
    buf_add_u8(&plain,
               (uint8_t)((h->by_identity ? HOW_IDENTITY : 0) | (h->granted ? HOW_GRANTED : 0) |
                         (h->matches ? HOW_MATCHES : 0) |
                         (h->epoch_key_holds ? HOW_EPOCH_HOLDS : 0) | (h->has_key ? HOW_KEY : 0)));
    buf_add(&plain, bytes_of(act->file_key, sizeof(act->file_key)));
    buf_add(&plain, bytes_of(h->key, sizeof(h->key)));
    buf_add(&plain, bytes_of(h->sealed_to, sizeof(h->sealed_to)));
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
    struct bytes file_key = read_bytes(&r, 16);
    struct bytes key = read_bytes(&r, 32);
    struct bytes sealed_to = read_bytes(&r, SEATS_MAX / 8);
    struct bytes raw = read_bytes(&r, reader_left(&r));
    if (!reader_done(&r)) {
        return err_set(err, ERR_VERIFY, "the private notebook is damaged at act %llu",
                       (unsigned long long)index);
    }
    struct opened_act a = {.open = true};
    memcpy(a.file_key, file_key.p, sizeof(a.file_key));
    a.how = (struct opened){.by_identity = (flags & HOW_IDENTITY) != 0,
                            .granted = (flags & HOW_GRANTED) != 0,
                            .matches = (flags & HOW_MATCHES) != 0,
                            .epoch_key_holds = (flags & HOW_EPOCH_HOLDS) != 0,
                            .has_key = (flags & HOW_KEY) != 0};
    memcpy(a.how.key, key.p, sizeof(a.how.key));
    memcpy(a.how.sealed_to, sealed_to.p, sizeof(a.how.sealed_to));
    if (raw.n > 0 && !content_decode(raw, mem, &a.content, err)) {
        return err_at(err, "private notebook, act %llu", (unsigned long long)index);
    }
    *out = a;
    return true;
}

/* ---- keys and grants ---- */

/* Above the ceiling keys are passed over: nobody can make a seat fail by giving it too many. */
static bool learn_key(struct openings *o, const struct room_key *k, struct err *err)
{
    /* The trust that an act earns goes to what that act says, never to what an earlier one said of the
     * same secret: else a bad act could name a room, and a good one of another room vouch for it. */
    for (uint32_t i = 0; i < o->key_count; i++) {
        const struct room_key *old = &o->keys_held[i];
        if (hash_equal(old->secret, k->secret, sizeof(k->secret)) && old->number == k->number &&
            old->may_seal == k->may_seal && text_eq(old->room, k->room)) {
            return true;
        }
    }
    if (o->key_count >= ROOM_KEYS_MAX) {
        return true;
    }
    struct bytes name = arena_copy(o->mem, text_bytes(k->room));
    if (name.p == NULL) {
        return err_memory(err, "the keys of rooms");
    }
    struct room_key *n = &o->keys_held[o->key_count++];
    *n = *k;
    n->room = (struct text){.p = (const char *)name.p, .n = name.n};
    dh_public(n->secret, n->public_key);
    tag_key_of(n->secret, &n->tag);
    return true;
}

static bool may_grant(const struct keyring *ring, const struct verified_act *va)
{
    return va->author.type == KEY_SEAT &&
           (keyring_seat(ring, va->author.seat)->keys.flags & (uint32_t)SEAT_MAY_GRANT) != 0;
}

static bool room_is(const struct openings *o, struct text room, const char *before)
{
    size_t n = strlen(before);
    return room.n == n + o->side_id.n && memcmp(room.p, before, n) == 0 &&
           memcmp(room.p + n, o->side_id.p, o->side_id.n) == 0;
}

/* May that side give this room a key, as a seat can tell that has no charter? */
static bool may_rekey(const struct openings *o, const struct keyring *ring, struct text room,
                      uint32_t side)
{
    if (room_is(o, room, "home/")) {
        return side == o->side;
    }
    if (text_is(o->role, "monitor")) {
        return text_is(room, "monitors") && side < keyring_found(ring)->groups;
    }
    return text_is(o->role, "consulted") && room_is(o, room, "consult/") &&
           (side == 0 || side == o->side);
}

/* All that such a seat can see of FORMAT 8's rule: a side that may, the number that follows, a seal
 * to all whom the act lists, ourselves among them. */
static bool good_for_sealing(const struct openings *o, const struct keyring *ring,
                             const struct verified_act *va, const struct opened_act *act,
                             const struct epoch_item *e)
{
    const struct room_key *last = opening_seal_key(o, e->room);
    if (!may_grant(ring, va) || !may_rekey(o, ring, e->room, va->author.side) ||
        e->previous != e->number - 1 || !text_eq(act->content.header.room, e->room) ||
        (last != NULL && e->number != last->number + 1)) {
        return false;
    }
    for (uint32_t i = 0; i < e->member_count; i++) {
        uint32_t seat = keyring_find_seat(ring, &e->members[i]);
        if (seat == SEAT_NONE || (act->how.sealed_to[seat / 8] & (1u << (seat % 8))) == 0) {
            return false;
        }
    }
    /* Nobody who must be able to read is left out. */
    uint32_t seats = keyring_seats(ring, va->index);
    bool monitors = text_is(e->room, "monitors");
    for (uint32_t i = 0; i < seats; i++) {
        const struct ring_seat *s = keyring_seat(ring, i);
        bool sits = s->side == o->side || (monitors && s->side < keyring_found(ring)->groups) ||
                    (room_is(o, e->room, "consult/") && s->side == 0);
        if (sits && ring_seat_active(s, va->index) &&
            (act->how.sealed_to[i / 8] & (1u << (i % 8))) == 0) {
            return false;
        }
    }
    return true;
}

static bool learn_grants(struct openings *o, const struct payload *p)
{
    bool news = false;
    for (uint32_t i = 0; i < p->grant_act_count && o->grant_count < GRANTS_HELD_MAX; i++) {
        bool known = false;
        for (uint32_t k = 0; k < o->grant_count; k++) {
            known = known || (ID_EQ(o->grants[k].leaf, p->grant_acts[i].leaf) &&
                              hash_equal(o->grants[k].file_key, p->grant_acts[i].file_key, 16));
        }
        if (!known) {
            o->grants[o->grant_count++] = p->grant_acts[i];
            news = true;
        }
    }
    return news;
}

bool opening_learn(struct openings *o, const struct keyring *ring, const struct verified_act *va,
                   const struct opened_act *act, struct arena *mem, struct err *err)
{
    struct payload p;
    struct err form = {0};
    uint32_t kind = act->content.header.kind;
    if (!act->open || !act->how.matches ||
        (kind != (uint32_t)KIND_EPOCH && kind != (uint32_t)KIND_GRANT) ||
        !payload_from(&act->content, mem, &p, &form)) {
        return !mem->failed || err_memory(err, "an act");
    }
    bool ok = true;
    if (kind == (uint32_t)KIND_EPOCH && act->how.by_identity && act->how.epoch_key_holds) {
        struct room_key k = {.room = p.epoch_item.room,
                             .number = p.epoch_item.number,
                             .index = va->index,
                             .may_seal = good_for_sealing(o, ring, va, act, &p.epoch_item)};
        memcpy(k.secret, p.epoch_item.secret, sizeof(k.secret));
        uint32_t before = o->key_count;
        ok = learn_key(o, &k, err);
        /* Acts under it may have been passed over, where a grant brought it late. */
        o->news = o->news || (act->how.granted && o->key_count != before);
        bytes_wipe(&k, sizeof(k));
    }
    bool believed = may_grant(ring, va) && (va->author.side == o->side ||
                                            va->author.side == keyring_found(ring)->convener_side);
    if (kind == (uint32_t)KIND_GRANT && believed) {
        o->news = learn_grants(o, &p) || o->news;
    }
    bytes_wipe(&p.epoch_item, sizeof(p.epoch_item));
    return ok;
}
