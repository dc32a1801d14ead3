/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes wrong between a seat and its host without anybody lying: two users of one folder, a host
 * that is gone or cannot be written, an answer that is lost, acts that cross on their way, an act
 * composed on what is no longer so.  A clear sentence each time, nothing half done, and on it goes.
 */
#include "app/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/app_sim.h"
#include "lib/test.h"

struct place {
    struct app_sim sim;
    char host[SCRATCH_PATH_MAX];
    char away[SCRATCH_PATH_MAX];
    struct err err;
};

static void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

static void refused(bool ok, const struct err *err, enum err_code code, const char *words)
{
    assert_false(ok);
    if (err->code != code || strstr(err->what, words) == NULL || err->mend[0] == 0) {
        fail_msg("%s: \"%s\" (%s; mend: \"%s\") where \"%s\" was wanted", err_word(err->code),
                 err->what, err->where, err->mend, words);
    }
}

static bool propose(struct replica *r, struct err *err)
{
    struct named_choice choices[3];
    struct payload p = app_sim_proposal(choices, 1);
    return act_file(r, ACT_CHECKED, &p, NULL, err);
}

static uint64_t proposals(const struct replica *r)
{
    return fold_state(r->fold)->proposal_count;
}

/* ---- two users of one folder ---- */

static void test_locked(void **state)
{
    struct place *p = *state;
    struct replica r, second;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct digest before = app_sim_digest(&r);
    bool ok = replica_open(p->sim.people[APP_FIRST].dir, p->sim.people[APP_FIRST].keys,
                           &p->sim.clock, &p->sim.chance, "second", &second, &p->err);
    refused(ok, &p->err, ERR_STATE, "test"); /* names who has it */
    must(sync_take(&r, &p->err), p);         /* who has it is not disturbed */
    assert_true(door_size(r.door) > 0);
    replica_close(&r);
    app_sim_enter(&p->sim, APP_FIRST, &r); /* and it ends with its holder */
    struct digest after = app_sim_digest(&r);
    assert_true(ID_EQ(before, after));
    replica_close(&r);
}

/* ---- a host that is not there ---- */

static void test_gone(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct sync_report report;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    uint64_t before = proposals(&r);
    assert_int_equal(rename(p->host, p->away), 0);
    refused(sync_replica(&r, &report, &p->err), &p->err, ERR_HOST, "not where it was");
    refused(propose(&r, &p->err), &p->err, ERR_HOST, "not where it was");
    assert_int_equal(app_sim_waiting(&r), 0); /* nothing was signed for a record not looked at */
    assert_int_equal(proposals(&r), before);
    replica_close(&r);
    /* A folder of that name, without the table. */
    assert_int_equal(mkdir(p->host, 0700), 0);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    refused(sync_replica(&r, &report, &p->err), &p->err, ERR_HOST, "has no table");
    replica_close(&r);
    assert_int_equal(rmdir(p->host), 0);
    assert_int_equal(rename(p->away, p->host), 0);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(propose(&r, &p->err), p);
    assert_int_equal(proposals(&r), before + 1);
    replica_close(&r);
}

/* ---- a clock that was set back ---- */

/* The machine countersigns nothing at an hour before its last; the rest goes on, and all is well
 * when the clock is right again. */
static void test_clock_back(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct sync_report report;
    app_sim_round(&p->sim);
    uint64_t now = clock_now(&p->sim.clock);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(propose(&r, &p->err), p);
    replica_close(&r);
    clock_set(&p->sim.clock, now - 86400);
    app_sim_enter(&p->sim, APP_SECOND, &r);
    refused(sync_replica(&r, &report, &p->err), &p->err, ERR_STATE, "clock is behind");
    assert_int_equal(app_sim_waiting(&r), 0);
    uint64_t size = door_size(r.door);
    assert_int_equal(proposals(&r), 1); /* what was new is taken in all the same */
    replica_close(&r);
    clock_set(&p->sim.clock, now + 60);
    p->err = (struct err){0};
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_replica(&r, &report, &p->err), p);
    assert_true(report.countersigned);
    assert_int_equal(door_size(r.door), size + 1);
    replica_close(&r);
}

/* ---- folders that cannot be written ---- */

static void shell(const char *words, const char *path)
{
    char line[SCRATCH_PATH_MAX + 64];
    int n = snprintf(line, sizeof(line), "%s '%s'", words, path);
    assert_in_range(n, 1, sizeof(line) - 1);
    assert_int_equal(system(line), 0);
}

/* Root may write everywhere: the child is somebody else, to whom all was given before. */
static void become_ordinary(void)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
        _exit(90);
    }
}

/* 0: refused, with a mend, and nothing waits. */
static int try_to_file(struct place *p)
{
    struct replica r;
    struct err err = {0};
    const struct app_person *who = &p->sim.people[APP_FIRST];
    if (!replica_open(who->dir, who->keys, &p->sim.clock, &p->sim.chance, "test", &r, &err)) {
        return err.mend[0] != 0 && err.code == ERR_IO ? 1 : 91;
    }
    bool ok = propose(&r, &err);
    uint64_t left = app_sim_waiting(&r);
    replica_close(&r);
    if (ok || err.mend[0] == 0 || left > 1) {
        (void)fprintf(stderr, "%s (%s; %s)\n", err.what, err.where, err.mend);
        return 92;
    }
    return left == 0 ? 0 : 2;
}

static int in_child(struct place *p)
{
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        become_ordinary();
        _exit(try_to_file(p));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_read_only(void **state)
{
    struct place *p = *state;
    struct replica r;
    if (geteuid() == 0) {
        shell("chown -R 65534:65534", p->sim.folder.path);
    }
    app_sim_enter(&p->sim, APP_FIRST, &r);
    uint64_t before = proposals(&r);
    replica_close(&r);
    if (geteuid() == 0) { /* what the parent has just made beside the database */
        shell("chown -R 65534:65534", p->sim.folder.path);
    }
    shell("chmod -R a-w", p->host);
    assert_int_equal(in_child(p), 0);
    shell("chmod -R u+w", p->host);
    shell("chmod -R a-w", p->sim.people[APP_FIRST].dir);
    assert_int_equal(in_child(p), 1);
    shell("chmod -R u+w", p->sim.people[APP_FIRST].dir);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(propose(&r, &p->err), p);
    assert_int_equal(proposals(&r), before + 1);
    replica_close(&r);
}

/* ---- on the way ---- */

struct way {
    struct host_link inner;
    struct place *p;
    bool lose;                          /* the answer */
    bool (*meanwhile)(struct place *p); /* just before the act arrives, once */
};

static bool way_checkpoint(void *ctx, struct buf *out, struct err *err)
{
    struct way *w = ctx;
    return w->inner.checkpoint(w->inner.ctx, out, err);
}

static bool way_entries(void *ctx, uint64_t from, uint64_t n, struct buf *out, uint64_t *got,
                        struct err *err)
{
    struct way *w = ctx;
    return w->inner.entries(w->inner.ctx, from, n, out, got, err);
}

static bool way_blob(void *ctx, const struct digest *sha, struct buf *out, struct err *err)
{
    struct way *w = ctx;
    return w->inner.blob(w->inner.ctx, sha, out, err);
}

static bool way_post(void *ctx, const struct door_item *items, size_t n, uint64_t *index,
                     size_t *noted, struct buf *note, struct err *err)
{
    struct way *w = ctx;
    if (w->meanwhile != NULL) {
        bool (*first)(struct place * p) = w->meanwhile;
        w->meanwhile = NULL;
        assert_true(first(w->p));
    }
    if (!w->inner.post(w->inner.ctx, items, n, index, noted, note, err)) {
        return false;
    }
    if (w->lose) {
        w->lose = false;
        *noted = 0;
        buf_clear(note);
        return err_set(err, ERR_HOST, "the answer was lost");
    }
    return true;
}

static void way_close(void *ctx)
{
    struct way *w = ctx;
    host_link_close(&w->inner);
}

static void walk(struct place *p, struct replica *r, struct way *w)
{
    must(replica_link(r, &p->err), p);
    w->p = p;
    w->inner = r->link;
    r->link = (struct host_link){.checkpoint = way_checkpoint,
                                 .entries = way_entries,
                                 .blob = way_blob,
                                 .post = way_post,
                                 .close = way_close,
                                 .ctx = w};
}

static void test_answer_lost(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct way w = {.lose = true};
    struct sync_report report;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    uint64_t before = proposals(&r);
    walk(p, &r, &w);
    assert_false(propose(&r, &p->err));
    assert_int_equal(p->err.code, ERR_HOST);
    assert_true(p->err.mend[0] != 0);
    assert_int_equal(app_sim_waiting(&r), 1); /* nobody knows whether it arrived */
    replica_close(&r);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_replica(&r, &report, &p->err), p);
    assert_int_equal(app_sim_waiting(&r), 0);
    assert_int_equal(proposals(&r), before + 1); /* once */
    replica_close(&r);
}

static bool second_proposes(struct place *p)
{
    struct replica r;
    app_sim_enter(&p->sim, APP_SECOND, &r);
    bool ok = propose(&r, &p->err);
    replica_close(&r);
    return ok;
}

/* Both file at the same time: the host orders them, neither is lost, all see the same. */
static void test_crossing(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct way w = {.meanwhile = second_proposes};
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_take(&r, &p->err), p);
    uint64_t before = proposals(&r);
    walk(p, &r, &w);
    must(propose(&r, &p->err), p);
    assert_int_equal(proposals(&r), before + 2);
    struct digest one = app_sim_digest(&r);
    uint64_t size = door_size(r.door);
    replica_close(&r);
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_take(&r, &p->err), p);
    assert_int_equal(door_size(r.door), size);
    struct digest two = app_sim_digest(&r);
    assert_true(ID_EQ(one, two));
    replica_close(&r);
}

/* ---- an old view ---- */

static struct payload answer_to(const struct leaf_hash *leaf)
{
    return (struct payload){.kind = KIND_ANSWER,
                            .room = text_str("plenary"),
                            .has_answers = true,
                            .answers = *leaf,
                            .answer = ANSWER_AD_REFERENDUM};
}

static struct leaf_hash newest(const struct replica *r)
{
    const struct table_state *s = fold_state(r->fold);
    return s->proposals[s->proposal_count - 1].leaf;
}

/* Maro says yes to what Voss has withdrawn meanwhile: his desk looks first, and stops it.  Without
 * his desk it is void, on every replica in the same words. */
static void test_old_view(void **state)
{
    struct place *p = *state;
    struct replica first, second;
    uint64_t index;
    app_sim_enter(&p->sim, APP_FIRST, &first);
    must(propose(&first, &p->err), p);
    struct leaf_hash leaf = newest(&first);
    replica_close(&first);
    app_sim_enter(&p->sim, APP_SECOND, &second);
    must(sync_take(&second, &p->err), p);
    assert_true(ID_EQ(leaf, newest(&second)));
    struct payload yes = answer_to(&leaf);
    struct refusal no = {0};
    assert_true(act_look(&second, &yes, &no)); /* as he sees it, he may */

    app_sim_enter(&p->sim, APP_FIRST, &first);
    struct payload withdraw = {
        .kind = KIND_WITHDRAW, .room = text_str("plenary"), .has_answers = true, .answers = leaf};
    must(act_file(&first, ACT_CHECKED, &withdraw, NULL, &p->err), p);
    uint64_t size = door_size(first.door);
    replica_close(&first);

    refused(act_file(&second, ACT_CHECKED, &yes, &index, &p->err), &p->err, ERR_RULE, "withdrawn");
    assert_int_equal(door_size(second.door), size); /* it looked, and sent nothing */
    assert_int_equal(app_sim_waiting(&second), 0);
    p->err = (struct err){0};
    must(act_file(&second, ACT_UNCHECKED, &yes, &index, &p->err), p);
    const struct void_note *mine = fold_void(second.fold, index);
    assert_non_null(mine);
    assert_false(act_counts(&second, index, &p->err));
    assert_int_equal(p->err.code, ERR_RULE);
    app_sim_enter(&p->sim, APP_FIRST, &first);
    must(sync_take(&first, &p->err), p);
    const struct void_note *theirs = fold_void(first.fold, index);
    assert_non_null(theirs);
    assert_true(text_eq(mine->what, theirs->what));
    struct digest one = app_sim_digest(&first), two = app_sim_digest(&second);
    assert_true(ID_EQ(one, two));
    replica_close(&first);
    replica_close(&second);
}

/* ---- */

static int group_setup(void **state)
{
    static struct place p;
    app_sim_open(&p.sim);
    app_sim_keep(&p.sim);
    app_sim_path(&p.sim, "live/host", p.host);
    app_sim_path(&p.sim, "away", p.away);
    *state = &p;
    return 0;
}

static int group_teardown(void **state)
{
    struct place *p = *state;
    app_sim_close(&p->sim);
    return 0;
}

static int setup(void **state)
{
    struct place *p = *state;
    p->err = (struct err){0};
    app_sim_back(&p->sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_locked, setup),
        cmocka_unit_test_setup(test_gone, setup),
        cmocka_unit_test_setup(test_answer_lost, setup),
        cmocka_unit_test_setup(test_crossing, setup),
        cmocka_unit_test_setup(test_old_view, setup),
        cmocka_unit_test_setup(test_clock_back, setup),
        cmocka_unit_test_setup(test_read_only, setup), /* last: it gives the folders away */
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
