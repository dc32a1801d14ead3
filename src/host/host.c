/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory: its key, its tables, how one is opened and kept level with its file and guard.
 */
#include "host/host.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/hex.h"
#include "base/switch_off.h"
#include "host/host_priv.h"
#include "os/folder.h"
#include "record/checkpoint.h"

#define SEED_BYTES 32u
#define DOOR_REGION ((size_t)64 << 20)     /* addresses; a door takes about 300 KiB */
#define SCRATCH_REGION ((size_t)512 << 20) /* likewise; a batch with its blobs borrowed */
#define GUARD_MEND                                                                                 \
    "put back the newest record of this table; if it is lost, its members go on with another "     \
    "host "                                                                                        \
    "(a succession)"

static bool join(char out[static FILE_PATH_MAX], const char *dir, const char *middle,
                 const char *name, struct err *err)
{
    struct buf b;
    buf_over(&b, out, FILE_PATH_MAX);
    buf_printf(&b, "%s%s%s%s%s", dir, middle[0] == 0 ? "" : "/", middle, name[0] == 0 ? "" : "/",
               name);
    if (!buf_ok(&b)) {
        return err_set(err, ERR_LIMIT, "the name of the host's directory is too long");
    }
    (void)buf_str(&b); /* puts the NUL */
    return true;
}

bool host_path(const char *dir, const struct table_id *table, const char *name,
               char out[static FILE_PATH_MAX], struct err *err)
{
    return join(out, dir, id_hex(table->b).s, name, err);
}

/* ---- the key ---- */

bool host_signer(const char *dir, struct signer **out, struct err *err)
{
    char path[FILE_PATH_MAX];
    uint8_t room[SEED_BYTES + 2]; /* a longer file is seen to be one */
    struct buf seed;
    if (!join(path, dir, "", "host.key", err)) {
        return false;
    }
    /* The folder may be another's: whoever opened a pipe there would wait for ever. */
    enum file_kind kind = file_kind(path);
    if (kind != FILE_NOTHING && kind != FILE_REGULAR) {
        return err_set(err, ERR_KEY, "%s is no key of a host", path);
    }
    buf_over(&seed, room, sizeof(room));
    bool ok = file_read_into(path, &seed, err);
    if (ok && seed.n != SEED_BYTES) {
        ok = err_set(err, ERR_KEY, "%s is no key of a host", path);
    }
    ok = ok && signer_new(KEY_HOST, seed.p, out, err);
    bytes_wipe(room, sizeof(room));
    return ok;
}

bool host_key(const char *dir, const struct chance *chance, struct pubkey *out, struct err *err)
{
    char path[FILE_PATH_MAX];
    struct signer *signer = NULL;
    if (!join(path, dir, "", "host.key", err) || !folder_make(dir, err)) {
        return false;
    }
    if (!file_exists(path)) {
        uint8_t seed[SEED_BYTES];
        bool ok = chance_fill(chance, seed, sizeof(seed), err) &&
                  file_create(path, FILE_SECRET, bytes_of(seed, sizeof(seed)), err);
        bytes_wipe(seed, sizeof(seed));
        if (!ok && !(err->code == ERR_STATE && file_exists(path))) {
            return false; /* else another process made it in between */
        }
    }
    if (!host_signer(dir, &signer, err)) {
        return false;
    }
    *out = signer_pk(signer);
    signer_free(signer);
    return true;
}

bool host_key_read(const char *dir, struct pubkey *out, struct err *err)
{
    struct signer *signer = NULL;
    if (!host_signer(dir, &signer, err)) {
        return false;
    }
    *out = signer_pk(signer);
    signer_free(signer);
    return true;
}

/* ---- founding ---- */

/* Leaf 0 through a door of its own. */
static bool founding_check(struct door *door, enum host_role role, const struct pubkey *pk,
                           struct bytes envelope, struct bytes blob, struct verified_act *out,
                           struct err *err)
{
    if (!door_admit(door, DOOR_CHECK, envelope, blob, out, err)) {
        return false;
    }
    const struct found *found = keyring_found(door_keyring(door));
    CHECK(found != NULL); /* leaf 0 is a founding, or is refused */
    bool own = ID_EQ(found->host, *pk);
    if (own != (role == HOST_OWN)) {
        return err_set(err, ERR_RULE,
                       own ? "this table is this host's own: there is nothing to "
                             "adopt"
                           : "the founding act names another host") ||
               err_mend(err, "ask the host for its key and found the table anew");
    }
    return true;
}

/* The store of a table that is being founded, also where a crash has left it half made. */
static bool founding_store(const char *path, struct store **out, struct err *err)
{
    struct err first = {0};
    if (file_exists(path) && store_open(path, STORE_HOST, STORE_WRITE, out, &first)) {
        return true;
    }
    return store_create(path, STORE_HOST, out, err);
}

static bool founding_guard(const char *path, const struct kid *kid, struct err *err)
{
    struct guard guard = GUARD_CLOSED;
    struct err first = {0};
    if (file_exists(path) && guard_open(path, GUARD_HOST, kid, &guard, &first)) {
        guard_close(&guard);
        return true;
    }
    if (!guard_create(path, GUARD_HOST, kid, &guard, err)) {
        return false;
    }
    guard_close(&guard);
    return true;
}

/* With the lock held.  Order: the guard is there before anything that it guards. */
static bool founding_write(const char *dir, const struct table_id *table, const struct kid *kid,
                           const struct verified_act *va, struct arena *mem, struct err *err)
{
    char path[FILE_PATH_MAX];
    struct store *store = NULL;
    uint64_t size = 0;
    if (!host_path(dir, table, "guard", path, err) || !founding_guard(path, kid, err) ||
        !host_path(dir, table, "record", path, err) || !founding_store(path, &store, err)) {
        return false;
    }
    bool ok = store_size(store, &size, err);
    if (ok && size == 0) {
        ok = store_append(store, va, 1, (struct bytes){0}, err);
    } else if (ok) {
        struct bytes there;
        ok = store_read_leaf(store, 0, mem, &there, err);
        if (ok && !bytes_eq(there, va->act.raw)) {
            ok = err_set(err, ERR_STATE, "the table was founded here with another signature");
        }
    }
    store_close(store);
    return ok;
}

bool host_found(const char *dir, enum host_role role, struct bytes envelope, struct bytes blob,
                struct table_id *out, struct err *err)
{
    struct signer *signer = NULL;
    struct region region = {0};
    struct door *door = NULL;
    struct lock lock = LOCK_NONE;
    struct verified_act va;
    char path[FILE_PATH_MAX];
    bool ok = false;
    if (!host_signer(dir, &signer, err) || !region_init(&region, REGION_PLAIN, DOOR_REGION, err) ||
        !door_new(&region.mem, NULL, &door, err)) {
        goto done;
    }
    struct pubkey pk = signer_pk(signer);
    struct kid kid = signer_kid(signer);
    if (!founding_check(door, role, &pk, envelope, blob, &va, err)) {
        goto done;
    }
    struct table_id table = va.act.table;
    if (!host_path(dir, &table, "", path, err) || !folder_make(path, err) ||
        !host_path(dir, &table, "lock", path, err) ||
        !lock_take(path, "found", HOST_LOCK_MS, &lock, err) ||
        !founding_write(dir, &table, &kid, &va, &region.mem, err)) {
        goto done;
    }
    *out = table;
    ok = true;
done:
    lock_drop(&lock);
    door_free(door);
    region_free(&region);
    signer_free(signer);
    return ok;
}

/* ---- opening ---- */

static bool open_all(struct host *h, const char *dir, const struct table_id *table, struct err *err)
{
    char path[FILE_PATH_MAX];
    uint64_t size = 0;
    struct id_hex hex = id_hex(table->b);
    if (!host_path(dir, table, "lock", h->lock_path, err) ||
        !host_path(dir, table, "record", path, err)) {
        return false;
    }
    if (!file_exists(path)) {
        return err_set(err, ERR_HOST, "this host has no table %.*s", ID_SHOWN, hex.s) ||
               err_mend(err, "found it, or look for its host at %s", dir);
    }
    if (!host_signer(dir, &h->signer, err) ||
        !store_open(path, STORE_HOST, STORE_WRITE, &h->store, err) ||
        !store_size(h->store, &size, err)) {
        return false;
    }
    if (size == 0) {
        return err_set(err, ERR_HOST, "the founding of table %.*s was not completed here", ID_SHOWN,
                       hex.s) ||
               err_mend(err, "post the founding act again");
    }
    struct kid kid = signer_kid(h->signer);
    h->pk = signer_pk(h->signer);
    return host_path(dir, table, "guard", path, err) &&
           guard_open(path, GUARD_HOST, &kid, &h->guard, err) &&
           region_init(&h->memory, REGION_PLAIN, DOOR_REGION, err) &&
           region_init(&h->scratch, REGION_PLAIN, SCRATCH_REGION, err) && host_catch_up(h, err);
}

bool host_open(const char *dir, const struct table_id *table, struct host **out, struct err *err)
{
    struct host *h = calloc(1, sizeof(*h));
    if (h == NULL) {
        return err_memory(err, "a host");
    }
    h->table = *table;
    h->guard = GUARD_CLOSED;
    buf_init(&h->note, NOTE_BYTES_MAX);
    if (!open_all(h, dir, table, err)) {
        host_close(h);
        return false;
    }
    *out = h;
    return true;
}

void host_close(struct host *h)
{
    if (h == NULL) {
        return;
    }
    host_forget(h);
    region_free(&h->scratch);
    region_free(&h->memory);
    guard_close(&h->guard);
    store_close(h->store);
    signer_free(h->signer);
    buf_free(&h->note);
    bytes_wipe(h->pass, sizeof(h->pass));
    free(h);
}

bool host_tables(const char *dir, struct arena *mem, struct table_id **out, size_t *out_count,
                 struct err *err)
{
    struct folder_list list;
    if (!folder_list(dir, mem, &list, err)) {
        return false;
    }
    size_t room = list.count < HOST_TABLES_MAX ? list.count : HOST_TABLES_MAX;
    struct table_id *ids = ARENA_NEW(mem, struct table_id, room);
    size_t count = 0;
    if (ids == NULL) {
        return err_memory(err, "the tables of a host");
    }
    for (size_t i = 0; i < list.count; i++) {
        char path[FILE_PATH_MAX];
        struct table_id id;
        if (!hex_decode(bytes_str(list.names[i]), id.b, sizeof(id.b))) {
            continue; /* host.key, or what somebody else has put here */
        }
        if (!host_path(dir, &id, "record", path, err)) {
            return false;
        }
        if (!file_exists(path)) {
            continue;
        }
        if (count == room) {
            return err_set(err, ERR_LIMIT, "more than %u tables in %s", HOST_TABLES_MAX, dir);
        }
        ids[count++] = id;
    }
    *out = ids;
    *out_count = count;
    return true;
}

/* ---- level with the file and the guard ---- */

void host_forget(struct host *h)
{
    door_free(h->door);
    h->door = NULL;
    h->guard_met = false;
    h->pass_bytes = 0;
    if (h->memory.mem.p != NULL) {
        region_clear(&h->memory);
    }
}

bool host_signs(const struct host *h)
{
    const struct ring_term *term = keyring_term(door_keyring(h->door), door_term(h->door));
    return door_succession_missing(h->door) == 0 && ID_EQ(term->host, h->pk);
}

/* Is the record as far as the guard said that it is? */
static bool guard_meet(struct host *h, const struct guard_state *now, struct err *err)
{
    if (h->guard_met && now->sequence == h->signed_last.sequence) {
        return true;
    }
    uint64_t size = door_size(h->door);
    struct root_hash there = {{0}};
    bool reached = now->number <= size;
    if (reached) {
        there = door_root(h->door, now->number);
    }
    if (CHECK_ON(HOST_GUARD) &&
        !guard_behind_record(now, door_term(h->door), size, reached ? &there : NULL,
                             "this host's record", GUARD_MEND, err)) {
        return err_at(err, "table %.*s", ID_SHOWN, id_hex(h->table.b).s);
    }
    h->signed_last = *now;
    h->guard_met = true;
    return true;
}

/* The guard is read for every call, for another process may have signed since; and before the record,
 * for it moves after the record has grown: what it says is there by then.  The other way round, a post
 * in between would look like a restored copy. */
bool host_catch_up(struct host *h, struct err *err)
{
    struct guard_state now;
    if (!guard_read(&h->guard, &now, err)) {
        return false;
    }
    if (h->door == NULL && !door_new(&h->memory.mem, &h->table, &h->door, err)) {
        return false;
    }
    if (!store_load_door(h->store, h->door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_CONTROL, NULL,
                         NULL, NULL, err)) {
        host_forget(h); /* part of a batch may be in */
        return false;
    }
    return guard_meet(h, &now, err);
}

bool host_guard_up(struct host *h, struct err *err)
{
    uint64_t size = door_size(h->door);
    if (!host_signs(h) ||
        (h->signed_last.number == size && h->signed_last.term == door_term(h->door))) {
        return true;
    }
    const struct guard_state next = {
        .term = door_term(h->door), .number = size, .root = door_root(h->door, size)};
    return guard_advance(&h->guard, &h->signed_last, &next, err);
}

bool host_sign_note(struct host *h, struct err *err)
{
    const struct guard_state *g = &h->signed_last;
    if (!host_signs(h)) {
        return err_set(err, ERR_STATE,
                       "this host does not sign for the table: its term has not "
                       "begun, or is over") ||
               err_mend(err, "complete the succession");
    }
    if (h->note.n > 0 && h->note_size == g->number && h->note_term == g->term) {
        return true;
    }
    const struct checkpoint cp = {
        .table = h->table, .term = g->term, .size = g->number, .root = g->root};
    buf_clear(&h->note);
    if (!checkpoint_sign(&cp, h->signer, &h->note, err) ||
        !buf_done(&h->note, "a checkpoint", err)) {
        buf_clear(&h->note);
        return false;
    }
    h->note_size = g->number;
    h->note_term = g->term;
    return true;
}
