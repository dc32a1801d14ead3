/* SPDX-License-Identifier: Apache-2.0 */
#include "record/fraud.h"

#include "crypto/init.h"
#include "lib/again.h"
#include "lib/test.h"
#include "record/cosign.h"

#define NOTE_ROOM 4096u

struct world {
    struct signer *host, *witness, *seat, *other;
    struct table_id table;
    struct merkle tree[2]; /* they part at leaf 3 */
};

static int open_world(void **state)
{
    static struct world w = {.table = {{0xaa}}};
    struct err err;
    uint8_t seed[32] = {1};
    if (!crypto_init(&err)) {
        return -1;
    }
    assert_true(signer_new(KEY_HOST, seed, &w.host, &err));
    seed[0] = 2;
    assert_true(signer_new(KEY_WITNESS, seed, &w.witness, &err));
    seed[0] = 3;
    assert_true(signer_new(KEY_SEAT, seed, &w.seat, &err));
    seed[0] = 4;
    assert_true(signer_new(KEY_HOST, seed, &w.other, &err));
    for (uint8_t t = 0; t < 2; t++) {
        merkle_init(&w.tree[t]);
        for (uint8_t i = 0; i < 9; i++) {
            struct leaf_hash leaf = {{i, i < 3 ? 0 : t}};
            assert_true(merkle_append(&w.tree[t], &leaf, &err));
        }
    }
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    signer_free(w->host);
    signer_free(w->witness);
    signer_free(w->seat);
    signer_free(w->other);
    merkle_free(&w->tree[0]);
    merkle_free(&w->tree[1]);
    return 0;
}

/* The note on tree t at a size, in the term; with the witness's line where time is not 0. */
static struct bytes note(const struct world *w, int t, uint64_t size, uint32_t term, uint64_t time,
                         const struct signer *host, struct buf *room)
{
    struct checkpoint cp = {
        .table = w->table, .term = term, .size = size, .root = merkle_root_at(&w->tree[t], size)};
    struct err err;
    buf_init(room, NOTE_ROOM);
    assert_true(checkpoint_sign(&cp, host, room, &err));
    if (time > 0) {
        char name[ORIGIN_MAX];
        struct buf body;
        witness_name(&w->table, 3, name);
        buf_init(&body, NOTE_ROOM);
        checkpoint_body(&cp, &body);
        assert_true(cosign_put(buf_bytes(&body), bytes_str(name), time, w->witness, room, &err));
        buf_free(&body);
    }
    return buf_bytes(room);
}

static struct fraud_leaves leaves(struct world *w, uint64_t index, uint64_t size_a, uint64_t size_b)
{
    struct fraud_leaves l = {.index = index};
    struct err err;
    struct node_source a = merkle_source(&w->tree[0]), b = merkle_source(&w->tree[1]);
    l.leaf_a = merkle_leaf(&w->tree[0], index);
    l.leaf_b = merkle_leaf(&w->tree[1], index);
    assert_true(merkle_inclusion(&a, index, size_a, &l.path_a, &err));
    assert_true(merkle_inclusion(&b, index, size_b, &l.path_b, &err));
    return l;
}

/* Convicts as it is, and as it is read from its bytes. */
static void convicts(const struct fraud *f)
{
    struct buf out;
    struct fraud g;
    struct err err = {0};
    if (!fraud_check(f, &err)) {
        fail_msg("%s", err.what);
    }
    buf_init(&out, FRAUD_BYTES_MAX);
    fraud_encode(f, &out);
    assert_true(fraud_decode(buf_bytes(&out), &g, &err));
    assert_true(fraud_check(&g, &err));
    again_holds(fraud_again, 0, buf_bytes(&out));
    buf_free(&out);
}

static void acquits(const struct fraud *f, const char *why)
{
    struct err err = {0};
    assert_false(fraud_check(f, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    if (strstr(err.what, why) == NULL) {
        fail_msg("wanted %s, got %s", why, err.what);
    }
}

static void test_fork(void **state)
{
    struct world *w = *state;
    struct buf a, b, c, d, e;
    struct fraud f = {.kind = FRAUD_FORK, .table = w->table, .accused = signer_pk(w->host)}, g;
    f.a = note(w, 0, 5, 0, 0, w->host, &a);
    f.b = note(w, 1, 5, 0, 0, w->host, &b);
    convicts(&f);
    g = f;
    g.b = f.a;
    acquits(&g, "one tree");
    g = f;
    g.b = note(w, 1, 5, 1, 0, w->host, &c);
    acquits(&g, "two terms");
    g = f;
    g.b = note(w, 1, 5, 0, 0, w->other, &d);
    acquits(&g, "second checkpoint is not signed");
    g = f;
    g.accused = signer_pk(w->other);
    acquits(&g, "first checkpoint is not signed");
    g = f;
    g.table.b[0] ^= 1;
    acquits(&g, "another table");

    g = f;
    g.b = note(w, 1, 9, 0, 0, w->host, &e);
    acquits(&g, "no leaves");
    g.has_leaves = true;
    g.leaves = leaves(w, 4, 5, 9);
    convicts(&g);
    g.leaves = leaves(w, 1, 5, 9); /* where the trees agree */
    acquits(&g, "the same");
    g.leaves = leaves(w, 4, 5, 9);
    g.leaves.leaf_a.b[9] ^= 1;
    acquits(&g, "not in the tree");
    g.leaves = leaves(w, 4, 5, 9);
    g.leaves.path_b.hash[0].b[0] ^= 1;
    acquits(&g, "not in the tree");
    g.leaves = leaves(w, 4, 5, 9);
    g.leaves.index = 8;
    acquits(&g, "not in the tree");
    buf_free(&a);
    buf_free(&b);
    buf_free(&c);
    buf_free(&d);
    buf_free(&e);
}

static void test_witness(void **state)
{
    struct world *w = *state;
    struct buf a, b, c, d, e, h;
    struct fraud f = {.kind = FRAUD_WITNESS, .table = w->table, .accused = signer_pk(w->witness)};
    struct fraud g;
    f.a = note(w, 0, 5, 0, 100, w->host, &a);
    f.b = note(w, 1, 5, 0, 100, w->other, &b); /* whichever host */
    convicts(&f);
    g = f;
    g.b = note(w, 0, 7, 0, 99, w->host, &c); /* one tree, but its time falls */
    convicts(&g);
    g.a = g.b;
    g.b = f.a;
    convicts(&g);
    g = f;
    g.b = note(w, 0, 7, 0, 100, w->host, &d);
    acquits(&g, "no leaves");
    g.has_leaves = true;
    g.leaves = leaves(w, 2, 5, 7);
    acquits(&g, "the same");
    g = f;
    g.b = note(w, 0, 7, 1, 99, w->host, &e);
    acquits(&g, "two terms");
    g = f;
    g.b = note(w, 1, 5, 0, 0, w->host, &h);
    acquits(&g, "second checkpoint has no line");
    g = f;
    g.a = g.b;
    g.accused = signer_pk(w->host);
    acquits(&g, "first checkpoint has no line");
    buf_free(&a);
    buf_free(&b);
    buf_free(&c);
    buf_free(&d);
    buf_free(&e);
    buf_free(&h);
}

static struct bytes envelope(const struct world *w, struct act a, struct buf *room)
{
    struct err err;
    a.table = w->table;
    buf_init(room, NOTE_ROOM);
    assert_true(act_sign(&a, w->seat, room, &err));
    return buf_bytes(room);
}

/* The tlog-proof of an envelope, noted at index 2 of a tree of its own by a host. */
static struct bytes noted(const struct world *w, struct bytes raw, uint32_t term,
                          const struct signer *host, struct buf *room)
{
    struct merkle tree;
    struct buf text;
    struct err err;
    merkle_init(&tree);
    for (uint8_t i = 0; i < 2; i++) {
        struct leaf_hash leaf = {{i}};
        assert_true(merkle_append(&tree, &leaf, &err));
    }
    struct leaf_hash own = leaf_hash_of(raw);
    assert_true(merkle_append(&tree, &own, &err));
    struct checkpoint cp = {
        .table = w->table, .term = term, .size = 3, .root = merkle_root_at(&tree, 3)};
    struct node_source src = merkle_source(&tree);
    buf_init(&text, NOTE_ROOM);
    buf_init(room, PROOF_BYTES_MAX);
    assert_true(checkpoint_sign(&cp, host, &text, &err));
    assert_true(proof_make(&src, 2, buf_bytes(&text), room, &err));
    buf_free(&text);
    merkle_free(&tree);
    return buf_bytes(room);
}

static void test_double(void **state)
{
    struct world *w = *state;
    struct buf a, b, c, d, e;
    struct act act = {.n = 4, .seen_size = 5}, other = {.n = 4, .seen_size = 6};
    struct fraud f = {.kind = FRAUD_DOUBLE,
                      .table = w->table,
                      .accused = signer_pk(w->seat),
                      .host = signer_pk(w->host)},
                 g;
    struct buf pa, pb, wrong_host, wrong_term;
    f.a = envelope(w, act, &a);
    f.b = envelope(w, other, &b);
    f.proof_a = noted(w, f.a, 0, w->host, &pa);
    f.proof_b = noted(w, f.b, 0, w->host, &pb);
    convicts(&f);
    /* Each noted in a tree of its own: the host forked, and convicts itself. */
    assert_true(ID_EQ(*fraud_guilty(&f), f.host));
    /* A host that kept a refused act back cannot convict its author with it. */
    g = f;
    g.proof_b = f.proof_a;
    acquits(&g, "noted both");
    g.proof_b = (struct bytes){0};
    acquits(&g, "noted both");
    g.proof_b = noted(w, f.b, 0, w->other, &wrong_host);
    acquits(&g, "noted both");
    g.proof_b = noted(w, f.b, 1, w->host, &wrong_term);
    acquits(&g, "another table or term");
    buf_free(&wrong_host);
    buf_free(&wrong_term);
    g = f;
    g.b = envelope(w, act, &c);
    acquits(&g, "say the same");
    other.term = 1;
    g = f;
    g.b = envelope(w, other, &d);
    acquits(&g, "two places");
    other.term = 0;
    other.n = 5;
    g = f;
    g.b = envelope(w, other, &e);
    acquits(&g, "two places");
    g = f;
    g.accused = signer_pk(w->host);
    acquits(&g, "not signed by the accused");
    g = f;
    g.table.b[0] ^= 1;
    acquits(&g, "another table");
    buf_free(&a);
    buf_free(&b);
    buf_free(&c);
    buf_free(&d);
    buf_free(&e);
    buf_free(&pa);
    buf_free(&pb);
}

/* Both noted in one log, at two places, which whoever has either tree can see: the author did it. */
static void test_double_in_one_log(void **state)
{
    struct world *w = *state;
    struct buf a, b, pa, pb, na, nb;
    struct act act = {.n = 4, .seen_size = 5}, other = {.n = 4, .seen_size = 6};
    struct fraud f = {.kind = FRAUD_DOUBLE,
                      .table = w->table,
                      .accused = signer_pk(w->seat),
                      .host = signer_pk(w->host)};
    struct merkle tree;
    struct err err = {0};
    merkle_init(&tree);
    f.a = envelope(w, act, &a);
    f.b = envelope(w, other, &b);
    struct leaf_hash leaves_of[] = {leaf_hash_of(f.a), leaf_hash_of(f.b)};
    assert_true(merkle_append(&tree, &leaves_of[0], &err));
    assert_true(merkle_append(&tree, &leaves_of[1], &err));
    struct node_source src = merkle_source(&tree);
    for (uint64_t size = 1; size <= 2; size++) {
        struct checkpoint cp = {
            .table = w->table, .size = size, .root = merkle_root_at(&tree, size)};
        buf_init(size == 1 ? &na : &nb, NOTE_ROOM);
        assert_true(checkpoint_sign(&cp, w->host, size == 1 ? &na : &nb, &err));
    }
    buf_init(&pa, PROOF_BYTES_MAX);
    buf_init(&pb, PROOF_BYTES_MAX);
    assert_true(proof_make(&src, 0, buf_bytes(&na), &pa, &err));
    assert_true(proof_make(&src, 1, buf_bytes(&nb), &pb, &err));
    f.proof_a = buf_bytes(&pa);
    f.proof_b = buf_bytes(&pb);
    convicts(&f);
    assert_true(ID_EQ(*fraud_guilty(&f), f.accused));
    /* Shown under one checkpoint: the same. */
    buf_free(&pa);
    buf_init(&pa, PROOF_BYTES_MAX);
    assert_true(proof_make(&src, 0, buf_bytes(&nb), &pa, &err));
    f.proof_a = buf_bytes(&pa);
    convicts(&f);
    assert_true(ID_EQ(*fraud_guilty(&f), f.accused));
    merkle_free(&tree);
    buf_free(&a);
    buf_free(&b);
    buf_free(&na);
    buf_free(&nb);
    buf_free(&pa);
    buf_free(&pb);
}

static void test_seen(void **state)
{
    struct world *w = *state;
    struct buf a, b, c, d;
    struct act act = {.n = 4, .seen_size = 5, .seen_root = merkle_root_at(&w->tree[1], 5)};
    struct fraud f = {.kind = FRAUD_SEEN,
                      .table = w->table,
                      .accused = signer_pk(w->seat),
                      .host = signer_pk(w->host)};
    struct fraud g;
    f.a = note(w, 0, 5, 0, 0, w->host, &a);
    f.b = envelope(w, act, &b);
    convicts(&f);
    g = f;
    g.host = signer_pk(w->other);
    acquits(&g, "not signed by the host");
    act.seen_root = merkle_root_at(&w->tree[0], 5);
    g = f;
    g.b = envelope(w, act, &c);
    acquits(&g, "host's own tree");
    g = f;
    g.a = note(w, 0, 6, 0, 0, w->host, &d);
    acquits(&g, "another size");
    g = f;
    g.accused = signer_pk(w->other);
    acquits(&g, "not signed by the accused");
    buf_free(&a);
    buf_free(&b);
    buf_free(&c);
    buf_free(&d);
}

static void refused(const struct fraud *f, const char *why)
{
    struct buf out;
    struct fraud g;
    struct err err = {0};
    buf_init(&out, 4 * FRAUD_BYTES_MAX);
    fraud_encode(f, &out);
    assert_false(fraud_decode(buf_bytes(&out), &g, &err));
    if (strstr(err.what, why) == NULL) {
        fail_msg("wanted %s, got %s", why, err.what);
    }
    buf_free(&out);
}

static void test_form(void **state)
{
    (void)state;
    static struct fraud f;
    static const uint8_t zeros[FRAUD_BYTES_MAX];
    f = (struct fraud){.kind = (enum fraud_kind)5};
    refused(&f, "known");
    f = (struct fraud){.kind = (enum fraud_kind)0};
    refused(&f, "known");
    f = (struct fraud){.kind = FRAUD_SEEN, .has_leaves = true};
    refused(&f, "no leaves");
    f = (struct fraud){.kind = FRAUD_DOUBLE, .proof_a = bytes_of(zeros, PROOF_BYTES_MAX + 1)};
    refused(&f, "longer than any");
    f = (struct fraud){.kind = FRAUD_FORK, .has_leaves = true};
    f.leaves.index = LEAVES_MAX;
    refused(&f, "index");
    f.leaves.index = 0;
    f.leaves.path_b.count = MERKLE_PATH_MAX + 1;
    refused(&f, "ceiling");
    f = (struct fraud){.kind = FRAUD_FORK, .a = bytes_of(zeros, NOTE_BYTES_MAX + 1)};
    refused(&f, "longer than any");
    f.a = bytes_of(zeros, NOTE_BYTES_MAX);
    f.b = bytes_of(zeros, sizeof(zeros));
    refused(&f, "limit");
    assert_string_equal(fraud_word(FRAUD_SEEN), "seen");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fork),   cmocka_unit_test(test_witness),
        cmocka_unit_test(test_double), cmocka_unit_test(test_double_in_one_log),
        cmocka_unit_test(test_seen),   cmocka_unit_test(test_form),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
