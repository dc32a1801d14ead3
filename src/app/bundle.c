/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bundle.h"

#include "app/sync.h"
#include "base/sort.h"

#define BATCH_BYTES (4u << 20)
#define ENTRIES_MAX ((size_t)TILE_WIDTH * (ENVELOPE_MAX + 2))
#define HASHES_MAX ((size_t)TILE_WIDTH * 32)
#define ROWS_MAX ((size_t)1 << 30)

/* ---- writing ---- */

struct writer {
    struct replica *r;
    struct file_out file;
    struct buf content; /* of one file */
    uint64_t total;
};

static bool put_file(struct writer *w, const struct bundle_name *n, struct bytes content,
                     struct err *err)
{
    char name[BUNDLE_NAME_MAX];
    uint8_t block[TAR_BLOCK];
    static const uint8_t zeros[TAR_BLOCK];
    bundle_name_put(n, name);
    size_t padding = tar_padding(content.n);
    w->total += TAR_BLOCK + content.n + padding;
    if (w->total > BUNDLE_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the record does not fit into one bundle of 4 GiB") ||
               err_mend(err, "copy the folder of the replica instead, without its guard files");
    }
    return tar_header_put(bytes_str(name), content.n, block, err) &&
           file_out_put(&w->file, bytes_of(block, sizeof(block)), err) &&
           file_out_put(&w->file, content, err) &&
           file_out_put(&w->file, bytes_of(zeros, padding), err);
}

struct digests {
    struct digest *all;
    size_t count;
};

static bool note_digest(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                        struct err *err)
{
    struct digests *d = ctx;
    struct act a;
    (void)index;
    (void)blob;
    if (!act_decode(envelope, &a, err)) {
        return false;
    }
    d->all[d->count++] = a.blob;
    return true;
}

static int by_digest(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return memcmp(a, b, sizeof(struct digest));
}

static bool put_blobs(struct writer *w, uint64_t size, struct err *err)
{
    struct arena *mem = &w->r->scratch.mem;
    struct digests d = {.all = ARENA_NEW(mem, struct digest, size)};
    if (d.all == NULL) {
        return err_memory(err, "a bundle");
    }
    if (!store_each(w->r->store, 0, size, STORE_BLOBS_NONE, note_digest, &d, err)) {
        return false;
    }
    if (!sort_stable(d.all, d.count, sizeof(d.all[0]), by_digest, NULL, mem)) {
        return err_memory(err, "a bundle");
    }
    for (size_t i = 0; i < d.count; i++) {
        if (i > 0 && ID_EQ(d.all[i], d.all[i - 1])) {
            continue;
        }
        struct bundle_name n = {.part = BUNDLE_BLOB, .blob = d.all[i]};
        buf_clear(&w->content);
        if (!store_read_blob_into(w->r->store, &d.all[i], &w->content, err) ||
            !put_file(w, &n, buf_bytes(&w->content), err)) {
            return false;
        }
    }
    return true;
}

static bool put_entry(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                      struct err *err)
{
    (void)index;
    (void)blob;
    tile_entry_put(envelope, ctx);
    return buf_done(ctx, "a tile", err);
}

static bool put_tile(void *ctx, const struct bundle_name *n, struct err *err)
{
    struct writer *w = ctx;
    struct node_source nodes = door_nodes(w->r->door);
    uint64_t first = n->tile.number * TILE_WIDTH;
    buf_clear(&w->content);
    bool ok = n->tile.entries ? store_each(w->r->store, first, first + n->tile.width,
                                           STORE_BLOBS_NONE, put_entry, &w->content, err)
                              : tile_hashes(&nodes, &n->tile, &w->content, err);
    return ok && put_file(w, n, buf_bytes(&w->content), err);
}

static bool put_all(struct writer *w, struct bytes note, uint64_t size, struct err *err)
{
    static const uint8_t end[2 * TAR_BLOCK];
    struct bundle_name checkpoint = {.part = BUNDLE_CHECKPOINT};
    w->total = sizeof(end);
    return put_blobs(w, size, err) && put_file(w, &checkpoint, note, err) &&
           bundle_tiles(size, put_tile, w, err) &&
           file_out_put(&w->file, bytes_of(end, sizeof(end)), err);
}

bool bundle_out(struct replica *r, const char *path, struct bundle_facts *out, struct err *err)
{
    struct writer w = {.r = r, .file = FILE_OUT_CLOSED};
    struct bytes note = {0};
    struct checkpoint cp;
    if (!store_note(r->store, &r->scratch.mem, &note, err)) {
        return false;
    }
    if (note.n == 0) {
        return err_set(err, ERR_STATE, "the host has not signed anything that is held here") ||
               err_mend(err, "synchronise first: entente sync");
    }
    buf_init(&w.content, BLOB_LIMIT_MOST);
    bool ok = door_checkpoint(r->door, note, &cp, err) &&
              file_out_open(path, FILE_SECRET, &w.file, err) && put_all(&w, note, cp.size, err) &&
              file_out_finish(&w.file, err);
    file_out_drop(&w.file);
    buf_free(&w.content);
    arena_wipe(&r->scratch.mem);
    if (ok) {
        *out = (struct bundle_facts){.size = cp.size,
                                     .root = cp.root,
                                     .final = witness_final(door_witness(r->door), cp.size)};
    }
    return ok;
}

/* ---- where everything is ---- */

struct blob_at {
    struct digest sha;
    uint64_t offset;
    uint64_t size;
    bool used;
};

struct tile_at {
    struct tile tile;
    uint64_t offset;
    uint64_t size;
};

struct opening {
    struct bundle *b;
    struct tar_reader tar;
    uint64_t at;
    uint64_t content; /* of the file last read: where */
    struct tar_entry entry;
    struct bundle_name name;
};

/* The next header, and the zeros behind its file. */
static bool next_file(struct opening *o, bool *out_end, struct err *err)
{
    uint8_t block[TAR_BLOCK];
    bool end = false;
    if (!file_in_read(&o->b->file, o->at, block, TAR_BLOCK, err) ||
        !tar_header_next(&o->tar, block, &o->entry, &end, err)) {
        return false;
    }
    o->at += TAR_BLOCK;
    *out_end = end;
    if (end) {
        return true;
    }
    size_t padding = tar_padding(o->entry.size);
    o->content = o->at;
    o->at += o->entry.size; /* the reader holds the sum of all below its ceiling */
    if (!file_in_read(&o->b->file, o->at, block, padding, err)) {
        return false;
    }
    if (padding > 0 && !id_all_zero(block, padding)) {
        return err_set(err, ERR_FORMAT, "the bytes behind %s in an archive are not zero",
                       o->entry.name);
    }
    o->at += padding;
    return bundle_name_parse(bytes_str(o->entry.name), &o->name, err);
}

static bool add_row(struct buf *rows, const void *row, size_t size, struct err *err)
{
    buf_add(rows, bytes_of(row, size));
    return buf_done(rows, "a bundle", err);
}

static bool find_tile(void *ctx, const struct bundle_name *n, struct err *err)
{
    struct opening *o = ctx;
    char want[BUNDLE_NAME_MAX];
    bool end = false;
    bundle_name_put(n, want);
    if (!next_file(o, &end, err)) {
        return false;
    }
    if (end || strcmp(o->entry.name, want) != 0) {
        return err_set(err, ERR_VERIFY, "the bundle lacks %s, or has a file before it", want);
    }
    struct tile_at t = {.tile = n->tile, .offset = o->content, .size = o->entry.size};
    if (t.size > (n->tile.entries ? ENTRIES_MAX : HASHES_MAX)) {
        return err_set(err, ERR_LIMIT, "%s is larger than a tile can be", want);
    }
    return add_row(&o->b->tiles, &t, sizeof(t), err);
}

static bool find_blobs(struct opening *o, struct err *err)
{
    for (;;) {
        bool end = false;
        if (!next_file(o, &end, err)) {
            return false;
        }
        if (!end && o->name.part == BUNDLE_CHECKPOINT) {
            return true;
        }
        if (end || o->name.part != BUNDLE_BLOB) {
            return err_set(err, ERR_VERIFY, "the bundle has no checkpoint");
        }
        if (o->entry.size > BLOB_LIMIT_MOST) {
            return err_set(err, ERR_LIMIT, "%s is larger than a blob can be", o->entry.name);
        }
        struct blob_at row = {
            .sha = o->name.blob, .offset = o->content, .size = o->entry.size, .used = false};
        if (!add_row(&o->b->blobs, &row, sizeof(row), err)) {
            return false;
        }
    }
}

static bool read_note(struct opening *o, struct arena *mem, struct err *err)
{
    struct bundle *b = o->b;
    struct note *note = ARENA_NEW(mem, struct note, 1);
    if (o->entry.size > NOTE_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the checkpoint of the bundle is larger than a note can be");
    }
    size_t n = (size_t)o->entry.size; /* below the limit of the line above */
    uint8_t *p = ARENA_NEW(mem, uint8_t, n);
    if (p == NULL || note == NULL) {
        return err_memory(err, "a bundle");
    }
    b->note = bytes_of(p, n);
    if (!file_in_read(&b->file, o->content, p, n, err) || !note_decode(b->note, note, err) ||
        !checkpoint_parse(note->body, &b->cp, err)) {
        return err_at(err, "the checkpoint of the bundle");
    }
    return b->cp.size > 0 ||
           err_set(err, ERR_VERIFY, "the checkpoint of the bundle is of an empty record");
}

static bool read_end(struct opening *o, struct err *err)
{
    for (int i = 0; i < 2; i++) {
        bool end = false;
        if (!next_file(o, &end, err)) {
            return false;
        }
        if (!end) {
            return err_set(err, ERR_VERIFY, "the file %s belongs to no act", o->entry.name);
        }
    }
    return o->at == o->b->file.size ||
           err_set(err, ERR_FORMAT, "an archive has bytes after its end");
}

bool bundle_open(const char *path, struct arena *mem, struct bundle *out, struct err *err)
{
    struct bundle b = {.file = FILE_IN_CLOSED};
    struct opening o = {.b = &b};
    buf_init(&b.blobs, ROWS_MAX);
    buf_init(&b.tiles, ROWS_MAX);
    tar_reader_init(&o.tar);
    bool ok = file_in_open(path, &b.file, err) && find_blobs(&o, err) && read_note(&o, mem, err) &&
              bundle_tiles(b.cp.size, find_tile, &o, err) && read_end(&o, err);
    if (!ok) {
        bundle_close(&b);
        return false;
    }
    *out = b;
    return true;
}

void bundle_close(struct bundle *b)
{
    buf_free(&b->blobs);
    buf_free(&b->tiles);
    file_in_close(&b->file);
}

/* ---- looking things up ---- */

static struct blob_at *find_blob(const struct bundle *b, const struct digest *sha)
{
    void *rows = b->blobs.p; /* malloc aligned them */
    struct blob_at *all = rows;
    size_t low = 0, high = b->blobs.n / sizeof(*all);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = memcmp(all[mid].sha.b, sha->b, sizeof(sha->b));
        if (c == 0) {
            return &all[mid];
        }
        if (c < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}

static const struct tile_at *tile_rows(const struct bundle *b, size_t *out_count)
{
    const void *rows = b->tiles.p;
    *out_count = b->tiles.n / sizeof(struct tile_at);
    return rows;
}

/* A part of the file, in mem. */
static bool read_part(const struct bundle *b, uint64_t offset, uint64_t size, struct arena *mem,
                      struct bytes *out, struct err *err)
{
    uint8_t *p = ARENA_NEW(mem, uint8_t, (size_t)size); /* compared with its limit before */
    if (p == NULL) {
        return err_memory(err, "a bundle");
    }
    *out = bytes_of(p, (size_t)size);
    return file_in_read(&b->file, offset, p, (size_t)size, err);
}

/* ---- checking ---- */

struct walk {
    struct bundle *b;
    struct door *door;
    const struct door_workers *workers;
    struct arena *scratch;
    door_sink *sink;
    void *sink_ctx;
};

static bool read_item(const struct walk *w, struct bytes *rest, struct door_item *out,
                      struct err *err)
{
    struct act a;
    if (!tile_entry_next(rest, &out->envelope)) {
        return err_set(err, ERR_VERIFY, "it is cut short");
    }
    if (!act_decode(out->envelope, &a, err)) {
        return false;
    }
    struct blob_at *blob = find_blob(w->b, &a.blob);
    if (blob == NULL) {
        return err_set(err, ERR_VERIFY, "its blob is missing");
    }
    blob->used = true;
    return read_part(w->b, blob->offset, blob->size, w->scratch, &out->blob, err);
}

/* A tile of entries: through the door, a few MiB at a time. */
static bool walk_entries(const struct walk *w, const struct tile_at *t, struct err *err)
{
    struct arena *mem = w->scratch;
    size_t start = arena_mark(mem);
    struct bytes rest;
    struct door_item *items = ARENA_NEW(mem, struct door_item, TILE_WIDTH);
    if (items == NULL) {
        return err_memory(err, "a bundle");
    }
    if (!read_part(w->b, t->offset, t->size, mem, &rest, err)) {
        return false;
    }
    uint64_t index = t->tile.number * TILE_WIDTH, end = index + t->tile.width;
    while (index < end) {
        size_t mark = arena_mark(mem), count = 0;
        while (index < end && arena_mark(mem) - mark < BATCH_BYTES) {
            if (!read_item(w, &rest, &items[count], err)) {
                return err_at(err, "act %llu", (unsigned long long)index);
            }
            count++;
            index++;
        }
        if (!door_admit_all(w->door, DOOR_CHECK, items, count, w->workers, mem, w->sink,
                            w->sink_ctx, err)) {
            return false;
        }
        arena_rewind(mem, mark);
    }
    arena_rewind(mem, start);
    return rest.n == 0 || err_set(err, ERR_VERIFY, "bytes follow act %llu in its tile",
                                  (unsigned long long)(end - 1));
}

static bool walk_hashes(const struct walk *w, const struct tile_at *t, struct err *err)
{
    uint8_t room[HASHES_MAX + 1];
    struct buf want;
    struct bytes have;
    struct node_source nodes = door_nodes(w->door);
    size_t mark = arena_mark(w->scratch);
    buf_over(&want, room, sizeof(room));
    if (!tile_hashes(&nodes, &t->tile, &want, err) ||
        !read_part(w->b, t->offset, t->size, w->scratch, &have, err)) {
        return false;
    }
    bool same = bytes_eq(have, buf_bytes(&want));
    arena_rewind(w->scratch, mark);
    return same ||
           err_set(err, ERR_VERIFY, "a tile of level %u does not hold the hashes of the acts",
                   t->tile.level);
}

bool bundle_walk(struct bundle *b, struct door *door, const struct door_workers *workers,
                 struct arena *scratch, door_sink *sink, void *sink_ctx, struct err *err)
{
    struct walk w = {b, door, workers, scratch, sink, sink_ctx};
    struct checkpoint cp;
    size_t count;
    const struct tile_at *tiles = tile_rows(b, &count);
    for (size_t i = 0; i < count; i++) {
        if (tiles[i].tile.entries && !walk_entries(&w, &tiles[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!tiles[i].tile.entries && !walk_hashes(&w, &tiles[i], err)) {
            return false;
        }
    }
    const void *rows = b->blobs.p;
    const struct blob_at *blobs = rows;
    for (size_t i = 0; i < b->blobs.n / sizeof(*blobs); i++) {
        if (!blobs[i].used) {
            return err_set(err, ERR_VERIFY, "the file blob/%s belongs to no act",
                           id_hex(blobs[i].sha.b).s);
        }
    }
    return door_checkpoint(door, b->note, &cp, err) || err_at(err, "the checkpoint of the bundle");
}

/* ---- into a replica: the bundle as a host that shows what it has and takes nothing ---- */

struct showing {
    struct bundle *b;
    struct arena *mem; /* of one answer */
};

static bool shown_checkpoint(void *ctx, struct buf *out, struct err *err)
{
    const struct showing *h = ctx;
    buf_add(out, h->b->note);
    return buf_done(out, "a checkpoint", err);
}

static bool shown_entries(void *ctx, uint64_t from, uint64_t count, struct buf *out,
                          uint64_t *out_count, struct err *err)
{
    const struct showing *h = ctx;
    size_t tiles, mark = arena_mark(h->mem);
    const struct tile_at *t = tile_rows(h->b, &tiles);
    uint64_t number = from / TILE_WIDTH, given = 0;
    while (tiles > 0 && !(t->tile.entries && t->tile.number == number)) {
        t++;
        tiles--;
    }
    struct bytes rest = {0}, envelope;
    if (tiles > 0 && !read_part(h->b, t->offset, t->size, h->mem, &rest, err)) {
        return false;
    }
    for (uint64_t i = number * TILE_WIDTH; rest.n > 0 && given < count; i++) {
        if (!tile_entry_next(&rest, &envelope)) {
            return err_set(err, ERR_VERIFY, "act %llu is cut short in the bundle",
                           (unsigned long long)i);
        }
        if (i >= from) {
            tile_entry_put(envelope, out);
            given++;
        }
    }
    arena_rewind(h->mem, mark);
    *out_count = given;
    return buf_done(out, "acts of a bundle", err);
}

static bool shown_blob(void *ctx, const struct digest *sha, struct buf *out, struct err *err)
{
    const struct showing *h = ctx;
    const struct blob_at *blob = find_blob(h->b, sha);
    size_t mark = arena_mark(h->mem);
    struct bytes v;
    if (blob == NULL) {
        return err_set(err, ERR_VERIFY, "its blob is missing in the bundle");
    }
    bool ok = read_part(h->b, blob->offset, blob->size, h->mem, &v, err);
    if (ok) {
        buf_add(out, v);
    }
    arena_rewind(h->mem, mark);
    return ok && buf_done(out, "a blob", err);
}

static bool shown_post(void *ctx, const struct door_item *items, size_t count, uint64_t *out_index,
                       size_t *out_noted, struct buf *out_note, struct err *err)
{
    (void)ctx;
    (void)items;
    (void)count;
    (void)out_index;
    (void)out_noted;
    (void)out_note;
    return err_set(err, ERR_STATE, "nothing can be posted to a file");
}

static bool take_in(struct replica *r, struct bundle *b, enum bundle_way way, struct err *err)
{
    struct checkpoint cp;
    if (!ID_EQ(b->cp.table, r->table)) {
        return err_set(err, ERR_STATE, "the bundle is of another table than this folder");
    }
    if (way == BUNDLE_MORE && b->cp.size <= door_size(r->door)) {
        bool ok = door_checkpoint(r->door, b->note, &cp, err);
        if (!ok && err->code == ERR_VERIFY) {
            struct err untold = {0}; /* the failure above is what counts */
            bool kept = store_evidence_put(r->store, b->note, &untold);
            (void)kept;
        }
        return ok;
    }
    struct region memory = {0};
    if (!region_init(&memory, REGION_PLAIN, (size_t)256 << 20, err)) {
        return false;
    }
    struct showing h = {.b = b, .mem = &memory.mem};
    struct host_link host = r->link;
    r->link = (struct host_link){.checkpoint = shown_checkpoint,
                                 .entries = shown_entries,
                                 .blob = shown_blob,
                                 .post = shown_post,
                                 .ctx = &h};
    bool ok = way == BUNDLE_INSTEAD ? sync_instead(r, b->note, err) : sync_take(r, err);
    r->link = host;
    region_free(&memory);
    return ok;
}

bool bundle_in(struct replica *r, const char *path, enum bundle_way way, struct bundle_facts *out,
               struct err *err)
{
    struct region memory = {0};
    struct bundle b = {.file = FILE_IN_CLOSED};
    uint64_t before = door_size(r->door);
    bool ok = region_init(&memory, REGION_PLAIN, (size_t)1 << 20, err) &&
              bundle_open(path, &memory.mem, &b, err) && take_in(r, &b, way, err);
    if (ok) {
        *out = (struct bundle_facts){.size = b.cp.size,
                                     .root = b.cp.root,
                                     .final = witness_final(door_witness(r->door), b.cp.size),
                                     .taken = door_size(r->door) - (before - r->given_up)};
    } else {
        (void)err_at(err, "bundle %s", path);
    }
    bundle_close(&b);
    region_free(&memory);
    return ok;
}
