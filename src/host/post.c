/* SPDX-License-Identifier: Apache-2.0
 *
 * Noting acts (PROTOCOL 3.3): check, append, guard, sign, in this order.
 */
#include "base/check.h"
#include "host/host_priv.h"
#include "record/proof.h"

struct noting {
    struct verified_act *acts; /* admitted by this call, in order */
    size_t count;
};

static bool noting_take(void *ctx, const struct verified_act *va, struct err *err)
{
    (void)err; /* there is room for every item */
    struct noting *noting = ctx;
    noting->acts[noting->count++] = *va;
    return true;
}

/* The index of this leaf: where it is likely, else from the newest on.  A post that is refused is
 * the only one that asks. */
static uint64_t leaf_find(const struct door *door, const struct leaf_hash *leaf, uint64_t likely)
{
    uint64_t size = door_size(door);
    if (likely < size) {
        struct leaf_hash there = door_leaf(door, likely);
        if (ID_EQ(there, *leaf)) {
            return likely;
        }
    }
    for (uint64_t i = size; i > 0; i--) {
        struct leaf_hash there = door_leaf(door, i - 1);
        if (ID_EQ(there, *leaf)) {
            return i - 1;
        }
    }
    return INDEX_NEVER;
}

/* Passes over items that are noted already, from *at on. */
static bool skip_noted(const struct door *door, const struct door_item *items, size_t count,
                       uint64_t *out_index, size_t *at)
{
    uint64_t likely = INDEX_NEVER;
    size_t from = *at;
    while (*at < count) {
        struct leaf_hash leaf = leaf_hash_of(items[*at].envelope);
        uint64_t found;
        if (*at == from) {
            found = leaf_find(door, &leaf, likely);
        } else {
            /* Those behind a noted one mostly follow it; a real search only once admission has
             * refused them. */
            struct leaf_hash next = likely < door_size(door) ? door_leaf(door, likely) : leaf;
            found = likely < door_size(door) && ID_EQ(next, leaf) ? likely : INDEX_NEVER;
        }
        if (found == INDEX_NEVER) {
            break;
        }
        out_index[(*at)++] = found;
        likely = found + 1;
    }
    return *at > from;
}

/* Admits what is new.  True when all items have an index; false with the first refusal in err, and
 * *out_noted counting those before it. */
static bool admit_new(struct host *h, const struct door_item *items, size_t count,
                      const struct door_workers *workers, struct noting *noting,
                      uint64_t *out_index, size_t *out_noted, struct err *err)
{
    size_t at = 0;
    bool ok = true;
    while (ok && at < count) {
        size_t before = noting->count;
        if (count - at == 1) {
            struct verified_act va;
            ok = door_admit(h->door, DOOR_CHECK, items[at].envelope, items[at].blob, &va, err) &&
                 noting_take(noting, &va, err);
        } else {
            ok = door_admit_all(h->door, DOOR_CHECK, items + at, count - at, workers,
                                &h->scratch.mem, noting_take, noting, err);
        }
        for (size_t i = before; i < noting->count; i++) {
            out_index[at++] = noting->acts[i].index;
        }
        if (!ok && at < count && skip_noted(h->door, items, count, out_index, &at)) {
            err_clear(err);
            ok = true;
        }
    }
    *out_noted = at;
    return ok;
}

/* ---- successions: this host's own rule (FORMAT 11) ---- */

/* The first item that begins to take the table away from a host that signs for it; count: none. */
static size_t before_succession(const struct host *h, const struct door_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct act a;
        struct err form = {0};
        if (act_decode(items[i].envelope, &a, &form) && a.control == CONTROL_SUCCESSION) {
            struct leaf_hash leaf = leaf_hash_of(items[i].envelope);
            if (leaf_find(h->door, &leaf, INDEX_NEVER) == INDEX_NEVER) {
                return i;
            }
        }
    }
    return count;
}

/* How many of those admitted are stored: all but a succession to another host that is not whole.
 * (One that is whole is history, of a table that has moved before.) */
static size_t without_foreign(const struct host *h, const struct noting *noting)
{
    size_t n = noting->count;
    while (n > 0 && door_succession_missing(h->door) > 0 &&
           noting->acts[n - 1].act.control == CONTROL_SUCCESSION) {
        struct control c;
        struct err form = {0};
        if (control_decode(CONTROL_SUCCESSION, noting->acts[n - 1].blob, &c, &form) &&
            ID_EQ(c.as.succession.host, h->pk)) {
            break;
        }
        n--;
    }
    return n;
}

static bool refuse_live(struct err *err)
{
    return err_set(err, ERR_RULE,
                   "this host signs for the table: a succession does not end that") ||
           err_mend(err, "where it is lost to you, a succession is posted at the new host");
}

static bool refuse_foreign(struct err *err)
{
    return err_set(err, ERR_RULE, "the succession names another host than this one") ||
           err_mend(err, "post it at the host that it names");
}

/* With the lock held. */
static bool note_items(struct host *h, const struct door_item *items, size_t count,
                       const struct door_workers *workers, uint64_t *out_index, size_t *out_noted,
                       struct err *err)
{
    struct noting noting = {.acts = ARENA_NEW(&h->scratch.mem, struct verified_act, count)};
    if (noting.acts == NULL) {
        return err_memory(err, "noting acts");
    }
    struct err refusal = {0};
    size_t noted = 0;
    if (!host_catch_up(h, err)) {
        return false;
    }
    size_t allowed = host_signs(h) ? before_succession(h, items, count) : count;
    bool all = admit_new(h, items, allowed, workers, &noting, out_index, &noted, &refusal);
    if (all && allowed < count) {
        all = refuse_live(&refusal);
    }
    size_t stays = without_foreign(h, &noting);
    bool cut = stays < noting.count;
    if (cut) {
        /* What is refused is the end of what was admitted; nothing was stored yet. */
        uint64_t first = noting.acts[stays].index;
        while (noted > 0 && out_index[noted - 1] >= first) {
            noted--;
        }
        noting.count = stays;
        all = refuse_foreign(&refusal);
    }
    if (noting.count > 0 &&
        !store_append(h->store, noting.acts, noting.count, (struct bytes){0}, err)) {
        host_forget(h); /* the door is ahead of what is stored */
        return false;
    }
    if (cut) {
        host_forget(h);
        if (!host_catch_up(h, err)) {
            return false;
        }
    }
    if (!host_guard_up(h, err)) {
        return false; /* stored, not answered: the same post finds it */
    }
    *out_noted = noted;
    if (!all) {
        *err = refusal;
    }
    return all;
}

/* Signs what is noted; nothing where this host does not sign now. */
static bool note_append(struct host *h, struct buf *out, struct err *err)
{
    if (!host_signs(h)) {
        return true;
    }
    if (!host_sign_note(h, err)) {
        return false;
    }
    buf_add(out, buf_bytes(&h->note));
    return buf_done(out, "a checkpoint", err);
}

bool host_post_all(struct host *h, const struct door_item *items, size_t count,
                   const struct door_workers *workers, uint64_t *out_index, size_t *out_noted,
                   struct buf *out_note, struct err *err)
{
    struct lock lock = LOCK_NONE;
    size_t noted = 0;
    *out_noted = 0;
    if (count > DOOR_BATCH_MAX) {
        return err_set(err, ERR_LIMIT, "%zu acts in one post; at most %u are taken", count,
                       DOOR_BATCH_MAX);
    }
    if (!lock_take(h->lock_path, "host", HOST_LOCK_MS, &lock, err)) {
        return false;
    }
    size_t mark = arena_mark(&h->scratch.mem);
    bool all = note_items(h, items, count, workers, out_index, &noted, err);
    arena_rewind(&h->scratch.mem, mark);
    lock_drop(&lock);
    struct err second = {0};
    if (h->door != NULL && (all || noted > 0) && !note_append(h, out_note, &second)) {
        *err = second;
        return false; /* stored; the same post finds it */
    }
    *out_noted = noted;
    return all;
}

bool host_post(struct host *h, struct bytes envelope, struct bytes blob, uint64_t *out_index,
               struct buf *out_proof, struct err *err)
{
    const struct door_item item = {.envelope = envelope, .blob = blob};
    struct buf note;
    uint64_t index = 0;
    size_t noted = 0;
    buf_init(&note, NOTE_BYTES_MAX);
    bool ok = host_post_all(h, &item, 1, NULL, &index, &noted, &note, err);
    if (ok && note.n > 0) {
        struct node_source nodes = door_nodes(h->door);
        ok = proof_make(&nodes, index, buf_bytes(&note), out_proof, err) &&
             buf_done(out_proof, "a proof", err);
    }
    buf_free(&note);
    if (ok) {
        *out_index = index;
    }
    return ok;
}
