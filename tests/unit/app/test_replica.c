/* SPDX-License-Identifier: Apache-2.0
 *
 * A replica: made, opened, read as of a size, and the same however it came to what it holds.
 */
#include "app/replica.h"

#include "app/sync.h"
#include "lib/app_place.h"
#include "lib/hostile.h"
#include "lib/test.h"

#define SIZES_MAX 256u

static uint64_t propose(struct place *p, struct replica *r)
{
    struct named_choice choices[3];
    struct payload act = app_sim_proposal(choices, 1);
    uint64_t index = 0;
    must(act_file(r, ACT_CHECKED, &act, &index, &p->err), p);
    return index;
}

static struct digest at_size(struct place *p, struct replica *r, uint64_t size)
{
    struct digest d;
    must(replica_digest_without(r, size, INDEX_NEVER, &d, &p->err), p);
    return d;
}

static void test_opening(void **state)
{
    struct place *p = *state;
    struct app_person *who = &p->sim.people[APP_FIRST];
    struct replica r;
    char nowhere[SCRATCH_PATH_MAX];
    static char longest[REPLICA_PATH_MAX + 8];
    app_sim_path(&p->sim, "nowhere", nowhere);
    memset(longest, 'x', sizeof(longest) - 1);
    assert_false(
        replica_open(nowhere, who->keys, &p->sim.clock, &p->sim.chance, "test", &r, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_non_null(strstr(p->err.mend, "entente table new"));
    p->err = (struct err){0};
    assert_false(
        replica_open(longest, who->keys, &p->sim.clock, &p->sim.chance, "test", &r, &p->err));
    assert_int_equal(p->err.code, ERR_LIMIT);
    p->err = (struct err){0};
    /* Another's keys do not open it; without any the record alone can be looked at. */
    assert_false(replica_open(who->dir, p->sim.people[APP_SECOND].keys, &p->sim.clock,
                              &p->sim.chance, "test", &r, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
    p->err = (struct err){0};
    must(replica_open(who->dir, NULL, &p->sim.clock, &p->sim.chance, "test", &r, &p->err), p);
    assert_int_equal(r.seat, SEAT_NONE);
    assert_false(replica_has_charter(&r));
    assert_true(door_size(r.door) > 8);
    assert_int_equal(r.openings.key_count, 0);
    struct missing_epoch missing;
    assert_false(replica_missing(&r, &missing));
    replica_close(&r);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    assert_int_not_equal(r.seat, SEAT_NONE);
    assert_true(replica_has_charter(&r));
    assert_true(r.reads_charter);
    replica_close(&r);
    replica_close(&r); /* {0} is fine */
    app_sim_enter(&p->sim, APP_MONITOR, &r);
    assert_false(r.reads_charter || replica_has_charter(&r));
    assert_int_equal(r.sides.party_count, 2);
    assert_int_equal(r.sides.monitor_count, 1);
    assert_true(text_is(r.sides.sides[1].id, "kestria"));
    replica_close(&r);
}

static void test_damaged(void **state)
{
    struct place *p = *state;
    struct app_person *who = &p->sim.people[APP_FIRST];
    static const char *const names[] = {"table", "side", "post"};
    char path[FILE_PATH_MAX];
    must(replica_path(who->dir, "replica", path, &p->err), p);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct store *s;
        struct replica r;
        app_sim_back(&p->sim);
        must(store_open(path, STORE_REPLICA, STORE_WRITE, &s, &p->err) &&
                 store_meta_put(s, names[i], bytes_str("-"), &p->err),
             p);
        store_close(s);
        assert_false(
            replica_open(who->dir, who->keys, &p->sim.clock, &p->sim.chance, "test", &r, &p->err));
        assert_int_equal(p->err.code, ERR_FORMAT);
        assert_non_null(strstr(p->err.what, "is damaged"));
        assert_non_null(strstr(p->err.where, who->dir));
        p->err = (struct err){0};
    }
}

static bool count_proposals(void *ctx, const struct table_state *s, struct err *err)
{
    (void)err;
    *(uint32_t *)ctx = s->proposal_count;
    return true;
}

static bool fails(void *ctx, const struct table_state *s, struct err *err)
{
    (void)ctx;
    (void)s;
    return err_set(err, ERR_USE, "no");
}

static void test_as_of(void **state)
{
    struct place *p = *state;
    struct replica r;
    uint32_t n = 77;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    uint64_t one = propose(p, &r);
    uint64_t two = propose(p, &r);
    must(replica_at(&r, one, count_proposals, &n, &p->err), p);
    assert_int_equal(n, 0);
    must(replica_at(&r, two, count_proposals, &n, &p->err), p);
    assert_int_equal(n, 1);
    must(replica_at(&r, two + 1, count_proposals, &n, &p->err), p);
    assert_int_equal(n, 2);
    assert_false(replica_at(&r, two, fails, NULL, &p->err));
    p->err = (struct err){0};
    /* Without an act: another state where it counts; the same where it is a control act. */
    struct digest all = app_sim_digest(&r), without;
    must(replica_digest_without(&r, two + 1, two, &without, &p->err), p);
    assert_false(ID_EQ(all, without));
    struct digest same = at_size(p, &r, two + 1);
    assert_true(ID_EQ(all, same));
    /* What it has of acts: a control act, one that it opened; what lies behind the end is an error. */
    struct act a;
    struct opened_act o;
    must(replica_act(&r, 0, &r.scratch.mem, &a, &o, &p->err), p);
    assert_true(a.control == CONTROL_FOUND && !o.open);
    must(replica_act(&r, two, &r.scratch.mem, &a, &o, &p->err), p);
    assert_true(a.control == CONTROL_SEALED && o.open && o.how.content == &o.content);
    assert_false(replica_act(&r, door_size(r.door), &r.scratch.mem, &a, &o, &p->err));
    p->err = (struct err){0};
    arena_wipe(&r.scratch.mem);
    replica_close(&r);
}

/* Loaded again and folded again it is the same: state, keys and which seat is ours. */
static void test_again(void **state)
{
    struct place *p = *state;
    struct replica r;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    (void)propose(p, &r);
    struct digest live = app_sim_digest(&r);
    uint32_t keys = r.openings.key_count, seat = r.seat;
    uint64_t size = door_size(r.door);
    assert_true(keys > 0);
    for (int pass = 0; pass < 3; pass++) {
        must(pass == 1 ? replica_reload(&r, &p->err) : replica_refold(&r, &p->err), p);
        struct digest again = app_sim_digest(&r);
        assert_true(ID_EQ(live, again));
        assert_int_equal(r.openings.key_count, keys);
        assert_int_equal(r.seat, seat);
        assert_int_equal(door_size(r.door), size);
    }
    uint64_t at = propose(p, &r); /* and it works on */
    assert_true(at >= size);
    replica_close(&r);
}

/* One that took each act as it came and one that took all at once: the same at every size, live and
 * from the store, though keys, newcomers and a tampered program were among them. */
static void test_batches(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct app_person late = p->sim.people[APP_SECOND], ilin;
    static struct digest live[SIZES_MAX];
    static bool has[SIZES_MAX];
    memset(has, 0, sizeof(has));
    app_sim_path(&p->sim, "live/late", late.dir);
    app_sim_copy(p->sim.people[APP_SECOND].dir, late.dir);
    for (int step = 0; step < 9; step++) {
        uint8_t secret[32] = {(uint8_t)step, 3};
        if (step == 2) {
            app_sim_seat(&p->sim, APP_FIRST, 1, "ilin", APP_SHARED, &ilin);
        } else if (step == 5) {
            struct replica own;
            app_sim_enter_as(&p->sim, &ilin, &own);
            struct kid kid = keyring_seat(door_keyring(own.door), own.seat)->kid;
            replica_close(&own);
            app_sim_remove(&p->sim, APP_FIRST, &kid);
        } else if (step % 3 == 1) {
            app_sim_enter(&p->sim, APP_FIRST, &r);
            (void)hostile_epoch(&r, &(struct hostile_epoch){.room = "plenary", .secret = secret},
                                NULL);
            replica_close(&r);
        } else {
            app_sim_enter(&p->sim, step % 2 == 0 ? APP_MEDIATOR : APP_FIRST, &r);
            (void)propose(p, &r);
            replica_close(&r);
        }
        app_sim_enter(&p->sim, APP_SECOND, &r);
        must(sync_take(&r, &p->err), p);
        uint64_t size = door_size(r.door);
        assert_true(size < SIZES_MAX);
        live[size] = app_sim_digest(&r);
        has[size] = true;
        replica_close(&r);
    }
    struct replica whole;
    app_sim_enter(&p->sim, APP_SECOND, &r);
    app_sim_enter_as(&p->sim, &late, &whole);
    must(sync_take(&r, &p->err) && sync_take(&whole, &p->err), p);
    uint64_t size = door_size(r.door);
    assert_int_equal(door_size(whole.door), size);
    assert_int_equal(whole.openings.key_count, r.openings.key_count);
    unsigned compared = 0;
    for (uint64_t s = 0; s <= size; s++) {
        struct digest one = at_size(p, &r, s), other = at_size(p, &whole, s);
        if (!ID_EQ(one, other) || (has[s] && !ID_EQ(one, live[s]))) {
            fail_msg("another state at size %llu of %llu", (unsigned long long)s,
                     (unsigned long long)size);
        }
        compared += has[s];
    }
    assert_true(compared >= 8);
    replica_close(&r);
    replica_close(&whole);
    app_person_free(&ilin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {SCENE(test_opening), SCENE(test_damaged), SCENE(test_as_of),
                                       SCENE(test_again), SCENE(test_batches)};
    return PLACE_RUN(tests);
}
