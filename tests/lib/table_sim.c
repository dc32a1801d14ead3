/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/table_sim.h"

#include <stdlib.h>

#include "crypto/init.h"
#include "lib/test.h"
#include "record/roster.h"

#define FOLDING_BYTES ((size_t)64 << 20)
#define SIDES 5u
#define SEATS 2u

static const char *const rooms[2] = {"plenary", "monitors"};

static bool step(const struct table_sim *t, struct fold *f, uint64_t i, bool skip, struct err *err)
{
    struct verified_act va = {.index = i, .leaf = door_leaf(t->rec.door, i)};
    if (!act_decode(t->rec.items[i].envelope, &va.act, err)) {
        return false;
    }
    /* Leaf 0's author is in no keyring below it; the fold asks for authors of sealed acts alone. */
    if (i > 0 && !keyring_author(door_keyring(t->rec.door), i, &va.act.kid, &va.author, err)) {
        return false;
    }
    return fold_step(f, &va, skip ? NULL : t->opened[i], err);
}

static void catch_up(struct table_sim *t)
{
    struct err err = {0};
    for (uint64_t i = fold_size(t->fold); i < t->rec.count; i++) {
        if (!step(t, t->fold, i, false, &err)) {
            fail_msg("act %llu: %s", (unsigned long long)i, err.what);
        }
    }
}

bool tsim_refold_into(const struct table_sim *t, struct fold *f, uint64_t size, uint64_t without,
                      struct err *err)
{
    for (uint64_t i = 0; i < size; i++) {
        if (!step(t, f, i, i == without, err)) {
            return false;
        }
    }
    return true;
}

void tsim_take(struct table_sim *t)
{
    catch_up(t);
}

bool tsim_refold(const struct table_sim *t, uint64_t size, uint64_t without, struct arena *mem,
                 struct fold **out, struct err *err)
{
    return fold_new(mem, door_keyring(t->rec.door), door_witness(t->rec.door), out, err) &&
           tsim_refold_into(t, *out, size, without, err);
}

struct digest tsim_digest(const struct table_sim *t)
{
    struct digest d;
    struct err err = {0};
    assert_true(state_digest(fold_state(t->fold), &d, &err));
    return d;
}

/* ---- acts ---- */

static uint32_t room_of(struct text name)
{
    return text_is(name, "monitors") ? 1 : 0;
}

/* The public half of a room's key: any bytes do, the fold only compares. */
static void key_of(uint32_t room, uint32_t number, uint8_t out[static 32])
{
    memset(out, 0, 32);
    out[0] = 0x10;
    out[1] = (uint8_t)room;
    out[2] = (uint8_t)number;
}

/* A sealed act of an author who had seen t->seen acts. */
static uint64_t say(struct table_sim *t, uint32_t side, uint32_t seat)
{
    struct record_sim *rec = &t->rec;
    if (t->seen == 0) {
        return sim_say(rec, side, seat, bytes_str("x"));
    }
    struct bytes blob = sim_seal(rec, bytes_str("x"));
    struct act a = sim_fields(rec, side, seat, CONTROL_SEALED, blob);
    prop_fill(&rec->rnd, a.commit.b, sizeof(a.commit.b));
    prop_fill(&rec->rnd, a.tag.b, sizeof(a.tag.b));
    a.seen_size = t->seen;
    a.seen_root = door_root(rec->door, t->seen);
    return sim_post(rec, sim_sign(rec, side, seat, &a, blob));
}

static uint64_t file(struct table_sim *t, uint32_t side, uint32_t seat, const struct payload *p,
                     bool by_identity)
{
    struct arena *mem = &t->rec.mem;
    struct content_item *items;
    struct err err = {0};
    size_t count;
    struct buf raw;
    uint32_t room = room_of(p->room);
    uint64_t index = say(t, side, seat);
    struct content_header h = {.table = t->rec.table,
                               .claimed_time = t->rec.now,
                               .kind = (uint32_t)p->kind,
                               .room = p->room,
                               .epoch = by_identity ? 0 : t->epochs[room],
                               .has_answers = p->has_answers,
                               .answers = p->answers};
    uint8_t *salts = ARENA_NEW(mem, uint8_t, (ITEMS_MAX + 1) * SALT_BYTES);
    struct content *c = ARENA_NEW(mem, struct content, 1);
    struct opened *o = ARENA_NEW(mem, struct opened, 1);
    assert_true(index < TSIM_ACTS);
    if (!payload_items(p, mem, &items, &count, &err)) {
        fail_msg("%s", err.what);
    }
    buf_init(&raw, BLOB_LIMIT_MOST);
    assert_true(
        content_encode(&h, items, count, bytes_of(salts, (count + 1) * SALT_BYTES), &raw, &err));
    assert_true(content_decode(sim_keep(&t->rec, &raw), mem, c, &err));
    *o = (struct opened){.content = c,
                         .by_identity = by_identity,
                         .has_key = !by_identity,
                         .epoch_key_holds = true,
                         .matches = true};
    memset(o->sealed_to, 0xff, sizeof(o->sealed_to));
    key_of(room, t->epochs[room], o->key);
    t->opened[index] = o;
    return index;
}

uint64_t tsim_file(struct table_sim *t, uint32_t side, uint32_t seat, struct payload p)
{
    if (p.room.p == NULL) {
        p.room = text_str("plenary");
    }
    /* Homes and shuttles have no key here: sealed to those who sit in them. */
    bool own = strncmp(p.room.p, "home/", 5) == 0 || strncmp(p.room.p, "shuttle/", 8) == 0;
    uint64_t index = file(t, side, seat, &p, own);
    catch_up(t);
    return index;
}

uint64_t tsim_epoch_by(struct table_sim *t, uint32_t room, struct tsim_epoch_plan plan)
{
    const struct keyring *ring = door_keyring(t->rec.door);
    struct kid *members = ARENA_NEW(&t->rec.mem, struct kid, SEATS_MAX);
    uint32_t seats[SEATS_MAX];
    struct room r = {room == 0 ? ROOM_PLENARY : ROOM_MONITORS, 0};
    uint64_t at = t->rec.count;
    uint32_t n = room_members(&t->charter, ring, r, at, seats);
    uint32_t listed = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i + 1 != plan.unlisted) {
            members[listed++] = keyring_seat(ring, seats[i])->kid;
        }
    }
    uint32_t number = plan.number != 0 ? plan.number : room_membership(&t->charter, ring, r, at);
    struct payload p = {.kind = KIND_EPOCH,
                        .room = text_str(rooms[plan.other_room ? 1 - room : room]),
                        .epoch_item = {.room = text_str(rooms[room]),
                                       .number = number,
                                       .previous = plan.previous,
                                       .member_count = listed,
                                       .members = members,
                                       .reason = text_str("test")}};
    key_of(room, number, p.epoch_item.public_key);
    uint64_t index = file(t, plan.side, plan.seat, &p, true);
    struct opened *o = t->opened[index];
    o->epoch_key_holds = !plan.wrong_key;
    if (plan.left_out > 0) {
        uint32_t seat = seats[plan.left_out - 1];
        o->sealed_to[seat / 8] &= (uint8_t) ~(1u << (seat % 8));
    }
    catch_up(t);
    if (fold_epoch_at(t->fold, index) != NULL) {
        t->epochs[room] = number;
    }
    return index;
}

uint64_t tsim_epoch(struct table_sim *t, uint32_t room)
{
    return tsim_epoch_by(t, room, (struct tsim_epoch_plan){.side = 0});
}

void tsim_countersign(struct table_sim *t)
{
    for (uint32_t side = 0; side < charter_groups(&t->charter); side++) {
        (void)sim_countersign(&t->rec, side, 0);
    }
    catch_up(t);
    t->rec.now += 60;
}

/* ---- papers ---- */

struct bytes tsim_sign(struct table_sim *t, uint32_t side, struct object o)
{
    struct buf b;
    struct err err = {0};
    o.table = t->rec.table;
    buf_init(&b, ENVELOPE_MAX);
    assert_true(object_sign(&o, t->rec.sides[side].root, &b, &err));
    return sim_keep(&t->rec, &b);
}

struct bytes tsim_mandate(struct table_sim *t, uint32_t side, uint32_t seat, uint32_t powers,
                          uint64_t not_before, uint64_t expires)
{
    struct kid kid = signer_kid(t->rec.sides[side].seats[seat].sign);
    return tsim_sign(t, side,
                     (struct object){.kind = OBJECT_MANDATE,
                                     .delegate = kid,
                                     .powers = powers,
                                     .all_issues = true,
                                     .not_before = not_before,
                                     .expires = expires});
}

struct bytes tsim_ratify(struct table_sim *t, uint32_t side, uint64_t proposal, const char *text)
{
    struct object o = {.kind = OBJECT_RATIFY, .has_text = true, .text = text_str(text)};
    struct leaf_hash leaf = door_leaf(t->rec.door, proposal);
    memcpy(o.digest.b, leaf.b, sizeof(leaf.b));
    return tsim_sign(t, side, o);
}

struct bytes tsim_sign_charter(struct table_sim *t, uint32_t side)
{
    struct object o = {.kind = OBJECT_SIGN_CHARTER};
    struct digest roster;
    struct err err = {0};
    assert_true(roster_digest_at(door_keyring(t->rec.door), t->rec.count, &roster, &err));
    o.digest = charter_signature_digest(&fold_state(t->fold)->charter_leaf, &roster);
    return tsim_sign(t, side, o);
}

struct payload tsim_propose(void)
{
    static struct named_choice line;
    line = (struct named_choice){text_str("line"), 0};
    return (struct payload){.kind = KIND_PROPOSE, .choice_count = 1, .choices = &line};
}

struct payload tsim_answer(struct table_sim *t, uint64_t proposal, enum answer_kind kind)
{
    return (struct payload){.kind = KIND_ANSWER, TSIM_ABOUT(t, proposal), .answer = kind};
}

enum refusal_code tsim_try(struct table_sim *t, uint32_t side, uint32_t seat, struct payload p)
{
    struct refusal r = {0};
    struct arena mem = test_arena((size_t)1 << 20);
    struct kid kid = signer_kid(t->rec.sides[side].seats[seat].sign);
    uint32_t number = keyring_find_seat(door_keyring(t->rec.door), &kid);
    if (p.room.p == NULL) {
        p.room = text_str("plenary");
    }
    catch_up(t); /* control acts may have been posted beside us */
    bool desk = fold_would_accept(t->fold, number, &p, &mem, &r);
    uint64_t index = tsim_file(t, side, seat, p);
    const struct void_note *v = fold_void(t->fold, index);
    if (desk != (v == NULL)) {
        fail_msg("desk and record differ: %s", desk ? v->what.p : r.what);
    }
    if (v != NULL) {
        assert_int_equal(v->code, r.code);
        assert_string_equal(v->what.p, r.what);
        assert_string_equal(v->mend.p, r.mend);
    }
    test_arena_free(&mem);
    return r.code;
}

enum refusal_code tsim_judge(struct table_sim *t, const struct table_state *s, uint32_t side,
                             uint32_t seat, struct payload p, struct refusal *r)
{
    static const struct beside nothing;
    struct arena mem = test_arena((size_t)1 << 20);
    struct kid kid = signer_kid(t->rec.sides[side].seats[seat].sign);
    struct judged_act a = {.state = s,
                           .beside = &nothing,
                           .ring = door_keyring(t->rec.door),
                           .log = door_witness(t->rec.door),
                           .index = t->rec.count,
                           .seen_size = t->rec.count,
                           .side = side,
                           .seat = keyring_find_seat(door_keyring(t->rec.door), &kid),
                           .p = &p,
                           .mem = &mem};
    struct findings found;
    struct verified_object vo;
    struct err ignored = {0};
    enum object_kind kind = p.kind == KIND_MANDATE          ? OBJECT_MANDATE
                            : p.kind == KIND_REVOKE_MANDATE ? OBJECT_REVOKE
                            : p.kind == KIND_RATIFY         ? OBJECT_RATIFY
                            : p.kind == KIND_DECIDE         ? OBJECT_DECIDE
                                                            : OBJECT_SIGN_CHARTER;
    if (p.room.p == NULL) {
        p.room = text_str("plenary");
    }
    assert_true(room_parse(&t->charter, p.room, &a.room));
    if (p.object.n > 0 && object_check(kind, p.object, a.ring, a.index, &mem, &vo, &ignored)) {
        a.object = &vo;
    }
    *r = (struct refusal){0};
    assert_true(rules_v1_judge(&a, &found, r) == (r->code == REFUSED_NOT));
    test_arena_free(&mem);
    return r->code;
}

/* ---- the table ---- */

void tsim_open(struct table_sim *t, uint64_t seed)
{
    uint32_t seconds = t->phase_seconds, successors = t->successors;
    uint32_t version = t->rules_version;
    void (*change)(struct arena *, struct charter *) = t->change;
    uint8_t salt[32] = {7};
    struct buf b;
    struct err err = {0};
    assert_true(crypto_init(&err));
    *t = (struct table_sim){.phase_seconds = seconds, .successors = successors, .change = change};
    sim_open(&t->rec, seed, SIDES, SEATS);
    t->rec.successors = successors;
    t->rec.found.rules_version = version == 0 ? 1 : version;
    t->charter = charter_small(&t->rec.mem);
    t->charter.phases[0].deadline_seconds = seconds;
    if (change != NULL) {
        change(&t->rec.mem, &t->charter);
    }
    buf_init(&b, CHARTER_CBOR_MAX);
    if (!charter_encode(&t->charter, &b, &err)) {
        fail_msg("%s", err.what);
    }
    struct bytes cbor = sim_keep(&t->rec, &b);
    t->rec.found.groups = charter_groups(&t->charter);
    t->rec.found.grace_seconds = t->charter.grace_seconds;
    t->rec.found.charter = charter_digest(salt, cbor);
    t->folding = test_arena(FOLDING_BYTES);
    sim_start(&t->rec);
    assert_true(fold_new(&t->folding, door_keyring(t->rec.door), door_witness(t->rec.door),
                         &t->fold, &err));
    struct payload p = {
        .kind = KIND_CHARTER, .room = text_str("plenary"), .charter = cbor, .has_salt = true};
    memcpy(p.salt, salt, sizeof(salt));
    (void)file(t, 0, 0, &p, true);
    catch_up(t);
    assert_true(fold_state(t->fold)->has_charter);
    (void)tsim_epoch(t, 0);
    (void)tsim_epoch(t, 1);
}

void tsim_close(struct table_sim *t)
{
    test_arena_free(&t->folding);
    sim_close(&t->rec);
}

void tsim_begin(struct table_sim *t, uint32_t days)
{
    uint64_t now = t->rec.now;
    for (uint32_t side = 0; side < charter_groups(&t->charter); side++) {
        (void)tsim_file(
            t, side, 0,
            (struct payload){.kind = KIND_SIGN_CHARTER, .object = tsim_sign_charter(t, side)});
    }
    assert_true(state_in_force(fold_state(t->fold)));
    for (uint32_t side = 0; side < charter_groups(&t->charter); side++) {
        (void)tsim_file(
            t, side, 0,
            (struct payload){.kind = KIND_MANDATE,
                             .object = tsim_mandate(t, side, 1,
                                                    POWERS_ALL & ~(uint32_t)POWER_ACCEPT_BINDING,
                                                    now - 86400, now + days * UINT64_C(86400))});
    }
    tsim_countersign(t);
}
