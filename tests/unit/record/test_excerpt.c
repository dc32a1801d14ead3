/* SPDX-License-Identifier: Apache-2.0 */
#include "record/excerpt.h"

#include "lib/record_sim.h"
#include "lib/test.h"
#include "record/cosign.h"
#include "record/policy.h"

#define ROOM (4u << 20)
#define ACTS 64u

/* What goes into an excerpt; a test may change it before it is written. */
struct draft {
    struct bytes policy;
    struct excerpt_act acts[ACTS];
    size_t count;
};

/* Three groups, and a fourth side that joins later. */
static void table(struct record_sim *sim)
{
    sim_open(sim, 21, 4, 2);
    sim->found.groups = 3;
    sim_found(sim);
    static const uint32_t first[] = {0};
    for (uint32_t i = 0; i < 3; i++) {
        sim_join(sim, i, 2);
    }
    for (uint32_t i = 0; i < 3; i++) {
        sim_name(sim, i, 1, first, 1);
    }
}

/* The note of the host, with the lines of the first seats of so many sides. */
static struct bytes note_with_lines(struct record_sim *sim, uint64_t size, uint32_t lines)
{
    struct err err = {0};
    struct buf b;
    buf_init(&b, NOTE_BYTES_MAX);
    buf_add(&b, sim_note(sim, size));
    struct note n;
    struct bytes whole = sim_keep(sim, &b);
    assert_true(note_decode(whole, &n, &err));
    buf_init(&b, NOTE_BYTES_MAX);
    buf_add(&b, whole);
    for (uint32_t i = 0; i < lines; i++) {
        char name[ORIGIN_MAX];
        witness_name(&sim->table, i, name);
        assert_true(cosign_put(n.body, bytes_str(name), sim->now, sim->sides[i].seats[0].witness,
                               &b, &err));
    }
    return sim_keep(sim, &b);
}

static bool is_shown(const struct act *a, uint64_t index, const uint64_t *need, size_t n)
{
    if (a->control != CONTROL_SEALED && a->control != CONTROL_COUNTERSIGN) {
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        if (need[i] == index) {
            return true;
        }
    }
    return false;
}

static struct bytes consistency(struct record_sim *sim, const struct node_source *nodes,
                                const struct act *a, uint64_t size)
{
    struct merkle_path path;
    struct buf b;
    struct err err = {0};
    if (a->seen_size == 0) {
        return (struct bytes){0};
    }
    buf_init(&b, PROOF_BYTES_MAX);
    /* A size above the tree's is refused for itself. */
    assert_true(
        merkle_consistency(nodes, a->seen_size < size ? a->seen_size : 1, size, &path, &err));
    proof_consistency_put(&path, &b);
    return sim_keep(sim, &b);
}

/* All that belongs into an excerpt that shows one act, as of the whole log. */
static void draft_of(struct record_sim *sim, uint64_t shown, struct bytes note, uint64_t size,
                     struct draft *d)
{
    struct err err = {0};
    struct buf b;
    struct act a;
    uint64_t need[ACTS];
    *d = (struct draft){.count = 0};
    assert_true(act_decode(sim->items[shown].envelope, &a, &err));
    size_t n = witness_bounds(door_witness(sim->door), shown, a.seen_size, size, need, ACTS - 1);
    need[n++] = shown;
    struct node_source nodes = door_nodes(sim->door);
    for (uint64_t i = 0; i < size; i++) {
        assert_true(act_decode(sim->items[i].envelope, &a, &err));
        if (!is_shown(&a, i, need, n)) {
            continue;
        }
        buf_init(&b, PROOF_BYTES_MAX);
        assert_true(proof_make(&nodes, i, note, &b, &err));
        assert_true(d->count < ACTS);
        d->acts[d->count++] = (struct excerpt_act){
            .index = i,
            .consistency = consistency(sim, &nodes, &a, size),
            .envelope = sim->items[i].envelope,
            .blob = sim->items[i].blob,
            .proof = sim_keep(sim, &b),
            .has_key = a.control == CONTROL_SEALED};
    }
    buf_init(&b, NOTE_BYTES_MAX);
    assert_true(policy_put(door_keyring(sim->door), door_witness(sim->door), size,
                           POLICY_OF_EXCERPT, &b, &err));
    d->policy = sim_keep(sim, &b);
}

static struct bytes write_draft(struct record_sim *sim, const struct draft *d)
{
    struct err err = {0};
    struct buf b;
    buf_init(&b, 4u << 20);
    if (!excerpt_encode(d->policy, d->acts, d->count, &b, &err)) {
        fail_msg("%s", err.what);
    }
    return sim_keep(sim, &b);
}

static void expect_refused(struct record_sim *sim, const struct draft *d, const char *why)
{
    struct arena mem = test_arena(ROOM);
    struct err err = {0};
    struct excerpt e;
    if (excerpt_check(write_draft(sim, d), &mem, &e, &err)) {
        fail_msg("it holds, though %s", why);
    }
    if (strstr(err.what, why) == NULL) {
        fail_msg("it says \"%s\" (%s), not \"%s\"", err.what, err.where, why);
    }
    test_arena_free(&mem);
}

static void remove_act(struct draft *d, size_t at)
{
    d->count--;
    for (size_t i = at; i < d->count; i++) {
        d->acts[i] = d->acts[i + 1];
    }
}

static size_t place_of(const struct draft *d, uint64_t index)
{
    size_t i = 0;
    while (d->acts[i].index != index) {
        i++;
        assert_true(i < d->count);
    }
    return i;
}

static void grow(struct record_sim *sim)
{
    for (uint32_t i = 0; i < 3; i++) {
        (void)sim_say(sim, i, 0, bytes_str("I was here")); /* 7, 8, 9 */
    }
    for (uint32_t i = 0; i < 3; i++) {
        sim->now += 10;
        (void)sim_countersign(sim, i, 0); /* 10, 11, 12 */
    }
    (void)sim_revoke(sim, 1, 1);                     /* 13 */
    (void)sim_say(sim, 1, 0, bytes_str("and then")); /* 14 */
    sim_join(sim, 3, 1);                             /* 15 */
    for (uint32_t i = 0; i < 3; i++) {
        sim->now += 10;
        (void)sim_countersign(sim, i, 0); /* 16, 17, 18 */
    }
    static const uint32_t first[] = {0};
    sim_name(sim, 1, 1, first, 1); /* 19 */
}

static void test_what_it_proves(void **state)
{
    (void)state;
    struct record_sim sim;
    struct draft d;
    struct err err = {0};
    struct excerpt e;
    table(&sim);
    grow(&sim);
    uint64_t size = door_size(sim.door);
    assert_int_equal(size, 20);
    draft_of(&sim, 14, note_with_lines(&sim, size, 0), size, &d);
    assert_int_equal(d.count, 17); /* 10 control acts, 3 times before, 3 after, the act */
    struct bytes raw = write_draft(&sim, &d);
    struct arena mem = test_arena(ROOM);
    if (!excerpt_check(raw, &mem, &e, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    assert_int_equal(e.size, size);
    assert_memory_equal(e.table.b, sim.table.b, sizeof(e.table.b));
    const struct excerpt_finding *f = &e.acts[place_of(&d, 14)];
    assert_int_equal(f->index, 14);
    assert_int_equal(f->author.side, 1);
    assert_int_equal(f->author.seat, keyring_find_seat(door_keyring(sim.door), f->author.kid));
    struct moment t = witness_t(door_witness(sim.door), 14, size);
    struct moment b = witness_b(door_witness(sim.door), f->act.seen_size, size);
    assert_true(t.known && b.known && f->not_after.known && f->not_before.known);
    assert_int_equal(f->not_after.seconds, t.seconds);
    assert_int_equal(f->not_before.seconds, b.seconds);
    assert_int_equal(e.final, witness_final(door_witness(sim.door), size));
    assert_true(f->final);
    assert_false(e.acts[place_of(&d, 18)].final);
    excerpt_free(&e);
    arena_wipe(&mem);
    /* With every group's line on the note, all of it is final; with two of three it is not. */
    draft_of(&sim, 14, note_with_lines(&sim, size, 3), size, &d);
    assert_true(excerpt_check(write_draft(&sim, &d), &mem, &e, &err));
    assert_int_equal(e.final, size);
    assert_true(e.acts[e.count - 1].final);
    excerpt_free(&e);
    arena_wipe(&mem);
    draft_of(&sim, 14, note_with_lines(&sim, size, 2), size, &d);
    assert_true(excerpt_check(write_draft(&sim, &d), &mem, &e, &err));
    assert_true(e.final < size);
    excerpt_free(&e);
    test_arena_free(&mem);
    sim_close(&sim);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct record_sim sim;
    struct draft d;
    struct err err = {0};
    table(&sim);
    grow(&sim);
    draft_of(&sim, 8, sim_note(&sim, 20), 20, &d);
    prop_fill(&sim.rnd, d.acts[place_of(&d, 8)].file_key, 16);
    struct bytes raw = write_draft(&sim, &d), policy;
    struct arena mem = test_arena(ROOM);
    struct excerpt_act *acts;
    size_t count;
    assert_true(excerpt_decode(raw, &mem, &policy, &acts, &count, &err));
    assert_int_equal(count, d.count);
    assert_true(bytes_eq(policy, d.policy));
    struct draft again = {.policy = policy, .count = count};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(acts[i].index, d.acts[i].index);
        assert_true(bytes_eq(acts[i].envelope, d.acts[i].envelope));
        assert_true(bytes_eq(acts[i].proof, d.acts[i].proof));
        assert_true(bytes_eq(acts[i].blob, d.acts[i].blob));
        assert_true(bytes_eq(acts[i].consistency, d.acts[i].consistency));
        assert_int_equal(acts[i].has_key, d.acts[i].has_key);
        assert_memory_equal(acts[i].file_key, d.acts[i].file_key, 16);
        again.acts[i] = acts[i];
    }
    assert_true(bytes_eq(write_draft(&sim, &again), raw));
    test_arena_free(&mem);
    sim_close(&sim);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    struct record_sim sim, other;
    struct draft good, d;
    table(&sim);
    grow(&sim);
    draft_of(&sim, 14, sim_note(&sim, 20), 20, &good);
    size_t shown = place_of(&good, 14), revoked = place_of(&good, 13);

    d = good;
    remove_act(&d, revoked); /* the same root acts again at 19 */
    expect_refused(&sim, &d, "an act of side 1's root before this one was left out");
    d = good;
    remove_act(&d, place_of(&d, 3)); /* side 2 never joined */
    expect_refused(&sim, &d, "an act of side 0's root before this one was left out");
    d = good;
    d.acts[shown].proof = d.acts[revoked].proof;
    expect_refused(&sim, &d, "its proof is that of act 13");
    d = good;
    d.acts[shown].envelope = sim.items[8].envelope;
    d.acts[shown].blob = sim.items[8].blob;
    expect_refused(&sim, &d, "it is not in the tree of size 20");
    d = good;
    d.acts[shown].blob = sim.items[8].blob;
    expect_refused(&sim, &d, "its blob is not the one that the envelope names");
    d = good;
    d.acts[shown].has_key = false;
    expect_refused(&sim, &d, "it is sealed, and the excerpt has no key to it");
    d = good;
    d.acts[shown].consistency = (struct bytes){0};
    expect_refused(&sim, &d, "it cites size 14, and has no consistency proof");
    d = good;
    d.acts[shown].consistency = d.acts[place_of(&d, 12)].consistency;
    expect_refused(&sim, &d, "the tree of size 14 that it cites is not one that this record goes");
    d = good;
    d.acts[0].consistency = d.acts[shown].consistency;
    expect_refused(&sim, &d, "it cites no tree, and has a consistency proof");
    d = good;
    d.acts[shown].consistency.n--;
    expect_refused(&sim, &d, "is not a line of 32 bytes in base64");
    d = good;
    d.acts[revoked].has_key = true;
    expect_refused(&sim, &d, "it is readable, and the excerpt has a key to it");
    d = good;
    d.policy = bytes_slice(d.policy, 0, d.policy.n - 1);
    expect_refused(&sim, &d, "not the one that its control acts yield");
    /* One proof under another note, of the same tree. */
    struct draft lined;
    draft_of(&sim, 14, note_with_lines(&sim, 20, 1), 20, &lined);
    d = good;
    d.acts[shown].proof = lined.acts[shown].proof;
    expect_refused(&sim, &d, "another checkpoint than the first one");
    /* A tree that the host has not signed. */
    struct signer *host = sim.host;
    sim.host = sim_signer(&sim, KEY_HOST);
    draft_of(&sim, 14, sim_note(&sim, 20), 20, &d);
    expect_refused(&sim, &d, "not signed by its host");
    signer_free(sim.host);
    sim.host = host;
    /* A line under the name of a witness that is not its own. */
    struct bytes note = note_with_lines(&sim, 20, 2);
    uint8_t *bad = ARENA_NEW(&sim.mem, uint8_t, note.n);
    memcpy(bad, note.p, note.n);
    bad[note.n - 8] = bad[note.n - 8] == 'A' ? 'B' : 'A';
    draft_of(&sim, 14, bytes_of(bad, note.n), 20, &d);
    expect_refused(&sim, &d, "the line of witness 1 under the checkpoint is wrong");
    /* Leaf 0 of another table. */
    sim_open(&other, 22, 2, 1);
    sim_start(&other);
    d = good;
    d.acts[0].envelope = other.items[0].envelope;
    d.acts[0].blob = other.items[0].blob;
    expect_refused(&sim, &d, "it is not in the tree of size 20");
    sim_close(&other);
    sim_close(&sim);
}

/* A log that no door would admit, with a host that signs it: the acts of the sim and one sealed act
 * more with these fields. */
static void hostile(struct record_sim *sim, const struct act *fields, struct bytes blob,
                    const char *why)
{
    struct err err = {0};
    struct draft d;
    struct merkle tree;
    struct buf b;
    struct act a;
    struct door_item extra = sim_sign(sim, 1, 0, fields, blob);
    merkle_init(&tree);
    size_t size = sim->count + 1;
    for (size_t i = 0; i < size; i++) {
        struct leaf_hash leaf = leaf_hash_of(i < sim->count ? sim->items[i].envelope
                                                            : extra.envelope);
        assert_true(merkle_append(&tree, &leaf, &err));
    }
    struct checkpoint cp = {.table = sim->table, .size = size};
    cp.root = merkle_root_at(&tree, size);
    buf_init(&b, NOTE_BYTES_MAX);
    assert_true(checkpoint_sign(&cp, sim->host, &b, &err));
    struct bytes note = sim_keep(sim, &b);
    struct node_source nodes = merkle_source(&tree);
    draft_of(sim, 14, sim_note(sim, sim->count), sim->count, &d);
    d.count = size;
    for (size_t i = 0; i < size; i++) {
        struct door_item it = i < sim->count ? sim->items[i] : extra;
        assert_true(act_decode(it.envelope, &a, &err));
        buf_init(&b, PROOF_BYTES_MAX);
        assert_true(proof_make(&nodes, i, note, &b, &err));
        d.acts[i] = (struct excerpt_act){.index = i,
                                         .consistency = consistency(sim, &nodes, &a, size),
                                         .envelope = it.envelope,
                                         .blob = it.blob,
                                         .proof = sim_keep(sim, &b),
                                         .has_key = a.control == CONTROL_SEALED};
    }
    merkle_free(&tree);
    if (why != NULL) {
        expect_refused(sim, &d, why);
        return;
    }
    struct arena mem = test_arena(ROOM);
    struct excerpt e;
    if (!excerpt_check(write_draft(sim, &d), &mem, &e, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    excerpt_free(&e);
    test_arena_free(&mem);
}

static void test_a_hostile_log(void **state)
{
    (void)state;
    struct record_sim sim;
    table(&sim);
    grow(&sim);
    struct bytes blob = sim_seal(&sim, bytes_str("x"));
    struct act good = sim_fields(&sim, 1, 0, CONTROL_SEALED, blob), a = good;
    hostile(&sim, &a, blob, NULL);
    a.n--;
    hostile(&sim, &a, blob, "it does not follow its author's earlier acts");
    a = good;
    a.prev = door_leaf(sim.door, 3);
    hostile(&sim, &a, blob, "it does not follow its author's earlier acts");
    a = good;
    a.n += 2; /* two between that may not be shown */
    hostile(&sim, &a, blob, NULL);
    a = good;
    a.seen_size = 16;
    a.seen_root = door_root(sim.door, 16);
    hostile(&sim, &a, blob, "an earlier act of its author size 17: that never falls");
    a = good;
    a.seen_size = 18;
    a.seen_root.b[0] ^= 1;
    hostile(&sim, &a, blob, "the tree of size 18 that it cites is not one that this record goes");
    a = good;
    a.seen_size = 0;
    hostile(&sim, &a, blob, "the root that it cites is not that of the empty tree");
    a = good;
    a.seen_size = 21;
    hostile(&sim, &a, blob, "it cites size 21, above its own index");
    a = good;
    a.term = 1;
    hostile(&sim, &a, blob, "it is of term 1, the log is in term 0 here");
    a = good;
    a.table.b[4] ^= 1;
    hostile(&sim, &a, blob, "it was signed for another table");
    size_t n = BLOB_LIMIT_LEAST + 1;
    struct bytes big = bytes_of(ARENA_NEW(&sim.mem, uint8_t, n), n);
    a = sim_fields(&sim, 1, 0, CONTROL_SEALED, big);
    hostile(&sim, &a, big, "the table's limit is 65536");
    struct bytes readable = bytes_str("not sealed");
    a = sim_fields(&sim, 1, 0, CONTROL_SEALED, readable);
    hostile(&sim, &a, readable, "not a sealed file");
    sim_close(&sim);
}

/* Whatever is left out of its time brackets only widens them. */
static void test_fewer_countersign_acts(void **state)
{
    (void)state;
    struct record_sim sim;
    struct draft d, fewer;
    struct err err = {0};
    table(&sim);
    grow(&sim);
    draft_of(&sim, 14, sim_note(&sim, 20), 20, &d);
    struct arena mem = test_arena(ROOM);
    static const uint64_t countersigns[] = {10, 11, 12, 16, 17, 18};
    struct moment t = witness_t(door_witness(sim.door), 14, 20);
    struct moment b = witness_b(door_witness(sim.door), 14, 20);
    for (unsigned mask = 0; mask < 64; mask++) {
        struct excerpt e;
        fewer = d;
        for (unsigned k = 0; k < 6; k++) {
            if ((mask >> k & 1) != 0) {
                remove_act(&fewer, place_of(&fewer, countersigns[k]));
            }
        }
        assert_true(excerpt_check(write_draft(&sim, &fewer), &mem, &e, &err));
        const struct excerpt_finding *f = &e.acts[place_of(&fewer, 14)];
        assert_true(!f->not_after.known || f->not_after.seconds >= t.seconds);
        assert_true(!f->not_before.known || f->not_before.seconds <= b.seconds);
        assert_true(e.final <= witness_final(door_witness(sim.door), 20));
        excerpt_free(&e);
        arena_wipe(&mem);
    }
    test_arena_free(&mem);
    sim_close(&sim);
}

/* The host and one seat fork the log: a new act of the seat below countersign acts that honest
 * witnesses gave to the real tree.  Those speak of another tree, so nothing in here is theirs. */
static void test_a_fork_under_honest_countersignatures(void **state)
{
    (void)state;
    struct record_sim sim;
    struct err err = {0};
    struct draft d = {.count = 0};
    struct buf b;
    table(&sim);
    grow(&sim); /* 10, 11, 12: the others countersign sizes 10, 11 and 12 */
    struct bytes blob = sim_seal(&sim, bytes_str("never said"));
    struct act a;
    assert_true(act_decode(sim.items[8].envelope, &a, &err)); /* what was really said there */
    struct act fields = a;
    fields.blob = digest_plain(blob);
    fields.blob_length = blob.n;
    struct door_item forged = sim_sign(&sim, 1, 0, &fields, blob);
    struct merkle tree;
    merkle_init(&tree);
    const size_t size = 13;
    for (size_t i = 0; i < size; i++) {
        struct leaf_hash leaf = leaf_hash_of(i == 8 ? forged.envelope : sim.items[i].envelope);
        assert_true(merkle_append(&tree, &leaf, &err));
    }
    struct checkpoint cp = {.table = sim.table, .size = size, .root = merkle_root_at(&tree, size)};
    buf_init(&b, NOTE_BYTES_MAX);
    assert_true(checkpoint_sign(&cp, sim.host, &b, &err));
    struct bytes note = sim_keep(&sim, &b);
    struct node_source nodes = merkle_source(&tree);
    for (size_t i = 0; i < size; i++) {
        struct door_item it = i == 8 ? forged : sim.items[i];
        assert_true(act_decode(it.envelope, &a, &err));
        if (i == 7 || i == 9) {
            continue;
        }
        buf_init(&b, PROOF_BYTES_MAX);
        assert_true(proof_make(&nodes, i, note, &b, &err));
        d.acts[d.count++] = (struct excerpt_act){.index = i,
                                                 .consistency = consistency(&sim, &nodes, &a, size),
                                                 .envelope = it.envelope,
                                                 .blob = it.blob,
                                                 .proof = sim_keep(&sim, &b),
                                                 .has_key = a.control == CONTROL_SEALED};
    }
    buf_init(&b, NOTE_BYTES_MAX);
    assert_true(policy_put(door_keyring(sim.door), door_witness(sim.door), size, POLICY_OF_EXCERPT,
                           &b, &err));
    d.policy = sim_keep(&sim, &b);
    expect_refused(&sim, &d, "the tree of size 10 that it cites is not one that this record goes");
    /* Without them the forged act is in the host's tree, at no known time, and not final. */
    struct arena mem = test_arena(ROOM);
    struct excerpt e;
    d.count = 8;
    if (!excerpt_check(write_draft(&sim, &d), &mem, &e, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    assert_int_equal(e.acts[7].index, 8);
    assert_false(e.acts[7].not_after.known);
    assert_false(e.acts[7].final);
    excerpt_free(&e);
    merkle_free(&tree);
    test_arena_free(&mem);
    sim_close(&sim);
}

/* Whoever leaves out a side's return has not left out the side. */
static void test_out_is_not_out_of_the_policy(void **state)
{
    (void)state;
    struct record_sim sim;
    struct draft d;
    struct err err = {0};
    table(&sim);
    for (uint32_t turn = 0; turn < 2; turn++) {
        (void)sim_countersign(&sim, 0, 0);
        (void)sim_countersign(&sim, 1, 0);
        sim.now += 3600;
    }
    (void)sim_proceed(&sim, 0, 0, 2);
    uint64_t back = sim_countersign(&sim, 2, 0);
    uint64_t size = door_size(sim.door);
    draft_of(&sim, 7, sim_note(&sim, size), size, &d);
    remove_act(&d, place_of(&d, back));
    assert_false(witness_out(door_witness(sim.door), 2, size));
    expect_refused(&sim, &d, "not the one that its control acts yield"); /* the comment */
    struct buf b;
    buf_init(&b, NOTE_BYTES_MAX);
    for (size_t at = 0, n = d.policy.n; at < n; at++) {
        if (bytes_eq(bytes_slice(d.policy, at, 12), bytes_str("group table "))) {
            buf_add_str(&b, "# s2 is out\n");
        }
        buf_add_u8(&b, d.policy.p[at]);
    }
    d.policy = sim_keep(&sim, &b);
    struct arena mem = test_arena(ROOM);
    struct excerpt e;
    if (!excerpt_check(write_draft(&sim, &d), &mem, &e, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    assert_non_null(strstr((const char *)d.policy.p, "# s2 is out\ngroup table all s0 s1 s2\n"));
    excerpt_free(&e);
    test_arena_free(&mem);
    sim_close(&sim);
}

static void test_after_a_succession(void **state)
{
    (void)state;
    struct record_sim sim;
    struct draft d;
    struct err err = {0};
    struct excerpt e;
    sim_open(&sim, 23, 2, 1);
    sim_start(&sim);
    (void)sim_say(&sim, 0, 0, bytes_str("before"));
    (void)sim_countersign(&sim, 0, 0);
    (void)sim_countersign(&sim, 1, 0);
    uint64_t w = witness_final(door_witness(sim.door), door_size(sim.door));
    assert_int_equal(w, 6);
    sim_cut(&sim, w);
    struct signer *old = sim.host;
    sim.host = sim_signer(&sim, KEY_HOST);
    (void)sim_post(&sim, sim_succession(&sim, 0, w, sim.host));
    (void)sim_post(&sim, sim_succession(&sim, 1, w, sim.host));
    uint64_t at = sim_say(&sim, 1, 0, bytes_str("after"));
    (void)sim_countersign(&sim, 0, 0);
    (void)sim_countersign(&sim, 1, 0);
    uint64_t size = door_size(sim.door);
    draft_of(&sim, at, sim_note(&sim, size), size, &d);
    struct arena mem = test_arena(ROOM);
    if (!excerpt_check(write_draft(&sim, &d), &mem, &e, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    assert_true(e.acts[place_of(&d, at)].not_after.known);
    assert_int_equal(keyring_terms(e.ring), 2);
    excerpt_free(&e);
    test_arena_free(&mem);
    /* One of its two acts left out. */
    struct draft part = d;
    remove_act(&part, place_of(&part, w + 1));
    expect_refused(&sim, &part, "the acts of a succession do not stand together");
    /* The old host signs a size that is not its own. */
    struct signer *host = sim.host;
    sim.host = old;
    draft_of(&sim, at, sim_note(&sim, size), size, &d);
    expect_refused(&sim, &d, "not signed by its host");
    sim.host = host;
    signer_free(old);
    sim_close(&sim);
}

static void form(const char *const *names, size_t count, const char *why)
{
    struct buf b;
    struct err err = {0};
    struct arena mem = test_arena(ROOM);
    struct bytes policy;
    struct excerpt_act *acts;
    size_t n;
    buf_init(&b, 1u << 20);
    for (size_t i = 0; i < count; i++) {
        assert_true(tar_put(
            bytes_str(names[i]),
            bytes_str(strcmp(names[i], "excerpt") == 0 ? "entente excerpt v1\n" : "x"), &b, &err));
    }
    tar_put_end(&b);
    if (excerpt_decode(buf_bytes(&b), &mem, &policy, &acts, &n, &err)) {
        fail_msg("it is an excerpt, though %s", why);
    }
    if (strstr(err.what, why) == NULL) {
        fail_msg("it says \"%s\", not \"%s\"", err.what, why);
    }
    buf_free(&b);
    test_arena_free(&mem);
}

#define FORM(why, ...)                                                                             \
    do {                                                                                           \
        const char *const names[] = {__VA_ARGS__};                                                 \
        form(names, COUNT_OF(names), why);                                                         \
    } while (0)

#define ZERO "act/0000000000/"

static void test_form(void **state)
{
    (void)state;
    FORM("begins with the founding act", "excerpt", "policy");
    FORM("begins with the founding act", "act/0000000001/blob", "act/0000000001/envelope",
         "act/0000000001/proof", "excerpt", "policy");
    FORM("the excerpt lacks a file", ZERO "blob", ZERO "envelope", ZERO "proof", "policy");
    FORM("the excerpt lacks a file", ZERO "blob", ZERO "envelope", ZERO "proof", "excerpt");
    FORM("is not where it belongs", ZERO "blob", ZERO "envelope", "excerpt", "policy");
    FORM("is not where it belongs", ZERO "blob", ZERO "proof", "excerpt", "policy");
    FORM("is not where it belongs", ZERO "envelope", ZERO "proof", "excerpt", "policy");
    FORM("is not where it belongs", ZERO "blob", ZERO "envelope", "act/0000000001/proof");
    FORM("is not where it belongs", ZERO "blob", ZERO "envelope", ZERO "proof", ZERO "x");
    FORM("is not where it belongs", "act/000000000/blob");
    FORM("is not where it belongs", ZERO "blob", ZERO "envelope", ZERO "proof", "excerpt", "more");
    FORM("is not where it belongs", ZERO "blob", ZERO "consistency", ZERO "proof");
    FORM("is not where it belongs", ZERO "consistency", ZERO "envelope", ZERO "proof");
    FORM("is not 32 digits and LF", ZERO "blob", ZERO "envelope", ZERO "key", ZERO "proof");
    struct err err = {0};
    struct buf b;
    struct excerpt_act acts[2] = {{.index = 0}, {.index = 0}};
    buf_init(&b, 1u << 20);
    assert_false(excerpt_encode(bytes_str("x"), acts, 2, &b, &err));
    assert_string_equal(err.what, "acts of an excerpt stand in the order of the log");
    acts[1].index = UINT64_C(10000000000);
    assert_false(excerpt_encode(bytes_str("x"), acts, 2, &b, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(excerpt_encode(bytes_str("x"), acts + 1, 1, &b, &err));
    assert_false(excerpt_encode(bytes_str("x"), acts, EXCERPT_ACTS_MAX + 1, &b, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_free(&b);
}

/* Any bit of it that is not in a file key: the archive is strict, and all else is signed. */
static void test_any_bit(void **state)
{
    (void)state;
    struct record_sim sim;
    struct draft d;
    struct err err = {0};
    struct excerpt e;
    struct prop rnd;
    prop_init(&rnd, "excerpt");
    table(&sim);
    grow(&sim);
    draft_of(&sim, 14, sim_note(&sim, 20), 20, &d);
    struct bytes raw = write_draft(&sim, &d);
    uint8_t *p = ARENA_NEW(&sim.mem, uint8_t, raw.n);
    memcpy(p, raw.p, raw.n);
    struct arena mem = test_arena(ROOM);
    static const uint8_t zeros[32] = {'0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0',
                                      '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0',
                                      '0', '0', '0', '0', '0', '0', '0', '0', '0', '0'};
    size_t key = 0;
    while (memcmp(raw.p + key, zeros, sizeof(zeros)) != 0) {
        key++;
    }
    for (size_t i = 0, rounds = prop_rounds(150); i < rounds; i++) {
        size_t at = (size_t)prop_below(&rnd, raw.n);
        if (at >= key && at < key + sizeof(zeros)) {
            continue;
        }
        p[at] ^= (uint8_t)(1u << prop_below(&rnd, 8));
        if (excerpt_check(bytes_of(p, raw.n), &mem, &e, &err)) {
            fail_msg("byte %zu changed, and it still holds", at);
        }
        p[at] = raw.p[at];
        arena_wipe(&mem);
    }
    assert_true(excerpt_check(bytes_of(p, raw.n), &mem, &e, &err));
    excerpt_free(&e);
    test_arena_free(&mem);
    sim_close(&sim);
}

struct fault {
    struct bytes raw;
};

static bool check_once(struct arena *mem, void *ctx)
{
    const struct fault *f = ctx;
    struct excerpt e;
    struct err err = {0};
    if (!excerpt_check(f->raw, mem, &e, &err)) {
        assert_int_equal(err.code, ERR_MEMORY);
        return false;
    }
    excerpt_free(&e);
    return true;
}

static void test_no_room(void **state)
{
    (void)state;
    struct record_sim sim;
    struct draft d;
    table(&sim);
    grow(&sim);
    draft_of(&sim, 14, sim_note(&sim, 20), 20, &d);
    struct fault f = {.raw = write_draft(&sim, &d)};
    assert_true(test_faults(check_once, &f, ROOM) >= 6);
    sim_close(&sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_proves),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_a_hostile_log),
        cmocka_unit_test(test_fewer_countersign_acts),
        cmocka_unit_test(test_a_fork_under_honest_countersignatures),
        cmocka_unit_test(test_out_is_not_out_of_the_policy),
        cmocka_unit_test(test_after_a_succession),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_any_bit),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
