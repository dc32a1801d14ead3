/* SPDX-License-Identifier: Apache-2.0 */
#include "app/opening.h"

#include "base/check.h"
#include "base/reader.h"
#include "base/switch_off.h"
#include "crypto/aead.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "record/padding.h"
#include "record/room_key.h"

bool openings_init(struct openings *o, struct arena *mem, const struct openings_plan *plan,
                   struct err *err)
{
    *o = (struct openings){.mem = mem,
                           .store = plan->store,
                           .keys = plan->keys,
                           .chance = plan->chance,
                           .side = plan->side};
    memcpy(o->notebook, plan->notebook, sizeof(o->notebook));
    o->keys_held = ARENA_NEW(mem, struct room_key, ROOM_KEYS_MAX);
    o->stray = ARENA_NEW(mem, struct room_key, SEATS_MAX);
    o->stray_seat = ARENA_NEW(mem, uint32_t, SEATS_MAX);
    return !mem->failed || err_memory(err, "the keys of rooms");
}

void openings_forget(struct openings *o)
{
    o->key_count = 0;
    o->stray_count = 0;
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

/* ---- opening ---- */

static const struct room_key *tagged_in(const struct room_key *keys, uint32_t count,
                                        const struct verified_act *va)
{
    for (uint32_t i = count; i > 0; i--) { /* the newest is the likeliest */
        struct act_tag t = tag_make(&keys[i - 1].tag, va->author.kid, va->act.term, va->act.n);
        if (ID_EQ(t, va->act.tag)) {
            return &keys[i - 1];
        }
    }
    return NULL;
}

/* The key that the tag names: a room's, or else one that was offered and that no room has. */
static const struct room_key *tagged(const struct openings *o, const struct verified_act *va)
{
    const struct room_key *k = tagged_in(o->keys_held, o->key_count, va);
    return k != NULL ? k : tagged_in(o->stray, o->stray_count, va);
}

bool opening_knows(const struct openings *o, const struct verified_act *va)
{
    return !ID_IS_ZERO(va->act.tag) && tagged(o, va) != NULL;
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

/* The key that an epoch act gives its room; false where it is no epoch act of the right form. */
static bool key_of_epoch(const struct content *c, struct arena *mem, struct room_key *out)
{
    struct payload p;
    struct err ignored = {0};
    if (c->header.kind != (uint32_t)KIND_EPOCH || !payload_from(c, mem, &p, &ignored)) {
        return false;
    }
    const struct epoch_item *e = &p.epoch_item;
    room_key_of(e->secret, &c->header.table, e->room, e->number, out->secret);
    dh_public(out->secret, out->public_key);
    bool holds = hash_equal(out->public_key, e->public_key, sizeof(e->public_key));
    bytes_wipe(&p.epoch_item, sizeof(p.epoch_item));
    return holds;
}

/* The public key that it shows must be that of its secret, or its members cannot use it. */
static bool epoch_holds(const struct content *c, struct arena *mem)
{
    struct room_key k = {0};
    bool holds = key_of_epoch(c, mem, &k);
    bytes_wipe(&k, sizeof(k));
    return holds;
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

/* Opens the payload with the file key that a->file_key holds; left closed where it is not what the
 * header's key would open. */
static bool open_with(const struct keyring *ring, const struct verified_act *va,
                      const struct age_header *h, size_t most, struct arena *mem,
                      struct opened_act *a, struct err *err)
{
    struct buf plain;
    struct err no = {0};
    buf_init(&plain, most);
    bool ok = true;
    if (age_open_payload(h, a->file_key, &plain, &no)) {
        struct bytes v = arena_copy(mem, buf_bytes(&plain));
        ok = mem->failed ? err_memory(err, "an act") : take_apart(va, v, mem, a, err);
        if (ok && a->how.by_identity && a->content.header.kind == (uint32_t)KIND_EPOCH) {
            find_recipients(ring, va, h, a);
        }
    } else if (!is_verdict(&no)) {
        *err = no;
        ok = false;
    }
    buf_free(&plain); /* it wipes */
    return ok;
}

/* The file key, by a room's key or by our identity.  False: it could not be tried. */
static bool find_file_key(struct openings *o, const struct age_header *h,
                          const struct room_key *key, struct opened_act *a, bool *found,
                          struct err *err)
{
    struct err no = {0};
    *found = key != NULL ? age_unwrap_pair(h, key->secret, key->public_key, a->file_key, &no)
                         : keys_unwrap(o->keys, h, a->file_key, &no);
    /* An agent whose answer cannot be understood (ERR_FORMAT) has said nothing about the act. */
    if (!*found && no.code != ERR_KEY && no.code != ERR_VERIFY) {
        *err = no;
        return false;
    }
    return true;
}

bool opening_try(struct openings *o, const struct keyring *ring, const struct verified_act *va,
                 struct bytes blob, struct arena *mem, struct opened_act *out, struct err *err)
{
    struct opened_act a = {0};
    const struct room_key *key = ID_IS_ZERO(va->act.tag) ? NULL : tagged(o, va);
    a.how.by_identity = ID_IS_ZERO(va->act.tag);
    if (key == NULL && !a.how.by_identity) {
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
    bool ok = !age_header_parse(blob, h, &no) || find_file_key(o, h, key, &a, &found, err);
    ok = ok && (!found || open_with(ring, va, h, blob.n, mem, &a, err));
    if (ok && !a.open) {
        /* Its tag is ours and its seal is not: void for all who hold the room's key alike. */
        memset(a.file_key, 0, sizeof(a.file_key));
        a.open = key != NULL;
    }
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

/* As it was: its entries, one after the other, in their array. */
struct bytes opening_content(const struct opened_act *act)
{
    if (act->content.entries == NULL) {
        return (struct bytes){0};
    }
    struct bytes first = act->content.entries[0];
    struct bytes last = act->content.entries[act->content.count];
    size_t head = act->content.count + 1u < 24 ? 1 : act->content.count + 1u < 256 ? 2 : 3;
    return bytes_of(first.p - head, (size_t)(last.p + last.n - first.p) + head);
}

bool opening_forget_from(struct openings *o, uint64_t from, uint64_t to, struct err *err)
{
    bool ok = true;
    for (uint64_t i = from; ok && i < to; i++) {
        uint8_t name[13];
        notebook_name(i, name);
        ok = store_sealed_drop(o->store, bytes_of(name, sizeof(name)), err);
    }
    return ok;
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
    buf_add(&plain, opening_content(act));
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

/* ---- keys ---- */

static void hold(struct openings *o, const struct room_key *k)
{
    CHECK(o->key_count < ROOM_KEYS_MAX); /* the rule of epochs allows no more: FORMAT 8 */
    o->keys_held[o->key_count++] = *k;
}

static void hold_stray(struct openings *o, uint32_t seat, const struct room_key *k)
{
    uint32_t i = 0;
    while (i < o->stray_count && o->stray_seat[i] != seat) {
        i++;
    }
    if (i == SEATS_MAX) {
        return; /* no table has more seats */
    }
    o->stray_count += i == o->stray_count ? 1 : 0;
    o->stray_seat[i] = seat;
    o->stray[i] = *k;
}

bool opening_learn(struct openings *o, const struct fold *fold, const struct verified_act *va,
                   const struct opened_act *act, struct arena *mem, struct err *err)
{
    struct room_key k = {.index = va->index};
    if (!act->open || !act->how.matches || !act->how.epoch_key_holds || !act->how.by_identity ||
        !key_of_epoch(&act->content, mem, &k)) {
        return !mem->failed || err_memory(err, "an act");
    }
    tag_key_of(k.secret, &k.tag);
    if (fold_epoch_at(fold, va->index) != NULL) {
        hold(o, &k);
    } else if (fold_state(fold)->has_charter) {
        /* Without a charter nobody would say that what it opens is void. */
        hold_stray(o, va->author.seat, &k);
    }
    bytes_wipe(&k, sizeof(k));
    return true;
}

/* ---- grants ---- */

static bool may_grant(const struct openings *o, const struct keyring *ring,
                      const struct verified_act *va)
{
    return va->author.type == KEY_SEAT &&
           (!CHECK_ON(GRANT_MAY) ||
            (keyring_seat(ring, va->author.seat)->keys.flags & (uint32_t)SEAT_MAY_GRANT) != 0) &&
           (!CHECK_ON(GRANT_SIDE) || va->author.side == o->side ||
            va->author.side == keyring_found(ring)->convener_side);
}

/* Opens the act at index with a file key and keeps it, if it is a sealed one that is still closed to
 * us and the key is its own. */
static bool open_granted(struct openings *o, const struct keyring *ring, uint64_t index,
                         const struct grant_act *g, struct arena *mem, struct err *err)
{
    struct verified_act va = {.index = index, .leaf = g->leaf};
    struct opened_act known;
    struct bytes raw, blob;
    struct err no = {0};
    if (!store_read_leaf(o->store, index, mem, &raw, err) || !act_decode(raw, &va.act, err)) {
        return false;
    }
    if (CHECK_ON(GRANT_PERSONS) && (va.act.control != CONTROL_SEALED || !ID_IS_ZERO(va.act.tag))) {
        return true; /* a file key counts for what was sealed to identities alone */
    }
    if (!opening_recall(o, index, mem, &known, err)) {
        return false;
    }
    if (known.open) {
        return true;
    }
    struct age_header *h = ARENA_NEW(mem, struct age_header, 1);
    if (h == NULL) {
        return err_memory(err, "an act");
    }
    if (!keyring_author(ring, index, &va.act.kid, &va.author, err) ||
        !store_read_blob(o->store, &va.act.blob, mem, &blob, err)) {
        return false;
    }
    if (!age_header_parse(blob, h, &no) || !age_mac_holds(h, g->file_key)) {
        return true;
    }
    struct opened_act a = {.how = {.by_identity = true, .granted = true}};
    memcpy(a.file_key, g->file_key, sizeof(a.file_key));
    bool ok = open_with(ring, &va, h, blob.n, mem, &a, err) &&
              (!a.open || opening_keep(o, index, &a, err));
    o->news = o->news || (ok && a.open);
    bytes_wipe(&a, sizeof(a));
    return ok;
}

bool opening_use_grants(struct openings *o, const struct door *door, const struct verified_act *va,
                        const struct opened_act *act, struct arena *mem, struct err *err)
{
    struct payload p;
    struct err form = {0};
    uint16_t first[256],
        next[GRANTS_MAX]; /* lists by the first byte of a leaf: 1 + place, 0: end */
    if (!act->open || !act->how.matches || !may_grant(o, door_keyring(door), va) ||
        act->content.header.kind != (uint32_t)KIND_GRANT ||
        !payload_from(&act->content, mem, &p, &form)) {
        return !mem->failed || err_memory(err, "an act");
    }
    memset(first, 0, sizeof(first));
    for (uint32_t i = 0; i < p.grant_act_count; i++) {
        uint8_t b = p.grant_acts[i].leaf.b[0];
        next[i] = first[b];
        first[b] = (uint16_t)(i + 1);
    }
    bool ok = true;
    for (uint64_t index = 0; ok && index < va->index; index++) {
        struct leaf_hash leaf = door_leaf(door, index);
        for (uint32_t i = first[leaf.b[0]]; ok && i > 0; i = next[i - 1]) {
            size_t mark = arena_mark(mem);
            ok = !ID_EQ(leaf, p.grant_acts[i - 1].leaf) ||
                 open_granted(o, door_keyring(door), index, &p.grant_acts[i - 1], mem, err);
            arena_rewind(mem, mark);
        }
    }
    return ok;
}
