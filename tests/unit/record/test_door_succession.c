/* SPDX-License-Identifier: Apache-2.0
 *
 * One host after another: what begins a succession, what ends it, whose words hold where.
 */
#include "record/door.h"

#include "lib/record_sim.h"
#include "lib/test.h"

static void test_succession(void **state)
{
    (void)state;
    struct record_sim sim;
    sim_open(&sim, 10, 3, 1);
    sim_start(&sim);
    for (uint32_t i = 0; i < 3; i++) {
        (void)sim_countersign(&sim, i, 0);
    }
    uint64_t w = witness_final(door_witness(sim.door), door_size(sim.door));
    assert_int_equal(w, 7);
    sim_cut(&sim, w);
    struct signer *old = sim.host, *host = sim_signer(&sim, KEY_HOST);
    struct signer *third = sim_signer(&sim, KEY_HOST);
    sim_refused(&sim, sim_succession(&sim, 0, w - 1, host), "begins a succession at size 6");
    sim_refused(&sim, sim_succession(&sim, 0, w, old), "was the host of term 0 already");
    (void)sim_post(&sim, sim_succession(&sim, 1, w, host));
    assert_int_equal(door_succession_missing(sim.door), 2);
    assert_int_equal(door_term(sim.door), 0);
    /* Nothing else meanwhile, no other succession, nobody twice. */
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_SEALED, sim_seal(&sim, bytes_str("x"))),
                "the host is being succeeded: 2 roots");
    sim_refused(&sim, sim_succession(&sim, 0, w, third), "names another size, root or host");
    sim_refused(&sim, sim_succession(&sim, 1, w, host), "act 0 of its author, who stands at 1");
    /* The new host's checkpoints speak for what lies above w from its first act on. */
    struct err err = {0};
    struct checkpoint cp = {.table = sim.table, .term = 1, .size = w + 1}, got;
    cp.root = door_root(sim.door, w + 1);
    struct buf note;
    buf_init(&note, NOTE_BYTES_MAX);
    assert_true(checkpoint_sign(&cp, host, &note, &err));
    assert_true(door_checkpoint(sim.door, buf_bytes(&note), &got, &err));
    buf_free(&note);
    (void)sim_post(&sim, sim_succession(&sim, 0, w, host));
    (void)sim_post(&sim, sim_succession(&sim, 2, w, host));
    assert_int_equal(door_succession_missing(sim.door), 0);
    assert_int_equal(door_term(sim.door), 1);
    assert_int_equal(keyring_term(door_keyring(sim.door), 1)->from, w);
    sim.host = host;
    /* Chains begin again; the old term is over; countersign acts speak of the new host. */
    (void)sim_say(&sim, 0, 0, bytes_str("on we go"));
    (void)sim_countersign(&sim, 2, 0);
    struct bytes blob = sim_seal(&sim, bytes_str("x"));
    struct act a = sim_fields(&sim, 0, 0, CONTROL_SEALED, blob);
    assert_int_equal(a.term, 1);
    assert_int_equal(a.n, 1);
    a.term = 0;
    sim_refused(&sim, sim_sign(&sim, 0, 0, &a, blob), "of term 0, the log is in term 1");
    /* Sizes up to w are the old host's. */
    sim.host = old;
    struct bytes before = sim_note(&sim, w);
    assert_true(door_checkpoint(sim.door, before, &got, &err));
    assert_int_equal(got.term, 0);
    struct bytes usurped = sim_note(&sim, w + 2); /* signed by the old one */
    assert_false(door_checkpoint(sim.door, usurped, &got, &err));
    assert_string_equal(err.what, "the checkpoint is not signed by the host of term 1");
    sim.host = host;
    assert_true(door_checkpoint(sim.door, sim_note(&sim, w + 2), &got, &err));
    cp.size = w;
    cp.root = door_root(sim.door, w);
    buf_init(&note, NOTE_BYTES_MAX);
    assert_true(checkpoint_sign(&cp, host, &note, &err));
    assert_false(door_checkpoint(sim.door, buf_bytes(&note), &got, &err));
    assert_string_equal(err.what, "size 7 is not of term 1");
    buf_free(&note);
    signer_free(old);
    signer_free(third);
    sim_close(&sim);
}

/* A side that is out, and one that has not joined, hold no succession up. */
static void test_succession_without_one(void **state)
{
    (void)state;
    struct record_sim sim;
    sim_open(&sim, 12, 3, 1);
    sim_start(&sim);
    (void)sim_countersign(&sim, 0, 0);
    (void)sim_countersign(&sim, 1, 0);
    sim.now += 3600;
    (void)sim_countersign(&sim, 0, 0);
    (void)sim_countersign(&sim, 1, 0);
    (void)sim_proceed(&sim, 0, 0, 2);
    (void)sim_countersign(&sim, 0, 0);
    (void)sim_countersign(&sim, 1, 0);
    uint64_t w = witness_final(door_witness(sim.door), door_size(sim.door));
    assert_int_equal(w, 12);
    sim_cut(&sim, w);
    struct signer *old = sim.host, *host = sim_signer(&sim, KEY_HOST);
    sim_refused(&sim, sim_succession(&sim, 2, w, host), "side 2 takes no part");
    (void)sim_post(&sim, sim_succession(&sim, 0, w, host));
    assert_int_equal(door_succession_missing(sim.door), 1);
    (void)sim_post(&sim, sim_succession(&sim, 1, w, host));
    assert_int_equal(door_term(sim.door), 1);
    sim.host = host;
    (void)sim_say(&sim, 2, 0, bytes_str("I may still speak"));
    signer_free(old);
    sim_close(&sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_succession),
        cmocka_unit_test(test_succession_without_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
