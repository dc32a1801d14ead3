/* SPDX-License-Identifier: Apache-2.0
 *
 * What a seat opens and which keys it learns: what is for it, and what others offer it.
 */
#include "app/opening.h"

#include "app/sync.h"
#include "lib/app_place.h"
#include "lib/hostile.h"
#include "lib/test.h"

static uint64_t say(struct place *p, struct replica *r, const char *room, const char *words)
{
    struct text t = text_str(words);
    struct payload act = app_sim_words(room, &t);
    uint64_t index = 0;
    must(act_file(r, ACT_CHECKED, &act, &index, &p->err), p);
    return index;
}

static uint64_t propose(struct place *p, struct replica *r)
{
    struct named_choice choices[3];
    struct payload act = app_sim_proposal(choices, 1);
    uint64_t index = 0;
    must(act_file(r, ACT_CHECKED, &act, &index, &p->err), p);
    return index;
}

static bool opens(struct place *p, struct replica *r, uint64_t index)
{
    struct act a;
    struct opened_act o;
    must(sync_take(r, &p->err) && replica_act(r, index, &r->scratch.mem, &a, &o, &p->err), p);
    arena_wipe(&r->scratch.mem);
    return o.open && o.how.matches;
}

/* What this seat has of an act, by its own notebook. */
static bool reads(struct place *p, struct replica *r, uint64_t index, const char *words)
{
    struct act a;
    struct opened_act o;
    struct payload act;
    must(sync_take(r, &p->err) && replica_act(r, index, &r->scratch.mem, &a, &o, &p->err), p);
    bool same = o.open && o.how.matches &&
                payload_from(&o.content, &r->scratch.mem, &act, &p->err) && act.text_count == 1 &&
                text_is(act.texts[0], words);
    arena_wipe(&r->scratch.mem);
    return same;
}

static uint32_t seat_of(struct place *p, enum app_who who)
{
    struct replica r;
    app_sim_enter(&p->sim, who, &r);
    uint32_t seat = r.seat;
    replica_close(&r);
    return seat;
}

/* Who opens what, live and from the store. */
static void test_rooms(void **state)
{
    struct place *p = *state;
    struct replica first, second, mediator;
    app_sim_enter(&p->sim, APP_FIRST, &first);
    uint64_t home = say(p, &first, "home/kestria", "among us");
    uint64_t shuttle = say(p, &first, "shuttle/kestria", "to the mediation");
    uint64_t plenary = propose(p, &first);
    assert_true(reads(p, &first, home, "among us"));
    replica_close(&first);
    for (int pass = 0; pass < 2; pass++) {
        app_sim_enter(&p->sim, APP_SECOND, &second);
        assert_false(reads(p, &second, home, "among us"));
        assert_false(reads(p, &second, shuttle, "to the mediation"));
        assert_true(opens(p, &second, plenary));
        assert_false(opens(p, &second, shuttle));
        replica_close(&second);
        app_sim_enter(&p->sim, APP_MEDIATOR, &mediator);
        assert_false(reads(p, &mediator, home, "among us"));
        assert_true(reads(p, &mediator, shuttle, "to the mediation"));
        /* One key for each room and membership, and each names its epoch. */
        const struct private_state *m = fold_private(mediator.fold);
        assert_int_equal(mediator.openings.key_count, m->epoch_count);
        for (uint32_t i = 0; i < m->epoch_count; i++) {
            const struct room_key *k = opening_key(&mediator.openings, m->epochs[i].public_key);
            assert_non_null(k);
            assert_int_equal(k->index, m->epochs[i].index);
        }
        replica_close(&mediator);
    }
}

/* Epoch acts by anybody, for rooms of any name: a seat holds no more for them.  (It used to, up to a
 * ceiling, above which honest ones were dropped.) */
static void test_flood(void **state)
{
    struct place *p = *state;
    struct replica hostile, victim;
    uint32_t victim_seat = seat_of(p, APP_SECOND);
    app_sim_enter(&p->sim, APP_SECOND, &victim);
    must(sync_take(&victim, &p->err), p);
    uint32_t keys = victim.openings.key_count;
    replica_close(&victim);
    static const char *const rooms[] = {"zzz", "home/velland", "plenary", "shuttle/velland",
                                        "monitors"};
    app_sim_enter(&p->sim, APP_MONITOR, &hostile);
    for (uint32_t i = 0; i < 25; i++) {
        uint8_t secret[32] = {(uint8_t)i, 1};
        const struct hostile_epoch e = {.room = rooms[i % 5],
                                        .header_room = "home/group",
                                        .number = 1 + i,
                                        .secret = secret,
                                        .to = &victim_seat,
                                        .to_count = 1};
        (void)hostile_epoch(&hostile, &e, NULL);
    }
    replica_close(&hostile);
    for (int pass = 0; pass < 2; pass++) {
        app_sim_enter(&p->sim, APP_SECOND, &victim);
        must(sync_take(&victim, &p->err), p);
        assert_int_equal(victim.openings.key_count, keys);
        assert_int_equal(victim.openings.stray_count, 1); /* the last of that author */
        replica_close(&victim);
    }
    /* And an author's own room has one key for one membership, however often he offers others. */
    app_sim_enter(&p->sim, APP_FIRST, &hostile);
    (void)say(p, &hostile, "home/kestria", "hello");
    keys = hostile.openings.key_count;
    for (uint32_t i = 0; i < 5; i++) {
        uint8_t secret[32] = {(uint8_t)i, 2};
        (void)hostile_epoch(
            &hostile, &(struct hostile_epoch){.room = "home/kestria", .secret = secret}, NULL);
    }
    assert_int_equal(hostile.openings.key_count, keys);
    replica_close(&hostile);
}

/* ---- grants ---- */

/* Gives seats file keys of acts. */
static void grant(struct replica *r, const uint32_t *seats, uint32_t count, struct grant_act *acts,
                  uint32_t n)
{
    const struct payload g = {
        .kind = KIND_GRANT, .room = text_str("plenary"), .grant_act_count = n, .grant_acts = acts};
    (void)hostile_to(r, &g, seats, count);
}

static struct grant_act file_key(struct place *p, struct replica *r, uint64_t index)
{
    struct act a;
    struct opened_act o;
    struct grant_act g = {.leaf = door_leaf(r->door, index)};
    must(replica_act(r, index, &r->scratch.mem, &a, &o, &p->err), p);
    assert_true(o.open);
    memcpy(g.file_key, o.file_key, sizeof(g.file_key));
    arena_wipe(&r->scratch.mem);
    return g;
}

static void test_grants(void **state)
{
    struct place *p = *state;
    struct replica giver, taker;
    uint32_t to = seat_of(p, APP_SECOND);
    uint32_t own = seat_of(p, APP_MEDIATOR);
    /* Sealed to one seat alone: closed to all others, until its file key is given. */
    struct text words = text_str("for one");
    struct payload note = app_sim_words("shuttle/velland", &words);
    app_sim_enter(&p->sim, APP_MEDIATOR, &giver);
    uint64_t secret = hostile_to(&giver, &note, &own, 1);
    uint64_t other = hostile_to(&giver, &note, &own, 1);
    uint64_t tagged = say(p, &giver, "shuttle/kestria", "for one");
    struct grant_act acts[GRANTS_MAX] = {{.file_key = {0}}};
    struct grant_act right = file_key(p, &giver, secret);
    /* A wrong key, a key of another act, an act that nobody knows, one under a room's key. */
    acts[0] = right;
    acts[0].file_key[0] ^= 1;
    acts[1] = file_key(p, &giver, other);
    acts[1].leaf = right.leaf;
    for (uint32_t i = 2; i < GRANTS_MAX - 1; i++) {
        acts[i] = right;
        acts[i].leaf.b[31] ^= (uint8_t)i;
    }
    acts[GRANTS_MAX - 1] = file_key(p, &giver, tagged);
    for (int i = 0; i < 3; i++) {
        grant(&giver, &to, 1, acts, GRANTS_MAX);
    }
    app_sim_enter(&p->sim, APP_SECOND, &taker);
    assert_false(reads(p, &taker, secret, "for one"));
    assert_false(reads(p, &taker, other, "for one"));
    assert_false(reads(p, &taker, tagged, "for one"));
    struct digest before = app_sim_digest(&taker);
    replica_close(&taker);
    /* None of that stands in the way of the right one; the second time it says nothing new. */
    for (int pass = 0; pass < 2; pass++) {
        grant(&giver, &to, 1, &right, 1);
        app_sim_enter(&p->sim, APP_SECOND, &taker);
        assert_true(reads(p, &taker, secret, "for one"));
        assert_false(taker.openings.news);
        struct digest after = app_sim_digest(&taker);
        assert_true(ID_EQ(before, after));
        replica_close(&taker);
    }
    replica_close(&giver);
    /* A side that is neither the convener's nor one's own is not believed. */
    app_sim_enter(&p->sim, APP_FIRST, &giver);
    uint32_t first = giver.seat;
    uint64_t third = hostile_to(&giver, &note, &first, 1);
    right = file_key(p, &giver, third);
    grant(&giver, &to, 1, &right, 1);
    replica_close(&giver);
    app_sim_enter(&p->sim, APP_SECOND, &taker);
    assert_false(reads(p, &taker, third, "for one"));
    replica_close(&taker);
}

/* ---- tags ---- */

/* A tag says which key opens; where it lies, all who hold that key see it alike. */
static void test_tags(void **state)
{
    struct place *p = *state;
    struct replica hostile, r;
    static const uint8_t secret[32] = {9};
    app_sim_enter(&p->sim, APP_FIRST, &hostile);
    (void)say(p, &hostile, "shuttle/kestria", "hello");
    (void)propose(p, &hostile);
    struct room_key plenary = hostile_held(&hostile, "plenary");
    struct room_key shuttle = hostile_held(&hostile, "shuttle/kestria");
    uint32_t number = hostile_number(&hostile, "plenary");
    struct room_key none;
    hostile_key(&hostile, "plenary", number, secret, &none);
    struct text words = text_str("hm");
    struct payload act = app_sim_words("plenary", &words);
    /* The plenary's tag on a seal to nobody's key, to the shuttle's; the shuttle's on the plenary's. */
    struct room_key lie[3] = {none, shuttle, plenary};
    lie[0].tag = lie[1].tag = plenary.tag;
    lie[2].tag = shuttle.tag;
    uint64_t at[3];
    for (int i = 0; i < 3; i++) {
        at[i] = hostile_post(&hostile, &act, number, &(struct envelope_seal){.key = &lie[i]});
    }
    replica_close(&hostile);
    struct digest d[3];
    static const enum app_who who[] = {APP_MEDIATOR, APP_FIRST, APP_SECOND};
    for (int i = 0; i < 3; i++) {
        app_sim_enter(&p->sim, who[i], &r);
        must(sync_take(&r, &p->err), p);
        for (int k = 0; k < 2; k++) {
            assert_non_null(fold_void(r.fold, at[k])); /* for all who hold the plenary's key */
            assert_false(reads(p, &r, at[k], "hm"));
        }
        assert_int_equal(fold_void(r.fold, at[2]) != NULL, who[i] != APP_SECOND);
        assert_int_equal(fold_state(r.fold)->void_count, 2);
        d[i] = app_sim_digest(&r);
        replica_close(&r);
    }
    assert_true(ID_EQ(d[0], d[1]) && ID_EQ(d[0], d[2]));
}

/* What somebody sealed to a key that was offered and that no room has is told, and changes nothing. */
static void test_stray(void **state)
{
    struct place *p = *state;
    struct replica hostile, r;
    struct room_key key;
    static const uint8_t secret[32] = {4};
    app_sim_enter(&p->sim, APP_FIRST, &hostile);
    (void)propose(p, &hostile);
    struct digest before = app_sim_digest(&hostile);
    (void)hostile_epoch(&hostile, &(struct hostile_epoch){.room = "plenary", .secret = secret},
                        &key);
    replica_close(&hostile);
    /* Somebody takes it for the room's key, as a program with other rules might. */
    app_sim_enter(&p->sim, APP_SECOND, &hostile);
    struct text words = text_str("lost?");
    struct payload act = app_sim_words("plenary", &words);
    uint64_t at = hostile_post(&hostile, &act, hostile_number(&hostile, "plenary"),
                               &(struct envelope_seal){.key = &key});
    replica_close(&hostile);
    for (int pass = 0; pass < 2; pass++) {
        app_sim_enter(&p->sim, APP_MEDIATOR, &r);
        assert_true(reads(p, &r, at, "lost?"));
        const struct void_note *v = fold_void(r.fold, at);
        assert_non_null(v);
        assert_string_equal(v->what.p, "It is sealed to a key that no room had by then.");
        assert_true(v->mend.n > 0);
        assert_int_equal(fold_state(r.fold)->void_count, 0);
        struct digest after = app_sim_digest(&r);
        assert_true(ID_EQ(before, after));
        replica_close(&r);
    }
    /* A seat without charter would not be told that it is void: it opens none of it. */
    app_sim_enter(&p->sim, APP_MONITOR, &r);
    must(sync_take(&r, &p->err), p);
    assert_int_equal(r.openings.stray_count, 0);
    replica_close(&r);
}

/* ---- the notebook ---- */

static void test_notebook(void **state)
{
    struct place *p = *state;
    struct replica r;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    uint64_t at = say(p, &r, "home/kestria", "kept");
    struct act a;
    struct opened_act one, two;
    struct arena *mem = &r.scratch.mem;
    must(replica_act(&r, at, mem, &a, &one, &p->err), p);
    assert_true(one.open && one.how.has_key && one.how.matches && !one.how.by_identity);
    /* Kept again under another index it comes back whole; under one never kept it is closed. */
    must(opening_keep(&r.openings, 100000, &one, &p->err) &&
             opening_recall(&r.openings, 100000, mem, &two, &p->err),
         p);
    assert_true(two.open && two.how.has_key && two.how.matches);
    assert_memory_equal(one.file_key, two.file_key, sizeof(one.file_key));
    assert_memory_equal(one.how.key, two.how.key, sizeof(one.how.key));
    assert_int_equal(one.content.count, two.content.count);
    must(opening_recall(&r.openings, 100001, mem, &two, &p->err), p);
    assert_false(two.open);
    /* One act's page does not open as another's; nor does a page that was changed or cut. */
    struct bytes page = {0};
    uint8_t name[13] = {'o', 'p', 'e', 'n', '/', 0, 0, 0, 0, 0, 1, 0x86, 0xa0};
    must(store_sealed_get(r.store, bytes_of(name, 13), mem, &page, &p->err), p);
    assert_true(page.n > 40);
    name[12] = 0xa2;
    must(store_sealed_put(r.store, bytes_of(name, 13), page, &p->err), p);
    assert_false(opening_recall(&r.openings, 100002, mem, &two, &p->err));
    assert_int_equal(p->err.code, ERR_VERIFY);
    p->err = (struct err){0};
    name[12] = 0xa0;
    must(store_sealed_put(r.store, bytes_of(name, 13), bytes_slice(page, 0, 30), &p->err), p);
    assert_false(opening_recall(&r.openings, 100000, mem, &two, &p->err));
    assert_int_equal(p->err.code, ERR_VERIFY);
    p->err = (struct err){0};
    replica_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(test_rooms), SCENE(test_flood), SCENE(test_grants),
        SCENE(test_tags),  SCENE(test_stray), SCENE(test_notebook),
    };
    return PLACE_RUN(tests);
}
