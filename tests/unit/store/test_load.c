/* SPDX-License-Identifier: Apache-2.0
 *
 * The record through a door again: quick, checked, with workers; altered bytes named by act.
 */
#include <sqlite3.h>

#include "lib/record_sim.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "os/pool.h"
#include "store/store.h"

struct place {
    struct scratch folder;
    char path[SCRATCH_PATH_MAX];
    struct record_sim sim;
    struct store *s;
    struct arena mem;
    struct door *door;
    struct err err;
};

static bool keep(void *ctx, const struct verified_act *va, struct err *err)
{
    return store_append(ctx, va, 1, (struct bytes){0}, err);
}

static void fresh_door(struct place *p)
{
    door_free(p->door);
    p->door = NULL;
    arena_rewind(&p->mem, 0);
    assert_true(door_new(&p->mem, &p->sim.table, &p->door, &p->err));
}

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new(), .mem = test_arena(4u << 20)};
    struct arena scratch = test_arena(8u << 20);
    scratch_path(&p.folder, "record", p.path);
    sim_open(&p.sim, 21, 3, 2);
    sim_start(&p.sim);
    for (uint32_t i = 0; i < 40; i++) {
        (void)sim_say(&p.sim, i % 3, 0, bytes_str("words")); /* read back below */
        if (i % 10 == 0) {
            (void)sim_countersign(&p.sim, i % 3, 0);
        }
    }
    assert_true(store_create(p.path, STORE_REPLICA, &p.s, &p.err));
    fresh_door(&p);
    assert_true(store_begin(p.s, &p.err));
    assert_true(door_admit_all(p.door, DOOR_CHECK, p.sim.items, p.sim.count, NULL, &scratch, keep,
                               p.s, &p.err));
    assert_true(store_commit(p.s, &p.err));
    test_arena_free(&scratch);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    door_free(p->door);
    store_close(p->s);
    sim_close(&p->sim);
    scratch_free(&p->folder);
    test_arena_free(&p->mem);
    return 0;
}

struct seen {
    struct place *p;
    uint64_t next;
    uint64_t blobs;
    uint64_t stop_at;
};

static bool look(void *ctx, const struct verified_act *va, struct err *err)
{
    struct seen *seen = ctx;
    const struct door_item *item = &seen->p->sim.items[va->index];
    assert_int_equal(va->index, seen->next++);
    assert_true(bytes_eq(va->act.raw, item->envelope));
    if (va->blob.n > 0) {
        assert_true(bytes_eq(va->blob, item->blob));
        seen->blobs++;
    }
    if (seen->stop_at > 0 && seen->next == seen->stop_at) {
        return err_set(err, ERR_STATE, "enough");
    }
    return true;
}

static void assert_whole(struct place *p)
{
    assert_int_equal(door_size(p->door), p->sim.count);
    struct root_hash a = door_root(p->door, p->sim.count);
    struct root_hash b = door_root(p->sim.door, p->sim.count);
    assert_true(ID_EQ(a, b));
}

static void test_stored(void **state)
{
    struct place *p = *state;
    uint64_t control = 0;
    for (size_t i = 0; i < p->sim.count; i++) {
        struct act act;
        assert_true(act_decode(p->sim.items[i].envelope, &act, &p->err));
        control += act.control != CONTROL_SEALED;
    }
    struct seen seen = {.p = p};
    fresh_door(p);
    assert_true(store_load_door(p->s, p->door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_NONE, NULL,
                                look, &seen, &p->err));
    assert_whole(p);
    assert_int_equal(seen.next, p->sim.count);
    assert_int_equal(seen.blobs, control);
    fresh_door(p);
    seen = (struct seen){.p = p};
    assert_true(store_load_door(p->s, p->door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_ALL, NULL,
                                look, &seen, &p->err));
    assert_int_equal(seen.blobs, p->sim.count);
    /* Again is nothing to do. */
    assert_true(store_load_door(p->s, p->door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_ALL, NULL,
                                look, &seen, &p->err));
    assert_int_equal(seen.next, p->sim.count);
}

static void test_in_parts(void **state)
{
    struct place *p = *state;
    struct seen seen = {.p = p};
    fresh_door(p);
    assert_true(store_load_door(p->s, p->door, DOOR_STORED, 5, STORE_BLOBS_NONE, NULL, look, &seen,
                                &p->err));
    assert_int_equal(door_size(p->door), 5);
    assert_true(store_load_door(p->s, p->door, DOOR_CHECK, 20, STORE_BLOBS_NONE, NULL, look, &seen,
                                &p->err));
    assert_int_equal(door_size(p->door), 20);
    seen.stop_at = 24;
    assert_false(store_load_door(p->s, p->door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_NONE, NULL,
                                 look, &seen, &p->err));
    assert_string_equal(p->err.what, "enough");
    seen.stop_at = 0;
    seen.next = door_size(p->door);
    assert_true(store_load_door(p->s, p->door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_NONE, NULL,
                                look, &seen, &p->err));
    assert_whole(p);
}

static void test_with_workers(void **state)
{
    struct place *p = *state;
    struct pool *pool;
    struct arena mem = test_arena(1u << 20);
    struct seen seen = {.p = p};
    assert_true(pool_new(&mem, 3, &pool, &p->err));
    const struct door_workers workers = {.run = pool_run, .ctx = pool};
    fresh_door(p);
    assert_true(store_load_door(p->s, p->door, DOOR_CHECK, INDEX_NEVER, STORE_BLOBS_NONE, &workers,
                                look, &seen, &p->err));
    assert_whole(p);
    assert_int_equal(seen.blobs, p->sim.count);
    pool_free(pool);
    test_arena_free(&mem);
}

/* The sink may write to the same store, as the opened contents are kept. */
static bool keep_opened(void *ctx, const struct verified_act *va, struct err *err)
{
    char name[24];
    struct buf b;
    buf_over(&b, name, sizeof(name));
    buf_printf(&b, "open/%llu", (unsigned long long)va->index);
    return store_sealed_put(ctx, buf_bytes(&b), va->act.raw, err);
}

static void test_sink_writes(void **state)
{
    struct place *p = *state;
    struct bytes got;
    fresh_door(p);
    assert_true(store_begin(p->s, &p->err));
    assert_true(store_load_door(p->s, p->door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_NONE, NULL,
                                keep_opened, p->s, &p->err));
    assert_true(store_commit(p->s, &p->err));
    assert_true(store_sealed_get(p->s, bytes_str("open/17"), &p->mem, &got, &p->err));
    assert_true(bytes_eq(got, p->sim.items[17].envelope));
}

/* One bit of a stored envelope or blob: DOOR_CHECK says which act it is. */
static void altered(struct place *p, uint64_t index, const char *table, size_t at)
{
    sqlite3 *db;
    char sql[512], name[32];
    struct buf b;
    bool leaf = table[0] == 'l';
    const struct door_item *item = &p->sim.items[index];
    const uint8_t *bytes = leaf ? item->envelope.p : item->blob.p;
    at %= leaf ? item->envelope.n : item->blob.n;
    for (int flip = 1; flip >= 0; flip--) {
        const char *column = leaf ? "envelope" : "bytes";
        buf_over(&b, sql, sizeof(sql));
        buf_printf(&b,
                   "UPDATE %s SET %s = CAST(substr(%s, 1, %zu) || x'%02x' || substr(%s, %zu)"
                   " AS BLOB) WHERE %s = %llu",
                   table, column, column, at, (unsigned)(bytes[at] ^ (flip != 0 ? 0x40 : 0)),
                   column, at + 2, leaf ? "idx" : "id",
                   (unsigned long long)(leaf ? index : index + 1));
        assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, buf_str(&b), NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        fresh_door(p);
        bool ok = store_load_door(p->s, p->door, DOOR_CHECK, INDEX_NEVER, STORE_BLOBS_NONE, NULL,
                                  NULL, NULL, &p->err);
        assert_int_equal(ok, flip == 0);
        if (flip != 0) {
            assert_int_equal(door_size(p->door), index);
            buf_over(&b, name, sizeof(name));
            buf_printf(&b, "act %llu", (unsigned long long)index);
            assert_true(strstr(p->err.where, buf_str(&b)) != NULL ||
                        strstr(p->err.what, buf_str(&b)) != NULL);
        }
    }
}

static void test_altered(void **state)
{
    struct place *p = *state;
    for (size_t i = 0; i < 12; i++) {
        altered(p, (7 * i) % p->sim.count, i % 2 == 0 ? "leaf" : "blob", 37 * i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stored, setup, teardown),
        cmocka_unit_test_setup_teardown(test_in_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_with_workers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sink_writes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_altered, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
