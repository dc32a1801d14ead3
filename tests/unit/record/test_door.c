/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole logs through the door: what is admitted, what is refused and with which sentence, and that
 * it is all the same for batches.  Linked with --wrap=malloc, so that the n-th allocation can fail.
 */
#include "record/door.h"

#include "lib/record_sim.h"
#include "lib/test.h"
#include "record/cose_priv.h"
#include "record/cosign.h"

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);

static unsigned malloc_fails_in; /* 0: never; 1: the next one */

void *__wrap_malloc(size_t n)
{
    if (malloc_fails_in > 0 && --malloc_fails_in == 0) {
        return NULL;
    }
    return __real_malloc(n);
}

static const uint32_t two_seats[] = {0, 1};

/* About 30 acts of all kinds: three sides, k of n, a revocation, one side left out for a while. */
static void play(struct record_sim *sim)
{
    sim_open(sim, 11, 3, 3);
    sim_found(sim);
    sim_join(sim, 0, 2);
    sim_join(sim, 1, 3);
    sim_join(sim, 2, 1);
    sim_name(sim, 0, 1, two_seats, 1);
    sim_name(sim, 1, 2, two_seats, 2);
    sim_name(sim, 2, 1, two_seats, 1);
    for (uint32_t i = 0; i < 3; i++) {
        (void)sim_say(sim, i, 0, bytes_str("good morning"));
    }
    (void)sim_countersign(sim, 0, 0);
    (void)sim_countersign(sim, 1, 0);
    (void)sim_post(sim, sim_make(sim, 2, SIM_ROOT, CONTROL_KEYS, sim_seat_slip_blob(sim, 2, 1, 1)));
    (void)sim_say(sim, 2, 1, bytes_str("a newcomer"));
    (void)sim_countersign(sim, 1, 1);
    (void)sim_revoke(sim, 1, 2);
    sim->now += 3600;
    (void)sim_countersign(sim, 0, 0);
    (void)sim_countersign(sim, 1, 1);
    (void)sim_countersign(sim, 1, 0);
    (void)sim_proceed(sim, 0, 0, 2);
    (void)sim_say(sim, 1, 1, bytes_str("we go on"));
    (void)sim_countersign(sim, 0, 0);
    (void)sim_countersign(sim, 1, 1);
    (void)sim_countersign(sim, 1, 0);
    (void)sim_countersign(sim, 2, 0);
    (void)sim_say(sim, 2, 0, bytes_str("back again"));
    (void)sim_proceed(sim, 2, 0, 2); /* noted, and counts for nothing */
    for (uint32_t i = 0; i < 3; i++) {
        (void)sim_countersign(sim, i, 0);
    }
}

static void test_what_it_knows(void **state)
{
    (void)state;
    struct record_sim sim;
    play(&sim);
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
    assert_true(va.author.pk == &keyring_side(door_keyring(d), 0)->root);
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
    play(&sim);
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

/* ---- batches ---- */

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
    play(&sim);
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
    play(&sim);
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
    play(&sim);
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

/* ---- succession ---- */

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

/* ---- memory ---- */

static void test_no_memory_changes_nothing(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    struct verified_act va;
    struct door *d;
    play(&sim);
    size_t faults = 0;
    assert_true(door_new(&sim.mem, &sim.table, &d, &err));
    for (size_t i = 0; i < sim.count; i++) {
        for (unsigned n = 1;; n++) {
            struct root_hash before = door_root(d, i);
            size_t namings = keyring_namings(door_keyring(d));
            malloc_fails_in = n;
            bool ok = door_admit(d, DOOR_CHECK, sim.items[i].envelope, sim.items[i].blob, &va,
                                 &err);
            bool fired = malloc_fails_in == 0;
            malloc_fails_in = 0;
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
        cmocka_unit_test(test_what_it_knows),
        cmocka_unit_test(test_the_first_act),
        cmocka_unit_test(test_envelope_rules),
        cmocka_unit_test(test_where_it_was),
        cmocka_unit_test(test_seals),
        cmocka_unit_test(test_countersign_rules),
        cmocka_unit_test(test_keys_at_the_door),
        cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_batches_are_the_same),
        cmocka_unit_test(test_a_batch_stops_at_the_bad_one),
        cmocka_unit_test(test_revoked_within_a_batch),
        cmocka_unit_test(test_stored),
        cmocka_unit_test(test_succession),
        cmocka_unit_test(test_succession_without_one),
        cmocka_unit_test(test_checkpoints),
        cmocka_unit_test(test_no_memory_changes_nothing),
        cmocka_unit_test(test_twenty_thousand_acts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
