/* SPDX-License-Identifier: Apache-2.0 */
#include "record/roster.h"

#include "lib/record_sim.h"
#include "lib/test.h"

static struct bytes encoded(struct record_sim *sim, const struct roster *r)
{
    struct buf b;
    buf_init(&b, ROSTER_BYTES_MAX);
    roster_encode(r, &b);
    return sim_keep(sim, &b);
}

static void test_of_a_table(void **state)
{
    static struct record_sim sim;
    static const uint32_t both[] = {0, 1};
    static struct roster r, again;
    struct digest d, at;
    struct err err = {0};
    (void)state;
    sim_open(&sim, 5, 4, 2);
    sim.found.groups = 3;
    sim_start(&sim);
    uint64_t before = sim.count;
    sim_name(&sim, 1, 2, both, 2);
    roster_at(door_keyring(sim.door), sim.count, &r);
    assert_int_equal(r.count, 4);
    for (uint32_t i = 0; i < r.count; i++) {
        struct kid root = signer_kid(sim.sides[i].root);
        assert_int_equal(r.sides[i].side, i);
        assert_true(ID_EQ(r.sides[i].root, root));
        assert_int_equal(r.sides[i].count, i == 1 ? 2 : i == 3 ? 0 : 1);
        assert_int_equal(r.sides[i].needed, i == 3 ? 0 : i == 1 ? 2 : 1);
    }
    assert_true(ID_EQ(r.sides[1].witnesses[1], sim.sides[1].seats[1].keys.witness));
    struct bytes raw = encoded(&sim, &r);
    assert_true(roster_decode(raw, &again, &err));
    struct bytes twice = encoded(&sim, &again);
    assert_true(bytes_eq(raw, twice));
    d = roster_digest(raw);
    assert_true(roster_digest_at(door_keyring(sim.door), sim.count, &at, &err));
    assert_true(ID_EQ(d, at));
    assert_true(roster_digest_at(door_keyring(sim.door), before, &at, &err));
    assert_false(ID_EQ(d, at));
    /* Before anybody has joined. */
    roster_at(door_keyring(sim.door), 1, &r);
    assert_int_equal(r.count, 0);
    sim_close(&sim);
}

/* Every change of one byte is refused, or is another roster with these very bytes. */
static void test_bytes(void **state)
{
    static struct record_sim sim;
    static struct roster r, got;
    (void)state;
    sim_open(&sim, 6, 3, 1);
    sim_start(&sim);
    roster_at(door_keyring(sim.door), sim.count, &r);
    struct bytes raw = encoded(&sim, &r);
    uint8_t copy[1024];
    assert_true(raw.n < sizeof(copy));
    size_t refused = 0;
    for (size_t i = 0; i < raw.n; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            struct err err = {0};
            memcpy(copy, raw.p, raw.n);
            copy[i] ^= (uint8_t)(1u << bit);
            if (!roster_decode(bytes_of(copy, raw.n), &got, &err)) {
                assert_int_equal(err.code, ERR_FORMAT);
                refused++;
                continue;
            }
            size_t mark = arena_mark(&sim.mem);
            struct bytes twice = encoded(&sim, &got);
            assert_int_equal(twice.n, raw.n);
            assert_memory_equal(twice.p, copy, raw.n);
            arena_rewind(&sim.mem, mark);
        }
    }
    assert_true(refused > 100);
    for (size_t n = 0; n < raw.n; n++) {
        struct err err = {0};
        assert_false(roster_decode(bytes_of(raw.p, n), &got, &err));
    }
    sim_close(&sim);
}

static void refused(struct record_sim *sim, const struct roster *r, const char *why)
{
    struct roster got;
    struct err err = {0};
    assert_false(roster_decode(encoded(sim, r), &got, &err));
    if (strstr(err.what, why) == NULL) {
        fail_msg("%s", err.what);
    }
}

static void test_refused(void **state)
{
    static struct record_sim sim;
    static struct roster r, bad;
    (void)state;
    sim_open(&sim, 7, 3, 1);
    sim_start(&sim);
    roster_at(door_keyring(sim.door), sim.count, &r);
    bad = r;
    bad.sides[1].side = 0;
    refused(&sim, &bad, "sides are not ascending");
    bad = r;
    bad.sides[2].side = SIDES_MAX;
    refused(&sim, &bad, "sides are not ascending");
    bad = r;
    bad.sides[0].needed = 2;
    refused(&sim, &bad, "more witnesses than it names");
    bad = r;
    bad.sides[0].needed = 0;
    refused(&sim, &bad, "more witnesses than it names");
    sim_close(&sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_a_table),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
