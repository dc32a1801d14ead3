/* SPDX-License-Identifier: Apache-2.0
 *
 * Single acts at the door: what it knows after a whole log, what is refused and with which
 * sentence, what its record of the host's words is.  Batches, succession and memory: beside this.
 */
#include "record/door.h"

#include "lib/record_sim.h"
#include "lib/test.h"
#include "record/cose_priv.h"
#include "record/cosign.h"

static void test_what_it_knows(void **state)
{
    (void)state;
    struct record_sim sim;
    sim_play(&sim);
    const struct door *d = sim.door;
    assert_int_equal(door_size(d), 30);
    assert_int_equal(door_term(d), 0);
    assert_int_equal(door_succession_missing(d), 0);
    struct merkle_range range = {.size = 0};
    for (size_t i = 0; i < sim.count; i++) {
        struct leaf_hash leaf = leaf_hash_of(sim.items[i].envelope), got = door_leaf(d, i);
        assert_memory_equal(leaf.b, got.b, sizeof(leaf.b));
        merkle_range_append(&range, &leaf);
        struct root_hash root = merkle_range_root(&range), at = door_root(d, i + 1);
        assert_memory_equal(root.b, at.b, sizeof(root.b));
    }
    struct node_source nodes = door_nodes(d);
    struct root_hash root, top = door_root(d, 30);
    struct err err;
    assert_true(merkle_root(&nodes, 30, &root, &err));
    assert_memory_equal(root.b, top.b, sizeof(root.b));

    struct ring_author author;
    struct kid kid = signer_kid(sim.sides[0].seats[0].sign);
    struct kid16 kid16 = kid_short(&kid);
    assert_true(keyring_author(door_keyring(d), 30, &kid16, &author, &err));
    struct chain chain = door_chain(d, &author);
    assert_int_equal(chain.n, 6);
    struct leaf_hash last = door_leaf(d, 27);
    assert_memory_equal(chain.prev.b, last.b, sizeof(last.b));
    assert_int_equal(chain.seen_size, 27);
    /* Side 1 needs both its seats; the second has not countersigned again. */
    assert_int_equal(witness_group_size(door_witness(d), 1, 30), 22);
    assert_true(witness_out(door_witness(d), 2, 20));
    assert_false(witness_out(door_witness(d), 2, 25));
    assert_int_equal(witness_final(door_witness(d), 30), 22);
    sim_close(&sim);
}

/* ---- refusals ---- */

static void test_the_first_act(void **state)
{
    (void)state;
    struct record_sim sim, other;
    sim_open(&sim, 1, 2, 1);
    sim_open(&other, 2, 2, 1);
    sim_found(&other);
    struct door_item found = other.items[0];
    struct verified_act va;
    struct err err = {0};
    sim_refused(&sim, sim_make(&sim, 0, SIM_ROOT, CONTROL_KEYS, bytes_str("x")),
                "the first act founds the table");
    /* Of another table than was expected. */
    struct door *d;
    assert_true(door_new(&sim.mem, &sim.table, &d, &err));
    assert_false(door_admit(d, DOOR_CHECK, found.envelope, found.blob, &va, &err));
    assert_non_null(strstr(err.what, "not the expected"));
    door_free(d);
    assert_true(door_new(&sim.mem, &other.table, &d, &err));
    assert_true(door_would_admit(d, found.envelope, found.blob, &va, &err));
    assert_int_equal(va.author.side, 0);
    assert_int_equal(va.author.type, KEY_ROOT);
    assert_int_equal(va.control->as.found.grace_seconds, 3600);
    assert_int_equal(door_size(d), 0);
    assert_true(door_admit(d, DOOR_CHECK, found.envelope, found.blob, &va, &err));
    assert_true(ID_EQ(*va.author.pk, keyring_side(door_keyring(d), 0)->root));
    door_free(d);
    /* Signed by another root than F names. */
    struct act a = sim_fields(&other, 1, SIM_ROOT, CONTROL_FOUND, found.blob);
    a.table = other.table;
    a.seen_size = 0;
    a.seen_root = empty_root();
    sim_refused(&sim, sim_sign(&other, 1, SIM_ROOT, &a, found.blob), "its signature is not");
    /* An envelope that names another table than F makes. */
    struct act b = sim_fields(&other, 0, SIM_ROOT, CONTROL_FOUND, found.blob);
    b.table.b[0] ^= 1;
    b.n = 0;
    memset(b.prev.b, 0, sizeof(b.prev.b));
    b.seen_size = 0;
    b.seen_root = empty_root();
    sim_refused(&sim, sim_sign(&other, 0, SIM_ROOT, &b, found.blob), "another table than");
    /* A second founding. */
    sim_refused(&other, found, "only the first act founds a table");
    sim_close(&sim);
    sim_close(&other);
}

/* Signed by somebody whose key act_sign would not take for this kind. */
static struct door_item forged(struct record_sim *sim, uint32_t side, uint32_t seat,
                               enum control_kind kind, struct bytes blob)
{
    struct act a = sim_fields(sim, side, seat, kind, blob);
    const struct signer *s = seat == SIM_ROOT ? sim->sides[side].root
                                              : sim->sides[side].seats[seat].sign;
    struct buf payload, envelope;
    struct err err = {0};
    buf_init(&payload, ENVELOPE_MAX);
    buf_init(&envelope, ENVELOPE_MAX);
    act_encode_payload(&a, &payload);
    assert_true(cose_sign(buf_bytes(&payload), COSE_AAD_ACT, s, "act", &envelope, &err));
    buf_free(&payload);
    return (struct door_item){.envelope = sim_keep(sim, &envelope), .blob = blob};
}

static struct door_item changed(struct record_sim *sim, uint32_t side, uint32_t seat,
                                const struct act *a, struct bytes blob)
{
    return sim_sign(sim, side, seat, a, blob);
}

static void test_envelope_rules(void **state)
{
    (void)state;
    struct record_sim sim;
    sim_open(&sim, 3, 3, 2);
    sim_start(&sim);
    (void)sim_say(&sim, 1, 0, bytes_str("one"));
    uint64_t before = door_size(sim.door);
    (void)sim_say(&sim, 1, 0, bytes_str("two"));
    struct bytes blob = sim_seal(&sim, bytes_str("three"));
    struct act good = sim_fields(&sim, 1, 0, CONTROL_SEALED, blob), a = good;

    a.table.b[31] ^= 1;
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "signed for another table");
    a = good;
    a.n++;
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "act 3 of its author, who stands at 2");
    a = good;
    a.n--; /* equivocation: another act in the place of one that was noted */
    a.prev = door_leaf(sim.door, before - 1);
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "act 1 of its author, who stands at 2");
    a = good;
    a.prev = door_leaf(sim.door, before - 1); /* another past */
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "does not follow its author's last act");
    a = good;
    a.seen_size = before - 1;
    a.seen_root = door_root(sim.door, a.seen_size);
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "that never falls");
    a = good;
    a.seen_size++;
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "above its own index");
    a = good;
    a.seen_root.b[7] ^= 4;
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "the root that it cites is not this log's");
    a = good;
    a.term = 1;
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "of term 1, the log is in term 0");
    a = good;
    a.blob.b[0] ^= 1;
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "not the one whose digest");
    a = good;
    a.blob_length++;
    sim_refused(&sim, changed(&sim, 1, 0, &a, blob), "bytes, the envelope says");
    /* Somebody unknown; a seat as a root; a root as a seat. */
    struct record_sim stranger;
    sim_open(&stranger, 4, 1, 1);
    sim_refused(&sim, changed(&stranger, 0, 0, &good, blob), "none that was admitted");
    sim_close(&stranger);
    struct bytes slip = sim_slip_blob(&sim, 1, 1);
    sim_refused(&sim, forged(&sim, 1, 0, CONTROL_KEYS, slip),
                "a keys act is signed by a root, this one by a seat");
    sim_refused(&sim, forged(&sim, 1, SIM_ROOT, CONTROL_SEALED, blob),
                "a sealed act is signed by a seat, this one by a root");
    /* Another's chain and signature are not mine: the kid is signed with the rest. */
    struct door_item mine = changed(&sim, 1, 0, &good, blob);
    assert_int_equal(sim_post(&sim, mine), before + 1);
    sim_refused(&sim, mine, "act 2 of its author, who stands at 3");
    sim_close(&sim);
}

static void test_where_it_was(void **state)
{
    (void)state;
    struct record_sim sim;
    sim_open(&sim, 5, 2, 1);
    sim_start(&sim);
    struct bytes blob = sim_seal(&sim, bytes_str("x"));
    struct act a = sim_fields(&sim, 1, 0, CONTROL_SEALED, blob);
    a.n = 9;
    struct door_item item = sim_sign(&sim, 1, 0, &a, blob);
    struct verified_act va;
    struct err err = {0};
    assert_false(door_admit(sim.door, DOOR_CHECK, item.envelope, item.blob, &va, &err));
    assert_string_equal(err.where, "act 5, of side 1");
    assert_int_equal(err.code, ERR_VERIFY);
    sim_close(&sim);
}

static void test_seals(void **state)
{
    (void)state;
    struct record_sim sim;
    sim_open(&sim, 6, 3, 1);
    sim_start(&sim);
    struct bytes readable = bytes_str("not sealed at all");
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_SEALED, readable), "not a sealed file");
    sim.found.stanza_multiple = 3;
    struct bytes three = sim_seal(&sim, bytes_str("x"));
    sim.found.stanza_multiple = 4;
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_SEALED, three),
                "its seal has 3 stanzas, not a multiple of 4");
    /* One byte more than a bucket. */
    struct bytes good = sim_seal(&sim, bytes_str("x"));
    uint8_t *longer = ARENA_NEW(&sim.mem, uint8_t, good.n + 1);
    memcpy(longer, good.p, good.n);
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_SEALED, bytes_of(longer, good.n + 1)),
                "not padded to a bucket");
    /* A share of low order: all zeros in the first stanza. */
    static const char stanza[] = "-> X25519 ";
    uint8_t *low = ARENA_NEW(&sim.mem, uint8_t, good.n);
    memcpy(low, good.p, good.n);
    size_t at = 0;
    while (memcmp(low + at, stanza, sizeof(stanza) - 1) != 0) {
        at++;
    }
    memset(low + at + sizeof(stanza) - 1, 'A', 43); /* base64 of 32 zeros */
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_SEALED, bytes_of(low, good.n)),
                "has a low order");
    memcpy(low, good.p, good.n);
    low[at + 8] = '0'; /* a stanza of another type */
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_SEALED, bytes_of(low, good.n)),
                "stanza 1 of its seal is not of type X25519");
    /* Above the table's limit, below the format's. */
    size_t big_n = BLOB_LIMIT_LEAST + 1;
    uint8_t *big = ARENA_NEW(&sim.mem, uint8_t, big_n);
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_SEALED, bytes_of(big, big_n)),
                "the table's limit is 65536");
    sim_close(&sim);
}

static void test_countersign_rules(void **state)
{
    (void)state;
    struct record_sim sim;
    sim_open(&sim, 7, 2, 2);
    sim_start(&sim);
    uint64_t size = door_size(sim.door);
    struct bytes good = sim_countersign_blob(&sim, 0, 0, size, sim.now);
    /* Of another tree than the envelope cites. */
    struct act a = sim_fields(&sim, 0, 0, CONTROL_COUNTERSIGN, good);
    a.seen_size = size - 1;
    a.seen_root = door_root(sim.door, size - 1);
    sim_refused(&sim, sim_sign(&sim, 0, 0, &a, good), "not the tree that the envelope cites");
    /* By a seat whose key nobody has named. */
    struct bytes unnamed = sim_countersign_blob(&sim, 0, 1, size, sim.now);
    sim_refused(&sim, sim_make(&sim, 0, 1, CONTROL_COUNTERSIGN, unnamed), "has not been named");
    /* Another seat's line. */
    sim_refused(&sim, sim_make(&sim, 1, 0, CONTROL_COUNTERSIGN, good),
                "its line is of witness 0; this seat's is 1");
    /* The right number with a wrong signature, of the witness and of the host. */
    uint8_t *bad = ARENA_NEW(&sim.mem, uint8_t, good.n);
    memcpy(bad, good.p, good.n);
    size_t last = good.n - 8;
    bad[last] = bad[last] == 'A' ? 'B' : 'A';
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_COUNTERSIGN, bytes_of(bad, good.n)),
                "the witness's signature in a countersign act does not hold");
    struct signer *host = sim.host;
    sim.host = sim_signer(&sim, KEY_HOST);
    struct bytes foreign = sim_countersign_blob(&sim, 0, 0, size, sim.now);
    sim_refused(&sim, sim_make(&sim, 0, 0, CONTROL_COUNTERSIGN, foreign),
                "the host's signature in a countersign act does not hold");
    signer_free(sim.host);
    sim.host = host;
    /* A root cannot. */
    sim_refused(&sim, forged(&sim, 0, SIM_ROOT, CONTROL_COUNTERSIGN, good),
                "signed by a seat, this one by a root");
    (void)sim_countersign(&sim, 0, 0);
    /* Times and sizes of one key never fall. */
    sim.now--;
    size = door_size(sim.door);
    sim_refused(
        &sim,
        sim_make(&sim, 0, 0, CONTROL_COUNTERSIGN, sim_countersign_blob(&sim, 0, 0, size, sim.now)),
        "times never fall");
    sim_close(&sim);
}

static void test_keys_at_the_door(void **state)
{
    (void)state;
    struct record_sim sim;
    sim_open(&sim, 8, 3, 2);
    sim_found(&sim);
    sim_join(&sim, 0, 2);
    /* A slip whose seat has not signed. */
    struct bytes blob = sim_slip_blob(&sim, 1, 2);
    uint8_t *bad = ARENA_NEW(&sim.mem, uint8_t, blob.n);
    memcpy(bad, blob.p, blob.n);
    bad[blob.n - 1] ^= 1;
    sim_refused(&sim, sim_make(&sim, 0, SIM_ROOT, CONTROL_KEYS, bytes_of(bad, blob.n)), "sign");
    sim_join(&sim, 1, 1);
    sim_refused(&sim, sim_make(&sim, 0, SIM_ROOT, CONTROL_KEYS, blob), "has a root already");
    struct bytes seat = sim_seat_slip_blob(&sim, 1, 1, 0);
    sim_refused(&sim, sim_make(&sim, 1, SIM_ROOT, CONTROL_KEYS, seat), "post 0 of side 1 is held");
    /* Revoked: its act is refused from the next index on. */
    struct bytes sealed = sim_seal(&sim, bytes_str("x"));
    (void)sim_revoke(&sim, 1, 0);
    sim_refused(&sim, sim_make(&sim, 1, 0, CONTROL_SEALED, sealed), "was revoked at index 3");
    (void)sim_post(&sim, sim_make(&sim, 1, SIM_ROOT, CONTROL_KEYS, seat));
    (void)sim_say(&sim, 1, 1, bytes_str("in his place"));
    sim_close(&sim);
}

static void test_checkpoints(void **state)
{
    (void)state;
    struct record_sim sim, other;
    struct checkpoint cp;
    struct err err = {0};
    sim_open(&sim, 13, 2, 1);
    assert_false(door_checkpoint(sim.door, bytes_str("x\n\n"), &cp, &err));
    sim_start(&sim);
    sim_open(&other, 14, 2, 1);
    sim_start(&other);
    for (uint64_t size = 1; size <= door_size(sim.door); size++) {
        assert_true(door_checkpoint(sim.door, sim_note(&sim, size), &cp, &err));
        assert_int_equal(cp.size, size);
    }
    assert_false(door_checkpoint(sim.door, sim_note(&other, 2), &cp, &err));
    assert_string_equal(err.what, "the checkpoint is another table's");
    /* A line under the name and key id of a known witness that is not its own. */
    struct buf b;
    struct note n;
    char name[ORIGIN_MAX];
    buf_init(&b, NOTE_BYTES_MAX);
    struct bytes bare = sim_note(&sim, 3);
    buf_add(&b, bare);
    assert_true(note_decode(bare, &n, &err));
    witness_name(&sim.table, 1, name);
    assert_true(
        cosign_put(n.body, bytes_str(name), sim.now, sim.sides[1].seats[0].witness, &b, &err));
    struct bytes lined = sim_keep(&sim, &b);
    assert_true(door_checkpoint(sim.door, lined, &cp, &err));
    uint8_t *bad = ARENA_NEW(&sim.mem, uint8_t, lined.n);
    memcpy(bad, lined.p, lined.n);
    bad[lined.n - 8] = bad[lined.n - 8] == 'A' ? 'B' : 'A';
    assert_false(door_checkpoint(sim.door, bytes_of(bad, lined.n), &cp, &err));
    assert_string_equal(err.what, "the line of witness 1 under the checkpoint is wrong");
    /* Of what lies ahead. */
    struct bytes ahead;
    (void)sim_say(&sim, 0, 0, bytes_str("x"));
    uint64_t size = door_size(sim.door);
    ahead = sim_note(&sim, size);
    sim_cut(&sim, size - 1);
    assert_false(door_checkpoint(sim.door, ahead, &cp, &err));
    assert_int_equal(err.code, ERR_STATE);
    /* A fork: after another act of that size. */
    (void)sim_say(&sim, 1, 0, bytes_str("y"));
    assert_false(door_checkpoint(sim.door, ahead, &cp, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    assert_non_null(strstr(err.what, "the host has signed another tree of size 6"));
    sim_close(&sim);
    sim_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_knows),
        cmocka_unit_test(test_the_first_act),
        cmocka_unit_test(test_envelope_rules),
        cmocka_unit_test(test_where_it_was),
        cmocka_unit_test(test_seals),
        cmocka_unit_test(test_countersign_rules),
        cmocka_unit_test(test_keys_at_the_door),
        cmocka_unit_test(test_checkpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
