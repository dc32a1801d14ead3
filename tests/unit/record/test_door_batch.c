/* SPDX-License-Identifier: Apache-2.0
 *
 * Batches: the same as one act after the other, for any number and order of workers; and acts that
 * were checked before.
 */
#include "record/door.h"

#include "lib/record_sim.h"
#include "lib/test.h"

struct seen {
    size_t count;
    uint64_t digest; /* of what the sink was given */
    size_t stop_at;
};

static bool note_act(void *ctx, const struct verified_act *va, struct err *err)
{
    struct seen *s = ctx;
    if (s->stop_at != 0 && s->count == s->stop_at) {
        return err_set(err, ERR_STATE, "enough");
    }
    assert_int_equal(va->index, s->count);
    s->count++;
    s->digest = s->digest * 31 + va->leaf.b[0] + va->author.side * 3u + va->proceed_valid * 7u +
                (va->control == NULL ? 0 : (uint64_t)va->control->kind * 11u);
    return true;
}

static void run_backwards(void *ctx, size_t units, void (*unit)(void *arg, size_t i), void *arg)
{
    (void)ctx;
    for (size_t i = units; i > 0; i--) {
        unit(arg, i - 1);
    }
}

/* Odd ones first, as if two workers were of different speed. */
static void run_mixed(void *ctx, size_t units, void (*unit)(void *arg, size_t i), void *arg)
{
    size_t *calls = ctx;
    for (size_t i = 1; i < units; i += 2) {
        unit(arg, i);
    }
    for (size_t i = 0; i < units; i += 2) {
        unit(arg, i);
    }
    (*calls)++;
}

static void test_batches_are_the_same(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    sim_play(&sim);
    size_t calls = 0;
    const struct door_workers backwards = {.run = run_backwards},
                              mixed = {.run = run_mixed, .ctx = &calls}, none = {.run = NULL};
    const struct door_workers *const workers[] = {NULL, &none, &backwards, &mixed};
    struct arena scratch = test_arena(1u << 20);
    struct root_hash want = door_root(sim.door, 30);
    uint64_t digest = 0;
    for (size_t w = 0; w < COUNT_OF(workers); w++) {
        for (size_t step = 1; step <= sim.count; step += 7) {
            struct door *d;
            size_t mark = arena_mark(&sim.mem);
            struct seen seen = {.count = 0};
            assert_true(door_new(&sim.mem, &sim.table, &d, &err));
            for (size_t at = 0; at < sim.count; at += step) {
                size_t n = sim.count - at < step ? sim.count - at : step;
                assert_true(door_admit_all(d, DOOR_CHECK, sim.items + at, n, workers[w], &scratch,
                                           note_act, &seen, &err));
            }
            struct root_hash root = door_root(d, 30);
            assert_memory_equal(root.b, want.b, sizeof(root.b));
            assert_int_equal(seen.count, 30);
            assert_true(digest == 0 || digest == seen.digest);
            digest = seen.digest;
            assert_int_equal(witness_final(door_witness(d), 30), 22);
            assert_int_equal(arena_mark(&scratch), 0);
            door_free(d);
            arena_rewind(&sim.mem, mark);
        }
    }
    assert_true(calls > 0);
    test_arena_free(&scratch);
    sim_close(&sim);
}

static void test_a_batch_stops_at_the_bad_one(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    sim_play(&sim);
    struct arena scratch = test_arena(1u << 20);
    uint8_t bad[ENVELOPE_MAX];
    for (size_t k = 0; k < sim.count; k++) {
        struct door *d;
        size_t mark = arena_mark(&sim.mem);
        struct door_item items[64], good = sim.items[k];
        memcpy(items, sim.items, sim.count * sizeof(items[0]));
        memcpy(bad, good.envelope.p, good.envelope.n);
        bad[good.envelope.n - 1] ^= 1; /* of the signature */
        items[k].envelope = bytes_of(bad, good.envelope.n);
        assert_true(door_new(&sim.mem, &sim.table, &d, &err));
        assert_false(
            door_admit_all(d, DOOR_CHECK, items, sim.count, NULL, &scratch, NULL, NULL, &err));
        assert_int_equal(door_size(d), k);
        assert_int_equal(err.code, ERR_VERIFY);
        char where[32];
        struct buf b;
        buf_over(&b, where, sizeof(where));
        buf_printf(&b, "act %zu, of side ", k);
        assert_memory_equal(err.where, buf_str(&b), b.n);
        /* It can go on from there. */
        assert_true(door_admit_all(d, DOOR_CHECK, sim.items + k, sim.count - k, NULL, &scratch,
                                   NULL, NULL, &err));
        door_free(d);
        arena_rewind(&sim.mem, mark);
    }
    struct door *d;
    struct seen seen = {.stop_at = 5};
    assert_true(door_new(&sim.mem, &sim.table, &d, &err));
    assert_false(
        door_admit_all(d, DOOR_CHECK, sim.items, sim.count, NULL, &scratch, note_act, &seen, &err));
    assert_string_equal(err.what, "enough");
    assert_int_equal(door_size(d), 6);
    struct arena no_room = {0};
    assert_false(door_admit_all(d, DOOR_CHECK, sim.items, 1, NULL, &no_room, NULL, NULL, &err));
    assert_int_equal(err.code, ERR_MEMORY);
    assert_false(door_admit_all(d, DOOR_CHECK, sim.items, DOOR_BATCH_MAX + 1, NULL, &scratch, NULL,
                                NULL, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    door_free(d);
    test_arena_free(&scratch);
    sim_close(&sim);
}

/* The seat was in office when the units worked on the batch, and is not when its act comes. */
static void test_revoked_within_a_batch(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    sim_open(&sim, 9, 2, 1);
    sim_start(&sim);
    uint64_t from = door_size(sim.door);
    struct door_item late = sim_make(&sim, 1, 0, CONTROL_SEALED, sim_seal(&sim, bytes_str("x")));
    (void)sim_revoke(&sim, 1, 0);
    struct door_item items[2] = {sim.items[from], late};
    sim_cut(&sim, from);
    struct arena scratch = test_arena(1u << 20);
    assert_false(door_admit_all(sim.door, DOOR_CHECK, items, 2, NULL, &scratch, NULL, NULL, &err));
    assert_int_equal(door_size(sim.door), from + 1);
    assert_non_null(strstr(err.what, "was revoked at index 5"));
    test_arena_free(&scratch);
    sim_close(&sim);
}

static void test_stored(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    struct verified_act va;
    struct door *d;
    sim_play(&sim);
    assert_true(door_new(&sim.mem, NULL, &d, &err));
    for (size_t i = 0; i < sim.count; i++) {
        struct act a;
        assert_true(act_decode(sim.items[i].envelope, &a, &err));
        struct bytes blob = a.control == CONTROL_SEALED ? (struct bytes){0} : sim.items[i].blob;
        assert_true(door_admit(d, DOOR_STORED, sim.items[i].envelope, blob, &va, &err));
    }
    struct root_hash root = door_root(d, 30), want = door_root(sim.door, 30);
    assert_memory_equal(root.b, want.b, sizeof(root.b));
    assert_int_equal(witness_final(door_witness(d), 30), 22);
    /* The rules hold all the same. */
    assert_false(door_admit(d, DOOR_STORED, sim.items[9].envelope, sim.items[9].blob, &va, &err));
    door_free(d);
    sim_close(&sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batches_are_the_same),
        cmocka_unit_test(test_a_batch_stops_at_the_bad_one),
        cmocka_unit_test(test_revoked_within_a_batch),
        cmocka_unit_test(test_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
