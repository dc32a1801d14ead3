/* SPDX-License-Identifier: Apache-2.0
 *
 * Two sides whose host shows each another record: their bundles laid side by side name the host,
 * and the witness that signed both, and nobody else.
 */
#include "app/accuse.h"

#include <stdio.h>
#include <unistd.h>

#include "app/bundle.h"
#include "app/check.h"
#include "app/record.h"
#include "app/sync.h"
#include "lib/app_sim.h"
#include "lib/test.h"
#include "os/file.h"

struct place {
    struct app_sim sim;
    struct arena mem;
    struct err err;
};

static void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

static void file_by(struct place *p, enum app_who who)
{
    struct replica r;
    struct named_choice choices[3];
    struct payload say = app_sim_proposal(choices, 1);
    app_sim_enter(&p->sim, who, &r);
    must(act_file(&r, ACT_CHECKED, &say, NULL, &p->err), p);
    replica_close(&r);
}

static void sync_by(struct place *p, enum app_who who)
{
    struct replica r;
    struct sync_report report;
    app_sim_enter(&p->sim, who, &r);
    must(sync_replica(&r, &report, &p->err), p);
    replica_close(&r);
}

static void bundle_by(struct place *p, enum app_who who, const char *name,
                      char path[static SCRATCH_PATH_MAX])
{
    struct replica r;
    struct bundle_facts facts;
    app_sim_path(&p->sim, name, path);
    (void)unlink(path); /* of a round before */
    app_sim_enter(&p->sim, who, &r);
    must(bundle_out(&r, path, &facts, &p->err), p);
    replica_close(&r);
}

/* The host notes one act for one, another for the other; so many more there. */
static void fork_host(struct place *p, int more)
{
    char before[SCRATCH_PATH_MAX];
    app_sim_path(&p->sim, "before", before);
    app_sim_copy(p->sim.host, before);
    file_by(p, APP_FIRST);
    app_sim_copy(before, p->sim.host);
    app_sim_stir(&p->sim, 77);
    file_by(p, APP_SECOND);
    for (int i = 0; i < more; i++) {
        file_by(p, APP_SECOND);
    }
}

static void compare(struct place *p, enum app_who who, const char *path, struct accuse_result *out)
{
    struct replica r;
    app_sim_enter(&p->sim, who, &r);
    must(accuse_compare(&r, path, &p->mem, out, &p->err), p);
    replica_close(&r);
}

static void test_fork(void **state)
{
    struct place *p = *state;
    for (int more = 0; more < 2; more++) {
        struct accuse_result found;
        struct check_result checked;
        char path[SCRATCH_PATH_MAX], proof[SCRATCH_PATH_MAX];
        fork_host(p, more);
        bundle_by(p, APP_SECOND, "second.bundle", path);
        compare(p, APP_FIRST, path, &found);
        assert_true(found.compared && !found.moved);
        assert_int_equal(found.ours, found.split + 1);
        assert_true(found.theirs > found.split + (uint64_t)more);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.proofs[0].fraud.kind, FRAUD_FORK);
        assert_int_equal(found.proofs[0].whom.as, ACCUSED_HOST);

        app_sim_path(&p->sim, "proof", proof);
        (void)unlink(proof);
        must(accuse_write(&found, proof, &p->err), p);
        must(check_path(proof, &p->mem, &checked, &p->err), p);
        assert_int_equal(checked.kind, CHECK_FRAUD);
        assert_true(ID_EQ(checked.table, p->sim.table));
        struct err err = {0};
        assert_false(accuse_write(&found, proof, &err)); /* the name is taken */
        assert_int_equal(err.code, ERR_STATE);
        app_sim_back(&p->sim);
    }
}

/* A witness that has a copy of its machine on each branch signs both: it is named too. */
static void test_witness(void **state)
{
    struct place *p = *state;
    struct accuse_result found;
    char path[SCRATCH_PATH_MAX], before[SCRATCH_PATH_MAX], copy[SCRATCH_PATH_MAX];
    app_sim_path(&p->sim, "before", before);
    app_sim_path(&p->sim, "copy", copy);
    app_sim_copy(p->sim.host, before);
    app_sim_copy(p->sim.people[APP_SECOND].dir, copy);
    file_by(p, APP_FIRST);
    sync_by(p, APP_SECOND); /* countersigns */
    sync_by(p, APP_FIRST);
    bundle_by(p, APP_FIRST, "first.bundle", path);
    app_sim_copy(before, p->sim.host);
    app_sim_copy(copy, p->sim.people[APP_SECOND].dir);
    app_sim_stir(&p->sim, 78);
    file_by(p, APP_MEDIATOR);
    file_by(p, APP_MEDIATOR);
    sync_by(p, APP_SECOND);
    sync_by(p, APP_MEDIATOR);
    compare(p, APP_MEDIATOR, path, &found);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.proofs[0].whom.as, ACCUSED_HOST);
    assert_int_equal(found.proofs[1].fraud.kind, FRAUD_WITNESS);
    assert_int_equal(found.proofs[1].whom.as, ACCUSED_WITNESS);
    assert_int_equal(found.proofs[1].whom.side, 2);
    app_sim_back(&p->sim);
}

static void test_one_record(void **state)
{
    struct place *p = *state;
    struct accuse_result found;
    struct err err = {0};
    struct replica r;
    char path[SCRATCH_PATH_MAX];
    bundle_by(p, APP_SECOND, "second.bundle", path);
    sync_by(p, APP_FIRST);
    file_by(p, APP_FIRST);
    compare(p, APP_FIRST, path, &found);
    assert_true(found.split == INDEX_NEVER && found.count == 0 && found.ours > found.theirs);
    /* What does not verify by itself is laid beside nothing. */
    struct bytes raw;
    must(file_read(path, 64u << 20, &p->mem, &raw, &p->err), p);
    uint8_t *copy = ARENA_NEW(&p->mem, uint8_t, raw.n);
    assert_non_null(copy);
    memcpy(copy, raw.p, raw.n);
    copy[700] ^= 1; /* in the first file */
    must(file_replace(path, FILE_PLAIN, bytes_of(copy, raw.n), &p->err), p);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    assert_false(accuse_compare(&r, path, &p->mem, &found, &err));
    replica_close(&r);
    app_sim_back(&p->sim);
}

/* Synchronising with a host that has forked leaves a whole proof, also where its other record is of
 * another size; it is told by `compare` and its key is known in the seat's folder. */
static void test_kept(void **state)
{
    struct place *p = *state;
    for (int more = 0; more < 3; more++) {
        struct replica r;
        struct accuse_result found;
        struct err err = {0};
        struct buf words;
        char proof[SCRATCH_PATH_MAX];
        fork_host(p, more);
        app_sim_enter(&p->sim, APP_FIRST, &r);
        assert_false(sync_take(&r, &err));
        assert_int_equal(err.code, ERR_VERIFY);
        assert_non_null(strstr(err.mend, "entente compare"));
        must(accuse_kept(&r, &p->mem, &found, &p->err), p);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.proofs[0].whom.as, ACCUSED_HOST);
        replica_close(&r);

        app_sim_path(&p->sim, "caught", proof);
        (void)unlink(proof);
        buf_init(&words, 65536);
        struct record_ask ask = {.dir = p->sim.people[APP_FIRST].dir,
                                 .clock = &p->sim.clock,
                                 .mem = &p->mem,
                                 .out = &words};
        must(record_compare(&ask, NULL, proof, &p->err), p);
        must(record_check(&ask, proof, &p->err), p);
        const char *all = buf_str(&words);
        assert_non_null(strstr(all, "Proven: the host signed two records of this table"));
        assert_non_null(strstr(all, "The proof is in "));
        assert_non_null(strstr(all, "It proves: the host signed two records"));
        assert_non_null(strstr(all, "What to do now: trust nothing that this host notes"));
        assert_null(strstr(all, "in the folder of a seat"));
        buf_free(&words);
        app_sim_back(&p->sim);
    }
}

static int open_place(void **state)
{
    static struct place p;
    p = (struct place){.mem = test_arena(64u << 20)};
    app_sim_open(&p.sim);
    app_sim_keep(&p.sim);
    *state = &p;
    return 0;
}

static int close_place(void **state)
{
    struct place *p = *state;
    app_sim_close(&p->sim);
    test_arena_free(&p->mem);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fork),
        cmocka_unit_test(test_witness),
        cmocka_unit_test(test_one_record),
        cmocka_unit_test(test_kept),
    };
    return cmocka_run_group_tests(tests, open_place, close_place);
}
