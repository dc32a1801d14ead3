/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that fails changes nothing; many acts take little.  Linked with --wrap=malloc
 * (lib/malloc_fault.h).
 */
#include "record/door.h"

#include "lib/malloc_fault.h"
#include "lib/record_sim.h"
#include "lib/test.h"

static void test_no_memory_changes_nothing(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    struct verified_act va;
    struct door *d;
    sim_play(&sim);
    size_t faults = 0;
    assert_true(door_new(&sim.mem, &sim.table, &d, &err));
    for (size_t i = 0; i < sim.count; i++) {
        for (unsigned n = 1;; n++) {
            struct root_hash before = door_root(d, i);
            size_t namings = keyring_namings(door_keyring(d));
            malloc_fails_in(n);
            bool ok = door_admit(d, DOOR_CHECK, sim.items[i].envelope, sim.items[i].blob, &va,
                                 &err);
            bool fired = malloc_failed();
            if (ok) {
                assert_false(fired);
                break;
            }
            faults++;
            assert_true(fired);
            struct root_hash after = door_root(d, door_size(d));
            assert_int_equal(door_size(d), i);
            assert_memory_equal(before.b, after.b, sizeof(before.b));
            assert_int_equal(keyring_namings(door_keyring(d)), namings);
        }
    }
    assert_true(faults > 8);
    struct root_hash root = door_root(d, 30), want = door_root(sim.door, 30);
    assert_memory_equal(root.b, want.b, sizeof(root.b));
    assert_int_equal(witness_final(door_witness(d), 30), 22);
    door_free(d);

    struct arena small;
    struct door *none = NULL;
    for (size_t cap = 0; cap < 300000; cap += 25000) {
        small = test_arena(cap + 1);
        if (door_new(&small, NULL, &none, &err)) {
            door_free(none);
        } else {
            assert_int_equal(err.code, ERR_MEMORY);
        }
        test_arena_free(&small);
    }
    assert_non_null(none); /* "about 300 KiB" */
    door_free(NULL);
    sim_close(&sim);
}

static void test_twenty_thousand_acts(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    sim_open(&sim, 15, 2, 2);
    sim_start(&sim);
    struct bytes blob = sim_seal(&sim, bytes_str("the same words every time"));
    size_t start = door_memory(sim.door);
    for (size_t i = 0; i < 20000; i++) {
        size_t mark = arena_mark(&sim.mem);
        struct act a = sim_fields(&sim, i % 2, i / 2 % 2, CONTROL_SEALED, blob);
        struct door_item item = sim_sign(&sim, i % 2, i / 2 % 2, &a, blob);
        struct verified_act va;
        assert_true(door_admit(sim.door, DOOR_STORED, item.envelope, item.blob, &va, &err));
        arena_rewind(&sim.mem, mark);
    }
    size_t grown = door_memory(sim.door) - start;
    print_message("# 20,000 acts: %zu bytes an act\n", grown / 20000);
    assert_true(grown <= 20000 * 70);
    sim_close(&sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_memory_changes_nothing),
        cmocka_unit_test(test_twenty_thousand_acts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
