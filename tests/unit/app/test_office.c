/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is in office: a witness that goes has one in its place, rooms get fresh keys, and a silent side
 * is gone on without once the grace is over, not before.
 */
#include "app/office.h"

#include "app/act.h"
#include "lib/app_place.h"
#include "lib/test.h"

static const struct ring_naming *naming(const struct replica *r)
{
    return keyring_naming(door_keyring(r->door), r->side, door_size(r->door));
}

static uint64_t final_of(const struct replica *r)
{
    return witness_final(door_witness(r->door), door_size(r->door));
}

/* The envoy, whom his principal has named as the side's witness, is revoked. */
static void test_witness_goes(void **state)
{
    struct place *p = *state;
    struct app_person ilin;
    struct replica r;
    app_sim_seat(&p->sim, APP_FIRST, 1, "Ilin", APP_SHARED, &ilin);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_settle(&r, &p->err), p);
    struct text words = text_str("ours");
    struct payload home = app_sim_words("home/kestria", &words);
    must(act_file(&r, ACT_CHECKED, &home, NULL, &p->err), p);
    const struct keyring *ring = door_keyring(r.door);
    uint32_t seat = keyring_seats(ring, door_size(r.door)) - 1;
    struct naming n = {
        .needed = 1, .count = 1, .witnesses = {keyring_seat(ring, seat)->keys.witness}};
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    naming_encode(&n, &b);
    must(envelope_post_control(&r, KEY_ROOT, CONTROL_WITNESSES, buf_bytes(&b), &p->err), p);
    buf_free(&b);
    assert_true(office_is_witness(&r, seat) && !office_is_witness(&r, r.seat));
    must(office_name_witness(&r, &p->err), p); /* there is one in office: nothing is to be done */
    assert_true(office_is_witness(&r, seat));

    struct room home_room = {ROOM_HOME, r.side};
    uint32_t before = fold_epoch(r.fold, home_room, door_size(r.door))->number;
    must(office_revoke(&r, seat, &p->err), p);
    assert_false(ring_seat_active(keyring_seat(ring, seat), door_size(r.door)));
    assert_true(office_is_witness(&r, r.seat));
    assert_true(naming(&r)->index < keyring_seat(ring, seat)->revoked_at);
    const struct epoch_state *e = fold_epoch(r.fold, home_room, door_size(r.door));
    assert_true(e->number > before && !fold_epoch_stale(r.fold, e));
    e = fold_epoch(r.fold, (struct room){ROOM_PLENARY, 0}, door_size(r.door));
    assert_false(fold_epoch_stale(r.fold, e));
    uint64_t size = door_size(r.door);
    replica_close(&r);
    app_sim_round(&p->sim);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    assert_true(final_of(&r) >= size);
    replica_close(&r);
    app_person_free(&ilin);
}

/* The other machine's seat revoked and nobody named: the next time the principal settles in, his own
 * seat is. */
static void test_named_again(void **state)
{
    struct place *p = *state;
    struct app_person ilin;
    struct replica r;
    struct buf b;
    app_sim_seat(&p->sim, APP_FIRST, 1, "Ilin", APP_SHARED, &ilin);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_settle(&r, &p->err), p);
    const struct keyring *ring = door_keyring(r.door);
    uint32_t seat = keyring_seats(ring, door_size(r.door)) - 1;
    struct naming n = {
        .needed = 1, .count = 1, .witnesses = {keyring_seat(ring, seat)->keys.witness}};
    struct kid kid = keyring_seat(ring, seat)->kid;
    buf_init(&b, CONTROL_BLOB_MAX);
    naming_encode(&n, &b);
    must(envelope_post_control(&r, KEY_ROOT, CONTROL_WITNESSES, buf_bytes(&b), &p->err), p);
    buf_clear(&b);
    keys_encode_revoke(&kid, &b);
    must(envelope_post_control(&r, KEY_ROOT, CONTROL_KEYS, buf_bytes(&b), &p->err), p);
    buf_free(&b);
    assert_false(office_is_witness(&r, r.seat));
    must(act_settle_in(&r, &p->err), p);
    assert_true(office_is_witness(&r, r.seat));
    assert_int_equal(naming(&r)->count, 1);
    replica_close(&r);
    app_person_free(&ilin);
}

static void later(struct place *p, uint64_t seconds)
{
    clock_set(&p->sim.clock, clock_now(&p->sim.clock) + seconds);
}

/* Somebody says something, and the mediator and the second countersign it. */
static void countersigned_by_two(struct place *p)
{
    static const enum app_who who[] = {APP_MEDIATOR, APP_SECOND};
    struct replica r;
    struct text words = text_str("a word");
    struct payload home = app_sim_words("home/meridia", &words);
    app_sim_enter(&p->sim, APP_MEDIATOR, &r);
    must(act_file(&r, ACT_CHECKED, &home, NULL, &p->err), p);
    replica_close(&r);
    for (size_t i = 0; i < COUNT_OF(who); i++) {
        struct sync_report report = {0};
        app_sim_enter(&p->sim, who[i], &r);
        must(sync_replica(&r, &report, &p->err), p);
        assert_true(report.countersigned);
        replica_close(&r);
    }
}

static void test_without(void **state)
{
    struct place *p = *state;
    struct replica r;
    countersigned_by_two(p);
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_settle(&r, &p->err), p);
    uint64_t size = door_size(r.door);
    assert_false(office_proceed(&r, 1, &p->err)); /* the grace has not passed */
    assert_non_null(strstr(p->err.what, "a grace of 24 hours apart"));
    assert_int_equal(door_size(r.door), size); /* and nothing was posted */
    p->err = (struct err){0};
    replica_close(&r);
    later(p, 25 * 3600);
    countersigned_by_two(p);
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_settle(&r, &p->err), p);
    uint64_t before = final_of(&r);
    must(office_proceed(&r, 1, &p->err), p);
    assert_true(witness_out(door_witness(r.door), 1, door_size(r.door)));
    assert_false(office_proceed(&r, 1, &p->err));
    assert_non_null(strstr(p->err.what, "already"));
    p->err = (struct err){0};
    replica_close(&r);
    countersigned_by_two(p);
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_settle(&r, &p->err), p);
    assert_true(final_of(&r) > before + 3); /* it no longer waits for the silent side */
    replica_close(&r);
    app_sim_round(&p->sim); /* that side countersigns, and counts again */
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_settle(&r, &p->err), p);
    assert_false(witness_out(door_witness(r.door), 1, door_size(r.door)));
    replica_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {SCENE(test_witness_goes), SCENE(test_named_again),
                                       SCENE(test_without)};
    return PLACE_RUN(tests);
}
