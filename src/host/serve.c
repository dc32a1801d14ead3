/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading: every call takes in what was noted meanwhile and looks at its pass anew.
 */
#include "base/check.h"
#include "host/host_priv.h"

static bool pass_check(struct host *h, const struct host_pass *pass, struct err *err)
{
    uint64_t size = door_size(h->door);
    if (h->pass_bytes > 0 && h->pass_now == pass->now && h->pass_size == size &&
        bytes_eq(pass->token, bytes_of(h->pass, h->pass_bytes))) {
        return true;
    }
    uint32_t seat;
    if (!token_check(pass->token, door_keyring(h->door), size, &h->pk, pass->now, &seat, err)) {
        return false;
    }
    CHECK(pass->token.n <= sizeof(h->pass)); /* a longer one is refused */
    memcpy(h->pass, pass->token.p, pass->token.n);
    h->pass_bytes = pass->token.n;
    h->pass_now = pass->now;
    h->pass_size = size;
    return true;
}

static bool begin(struct host *h, const struct host_pass *pass, struct err *err)
{
    return host_catch_up(h, err) && pass_check(h, pass, err);
}

/* A crash between commit and guard leaves acts above the guard: they are brought under it. */
static bool guard_level(struct host *h, struct err *err)
{
    if (!host_signs(h) || (h->signed_last.number == door_size(h->door) &&
                           h->signed_last.term == door_term(h->door))) {
        return true;
    }
    struct lock lock = LOCK_NONE;
    if (!lock_take(h->lock_path, "host", HOST_LOCK_MS, &lock, err)) {
        return false;
    }
    bool ok = host_catch_up(h, err) && host_guard_up(h, err);
    lock_drop(&lock);
    return ok;
}

bool host_checkpoint(struct host *h, const struct host_pass *pass, struct buf *out, struct err *err)
{
    if (!begin(h, pass, err) || !guard_level(h, err) || !host_sign_note(h, err)) {
        return false;
    }
    buf_add(out, buf_bytes(&h->note));
    return buf_done(out, "a checkpoint", err);
}

struct entries {
    struct buf *out;
    uint64_t count;
};

static bool entry_take(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                       struct err *err)
{
    (void)index;
    (void)blob;
    (void)err;
    struct entries *e = ctx;
    tile_entry_put(envelope, e->out);
    e->count++;
    return true;
}

static bool entries_put(struct host *h, uint64_t from, uint64_t to, struct buf *out,
                        uint64_t *out_count, struct err *err)
{
    struct entries e = {.out = out};
    if (!store_each(h->store, from, to, STORE_BLOBS_NONE, entry_take, &e, err) ||
        !buf_done(out, "an entry bundle", err)) {
        return false;
    }
    *out_count = e.count;
    return true;
}

bool host_entries(struct host *h, const struct host_pass *pass, uint64_t from, uint64_t count,
                  struct buf *out, uint64_t *out_count, struct err *err)
{
    if (!begin(h, pass, err)) {
        return false;
    }
    uint64_t size = door_size(h->door);
    uint64_t left = from < size ? size - from : 0;
    uint64_t n = count < HOST_ENTRIES_MAX ? count : HOST_ENTRIES_MAX;
    n = n < left ? n : left;
    if (n == 0) {
        *out_count = 0;
        return true;
    }
    return entries_put(h, from, from + n, out, out_count, err);
}

bool host_blob(struct host *h, const struct host_pass *pass, const struct digest *sha,
               struct buf *out, struct err *err)
{
    return begin(h, pass, err) && store_read_blob_into(h->store, sha, out, err);
}

bool host_consistency(struct host *h, const struct host_pass *pass, uint64_t old, uint64_t size,
                      struct merkle_path *out, struct err *err)
{
    if (!begin(h, pass, err)) {
        return false;
    }
    if (old == 0 || old > size || size > door_size(h->door)) {
        return err_set(err, ERR_STATE, "no consistency proof from %llu to %llu of %llu acts",
                       (unsigned long long)old, (unsigned long long)size,
                       (unsigned long long)door_size(h->door));
    }
    struct node_source nodes = door_nodes(h->door);
    return merkle_consistency(&nodes, old, size, out, err);
}

bool host_tile(struct host *h, const struct host_pass *pass, const struct tile *tile,
               struct buf *out, struct err *err)
{
    if (!begin(h, pass, err)) {
        return false;
    }
    uint64_t size = door_size(h->door);
    uint32_t last = 0;
    uint32_t level = tile->entries ? 0 : tile->level;
    uint64_t tiles = level < TILE_LEVELS ? tile_count(level, size, &last) : 0;
    /* A partial tile that has grown since is still given: it is a prefix. */
    bool there = tile->width > 0 && tile->width <= TILE_WIDTH && tile->number < tiles &&
                 (tile->number + 1 < tiles || tile->width <= last);
    if (!there) {
        char name[TILE_NAME_MAX];
        tile_name(tile, name);
        return err_set(err, ERR_STATE, "the log has no %s yet", name);
    }
    if (tile->entries) {
        uint64_t from = tile->number * TILE_WIDTH, count;
        return entries_put(h, from, from + tile->width, out, &count, err);
    }
    struct node_source nodes = door_nodes(h->door);
    return tile_hashes(&nodes, tile, out, err) && buf_done(out, "a tile", err);
}

bool host_size(struct host *h, uint64_t *out, struct err *err)
{
    if (!host_catch_up(h, err)) {
        return false;
    }
    *out = door_size(h->door);
    return true;
}
