/* SPDX-License-Identifier: Apache-2.0
 *
 * A member with a tampered program against the keys of rooms: that two honest replicas come to
 * another state, that an honest seat cannot read a room where it sits, or that a removed one can.
 */
#include "app/opening.h"

#include "app/sync.h"
#include "app/view.h"
#include "lib/app_place.h"
#include "lib/hostile.h"
#include "lib/test.h"

#define SIZES_MAX 512u

static void enter(struct place *p, enum app_who who, struct replica *r)
{
    app_sim_enter(&p->sim, who, r);
    must(sync_take(r, &p->err), p);
}

static uint64_t propose(struct place *p, enum app_who who)
{
    struct replica r;
    struct named_choice choices[3];
    struct payload act = app_sim_proposal(choices, 1);
    uint64_t index = 0;
    app_sim_enter(&p->sim, who, &r);
    must(act_file(&r, ACT_CHECKED, &act, &index, &p->err), p);
    replica_close(&r);
    return index;
}

static bool say_by(struct place *p, struct replica *r, const char *room, uint64_t *index)
{
    struct text t = text_str("words");
    struct payload act = app_sim_words(room, &t);
    (void)p;
    return act_file(r, ACT_CHECKED, &act, index, &p->err);
}

static uint64_t say(struct place *p, enum app_who who, const char *room)
{
    struct replica r;
    uint64_t index = 0;
    app_sim_enter(&p->sim, who, &r);
    must(say_by(p, &r, room, &index), p);
    replica_close(&r);
    return index;
}

static bool opens(struct place *p, struct replica *r, uint64_t index)
{
    struct act a;
    struct opened_act o;
    must(replica_act(r, index, &r->scratch.mem, &a, &o, &p->err), p);
    arena_wipe(&r->scratch.mem);
    return o.open && o.how.matches;
}

static bool reads(struct place *p, enum app_who who, uint64_t index)
{
    struct replica r;
    enter(p, who, &r);
    bool open = opens(p, &r, index);
    replica_close(&r);
    return open;
}

/* The state at every size, as one folds it from the store, and as it stands. */
struct course {
    uint64_t size;
    struct digest at[SIZES_MAX];
};

static void take_course(struct place *p, struct replica *r, struct course *out)
{
    out->size = door_size(r->door);
    assert_true(out->size < SIZES_MAX);
    for (uint64_t s = 0; s <= out->size; s++) {
        must(replica_digest_without(r, s, INDEX_NEVER, &out->at[s], &p->err), p);
    }
    struct digest live = app_sim_digest(r);
    assert_true(ID_EQ(out->at[out->size], live));
}

static void same_course(const struct course *a, const struct course *b, const char *who)
{
    assert_int_equal(a->size, b->size);
    for (uint64_t s = 0; s <= a->size; s++) {
        if (!ID_EQ(a->at[s], b->at[s])) {
            fail_msg("%s has another state at size %llu of %llu", who, (unsigned long long)s,
                     (unsigned long long)a->size);
        }
    }
}

/* All who have a voice have one course; so have the newcomers, who were not there for all of it. */
static void agree_with(struct place *p, const struct app_person *const *more, unsigned count)
{
    static struct course first, other;
    static const enum app_who who[] = {APP_MEDIATOR, APP_FIRST, APP_SECOND};
    for (unsigned i = 0; i < COUNT_OF(who) + count; i++) {
        const struct app_person *one = i < COUNT_OF(who) ? &p->sim.people[who[i]]
                                                         : more[i - COUNT_OF(who)];
        struct replica r;
        app_sim_enter_as(&p->sim, one, &r);
        must(sync_take(&r, &p->err), p);
        take_course(p, &r, i == 0 ? &first : &other);
        if (i > 0) {
            same_course(&first, &other, one->dir);
        }
        replica_close(&r);
    }
}

static void agree(struct place *p)
{
    agree_with(p, NULL, 0);
}

static void remove_seat(struct place *p, enum app_who principal, const struct app_person *who)
{
    struct replica r;
    app_sim_enter_as(&p->sim, who, &r);
    must(sync_take(&r, &p->err), p);
    struct kid kid = keyring_seat(door_keyring(r.door), r.seat)->kid;
    replica_close(&r);
    app_sim_remove(&p->sim, principal, &kid);
}

static void envoy(struct place *p, enum app_who principal, const char *name, struct app_person *out)
{
    app_sim_seat(&p->sim, principal, 1, name, APP_SHARED, out);
}

static uint32_t seat_of(struct place *p, enum app_who who)
{
    struct replica r;
    enter(p, who, &r);
    uint32_t seat = r.seat;
    replica_close(&r);
    return seat;
}

/* Does any key that this (closed) seat has open the act, as the mediator's store has it? */
static bool could_open(struct place *p, const struct app_person *who, uint64_t index)
{
    struct replica r, own;
    struct opened_act o = {0};
    struct bytes blob;
    enter(p, APP_MEDIATOR, &r);
    app_sim_enter_as(&p->sim, who, &own);
    struct verified_act va = {.index = index, .leaf = door_leaf(r.door, index)};
    struct arena *mem = &r.scratch.mem;
    struct bytes raw;
    must(store_read_leaf(r.store, index, mem, &raw, &p->err) && act_decode(raw, &va.act, &p->err) &&
             keyring_author(door_keyring(r.door), index, &va.act.kid, &va.author, &p->err) &&
             store_read_blob(r.store, &va.act.blob, mem, &blob, &p->err) &&
             opening_try(&own.openings, door_keyring(r.door), &va, blob, mem, &o, &p->err),
         p);
    arena_wipe(mem);
    replica_close(&own);
    replica_close(&r);
    return o.open;
}

/* ---- epochs ---- */

/* Claims to be to all and leaves one out; lists those alone to whom it goes; shows another key. */
static void test_left_out(void **state)
{
    struct place *p = *state;
    struct app_person ilin;
    struct replica r;
    envoy(p, APP_FIRST, "ilin", &ilin);
    uint32_t some[] = {seat_of(p, APP_MEDIATOR), seat_of(p, APP_FIRST)};
    const struct hostile_epoch tries[] = {
        {.room = "plenary", .to = some, .to_count = 2},
        {.room = "plenary", .to = some, .to_count = 2, .lists_to = true},
        {.room = "plenary", .other_key = true},
        {.room = "plenary", .header_room = "home/kestria"},
        {.room = "plenary", .number = 1},
        {.room = "plenary", .number = 65535},
    };
    enter(p, APP_FIRST, &r);
    uint32_t keys = r.openings.key_count;
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        (void)hostile_epoch(&r, &tries[i], NULL);
        assert_int_equal(r.openings.key_count, keys);
    }
    /* A side that sits there and may not: the monitor, in its own room. */
    replica_close(&r);
    enter(p, APP_MONITOR, &r);
    keys = r.openings.key_count;
    (void)hostile_epoch(&r, &(struct hostile_epoch){.room = "monitors"}, NULL);
    (void)hostile_epoch(&r, &(struct hostile_epoch){.room = "plenary"}, NULL);
    assert_int_equal(r.openings.key_count, keys);
    replica_close(&r);
    uint64_t at = propose(p, APP_MEDIATOR);
    assert_true(reads(p, APP_FIRST, at) && reads(p, APP_SECOND, at));
    app_sim_enter_as(&p->sim, &ilin, &r);
    must(sync_take(&r, &p->err), p);
    assert_true(opens(p, &r, at));
    assert_int_equal(fold_state(r.fold)->proposal_count, 1);
    replica_close(&r);
    const struct app_person *newcomer = &ilin;
    agree_with(p, &newcomer, 1);
    app_person_free(&ilin);
}

/* One secret for two rooms: an act of the one must not stand in the other, for nobody. */
static void test_one_secret(void **state)
{
    struct place *p = *state;
    struct app_person ilin;
    struct replica r;
    static const uint8_t secret[32] = {7, 7};
    (void)say(p, APP_FIRST, "home/kestria");
    envoy(p, APP_FIRST, "ilin", &ilin);
    remove_seat(p, APP_FIRST, &ilin); /* so that every room of his is without a key */
    static const char *const rooms[] = {"home/kestria", "plenary", "monitors", "shuttle/kestria"};
    enter(p, APP_FIRST, &r);
    for (size_t i = 0; i < COUNT_OF(rooms); i++) {
        uint64_t at = hostile_epoch(&r, &(struct hostile_epoch){.room = rooms[i], .secret = secret},
                                    NULL);
        assert_non_null(fold_epoch_at(r.fold, at));
    }
    replica_close(&r);
    (void)propose(p, APP_MEDIATOR);
    (void)propose(p, APP_SECOND);
    uint64_t home = say(p, APP_FIRST, "home/kestria");
    uint64_t shuttle = say(p, APP_MEDIATOR, "shuttle/kestria");
    assert_true(reads(p, APP_FIRST, home) && reads(p, APP_FIRST, shuttle));
    assert_false(reads(p, APP_SECOND, home) || reads(p, APP_SECOND, shuttle));
    assert_false(reads(p, APP_MEDIATOR, home));
    enter(p, APP_MEDIATOR, &r);
    assert_int_equal(fold_state(r.fold)->proposal_count, 2);
    assert_int_equal(fold_state(r.fold)->void_count, 0);
    replica_close(&r);
    agree(p);
    app_person_free(&ilin);
}

/* ---- a seat without charter ---- */

static uint64_t to_monitors(struct place *p, enum app_who who)
{
    struct replica r;
    struct text words = text_str("shots at the bridge");
    struct payload act = {.kind = KIND_INCIDENT,
                          .room = text_str("monitors"),
                          .text_count = 1,
                          .texts = &words,
                          .has_when = true,
                          .when = clock_now(&p->sim.clock)};
    uint64_t index = 0;
    app_sim_enter(&p->sim, who, &r);
    must(act_file(&r, ACT_CHECKED, &act, &index, &p->err), p);
    replica_close(&r);
    return index;
}

/* A first key with a high number, or for some of them, does not bar the honest one; a charter that
 * somebody grants him does not make him wait for what he cannot read. */
static void test_monitor(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct app_person ilin;
    envoy(p, APP_FIRST, "ilin", &ilin);
    uint32_t diaz = seat_of(p, APP_MONITOR);
    enter(p, APP_FIRST, &r);
    const struct hostile_epoch tries[] = {
        {.room = "monitors", .number = 60000},
        {.room = "monitors", .number = 60001, .previous = 60000},
        {.room = "monitors", .to = &diaz, .to_count = 1},
        {.room = "monitors", .to = &diaz, .to_count = 1, .lists_to = true},
        {.room = "home/group", .to = &diaz, .to_count = 1},
        {.room = "monitors", .other_key = true},
    };
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        (void)hostile_epoch(&r, &tries[i], NULL);
    }
    replica_close(&r);
    enter(p, APP_MEDIATOR, &r); /* the convener's: he is believed */
    struct act a;
    struct opened_act o;
    struct grant_act g = {.leaf = fold_state(r.fold)->charter_leaf};
    must(replica_act(&r, fold_state(r.fold)->charter_index, &r.scratch.mem, &a, &o, &p->err), p);
    memcpy(g.file_key, o.file_key, sizeof(g.file_key));
    (void)hostile_to(&r,
                     &(struct payload){.kind = KIND_GRANT,
                                       .room = text_str("plenary"),
                                       .grant_act_count = 1,
                                       .grant_acts = &g},
                     &diaz, 1);
    replica_close(&r);

    for (int pass = 0; pass < 2; pass++) {
        enter(p, APP_MONITOR, &r);
        assert_int_equal(r.openings.key_count, 0);
        assert_false(replica_has_charter(&r));
        replica_close(&r);
    }
    assert_true(reads(p, APP_MONITOR, to_monitors(p, APP_SECOND)));
    uint64_t at = say(p, APP_MONITOR, "monitors");
    for (int i = 0; i < 3; i++) {
        assert_true(reads(p, (enum app_who)i, at));
    }
    enter(p, APP_MEDIATOR, &r);
    assert_null(fold_void(r.fold, at));
    replica_close(&r);
    /* What others show him as if it stood in his room is void for him, and no task. */
    enter(p, APP_FIRST, &r);
    struct text words = text_str("believe me");
    struct payload lie = {.kind = KIND_INCIDENT,
                          .room = text_str("monitors"),
                          .text_count = 1,
                          .texts = &words,
                          .has_when = true,
                          .when = 5};
    uint64_t lies[2] = {hostile_to(&r, &lie, &diaz, 1), 0};
    struct room_key key = hostile_held(&r, "monitors");
    lie.room = text_str("plenary"); /* its seal and its header name different rooms */
    lies[1] = hostile_post(&r, &lie, hostile_number(&r, "monitors"),
                           &(struct envelope_seal){.key = &key});
    replica_close(&r);
    enter(p, APP_MONITOR, &r);
    assert_true(opens(p, &r, lies[0]) && opens(p, &r, lies[1]));
    assert_int_equal(fold_void(r.fold, lies[0])->code, REFUSED_EPOCH);
    assert_int_equal(fold_void(r.fold, lies[1])->code, REFUSED_FORM);
    struct view v = view_of(&r);
    struct buf tasks;
    buf_init(&tasks, 65536);
    must(view_tasks(&v, &tasks, &p->err), p);
    assert_non_null(strstr(buf_str(&tasks), "shots at the bridge"));
    assert_null(strstr(buf_str(&tasks), "believe me"));
    buf_free(&tasks);
    replica_close(&r);
    /* His own home he can give a key himself. */
    at = say(p, APP_MONITOR, "home/group");
    assert_true(reads(p, APP_MONITOR, at));
    assert_false(reads(p, APP_MEDIATOR, at) || reads(p, APP_FIRST, at));

    /* Somebody leaves: the monitor, who may not give the room a key, does not write to him. */
    remove_seat(p, APP_FIRST, &ilin);
    enter(p, APP_MONITOR, &r);
    assert_false(say_by(p, &r, "monitors", &at));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_non_null(strstr(p->err.what, "somebody who has left the room monitors still holds"));
    assert_true(p->err.mend[0] != '\0');
    p->err = (struct err){0};
    replica_close(&r);
    (void)to_monitors(p, APP_SECOND);
    at = say(p, APP_MONITOR, "monitors");
    assert_true(reads(p, APP_SECOND, at));
    agree(p);
    app_person_free(&ilin);
}

/* A bad act names another room for a secret, a good one vouches for the secret: the monitor must not
 * write at home what the whole monitors' room can open. */
static void test_label(void **state)
{
    struct place *p = *state;
    struct replica r;
    static const uint8_t secret[32] = {8};
    uint32_t diaz = seat_of(p, APP_MONITOR);
    struct room_key bad, good;
    enter(p, APP_FIRST, &r);
    (void)hostile_epoch(
        &r,
        &(struct hostile_epoch){
            .room = "home/group", .number = 1, .secret = secret, .to = &diaz, .to_count = 1},
        &bad);
    uint64_t at = hostile_epoch(&r, &(struct hostile_epoch){.room = "monitors", .secret = secret},
                                &good);
    assert_non_null(fold_epoch_at(r.fold, at));
    assert_memory_not_equal(bad.public_key, good.public_key, 32);
    replica_close(&r);
    enter(p, APP_MONITOR, &r);
    uint64_t home = 0;
    must(say_by(p, &r, "home/group", &home), p);
    struct room_key own = hostile_held(&r, "home/group");
    assert_memory_not_equal(own.public_key, bad.public_key, 32);
    assert_memory_not_equal(own.public_key, good.public_key, 32);
    replica_close(&r);
    uint64_t said = say(p, APP_MONITOR, "monitors");
    for (int i = 0; i < 3; i++) {
        assert_false(reads(p, (enum app_who)i, home));
        assert_true(reads(p, (enum app_who)i, said));
    }
}

/* A consulted side has its room with the mediation: either gives it a key, nobody else does. */
static void test_consulted(void **state)
{
    struct place *p = *state;
    struct app_person weiss, okoye;
    struct replica r;
    app_sim_side(&p->sim, "union", "weiss", &weiss);
    enter(p, APP_FIRST, &r);
    (void)hostile_epoch(&r, &(struct hostile_epoch){.room = "consult/union"}, NULL);
    (void)hostile_epoch(&r, &(struct hostile_epoch){.room = "home/union"}, NULL);
    replica_close(&r);
    uint64_t at[3];
    app_sim_enter_as(&p->sim, &weiss, &r);
    must(say_by(p, &r, "consult/union", &at[0]) && say_by(p, &r, "home/union", &at[1]), p);
    assert_int_equal(r.openings.key_count, 2);
    replica_close(&r);
    assert_true(reads(p, APP_MEDIATOR, at[0]));
    assert_false(reads(p, APP_MEDIATOR, at[1]));
    assert_false(reads(p, APP_FIRST, at[0]) || reads(p, APP_SECOND, at[0]));
    /* One of the mediation comes and goes: both sides find the same key good. */
    app_sim_seat(&p->sim, APP_MEDIATOR, 1, "okoye", APP_SHARED, &okoye);
    at[2] = say(p, APP_MEDIATOR, "consult/union");
    app_sim_enter_as(&p->sim, &weiss, &r);
    must(sync_take(&r, &p->err), p);
    assert_true(opens(p, &r, at[2]));
    replica_close(&r);
    remove_seat(p, APP_MEDIATOR, &okoye);
    app_sim_enter_as(&p->sim, &weiss, &r);
    must(say_by(p, &r, "consult/union", &at[0]), p); /* he gives the new key himself */
    replica_close(&r);
    assert_true(reads(p, APP_MEDIATOR, at[0]));
    assert_false(could_open(p, &okoye, at[0]) || could_open(p, &okoye, at[0] - 1));
    enter(p, APP_MEDIATOR, &r);
    assert_null(fold_void(r.fold, at[0]));
    replica_close(&r);
    agree(p);
    app_person_free(&weiss);
    app_person_free(&okoye);
}

/* ---- coming and going ---- */

/* He is given the charter and not the key that the plenary had: told so, and mended by sharing. */
static void test_gap(void **state)
{
    struct place *p = *state;
    struct app_person ilin;
    struct replica r, giver;
    struct missing_epoch missing;
    app_sim_seat(&p->sim, APP_FIRST, 1, "ilin", APP_UNSHARED, &ilin);
    /* Without the charter that he is to read he files nothing that nobody would judge. */
    struct named_choice choices[3];
    struct payload act = app_sim_proposal(choices, 0);
    app_sim_enter_as(&p->sim, &ilin, &r);
    assert_false(act_file(&r, ACT_CHECKED, &act, NULL, &p->err));
    assert_int_equal(p->err.code, ERR_RULE);
    assert_non_null(strstr(p->err.what, "cannot read the charter yet"));
    p->err = (struct err){0};
    replica_close(&r);
    enter(p, APP_MEDIATOR, &giver);
    uint32_t old = fold_epoch(giver.fold, (struct room){ROOM_PLENARY, 0}, door_size(giver.door))
                       ->number;
    uint32_t to = keyring_seats(door_keyring(giver.door), door_size(giver.door)) - 1;
    struct act a;
    struct opened_act o;
    struct grant_act g = {.leaf = fold_state(giver.fold)->charter_leaf};
    must(replica_act(&giver, fold_state(giver.fold)->charter_index, &giver.scratch.mem, &a, &o,
                     &p->err),
         p);
    memcpy(g.file_key, o.file_key, sizeof(g.file_key));
    const struct payload only_charter = {
        .kind = KIND_GRANT, .room = text_str("plenary"), .grant_act_count = 1, .grant_acts = &g};
    (void)hostile_to(&giver, &only_charter, &to, 1);
    replica_close(&giver);
    uint64_t at = propose(p, APP_SECOND);
    for (int pass = 0; pass < 2; pass++) {
        app_sim_enter_as(&p->sim, &ilin, &r);
        must(sync_take(&r, &p->err), p);
        assert_true(replica_has_charter(&r));
        assert_true(opens(p, &r, at)); /* of his own time he reads all the same */
        assert_true(replica_missing(&r, &missing));
        assert_int_equal(missing.number, old);
        assert_int_equal(missing.named_at, at - 1);
        struct region words = {0};
        must(region_init(&words, REGION_PLAIN, (size_t)1 << 20, &p->err), p);
        const struct view v = {.r = &r, .mem = &words.mem, .now = clock_now(&p->sim.clock)};
        struct buf b;
        buf_init(&b, 65536);
        view_journey(&v, &b);
        assert_non_null(strstr(buf_str(&b), "MISSING: this seat was not given key"));
        assert_non_null(strstr(buf_str(&b), "of the room plenary"));
        assert_non_null(strstr(buf_str(&b), "entente seat share "));
        buf_free(&b);
        region_free(&words);
        replica_close(&r);
    }
    enter(p, APP_MEDIATOR, &giver);
    assert_false(replica_missing(&giver, &missing));
    must(act_share(&giver, &to, 1, &p->err), p);
    replica_close(&giver);
    app_sim_enter_as(&p->sim, &ilin, &r);
    must(sync_take(&r, &p->err), p);
    assert_false(replica_missing(&r, &missing));
    replica_close(&r);
    const struct app_person *newcomer = &ilin;
    agree_with(p, &newcomer, 1);
    app_person_free(&ilin);
}

static void test_removed(void **state)
{
    struct place *p = *state;
    struct app_person ilin;
    struct replica r;
    envoy(p, APP_FIRST, "ilin", &ilin);
    uint64_t before = propose(p, APP_SECOND);
    uint64_t home = say(p, APP_FIRST, "home/kestria");
    app_sim_enter_as(&p->sim, &ilin, &r);
    must(sync_take(&r, &p->err), p);
    assert_true(opens(p, &r, before) && opens(p, &r, home));
    replica_close(&r);
    assert_true(could_open(p, &ilin, before)); /* the question is asked rightly */
    remove_seat(p, APP_FIRST, &ilin);
    uint64_t after = propose(p, APP_SECOND);
    home = say(p, APP_FIRST, "home/kestria");
    uint64_t shuttle = say(p, APP_MEDIATOR, "shuttle/kestria");
    uint64_t monitors = to_monitors(p, APP_SECOND);
    const uint64_t closed[] = {after - 1, after,    home - 1,     home,
                               shuttle,   monitors, monitors - 1, shuttle - 1};
    for (size_t i = 0; i < COUNT_OF(closed); i++) {
        assert_false(could_open(p, &ilin, closed[i]));
    }
    assert_true(reads(p, APP_FIRST, after) && reads(p, APP_FIRST, shuttle));
    agree(p);
    app_person_free(&ilin);
}

/* A seat is removed while the key that was made for it and the others is on its way. */
struct between {
    struct host_link inner;
    struct place *p;
    const struct app_person *leaves;
    unsigned times; /* how often somebody still leaves */
    struct app_person *more;
};

static bool post_late(void *ctx, const struct door_item *items, size_t count, uint64_t *out_index,
                      size_t *out_noted, struct buf *out_note, struct err *err)
{
    struct between *b = ctx;
    if (b->times > 0) {
        b->times--;
        remove_seat(b->p, APP_FIRST, b->leaves);
    }
    return b->inner.post(b->inner.ctx, items, count, out_index, out_noted, out_note, err);
}

static bool late_checkpoint(void *ctx, struct buf *out, struct err *err)
{
    struct between *b = ctx;
    return b->inner.checkpoint(b->inner.ctx, out, err);
}

static bool late_entries(void *ctx, uint64_t from, uint64_t count, struct buf *out,
                         uint64_t *out_count, struct err *err)
{
    struct between *b = ctx;
    return b->inner.entries(b->inner.ctx, from, count, out, out_count, err);
}

static bool late_blob(void *ctx, const struct digest *sha, struct buf *out, struct err *err)
{
    struct between *b = ctx;
    return b->inner.blob(b->inner.ctx, sha, out, err);
}

static void late_close(void *ctx)
{
    struct between *b = ctx;
    host_link_close(&b->inner);
}

static void test_race(void **state)
{
    struct place *p = *state;
    struct app_person ilin, sand;
    struct replica r;
    struct between b = {.p = p, .leaves = &ilin, .times = 1};
    envoy(p, APP_FIRST, "ilin", &ilin);
    (void)propose(p, APP_SECOND);
    envoy(p, APP_SECOND, "sand", &sand);
    remove_seat(p, APP_SECOND, &sand); /* so that the next act begins with a key */
    app_sim_enter(&p->sim, APP_MEDIATOR, &r);
    must(replica_link(&r, &p->err), p);
    b.inner = r.link;
    r.link = (struct host_link){.checkpoint = late_checkpoint,
                                .entries = late_entries,
                                .blob = late_blob,
                                .post = post_late,
                                .close = late_close,
                                .ctx = &b};
    struct named_choice choices[3];
    struct payload act = app_sim_proposal(choices, 1);
    uint64_t at = 0;
    must(act_file(&r, ACT_CHECKED, &act, &at, &p->err), p);
    assert_int_equal(b.times, 0);
    replica_close(&r);
    assert_false(could_open(p, &ilin, at));
    assert_false(could_open(p, &sand, at));
    assert_true(reads(p, APP_SECOND, at));
    agree(p);
    app_person_free(&ilin);
    app_person_free(&sand);
}

/* ---- anything ---- */

#define UNKNOWN_ROOM "home/nowhere"

static const char *const rooms[] = {"plenary",         "monitors",     "shuttle/kestria",
                                    "home/kestria",    "home/velland", "principals",
                                    "shuttle/velland", "home/group",   UNKNOWN_ROOM};

/* One move of the hostile member, drawn. */
static void attack(struct prop *rnd, struct replica *r)
{
    static uint8_t secret[32];
    struct room_key key;
    const char *room = rooms[prop_below(rnd, COUNT_OF(rooms))];
    uint32_t seats = keyring_seats(door_keyring(r->door), door_size(r->door));
    uint32_t to[SEATS_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < seats; i++) {
        if (prop_below(rnd, 3) > 0 || (n == 0 && i + 1 == seats)) {
            to[n++] = i;
        }
    }
    secret[0] = (uint8_t)prop_below(rnd, 3); /* often one that was used before */
    bool known = strcmp(room, UNKNOWN_ROOM) != 0;
    uint32_t number = known ? hostile_number(r, room) : 3;
    struct named_choice choices[3];
    struct text words = text_str("x");
    struct payload act = prop_below(rnd, 2) == 0 ? app_sim_proposal(choices, 2)
                                                 : app_sim_words(room, &words);
    act.room = text_str(room);
    switch (prop_below(rnd, 5)) {
    case 0:
    case 1: {
        struct hostile_epoch e = {.room = room,
                                  .secret = secret,
                                  .number = prop_below(rnd, 3) == 0
                                                ? 1 + (uint32_t)prop_below(rnd, 9)
                                                : (number == 0 ? 1 : number),
                                  .other_key = prop_below(rnd, 6) == 0};
        if (prop_below(rnd, 2) == 0 || !known) {
            e.to = to;
            e.to_count = n;
            e.lists_to = prop_below(rnd, 2) == 0;
        }
        if (prop_below(rnd, 5) == 0) {
            e.header_room = rooms[prop_below(rnd, COUNT_OF(rooms))];
        }
        (void)hostile_epoch(r, &e, NULL);
        return;
    }
    case 2: /* under a key that may be one by now, with a number that may be right */
        hostile_key(r, room, number + (uint32_t)prop_below(rnd, 2), secret, &key);
        (void)hostile_post(r, &act, number, &(struct envelope_seal){.key = &key});
        return;
    case 3: /* under a key that he holds, in a room where it is not, or an old one */
        if (r->openings.key_count > 0) {
            key = r->openings.keys_held[prop_below(rnd, r->openings.key_count)];
            if (prop_below(rnd, 3) == 0) {
                memcpy(key.public_key, r->openings.keys_held[0].public_key, 32); /* its tag lies */
            }
            (void)hostile_post(r, &act, 1 + (uint32_t)prop_below(rnd, 6),
                               &(struct envelope_seal){.key = &key});
        }
        return;
    default: { /* file keys of acts that he reads, given to some */
        struct grant_act g[4];
        struct err err = {0};
        uint32_t k = 0;
        for (uint64_t i = 0; i < door_size(r->door) && k < COUNT_OF(g); i++) {
            struct act a;
            struct opened_act o;
            assert_true(replica_act(r, i, &r->scratch.mem, &a, &o, &err));
            if (o.open && prop_below(rnd, 4) == 0) {
                g[k].leaf = door_leaf(r->door, i);
                memcpy(g[k].file_key, o.file_key, sizeof(g[k].file_key));
                g[k++].file_key[0] ^= prop_below(rnd, 3) == 0 ? 1 : 0;
            }
            arena_wipe(&r->scratch.mem);
        }
        (void)hostile_to(r,
                         &(struct payload){.kind = KIND_GRANT,
                                           .room = text_str("plenary"),
                                           .grant_act_count = k,
                                           .grant_acts = g},
                         to, n);
        return;
    }
    }
}

/* Envoys of the two parties come and go; each has one seat at a time. */
struct traffic {
    struct app_person people[6];
    bool there[6];
    enum app_who of[6];
    unsigned count;
};

static void come_or_go(struct place *p, struct prop *rnd, struct traffic *t)
{
    enum app_who side = prop_below(rnd, 2) == 0 ? APP_FIRST : APP_SECOND;
    for (unsigned i = 0; i < t->count; i++) {
        if (t->there[i] && t->of[i] == side) {
            remove_seat(p, side, &t->people[i]);
            t->there[i] = false;
            return;
        }
    }
    if (t->count < COUNT_OF(t->people)) {
        char name[2] = {(char)('a' + t->count), '\0'};
        envoy(p, side, name, &t->people[t->count]);
        t->there[t->count] = true;
        t->of[t->count++] = side;
    }
}

/* Whatever he does: honest proposals count for all, all come to one state at every size, however
 * they took the acts in. */
static void anything(struct place *p, enum app_who hostile, uint64_t seed)
{
    struct prop rnd;
    struct traffic t = {.count = 0};
    unsigned proposals = 0;
    struct replica r;
    prop_init_seed(&rnd, seed);
    for (unsigned step = 0; step < 20; step++) {
        uint64_t what = prop_below(&rnd, 8);
        if (what < 5) {
            enter(p, hostile, &r);
            attack(&rnd, &r);
            replica_close(&r);
        } else if (what == 5) {
            come_or_go(p, &rnd, &t);
        } else {
            enum app_who who = hostile == APP_SECOND || prop_below(&rnd, 2) == 0 ? APP_MEDIATOR
                                                                                 : APP_SECOND;
            uint64_t at = propose(p, who);
            proposals++;
            assert_true(reads(p, APP_SECOND, at));
            for (unsigned i = 0; i < t.count; i++) {
                if (t.there[i]) {
                    app_sim_enter_as(&p->sim, &t.people[i], &r);
                    must(sync_take(&r, &p->err), p);
                    assert_true(opens(p, &r, at));
                    replica_close(&r);
                } else {
                    assert_false(could_open(p, &t.people[i], at));
                }
            }
        }
    }
    (void)propose(p, APP_MEDIATOR);
    const struct app_person *stay[COUNT_OF(t.people)];
    unsigned count = 0;
    for (unsigned i = 0; i < t.count; i++) {
        if (t.there[i]) {
            stay[count++] = &t.people[i];
        }
    }
    agree_with(p, stay, count);
    enter(p, APP_SECOND, &r);
    assert_true(fold_state(r.fold)->proposal_count > proposals);
    replica_close(&r);
    for (unsigned i = 0; i < t.count; i++) {
        app_person_free(&t.people[i]);
    }
}

static void test_anything(void **state)
{
    static const enum app_who hostile[] = {APP_FIRST, APP_MEDIATOR, APP_MONITOR};
    struct place *p = *state;
    struct prop seeds;
    prop_init(&seeds, "hostile");
    size_t rounds = prop_rounds(COUNT_OF(hostile));
    for (size_t i = 0; i < rounds; i++) {
        app_sim_back(&p->sim);
        anything(p, hostile[i % COUNT_OF(hostile)], prop_u64(&seeds));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(test_left_out), SCENE(test_one_secret), SCENE(test_monitor),
        SCENE(test_label),    SCENE(test_consulted),  SCENE(test_gap),
        SCENE(test_removed),  SCENE(test_race),       SCENE(test_anything),
    };
    return PLACE_RUN(tests);
}
