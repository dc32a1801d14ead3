/* SPDX-License-Identifier: Apache-2.0
 *
 * Noting acts: order, sameness, refusals, several processes, a crash at every step.
 */
#include <errno.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/host.h"
#include "lib/host_sim.h"
#include "lib/test.h"
#include "lib/vfs_shim.h"
#include "os/file.h"
#include "os/file_test.h"
#include "os/folder.h"
#include "record/proof.h"

static int setup(void **state)
{
    static struct host_sim hs;
    vfs_shim_install();
    host_sim_open(&hs);
    host_sim_found(&hs);
    *state = &hs;
    return 0;
}

static int teardown(void **state)
{
    vfs_faults_set(NULL);
    file_faults_set(NULL);
    host_sim_close(*state);
    return 0;
}

/* Posts one; the proof is the act's, under the host's key. */
static uint64_t post(struct host_sim *hs, const struct door_item *item)
{
    struct buf b;
    struct proof proof;
    struct checkpoint cp;
    uint64_t index = INDEX_NEVER;
    buf_init(&b, PROOF_BYTES_MAX);
    if (!host_post(hs->host, item->envelope, item->blob, &index, &b, &hs->err)) {
        fail_msg("%s", hs->err.what);
    }
    assert_true(proof_decode(buf_bytes(&b), &proof, &hs->err));
    struct leaf_hash leaf = leaf_hash_of(item->envelope);
    assert_int_equal(proof.index, index);
    assert_true(proof_check(&proof, &leaf, &hs->sim.found.host, &cp, &hs->err));
    assert_true(ID_EQ(cp.table, hs->sim.table));
    struct root_hash root = door_root(hs->sim.door, cp.size);
    assert_true(ID_EQ(cp.root, root));
    buf_free(&b);
    return index;
}

static void test_one_by_one(void **state)
{
    struct host_sim *hs = *state;
    (void)sim_say(&hs->sim, 1, 1, bytes_str("words")); /* the index is checked below */
    (void)sim_countersign(&hs->sim, 2, 0);
    for (size_t i = 0; i < hs->sim.count; i++) {
        assert_int_equal(post(hs, &hs->sim.items[i]), i);
    }
    for (size_t i = 0; i < hs->sim.count; i++) {
        assert_int_equal(post(hs, &hs->sim.items[i]), i); /* the same bytes, the same index */
    }
    host_sim_reopen(hs);
    assert_int_equal(post(hs, &hs->sim.items[3]), 3);
}

static void refused(struct host_sim *hs, struct bytes envelope, struct bytes blob)
{
    uint64_t index = 77;
    struct buf b;
    buf_init(&b, PROOF_BYTES_MAX);
    assert_false(host_post(hs->host, envelope, blob, &index, &b, &hs->err));
    assert_int_equal(index, 77);
    assert_int_equal(b.n, 0);
    assert_true(hs->err.what[0] != 0);
    buf_free(&b);
}

static void test_refusals(void **state)
{
    struct host_sim *hs = *state;
    host_sim_post(hs);
    struct bytes words = sim_seal(&hs->sim, bytes_str("words"));
    struct bytes other = sim_seal(&hs->sim, bytes_str("other"));
    struct door_item good = sim_make(&hs->sim, 1, 0, CONTROL_SEALED, words);
    refused(hs, good.envelope, other);
    refused(hs, bytes_str("no act"), words);
    struct act fields = sim_fields(&hs->sim, 1, 0, CONTROL_SEALED, words);
    fields.n++;
    struct door_item bad = sim_sign(&hs->sim, 1, 0, &fields, words);
    refused(hs, bad.envelope, bad.blob);
    fields = sim_fields(&hs->sim, 1, 0, CONTROL_SEALED, words);
    fields.seen_root.b[5] ^= 1;
    bad = sim_sign(&hs->sim, 1, 0, &fields, words);
    refused(hs, bad.envelope, bad.blob);
    struct bytes plain = bytes_str("readable, and no control act");
    bad = sim_make(&hs->sim, 1, 0, CONTROL_SEALED, plain);
    refused(hs, bad.envelope, bad.blob);
    uint64_t index = sim_post(&hs->sim, good);
    assert_int_equal(post(hs, &good), index); /* nothing of that stood in its way */
}

static void test_batch(void **state)
{
    struct host_sim *hs = *state;
    struct record_sim *sim = &hs->sim;
    for (int i = 0; i < 6; i++) {
        (void)sim_say(sim, (uint32_t)i % 3, 0, bytes_str("words")); /* the index is not needed */
    }
    uint64_t index[64];
    size_t noted = 0;
    struct buf note;
    buf_init(&note, NOTE_BYTES_MAX);
    /* All from 0 on, two twice, and a bad one in the middle of the rest. */
    struct door_item items[32];
    size_t n = 0;
    for (size_t i = 0; i < 9; i++) {
        items[n++] = sim->items[i];
    }
    items[n++] = sim->items[4];
    items[n++] = sim->items[9];
    items[n++] = sim->items[9];
    size_t bad = n;
    items[n++] = (struct door_item){.envelope = sim->items[10].envelope};
    items[n++] = sim->items[10];
    assert_false(host_post_all(hs->host, items, n, NULL, index, &noted, &note, &hs->err));
    assert_int_equal(noted, bad);
    assert_int_equal(index[8], 8);
    assert_int_equal(index[9], 4);
    assert_int_equal(index[10], 9);
    assert_int_equal(index[11], 9);
    struct checkpoint cp;
    assert_true(checkpoint_check(buf_bytes(&note), &sim->found.host, &cp, &hs->err));
    assert_int_equal(cp.size, 10);
    buf_clear(&note);
    assert_true(
        host_post_all(hs->host, sim->items, sim->count, NULL, index, &noted, &note, &hs->err));
    assert_int_equal(noted, sim->count);
    for (size_t i = 0; i < sim->count; i++) {
        assert_int_equal(index[i], i);
    }
    assert_true(checkpoint_check(buf_bytes(&note), &sim->found.host, &cp, &hs->err));
    assert_int_equal(cp.size, sim->count);
    assert_false(host_post_all(hs->host, sim->items, DOOR_BATCH_MAX + 1, NULL, index, &noted, &note,
                               &hs->err));
    assert_int_equal(hs->err.code, ERR_LIMIT);
    buf_free(&note);
}

/* Two handles on one table, as two processes have them. */
static void test_two_handles(void **state)
{
    struct host_sim *hs = *state;
    struct host *first = hs->host, *second;
    assert_true(host_open(hs->dir, &hs->sim.table, &second, &hs->err));
    for (size_t i = 0; i < 12; i++) {
        (void)sim_say(&hs->sim, (uint32_t)i % 3, 1, bytes_str("words")); /* checked below */
    }
    for (size_t i = 0; i < hs->sim.count; i++) {
        hs->host = i % 3 == 1 ? second : first;
        assert_int_equal(post(hs, &hs->sim.items[i]), i);
    }
    hs->host = first;
    host_close(second);
}

/* Whoever reads takes no lock: an act that comes between two looks is no restored copy. */
static void test_reading_beside_posting(void **state)
{
    struct host_sim *hs = *state;
    struct host_pass pass = host_sim_pass(hs, 1, 0);
    int status = 0;
    uint64_t looks = 0;
    host_sim_post(hs);
    size_t from = hs->sim.count;
    for (size_t i = 0; i < 60; i++) {
        (void)sim_say(&hs->sim, (uint32_t)i % 3, 1, bytes_str("words")); /* posted by the child */
    }
    host_close(hs->host);
    hs->host = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool ok = host_open(hs->dir, &hs->sim.table, &hs->host, &hs->err);
        for (size_t i = from; ok && i < hs->sim.count; i++) {
            uint64_t index;
            struct buf b;
            buf_init(&b, PROOF_BYTES_MAX);
            ok = host_post(hs->host, hs->sim.items[i].envelope, hs->sim.items[i].blob, &index, &b,
                           &hs->err);
            buf_free(&b);
        }
        _exit(ok ? 0 : 1);
    }
    host_sim_reopen(hs);
    while (waitpid(child, &status, WNOHANG) == 0) {
        struct buf b;
        buf_init(&b, NOTE_BYTES_MAX);
        if (!host_checkpoint(hs->host, &pass, &b, &hs->err)) {
            fail_msg("after %llu looks: %s", (unsigned long long)looks, hs->err.what);
        }
        buf_free(&b);
        looks++;
    }
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(looks > 0);
}

/* ---- crashes ---- */

/* Posts one more act in a child, with a fault at the n-th step; true when it was answered. */
static bool child_posts(struct host_sim *hs, const struct door_item *item, struct vfs_faults *disk,
                        struct file_faults *files, bool *out_done)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        uint64_t index;
        struct buf b;
        struct err err = {0};
        struct host *h;
        buf_init(&b, PROOF_BYTES_MAX);
        vfs_faults_set(disk);
        file_faults_set(files);
        bool ok = host_open(hs->dir, &hs->sim.table, &h, &err) &&
                  host_post(h, item->envelope, item->blob, &index, &b, &err);
        bool over = (disk == NULL || disk->seen < disk->fault_in) &&
                    (files == NULL || files->seen < files->fault_in);
        if (!ok && err.mend[0] == 0) {
            _exit(9); /* a failure without a mend */
        }
        _exit(ok ? (over ? 0 : 1) : 2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    *out_done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) <= 2);
    return WIFEXITED(status) && WEXITSTATUS(status) <= 1;
}

/* After it: what was answered is there; the guard is never above the record; posting goes on. */
static void after_crash(struct host_sim *hs, const struct door_item *item, uint64_t index,
                        bool answered)
{
    uint64_t size;
    host_sim_reopen(hs);
    assert_true(host_size(hs->host, &size, &hs->err));
    assert_in_range(size, answered ? index + 1 : index, index + 1);
    struct host_pass pass = host_sim_pass(hs, 1, 0);
    struct buf b;
    struct checkpoint cp;
    buf_init(&b, NOTE_BYTES_MAX);
    assert_true(host_checkpoint(hs->host, &pass, &b, &hs->err));
    assert_true(checkpoint_check(buf_bytes(&b), &hs->sim.found.host, &cp, &hs->err));
    assert_int_equal(cp.size, size); /* brought under the guard where the crash came before it */
    buf_free(&b);
    assert_int_equal(post(hs, item), index);
    host_close(hs->host);
    hs->host = NULL;
}

static void crash_everywhere(struct host_sim *hs, enum vfs_fault how)
{
    host_sim_post(hs);
    host_close(hs->host);
    hs->host = NULL;
    bool done = false;
    for (uint64_t nth = 1; !done; nth++) {
        assert_true(nth < 60);
        uint64_t index = sim_say(&hs->sim, 1, 0, bytes_str("words"));
        struct vfs_faults disk = {
            .steps = VFS_ANY, .fault_in = nth, .how = how, .code = SQLITE_FULL, .stays = true};
        bool answered = child_posts(hs, &hs->sim.items[index], &disk, NULL, &done);
        after_crash(hs, &hs->sim.items[index], index, answered);
        assert_true(!done || nth > 3);
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

static void test_disk_full(void **state)
{
    crash_everywhere(*state, VFS_FAIL);
}

/* At the steps of the guard and the lock. */
static void guard_faults(struct host_sim *hs, int with_errno)
{
    host_sim_post(hs);
    host_close(hs->host);
    hs->host = NULL;
    bool done = false;
    for (uint64_t nth = 1; !done; nth++) {
        assert_true(nth < 60);
        uint64_t index = sim_say(&hs->sim, 1, 0, bytes_str("words"));
        struct file_faults files = {
            .steps = FILE_STEP_ANY, .fault_in = nth, .with_errno = with_errno, .stays = true};
        bool answered = child_posts(hs, &hs->sim.items[index], NULL, &files, &done);
        after_crash(hs, &hs->sim.items[index], index, answered);
        assert_true(!done || nth > 2);
    }
}

static void test_guard_killed(void **state)
{
    guard_faults(*state, 0);
}

static void test_guard_fails(void **state)
{
    guard_faults(*state, ENOSPC);
}

/* ---- another host takes over ---- */

static void test_succession(void **state)
{
    struct host_sim *hs = *state;
    struct record_sim *sim = &hs->sim;
    for (uint32_t side = 0; side < 3; side++) {
        (void)sim_countersign(sim, side, 0); /* so that something is final */
    }
    uint64_t w = witness_final(door_witness(sim->door), sim->count);
    assert_true(w > 0);
    host_sim_post(hs);
    sim_cut(sim, w);
    host_close(hs->host);
    hs->host = NULL;

    /* Another directory, whose host adopts [0, w). */
    char dir[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX];
    static const uint8_t seed[32] = {'n', 'e', 'w'};
    struct table_id table;
    struct signer *signer;
    scratch_path(&hs->folder, "next", dir);
    scratch_path(&hs->folder, "next/host.key", path);
    assert_true(signer_new(KEY_HOST, seed, &signer, &hs->err));
    assert_true(folder_make(dir, &hs->err));
    assert_true(file_create(path, FILE_SECRET, bytes_of(seed, sizeof(seed)), &hs->err));
    struct pubkey pk = signer_pk(signer);
    assert_false(
        host_found(dir, HOST_OWN, sim->items[0].envelope, sim->items[0].blob, &table, &hs->err));
    assert_true(
        host_found(dir, HOST_ADOPT, sim->items[0].envelope, sim->items[0].blob, &table, &hs->err));
    assert_true(host_open(dir, &table, &hs->host, &hs->err));
    uint64_t index[64];
    size_t noted;
    struct buf b;
    buf_init(&b, PROOF_BYTES_MAX);
    assert_true(host_post_all(hs->host, sim->items, w, NULL, index, &noted, &b, &hs->err));
    assert_int_equal(b.n, 0); /* it signs nothing of another's term */
    for (uint32_t side = 0; side < 3; side++) {
        struct door_item item = sim_succession(sim, side, w, signer);
        uint64_t at = sim_post(sim, item);
        assert_true(host_post(hs->host, item.envelope, item.blob, &index[0], &b, &hs->err));
        assert_int_equal(index[0], at);
        assert_int_equal(b.n > 0, side == 2); /* the term begins with the last of them */
    }
    struct proof proof;
    struct checkpoint cp;
    struct leaf_hash leaf = leaf_hash_of(sim->items[w + 2].envelope);
    assert_true(proof_decode(buf_bytes(&b), &proof, &hs->err));
    assert_true(proof_check(&proof, &leaf, &pk, &cp, &hs->err));
    assert_int_equal(cp.term, 1);
    assert_int_equal(cp.size, w + 3);
    buf_free(&b);
    signer_free(signer);
}

/* One root cannot stop a live log, nor carry an adopted one off to a third host. */
static void test_succession_refused(void **state)
{
    struct host_sim *hs = *state;
    struct record_sim *sim = &hs->sim;
    char dir[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX];
    static const uint8_t seed[32] = {'n', 'e', 'w'}, third[32] = {'t', 'h', 'i', 'r', 'd'};
    struct table_id table;
    struct signer *signer, *stranger;
    uint64_t index[64];
    uint64_t size;
    size_t noted;
    struct buf b;
    for (uint32_t side = 0; side < 3; side++) {
        (void)sim_countersign(sim, side, 0); /* so that something is final */
    }
    uint64_t w = witness_final(door_witness(sim->door), sim->count);
    sim_cut(sim, w);
    host_sim_post(hs);
    buf_init(&b, PROOF_BYTES_MAX);
    assert_true(signer_new(KEY_HOST, seed, &signer, &hs->err));
    assert_true(signer_new(KEY_HOST, third, &stranger, &hs->err));

    /* The live log: refused, and it goes on. */
    struct door_item bad = sim_succession(sim, 1, w, signer);
    refused(hs, bad.envelope, bad.blob);
    assert_int_equal(hs->err.code, ERR_RULE);
    struct door_item word = sim_make(sim, 1, 0, CONTROL_SEALED, sim_seal(sim, bytes_str("on")));
    struct door_item both[2] = {word, bad};
    assert_false(host_post_all(hs->host, both, 2, NULL, index, &noted, &b, &hs->err));
    assert_int_equal(noted, 1);
    assert_int_equal(index[0], w);
    assert_true(b.n > 0);
    host_sim_reopen(hs);
    assert_true(host_size(hs->host, &size, &hs->err));
    assert_int_equal(size, w + 1);

    /* The adopting one: what names a third host is refused, alone and behind history. */
    scratch_path(&hs->folder, "next", dir);
    scratch_path(&hs->folder, "next/host.key", path);
    assert_true(folder_make(dir, &hs->err));
    assert_true(file_create(path, FILE_SECRET, bytes_of(seed, sizeof(seed)), &hs->err));
    assert_true(
        host_found(dir, HOST_ADOPT, sim->items[0].envelope, sim->items[0].blob, &table, &hs->err));
    host_close(hs->host);
    assert_true(host_open(dir, &table, &hs->host, &hs->err));
    struct door_item all[64];
    for (uint64_t i = 0; i < w; i++) {
        all[i] = sim->items[i];
    }
    all[w] = sim_succession(sim, 1, w, stranger);
    assert_false(host_post_all(hs->host, all, w + 1, NULL, index, &noted, &b, &hs->err));
    assert_int_equal(hs->err.code, ERR_RULE);
    assert_int_equal(noted, w);
    refused(hs, all[w].envelope, all[w].blob);
    assert_true(host_size(hs->host, &size, &hs->err));
    assert_int_equal(size, w);
    for (uint32_t side = 0; side < 3; side++) {
        struct door_item item = sim_succession(sim, side, w, signer);
        assert_int_equal(sim_post(sim, item), w + side);
        assert_true(host_post(hs->host, item.envelope, item.blob, &index[0], &b, &hs->err));
        assert_int_equal(index[0], w + side);
        if (side == 2) { /* the same bytes again: answered, though the host signs now */
            assert_true(host_post(hs->host, item.envelope, item.blob, &index[0], &b, &hs->err));
            assert_int_equal(index[0], w + side);
        }
    }
    buf_free(&b);
    signer_free(signer);
    signer_free(stranger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_by_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
        cmocka_unit_test_setup_teardown(test_batch, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_handles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reading_beside_posting, setup, teardown),
        cmocka_unit_test_setup_teardown(test_kill, setup, teardown),
        cmocka_unit_test_setup_teardown(test_power_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
        cmocka_unit_test_setup_teardown(test_guard_killed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_guard_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_succession, setup, teardown),
        cmocka_unit_test_setup_teardown(test_succession_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
