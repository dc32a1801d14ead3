/* SPDX-License-Identifier: Apache-2.0
 *
 * A lost root: m of n successors put another in its place.  What counts before and after, and what is
 * refused.
 */
#include "lib/record_sim.h"
#include "lib/test.h"
#include "crypto/dh.h"
#include "record/control_priv.h"
#include "record/object.h"
#include "record/roster.h"

#define SIDE 1u
#define SUCCESSORS 3u

struct scene {
    struct record_sim sim;
    struct signer *successors[SUCCESSORS];
    struct signer *root, *seat, *witness; /* the new principal's */
    struct signer *stranger;
    struct signer *old_root; /* kept when another is in its place */
    struct pubkey replaced;
    uint64_t joined;
};

static struct seat_keys keys_of(struct record_sim *sim, const struct signer *sign,
                                const struct signer *witness, uint32_t post)
{
    struct seat_keys k = {.sign = signer_pk(sign), .witness = signer_pk(witness), .post = post};
    uint8_t secret[32];
    prop_fill(&sim->rnd, secret, sizeof(secret));
    dh_public(secret, k.seal.b);
    return k;
}

/* The slip of a side that names successors; 2 of them are needed. */
static struct bytes slip_blob(struct scene *s)
{
    struct record_sim *sim = &s->sim;
    struct slip slip = {.table = sim->table,
                        .side = SIDE,
                        .seat_count = 2,
                        .successor_count = SUCCESSORS,
                        .successors_needed = 2};
    const struct signer *sign[2], *witness[2];
    const struct signer *successors[SUCCESSORS];
    struct err err = {0};
    struct buf b, blob;
    for (uint32_t i = 0; i < 2; i++) {
        slip.seats[i] = sim->sides[SIDE].seats[i].keys;
        sign[i] = sim->sides[SIDE].seats[i].sign;
        witness[i] = sim->sides[SIDE].seats[i].witness;
    }
    for (uint32_t i = 0; i < SUCCESSORS; i++) {
        successors[i] = s->successors[i];
    }
    buf_init(&b, CONTROL_BLOB_MAX);
    buf_init(&blob, CONTROL_BLOB_MAX);
    assert_true(slip_sign(&slip, sim->sides[SIDE].root, sign, witness, successors, &b, &err));
    keys_encode_side(buf_bytes(&b), &blob);
    buf_free(&b);
    return sim_keep(sim, &blob);
}

static void open_scene(struct scene *s)
{
    struct record_sim *sim = &s->sim;
    static const uint32_t first[] = {0};
    sim_open(sim, 31, 3, 2);
    for (uint32_t i = 0; i < SUCCESSORS; i++) {
        s->successors[i] = sim_signer(sim, KEY_ROOT);
    }
    s->root = sim_signer(sim, KEY_ROOT);
    s->seat = sim_signer(sim, KEY_SEAT);
    s->witness = sim_signer(sim, KEY_WITNESS);
    s->stranger = sim_signer(sim, KEY_ROOT);
    s->old_root = sim->sides[SIDE].root;
    s->replaced = signer_pk(s->old_root);
    sim_found(sim);
    sim_join(sim, 0, 2);
    s->joined = sim_post(sim, sim_make(sim, 0, SIM_ROOT, CONTROL_KEYS, slip_blob(s)));
    sim_join(sim, 2, 2);
    for (uint32_t i = 0; i < 3; i++) {
        sim_name(sim, i, 1, first, 1);
    }
}

static void close_scene(struct scene *s)
{
    s->sim.sides[SIDE].root = s->old_root;
    for (uint32_t i = 0; i < SUCCESSORS; i++) {
        signer_free(s->successors[i]);
    }
    signer_free(s->root);
    signer_free(s->seat);
    signer_free(s->witness);
    signer_free(s->stranger);
    sim_close(&s->sim);
}

/* The paper of the new principal; what is not as it should be is changed by the test. */
struct draft {
    struct slip slip;
    struct pubkey replaced;
    const struct signer *root, *seat, *witness;
    const struct signer *const *heirs; /* NULL: it names no successors */
};

static struct draft draft_of(struct scene *s)
{
    struct draft d = {
        .replaced = s->replaced, .root = s->root, .seat = s->seat, .witness = s->witness};
    d.slip = (struct slip){.table = s->sim.table, .side = SIDE, .seat_count = 1};
    d.slip.seats[0] = keys_of(&s->sim, s->seat, s->witness, 0);
    return d;
}

/* Signed by so many of the list. */
static struct bytes paper(struct scene *s, const struct draft *d, struct signer *const *sponsors,
                          uint32_t count)
{
    const struct signer *seat = d->seat;
    const struct signer *witness = d->witness;
    struct slip slip = d->slip;
    struct err err = {0};
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    assert_true(new_root_sign(&slip, &d->replaced, d->root, &seat, &witness, d->heirs, &b, &err));
    struct bytes raw = sim_keep(&s->sim, &b);
    for (uint32_t i = 0; i < count; i++) {
        buf_init(&b, CONTROL_BLOB_MAX);
        assert_true(new_root_sponsor(raw, sponsors[i], &b, &err));
        raw = sim_keep(&s->sim, &b);
    }
    return raw;
}

static struct bytes blob_of(struct scene *s, struct bytes raw)
{
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_new_root(raw, &b);
    return sim_keep(&s->sim, &b);
}

/* Of another side's seat: nobody's leave is asked, whoever carries it. */
static struct door_item item(struct scene *s, struct bytes raw)
{
    return sim_make(&s->sim, 2, 1, CONTROL_KEYS, blob_of(s, raw));
}

static void refused(struct scene *s, const struct draft *d, struct signer *const *sponsors,
                    uint32_t count, const char *why)
{
    sim_refused(&s->sim, item(s, paper(s, d, sponsors, count)), why);
}

static void test_refused(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s);
    struct draft d = draft_of(&s);
    refused(&s, &d, s.successors, 0, "0 of 3 successors of side 1 have signed it; 2 must");
    refused(&s, &d, s.successors, 1, "1 of 3 successors of side 1 have signed it; 2 must");
    struct signer *with_stranger[] = {s.successors[0], s.stranger};
    refused(&s, &d, with_stranger, 2, "a key that side 1 did not name as a successor");
    d.replaced = signer_pk(s.stranger);
    refused(&s, &d, s.successors, 2, "the root that it replaces is not side 1's");
    d = draft_of(&s);
    d.slip.table.b[0] ^= 1;
    refused(&s, &d, s.successors, 2, "signed for another table");
    d = draft_of(&s);
    d.slip.side = 2;
    d.replaced = signer_pk(s.sim.sides[2].root);
    refused(&s, &d, s.successors, 2, "side 2 has named no successors");
    d.slip.side = 5;
    refused(&s, &d, s.successors, 2, "side 5 has not joined yet");
    d = draft_of(&s);
    d.slip.seats[0].post = 1;
    refused(&s, &d, s.successors, 2, "no seat of the new principal's own");
    d = draft_of(&s);
    d.root = s.sim.sides[2].root;
    refused(&s, &d, s.successors, 2, "was admitted before");
    close_scene(&s);
}

/* Bytes that are not as they were signed, or in another order. */
static void test_form(void **state)
{
    (void)state;
    struct scene s;
    struct err err = {0};
    struct new_root n;
    struct buf b;
    open_scene(&s);
    struct draft d = draft_of(&s);
    struct bytes raw = paper(&s, &d, s.successors, 3);
    assert_true(new_root_decode(raw, &n, &err) && new_root_verify(&n, &err));
    assert_int_equal(n.sponsor_count, 3);
    for (uint32_t i = 1; i < 3; i++) {
        assert_true(memcmp(n.sponsors[i - 1].b, n.sponsors[i].b, 32) < 0);
    }
    buf_init(&b, CONTROL_BLOB_MAX);
    assert_false(new_root_sponsor(raw, s.successors[1], &b, &err));
    assert_non_null(strstr(err.what, "has signed already"));
    err_clear(&err);
    assert_false(new_root_sponsor(raw, s.seat, &b, &err));
    assert_int_equal(err.code, ERR_KEY);
    err_clear(&err);
    buf_free(&b);
    uint8_t *bad = test_calloc(raw.n, 1);
    uint32_t accepted = 0;
    for (size_t i = 0; i < raw.n; i++) {
        memcpy(bad, raw.p, raw.n);
        bad[i] ^= 1;
        accepted += new_root_decode(bytes_of(bad, raw.n), &n, &err) && new_root_verify(&n, &err);
        err_clear(&err);
    }
    test_free(bad);
    assert_int_equal(accepted, 0);
    d.root = s.old_root; /* nothing is replaced by itself */
    d.replaced = s.replaced;
    struct slip slip = d.slip;
    const struct signer *seat = s.seat, *witness = s.witness;
    buf_init(&b, CONTROL_BLOB_MAX);
    assert_false(new_root_sign(&slip, &d.replaced, d.root, &seat, &witness, NULL, &b, &err));
    assert_non_null(strstr(err.what, "in its own place"));
    buf_free(&b);
    close_scene(&s);
}

static struct bytes word(struct scene *s, const struct signer *root)
{
    struct object o = {.kind = OBJECT_RATIFY, .table = s->sim.table};
    struct err err = {0};
    struct buf b;
    buf_init(&b, ENVELOPE_MAX);
    assert_true(object_sign(&o, root, &b, &err));
    return sim_keep(&s->sim, &b);
}

static bool holds(struct scene *s, struct bytes raw, uint64_t at)
{
    struct verified_object vo;
    struct err err = {0};
    bool ok = object_check(OBJECT_RATIFY, raw, door_keyring(s->sim.door), at, &s->sim.mem, &vo,
                           &err);
    assert_true(!ok || vo.side == SIDE);
    return ok;
}

static void test_replaced(void **state)
{
    (void)state;
    struct scene s;
    struct record_sim *sim = &s.sim;
    struct err err = {0};
    open_scene(&s);
    struct bytes of_old = word(&s, s.old_root), of_new = word(&s, s.root);
    struct draft d = draft_of(&s);
    struct signer *two[] = {s.successors[2], s.successors[0]};
    struct bytes raw = paper(&s, &d, two, 2);
    uint64_t before = door_size(sim->door);
    assert_true(holds(&s, of_old, before) && !holds(&s, of_new, before));
    struct door_item again = item(&s, raw);
    /* Acts that were made before it was noted, and stand behind it. */
    static const uint32_t second[] = {1};
    struct door_item late_root = sim_make(sim, SIDE, SIM_ROOT, CONTROL_WITNESSES,
                                          sim_naming_blob(sim, SIDE, 1, second, 1));
    struct door_item late_seat = sim_make(sim, SIDE, 0, CONTROL_SEALED,
                                          sim_seal(sim, bytes_str("late")));
    uint64_t at = sim_post(sim, again);
    sim_refused(sim, late_root, "the root of side 1 was replaced at index");
    sim_refused(sim, late_seat, "was revoked at index");
    sim_refused(sim, item(&s, raw), "the root that it replaces is not side 1's");

    const struct keyring *ring = door_keyring(sim->door);
    struct kid old_kid = kid_of(KEY_ROOT, &s.replaced);
    struct pubkey now_pk = signer_pk(s.root);
    struct kid new_kid = kid_of(KEY_ROOT, &now_pk);
    uint64_t size = door_size(sim->door);
    assert_int_equal(keyring_find_root(ring, &old_kid, at), SIDE);
    assert_int_equal(keyring_find_root(ring, &old_kid, size), SIDE_NONE);
    assert_int_equal(keyring_find_root(ring, &new_kid, at), SIDE_NONE);
    assert_int_equal(keyring_find_root(ring, &new_kid, size), SIDE);
    assert_null(keyring_root(ring, SIDE, s.joined));
    assert_true(ID_EQ(keyring_root(ring, SIDE, at)->kid, old_kid));
    assert_true(ID_EQ(keyring_root(ring, SIDE, size)->kid, new_kid));
    assert_true(ID_EQ(keyring_side(ring, SIDE)->root_kid, new_kid));
    assert_true(keyring_side(ring, SIDE)->root_at == at);
    assert_true(keyring_side(ring, SIDE)->admitted_at == s.joined);
    assert_int_equal(keyring_side(ring, SIDE)->successor_count, 0);
    /* Papers: each root's own, as of where they stand. */
    assert_true(holds(&s, of_old, at) && !holds(&s, of_old, size));
    assert_true(holds(&s, of_new, size));
    struct digest then, later;
    assert_true(roster_digest_at(ring, at, &then, &err) &&
                roster_digest_at(ring, size, &later, &err));
    assert_false(ID_EQ(then, later));

    /* The new root writes from its own beginning; the envoy's seat has stayed. */
    sim->sides[SIDE].root = s.root;
    (void)sim_say(sim, SIDE, 1, bytes_str("still here"));
    sim->sides[SIDE].seats[0].keys = d.slip.seats[0];
    struct naming n = {.needed = 1, .count = 1, .witnesses = {signer_pk(s.witness)}};
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    naming_encode(&n, &b);
    struct bytes blob = sim_keep(sim, &b);
    struct act fields = sim_fields(sim, SIDE, SIM_ROOT, CONTROL_WITNESSES, blob);
    assert_int_equal(fields.n, 0);
    assert_true(ID_IS_ZERO(fields.prev));
    sim_post(sim, sim_sign(sim, SIDE, SIM_ROOT, &fields, blob));
    sim_refused(sim, sim_make(sim, SIDE, SIM_ROOT, CONTROL_KEYS, blob_of(&s, raw)),
                "the root that it replaces is not side 1's");
    close_scene(&s);
}

/* The old root may post it himself: his chain ends with it all the same. */
static void test_handed_over(void **state)
{
    (void)state;
    struct scene s;
    struct record_sim *sim = &s.sim;
    open_scene(&s);
    struct draft d = draft_of(&s);
    sim_post(sim, sim_make(sim, SIDE, SIM_ROOT, CONTROL_KEYS,
                           blob_of(&s, paper(&s, &d, s.successors, 3))));
    sim->sides[SIDE].root = s.root;
    struct kid kid = signer_kid(sim->sides[SIDE].seats[1].sign);
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_revoke(&kid, &b);
    struct bytes blob = sim_keep(sim, &b);
    struct act fields = sim_fields(sim, SIDE, SIM_ROOT, CONTROL_KEYS, blob);
    assert_int_equal(fields.n, 0);
    sim_post(sim, sim_sign(sim, SIDE, SIM_ROOT, &fields, blob));
    close_scene(&s);
}

/* The third root of a side: each of them was it for its time. */
static void test_replaced_twice(void **state)
{
    (void)state;
    struct scene s;
    struct record_sim *sim = &s.sim;
    open_scene(&s);
    const struct signer *heirs[] = {s.successors[0], s.successors[1], s.successors[2]};
    struct draft d = draft_of(&s);
    d.slip.successor_count = 3;
    d.slip.successors_needed = 2;
    d.heirs = heirs;
    uint64_t first = sim_post(sim, item(&s, paper(&s, &d, s.successors, 2)));
    struct signer *seat = sim_signer(sim, KEY_SEAT), *witness = sim_signer(sim, KEY_WITNESS);
    struct draft e = {
        .replaced = signer_pk(s.root), .root = s.stranger, .seat = seat, .witness = witness};
    e.slip = (struct slip){.table = sim->table, .side = SIDE, .seat_count = 1};
    e.slip.seats[0] = keys_of(sim, seat, witness, 0);
    uint64_t second = sim_post(sim, item(&s, paper(&s, &e, s.successors, 2)));
    const struct keyring *ring = door_keyring(sim->door);
    struct pubkey pk[] = {signer_pk(s.old_root), signer_pk(s.root), signer_pk(s.stranger)};
    uint64_t until[] = {first, second, door_size(sim->door)};
    for (size_t i = 0; i < COUNT_OF(pk); i++) {
        struct kid kid = kid_of(KEY_ROOT, &pk[i]);
        assert_true(ID_EQ(keyring_root(ring, SIDE, until[i])->kid, kid));
        assert_int_equal(keyring_find_root(ring, &kid, until[i]), SIDE);
        assert_true(i == 2 || keyring_find_root(ring, &kid, until[i] + 1) == SIDE_NONE);
    }
    signer_free(seat);
    signer_free(witness);
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),     cmocka_unit_test(test_form),
        cmocka_unit_test(test_replaced),    cmocka_unit_test(test_replaced_twice),
        cmocka_unit_test(test_handed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
