/* SPDX-License-Identifier: Apache-2.0
 *
 * Note, meta, sealed, outbox, evidence.
 */
#include "store/store.h"

#include "lib/record_sim.h"
#include "lib/scratch.h"
#include "lib/test.h"

struct place {
    struct scratch folder;
    char path[SCRATCH_PATH_MAX];
    struct store *s;
    struct arena mem;
    struct record_sim sim; /* for its keys */
    struct err err;
};

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new(), .mem = test_arena(1 << 22)};
    scratch_path(&p.folder, "replica", p.path);
    sim_open(&p.sim, 7, 2, 2);
    assert_true(store_create(p.path, STORE_REPLICA, &p.s, &p.err));
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    store_close(p->s);
    sim_close(&p->sim);
    scratch_free(&p->folder);
    test_arena_free(&p->mem);
    return 0;
}

static void reopen(struct place *p)
{
    store_close(p->s);
    assert_true(store_open(p->path, STORE_REPLICA, STORE_WRITE, &p->s, &p->err));
}

static void assert_meta(struct place *p, const char *key, const char *want)
{
    struct bytes got = {.n = 5};
    assert_true(store_meta_get(p->s, key, &p->mem, &got, &p->err));
    assert_true(bytes_eq(got, bytes_str(want)));
}

static void test_meta(void **state)
{
    struct place *p = *state;
    assert_meta(p, "a", "");
    assert_true(store_meta_put(p->s, "a", bytes_str("one"), &p->err));
    assert_true(store_meta_put(p->s, "b", bytes_str("two"), &p->err));
    assert_true(store_meta_put(p->s, "a", bytes_str("three"), &p->err));
    reopen(p);
    assert_meta(p, "a", "three");
    assert_meta(p, "b", "two");
    assert_true(store_meta_put(p->s, "a", (struct bytes){0}, &p->err));
    assert_meta(p, "a", "");
    assert_false(store_meta_put(p->s, "", bytes_str("x"), &p->err));
    static const uint8_t zeros[STORE_META_MAX + 1];
    assert_false(store_meta_put(p->s, "a", bytes_of(zeros, sizeof(zeros)), &p->err));
    assert_int_equal(p->err.code, ERR_LIMIT);
    assert_true(store_meta_put(p->s, "a", bytes_of(zeros, sizeof(zeros) - 1), &p->err));
}

struct seen {
    char names[200];
    size_t count;
    size_t stop_at;
};

static bool take_sealed(void *ctx, struct bytes key, struct bytes value, struct err *err)
{
    struct seen *seen = ctx;
    size_t n = strlen(seen->names);
    assert_true(n + key.n + value.n + 3 < sizeof(seen->names));
    for (size_t i = 0; i < key.n; i++) {
        seen->names[n++] = key.p[i] == 0xff ? '#' : (char)key.p[i];
    }
    seen->names[n++] = '=';
    memcpy(seen->names + n, value.p, value.n);
    seen->names[n + value.n] = ' ';
    if (++seen->count == seen->stop_at) {
        return err_set(err, ERR_STATE, "enough");
    }
    return true;
}

static void assert_sealed(struct place *p, const char *prefix, const char *want)
{
    struct seen seen = {0};
    assert_true(store_sealed_each(p->s, bytes_str(prefix), take_sealed, &seen, &p->err));
    assert_string_equal(seen.names, want);
}

static void seal(struct place *p, const char *key, const char *value)
{
    assert_true(store_sealed_put(p->s, bytes_str(key), bytes_str(value), &p->err));
}

static void test_sealed(void **state)
{
    struct place *p = *state;
    seal(p, "open/2", "two");
    seal(p, "open/10", "ten");
    seal(p, "epoch", "E");
    seal(p, "opfn", "x");
    seal(p, "\xff\xff", "f");
    seal(p, "open/2", "TWO");
    reopen(p);
    assert_sealed(p, "open/", "open/10=ten open/2=TWO ");
    assert_sealed(p, "", "epoch=E open/10=ten open/2=TWO opfn=x ##=f ");
    assert_sealed(p, "zz", "");
    struct bytes got;
    assert_true(store_sealed_get(p->s, bytes_str("epoch"), &p->mem, &got, &p->err));
    assert_true(bytes_eq(got, bytes_str("E")));
    assert_true(store_sealed_get(p->s, bytes_str("epochs"), &p->mem, &got, &p->err));
    assert_int_equal(got.n, 0);
    struct seen seen = {.stop_at = 2};
    assert_false(store_sealed_each(p->s, bytes_str(""), take_sealed, &seen, &p->err));
    assert_string_equal(p->err.what, "enough");
    assert_int_equal(seen.count, 2);
    assert_true(store_sealed_drop(p->s, bytes_str("open/"), &p->err));
    assert_sealed(p, "", "epoch=E opfn=x ##=f ");
    assert_true(store_sealed_drop(p->s, bytes_str("\xff"), &p->err));
    assert_sealed(p, "", "epoch=E opfn=x ");
    assert_true(store_sealed_put(p->s, bytes_str("epoch"), (struct bytes){0}, &p->err));
    assert_sealed(p, "", "opfn=x ");
    assert_true(store_sealed_drop(p->s, (struct bytes){0}, &p->err));
    assert_sealed(p, "", "");
}

/* An envelope of a seat; what it says does not matter here. */
static struct bytes envelope(struct place *p, uint32_t seat, uint32_t term, uint64_t n,
                             struct bytes blob)
{
    struct act a = {.n = n, .blob = digest_plain(blob), .blob_length = blob.n, .term = term};
    a.prev.b[0] = n > 0;
    a.commit.b[3] = 3;
    return sim_sign(&p->sim, 1, seat, &a, blob).envelope;
}

struct rows {
    struct bytes envelope[8];
    struct bytes blob[8];
    size_t count;
    struct arena *mem;
};

static bool take_row(void *ctx, uint64_t index, struct bytes e, struct bytes blob, struct err *err)
{
    (void)err;
    struct rows *rows = ctx;
    assert_int_equal(index, rows->count);
    rows->envelope[rows->count] = arena_copy(rows->mem, e);
    rows->blob[rows->count++] = arena_copy(rows->mem, blob);
    return true;
}

static void test_outbox(void **state)
{
    struct place *p = *state;
    struct bytes blob1 = bytes_str("first"), blob2 = bytes_str("second");
    struct bytes a0 = envelope(p, 1, 0, 0, blob1), a0b = envelope(p, 1, 0, 0, blob2);
    struct bytes a1 = envelope(p, 1, 0, 1, blob2), t0 = envelope(p, 1, 1, 0, blob1);
    struct bytes o0 = envelope(p, 0, 0, 0, blob1);
    assert_true(store_outbox_put(p->s, a0, blob1, &p->err));
    assert_true(store_outbox_put(p->s, a0, blob1, &p->err)); /* the same again */
    assert_false(store_outbox_put(p->s, a0b, blob2, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(p->err.mend[0] != 0);
    assert_false(store_outbox_put(p->s, a1, blob1, &p->err)); /* not its blob */
    assert_int_equal(p->err.code, ERR_VERIFY);
    assert_false(store_outbox_put(p->s, bytes_str("no act"), blob1, &p->err));
    assert_true(store_outbox_put(p->s, a1, blob2, &p->err));
    assert_true(store_outbox_put(p->s, t0, blob1, &p->err));
    assert_true(store_outbox_put(p->s, o0, blob1, &p->err));
    reopen(p);
    struct rows rows = {.mem = &p->mem};
    assert_true(store_outbox_each(p->s, take_row, &rows, &p->err));
    assert_int_equal(rows.count, 4);
    assert_true(bytes_eq(rows.envelope[0], a0));
    assert_true(bytes_eq(rows.blob[0], blob1));
    assert_true(bytes_eq(rows.envelope[1], a1));
    assert_true(bytes_eq(rows.blob[1], blob2));
    struct act act;
    assert_true(act_decode(a0, &act, &p->err));
    assert_true(store_outbox_drop(p->s, &act.kid, 0, 0, &p->err));
    assert_true(store_outbox_drop(p->s, &act.kid, 0, 0, &p->err));
    rows.count = 0;
    assert_true(store_outbox_each(p->s, take_row, &rows, &p->err));
    assert_int_equal(rows.count, 3);
    assert_true(bytes_eq(rows.envelope[0], a1));
    assert_true(store_outbox_put(p->s, a0b, blob2, &p->err)); /* after it was let go */
}

static void test_evidence(void **state)
{
    struct place *p = *state;
    assert_true(store_evidence_put(p->s, bytes_str("two roots"), &p->err));
    assert_true(store_evidence_put(p->s, bytes_str("another"), &p->err));
    assert_true(store_evidence_put(p->s, bytes_str("two roots"), &p->err));
    reopen(p);
    struct rows rows = {.mem = &p->mem};
    assert_true(store_evidence_each(p->s, take_row, &rows, &p->err));
    assert_int_equal(rows.count, 2);
    assert_true(bytes_eq(rows.envelope[0], bytes_str("two roots")));
    static const uint8_t zeros[STORE_EVIDENCE_MAX + 1];
    assert_false(store_evidence_put(p->s, bytes_of(zeros, sizeof(zeros)), &p->err));
    assert_int_equal(p->err.code, ERR_LIMIT);
}

static void test_transactions(void **state)
{
    struct place *p = *state;
    assert_true(store_begin(p->s, &p->err));
    assert_true(store_meta_put(p->s, "a", bytes_str("1"), &p->err));
    seal(p, "k", "v");
    store_rollback(p->s);
    assert_meta(p, "a", "");
    assert_sealed(p, "", "");
    store_rollback(p->s);

    assert_true(store_begin(p->s, &p->err));
    assert_true(store_meta_put(p->s, "a", bytes_str("1"), &p->err));
    seal(p, "k", "v");
    assert_meta(p, "a", "1");
    assert_true(store_commit(p->s, &p->err));
    reopen(p);
    assert_meta(p, "a", "1");
    assert_sealed(p, "", "k=v ");

    assert_true(store_begin(p->s, &p->err));
    assert_true(store_meta_put(p->s, "a", bytes_str("2"), &p->err));
    reopen(p); /* an open one is undone */
    assert_meta(p, "a", "1");

    /* A write that fails takes the whole of it along. */
    struct bytes blob = bytes_str("b");
    assert_true(store_outbox_put(p->s, envelope(p, 1, 0, 0, blob), blob, &p->err));
    assert_true(store_begin(p->s, &p->err));
    assert_true(store_meta_put(p->s, "a", bytes_str("3"), &p->err));
    blob = bytes_str("c");
    assert_false(store_outbox_put(p->s, envelope(p, 1, 0, 0, blob), blob, &p->err));
    assert_false(store_meta_put(p->s, "a", bytes_str("4"), &p->err));
    assert_false(store_commit(p->s, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_meta(p, "a", "1");
    assert_true(store_meta_put(p->s, "a", bytes_str("5"), &p->err));
}

static void test_read_only(void **state)
{
    struct place *p = *state;
    struct store *r;
    assert_true(store_meta_put(p->s, "a", bytes_str("1"), &p->err));
    assert_true(store_open(p->path, STORE_REPLICA, STORE_READ, &r, &p->err));
    struct bytes got;
    assert_true(store_meta_get(r, "a", &p->mem, &got, &p->err));
    assert_true(bytes_eq(got, bytes_str("1")));
    assert_true(store_meta_put(p->s, "a", bytes_str("2"), &p->err)); /* while it is open */
    assert_true(store_meta_get(r, "a", &p->mem, &got, &p->err));
    assert_true(bytes_eq(got, bytes_str("2")));
    assert_false(store_meta_put(r, "a", bytes_str("3"), &p->err));
    assert_int_equal(p->err.code, ERR_IO);
    store_close(r);
}

/* Values that no longer fit the arena of the reader. */
static void test_no_room(void **state)
{
    struct place *p = *state;
    struct arena small = test_arena(8);
    struct bytes got = {.n = 3};
    assert_true(store_meta_put(p->s, "a", bytes_str("longer than that"), &p->err));
    assert_false(store_meta_get(p->s, "a", &small, &got, &p->err));
    assert_int_equal(p->err.code, ERR_MEMORY);
    assert_int_equal(got.n, 3);
    test_arena_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_meta, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sealed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_outbox, setup, teardown),
        cmocka_unit_test_setup_teardown(test_evidence, setup, teardown),
        cmocka_unit_test_setup_teardown(test_transactions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_read_only, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_room, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
