/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check.h"

#include "app/bundle.h"
#include "app/check_priv.h"
#include "crypto/init.h"
#include "record/excerpt.h"
#include "record/padding.h"
#include "table/payload.h"

#define DOOR_BYTES ((size_t)2 << 30) /* addresses: tree and keyring of a large record */
#define BATCH_BYTES ((size_t)512 << 20)
#define EXCERPT_BYTES ((size_t)1 << 30)

/* What is not as it should be in a file that is one of ours, is a record that does not verify. */
static bool does_not_verify(struct err *err)
{
    if (err->code == ERR_FORMAT || err->code == ERR_LIMIT) {
        err->code = ERR_VERIFY;
    }
    if (err->code == ERR_VERIFY && err->mend[0] == 0) {
        (void)err_mend(err, "get it again from another side; if it is the same, trust nothing from "
                            "this act on");
    }
    return false;
}

/* ---- whole records ---- */

struct whole {
    struct region memory; /* of the door */
    struct region batch;
    struct pool *pool;
    struct door *door;
    struct door_workers workers;
    uint32_t sides;
};

static bool whole_open(struct whole *w, const struct table_id *table, struct err *err)
{
    bool ok = crypto_init(err) && region_init(&w->memory, REGION_PLAIN, DOOR_BYTES, err) &&
              region_init(&w->batch, REGION_PLAIN, BATCH_BYTES, err) &&
              pool_new(&w->memory.mem, 0, &w->pool, err) &&
              door_new(&w->memory.mem, table, &w->door, err);
    w->workers = (struct door_workers){.run = pool_run, .ctx = w->pool};
    return ok;
}

static void whole_close(struct whole *w)
{
    pool_free(w->pool);
    if (w->door != NULL) {
        door_free(w->door);
    }
    region_free(&w->batch);
    region_free(&w->memory);
}

static bool note_author(void *ctx, const struct verified_act *va, struct err *err)
{
    struct whole *w = ctx;
    (void)err;
    w->sides |= UINT32_C(1) << va->author.side;
    return true;
}

static void put_roots(const struct keyring *ring, uint64_t at, struct check_result *out)
{
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        const struct ring_side *side = keyring_side(ring, i);
        out->roots[i].joined = side->admitted_at < at;
        out->roots[i].kid = side->root_kid;
    }
}

static uint32_t sides_out(const struct witness_log *log, uint64_t at)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        bits |= witness_out(log, i, at) ? UINT32_C(1) << i : 0;
    }
    return bits;
}

static void put_whole(const struct whole *w, enum check_kind kind, struct check_result *out)
{
    const struct witness_log *log = door_witness(w->door);
    uint64_t size = door_size(w->door);
    *out = (struct check_result){.kind = kind,
                                 .table = *keyring_table(door_keyring(w->door)),
                                 .size = size,
                                 .root = door_root(w->door, size),
                                 .final = witness_final(log, size),
                                 .shown = size,
                                 .sides = w->sides,
                                 .out = sides_out(log, size)};
    put_roots(door_keyring(w->door), size, out);
    if (out->final > 0) {
        out->latest = witness_t(log, out->final - 1, size);
    }
}

/* A checkpoint is stored with the acts that it is of: one of more acts than there are is no state
 * that a folder comes to. */
static bool acts_are_gone(struct err *err)
{
    if (err->code == ERR_STATE) {
        err->code = ERR_VERIFY;
    }
    return false;
}

static bool walk_replica(struct whole *w, const char *dir, bool *out_note, struct err *err)
{
    char path[FILE_PATH_MAX];
    struct store *s = NULL;
    struct bytes v = {0};
    struct table_id table;
    struct checkpoint cp;
    uint64_t size;
    bool ok = replica_path(dir, "replica", path, err);
    if (ok && !file_exists(path)) {
        return err_set(err, ERR_STATE, "there is no table in the folder %s", dir) ||
               err_mend(err, "name the folder of a seat, a bundle or an excerpt");
    }
    struct region small = {0};
    ok = ok && region_init(&small, REGION_PLAIN, (size_t)2 << 20, err) &&
         store_open(path, STORE_REPLICA, STORE_READ, &s, err) &&
         store_meta_get(s, "table", &small.mem, &v, err) && store_size(s, &size, err);
    if (ok && v.n != sizeof(table.b)) {
        ok = err_set(err, ERR_FORMAT, "the replica does not say of which table it is") ||
             err_mend(err, "it was altered: put back a copy that is good");
    }
    if (ok && size == 0) {
        ok = err_set(err, ERR_STATE, "there are no acts in %s yet", dir) ||
             err_mend(err, "synchronise first: entente sync");
    }
    if (ok) {
        memcpy(table.b, v.p, sizeof(table.b));
        ok = whole_open(w, &table, err) &&
             (store_load_door(s, w->door, DOOR_CHECK, INDEX_NEVER, STORE_BLOBS_ALL, &w->workers,
                              note_author, w, err) ||
              does_not_verify(err)) &&
             store_note(s, &small.mem, &v, err);
        *out_note = ok && v.n > 0;
        ok = ok &&
             (v.n == 0 || door_checkpoint(w->door, v, &cp, err) ||
              err_at(err, "the newest checkpoint") || acts_are_gone(err) || does_not_verify(err));
    }
    store_close(s);
    region_free(&small);
    return ok;
}

static bool check_replica(const char *dir, struct check_result *out, struct err *err)
{
    struct whole w = {.sides = 0};
    bool note = false;
    bool ok = walk_replica(&w, dir, &note, err);
    if (ok) {
        put_whole(&w, CHECK_REPLICA, out);
        out->has_note = note;
    }
    whole_close(&w);
    return ok;
}

static bool walk_bundle(struct whole *w, const char *path, struct err *err)
{
    struct bundle b = {.file = FILE_IN_CLOSED};
    bool ok = whole_open(w, NULL, err) &&
              ((bundle_open(path, &w->memory.mem, &b, err) &&
                bundle_walk(&b, w->door, &w->workers, &w->batch.mem, note_author, w, err)) ||
               does_not_verify(err));
    bundle_close(&b);
    return ok;
}

static bool check_bundle(const char *path, struct check_result *out, struct err *err)
{
    struct whole w = {.sides = 0};
    bool ok = walk_bundle(&w, path, err);
    if (ok) {
        put_whole(&w, CHECK_BUNDLE, out);
        out->has_note = true;
    }
    whole_close(&w);
    return ok;
}

static bool put_tree(const struct whole *w, const struct table_id *table, uint64_t size,
                     struct check_tree *out, struct err *err)
{
    uint64_t have = door_size(w->door);
    if (table != NULL && !ID_EQ(*table, *keyring_table(door_keyring(w->door)))) {
        return err_set(err, ERR_VERIFY, "it is the record of another table");
    }
    uint64_t of = size == 0 ? witness_final(door_witness(w->door), have) : size;
    if (of == 0) {
        return err_set(err, ERR_STATE, "no act of that table is countersigned by every side") ||
               err_mend(err, "synchronise there first: entente sync");
    }
    if (of > have) {
        return err_set(err, ERR_STATE, "it holds %llu acts, and not %llu", (unsigned long long)have,
                       (unsigned long long)of) ||
               err_mend(err, "take a copy that holds more: entente sync, or entente bundle in");
    }
    *out = (struct check_tree){
        .table = *keyring_table(door_keyring(w->door)), .size = of, .root = door_root(w->door, of)};
    return true;
}

bool check_tree(const char *path, const struct table_id *table, uint64_t size,
                struct check_tree *out, struct err *err)
{
    struct whole w = {.sides = 0};
    bool note = false;
    bool ok = (file_kind(path) == FILE_FOLDER ? walk_replica(&w, path, &note, err)
                                              : walk_bundle(&w, path, err)) &&
              put_tree(&w, table, size, out, err);
    whole_close(&w);
    return ok || err_at(err, "%s", path);
}

/* ---- excerpts ---- */

/* Opens a sealed act with its file key; content is in mem. */
static bool open_act(const struct excerpt_finding *f, struct arena *mem, struct content *out,
                     struct err *err)
{
    struct age_header *h = ARENA_NEW(mem, struct age_header, 1);
    struct buf plain;
    struct bytes raw;
    if (h == NULL) {
        return err_memory(err, "a sealed act");
    }
    if (!age_header_parse(f->blob, h, err)) {
        return false;
    }
    if (!age_mac_holds(h, f->source->file_key)) {
        return err_set(err, ERR_VERIFY, "the file key is not that of its seal");
    }
    buf_init(&plain, f->blob.n);
    bool ok = age_open_payload(h, f->source->file_key, &plain, err);
    struct bytes kept = ok ? arena_copy(mem, buf_bytes(&plain)) : (struct bytes){0};
    ok = ok && (!mem->failed || err_memory(err, "a sealed act")) &&
         padding_strip(kept, &raw, err) && content_decode(raw, mem, out, err) &&
         content_match(out, &f->act, f->author.kid, err);
    buf_free(&plain);
    return ok;
}

/* The charter, where the excerpt holds the act that filed the one on which the table was founded: any
 * other has names that nobody agreed to. */
static bool find_charter(const struct excerpt *e, struct arena *scratch, struct arena *mem,
                         struct check_result *r, const struct charter **out, struct err *err)
{
    for (size_t i = 0; i < e->count && *out == NULL; i++) {
        struct content content;
        struct payload p;
        struct err form = {0};
        size_t mark = arena_mark(scratch);
        if (e->acts[i].act.control != CONTROL_SEALED) {
            continue;
        }
        if (!open_act(&e->acts[i], scratch, &content, err)) {
            return err_at(err, "act %llu", (unsigned long long)e->acts[i].index);
        }
        if (content.header.kind == (uint32_t)KIND_CHARTER &&
            payload_from(&content, scratch, &p, &form)) {
            struct digest d = charter_digest(p.salt, p.charter);
            struct charter *c = ARENA_NEW(mem, struct charter, 1);
            struct bytes kept = arena_copy(mem, p.charter); /* its texts stay there */
            if (c == NULL || mem->failed) {
                return err_memory(err, "an excerpt");
            }
            if (ID_EQ(d, keyring_found(e->ring)->charter) && charter_decode(kept, mem, c, &form)) {
                *out = c;
            }
        }
        arena_rewind(scratch, mark);
    }
    r->named = *out != NULL;
    for (uint32_t i = 0; r->named && i < (*out)->side_count; i++) {
        r->names[i] = (*out)->sides[i].present ? (*out)->sides[i].name : (struct text){0};
    }
    return true;
}

static bool put_act(const struct excerpt_finding *f, const struct charter *charter,
                    struct arena *scratch, struct arena *mem, struct check_act *out,
                    struct err *err)
{
    *out = (struct check_act){.index = f->index,
                              .leaf = f->leaf,
                              .side = f->author.side,
                              .sealed = f->act.control == CONTROL_SEALED,
                              .kind = control_word(f->act.control),
                              .room = "",
                              .says = "",
                              .not_before = f->not_before,
                              .not_after = f->not_after,
                              .final = f->final};
    if (!out->sealed) {
        return true;
    }
    size_t mark = arena_mark(scratch);
    struct content content;
    if (!open_act(f, scratch, &content, err)) {
        return err_at(err, "act %llu", (unsigned long long)f->index);
    }
    bool ok = check_says(&content, charter, scratch, mem, out, err);
    arena_rewind(scratch, mark);
    return ok;
}

static void widen(struct check_result *r, const struct check_act *a)
{
    if (r->shown == 0) {
        r->earliest = a->not_before;
        r->latest = a->not_after;
    } else {
        if (!a->not_before.known || a->not_before.seconds < r->earliest.seconds) {
            r->earliest.seconds = a->not_before.seconds;
        }
        if (!a->not_after.known || a->not_after.seconds > r->latest.seconds) {
            r->latest.seconds = a->not_after.seconds;
        }
        r->earliest.known = r->earliest.known && a->not_before.known;
        r->latest.known = r->latest.known && a->not_after.known;
    }
    r->shown++;
    r->sides |= UINT32_C(1) << a->side;
}

static bool put_excerpt(const struct excerpt *e, struct arena *scratch, struct arena *mem,
                        struct check_result *out, struct err *err)
{
    struct check_result r = {.kind = CHECK_EXCERPT,
                             .table = e->table,
                             .size = e->size,
                             .root = e->root,
                             .final = e->final,
                             .has_note = true,
                             .out = sides_out(e->log, e->size),
                             .act_count = e->count};
    r.acts = ARENA_NEW(mem, struct check_act, e->count);
    if (r.acts == NULL) {
        return err_memory(err, "an excerpt");
    }
    const struct charter *charter = NULL;
    if (!find_charter(e, scratch, mem, &r, &charter, err)) {
        return false;
    }
    for (size_t i = 0; i < e->count; i++) {
        if (!put_act(&e->acts[i], charter, scratch, mem, &r.acts[i], err)) {
            return false;
        }
        if (r.acts[i].sealed) {
            widen(&r, &r.acts[i]);
        }
    }
    put_roots(e->ring, e->size, &r);
    *out = r;
    return true;
}

bool check_excerpt(struct bytes raw, struct arena *mem, struct check_result *out, struct err *err)
{
    struct region scratch = {0};
    struct excerpt e = {.count = 0};
    if (!crypto_init(err) || !region_init(&scratch, REGION_PLAIN, EXCERPT_BYTES, err)) {
        return false;
    }
    bool ok = (excerpt_check(raw, &scratch.mem, &e, err) &&
               put_excerpt(&e, &scratch.mem, mem, out, err)) ||
              does_not_verify(err);
    if (e.ring != NULL) {
        excerpt_free(&e);
    }
    region_free(&scratch);
    return ok;
}

/* ---- which of them ---- */

/* A fraud proof begins with its fields' number and its version; of the others the name of the first
 * file tells: acts come first in an excerpt, blobs in a bundle. */
static bool kind_of(const char *path, enum check_kind *out, struct err *err)
{
    static const uint8_t fraud[] = {0xa8, 0x01, 0x01, 0x02};
    struct file_in f = FILE_IN_CLOSED;
    uint8_t block[TAR_BLOCK];
    if (!file_in_open(path, &f, err)) {
        return false;
    }
    struct err untold = {0};
    if (file_in_read(&f, 0, block, sizeof(fraud), &untold) &&
        memcmp(block, fraud, sizeof(fraud)) == 0) {
        file_in_close(&f);
        *out = CHECK_FRAUD;
        return true;
    }
    bool read = file_in_read(&f, 0, block, sizeof(block), &untold);
    file_in_close(&f);
    if (!read || memcmp(block + 257, "ustar", 5) != 0) {
        return err_set(err, ERR_FORMAT, "%s is no record of entente", path) ||
               err_mend(err, "give a bundle, an excerpt (*.entente), a fraud proof, or the folder "
                             "of a seat");
    }
    *out = memcmp(block, "act/", 4) == 0 ? CHECK_EXCERPT : CHECK_BUNDLE;
    return true;
}

bool check_fraud(struct bytes raw, struct check_result *out, struct err *err)
{
    struct fraud f;
    if (!crypto_init(err)) {
        return false;
    }
    if (!fraud_decode(raw, &f, err) || !fraud_check(&f, err)) {
        if (err->code == ERR_FORMAT || err->code == ERR_LIMIT) {
            err->code = ERR_VERIFY;
        }
        return err_mend(err, "believe nothing of it; ask whoever gave it for a proof that holds");
    }
    *out = (struct check_result){.kind = CHECK_FRAUD, .table = f.table, .fraud = f};
    return true;
}

static bool check_fraud_file(const char *path, struct arena *mem, struct check_result *out,
                             struct err *err)
{
    struct bytes raw;
    return file_read(path, FRAUD_BYTES_MAX, mem, &raw, err) && check_fraud(raw, out, err);
}

static bool check_file(const char *path, struct arena *mem, struct check_result *out,
                       struct err *err)
{
    enum check_kind kind = CHECK_BUNDLE;
    if (!kind_of(path, &kind, err)) {
        return false;
    }
    if (kind == CHECK_FRAUD) {
        return check_fraud_file(path, mem, out, err);
    }
    if (kind != CHECK_EXCERPT) {
        return check_bundle(path, out, err);
    }
    struct region file = {0};
    struct bytes raw;
    bool ok = region_init(&file, REGION_PLAIN, EXCERPT_BYTES, err) &&
              file_read(path, EXCERPT_BYTES / 2, &file.mem, &raw, err) &&
              check_excerpt(raw, mem, out, err);
    region_free(&file);
    return ok;
}

bool check_path(const char *path, struct arena *mem, struct check_result *out, struct err *err)
{
    bool ok = file_kind(path) == FILE_FOLDER ? check_replica(path, out, err)
                                             : check_file(path, mem, out, err);
    return ok || err_at(err, "%s", path);
}
