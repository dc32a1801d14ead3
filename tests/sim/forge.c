/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/forge.h"

#include "record/padding.h"

static bool begin(struct replica *r, const struct signer *signer, uint64_t seen, struct act *out,
                  struct err *err)
{
    struct ring_author author;
    struct kid kid = signer_kid(signer);
    struct kid16 shortened = kid_short(&kid);
    if (!keyring_author(door_keyring(r->door), door_size(r->door), &shortened, &author, err)) {
        return false;
    }
    struct chain chain = door_chain(r->door, &author);
    *out = (struct act){.table = r->table,
                        .n = chain.n,
                        .prev = chain.prev,
                        .seen_size = seen,
                        .seen_root = door_root(r->door, seen),
                        .term = door_term(r->door)};
    return true;
}

uint64_t forge_least_seen(struct world *w, uint32_t seat, enum key_type author)
{
    struct replica *r = &w->seats[seat].r;
    const struct signer *signer = keys_signer(r->keys, author);
    struct ring_author found;
    struct err untold = {0};
    if (signer == NULL) {
        return 0;
    }
    struct kid kid = signer_kid(signer);
    struct kid16 shortened = kid_short(&kid);
    if (!keyring_author(door_keyring(r->door), door_size(r->door), &shortened, &found, &untold)) {
        return 0;
    }
    return door_chain(r->door, &found).seen_size;
}

static bool post(struct world *w, uint32_t seat, struct bytes envelope, struct bytes blob,
                 struct err *err)
{
    const struct door_item item = {envelope, blob};
    const struct host_link link = port_link(&w->seats[seat].port);
    struct buf note;
    uint64_t index = 0;
    size_t noted = 0;
    buf_init(&note, NOTE_BYTES_MAX);
    bool ok = link.post(link.ctx, &item, 1, &index, &noted, &note, err);
    if (ok) {
        story_add(&w->story, " -> act %llu", (unsigned long long)index);
    }
    buf_free(&note);
    return ok;
}

static bool sign_and_post(struct world *w, uint32_t seat, const struct signer *signer,
                          struct act *a, struct bytes blob, struct err *err)
{
    struct buf envelope;
    buf_init(&envelope, ENVELOPE_MAX);
    a->blob = digest_plain(blob);
    a->blob_length = blob.n;
    bool ok = act_sign(a, signer, &envelope, err) && post(w, seat, buf_bytes(&envelope), blob, err);
    buf_free(&envelope);
    return ok;
}

bool forge_control(struct world *w, uint32_t seat, enum key_type author, enum control_kind kind,
                   struct bytes blob, uint64_t seen_size, struct err *err)
{
    struct replica *r = &w->seats[seat].r;
    const struct signer *signer = keys_signer(r->keys, author);
    struct act a;
    if (signer == NULL) {
        return err_set(err, ERR_KEY, "no such key here");
    }
    if (!begin(r, signer, seen_size, &a, err)) {
        return false;
    }
    a.control = kind;
    a.commit = digest_plain(blob);
    return sign_and_post(w, seat, signer, &a, blob, err);
}

static bool seal(struct world *w, struct replica *r, const struct forgery *f, struct act *a,
                 const struct kid *kid, struct buf *out, struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    struct content_item *items;
    size_t count;
    struct content c;
    struct buf plain;
    struct content_header h = {.table = r->table,
                               .author = *kid,
                               .n = a->n + (f->wrong_n ? 1 : 0),
                               .claimed_time = f->claimed_time,
                               .kind = (uint32_t)f->p->kind,
                               .room = f->p->room,
                               .epoch = f->epoch,
                               .has_answers = f->p->has_answers,
                               .answers = f->p->answers,
                               .term = a->term,
                               .has_state = f->has_state,
                               .state_size = f->state_size,
                               .state_digest = f->state_digest};
    if (!payload_items(f->p, mem, &items, &count, err)) {
        return false;
    }
    size_t salts_n = (count + 1) * SALT_BYTES;
    uint8_t *salts = ARENA_NEW(mem, uint8_t, salts_n);
    struct age_chance *chance = ARENA_NEW(mem, struct age_chance, 1);
    buf_init(&plain, BLOB_LIMIT_MOST);
    bool ok = !mem->failed && chance_fill(&w->chance, salts, salts_n, err) &&
              chance_fill(&w->chance, chance, sizeof(*chance), err) &&
              content_encode(&h, items, count, bytes_of(salts, salts_n), &plain, err) &&
              content_decode(buf_bytes(&plain), mem, &c, err);
    if (ok) {
        a->commit = content_commit(&c);
        padding_put(&plain, 0);
        chance->shown = f->shown;
        ok = buf_done(&plain, "a forgery", err) &&
             age_seal(buf_bytes(&plain), f->key != NULL ? f->key->public_key : f->identities,
                      f->key != NULL ? 1 : f->identity_count,
                      keyring_found(door_keyring(r->door))->stanza_multiple, chance, out, err) &&
             buf_done(out, "a forgery", err);
    }
    buf_free(&plain);
    return ok;
}

bool forge_sealed(struct world *w, uint32_t seat, const struct forgery *f, struct err *err)
{
    struct replica *r = &w->seats[seat].r;
    const struct signer *signer = keys_signer(r->keys, KEY_SEAT);
    struct kid kid = signer_kid(signer);
    struct act a;
    struct buf blob;
    if (!begin(r, signer, f->seen_size, &a, err)) {
        return false;
    }
    if (f->key != NULL) {
        a.tag = tag_make(&f->key->tag, &kid, a.term, a.n);
    }
    buf_init(&blob, BLOB_LIMIT_MOST);
    bool ok = seal(w, r, f, &a, &kid, &blob, err) &&
              sign_and_post(w, seat, signer, &a, buf_bytes(&blob), err);
    arena_wipe(&r->scratch.mem);
    buf_free(&blob);
    return ok;
}
