/* SPDX-License-Identifier: Apache-2.0 */
#include "table/room.h"

#include "lib/charters.h"
#include "lib/test.h"
#include "lib/toy_ring.h"

#define ROOM_BYTES (1u << 20)

/* Who sits where, by the small charter: m, north, south, watch, club. */
static const struct {
    const char *name;
    enum room_kind kind;
    uint32_t side;
    bool sits[5];
    bool shared;
} rooms[] = {
    {"plenary", ROOM_PLENARY, 0, {1, 1, 1, 0, 0}, true},
    {"principals", ROOM_PRINCIPALS, 0, {0, 1, 1, 0, 0}, false},
    {"monitors", ROOM_MONITORS, 0, {1, 1, 1, 1, 0}, true},
    {"home/m", ROOM_HOME, 0, {1, 0, 0, 0, 0}, false},
    {"home/north", ROOM_HOME, 1, {0, 1, 0, 0, 0}, false},
    {"shuttle/north", ROOM_SHUTTLE, 1, {1, 1, 0, 0, 0}, false},
    {"home/south", ROOM_HOME, 2, {0, 0, 1, 0, 0}, false},
    {"shuttle/south", ROOM_SHUTTLE, 2, {1, 0, 1, 0, 0}, false},
    {"home/watch", ROOM_HOME, 3, {0, 0, 0, 1, 0}, false},
    {"home/club", ROOM_HOME, 4, {0, 0, 0, 0, 1}, false},
    {"consult/club", ROOM_CONSULT, 4, {1, 0, 0, 0, 1}, false},
};

static void test_rooms_of_a_charter(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM_BYTES);
    struct charter c = charter_small(&mem);
    struct room list[ROOMS_MAX], r;
    assert_int_equal(room_list(&c, list), COUNT_OF(rooms));
    for (size_t i = 0; i < COUNT_OF(rooms); i++) {
        char name[ROOM_NAME_MAX];
        struct room want = {rooms[i].kind, rooms[i].side};
        assert_true(room_eq(list[i], want));
        room_name(&c, list[i], name);
        assert_string_equal(name, rooms[i].name);
        assert_true(room_parse(&c, text_str(rooms[i].name), &r) && room_eq(r, want));
        assert_int_equal(room_shared(want), rooms[i].shared);
        for (uint32_t side = 0; side < 5; side++) {
            assert_int_equal(room_has_side(&c, want, side), rooms[i].sits[side]);
        }
        assert_false(room_has_side(&c, want, 5));
    }
    static const char *const none[] = {"",          "Plenary",       "home/",     "home/nobody",
                                       "shuttle/m", "shuttle/watch", "consult/m", "plenary "};
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        assert_false(room_parse(&c, text_str(none[i]), &r));
    }
    test_arena_free(&mem);
}

static void test_without_mediation_and_monitors(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM_BYTES);
    struct charter c = charter_small(&mem);
    struct room r;
    c.sides[0].present = false;
    assert_false(room_parse(&c, text_str("shuttle/north"), &r));
    assert_false(room_parse(&c, text_str("home/m"), &r));
    assert_true(room_parse(&c, text_str("plenary"), &r) && !room_has_side(&c, r, 0));
    c.monitor_count = 0;
    assert_false(room_parse(&c, text_str("monitors"), &r));
    test_arena_free(&mem);
}

/* Ascending by kid, of those admitted and not revoked as of the prefix; principals alone in their
 * room. */
static void test_members(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM_BYTES);
    struct charter c = charter_small(&mem);
    struct keyring *ring;
    struct err err = {0};
    uint32_t out[SEATS_MAX];
    assert_true(keyring_new(&mem, &ring, &err));
    struct control found = toy_found(3, 0, 3600);
    toy_apply(ring, 0, 0, &found);
    for (uint32_t side = 0; side < 5; side++) {
        struct control slip = toy_slip(side, 2);
        toy_apply(ring, 1 + side, 0, &slip);
    }
    struct control gone = toy_revoke(1, 1);
    toy_apply(ring, 6, 1, &gone);
    struct room plenary = {ROOM_PLENARY, 0}, principals = {ROOM_PRINCIPALS, 0};
    assert_int_equal(room_members(&c, ring, plenary, 1, out), 0);
    assert_int_equal(room_members(&c, ring, plenary, 2, out), 2);
    assert_int_equal(room_members(&c, ring, plenary, 3, out), 4);
    assert_int_equal(room_members(&c, ring, plenary, 6, out), 6);
    for (uint32_t i = 0; i + 1 < 6; i++) {
        assert_true(memcmp(keyring_seat(ring, out[i])->kid.b, keyring_seat(ring, out[i + 1])->kid.b,
                           32) < 0);
    }
    assert_int_equal(room_members(&c, ring, plenary, 7, out), 5);
    assert_int_equal(room_members(&c, ring, principals, 7, out), 2);
    for (uint32_t i = 0; i < 2; i++) {
        const struct ring_seat *s = keyring_seat(ring, out[i]);
        assert_true(s->keys.post == 0 && (s->side == 1 || s->side == 2));
        assert_true(room_has_seat(&c, principals, s));
    }
    struct pubkey envoy = toy_key(KEY_SEAT, 2, 1);
    struct kid kid = kid_of(KEY_SEAT, &envoy);
    const struct ring_seat *s = keyring_seat(ring, keyring_find_seat(ring, &kid));
    assert_true(room_has_seat(&c, plenary, s) && !room_has_seat(&c, principals, s));
    struct room watch = {ROOM_MONITORS, 0};
    assert_int_equal(room_members(&c, ring, watch, 7, out), 7);
    keyring_free(ring);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rooms_of_a_charter),
        cmocka_unit_test(test_without_mediation_and_monitors),
        cmocka_unit_test(test_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
