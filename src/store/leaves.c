/* SPDX-License-Identifier: Apache-2.0
 *
 * The record's rows: added at the end, read back before the commit, visited, fed to a door.
 */
#include "base/check.h"
#include "os/region.h"
#include "store/store_priv.h"

/* One batch to a door: so much is in memory at a time, and one act more. */
#define BATCH_BYTES (12u << 20)
#define BATCH_ACTS 4096u
#define BATCH_REGION ((size_t)256 << 20) /* addresses, not memory: a blob of 64 MiB fits */

bool store_size(struct store *s, uint64_t *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!sql_use(s, SQL_SIZE, &st, err) || !sql_step(s, st, "counting acts", &row, err)) {
        return false;
    }
    if (!row || sqlite3_column_type(st, 0) == SQLITE_NULL) {
        *out = 0;
    } else {
        *out = (uint64_t)sqlite3_column_int64(st, 0) + 1; /* indexes are ours: not negative */
    }
    sql_end(st);
    return true;
}

/* The row of these bytes; made when it is not there. */
static bool blob_add(struct store *s, const struct digest *sha, struct bytes bytes,
                     sqlite3_int64 *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!sql_use(s, SQL_BLOB_ID, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, ID_BYTES(*sha));
    if (!sql_step(s, st, "writing a blob", &row, err)) {
        return false;
    }
    if (row) {
        *out = sqlite3_column_int64(st, 0);
        sql_end(st);
        return true;
    }
    sql_end(st);
    if (!sql_use(s, SQL_BLOB_ADD, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, ID_BYTES(*sha));
    sql_put_bytes(st, 2, bytes);
    if (!sql_run(s, st, "writing a blob", err)) {
        return false;
    }
    *out = sqlite3_last_insert_rowid(s->db);
    return true;
}

static bool leaf_add(struct store *s, const struct verified_act *va, struct err *err)
{
    sqlite3_int64 blob = 0;
    sqlite3_stmt *st = NULL;
    if (!blob_add(s, &va->act.blob, va->blob, &blob, err) || !sql_use(s, SQL_LEAF_ADD, &st, err)) {
        return false;
    }
    sql_put_uint(st, 1, va->index);
    sql_put_uint(st, 2, (uint64_t)va->act.control);
    sql_put_uint(st, 3, (uint64_t)blob);
    sql_put_bytes(st, 4, va->act.raw);
    return sql_run(s, st, "writing an act", err);
}

/* What was written says what was verified. */
static bool leaf_again(struct store *s, const struct verified_act *va, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!sql_use(s, SQL_ACT, &st, err)) {
        return false;
    }
    sql_put_uint(st, 1, va->index);
    if (!sql_step(s, st, "reading back", &row, err)) {
        return false;
    }
    bool same = false;
    if (row && sqlite3_column_type(st, 1) != SQLITE_NULL) {
        struct leaf_hash leaf = leaf_hash_of(sql_bytes(st, 0));
        struct digest sha = digest_plain(sql_bytes(st, 1));
        same = ID_EQ(leaf, va->leaf) && ID_EQ(sha, va->act.blob);
    }
    sql_end(st);
    return same ||
           err_set(err, ERR_VERIFY, "act %llu does not read back as it was written",
                   (unsigned long long)va->index) ||
           err_mend(err, "look at the disk and the memory of this machine; nothing was kept");
}

static bool append_all(struct store *s, const struct verified_act *acts, size_t count,
                       struct bytes note, struct err *err)
{
    uint64_t size;
    if (!store_size(s, &size, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (acts[i].index != size + i) {
            return err_set(err, ERR_STATE, "act %llu cannot follow the %llu acts of %s",
                           (unsigned long long)acts[i].index, (unsigned long long)(size + i),
                           s->path);
        }
        if (!leaf_add(s, &acts[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!leaf_again(s, &acts[i], err)) {
            return false;
        }
    }
    if (note.n == 0) {
        return true;
    }
    sqlite3_stmt *st = NULL;
    if (!store_is_replica(s, err) || !sql_use(s, SQL_NOTE_PUT, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, note);
    return sql_run(s, st, "writing a checkpoint", err);
}

bool store_append(struct store *s, const struct verified_act *acts, size_t count, struct bytes note,
                  struct err *err)
{
    if (!write_begin(s, err)) {
        return false;
    }
    return write_end(s, append_all(s, acts, count, note, err), err);
}

static bool cut_all(struct store *s, uint64_t size, struct err *err)
{
    static const enum sql steps[] = {SQL_LEAF_CUT, SQL_BLOB_CUT, SQL_NOTE_CUT};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        sqlite3_stmt *st = NULL;
        if (!sql_use(s, steps[i], &st, err)) {
            return false;
        }
        if (steps[i] == SQL_LEAF_CUT) {
            sql_put_uint(st, 1, size);
        }
        if (!sql_run(s, st, "giving up acts", err)) {
            return false;
        }
    }
    return true;
}

bool store_cut(struct store *s, uint64_t size, struct err *err)
{
    if (!store_is_replica(s, err) || !write_begin(s, err)) {
        return false;
    }
    return write_end(s, cut_all(s, size, err), err);
}

bool store_read_leaf(struct store *s, uint64_t index, struct arena *mem, struct bytes *out,
                     struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (index >= LEAVES_MAX) {
        return err_set(err, ERR_STATE, "no act has the number %llu", (unsigned long long)index);
    }
    if (!sql_use(s, SQL_LEAF, &st, err)) {
        return false;
    }
    sql_put_uint(st, 1, index);
    if (!sql_step(s, st, "reading an act", &row, err)) {
        return err_at(err, "act %llu", (unsigned long long)index);
    }
    if (!row) {
        return err_set(err, ERR_STATE, "act %llu is not stored here", (unsigned long long)index);
    }
    struct bytes v = arena_copy(mem, sql_bytes(st, 0));
    sql_end(st);
    if (v.p == NULL) {
        return err_memory(err, "an act");
    }
    *out = v;
    return true;
}

/* Leaves the statement at its row; the caller ends it. */
static bool blob_row(struct store *s, const struct digest *sha, sqlite3_stmt **out,
                     struct bytes *out_bytes, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!sql_use(s, SQL_BLOB, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, ID_BYTES(*sha));
    struct id_hex hex = id_hex(sha->b);
    if (!sql_step(s, st, "reading a blob", &row, err)) {
        return err_at(err, "blob %.*s", ID_SHOWN, hex.s);
    }
    if (!row) {
        return err_set(err, ERR_STATE, "blob %.*s is not stored here", ID_SHOWN, hex.s);
    }
    struct bytes v = sql_bytes(st, 0);
    struct digest now = digest_plain(v);
    if (!ID_EQ(now, *sha)) {
        sql_end(st);
        return err_set(err, ERR_VERIFY, "blob %.*s in %s was altered on the disk", ID_SHOWN, hex.s,
                       s->path) ||
               err_mend(err, "keep the file aside and synchronise into a new one");
    }
    *out = st;
    *out_bytes = v;
    return true;
}

bool store_read_blob(struct store *s, const struct digest *sha, struct arena *mem,
                     struct bytes *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    struct bytes v;
    if (!blob_row(s, sha, &st, &v, err)) {
        return false;
    }
    struct bytes copy = arena_copy(mem, v);
    sql_end(st);
    if (copy.p == NULL) {
        return err_memory(err, "a blob");
    }
    *out = copy;
    return true;
}

bool store_read_blob_into(struct store *s, const struct digest *sha, struct buf *out,
                          struct err *err)
{
    sqlite3_stmt *st = NULL;
    struct bytes v;
    if (!blob_row(s, sha, &st, &v, err)) {
        return false;
    }
    buf_add(out, v);
    sql_end(st);
    return buf_done(out, "a blob", err);
}

bool store_has_blob(struct store *s, const struct digest *sha, bool *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!sql_use(s, SQL_BLOB_ID, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, ID_BYTES(*sha));
    if (!sql_step(s, st, "reading a blob", &row, err)) {
        return false;
    }
    sql_end(st);
    *out = row;
    return true;
}

bool store_bytes(struct store *s, uint64_t *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!sql_use(s, SQL_BYTES, &st, err) || !sql_step(s, st, "counting bytes", &row, err)) {
        return false;
    }
    *out = row ? (uint64_t)sqlite3_column_int64(st, 0) : 0; /* a sum of lengths */
    sql_end(st);
    return true;
}

/* ---- in order ---- */

/* Rows of [?1, ?2): idx, envelope, control, blob bytes.  Blobs were added in the order of the acts,
 * so both tables are read from front to back. */
static const char *rows_sql(enum store_blobs blobs)
{
    switch (blobs) {
    case STORE_BLOBS_NONE:
        return "SELECT idx, envelope, control, NULL FROM leaf WHERE idx >= ?1 AND idx < ?2"
               " ORDER BY idx";
    case STORE_BLOBS_CONTROL:
        return "SELECT idx, envelope, control, CASE WHEN control <> 0 THEN"
               " (SELECT bytes FROM blob WHERE id = leaf.blob) END"
               " FROM leaf WHERE idx >= ?1 AND idx < ?2 ORDER BY idx";
    case STORE_BLOBS_ALL:
        break;
    }
    return "SELECT idx, envelope, control, (SELECT bytes FROM blob WHERE id = leaf.blob)"
           " FROM leaf WHERE idx >= ?1 AND idx < ?2 ORDER BY idx";
}

struct rows {
    struct store *s;
    sqlite3_stmt *st;
    enum store_blobs blobs;
    uint64_t next;
    uint64_t to;
};

static void rows_range(struct rows *r, uint64_t from, uint64_t to)
{
    r->next = from;
    r->to = to < LEAVES_MAX ? to : LEAVES_MAX;
    sql_end(r->st);
    sql_put_uint(r->st, 1, from < LEAVES_MAX ? from : LEAVES_MAX);
    sql_put_uint(r->st, 2, r->to);
}

/* The next row, with no index left out and no blob missing that was asked for. */
static bool rows_next(struct rows *r, struct bytes *envelope, struct bytes *blob, bool *out_row,
                      struct err *err)
{
    unsigned long long here = r->next;
    bool row = false;
    if (!sql_step(r->s, r->st, "reading acts", &row, err)) {
        return err_at(err, "act %llu", here);
    }
    if (!row) {
        *out_row = false;
        return true;
    }
    if ((uint64_t)sqlite3_column_int64(r->st, 0) != r->next) { /* WHERE keeps it above 0 */
        return err_set(err, ERR_FORMAT, "act %llu is missing in %s", here, r->s->path);
    }
    bool wanted = r->blobs == STORE_BLOBS_ALL ||
                  (r->blobs == STORE_BLOBS_CONTROL && sqlite3_column_int(r->st, 2) != 0);
    if (wanted && sqlite3_column_type(r->st, 3) == SQLITE_NULL) {
        return err_set(err, ERR_FORMAT, "the blob of act %llu is missing in %s", here, r->s->path);
    }
    *envelope = sql_bytes(r->st, 1);
    *blob = sql_bytes(r->st, 3);
    *out_row = true;
    r->next++;
    return true;
}

bool store_each(struct store *s, uint64_t from, uint64_t to, enum store_blobs blobs,
                store_visit *visit, void *ctx, struct err *err)
{
    struct rows r = {.s = s, .blobs = blobs};
    if (from >= to) {
        return true;
    }
    if (!sql_make(s, rows_sql(blobs), &r.st, err)) {
        return false;
    }
    rows_range(&r, from, to);
    bool ok = true, row = true;
    while (ok) {
        struct bytes envelope, blob;
        ok = rows_next(&r, &envelope, &blob, &row, err);
        if (!ok || !row) {
            break;
        }
        ok = visit(ctx, r.next - 1, envelope, blob, err);
    }
    (void)sqlite3_finalize(r.st); /* repeats what the step has told */
    return ok;
}

/* ---- to a door ---- */

struct batch {
    struct region region;
    struct door_item *items;
    size_t count;
    size_t bytes;
};

/* Copies rows until the batch is full.  The statement is let go: between batches nothing is held but
 * the transaction. */
static bool batch_fill(struct rows *r, struct batch *b, struct err *err)
{
    struct arena *mem = &b->region.mem;
    bool ok = true, row = true;
    arena_rewind(mem, 0);
    b->count = 0;
    b->bytes = 0;
    if (r->next >= r->to) {
        return true;
    }
    b->items = ARENA_NEW(mem, struct door_item, BATCH_ACTS);
    if (b->items == NULL) {
        return err_memory(err, "reading acts");
    }
    rows_range(r, r->next, r->to);
    while (b->count < BATCH_ACTS && b->bytes < BATCH_BYTES) {
        struct bytes envelope, blob;
        ok = rows_next(r, &envelope, &blob, &row, err);
        if (!ok || !row) {
            break;
        }
        struct door_item item = {.envelope = arena_copy(mem, envelope),
                                 .blob = arena_copy(mem, blob)};
        if (mem->failed) {
            ok = err_memory(err, "reading acts");
            break;
        }
        b->items[b->count++] = item;
        b->bytes += envelope.n + blob.n;
    }
    sql_end(r->st);
    return ok && (b->count > 0 || err_set(err, ERR_FORMAT, "act %llu is missing in %s",
                                          (unsigned long long)r->next, r->s->path));
}

/* Reading ahead: the next batch is read as one more unit of the work on this one, so that the
 * other threads need not wait for the disk.  The store is still used by one thread at a time: the
 * sink is only called when all units are done. */
struct ahead {
    struct rows *rows;
    struct batch *into;
    bool due;
    bool ok;
    struct err err;
    const struct door_workers *workers;
    void (*unit)(void *arg, size_t i);
    void *arg;
};

static void ahead_read(struct ahead *a)
{
    a->ok = batch_fill(a->rows, a->into, &a->err);
}

static void ahead_unit(void *arg, size_t i)
{
    struct ahead *a = arg;
    if (i == 0) {
        ahead_read(a);
    } else {
        a->unit(a->arg, i - 1);
    }
}

static void ahead_run(void *ctx, size_t units, void (*unit)(void *arg, size_t i), void *arg)
{
    struct ahead *a = ctx;
    const struct door_workers *w = a->workers;
    if (!a->due) {
        w->run(w->ctx, units, unit, arg);
        return;
    }
    a->due = false;
    a->unit = unit;
    a->arg = arg;
    w->run(w->ctx, units + 1, ahead_unit, a);
}

/* The batches in turn; b holds two, of which the first is read. */
static bool load_batches(struct rows *r, struct batch b[static 2], struct door *door,
                         enum door_trust trust, const struct door_workers *workers, door_sink *sink,
                         void *sink_ctx, struct err *err)
{
    bool threads = workers != NULL && workers->run != NULL;
    struct ahead ahead = {.rows = r, .workers = workers};
    const struct door_workers both = {.run = ahead_run, .ctx = &ahead};
    for (unsigned now = 0; b[now].count > 0; now = 1 - now) {
        ahead.into = &b[1 - now];
        ahead.due = true;
        if (!door_admit_all(door, trust, b[now].items, b[now].count, threads ? &both : NULL,
                            &b[now].region.mem, sink, sink_ctx, err)) {
            return false;
        }
        if (ahead.due) {
            ahead_read(&ahead); /* nothing was run on threads */
        }
        if (!ahead.ok) {
            *err = ahead.err;
            return false;
        }
    }
    return true;
}

bool store_load_door(struct store *s, struct door *door, enum door_trust trust, uint64_t to,
                     enum store_blobs blobs, const struct door_workers *workers, door_sink *sink,
                     void *sink_ctx, struct err *err)
{
    uint64_t size;
    if (!store_size(s, &size, err)) {
        return false;
    }
    if (to > size) {
        to = size;
    }
    if (door_size(door) >= to) {
        return true;
    }
    /* A door needs control blobs in any case, and all of them to check. */
    struct rows r = {.s = s, .next = door_size(door), .to = to};
    r.blobs = trust == DOOR_CHECK         ? STORE_BLOBS_ALL
              : blobs == STORE_BLOBS_NONE ? STORE_BLOBS_CONTROL
                                          : blobs;
    struct batch b[2] = {{.count = 0}, {.count = 0}};
    bool mine = false;
    bool ok = region_init(&b[0].region, REGION_PLAIN, BATCH_REGION, err) &&
              region_init(&b[1].region, REGION_PLAIN, BATCH_REGION, err) &&
              read_begin(s, &mine, err) && sql_make(s, rows_sql(r.blobs), &r.st, err) &&
              batch_fill(&r, &b[0], err) &&
              load_batches(&r, b, door, trust, workers, sink, sink_ctx, err);
    (void)sqlite3_finalize(r.st); /* repeats what the step has told */
    read_end(s, mine);
    region_free(&b[0].region);
    region_free(&b[1].region);
    return ok;
}
