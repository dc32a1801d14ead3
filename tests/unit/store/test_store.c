/* SPDX-License-Identifier: Apache-2.0
 *
 * How the file is made and opened, and what is in it.
 */
#include "store/store.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "lib/scratch.h"
#include "lib/test.h"
#include "os/file.h"

struct place {
    struct scratch folder;
    char path[SCRATCH_PATH_MAX];
    struct err err;
};

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new()};
    scratch_path(&p.folder, "record", p.path);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    scratch_free(&p->folder);
    return 0;
}

static void make(struct place *p, enum store_kind kind)
{
    struct store *s;
    assert_true(store_create(p->path, kind, &s, &p->err));
    store_close(s);
}

static bool opens(struct place *p, enum store_kind kind)
{
    struct store *s;
    if (!store_open(p->path, kind, STORE_WRITE, &s, &p->err)) {
        return false;
    }
    store_close(s);
    return true;
}

static void test_create(void **state)
{
    struct place *p = *state;
    struct store *s;
    make(p, STORE_REPLICA);
    struct stat st;
    assert_int_equal(stat(p->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_false(store_create(p->path, STORE_REPLICA, &s, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(opens(p, STORE_REPLICA));
    assert_false(opens(p, STORE_HOST));
    assert_int_equal(p->err.code, ERR_FORMAT);
}

static void test_open_refuses(void **state)
{
    struct place *p = *state;
    struct store *s;
    assert_false(opens(p, STORE_REPLICA));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(
        file_create(p->path, FILE_PLAIN, bytes_str("a letter, and no record at all"), &p->err));
    assert_false(opens(p, STORE_REPLICA));
    assert_int_equal(p->err.code, ERR_FORMAT);
    assert_false(store_create(p->path, STORE_REPLICA, &s, &p->err));
    assert_int_equal(p->err.code, ERR_FORMAT);
    char dir[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "none/record", dir);
    assert_false(store_create(dir, STORE_REPLICA, &s, &p->err));
}

/* An empty file is what a crash of store_create leaves at its worst. */
static void test_create_after_crash(void **state)
{
    struct place *p = *state;
    assert_true(file_create(p->path, FILE_SECRET, (struct bytes){0}, &p->err));
    assert_false(opens(p, STORE_HOST));
    make(p, STORE_HOST);
    assert_true(opens(p, STORE_HOST));
}

static void meddle(struct place *p, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_foreign_tables(void **state)
{
    struct place *p = *state;
    static const char *const changes[][2] = {
        {"CREATE TABLE extra (a)", "DROP TABLE extra"},
        {"CREATE VIEW peek AS SELECT 1", "DROP VIEW peek"},
        {"CREATE TRIGGER t AFTER INSERT ON leaf BEGIN DELETE FROM leaf; END", "DROP TRIGGER t"},
        {"CREATE INDEX i ON leaf (control)", "DROP INDEX i"},
        {"PRAGMA user_version = 2", "PRAGMA user_version = 1"},
        {"PRAGMA application_id = 7", "PRAGMA application_id = 1701737544"},
    };
    make(p, STORE_HOST);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        meddle(p, changes[i][0]);
        assert_false(opens(p, STORE_HOST));
        assert_int_equal(p->err.code, ERR_FORMAT);
        meddle(p, changes[i][1]);
        assert_true(opens(p, STORE_HOST));
    }
    meddle(p, "DROP TABLE blob");
    assert_false(opens(p, STORE_HOST));
    assert_int_equal(p->err.code, ERR_FORMAT);
}

/* What a host can keep is what its tables have columns for: this list is the whole of it. */
static void test_host_columns(void **state)
{
    struct place *p = *state;
    static const char *const want[] = {
        "blob.bytes",   "blob.id",       "blob.sha", "leaf.blob",
        "leaf.control", "leaf.envelope", "leaf.idx",
    };
    sqlite3 *db;
    sqlite3_stmt *st;
    make(p, STORE_HOST);
    assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT m.name || '.' || c.name FROM sqlite_schema m,"
                                        " pragma_table_info(m.name) c WHERE m.type = 'table'"
                                        " ORDER BY 1",
                                        -1, &st, NULL),
                     SQLITE_OK);
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_int_equal(sqlite3_step(st), SQLITE_ROW);
        assert_string_equal((const char *)sqlite3_column_text(st, 0), want[i]);
    }
    assert_int_equal(sqlite3_step(st), SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static bool visit_nothing(void *ctx, struct bytes key, struct bytes value, struct err *err)
{
    (void)ctx;
    (void)key;
    (void)value;
    (void)err;
    return true;
}

/* A host's file refuses what only a replica keeps. */
static void test_host_keeps_acts_alone(void **state)
{
    struct place *p = *state;
    struct store *s;
    struct arena mem = test_arena(4096);
    struct bytes got, v = bytes_str("v");
    struct kid16 kid = {{0}};
    assert_true(store_create(p->path, STORE_HOST, &s, &p->err));
    assert_false(store_meta_put(s, "a", v, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_false(store_meta_get(s, "a", &mem, &got, &p->err));
    assert_false(store_note(s, &mem, &got, &p->err));
    assert_false(store_append(s, NULL, 0, v, &p->err));
    assert_false(store_sealed_put(s, v, v, &p->err));
    assert_false(store_sealed_get(s, v, &mem, &got, &p->err));
    assert_false(store_sealed_each(s, v, visit_nothing, NULL, &p->err));
    assert_false(store_sealed_drop(s, v, &p->err));
    assert_false(store_outbox_put(s, v, v, &p->err));
    assert_false(store_outbox_drop(s, &kid, 0, 0, &p->err));
    assert_false(store_evidence_put(s, v, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    store_close(s);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_create, setup, teardown),
        cmocka_unit_test_setup_teardown(test_open_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(test_create_after_crash, setup, teardown),
        cmocka_unit_test_setup_teardown(test_foreign_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(test_host_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(test_host_keeps_acts_alone, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
