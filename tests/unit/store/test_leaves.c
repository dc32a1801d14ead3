/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of the record, with acts made by hand: the store looks at no field but hashes, index
 * and kind.  Crashes at every step of an append; a full disk; altered bytes.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/test.h"
#include "lib/vfs_shim.h"
#include "store/store.h"

#define ACTS 12u

struct place {
    struct scratch folder;
    char path[SCRATCH_PATH_MAX];
    struct store *s;
    struct arena mem;
    struct verified_act acts[ACTS];
    struct err err;
};

/* Act i: envelope and blob of a content and size of its own; two of them share a blob. */
static struct verified_act loose_act(struct place *p, uint64_t i)
{
    struct verified_act va = {.index = i};
    size_t blob = i == 7 ? 5 : i;
    size_t n = blob == 3 ? 70000 : blob == 4 ? 0 : 900 + 37 * blob;
    uint8_t *bytes = ARENA_NEW(&p->mem, uint8_t, n);
    char *raw = arena_printf(&p->mem, "envelope %llu ...............................",
                             (unsigned long long)i);
    assert_non_null(raw);
    assert_non_null(bytes);
    memset(bytes, (int)('a' + blob), n);
    va.act.raw = bytes_str(raw);
    va.act.control = i == 0 ? CONTROL_FOUND : CONTROL_SEALED;
    va.blob = bytes_of(bytes, n);
    va.act.blob = digest_plain(va.blob);
    va.act.blob_length = n;
    va.leaf = leaf_hash_of(va.act.raw);
    return va;
}

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new(), .mem = test_arena(4u << 20)};
    scratch_path(&p.folder, "record", p.path);
    vfs_shim_install();
    for (uint64_t i = 0; i < ACTS; i++) {
        p.acts[i] = loose_act(&p, i);
    }
    assert_true(store_create(p.path, STORE_REPLICA, &p.s, &p.err));
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    vfs_faults_set(NULL);
    store_close(p->s);
    scratch_free(&p->folder);
    test_arena_free(&p->mem);
    return 0;
}

static bool append(struct place *p, uint64_t from, uint64_t to)
{
    return store_append(p->s, p->acts + from, to - from, (struct bytes){0}, &p->err);
}

static void reopen(struct place *p)
{
    store_close(p->s);
    p->s = NULL;
    assert_true(store_open(p->path, STORE_REPLICA, STORE_WRITE, &p->s, &p->err));
}

static uint64_t size_of(struct place *p)
{
    uint64_t n = 999;
    assert_true(store_size(p->s, &n, &p->err));
    return n;
}

struct visited {
    struct place *p;
    uint64_t next;
    enum store_blobs blobs;
};

static bool visit(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                  struct err *err)
{
    (void)err;
    struct visited *v = ctx;
    const struct verified_act *want = &v->p->acts[index];
    assert_int_equal(index, v->next++);
    assert_true(bytes_eq(envelope, want->act.raw));
    bool given = v->blobs == STORE_BLOBS_ALL ||
                 (v->blobs == STORE_BLOBS_CONTROL && want->act.control != CONTROL_SEALED);
    assert_true(bytes_eq(blob, given ? want->blob : (struct bytes){0}));
    return true;
}

/* Exactly the first n acts are there, whole. */
static void assert_holds(struct place *p, uint64_t n)
{
    assert_int_equal(size_of(p), n);
    struct visited v = {.p = p, .blobs = STORE_BLOBS_ALL};
    assert_true(store_each(p->s, 0, INDEX_NEVER, v.blobs, visit, &v, &p->err));
    assert_int_equal(v.next, n);
}

static void test_append_and_read(void **state)
{
    struct place *p = *state;
    assert_holds(p, 0);
    assert_true(append(p, 0, 1));
    assert_true(append(p, 1, ACTS - 1));
    assert_holds(p, ACTS - 1);
    reopen(p);
    assert_holds(p, ACTS - 1);
    for (enum store_blobs blobs = STORE_BLOBS_NONE; blobs <= STORE_BLOBS_CONTROL; blobs++) {
        struct visited v = {.p = p, .next = 0, .blobs = blobs};
        assert_true(store_each(p->s, 0, ACTS, blobs, visit, &v, &p->err));
        assert_int_equal(v.next, ACTS - 1);
    }
    struct visited part = {.p = p, .next = 2, .blobs = STORE_BLOBS_ALL};
    assert_true(store_each(p->s, 2, 5, part.blobs, visit, &part, &p->err));
    assert_int_equal(part.next, 5);
    assert_true(store_each(p->s, 5, 5, part.blobs, visit, &part, &p->err));
    assert_true(store_each(p->s, INDEX_NEVER - 1, INDEX_NEVER, part.blobs, visit, &part, &p->err));
    assert_int_equal(part.next, 5);

    struct bytes got;
    bool there;
    struct buf b;
    buf_init(&b, 1u << 20);
    uint64_t total = 0;
    for (uint64_t i = 0; i < ACTS - 1; i++) {
        const struct verified_act *va = &p->acts[i];
        assert_true(store_read_leaf(p->s, i, &p->mem, &got, &p->err));
        assert_true(bytes_eq(got, va->act.raw));
        assert_true(store_read_blob(p->s, &va->act.blob, &p->mem, &got, &p->err));
        assert_true(bytes_eq(got, va->blob));
        buf_clear(&b);
        assert_true(store_read_blob_into(p->s, &va->act.blob, &b, &p->err));
        assert_true(bytes_eq(buf_bytes(&b), va->blob));
        assert_true(store_has_blob(p->s, &va->act.blob, &there, &p->err));
        assert_true(there);
        total += va->act.raw.n + (i == 7 ? 0 : va->blob.n);
    }
    buf_free(&b);
    uint64_t bytes;
    assert_true(store_bytes(p->s, &bytes, &p->err));
    assert_int_equal(bytes, total);
    assert_true(store_has_blob(p->s, &p->acts[ACTS - 1].act.blob, &there, &p->err));
    assert_false(there);
    assert_false(store_read_blob(p->s, &p->acts[ACTS - 1].act.blob, &p->mem, &got, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_false(store_read_leaf(p->s, ACTS, &p->mem, &got, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_false(store_read_leaf(p->s, INDEX_NEVER, &p->mem, &got, &p->err));
}

static void test_order(void **state)
{
    struct place *p = *state;
    assert_false(append(p, 1, 2));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(append(p, 0, 3));
    assert_false(append(p, 2, 4));
    assert_false(append(p, 4, 5));
    struct verified_act gap[2] = {p->acts[3], p->acts[5]};
    assert_false(store_append(p->s, gap, 2, (struct bytes){0}, &p->err));
    assert_holds(p, 3);
    assert_true(append(p, 3, 3));
    assert_holds(p, 3);
}

/* What reads back other than it was verified is not kept. */
static void test_read_back(void **state)
{
    struct place *p = *state;
    assert_true(append(p, 0, 1));
    struct verified_act bad[2] = {p->acts[1], p->acts[2]};
    bad[1].leaf.b[0] ^= 1;
    assert_false(store_append(p->s, bad, 2, (struct bytes){0}, &p->err));
    assert_int_equal(p->err.code, ERR_VERIFY);
    assert_non_null(strstr(p->err.what, "act 2"));
    assert_true(p->err.mend[0] != 0);
    bad[1] = p->acts[2];
    bad[1].blob = (struct bytes){0}; /* as DOOR_STORED leaves it */
    assert_false(store_append(p->s, bad, 2, (struct bytes){0}, &p->err));
    assert_int_equal(p->err.code, ERR_VERIFY);
    assert_holds(p, 1);
}

static void test_note(void **state)
{
    struct place *p = *state;
    struct bytes got = {.n = 4};
    assert_true(store_note(p->s, &p->mem, &got, &p->err));
    assert_int_equal(got.n, 0);
    assert_true(store_append(p->s, p->acts, 2, bytes_str("note at 2"), &p->err));
    assert_true(append(p, 2, 3));
    assert_true(store_append(p->s, NULL, 0, bytes_str("note at 3"), &p->err));
    reopen(p);
    assert_true(store_note(p->s, &p->mem, &got, &p->err));
    assert_true(bytes_eq(got, bytes_str("note at 3")));
    assert_holds(p, 3);
}

static bool stop_at_two(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                        struct err *err)
{
    (void)envelope;
    (void)blob;
    unsigned *calls = ctx;
    (*calls)++;
    return index < 2 || err_set(err, ERR_STATE, "enough");
}

static void test_visit_stops(void **state)
{
    struct place *p = *state;
    unsigned calls = 0;
    assert_true(append(p, 0, 6));
    assert_false(store_each(p->s, 0, 6, STORE_BLOBS_NONE, stop_at_two, &calls, &p->err));
    assert_string_equal(p->err.what, "enough");
    assert_int_equal(calls, 3);
    assert_true(append(p, 6, 7)); /* nothing was left open */
}

/* ---- crashes ---- */

/* In a child: appends acts one by one, telling each through the pipe once it is acknowledged. */
static _Noreturn void child_appends(struct place *p, struct vfs_faults *faults, int tell)
{
    struct store *s;
    struct err err = {0};
    vfs_faults_set(faults);
    if (!store_open(p->path, STORE_REPLICA, STORE_WRITE, &s, &err)) {
        _exit(2);
    }
    for (size_t i = 1; i < 5; i++) {
        if (!store_append(s, &p->acts[i], 1, (struct bytes){0}, &err)) {
            _exit(3);
        }
        if (write(tell, "x", 1) != 1) {
            _exit(4);
        }
    }
    store_close(s);
    _exit(0);
}

/* Runs it with a fault at the n-th step; how many were acknowledged.  *out_done: no fault came. */
static uint64_t crash_at(struct place *p, enum vfs_fault how, uint64_t nth, bool *out_done)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct vfs_faults faults = {.steps = VFS_ANY, .fault_in = nth, .how = how};
        child_appends(p, &faults, ends[1]);
    }
    assert_int_equal(close(ends[1]), 0);
    char c;
    uint64_t acknowledged = 0;
    while (read(ends[0], &c, 1) == 1) {
        acknowledged++;
    }
    assert_int_equal(close(ends[0]), 0);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    *out_done = WIFEXITED(status);
    return acknowledged;
}

static void copy(const char *from, const char *to)
{
    static char room[1 << 20];
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(in >= 0 && out >= 0);
    ssize_t n = read(in, room, sizeof(room));
    assert_true(n >= 0 && (size_t)n < sizeof(room));
    assert_int_equal(write(out, room, (size_t)n), n);
    assert_int_equal(close(in), 0);
    assert_int_equal(close(out), 0);
}

/* What was acknowledged is there, whole; of what was not, at most one act, whole too. */
static void crash_everywhere(struct place *p, enum vfs_fault how)
{
    char kept[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "kept", kept);
    assert_true(append(p, 0, 1));
    store_close(p->s);
    p->s = NULL;
    copy(p->path, kept);
    bool done = false;
    for (uint64_t nth = 1; !done; nth++) {
        assert_true(nth < 200);
        uint64_t acknowledged = crash_at(p, how, nth, &done);
        assert_true(store_open(p->path, STORE_REPLICA, STORE_WRITE, &p->s, &p->err));
        uint64_t n = size_of(p);
        assert_in_range(n, 1 + acknowledged, 2 + acknowledged);
        assert_holds(p, n);
        assert_true(append(p, n, n + 1)); /* and it goes on from there */
        assert_holds(p, n + 1);
        store_close(p->s);
        p->s = NULL;
        if (!done) {
            copy(kept, p->path); /* back to one act; SQLite has removed its journal */
        } else {
            assert_int_equal(acknowledged, 4);
            assert_true(nth > 8); /* at least a write and a flush an act */
        }
    }
}

static void test_kill(void **state)
{
    crash_everywhere(*state, VFS_KILL);
}

static void test_power_cut(void **state)
{
    crash_everywhere(*state, VFS_CUT);
}

/* ---- a disk that fails ---- */

static void fail_everywhere(struct place *p, int code, unsigned steps, bool stays)
{
    struct vfs_faults faults = {.steps = steps, .how = VFS_FAIL, .code = code, .stays = stays};
    assert_true(append(p, 0, 1));
    uint64_t held = 1;
    for (uint64_t nth = 1; held < ACTS; nth++) {
        assert_true(nth < 100);
        faults.seen = 0;
        faults.fault_in = nth;
        vfs_faults_set(&faults);
        bool ok = append(p, held, held + 1);
        vfs_faults_set(NULL);
        if (ok) {
            held++;
            assert_holds(p, held);
            if (faults.seen < nth) {
                return; /* no step is left to fail */
            }
            continue;
        }
        assert_int_equal(p->err.code, ERR_IO);
        assert_true(p->err.mend[0] != 0);
        if ((code & 0xff) == SQLITE_FULL) {
            assert_non_null(strstr(p->err.what, "full"));
        }
        assert_holds(p, held);
        reopen(p);
        /* A commit whose flush failed may turn up later; it is whole then, and the next one. */
        uint64_t after = size_of(p);
        assert_in_range(after, held, held + 1);
        assert_holds(p, after);
        held = after;
    }
}

static void test_disk_full(void **state)
{
    fail_everywhere(*state, SQLITE_FULL, VFS_WRITE, true);
}

static void test_flush_fails(void **state)
{
    fail_everywhere(*state, SQLITE_IOERR_FSYNC, VFS_SYNC, true);
}

static void test_write_fails_once(void **state)
{
    fail_everywhere(*state, SQLITE_IOERR_WRITE, VFS_WRITE | VFS_SYNC, false);
}

/* ---- altered bytes ---- */

/* Flips one bit at every place of the stored blob, where it can be found in the file. */
static void test_altered_blob(void **state)
{
    struct place *p = *state;
    const struct verified_act *va = &p->acts[2];
    assert_true(append(p, 0, 3));
    store_close(p->s); /* all is in the one file then */
    p->s = NULL;
    static uint8_t raw[1 << 20];
    int fd = open(p->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t n = read(fd, raw, sizeof(raw));
    assert_true(n > 0);
    size_t at = 0;
    while (at + va->blob.n <= (size_t)n && memcmp(raw + at, va->blob.p, va->blob.n) != 0) {
        at++;
    }
    assert_true(at + va->blob.n <= (size_t)n);
    for (size_t i = 0; i < va->blob.n; i += 191) {
        uint8_t b = (uint8_t)(va->blob.p[i] ^ 0x20);
        struct bytes got;
        assert_int_equal(pwrite(fd, &b, 1, (off_t)(at + i)), 1);
        assert_true(store_open(p->path, STORE_REPLICA, STORE_READ, &p->s, &p->err));
        assert_false(store_read_blob(p->s, &va->act.blob, &p->mem, &got, &p->err));
        assert_int_equal(p->err.code, ERR_VERIFY);
        struct id_hex hex = id_hex(va->act.blob.b);
        hex.s[ID_SHOWN] = 0;
        assert_non_null(strstr(p->err.what, hex.s));
        assert_true(p->err.mend[0] != 0);
        store_close(p->s);
        p->s = NULL;
        assert_int_equal(pwrite(fd, &va->blob.p[i], 1, (off_t)(at + i)), 1);
    }
    assert_int_equal(close(fd), 0);
}

/* Any single bit of the file: never a wrong answer that is not told, never a crash. */
static void test_any_bit(void **state)
{
    struct place *p = *state;
    assert_true(append(p, 0, 3));
    store_close(p->s);
    p->s = NULL;
    int fd = open(p->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    off_t end = lseek(fd, 0, SEEK_END);
    for (off_t at = 0; at < end; at += 211) {
        uint8_t good, bad;
        assert_int_equal(pread(fd, &good, 1, at), 1);
        bad = (uint8_t)(good ^ (1u << (at % 8)));
        assert_int_equal(pwrite(fd, &bad, 1, at), 1);
        struct bytes got;
        struct arena mem = test_arena(1 << 18);
        if (store_open(p->path, STORE_REPLICA, STORE_READ, &p->s, &p->err)) {
            for (size_t i = 0; i < 3; i++) {
                if (store_read_blob(p->s, &p->acts[i].act.blob, &mem, &got, &p->err)) {
                    assert_true(bytes_eq(got, p->acts[i].blob));
                }
            }
        }
        store_close(p->s);
        p->s = NULL;
        test_arena_free(&mem);
        assert_int_equal(pwrite(fd, &good, 1, at), 1);
    }
    assert_int_equal(close(fd), 0);
}

static void meddle(struct place *p, const char *sql)
{
    sqlite3 *db;
    store_close(p->s);
    assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_true(store_open(p->path, STORE_REPLICA, STORE_WRITE, &p->s, &p->err));
}

/* Rows that are gone are missed by their index. */
static void test_missing_rows(void **state)
{
    struct place *p = *state;
    assert_true(append(p, 0, 6));
    meddle(p, "DELETE FROM blob WHERE id = 3");
    struct visited v = {.p = p, .blobs = STORE_BLOBS_ALL};
    assert_false(store_each(p->s, 0, 6, v.blobs, visit, &v, &p->err));
    assert_int_equal(p->err.code, ERR_FORMAT);
    assert_non_null(strstr(p->err.what, "blob of act 2"));
    meddle(p, "DELETE FROM leaf WHERE idx = 1");
    v = (struct visited){.p = p};
    assert_false(store_each(p->s, 0, 6, v.blobs, visit, &v, &p->err));
    assert_non_null(strstr(p->err.what, "act 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_append_and_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_note, setup, teardown),
        cmocka_unit_test_setup_teardown(test_visit_stops, setup, teardown),
        cmocka_unit_test_setup_teardown(test_kill, setup, teardown),
        cmocka_unit_test_setup_teardown(test_power_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flush_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_write_fails_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_altered_blob, setup, teardown),
        cmocka_unit_test_setup_teardown(test_any_bit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_missing_rows, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
