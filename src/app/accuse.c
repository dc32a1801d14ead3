/* SPDX-License-Identifier: Apache-2.0 */
#include "app/accuse.h"

#include <stdio.h>

#include "app/bundle.h"
#include "os/file.h"
#include "record/cosign.h"
#include "record/tile.h"

#define DOOR_BYTES ((size_t)2 << 30) /* addresses: tree and keyring of a large record */
#define BATCH_BYTES ((size_t)512 << 20)
/* A liar must not make us fetch without end: no more than this beyond what is held. */
#define BEYOND_MAX 65536u

/* ---- whose key ---- */

struct accused accuse_whose(const struct keyring *ring, const struct pubkey *pk)
{
    for (uint32_t i = 0; i < keyring_terms(ring); i++) {
        if (ID_EQ(keyring_term(ring, i)->host, *pk)) {
            return (struct accused){.as = ACCUSED_HOST, .term = i};
        }
    }
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        const struct ring_side *s = keyring_side(ring, i);
        if (s->admitted_at != INDEX_NEVER && ID_EQ(s->root, *pk)) {
            return (struct accused){.as = ACCUSED_ROOT, .side = i};
        }
    }
    for (uint32_t i = 0; i < keyring_seats(ring, INDEX_NEVER); i++) {
        const struct ring_seat *s = keyring_seat(ring, i);
        bool seat = ID_EQ(s->keys.sign, *pk);
        if (seat || ID_EQ(s->keys.witness, *pk)) {
            return (struct accused){
                .as = seat ? ACCUSED_SEAT : ACCUSED_WITNESS, .side = s->side, .post = s->keys.post};
        }
    }
    return (struct accused){.as = ACCUSED_UNKNOWN};
}

/* ---- two records, side by side ---- */

/* A checkpoint that its host has signed, and perhaps a witness. */
struct saying {
    struct pubkey witness; /* zeros: the newest note of the record */
    struct checkpoint cp;
    struct bytes note;
};

struct sayings {
    struct arena *mem;
    const struct door *door;
    struct buf all; /* struct saying */
};

struct tree {
    struct node_source nodes;
    struct sayings *said;
};

static const struct saying *said_at(const struct sayings *s, size_t i)
{
    const void *rows = s->all.p;
    return (const struct saying *)rows + i;
}

static size_t said_count(const struct sayings *s)
{
    return s->all.n / sizeof(struct saying);
}

static bool add_saying(struct sayings *s, const struct pubkey *witness, struct bytes note,
                       struct err *err)
{
    struct note n;
    struct saying row = {.witness = *witness};
    if (!note_decode(note, &n, err) || !checkpoint_parse(n.body, &row.cp, err)) {
        return false;
    }
    row.note = arena_copy(s->mem, note);
    buf_add(&s->all, bytes_of(&row, sizeof(row)));
    return (!s->mem->failed || err_memory(err, "countersignatures")) &&
           buf_done(&s->all, "countersignatures", err);
}

static bool add_countersign(struct sayings *s, uint64_t index, const struct act *a,
                            struct bytes blob, struct err *err)
{
    struct ring_author author;
    const struct keyring *ring = door_keyring(s->door);
    return a->control != CONTROL_COUNTERSIGN ||
           (keyring_author(ring, index, &a->kid, &author, err) &&
            add_saying(s, &keyring_seat(ring, author.seat)->keys.witness, blob, err));
}

static bool from_store(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                       struct err *err)
{
    struct act a;
    return act_decode(envelope, &a, err) && add_countersign(ctx, index, &a, blob, err);
}

static bool from_door(void *ctx, const struct verified_act *va, struct err *err)
{
    return add_countersign(ctx, va->index, &va->act, va->blob, err);
}

static void add_proof(struct accuse_result *out, const struct fraud *f, const struct keyring *ring,
                      struct arena *mem)
{
    struct buf raw;
    struct fraud again;
    struct err untold = {0}; /* one that convicts nobody is none */
    buf_init(&raw, FRAUD_BYTES_MAX);
    fraud_encode(f, &raw);
    struct bytes kept = arena_copy(mem, buf_bytes(&raw));
    if (out->count < ACCUSE_PROOFS_MAX && buf_ok(&raw) && !mem->failed &&
        fraud_decode(kept, &again, &untold) && fraud_check(&again, &untold)) {
        out->proofs[out->count++] = (struct accuse_proof){
            .raw = kept, .fraud = again, .whom = accuse_whose(ring, fraud_guilty(&again))};
    }
    buf_free(&raw);
}

/* The two sayings in one proof: trees of one term that both hold the split. */
static bool both(const struct tree *ta, const struct saying *a, const struct tree *tb,
                 const struct saying *b, uint64_t split, struct fraud *f)
{
    struct err untold = {0};
    if (a->cp.term != b->cp.term || a->cp.size <= split || b->cp.size <= split) {
        return false;
    }
    f->a = a->note;
    f->b = b->note;
    f->has_leaves = a->cp.size != b->cp.size;
    if (!f->has_leaves) {
        return true;
    }
    f->leaves = (struct fraud_leaves){.index = split,
                                      .leaf_a = door_leaf(ta->said->door, split),
                                      .leaf_b = door_leaf(tb->said->door, split)};
    return merkle_inclusion(&ta->nodes, split, a->cp.size, &f->leaves.path_a, &untold) &&
           merkle_inclusion(&tb->nodes, split, b->cp.size, &f->leaves.path_b, &untold);
}

static bool accused_before(const struct accuse_result *out, const struct pubkey *pk)
{
    for (uint32_t i = 0; i < out->count; i++) {
        if (ID_EQ(*fraud_guilty(&out->proofs[i].fraud), *pk)) {
            return true;
        }
    }
    return false;
}

/* Each host and each witness once, by the first pair that shows it. */
static void prosecute(const struct tree *ta, const struct tree *tb, const struct table_id *table,
                      uint64_t split, struct arena *mem, struct accuse_result *out)
{
    const struct keyring *ring = door_keyring(ta->said->door);
    for (size_t i = 0; i < said_count(ta->said); i++) {
        const struct saying *a = said_at(ta->said, i);
        for (size_t k = 0; k < said_count(tb->said); k++) {
            const struct saying *b = said_at(tb->said, k);
            struct fraud f = {.kind = FRAUD_FORK, .table = *table};
            if (a->cp.term >= keyring_terms(ring) || !both(ta, a, tb, b, split, &f)) {
                continue;
            }
            f.accused = keyring_term(ring, a->cp.term)->host;
            if (!accused_before(out, &f.accused)) {
                add_proof(out, &f, ring, mem);
            }
            if (ID_EQ(a->witness, b->witness) && !ID_IS_ZERO(a->witness) &&
                !accused_before(out, &a->witness)) {
                f.kind = FRAUD_WITNESS;
                f.accused = a->witness;
                add_proof(out, &f, ring, mem);
            }
        }
    }
}

static bool keep_proofs(struct replica *r, const struct accuse_result *found, struct err *err)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < found->count; i++) {
        ok = store_evidence_put(r->store, found->proofs[i].raw, err);
    }
    return ok;
}

static uint64_t first_difference(const struct door *a, const struct door *b)
{
    uint64_t least = door_size(a) < door_size(b) ? door_size(a) : door_size(b);
    for (uint64_t i = 0; i < least; i++) {
        struct leaf_hash x = door_leaf(a, i), y = door_leaf(b, i);
        if (!ID_EQ(x, y)) {
            return i;
        }
    }
    return INDEX_NEVER;
}

/* One of the two has moved to a new host, and the other holds what the old one noted behind that. */
static bool has_moved(const struct door *a, const struct door *b, uint64_t split)
{
    const struct keyring *x = door_keyring(a), *y = door_keyring(b);
    uint32_t least = keyring_terms(x) < keyring_terms(y) ? keyring_terms(x) : keyring_terms(y);
    const struct keyring *longer = keyring_terms(x) > keyring_terms(y) ? x : y;
    return keyring_terms(longer) > least && split >= keyring_term(longer, least)->from;
}

static bool lay_beside(struct replica *r, struct bundle *b, struct region *memory,
                       struct arena *mem, struct accuse_result *out, struct err *err)
{
    struct region batch = {0};
    struct door *door = NULL;
    struct door_workers workers = {.run = pool_run, .ctx = r->pool};
    struct pubkey nobody = {{0}};
    struct bytes note = {0};
    struct sayings ours = {.mem = &memory->mem, .door = r->door};
    struct sayings theirs = {.mem = &memory->mem};
    buf_init(&ours.all, DOOR_BYTES);
    buf_init(&theirs.all, DOOR_BYTES);
    bool ok = region_init(&batch, REGION_PLAIN, BATCH_BYTES, err) &&
              door_new(&memory->mem, &r->table, &door, err);
    theirs.door = door;
    ok = ok && ((bundle_walk(b, door, &workers, &batch.mem, from_door, &theirs, err) &&
                 add_saying(&theirs, &nobody, b->note, err)) ||
                err_at(err, "their record"));
    if (ok) {
        out->theirs = door_size(door);
        out->split = first_difference(r->door, door);
    }
    if (ok && out->split != INDEX_NEVER) {
        out->moved = has_moved(r->door, door, out->split);
        ok = store_note(r->store, &memory->mem, &note, err) &&
             (note.n == 0 || add_saying(&ours, &nobody, note, err)) &&
             store_each(r->store, out->split, door_size(r->door), STORE_BLOBS_CONTROL, from_store,
                        &ours, err);
        struct tree ta = {door_nodes(r->door), &ours}, tb = {door_nodes(door), &theirs};
        if (ok) {
            prosecute(&ta, &tb, &r->table, out->split, mem, out);
            ok = keep_proofs(r, out, err);
        }
    }
    if (door != NULL) {
        door_free(door);
    }
    buf_free(&ours.all);
    buf_free(&theirs.all);
    region_free(&batch);
    return ok;
}

bool accuse_compare(struct replica *r, const char *path, struct arena *mem,
                    struct accuse_result *out, struct err *err)
{
    struct region memory = {0};
    struct bundle b = {.file = FILE_IN_CLOSED};
    *out = (struct accuse_result){
        .compared = true, .ours = door_size(r->door), .split = INDEX_NEVER};
    bool ok = region_init(&memory, REGION_PLAIN, DOOR_BYTES, err) &&
              bundle_open(path, &memory.mem, &b, err);
    if (ok && !ID_EQ(b.cp.table, r->table)) {
        ok = err_set(err, ERR_STATE, "the bundle is of another table than this folder");
    }
    ok = ok && lay_beside(r, &b, &memory, mem, out, err);
    bundle_close(&b);
    region_free(&memory);
    return ok || err_at(err, "bundle %s", path);
}

/* ---- what is kept ---- */

struct keeping {
    struct replica *r;
    struct arena *mem;
    struct accuse_result *out;
};

static bool look_at(void *ctx, uint64_t index, struct bytes evidence, struct bytes none,
                    struct err *err)
{
    struct keeping *k = ctx;
    struct fraud f;
    struct err untold = {0}; /* most of what is kept is a note alone */
    (void)index;
    (void)none;
    (void)err;
    if (fraud_decode(evidence, &f, &untold)) {
        add_proof(k->out, &f, door_keyring(k->r->door), k->mem);
    }
    return true;
}

bool accuse_kept(struct replica *r, struct arena *mem, struct accuse_result *out, struct err *err)
{
    struct keeping k = {r, mem, out};
    *out = (struct accuse_result){.ours = door_size(r->door), .split = INDEX_NEVER};
    return store_evidence_each(r->store, look_at, &k, err);
}

/* ---- while the liar is there ---- */

/* All leaves of the host's other tree. */
static bool fetch_leaves(struct replica *r, uint64_t size, struct merkle *out, struct err *err)
{
    struct buf bundle;
    buf_init(&bundle, (size_t)HOST_ENTRIES_MAX * (ENVELOPE_MAX + 2));
    bool ok = true;
    for (uint64_t at = 0; ok && at < size;) {
        uint64_t got = 0, want = size - at < HOST_ENTRIES_MAX ? size - at : HOST_ENTRIES_MAX;
        buf_clear(&bundle);
        ok = r->link.entries(r->link.ctx, at, want, &bundle, &got, err) &&
             buf_done(&bundle, "acts of the host", err);
        struct bytes rest = buf_bytes(&bundle), envelope;
        uint64_t before = at;
        while (ok && rest.n > 0 && at < size && tile_entry_next(&rest, &envelope)) {
            struct leaf_hash leaf = leaf_hash_of(envelope);
            ok = merkle_append(out, &leaf, err);
            at++;
        }
        ok = ok && at > before;
    }
    buf_free(&bundle);
    return ok;
}

static void keep_fork(struct replica *r, const struct checkpoint *cp, struct merkle *other,
                      struct bytes before, struct bytes note, struct arena *mem)
{
    struct accuse_result found = {.split = INDEX_NEVER};
    struct err untold = {0};
    const struct keyring *ring = door_keyring(r->door);
    struct fraud f = {.kind = FRAUD_FORK,
                      .table = r->table,
                      .accused = keyring_term(ring, cp->term)->host,
                      .a = before,
                      .b = note};
    struct node_source ours = door_nodes(r->door), theirs = merkle_source(other);
    uint64_t size = door_size(r->door), least = cp->size < size ? cp->size : size;
    struct checkpoint old;
    struct note n;
    if (!note_decode(before, &n, &untold) || !checkpoint_parse(n.body, &old, &untold)) {
        return;
    }
    f.has_leaves = old.size != cp->size;
    least = least < old.size ? least : old.size;
    for (uint64_t i = 0; f.has_leaves && i < least; i++) {
        f.leaves = (struct fraud_leaves){
            .index = i, .leaf_a = door_leaf(r->door, i), .leaf_b = merkle_leaf(other, i)};
        if (!ID_EQ(f.leaves.leaf_a, f.leaves.leaf_b)) {
            if (!merkle_inclusion(&ours, i, old.size, &f.leaves.path_a, &untold) ||
                !merkle_inclusion(&theirs, i, cp->size, &f.leaves.path_b, &untold)) {
                return;
            }
            break;
        }
    }
    add_proof(&found, &f, ring, mem);
    bool kept = keep_proofs(r, &found, &untold);
    (void)kept; /* beside a failure that is told already */
}

void accuse_host(struct replica *r, struct bytes note)
{
    struct err untold = {0};
    struct arena *mem = &r->scratch.mem;
    struct note n;
    struct checkpoint cp;
    struct bytes before = {0};
    struct merkle other;
    if (!note_decode(note, &n, &untold) || !checkpoint_parse(n.body, &cp, &untold) ||
        cp.size > door_size(r->door) + BEYOND_MAX ||
        cp.term >= keyring_terms(door_keyring(r->door))) {
        return;
    }
    merkle_init(&other);
    if (store_note(r->store, mem, &before, &untold) && before.n > 0 &&
        (cp.size == door_size(r->door) || fetch_leaves(r, cp.size, &other, &untold))) {
        keep_fork(r, &cp, &other, before, note, mem);
    }
    merkle_free(&other);
}

bool accuse_write(const struct accuse_result *found, const char *path, struct err *err)
{
    char name[FILE_PATH_MAX];
    for (uint32_t i = 0; i < found->count; i++) {
        int n = i == 0 ? snprintf(name, sizeof(name), "%s", path)
                       : snprintf(name, sizeof(name), "%s-%u", path, i + 1);
        if (n < 0 || (unsigned)n >= sizeof(name)) {
            return err_set(err, ERR_LIMIT, "the path of the file is too long");
        }
        if (!file_create(name, FILE_PLAIN, found->proofs[i].raw, err)) {
            return false;
        }
    }
    return true;
}
