/* SPDX-License-Identifier: Apache-2.0 */
#include "app/envelope.h"

#include "app/sync.h"
#include "record/padding.h"

bool envelope_found(struct bytes founding, const struct table_id *table, const struct signer *root,
                    struct buf *out, struct err *err)
{
    struct act a = {.table = *table,
                    .seen_root = empty_root(),
                    .blob = digest_plain(founding),
                    .blob_length = founding.n,
                    .control = CONTROL_FOUND};
    a.commit = a.blob;
    return act_sign(&a, root, out, err);
}

/* The next place in the author's chain, and the tree that we have verified whole. */
static bool begin(struct replica *r, const struct signer *signer, struct act *out, struct err *err)
{
    struct ring_author author;
    struct kid kid = signer_kid(signer);
    struct kid16 shortened = kid_short(&kid);
    uint64_t size = door_size(r->door);
    if (!keyring_author(door_keyring(r->door), size, &shortened, &author, err)) {
        return err_mend(err, "synchronise first; a seat writes once its side has admitted it");
    }
    struct chain chain = door_chain(r->door, &author);
    *out = (struct act){.table = r->table,
                        .n = chain.n,
                        .prev = chain.prev,
                        .seen_size = size,
                        .seen_root = door_root(r->door, size),
                        .term = door_term(r->door)};
    return true;
}

static const char *guard_name(const struct signer *signer)
{
    return signer_type(signer) == KEY_ROOT ? "guard.root" : "guard.seat";
}

/* Moves the guard to n + 1 for this leaf; finds a restored copy. */
static bool pass_guard(struct replica *r, const struct signer *signer, const struct act *a,
                       const struct leaf_hash *leaf, struct err *err)
{
    char path[FILE_PATH_MAX];
    struct kid kid = signer_kid(signer);
    struct guard g = GUARD_CLOSED;
    struct guard_state state;
    struct guard_state next = {.term = a->term, .number = a->n + 1};
    struct root_hash there;
    memcpy(next.root.b, leaf->b, sizeof(next.root.b));
    memcpy(there.b, a->prev.b, sizeof(there.b));
    bool ok = replica_path(r->dir, guard_name(signer), path, err) &&
              guard_open(path, GUARD_AUTHOR, &kid, &g, err) && guard_read(&g, &state, err);
    if (ok && state.term == next.term && state.number == next.number) {
        /* What was signed under this number was refused, and the log, as of now, lacks it. */
        ok = guard_replace(&g, &state, &next, err);
    } else if (ok) {
        ok = guard_behind_record(&state, a->term, a->n, &there, "this replica",
                                 "synchronise; if it stays behind, another copy of this seat is "
                                 "writing: a second device is a second seat",
                                 err) &&
             guard_advance(&g, &state, &next, err);
    }
    guard_close(&g);
    return ok;
}

/* From signed bytes to a noted act. */
static bool send(struct replica *r, const struct signer *signer, const struct act *a,
                 struct bytes envelope, struct bytes blob, struct err *err)
{
    struct verified_act va;
    struct leaf_hash leaf = leaf_hash_of(envelope);
    struct door_item item = {envelope, blob};
    struct kid kid = signer_kid(signer);
    struct kid16 shortened = kid_short(&kid);
    struct buf note;
    uint64_t index = 0;
    size_t noted = 0;
    if (!door_would_admit(r->door, envelope, blob, &va, err) ||
        !store_outbox_put(r->store, envelope, blob, err) || !pass_guard(r, signer, a, &leaf, err) ||
        !replica_link(r, err)) {
        return false;
    }
    buf_init(&note, NOTE_BYTES_MAX);
    bool ok = r->link.post(r->link.ctx, &item, 1, &index, &noted, &note, err);
    buf_free(&note);
    if (!ok) {
        return err->code == ERR_HOST
                   ? err_mend(err, "it is kept and goes out at the next \"entente sync\"")
                   : err_mend(err, "synchronise and file it again");
    }
    return sync_take(r, err) && store_outbox_drop(r->store, &shortened, a->term, a->n, err);
}

bool envelope_post_control(struct replica *r, enum key_type author, enum control_kind kind,
                           struct bytes blob, struct err *err)
{
    const struct signer *signer = keys_signer(r->keys, author);
    struct act a;
    struct buf envelope;
    if (signer == NULL) {
        return err_set(err, ERR_KEY, "this key file has no %s key",
                       author == KEY_ROOT ? "root" : "seat's") ||
               err_mend(err, "ask the principal, who holds it");
    }
    if (!begin(r, signer, &a, err)) {
        return false;
    }
    a.control = kind;
    a.blob = digest_plain(blob);
    a.blob_length = blob.n;
    a.commit = a.blob;
    buf_init(&envelope, ENVELOPE_MAX);
    bool ok = act_sign(&a, signer, &envelope, err) &&
              send(r, signer, &a, buf_bytes(&envelope), blob, err);
    buf_free(&envelope);
    return ok;
}

/* Content to padded plaintext to sealed blob; commit into the act. */
static bool seal(struct replica *r, struct content_header *header, const struct content_item *items,
                 size_t count, const struct envelope_seal *to, struct act *a, struct buf *out,
                 struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    const struct found *found = keyring_found(door_keyring(r->door));
    struct buf plain;
    struct content c;
    size_t salts_n = (count + 1) * SALT_BYTES;
    uint8_t *salts = ARENA_NEW(mem, uint8_t, salts_n);
    struct age_chance *chance = ARENA_NEW(mem, struct age_chance, 1);
    if (mem->failed) {
        return err_memory(err, "an act");
    }
    buf_init(&plain, 2 * (size_t)found->blob_limit_bytes);
    bool ok = chance_fill(&r->chance, salts, salts_n, err) &&
              chance_fill(&r->chance, chance, sizeof(*chance), err) &&
              content_encode(header, items, count, bytes_of(salts, salts_n), &plain, err) &&
              content_decode(buf_bytes(&plain), mem, &c, err);
    if (ok) {
        a->commit = content_commit(&c);
        padding_put(&plain, 0);
        const uint8_t *keys = to->key != NULL ? to->key->public_key : to->identities;
        ok = buf_done(&plain, "an act", err) &&
             age_seal(buf_bytes(&plain), keys, to->key != NULL ? 1 : to->identity_count,
                      found->stanza_multiple, chance, out, err) &&
             buf_done(out, "an act", err);
        bytes_wipe(chance, sizeof(*chance));
    }
    if (ok && out->n > found->blob_limit_bytes) {
        ok = err_set(err, ERR_LIMIT, "the act is larger than this table takes (%u bytes)",
                     found->blob_limit_bytes) ||
             err_mend(err, "send it in parts, or keep the file and cite its digest");
    }
    buf_free(&plain);
    return ok;
}

bool envelope_post_sealed(struct replica *r, struct content_header *header,
                          const struct content_item *items, size_t count,
                          const struct envelope_seal *to, uint64_t *out_index, struct err *err)
{
    const struct signer *signer = keys_signer(r->keys, KEY_SEAT);
    struct act a;
    struct buf envelope, blob;
    if (signer == NULL) {
        return err_set(err, ERR_KEY, "this key file has no seat's key");
    }
    if (!begin(r, signer, &a, err)) {
        return false;
    }
    struct kid kid = signer_kid(signer);
    header->table = r->table;
    header->author = kid;
    header->n = a.n;
    header->term = a.term;
    if (to->key != NULL) {
        a.tag = tag_make(&to->key->tag, &kid, a.term, a.n);
    }
    buf_init(&envelope, ENVELOPE_MAX);
    buf_init(&blob, 2 * (size_t)BLOB_LIMIT_MOST);
    bool ok = seal(r, header, items, count, to, &a, &blob, err);
    if (ok) {
        a.blob = digest_plain(buf_bytes(&blob));
        a.blob_length = blob.n;
        ok = act_sign(&a, signer, &envelope, err) &&
             send(r, signer, &a, buf_bytes(&envelope), buf_bytes(&blob), err);
    }
    if (ok) {
        /* Ours is the one with this n: sync_take has just admitted it. */
        struct leaf_hash leaf = leaf_hash_of(buf_bytes(&envelope));
        uint64_t i = door_size(r->door);
        while (i > 0) {
            struct leaf_hash at = door_leaf(r->door, i - 1);
            if (ID_EQ(at, leaf)) {
                break;
            }
            i--;
        }
        ok = i > 0 || err_set(err, ERR_HOST, "the host took the act and does not show it");
        *out_index = i - 1;
    }
    buf_free(&envelope);
    buf_free(&blob);
    return ok;
}
