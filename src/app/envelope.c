/* SPDX-License-Identifier: Apache-2.0 */
#include "app/envelope.h"

#include "app/sync.h"
#include "base/switch_off.h"
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
    if (!r->synced) {
        return err_set(err, ERR_STATE, "this replica has not seen the host's record yet") ||
               err_mend(err, "synchronise first: a copy of this seat may have gone on since");
    }
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

static bool is_root(const struct signer *signer)
{
    return signer_type(signer) == KEY_ROOT;
}

/* The leaf that the host refused last, of the root or of the seat: with the guard still at it, its
 * number is free. */
static const char *refused_name(const struct signer *signer)
{
    return is_root(signer) ? "refused.root" : "refused.seat";
}

static bool guard_of(struct replica *r, const struct signer *signer, struct guard *out,
                     struct guard_state *out_state, struct err *err)
{
    char path[FILE_PATH_MAX];
    struct kid kid = signer_kid(signer);
    return replica_path(r->dir, is_root(signer) ? "guard.root" : "guard.seat", path, err) &&
           guard_open(path, GUARD_AUTHOR, &kid, out, err) && guard_read(out, out_state, err);
}

static bool guard_at(const struct guard_state *state, const struct act *a,
                     const struct leaf_hash *leaf)
{
    return state->term == a->term && state->number == a->n + 1 &&
           memcmp(state->root.b, leaf->b, sizeof(leaf->b)) == 0;
}

/* Was what the guard stands at refused, as far as this replica remembers? */
static bool was_refused(struct replica *r, const struct signer *signer,
                        const struct guard_state *state, bool *out, struct err *err)
{
    struct bytes leaf = {0};
    if (!replica_value(r, refused_name(signer), &r->memory.mem, &leaf, err)) {
        return false;
    }
    *out = bytes_eq(leaf, ID_BYTES(state->root));
    return true;
}

/* Moves the guard to n + 1 for this leaf; finds a restored copy. */
static bool pass_guard(struct replica *r, const struct signer *signer, const struct act *a,
                       const struct leaf_hash *leaf, struct err *err)
{
    struct guard g = GUARD_CLOSED;
    struct guard_state state;
    struct guard_state next = {.term = a->term, .number = a->n + 1};
    struct root_hash there;
    bool refused = false;
    if (!CHECK_ON(SEAT_GUARD)) {
        return true;
    }
    memcpy(next.root.b, leaf->b, sizeof(next.root.b));
    memcpy(there.b, a->prev.b, sizeof(there.b));
    bool ok = guard_of(r, signer, &g, &state, err);
    bool same_number = ok && state.term == next.term && state.number == next.number;
    if (same_number && !guard_at(&state, a, leaf)) {
        ok = was_refused(r, signer, &state, &refused, err);
    }
    if (ok && refused) {
        ok = guard_replace(&g, &state, &next, err);
    } else if (ok && !guard_at(&state, a, leaf)) {
        /* prev is the leaf at a->n alone; a guard put back from a copy stands further behind. */
        bool at_prev = state.term == a->term && state.number == a->n;
        ok = guard_behind_record(&state, a->term, a->n, at_prev ? &there : NULL, "this replica",
                                 "synchronise; if it stays so, put back the newest copy of the "
                                 "folder; where that is lost, or another copy of this seat is "
                                 "writing, go on as a new seat",
                                 err) &&
             guard_advance(&g, &state, &next, err);
    }
    guard_close(&g);
    return ok;
}

/* ---- from signed bytes to a noted act ---- */

static const struct signer *signer_of(const struct replica *r, const struct kid16 *kid)
{
    static const enum key_type types[] = {KEY_SEAT, KEY_ROOT};
    for (size_t i = 0; i < COUNT_OF(types) && r->keys != NULL; i++) {
        const struct signer *s = keys_signer(r->keys, types[i]);
        if (s != NULL) {
            struct kid own = signer_kid(s);
            struct kid16 shortened = kid_short(&own);
            if (ID_EQ(shortened, *kid)) {
                return s;
            }
        }
    }
    return NULL;
}

/* INDEX_NEVER where the log lacks it; looked for from the newest on. */
static uint64_t leaf_index(const struct replica *r, const struct leaf_hash *leaf)
{
    for (uint64_t i = door_size(r->door); i > 0; i--) {
        struct leaf_hash at = door_leaf(r->door, i - 1);
        if (ID_EQ(at, *leaf)) {
            return i - 1;
        }
    }
    return INDEX_NEVER;
}

enum envelope_place envelope_place(const struct replica *r, const struct act *a)
{
    struct ring_author author;
    struct err ignored = {0};
    uint64_t size = door_size(r->door);
    bool beyond = a->term < door_term(r->door) ||
                  (keyring_author(door_keyring(r->door), size, &a->kid, &author, &ignored) &&
                   door_chain(r->door, &author).n > a->n);
    if (!beyond) {
        return ENVELOPE_WAITS;
    }
    struct leaf_hash leaf = leaf_hash_of(a->raw);
    return leaf_index(r, &leaf) != INDEX_NEVER ? ENVELOPE_NOTED : ENVELOPE_OVERTAKEN;
}

/* The host says that the act itself is wrong; what it said of its disk or its lock is not that. */
static bool is_refusal(enum err_code code)
{
    return code == ERR_VERIFY || code == ERR_RULE || code == ERR_FORMAT || code == ERR_LIMIT;
}

/* Until the seat signs the next act in that place of its chain, a refusal is the host's word alone. */
#define REFUSED_MEND                                                                               \
    "it was not noted; look where the table stands, and file it again if it is still wanted "      \
    "(until you sign something else, the host could note it yet)"

/* PROTOCOL 3.3: a number is used again only once its author has synchronised and the log lacks it.
 * The memory of that is written together with the outbox. */
static bool settle_refusal(struct replica *r, const struct signer *signer, const struct act *a,
                           struct err *err)
{
    struct leaf_hash leaf = leaf_hash_of(a->raw);
    struct err second = {0};
    bool ok = sync_take(r, &second);
    if (ok && envelope_place(r, a) == ENVELOPE_NOTED) {
        return true;
    }
    ok = ok && store_begin(r->store, &second);
    if (ok && (!store_outbox_drop(r->store, &a->kid, a->term, a->n, &second) ||
               !store_meta_put(r->store, refused_name(signer), ID_BYTES(leaf), &second))) {
        store_rollback(r->store);
        ok = false;
    }
    ok = ok && store_commit(r->store, &second);
    return err_at(err, "the host refused act %llu of this %s", (unsigned long long)a->n,
                  is_root(signer) ? "side's root" : "seat") ||
           (ok ? err_mend(err, REFUSED_MEND) : err_mend(err, "synchronise; it is kept until then"));
}

bool envelope_deliver(struct replica *r, const struct door_item *item, struct err *err)
{
    struct act a;
    struct buf note;
    uint64_t index = 0;
    size_t noted = 0;
    if (!act_decode(item->envelope, &a, err)) {
        return false;
    }
    const struct signer *signer = signer_of(r, &a.kid);
    struct leaf_hash leaf = leaf_hash_of(item->envelope);
    if (signer == NULL) {
        return err_set(err, ERR_KEY, "an act waits that other keys than these have signed") ||
               err_mend(err, "use the key file with which it was filed");
    }
    if (!pass_guard(r, signer, &a, &leaf, err)) {
        return false;
    }
    buf_init(&note, NOTE_BYTES_MAX);
    bool ok = replica_link(r, err) &&
              r->link.post(r->link.ctx, item, 1, &index, &noted, &note, err);
    if (ok) {
        sync_promise(r, buf_bytes(&note));
    } else if (is_refusal(err->code)) {
        ok = settle_refusal(r, signer, &a, err);
    } else {
        ok = err_mend(err, "it is kept and goes out at the next \"entente sync\"");
    }
    buf_free(&note);
    return ok;
}

/* The guard did not go to this act: then nothing was sent, and it need not wait. */
static bool take_back(struct replica *r, const struct signer *signer, const struct act *a,
                      const struct leaf_hash *leaf, struct err *err)
{
    struct guard g = GUARD_CLOSED;
    struct guard_state state;
    struct err second = {0};
    bool known = guard_of(r, signer, &g, &state, &second);
    guard_close(&g);
    struct kid kid = signer_kid(signer);
    struct kid16 shortened = kid_short(&kid);
    if (known && !guard_at(&state, a, leaf) &&
        store_outbox_drop(r->store, &shortened, a->term, a->n, &second)) {
        return false;
    }
    return err_mend(err, "it is kept and goes out at the next \"entente sync\", once there is room "
                         "on the disk");
}

/* Does this control act end our own seat? */
static bool is_goodbye(const struct replica *r, const struct act *a, const struct control *c)
{
    if (a->control != CONTROL_KEYS || c == NULL || r->seat == SEAT_NONE) {
        return false;
    }
    const struct ring_seat *own = keyring_seat(door_keyring(r->door), r->seat);
    if (c->verb == KEYS_NEW_ROOT) {
        const struct slip *s = &c->as.new_root.slip;
        bool filled = false;
        for (uint32_t i = 0; i < s->seat_count; i++) {
            filled = filled || s->seats[i].post == own->keys.post;
        }
        return filled && s->side == own->side;
    }
    return c->verb == KEYS_REVOKE && ID_EQ(c->as.revoked, own->kid);
}

static bool send(struct replica *r, const struct signer *signer, const struct act *a,
                 struct bytes envelope, struct bytes blob, uint64_t *out_index, struct err *err)
{
    struct verified_act va;
    struct leaf_hash leaf = leaf_hash_of(envelope);
    struct door_item item = {envelope, blob};
    struct kid kid = signer_kid(signer);
    struct kid16 shortened = kid_short(&kid);
    if (!door_would_admit(r->door, envelope, blob, &va, err) ||
        !store_outbox_put(r->store, envelope, blob, err)) {
        return false;
    }
    bool goodbye = is_goodbye(r, a, va.control);
    if (!pass_guard(r, signer, a, &leaf, err)) {
        return take_back(r, signer, a, &leaf, err);
    }
    if (!envelope_deliver(r, &item, err)) {
        return false;
    }
    if (goodbye) {
        /* From here on the host lets us read nothing: its promise is all that we shall have of it. */
        *out_index = door_size(r->door);
        return store_outbox_drop(r->store, &shortened, a->term, a->n, err);
    }
    if (!sync_take(r, err)) {
        return err_mend(err, "the host has the act; synchronise before you go on");
    }
    *out_index = leaf_index(r, &leaf);
    if (*out_index == INDEX_NEVER) {
        return sync_hidden(r, err);
    }
    /* Noted is noted: where the row stays, the next sync drops it. */
    struct err second = {0};
    bool dropped = store_outbox_drop(r->store, &shortened, a->term, a->n, &second);
    (void)dropped;
    return true;
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
    uint64_t index;
    bool ok = act_sign(&a, signer, &envelope, err) &&
              send(r, signer, &a, buf_bytes(&envelope), blob, &index, err);
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
        chance->shown = to->key == NULL;
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
             send(r, signer, &a, buf_bytes(&envelope), buf_bytes(&blob), out_index, err);
    }
    buf_free(&envelope);
    buf_free(&blob);
    return ok;
}
