/* SPDX-License-Identifier: Apache-2.0 */
#include "record/keyring.h"

#include "base/cbor.h"
#include "lib/test.h"
#include "lib/toy_ring.h"
#include "record/roster.h"

#define ROOM (1u << 20)

static const uint32_t zero_one_two[GROUP_WITNESSES_MAX] = {0, 1, 2};

/* 0: found by side 1.  1: side 1 joins (2 seats).  2: side 0 (1).  3: side 4 (3), no group. */
static struct keyring *three_sides(struct arena *mem)
{
    struct keyring *ring;
    struct err err;
    assert_true(keyring_new(mem, &ring, &err));
    struct control c = toy_found(3, 1, 3600);
    toy_apply(ring, 0, 1, &c);
    c = toy_slip(1, 2);
    toy_apply(ring, 1, 1, &c);
    c = toy_slip(0, 1);
    toy_apply(ring, 2, 1, &c);
    c = toy_slip(4, 3);
    toy_apply(ring, 3, 1, &c);
    return ring;
}

static void test_facts_have_their_time(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring = three_sides(&mem);
    assert_int_equal(keyring_found(ring)->groups, 3);
    assert_int_equal(keyring_side(ring, 0)->admitted_at, 2);
    assert_true(keyring_side(ring, 2)->admitted_at == INDEX_NEVER);
    assert_int_equal(keyring_seats(ring, 1), 0);
    assert_int_equal(keyring_seats(ring, 2), 2);
    assert_int_equal(keyring_seats(ring, 4), 6);

    struct control c = toy_naming(1, 1, zero_one_two, 1);
    toy_apply(ring, 4, 1, &c);
    c = toy_naming(2, 1, zero_one_two, 2);
    toy_apply(ring, 9, 1, &c);
    c = toy_naming(1, 0, zero_one_two, 1);
    toy_apply(ring, 12, 0, &c);
    assert_null(keyring_naming(ring, 1, 4));
    assert_int_equal(keyring_naming(ring, 1, 5)->needed, 1);
    assert_int_equal(keyring_naming(ring, 1, 9)->needed, 1);
    assert_int_equal(keyring_naming(ring, 1, 10)->needed, 2);
    assert_int_equal(keyring_naming(ring, 1, 10)->witnesses[0], 0);
    assert_int_equal(keyring_naming(ring, 1, 10)->witnesses[1], 1);
    assert_int_equal(keyring_naming(ring, 0, 13)->witnesses[0], 2);
    assert_int_equal(keyring_side(ring, 1)->named_at, 4);
    assert_int_equal(keyring_namings(ring), 3);
    assert_int_equal(keyring_naming_at(ring, 1)->index, 9);
    assert_int_equal(keyring_witnesses(ring, 4), 0);
    assert_int_equal(keyring_witnesses(ring, 9), 1);
    assert_int_equal(keyring_witnesses(ring, 10), 2);
    assert_false(keyring_named(ring, 1, 9));
    assert_true(keyring_named(ring, 1, 10));
    assert_false(keyring_named(ring, 3, 100));
    assert_int_equal(keyring_seat(ring, keyring_witness(ring, 2)->seat)->side, 0);
    keyring_free(ring);
    test_arena_free(&mem);
}

static void expect_author(const struct keyring *ring, uint64_t index, struct act act,
                          const char *why, struct ring_author *out)
{
    struct err err = {0};
    if (why == NULL) {
        assert_true(keyring_author(ring, index, &act.kid, out, &err));
        return;
    }
    assert_false(keyring_author(ring, index, &act.kid, out, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    if (strstr(err.what, why) == NULL) {
        fail_msg("it says \"%s\", not \"%s\"", err.what, why);
    }
}

static void test_authors(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring = three_sides(&mem);
    struct ring_author a;
    expect_author(ring, 0, toy_by_root(1), NULL, &a); /* the convener's, from index 0 on */
    assert_int_equal(a.type, KEY_ROOT);
    assert_int_equal(a.side, 1);
    assert_int_equal(a.seat, SEAT_NONE);
    expect_author(ring, 2, toy_by_root(0), "the root of side 0 is not yet admitted", &a);
    expect_author(ring, 3, toy_by_root(0), NULL, &a);
    expect_author(ring, 3, toy_by_root(4), "the root of side 4 is not yet admitted", &a);
    expect_author(ring, 1, toy_by_seat(1, 1), "seat of side 1 is not yet admitted", &a);
    expect_author(ring, 2, toy_by_seat(1, 1), NULL, &a);
    assert_int_equal(a.type, KEY_SEAT);
    assert_int_equal(a.seat, 1);
    struct pubkey pk = toy_key(KEY_SEAT, 1, 1);
    assert_true(ID_EQ(*a.pk, pk));
    expect_author(ring, 9, toy_by_seat(2, 0), "none that was admitted", &a);
    struct pubkey wpk = toy_key(KEY_WITNESS, 1, 1);
    struct kid wkid = kid_of(KEY_WITNESS, &wpk);
    expect_author(ring, 9, (struct act){.kid = kid_short(&wkid)}, "a witness key of side 1", &a);

    struct control c = toy_revoke(1, 1);
    toy_apply(ring, 7, 1, &c);
    expect_author(ring, 7, toy_by_seat(1, 1), NULL, &a);
    expect_author(ring, 8, toy_by_seat(1, 1), "revoked at index 7", &a);

    struct kid kid = *a.kid;
    assert_int_equal(keyring_find_seat(ring, &kid), 1);
    kid.b[31] ^= 1; /* the same first 16 bytes */
    assert_int_equal(keyring_find_seat(ring, &kid), SEAT_NONE);
    struct kid root = keyring_side(ring, 0)->root_kid;
    assert_int_equal(keyring_find_root(ring, &root, 3), 0);
    assert_int_equal(keyring_find_root(ring, &root, 2), SIDE_NONE);
    root.b[31] ^= 1;
    assert_int_equal(keyring_find_root(ring, &root, 3), SIDE_NONE);
    keyring_free(ring);
    test_arena_free(&mem);
}

/* Each rule of FORMAT 6 for kinds 1 to 3 is refused with its sentence. */
/* A paper that puts the root of `keys` in the place of side 4's, with so many seats of its own. */
static struct control new_root_of(uint32_t keys, uint32_t seats)
{
    struct control c = toy_slip(keys, seats);
    struct slip slip = c.as.slip;
    slip.side = 4;
    c.verb = KEYS_NEW_ROOT;
    c.as.new_root = (struct new_root){.slip = slip,
                                      .replaced = toy_key(KEY_ROOT, 4, 0),
                                      .sponsor_count = 1,
                                      .sponsors = {toy_key(KEY_ROOT, 20, 0)}};
    return c;
}

static void test_another_root(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring;
    struct err err;
    struct ring_author a;
    assert_true(keyring_new(&mem, &ring, &err));
    struct control c = toy_found(3, 1, 3600);
    toy_apply(ring, 0, 1, &c);
    c = toy_slip(1, 1);
    toy_apply(ring, 1, 1, &c);
    c = toy_slip(4, 3);
    c.as.slip.successor_count = 1;
    c.as.slip.successors_needed = 1;
    c.as.slip.successors[0] = toy_key(KEY_ROOT, 20, 0);
    toy_apply(ring, 2, 1, &c);
    c = toy_revoke(4, 1);
    toy_apply(ring, 3, 4, &c);

    /* With its seats the side would have more than it may. */
    struct act by = toy_by_root(1);
    c = new_root_of(15, SIDE_SEATS_MAX - 2);
    toy_refused(ring, 4, &by, &c, "would have more than 32 seats");
    by = toy_by_root(9);
    c = new_root_of(14, 2);
    toy_refused(ring, 4, &by, &c, "none that was admitted");
    by = toy_by_root(1);
    assert_false(keyring_allows(ring, 4, &by, &c, TRUST_NOTHING, &err)); /* nobody has signed it */
    toy_apply(ring, 4, 1, &c);                                           /* whoever posts it */

    struct pubkey old_pk = toy_key(KEY_ROOT, 4, 0), new_pk = toy_key(KEY_ROOT, 14, 0);
    struct kid old = kid_of(KEY_ROOT, &old_pk), now = kid_of(KEY_ROOT, &new_pk);
    assert_int_equal(keyring_find_root(ring, &old, 4), 4);
    assert_int_equal(keyring_find_root(ring, &old, 5), SIDE_NONE);
    assert_int_equal(keyring_find_root(ring, &now, 4), SIDE_NONE);
    assert_int_equal(keyring_find_root(ring, &now, 5), 4);
    expect_author(ring, 5, toy_by_root(4), "was replaced at index 4", &a);
    expect_author(ring, 5, toy_by_root(14), NULL, &a);
    assert_int_equal(a.side, 4);
    /* Its seats hold their posts; who held them before is out, who was out stays so from there. */
    assert_int_equal(keyring_seat(ring, 1)->revoked_at, 4);
    assert_int_equal(keyring_seat(ring, 2)->revoked_at, 3);
    assert_true(keyring_seat(ring, 3)->revoked_at == INDEX_NEVER);
    assert_true(ring_seat_active(keyring_seat(ring, 4), 5));
    /* A seat's key is no root's, nor is one that nobody has. */
    assert_int_equal(keyring_find_root(ring, &keyring_seat(ring, 0)->kid, 5), SIDE_NONE);
    struct kid none = {{7}};
    assert_int_equal(keyring_find_root(ring, &none, 5), SIDE_NONE);
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_found_rules(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring;
    struct err err;
    assert_true(keyring_new(&mem, &ring, &err));
    assert_null(keyring_found(ring));
    assert_null(keyring_table(ring));
    struct act conv = toy_by_root(1), other = toy_by_root(0);
    struct control c = toy_found(3, 1, 3600), slip = toy_slip(1, 1);
    toy_refused(ring, 0, &conv, &slip, "the first act founds the table");
    toy_refused(ring, 1, &conv, &c, "only the first act founds");
    toy_refused(ring, 0, &other, &c, "founded by the convener's root");
    toy_apply(ring, 0, 1, &c);
    toy_refused(ring, 1, &conv, &c, "only the first act founds");
    toy_refused(ring, 0, &conv, &c, "only the first act founds");
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_side_rules(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring = three_sides(&mem);
    struct act conv = toy_by_root(1), other = toy_by_root(0), seat = toy_by_seat(1, 0);
    struct control c = toy_slip(2, 2);
    toy_refused(ring, 5, &other, &c, "admitted by the convener's root, not by side 0");
    toy_refused(ring, 5, &seat, &c, "signed by a root, this one by a seat");
    c.as.slip.table.b[0] ^= 1;
    toy_refused(ring, 5, &conv, &c, "signed for another table");
    c = toy_slip(32, 1);
    toy_refused(ring, 5, &conv, &c, "there is no side 32");
    c = toy_slip(0, 1);
    toy_refused(ring, 5, &conv, &c, "side 0 has a root already");
    c = toy_slip(1, 1);
    toy_refused(ring, 5, &conv, &c, "side 1 has a root already");
    c = toy_slip(2, 2);
    c.as.slip.seats[1].post = 0;
    toy_refused(ring, 5, &conv, &c, "two seats of the slip hold post 0");
    c = toy_slip(2, 2);
    c.as.slip.seats[1].sign = c.as.slip.seats[0].sign;
    toy_refused(ring, 5, &conv, &c, "is in the slip twice");
    c = toy_slip(2, 2);
    c.as.slip.seats[1].witness = toy_key(KEY_WITNESS, 0, 0);
    toy_refused(ring, 5, &conv, &c, "was admitted before");
    c = toy_slip(2, 2);
    c.as.slip.seats[1].sign = toy_key(KEY_SEAT, 4, 2);
    toy_refused(ring, 5, &conv, &c, "was admitted before");
    c = toy_slip(2, 2);
    c.as.slip.root = toy_key(KEY_ROOT, 1, 0); /* the convener's */
    toy_refused(ring, 5, &conv, &c, "was admitted before");
    /* Refusals left nothing behind. */
    c = toy_slip(2, 2);
    toy_apply(ring, 5, 1, &c);
    assert_int_equal(keyring_seats(ring, 6), 8);
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_convener_joins(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring;
    struct err err;
    assert_true(keyring_new(&mem, &ring, &err));
    struct control c = toy_found(3, 1, 3600);
    toy_apply(ring, 0, 1, &c);
    struct act conv = toy_by_root(1);
    c = toy_slip(0, 1);
    c.as.slip.root = toy_key(KEY_ROOT, 1, 0);
    toy_refused(ring, 1, &conv, &c, "was admitted before");
    c = toy_slip(1, 1);
    c.as.slip.root = toy_key(KEY_ROOT, 0, 0);
    toy_refused(ring, 1, &conv, &c, "names another root than the founding");
    c = toy_seat_slip(1, 0, 0);
    toy_refused(ring, 1, &conv, &c, "side 1 has not joined yet");
    c = toy_naming(1, 1, zero_one_two, 1);
    toy_refused(ring, 1, &conv, &c, "belongs to no seat of side 1");
    struct kid kid = keyring_side(ring, 1)->root_kid;
    assert_int_equal(keyring_find_root(ring, &kid, 5), SIDE_NONE);
    c = toy_slip(1, 1);
    toy_apply(ring, 1, 1, &c);
    assert_int_equal(keyring_find_root(ring, &kid, 5), 1);
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_seat_rules(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring = three_sides(&mem);
    struct act root = toy_by_root(1), other = toy_by_root(0);
    struct control c = toy_seat_slip(1, 2, 2);
    c.as.seat_slip.table.b[31] ^= 0x80;
    toy_refused(ring, 5, &root, &c, "signed for another table");
    c = toy_seat_slip(1, 2, 2);
    toy_refused(ring, 5, &other, &c, "admitted by its own root, not by side 0");
    c = toy_seat_slip(1, 2, 1);
    toy_refused(ring, 5, &root, &c, "post 1 of side 1 is held");
    c = toy_seat_slip(1, 1, 2);
    toy_refused(ring, 5, &root, &c, "was admitted before");
    /* The post is free at once when its holder is revoked. */
    c = toy_revoke(1, 1);
    toy_apply(ring, 5, 1, &c);
    c = toy_seat_slip(1, 2, 1);
    toy_apply(ring, 6, 1, &c);
    struct act newcomer = toy_by_seat(1, 2);
    struct ring_author a;
    expect_author(ring, 6, newcomer, "not yet admitted", &a);
    expect_author(ring, 7, newcomer, NULL, &a);
    /* A revoked key does not come back. */
    c = toy_revoke(1, 2);
    toy_apply(ring, 8, 1, &c);
    c = toy_seat_slip(1, 1, 1);
    toy_refused(ring, 9, &root, &c, "was admitted before");
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_revoke_rules(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring = three_sides(&mem);
    struct act root = toy_by_root(1), other = toy_by_root(0);
    struct control c = toy_revoke(1, 0);
    toy_refused(ring, 5, &other, &c, "a seat of side 1 is revoked by its own root, not by side 0");
    c = toy_revoke(1, 9);
    toy_refused(ring, 5, &root, &c, "is no seat's");
    c.as.revoked = keyring_side(ring, 0)->root_kid;
    toy_refused(ring, 5, &root, &c, "is no seat's");
    c = toy_revoke(1, 0);
    toy_apply(ring, 5, 1, &c);
    toy_refused(ring, 6, &root, &c, "is revoked already");
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_naming_rules(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring = three_sides(&mem);
    struct act root = toy_by_root(1), four = toy_by_root(4);
    struct control c = toy_naming(1, 4, zero_one_two, 1);
    toy_refused(ring, 5, &four, &c, "side 4 has no group");
    c = toy_naming(1, 1, zero_one_two, 0);
    toy_refused(ring, 5, &root, &c, "1 to 8 witnesses");
    c = toy_naming(5, 1, zero_one_two, 9);
    toy_refused(ring, 5, &root, &c, "1 to 8 witnesses");
    c = toy_naming(1, 1, zero_one_two, 2);
    toy_refused(ring, 5, &root, &c, "1 of 2 witnesses is not more than half");
    c = toy_naming(3, 1, zero_one_two, 2);
    toy_refused(ring, 5, &root, &c, "3 of 2 witnesses is not more than half");
    c = toy_naming(0, 1, zero_one_two, 1);
    toy_refused(ring, 5, &root, &c, "0 of 1 witnesses is not more than half");
    static const uint32_t twice[] = {1, 1};
    c = toy_naming(2, 1, twice, 2);
    toy_refused(ring, 5, &root, &c, "named twice");
    c = toy_naming(2, 1, zero_one_two, 3);
    toy_refused(ring, 5, &root, &c, "witness 3 of the list belongs to no seat of side 1");
    c = toy_naming(1, 0, zero_one_two, 1); /* another side's key */
    toy_refused(ring, 5, &root, &c, "witness 1 of the list belongs to no seat of side 1");
    c = toy_revoke(1, 1);
    toy_apply(ring, 5, 1, &c);
    c = toy_naming(2, 1, zero_one_two, 2);
    toy_refused(ring, 6, &root, &c, "witness 2 of the list belongs to no seat of side 1");
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_ceilings(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring;
    struct err err;
    assert_true(keyring_new(&mem, &ring, &err));
    struct control c = toy_found(3, 1, 3600);
    toy_apply(ring, 0, 1, &c);
    for (uint32_t side = 0; side < SEATS_MAX / SIDE_SEATS_MAX; side++) {
        c = toy_slip(side, SIDE_SEATS_MAX);
        toy_apply(ring, 1 + side, 1, &c);
    }
    assert_int_equal(keyring_seats(ring, 100), SEATS_MAX);
    struct act root = toy_by_root(1);
    c = toy_slip(20, 1);
    toy_refused(ring, 20, &root, &c, "more than 256 seats");
    c = toy_seat_slip(1, 40, 40);
    toy_refused(ring, 20, &root, &c, "more than 256 seats");
    c = toy_slip(20, 0);
    toy_apply(ring, 20, 1, &c);
    keyring_free(ring);

    arena_wipe(&mem);
    assert_true(keyring_new(&mem, &ring, &err));
    c = toy_found(3, 1, 3600);
    toy_apply(ring, 0, 1, &c);
    c = toy_slip(1, SIDE_SEATS_MAX);
    toy_apply(ring, 1, 1, &c);
    c = toy_revoke(1, 3);
    toy_apply(ring, 2, 1, &c);
    c = toy_seat_slip(1, 40, 3); /* a revoked seat counts too */
    toy_refused(ring, 3, &root, &c, "more than 32 seats");
    keyring_free(ring);
    test_arena_free(&mem);
}

/* The digest is that of the CBOR written here by hand. */
static void test_roster_digest(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring = three_sides(&mem);
    struct control c = toy_naming(2, 1, zero_one_two, 2);
    toy_apply(ring, 4, 1, &c);
    struct buf b;
    buf_init(&b, 4096);
    cbor_put_array(&b, 2);
    for (uint32_t side = 0; side < 2; side++) {
        cbor_put_array(&b, 4);
        cbor_put_uint(&b, side);
        struct pubkey root = toy_key(KEY_ROOT, side, 0);
        struct kid kid = kid_of(KEY_ROOT, &root);
        cbor_put_bstr(&b, ID_BYTES(kid));
        cbor_put_uint(&b, 0);
        cbor_put_array(&b, 0);
    }
    struct bytes part = buf_bytes(&b);
    struct digest want = digest_tagged("entente/v1/roster", &part, 1), got, later;
    struct err err;
    assert_true(roster_digest_at(ring, 3, &got, &err));
    assert_memory_equal(got.b, want.b, 32);
    assert_true(roster_digest_at(ring, 4, &got, &err));
    assert_true(roster_digest_at(ring, 5, &later, &err));
    assert_memory_not_equal(got.b, later.b, 32);
    buf_free(&b);
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_terms(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring = three_sides(&mem);
    struct err err;
    struct pubkey host = toy_key(KEY_HOST, 9, 9);
    assert_true(keyring_new_term(ring, 40, &host, &err));
    assert_true(keyring_new_term(ring, 60, &host, &err));
    assert_int_equal(keyring_terms(ring), 3);
    assert_true(ID_EQ(keyring_term(ring, 1)->host, host));
    static const uint64_t sizes[][2] = {{0, 0}, {1, 0}, {40, 0}, {41, 1}, {60, 1}, {61, 2}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_int_equal(keyring_term_of_size(ring, sizes[i][0]), sizes[i][1]);
    }
    keyring_free(ring);
    test_arena_free(&mem);
}

static void test_no_room(void **state)
{
    (void)state;
    struct arena none = {0};
    struct keyring *ring = NULL;
    struct err err;
    assert_false(keyring_new(&none, &ring, &err));
    assert_null(ring);
    keyring_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts_have_their_time),
        cmocka_unit_test(test_authors),
        cmocka_unit_test(test_another_root),
        cmocka_unit_test(test_found_rules),
        cmocka_unit_test(test_side_rules),
        cmocka_unit_test(test_convener_joins),
        cmocka_unit_test(test_seat_rules),
        cmocka_unit_test(test_revoke_rules),
        cmocka_unit_test(test_naming_rules),
        cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_roster_digest),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
