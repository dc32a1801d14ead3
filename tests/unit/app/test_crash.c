/* SPDX-License-Identifier: Apache-2.0
 *
 * The machine stops, or the disk is full, at every step of filing an act and of synchronising: of
 * the seat's database, the host's, and the guards.  After it: nothing that was answered is lost,
 * no number is signed twice, the record checks whole, the seat goes on, and its state is that of a
 * replica that nothing happened to.
 */
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hex.h"
#include "lib/app_sim.h"
#include "lib/test.h"
#include "lib/vfs_shim.h"
#include "os/file_test.h"

/* ---- all envelopes that anybody has seen ---- */

struct seen {
    struct kid16 kid;
    uint32_t term;
    uint64_t n;
    struct leaf_hash leaf;
};

#define SEEN_MAX 1024u

struct sweep {
    struct app_sim sim;
    struct seen seen[SEEN_MAX];
    size_t seen_count;
    size_t in_log; /* of the last look */
    size_t waiting;
};

static bool see(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                struct err *err)
{
    struct sweep *w = ctx;
    struct act a;
    (void)index;
    (void)blob;
    if (!act_decode(envelope, &a, err)) {
        return false;
    }
    struct seen s = {a.kid, a.term, a.n, leaf_hash_of(envelope)};
    for (size_t i = 0; i < w->seen_count; i++) {
        struct seen *t = &w->seen[i];
        if (ID_EQ(t->kid, s.kid) && t->term == s.term && t->n == s.n) {
            assert_true(ID_EQ(t->leaf, s.leaf)); /* two envelopes for one number */
            return true;
        }
    }
    assert_in_range(w->seen_count, 0, SEEN_MAX - 1);
    w->seen[w->seen_count++] = s;
    return true;
}

static bool see_waiting(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                        struct err *err)
{
    ((struct sweep *)ctx)->waiting++;
    return see(ctx, index, envelope, blob, err);
}

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", err->what, err->where, err->mend);
    }
}

static void look(struct sweep *w)
{
    struct err err = {0};
    struct store *s;
    char name[256], path[SCRATCH_PATH_MAX];
    uint64_t size = 0;
    (void)snprintf(name, sizeof(name), "live/host/%s/record", id_hex(w->sim.table.b).s);
    app_sim_path(&w->sim, name, path);
    must(store_open(path, STORE_HOST, STORE_WRITE, &s, &err) && store_size(s, &size, &err) &&
             store_each(s, 0, size, STORE_BLOBS_NONE, see, w, &err),
         &err);
    store_close(s);
    w->in_log = size;
    w->waiting = 0;
    for (int i = 0; i < APP_WHO_COUNT; i++) {
        (void)snprintf(path, sizeof(path), "%.900s/replica", w->sim.people[i].dir);
        must(store_open(path, STORE_REPLICA, STORE_WRITE, &s, &err) &&
                 store_outbox_each(s, see_waiting, w, &err),
             &err);
        store_close(s);
    }
}

static void check_whole(struct replica *r)
{
    struct err err = {0};
    struct door *door;
    size_t mark = arena_mark(&r->scratch.mem);
    must(door_new(&r->scratch.mem, &r->table, &door, &err) &&
             store_load_door(r->store, door, DOOR_CHECK, INDEX_NEVER, STORE_BLOBS_ALL, NULL, NULL,
                             NULL, &err),
         &err);
    assert_int_equal(door_size(door), door_size(r->door));
    door_free(door);
    arena_rewind(&r->scratch.mem, mark);
}

/* ---- one use case in a child ---- */

typedef bool use_case(struct app_sim *sim, struct replica *r, struct err *err);

static bool propose(struct app_sim *sim, struct replica *r, struct err *err)
{
    struct named_choice choices[3];
    struct payload p = app_sim_proposal(choices, 1);
    (void)sim;
    return act_file(r, ACT_CHECKED, &p, NULL, err);
}

static bool synchronise(struct app_sim *sim, struct replica *r, struct err *err)
{
    struct sync_report report;
    (void)sim;
    return sync_replica(r, &report, err);
}

struct faults {
    struct vfs_faults disk;
    struct file_faults files;
};

enum ended { ANSWERED, FAILED, DIED };

/* *out_over: the fault's step was not reached any more. */
static enum ended play(struct app_sim *sim, enum app_who who, use_case *use, struct faults *f,
                       bool *out_over)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct replica r;
        struct err err = {0};
        vfs_faults_set(&f->disk);
        file_faults_set(&f->files);
        bool ok = replica_open(sim->people[who].dir, sim->people[who].keys, &sim->clock,
                               &sim->chance, "test", &r, &err);
        if (ok) {
            ok = use(sim, &r, &err);
            replica_close(&r);
        }
        bool over = (f->disk.fault_in == 0 || f->disk.seen < f->disk.fault_in) &&
                    (f->files.fault_in == 0 || f->files.seen < f->files.fault_in);
        if (!ok && err.mend[0] == 0) {
            (void)fprintf(stderr, "no mend: %s\n", err.what);
            _exit(9);
        }
        _exit(ok ? (over ? 0 : 1) : 2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    *out_over = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return DIED;
    }
    assert_in_range(WEXITSTATUS(status), 0, 2);
    return WEXITSTATUS(status) == 2 ? FAILED : ANSWERED;
}

/* ---- and what must hold after it ---- */

static uint64_t proposals(const struct replica *r)
{
    return fold_state(r->fold)->proposal_count;
}

/* before: proposals before the child filed one more (files: it did that at all). */
static void after(struct sweep *w, enum app_who who, uint64_t before, bool files, enum ended ended)
{
    struct app_sim *sim = &w->sim;
    struct replica r, other;
    struct err err = {0};
    struct sync_report report;
    enum app_who witness = who == APP_FIRST ? APP_SECOND : APP_FIRST;
    look(w);
    app_sim_stir(sim, 1000 + w->in_log * 7 + (uint64_t)ended);
    clock_advance(&sim->clock, 60);
    app_sim_enter(sim, who, &r);
    must(sync_replica(&r, &report, &err), &err);
    look(w);
    assert_int_equal(w->waiting, 0);
    if (files) {
        assert_in_range(proposals(&r), before + (ended == ANSWERED ? 1 : 0), before + 1);
    }
    /* The seat goes on. */
    uint64_t now = proposals(&r);
    must(propose(sim, &r, &err), &err);
    assert_int_equal(proposals(&r), now + 1);
    check_whole(&r);
    struct digest d = app_sim_digest(&r);
    uint64_t size = door_size(r.door);
    replica_close(&r);
    /* Nothing happened to this one. */
    app_sim_enter(sim, witness, &other);
    must(sync_take(&other, &err), &err);
    assert_int_equal(door_size(other.door), size);
    struct digest e = app_sim_digest(&other);
    assert_true(ID_EQ(d, e));
    replica_close(&other);
    /* And opened again it is the same. */
    app_sim_enter(sim, who, &r);
    d = app_sim_digest(&r);
    assert_true(ID_EQ(d, e));
    replica_close(&r);
    look(w);
}

static uint64_t count_proposals(struct sweep *w, enum app_who who)
{
    struct replica r;
    app_sim_enter(&w->sim, who, &r);
    uint64_t n = proposals(&r);
    replica_close(&r);
    return n;
}

/* Step after step, until the use case is through before its step comes.  In an ordinary run every
 * eighth step of a database, from another one on in each sweep; ENTENTE_LONG=1 takes all. */
static void sweep(struct sweep *w, enum app_who who, use_case *use, struct faults like,
                  uint64_t least)
{
    uint64_t before = count_proposals(w, who);
    bool over = false;
    uint64_t stride = like.disk.steps != 0 && prop_rounds(1) == 1 ? 8 : 1;
    uint64_t first = 1 + (like.disk.how + (unsigned)who) % stride;
    for (uint64_t nth = first; !over; nth += stride) {
        assert_in_range(nth, 1, 400);
        w->seen_count = 0;
        struct faults f = like;
        f.disk.fault_in = f.disk.steps != 0 ? nth : 0;
        f.files.fault_in = f.files.steps != 0 ? nth : 0;
        app_sim_stir(&w->sim, nth);
        enum ended ended = play(&w->sim, who, use, &f, &over);
        after(w, who, before, use == propose, ended);
        app_sim_back(&w->sim);
        assert_true(!over || nth > least);
    }
}

static const struct faults killed = {.disk = {.steps = VFS_ANY, .how = VFS_KILL}};
static const struct faults cut = {.disk = {.steps = VFS_ANY, .how = VFS_CUT}};
static const struct faults full = {
    .disk = {.steps = VFS_ANY, .how = VFS_FAIL, .code = SQLITE_FULL, .stays = true}};
static const struct faults files_killed = {.files = {.steps = FILE_STEP_ANY}};
static const struct faults files_full = {
    .files = {.steps = FILE_STEP_ANY, .with_errno = ENOSPC, .stays = true}};

static void test_file_killed(void **state)
{
    sweep(*state, APP_FIRST, propose, killed, 10);
}

static void test_file_cut(void **state)
{
    sweep(*state, APP_FIRST, propose, cut, 10);
}

static void test_file_full(void **state)
{
    sweep(*state, APP_FIRST, propose, full, 10);
}

static void test_file_guards_killed(void **state)
{
    sweep(*state, APP_FIRST, propose, files_killed, 2);
}

static void test_file_guards_full(void **state)
{
    sweep(*state, APP_FIRST, propose, files_full, 2);
}

static void test_sync_killed(void **state)
{
    sweep(*state, APP_SECOND, synchronise, killed, 10);
}

static void test_sync_cut(void **state)
{
    sweep(*state, APP_SECOND, synchronise, cut, 10);
}

static void test_sync_full(void **state)
{
    sweep(*state, APP_SECOND, synchronise, full, 10);
}

static void test_sync_guards_killed(void **state)
{
    sweep(*state, APP_SECOND, synchronise, files_killed, 2);
}

static void test_sync_guards_full(void **state)
{
    sweep(*state, APP_SECOND, synchronise, files_full, 2);
}

static int setup(void **state)
{
    static struct sweep w;
    struct replica r;
    struct err err = {0};
    vfs_shim_install();
    app_sim_open(&w.sim);
    /* The plenary has its key, and there is something that the other side lacks. */
    app_sim_enter(&w.sim, APP_FIRST, &r);
    must(propose(&w.sim, &r, &err), &err);
    replica_close(&r);
    app_sim_keep(&w.sim);
    *state = &w;
    return 0;
}

static int teardown(void **state)
{
    struct sweep *w = *state;
    app_sim_close(&w->sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_killed),        cmocka_unit_test(test_file_cut),
        cmocka_unit_test(test_file_full),          cmocka_unit_test(test_file_guards_killed),
        cmocka_unit_test(test_file_guards_full),   cmocka_unit_test(test_sync_killed),
        cmocka_unit_test(test_sync_cut),           cmocka_unit_test(test_sync_full),
        cmocka_unit_test(test_sync_guards_killed), cmocka_unit_test(test_sync_guards_full),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
