/* SPDX-License-Identifier: Apache-2.0
 *
 * No bit of an act can be changed, no act left out, doubled or moved: the door refuses each.
 */
#include "record/door.h"

#include "lib/record_sim.h"
#include "lib/test.h"

/* ---- nothing can be changed ---- */

static void refused_here(struct door *d, struct bytes envelope, struct bytes blob, size_t index)
{
    struct verified_act va;
    struct err err = {0};
    if (door_admit(d, DOOR_CHECK, envelope, blob, &va, &err)) {
        fail_msg("a changed act %zu was admitted", index);
    }
    assert_int_equal(door_size(d), index);
}

/* One bit of every byte, another in each act; all bits in a long run. */
static void flip_bits(struct door *d, struct bytes part, struct bytes other, bool is_blob,
                      size_t index, uint8_t *scratch)
{
    size_t bits = prop_rounds(1) > 1 ? 8 : 1;
    memcpy(scratch, part.p, part.n);
    for (size_t i = 0; i < part.n; i++) {
        for (size_t k = 0; k < bits; k++) {
            uint8_t mask = (uint8_t)(1u << ((i + k + index) % 8));
            scratch[i] ^= mask;
            struct bytes changed_part = bytes_of(scratch, part.n);
            refused_here(d, is_blob ? other : changed_part, is_blob ? changed_part : other, index);
            scratch[i] ^= mask;
        }
    }
}

static void test_every_bit_counts(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    struct verified_act va;
    struct door *d;
    sim_play(&sim);
    assert_true(door_new(&sim.mem, &sim.table, &d, &err));
    uint8_t *scratch = ARENA_NEW(&sim.mem, uint8_t, BLOB_LIMIT_LEAST);
    for (size_t i = 0; i < sim.count; i++) {
        struct door_item it = sim.items[i];
        flip_bits(d, it.envelope, it.blob, false, i, scratch);
        flip_bits(d, it.blob, it.envelope, true, i, scratch);
        refused_here(d, bytes_slice(it.envelope, 0, it.envelope.n - 1), it.blob, i);
        refused_here(d, it.envelope, bytes_slice(it.blob, 0, it.blob.n - 1), i);
        refused_here(d, it.envelope, (struct bytes){0}, i);
        refused_here(d, (struct bytes){0}, it.blob, i);
        if (i > 0) {
            refused_here(d, sim.items[i - 1].envelope, sim.items[i - 1].blob, i); /* twice */
        }
        for (size_t k = i + 1; k < sim.count; k++) {
            /* Any later act in its place, be it a swap or a gap: each cites what is not there. */
            refused_here(d, sim.items[k].envelope, sim.items[k].blob, i);
        }
        assert_true(door_admit(d, DOOR_CHECK, it.envelope, it.blob, &va, &err));
        assert_int_equal(va.index, i);
    }
    struct root_hash a = door_root(d, 30), b = door_root(sim.door, 30);
    assert_memory_equal(a.b, b.b, sizeof(a.b));
    door_free(d);
    sim_close(&sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bit_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
