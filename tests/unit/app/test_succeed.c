/* SPDX-License-Identifier: Apache-2.0
 *
 * The host is lost or lies in the middle of a deal: the principals bring the table to a new one, all
 * follow, what was final stays, what the old host took with it is filed again, once.
 */
#include "app/succeed.h"

#include <stdio.h>

#include "app/accuse.h"
#include "app/bundle.h"
#include "app/view.h"
#include "lib/app_sim.h"
#include "lib/test.h"
#include "os/file.h"

struct place {
    struct app_sim sim;
    char fresh[SCRATCH_PATH_MAX]; /* the new host's folder */
    struct err err;
};

static const enum app_who principals[] = {APP_MEDIATOR, APP_FIRST, APP_SECOND};

static void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

static void sync_by(struct place *p, enum app_who who)
{
    struct replica r;
    struct sync_report report;
    app_sim_enter(&p->sim, who, &r);
    must(sync_replica(&r, &report, &p->err), p);
    replica_close(&r);
}

/* Until all hold one record, countersigned by all. */
static void level(struct place *p)
{
    for (int round = 0; round < 3; round++) {
        for (enum app_who i = APP_MEDIATOR; i < APP_WHO_COUNT; i++) {
            sync_by(p, i);
        }
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

static uint64_t proposals_of(struct place *p, enum app_who who)
{
    struct replica r;
    app_sim_enter(&p->sim, who, &r);
    uint64_t n = fold_state(r.fold)->proposal_count;
    replica_close(&r);
    return n;
}

static struct succeed_report move_by(struct place *p, enum app_who who, const char *dir)
{
    struct replica r;
    struct succeed_report report;
    app_sim_enter(&p->sim, who, &r);
    must(succeed_move(&r, dir, SUCCEED_FIRST, &report, &p->err), p);
    replica_close(&r);
    return report;
}

static void refused_move(struct place *p, enum app_who who, const char *dir, const char *why)
{
    struct replica r;
    struct succeed_report report;
    struct err err = {0};
    app_sim_enter(&p->sim, who, &r);
    assert_false(succeed_move(&r, dir, SUCCEED_FIRST, &report, &err));
    if (strstr(err.what, why) == NULL || err.mend[0] == 0) {
        fail_msg("wanted \"%s\", got \"%s\" (%s)", why, err.what, err.mend);
    }
    replica_close(&r);
}

/* All principals; the last one completes it. */
static void move_all(struct place *p, const char *dir)
{
    for (size_t i = 0; i < COUNT_OF(principals); i++) {
        struct succeed_report report = move_by(p, principals[i], dir);
        assert_int_equal(report.complete, i + 1 == COUNT_OF(principals));
        assert_int_equal(report.missing == 0, report.complete);
    }
}

/* What `sync --host DIR` does. */
static bool follow(struct place *p, enum app_who who, const char *dir, uint64_t *out_given_up,
                   struct err *err)
{
    struct replica r;
    struct sync_report report;
    app_sim_enter(&p->sim, who, &r);
    bool ok = replica_move_host(&r, dir, err) && sync_replica(&r, &report, err);
    if (ok) {
        assert_int_equal(door_term(r.door), 1);
        *out_given_up = r.given_up;
    }
    replica_close(&r);
    return ok;
}

static void follow_all(struct place *p, const char *dir)
{
    for (enum app_who i = APP_MEDIATOR; i < APP_WHO_COUNT; i++) {
        uint64_t given_up;
        must(follow(p, i, dir, &given_up, &p->err), p);
    }
}

struct final {
    uint64_t size;
    struct digest digest;
};

static struct final final_of(struct place *p, enum app_who who)
{
    struct replica r;
    struct final f;
    app_sim_enter(&p->sim, who, &r);
    must(replica_final_digest(&r, &f.size, &f.digest, &p->err), p);
    replica_close(&r);
    return f;
}

static struct digest digest_at(struct place *p, enum app_who who, uint64_t size)
{
    struct replica r;
    struct digest d;
    app_sim_enter(&p->sim, who, &r);
    must(replica_digest_without(&r, size, INDEX_NEVER, &d, &p->err), p);
    replica_close(&r);
    return d;
}

static void test_whole_way(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct refiled again;
    uint32_t waiting = 0;
    level(p);
    struct final before = final_of(p, APP_FIRST);
    uint64_t proposals = proposals_of(p, APP_FIRST);
    file_by(p, APP_FIRST); /* nobody countersigns it */
    refused_move(p, APP_MEDIATOR, p->sim.host, "the host that the table had already");
    move_all(p, p->fresh);
    (void)move_by(p, APP_FIRST, p->fresh); /* again: nothing changes */
    follow_all(p, p->fresh);

    /* What was final is what it was; what was behind it is gone, from everybody. */
    for (enum app_who i = APP_MEDIATOR; i < APP_MONITOR; i++) {
        struct digest d = digest_at(p, i, before.size);
        assert_true(ID_EQ(d, before.digest));
        assert_int_equal(proposals_of(p, i), proposals);
    }
    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct buf words;
    struct arena mem = test_arena(8u << 20);
    buf_init(&words, 1u << 16);
    must(succeed_waiting(&r, &waiting, &p->err), p);
    assert_int_equal(waiting, 1);
    must(succeed_tell(&r, &mem, &words, &p->err), p);
    assert_non_null(strstr(buf_str(&words), "propose, in plenary: "));
    buf_free(&words);
    must(succeed_refile(&r, REFILE_RECORD, &again, &p->err), p);
    assert_int_equal(again.again + again.left, 0);
    must(succeed_refile(&r, REFILE_ALL, &again, &p->err), p);
    assert_int_equal(again.again, 1);
    must(succeed_waiting(&r, &waiting, &p->err), p);
    assert_int_equal(waiting, 0);
    must(succeed_refile(&r, REFILE_ALL, &again, &p->err), p);
    assert_int_equal(again.again, 0);
    replica_close(&r);
    test_arena_free(&mem);
    level(p);
    struct final now = final_of(p, APP_SECOND);
    assert_true(now.size > before.size);
    assert_int_equal(proposals_of(p, APP_SECOND), proposals + 1);
    app_sim_back(&p->sim);
}

static bool gone(void *ctx, const struct door_item *items, size_t count, uint64_t *out_index,
                 size_t *out_noted, struct buf *out_note, struct err *err)
{
    (void)ctx;
    (void)items;
    (void)count;
    (void)out_index;
    (void)out_noted;
    (void)out_note;
    return err_set(err, ERR_HOST, "gone");
}

/* An act that waits for the old host goes along the same way; so does what a principal had put on the
 * record, without being asked. */
static void test_waiting(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct refiled again;
    struct named_choice choices[3];
    struct payload say = app_sim_proposal(choices, 1);
    struct err err = {0};
    struct app_person envoy;
    level(p);
    uint64_t proposals = proposals_of(p, APP_FIRST);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_settle(&r, &p->err), p);
    r.link.post = gone;
    assert_false(act_file(&r, ACT_CHECKED, &say, NULL, &err));
    assert_int_equal(err.code, ERR_HOST);
    replica_close(&r);
    app_sim_seat(&p->sim, APP_SECOND, 1, "Ilin", APP_SHARED, &envoy); /* nobody countersigns it */
    move_all(p, p->fresh);
    follow_all(p, p->fresh);
    /* Before its principal has admitted it again, the new host does not know the envoy. */
    struct sync_report early;
    app_sim_enter_as(&p->sim, &envoy, &r);
    assert_true(replica_move_host(&r, p->fresh, &err));
    err = (struct err){0};
    assert_false(sync_replica(&r, &early, &err));
    assert_true(err.code == ERR_STATE && strstr(err.what, "does not know this seat") != NULL);
    replica_close(&r);
    assert_int_equal(proposals_of(p, APP_FIRST), proposals);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(succeed_refile(&r, REFILE_ALL, &again, &p->err), p);
    assert_int_equal(again.again, 1);
    assert_int_equal(fold_state(r.fold)->proposal_count, proposals + 1);
    replica_close(&r);
    app_sim_enter(&p->sim, APP_SECOND, &r);
    uint32_t seats = keyring_seats(door_keyring(r.door), INDEX_NEVER);
    must(succeed_refile(&r, REFILE_RECORD, &again, &p->err), p);
    assert_int_equal(again.again, 1);
    assert_int_equal(keyring_seats(door_keyring(r.door), INDEX_NEVER), seats + 1);
    struct digest theirs = app_sim_digest(&r);
    uint64_t size = door_size(r.door);
    replica_close(&r);
    /* That seat follows, and reads what the others read. */
    struct sync_report report;
    app_sim_enter_as(&p->sim, &envoy, &r);
    must(replica_move_host(&r, p->fresh, &p->err) && sync_replica(&r, &report, &p->err), p);
    struct digest its;
    must(replica_digest_without(&r, size, INDEX_NEVER, &its, &p->err), p);
    assert_true(ID_EQ(its, theirs));
    replica_close(&r);
    app_person_free(&envoy);
    app_sim_back(&p->sim);
}

/* A root signs one move; a second one only where it is told that the first is off. */
static void test_another(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct succeed_report report;
    struct err err = {0};
    char other[SCRATCH_PATH_MAX];
    uint64_t given_up;
    app_sim_path(&p->sim, "other", other);
    level(p);
    (void)move_by(p, APP_FIRST, p->fresh);
    refused_move(p, APP_FIRST, other, "has signed a move of this table to another host");
    /* Not all have moved: nobody is shown anything yet, and stays where he is. */
    assert_false(follow(p, APP_MONITOR, p->fresh, &given_up, &err));
    assert_true(err.code == ERR_STATE && err.mend[0] != 0);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(succeed_move(&r, other, SUCCEED_INSTEAD, &report, &p->err), p);
    assert_false(report.complete);
    replica_close(&r);
    (void)move_by(p, APP_MEDIATOR, other);
    assert_true(move_by(p, APP_SECOND, other).complete);
    follow_all(p, other);
    /* From there it can move on: another term. */
    char third[SCRATCH_PATH_MAX];
    app_sim_path(&p->sim, "third", third);
    level(p);
    move_all(p, third);
    app_sim_back(&p->sim);
}

/* Two moves of all, from one record: the one that is countersigned stands, the other is left. */
static void test_rivals(void **state)
{
    struct place *p = *state;
    char other[SCRATCH_PATH_MAX], early[APP_WHO_COUNT][SCRATCH_PATH_MAX];
    struct err err = {0};
    uint64_t given_up = 0;
    app_sim_path(&p->sim, "rival", other);
    level(p);
    for (size_t i = 0; i < COUNT_OF(principals); i++) {
        char name[8];
        (void)snprintf(name, sizeof(name), "e%zu", i);
        app_sim_path(&p->sim, name, early[i]);
        app_sim_copy(p->sim.people[principals[i]].dir, early[i]);
    }
    move_all(p, p->fresh);
    for (size_t i = 0; i < COUNT_OF(principals); i++) { /* machines of before, with their guards */
        app_sim_copy(early[i], p->sim.people[principals[i]].dir);
    }
    app_sim_stir(&p->sim, 5);
    move_all(p, other);
    /* The monitor has followed to the first; nothing there is countersigned: it can come back. */
    must(follow(p, APP_MONITOR, p->fresh, &given_up, &p->err), p);
    for (size_t i = 0; i < COUNT_OF(principals); i++) {
        must(follow(p, principals[i], other, &given_up, &p->err), p);
    }
    must(follow(p, APP_MONITOR, other, &given_up, &p->err), p);
    assert_true(given_up > 0);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT_OF(principals); i++) {
            sync_by(p, principals[i]);
        }
    }
    /* Now that is: nobody follows to the first any more. */
    assert_false(follow(p, APP_FIRST, p->fresh, &given_up, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    assert_non_null(strstr(err.what, "leaves out act"));
    app_sim_back(&p->sim);
}

/* A move that leaves out what every side had countersigned: whoever has seen that does not follow. */
static void test_floor(void **state)
{
    struct place *p = *state;
    char early[APP_WHO_COUNT][SCRATCH_PATH_MAX];
    struct err err = {0};
    uint64_t given_up = 0;
    level(p);
    for (size_t i = 0; i < COUNT_OF(principals); i++) {
        char name[8];
        (void)snprintf(name, sizeof(name), "e%zu", i);
        app_sim_path(&p->sim, name, early[i]);
        app_sim_copy(p->sim.people[principals[i]].dir, early[i]);
    }
    struct final before = final_of(p, APP_MONITOR);
    file_by(p, APP_FIRST);
    level(p);
    struct final then = final_of(p, APP_MONITOR);
    assert_true(then.size > before.size);
    (void)move_by(p, APP_SECOND, p->fresh); /* by the record that all hold: begun at then.size */
    for (size_t i = 0; i < 2; i++) {
        app_sim_copy(early[i], p->sim.people[principals[i]].dir);
    }
    refused_move(p, APP_FIRST, p->fresh, "you hold the first");
    app_sim_path(&p->sim, "low", p->fresh);
    app_sim_copy(early[2], p->sim.people[APP_SECOND].dir);
    app_sim_stir(&p->sim, 6);
    move_all(p, p->fresh);
    assert_false(follow(p, APP_MONITOR, p->fresh, &given_up, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    assert_non_null(strstr(err.what, "leaves out act"));
    struct final after = final_of(p, APP_MONITOR);
    assert_true(after.size == then.size && ID_EQ(after.digest, then.digest));
    app_sim_back(&p->sim);
}

/* Each witness countersigns one size, and the host hides that from the others: by what each of them
 * holds less is final than by what all do.  The move leaves out none of it; and who has signed the move
 * countersigns no more. */
static void test_hidden(void **state)
{
    struct place *p = *state;
    char before[SCRATCH_PATH_MAX];
    level(p);
    file_by(p, APP_FIRST);
    struct final known = final_of(p, APP_MEDIATOR);
    uint64_t signed_size = 0;
    app_sim_path(&p->sim, "before", before);
    app_sim_copy(p->sim.host, before);
    for (size_t i = 0; i < COUNT_OF(principals); i++) {
        app_sim_copy(before, p->sim.host);
        struct replica r;
        struct sync_report report;
        app_sim_enter(&p->sim, principals[i], &r);
        must(sync_take(&r, &p->err), p);
        signed_size = door_size(r.door); /* the same of all */
        must(sync_replica(&r, &report, &p->err) && report.countersigned, p);
        assert_true(report.final < signed_size);
        replica_close(&r);
    }
    assert_true(signed_size > known.size);
    for (size_t i = 0; i < COUNT_OF(principals); i++) {
        struct succeed_report report = move_by(p, principals[i], p->fresh);
        assert_int_equal(report.plan.size, signed_size);
        /* At the old host, where there is something new, it countersigns nothing. */
        struct replica r;
        if (!report.complete) {
            app_sim_copy(before, p->sim.host);
            app_sim_enter(&p->sim, principals[i], &r);
            bool did = false;
            must(sync_countersign(&r, &did, &p->err), p);
            assert_false(did);
            replica_close(&r);
        }
    }
    follow_all(p, p->fresh);
    app_sim_back(&p->sim);
}

/* The host has forked, and two sides have countersigned each its branch: one gives its own up, down to
 * what every side had countersigned, keeps its act, and signs nothing more in that term. */
static void test_forked(void **state)
{
    struct place *p = *state;
    char before[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX];
    struct replica r;
    struct bundle_facts facts;
    struct refiled again;
    struct err err = {0};
    level(p);
    struct final known = final_of(p, APP_SECOND);
    app_sim_path(&p->sim, "before", before);
    app_sim_copy(p->sim.host, before);
    file_by(p, APP_FIRST);
    sync_by(p, APP_FIRST);
    app_sim_copy(before, p->sim.host);
    app_sim_stir(&p->sim, 9);
    file_by(p, APP_SECOND);
    sync_by(p, APP_SECOND);
    sync_by(p, APP_MEDIATOR);
    app_sim_path(&p->sim, "second.bundle", path);
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(bundle_out(&r, path, &facts, &p->err), p);
    replica_close(&r);

    (void)move_by(p, APP_MEDIATOR, p->fresh);
    refused_move(p, APP_FIRST, p->fresh, "another record");
    app_sim_enter(&p->sim, APP_FIRST, &r);
    assert_false(bundle_in(&r, path, BUNDLE_MORE, &facts, &err));
    must(bundle_in(&r, path, BUNDLE_INSTEAD, &facts, &p->err), p);
    assert_true(r.given_up > 0 && facts.size == door_size(r.door));
    struct accuse_result found;
    struct arena mem = test_arena(8u << 20);
    must(accuse_kept(&r, &mem, &found, &p->err), p);
    assert_int_equal(found.count, 1); /* while both were at hand */
    test_arena_free(&mem);
    struct final is;
    must(replica_final_digest(&r, &is.size, &is.digest, &p->err), p);
    assert_true(is.size >= known.size);
    replica_close(&r);
    /* Its guards are ahead of that record. */
    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct named_choice choices[3];
    struct payload say = app_sim_proposal(choices, 1);
    err = (struct err){0};
    assert_false(act_file(&r, ACT_CHECKED, &say, NULL, &err));
    replica_close(&r);
    (void)move_by(p, APP_FIRST, p->fresh);
    assert_true(move_by(p, APP_SECOND, p->fresh).complete);
    follow_all(p, p->fresh);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(succeed_refile(&r, REFILE_ALL, &again, &p->err), p);
    assert_int_equal(again.again, 1);
    replica_close(&r);
    app_sim_back(&p->sim);
}

static int open_place(void **state)
{
    static struct place p;
    app_sim_open(&p.sim);
    app_sim_keep(&p.sim);
    *state = &p;
    return 0;
}

static int fresh_folder(void **state)
{
    struct place *p = *state;
    static int count;
    char name[16];
    (void)snprintf(name, sizeof(name), "fresh%d", count++);
    app_sim_path(&p->sim, name, p->fresh);
    return 0;
}

static int close_place(void **state)
{
    struct place *p = *state;
    app_sim_close(&p->sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_whole_way, fresh_folder),
        cmocka_unit_test_setup(test_waiting, fresh_folder),
        cmocka_unit_test_setup(test_another, fresh_folder),
        cmocka_unit_test_setup(test_rivals, fresh_folder),
        cmocka_unit_test_setup(test_floor, fresh_folder),
        cmocka_unit_test_setup(test_hidden, fresh_folder),
        cmocka_unit_test_setup(test_forked, fresh_folder),
    };
    return cmocka_run_group_tests(tests, open_place, close_place);
}
