/* SPDX-License-Identifier: Apache-2.0
 *
 * A record of which a byte was changed where it is kept: in a row of an act or of a blob, anywhere
 * in the database's file, anywhere in a bundle.  A sample of the bytes in an ordinary run, another
 * bit in each; every byte in a long one.
 */
#include "app/check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/record_bundle.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "os/file.h"
#include "os/folder.h"
#include "store/store.h"

struct place {
    struct scratch folder;
    char seat[SCRATCH_PATH_MAX];    /* a replica's folder ... */
    char replica[SCRATCH_PATH_MAX]; /* ... and the file in it */
    char bundle[SCRATCH_PATH_MAX];
    struct record_sim sim;
    struct buf raw; /* of the bundle */
    struct arena mem;
    struct root_hash root;
};

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        fail_msg("%s (%s)", err->what, err->where);
    }
}

/* From one byte looked at to the next: a prime, so that all bits and parts get their turn. */
static size_t step(size_t ordinary)
{
    return prop_rounds(1) > 1 ? 1 : ordinary;
}

static void flip(uint8_t *p, size_t i)
{
    p[i] ^= (uint8_t)(1u << (i % 8));
}

/* ---- how it is looked at ---- */

static bool check(struct place *p, const char *path, struct err *err)
{
    struct check_result found;
    *err = (struct err){0};
    bool ok = check_path(path, &p->mem, &found, err);
    /* What is believed is what there was. */
    assert_true(!ok || (found.size == p->sim.count && ID_EQ(found.root, p->root) &&
                        ID_EQ(found.table, p->sim.table)));
    arena_rewind(&p->mem, 0);
    return ok;
}

/* Exit 4, with a mend; and the act, where act is not SIZE_MAX. */
static void refused(struct place *p, const char *path, size_t act, const char *what, size_t at)
{
    struct err err;
    char named[32];
    if (check(p, path, &err)) {
        fail_msg("byte %zu of %s can be changed", at, what);
    }
    (void)snprintf(named, sizeof(named), "act %zu", act);
    const char *found = act == SIZE_MAX ? "" : strstr(err.where, named);
    /* What does not even look like one of ours is no record. */
    bool magic = path == p->bundle && at >= 257 && at < 262;
    if (err.code != (magic ? ERR_FORMAT : ERR_VERIFY) || err.mend[0] == 0 || found == NULL ||
        (act != SIZE_MAX && found[strlen(named)] >= '0' && found[strlen(named)] <= '9')) {
        fail_msg("byte %zu of %s (act %zu): %s: %s (%s; %s)", at, what, act, err_word(err.code),
                 err.what, err.where, err.mend);
    }
}

/* ---- rows of the database ---- */

static void sql(sqlite3 *db, const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", text, sqlite3_errmsg(db));
    }
}

static void write_row(sqlite3_stmt *st, struct bytes v, sqlite3_int64 row)
{
    assert_int_equal(sqlite3_bind_blob(st, 1, v.p, (int)v.n, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_bind_int64(st, 2, row), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_DONE);
    assert_int_equal(sqlite3_reset(st), SQLITE_OK);
}

static void flip_row(struct place *p, sqlite3_stmt *st, sqlite3_int64 row, struct bytes good,
                     size_t act, const char *what)
{
    uint8_t *copy = malloc(good.n);
    assert_non_null(copy);
    memcpy(copy, good.p, good.n);
    for (size_t i = act % step(41); i < good.n; i += step(41)) {
        flip(copy, i);
        write_row(st, bytes_of(copy, good.n), row);
        refused(p, p->seat, act, what, i);
        flip(copy, i);
    }
    write_row(st, bytes_slice(good, 0, good.n - 1), row);
    refused(p, p->seat, act, what, good.n);
    write_row(st, good, row);
    free(copy);
}

/* The blob's row of an act. */
static sqlite3_int64 blob_row(sqlite3 *db, size_t act)
{
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT blob FROM leaf WHERE idx = ?", -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_bind_int64(st, 1, (sqlite3_int64)act), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    sqlite3_int64 row = sqlite3_column_int64(st, 0);
    assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
    return row;
}

static void test_rows(void **state)
{
    struct place *p = *state;
    sqlite3 *db;
    sqlite3_stmt *leaf, *blob;
    struct err err;
    assert_int_equal(sqlite3_open(p->replica, &db), SQLITE_OK);
    sql(db, "PRAGMA synchronous = OFF");
    assert_int_equal(
        sqlite3_prepare_v2(db, "UPDATE leaf SET envelope = ? WHERE idx = ?", -1, &leaf, NULL),
        SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "UPDATE blob SET bytes = ? WHERE id = ?", -1, &blob, NULL),
        SQLITE_OK);
    for (size_t i = 0; i < p->sim.count; i++) {
        const struct door_item *item = &p->sim.items[i];
        flip_row(p, leaf, (sqlite3_int64)i, item->envelope, i, "an act");
        flip_row(p, blob, blob_row(db, i), item->blob, i, "a blob");
    }
    must(check(p, p->seat, &err), &err); /* all is as it was */
    assert_int_equal(sqlite3_finalize(leaf), SQLITE_OK);
    assert_int_equal(sqlite3_finalize(blob), SQLITE_OK);

    /* The last act is gone: the host's checkpoint knows of it.  One in between: no gap is passed. */
    sql(db, "BEGIN; DELETE FROM leaf WHERE idx = (SELECT max(idx) FROM leaf); COMMIT");
    assert_false(check(p, p->seat, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* ---- the whole file ---- */

static void test_file(void **state)
{
    struct place *p = *state;
    struct bytes raw;
    struct err err;
    struct arena mem = test_arena(4u << 20);
    size_t harmless = 0, all = 0;
    must(file_read(p->replica, 4u << 20, &mem, &raw, &err), &err);
    uint8_t *copy = ARENA_NEW(&mem, uint8_t, raw.n);
    memcpy(copy, raw.p, raw.n);
    FILE *f = fopen(p->replica, "r+b");
    assert_non_null(f);
    for (size_t i = 0; i < raw.n; i += step(173), all++) {
        flip(copy, i);
        assert_int_equal(fseek(f, (long)i, SEEK_SET), 0);
        assert_int_equal(fputc(copy[i], f), copy[i]);
        assert_int_equal(fflush(f), 0);
        /* Free room, what lies beside the record: the answer is the same (check asserts it). */
        bool ok = check(p, p->seat, &err);
        harmless += ok;
        if (!ok && err.mend[0] == 0) {
            fail_msg("byte %zu: %s: %s", i, err_word(err.code), err.what);
        }
        assert_int_equal(fseek(f, (long)i, SEEK_SET), 0);
        assert_int_equal(fputc(raw.p[i], f), raw.p[i]);
        assert_int_equal(fflush(f), 0);
        flip(copy, i);
    }
    assert_int_equal(fclose(f), 0);
    print_message("# %zu bytes changed in the file; %zu of them were of no consequence\n", all,
                  harmless);
    must(check(p, p->seat, &err), &err);
    size_t record = 0; /* most of the file is free room */
    for (size_t i = 0; i < p->sim.count; i++) {
        record += p->sim.items[i].envelope.n + p->sim.items[i].blob.n;
    }
    assert_true((all - harmless) * 10 >= all * record / raw.n * 9);
    test_arena_free(&mem);
}

/* ---- a bundle ---- */

/* Is byte `at` of the bundle within these bytes, which stand in it once? */
static bool within(const struct buf *raw, struct bytes part, size_t at)
{
    for (size_t i = 0; i + part.n <= raw->n; i++) {
        if (raw->p[i] == part.p[0] && memcmp(raw->p + i, part.p, part.n) == 0) {
            return at >= i && at < i + part.n;
        }
    }
    fail_msg("the bundle lacks a part of the record");
    return false;
}

/* The act to which a byte of a bundle belongs, SIZE_MAX: to none. */
static size_t act_at(struct place *p, size_t at)
{
    for (size_t k = 0; k < p->sim.count; k++) {
        if (within(&p->raw, p->sim.items[k].envelope, at) ||
            within(&p->raw, p->sim.items[k].blob, at)) {
            return k;
        }
    }
    return SIZE_MAX;
}

static void test_bundle(void **state)
{
    struct place *p = *state;
    struct err err;
    must(check(p, p->bundle, &err), &err);
    FILE *f = fopen(p->bundle, "r+b");
    assert_non_null(f);
    for (size_t i = 0; i < p->raw.n; i += step(59)) {
        uint8_t good = p->raw.p[i];
        size_t act = act_at(p, i);
        flip(p->raw.p, i);
        assert_int_equal(fseek(f, (long)i, SEEK_SET), 0);
        assert_int_equal(fputc(p->raw.p[i], f), p->raw.p[i]);
        assert_int_equal(fflush(f), 0);
        refused(p, p->bundle, act, "a bundle", i);
        p->raw.p[i] = good;
        assert_int_equal(fseek(f, (long)i, SEEK_SET), 0);
        assert_int_equal(fputc(good, f), good);
    }
    assert_int_equal(fclose(f), 0);
    must(check(p, p->bundle, &err), &err);
}

/* ---- */

/* A small record with an act of nearly every kind: what is changed is its bytes, one by one. */
static int setup(void **state)
{
    static struct place p;
    struct store *s;
    struct door *door;
    struct err err = {0};
    p = (struct place){.folder = scratch_new(), .mem = test_arena(4u << 20)};
    scratch_path(&p.folder, "seat", p.seat);
    scratch_path(&p.folder, "seat/replica", p.replica);
    scratch_path(&p.folder, "record.bundle", p.bundle);
    sim_open(&p.sim, 41, 2, 1);
    sim_start(&p.sim);
    (void)sim_say(&p.sim, 0, 0, bytes_str("good morning"));
    (void)sim_countersign(&p.sim, 0, 0);
    (void)sim_countersign(&p.sim, 1, 0);
    (void)sim_revoke(&p.sim, 1, 0);
    p.root = door_root(p.sim.door, p.sim.count);
    struct bytes note = sim_note(&p.sim, p.sim.count);
    must(folder_make(p.seat, &err) && store_create(p.replica, STORE_REPLICA, &s, &err), &err);
    must(door_new(&p.mem, &p.sim.table, &door, &err) &&
             store_meta_put(s, "table", ID_BYTES(p.sim.table), &err) && store_begin(s, &err),
         &err);
    for (size_t i = 0; i < p.sim.count; i++) {
        struct verified_act va;
        must(
            door_admit(door, DOOR_CHECK, p.sim.items[i].envelope, p.sim.items[i].blob, &va, &err) &&
                store_append(s, &va, 1, (struct bytes){0}, &err),
            &err);
    }
    must(store_append(s, NULL, 0, note, &err) && store_commit(s, &err), &err);
    door_free(door);
    store_close(s);
    arena_rewind(&p.mem, 0);
    buf_init(&p.raw, 1u << 20);
    record_bundle(&p.sim, &p.raw);
    must(file_create(p.bundle, FILE_PLAIN, buf_bytes(&p.raw), &err), &err);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    buf_free(&p->raw);
    sim_close(&p->sim);
    test_arena_free(&p->mem);
    scratch_free(&p->folder);
    return 0;
}

int main(void)
{
#define CHECK_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CHECK_TEST(test_rows),
        CHECK_TEST(test_file),
        CHECK_TEST(test_bundle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
