/* SPDX-License-Identifier: Apache-2.0
 *
 * Fraud proofs, sound and unsound, drawn from a seed, and what the C program finds of each: for the
 * independent checker to be compared with (test_fraud.py).
 *
 *     fraud_samples SEED COUNT
 *
 * A line each: "proof <hex> <guilty key in hex, or ->"; of the first few that convict, one for each
 * kind and shape, also "flips <hex> <a digit a byte: 1 where it convicts with bit (place % 8) of that
 * byte turned>".
 */
#include "record/fraud.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/init.h"
#include "lib/prop.h"
#include "lib/test.h"
#include "record/cosign.h"

#define LEAVES 12u
#define SPLIT 4u
#define ENVELOPES 6u

struct maker {
    struct prop rnd;
    struct signer *hosts[2], *witnesses[2], *seats[2];
    struct table_id table;
    struct buf envelopes[ENVELOPES];
    struct merkle tree[2];
    struct arena mem;
};

static bool chance(struct maker *m, uint32_t in)
{
    return prop_one_in(&m->rnd, in);
}

static struct bytes keep(struct maker *m, struct buf *b)
{
    struct bytes v = arena_copy(&m->mem, buf_bytes(b));
    buf_free(b);
    return v;
}

static struct checkpoint any_checkpoint(struct maker *m, int *out_tree)
{
    int t = *out_tree = (int)prop_below(&m->rnd, 2);
    uint64_t size = chance(m, 3) ? LEAVES : 1 + prop_below(&m->rnd, LEAVES);
    struct checkpoint cp = {.table = m->table,
                            .term = chance(m, 8),
                            .size = size,
                            .root = merkle_root_at(&m->tree[t], size)};
    cp.table.b[0] ^= chance(m, 40);
    return cp;
}

static struct bytes note_of(struct maker *m, const struct checkpoint *cp, const struct signer *host)
{
    struct buf b, body;
    struct err err = {0};
    char name[ORIGIN_MAX];
    buf_init(&b, NOTE_BYTES_MAX);
    buf_init(&body, NOTE_BYTES_MAX);
    bool ok = checkpoint_sign(cp, host, &b, &err);
    checkpoint_body(cp, &body);
    for (uint32_t i = 0; i < 2; i++) {
        if (!chance(m, 4)) {
            witness_name(&m->table, prop_below(&m->rnd, 12), name);
            ok = ok && cosign_put(buf_bytes(&body), bytes_str(name),
                                  1000 + prop_below(&m->rnd, 3) * 10, m->witnesses[i], &b, &err);
        }
    }
    buf_free(&body);
    if (!ok) {
        fail_msg("%s", err.what);
    }
    return keep(m, &b);
}

static void draw_leaves(struct maker *m, struct fraud *f, const struct checkpoint *a, int ta,
                        const struct checkpoint *b, int tb)
{
    struct node_source na = merkle_source(&m->tree[ta]), nb = merkle_source(&m->tree[tb]);
    struct err untold = {0};
    uint64_t least = a->size < b->size ? a->size : b->size;
    f->has_leaves = a->size == b->size ? chance(m, 3) : !chance(m, 6);
    if (!f->has_leaves) {
        return;
    }
    f->leaves.index = least > SPLIT && !chance(m, 6) ? SPLIT : prop_below(&m->rnd, least);
    f->leaves.leaf_a = merkle_leaf(&m->tree[ta], f->leaves.index);
    f->leaves.leaf_b = merkle_leaf(&m->tree[tb], f->leaves.index);
    if (!merkle_inclusion(&na, f->leaves.index, a->size, &f->leaves.path_a, &untold) ||
        !merkle_inclusion(&nb, f->leaves.index, b->size, &f->leaves.path_b, &untold)) {
        fail_msg("%s", untold.what);
    }
    if (chance(m, 8)) {
        f->leaves.path_b.count -= f->leaves.path_b.count > 0;
    }
}

static void draw_notes(struct maker *m, struct fraud *f)
{
    int ta, tb;
    struct checkpoint a = any_checkpoint(m, &ta), b = any_checkpoint(m, &tb);
    f->accused = f->kind == FRAUD_FORK ? signer_pk(m->hosts[0]) : signer_pk(m->witnesses[0]);
    f->a = note_of(m, &a, m->hosts[chance(m, 12)]);
    f->b = note_of(m, &b, m->hosts[chance(m, 12)]);
    draw_leaves(m, f, &a, ta, &b, tb);
}

static void draw_seen(struct maker *m, struct fraud *f)
{
    int t;
    struct checkpoint cp = any_checkpoint(m, &t);
    struct err err = {0};
    struct buf b;
    struct act act = {.table = m->table,
                      .n = 3,
                      .term = cp.term,
                      .seen_size = cp.size,
                      .seen_root = merkle_root_at(&m->tree[chance(m, 2) ? t : 1 - t], cp.size)};
    act.term ^= chance(m, 10);
    act.seen_size += chance(m, 10);
    buf_init(&b, ENVELOPE_MAX);
    if (!act_sign(&act, m->seats[chance(m, 10)], &b, &err)) {
        fail_msg("%s", err.what);
    }
    f->accused = signer_pk(m->seats[0]);
    f->host = signer_pk(m->hosts[0]);
    f->a = note_of(m, &cp, m->hosts[chance(m, 10)]);
    f->b = keep(m, &b);
}

/* Each of the envelopes stands in one of two trees, or both in one. */
static void draw_double(struct maker *m, struct fraud *f)
{
    struct merkle trees[2];
    struct err err = {0};
    bool one = chance(m, 2);
    struct bytes raw[2], proof[2];
    bool pair = !chance(m, 3); /* the first two are a double */
    uint32_t x = pair ? 0 : (uint32_t)prop_below(&m->rnd, ENVELOPES);
    uint32_t y = pair ? 1 : (uint32_t)prop_below(&m->rnd, ENVELOPES);
    raw[0] = buf_bytes(&m->envelopes[x]);
    raw[1] = buf_bytes(&m->envelopes[y]);
    for (uint32_t t = 0; t < 2; t++) {
        merkle_init(&trees[t]);
        for (uint32_t i = 0; i < 3; i++) {
            struct leaf_hash leaf = leaf_hash_of(raw[one ? i % 2 : t]);
            leaf.b[0] ^= i == 2 || (!one && i == 0 && chance(m, 2));
            if (!merkle_append(&trees[t], &leaf, &err)) {
                fail_msg("%s", err.what);
            }
        }
    }
    for (uint32_t t = 0; t < 2; t++) {
        struct merkle *tree = &trees[one ? 0 : t];
        struct node_source src = merkle_source(tree);
        struct checkpoint cp = {.table = m->table, .size = 3, .root = merkle_root_at(tree, 3)};
        cp.term = chance(m, 10);
        struct buf b;
        buf_init(&b, PROOF_BYTES_MAX);
        struct bytes note = note_of(m, &cp, m->hosts[chance(m, 10)]);
        if (!proof_make(&src, one ? t : 1u - chance(m, 6), note, &b, &err)) {
            fail_msg("%s", err.what);
        }
        proof[t] = keep(m, &b);
    }
    merkle_free(&trees[0]);
    merkle_free(&trees[1]);
    f->accused = signer_pk(m->seats[0]);
    f->host = signer_pk(m->hosts[0]);
    f->a = raw[0];
    f->b = raw[1];
    f->proof_a = proof[0];
    f->proof_b = proof[1];
}

/* One kid, term and n; two terms; two n; another author; one payload twice. */
static void make_envelopes(struct maker *m)
{
    static const struct act fields[ENVELOPES] = {
        {.n = 4, .seen_size = 5}, {.n = 4, .seen_size = 6}, {.n = 4, .seen_size = 7, .term = 1},
        {.n = 5, .seen_size = 8}, {.n = 4, .seen_size = 9}, {.n = 4, .seen_size = 5}};
    struct err err = {0};
    for (uint32_t i = 0; i < ENVELOPES; i++) {
        struct act act = fields[i];
        act.table = m->table;
        buf_init(&m->envelopes[i], ENVELOPE_MAX);
        if (!act_sign(&act, m->seats[i == 4], &m->envelopes[i], &err)) {
            fail_msg("%s", err.what);
        }
    }
}

static bool verdict(struct bytes raw, struct pubkey *out)
{
    struct fraud f;
    struct err untold = {0};
    if (!fraud_decode(raw, &f, &untold) || !fraud_check(&f, &untold)) {
        return false;
    }
    *out = *fraud_guilty(&f);
    return true;
}

static void print_hex(struct bytes v)
{
    for (size_t i = 0; i < v.n; i++) {
        printf("%02x", v.p[i]);
    }
}

static void print_flips(struct bytes raw)
{
    uint8_t *copy = malloc(raw.n);
    struct pubkey who;
    assert_non_null(copy);
    memcpy(copy, raw.p, raw.n);
    printf("flips ");
    print_hex(raw);
    printf(" ");
    for (size_t i = 0; i < raw.n; i++) {
        copy[i] ^= (uint8_t)(1u << (i % 8));
        printf("%d", verdict(bytes_of(copy, raw.n), &who));
        copy[i] ^= (uint8_t)(1u << (i % 8));
    }
    printf("\n");
    free(copy);
}

static void draw(struct maker *m, uint32_t *shapes)
{
    struct fraud f = {.kind = (enum fraud_kind)(1 + prop_below(&m->rnd, 4)), .table = m->table};
    struct pubkey who;
    struct buf raw;
    if (f.kind == FRAUD_FORK || f.kind == FRAUD_WITNESS) {
        draw_notes(m, &f);
    } else if (f.kind == FRAUD_SEEN) {
        draw_seen(m, &f);
    } else {
        draw_double(m, &f);
    }
    buf_init(&raw, FRAUD_BYTES_MAX);
    fraud_encode(&f, &raw);
    printf("proof ");
    print_hex(buf_bytes(&raw));
    if (verdict(buf_bytes(&raw), &who)) {
        uint32_t shape = (uint32_t)f.kind * 2 + f.has_leaves;
        printf(" ");
        print_hex(ID_BYTES(who));
        printf("\n");
        if ((*shapes >> shape & 1) == 0) {
            *shapes |= UINT32_C(1) << shape;
            print_flips(buf_bytes(&raw));
        }
    } else {
        printf(" -\n");
    }
    buf_free(&raw);
    arena_rewind(&m->mem, 0);
}

int main(int argc, char **argv)
{
    static struct maker m = {.table = {{0x5a}}};
    struct err err = {0};
    uint32_t shapes = 0;
    if (argc != 3 || !crypto_init(&err)) {
        return 2;
    }
    prop_init_seed(&m.rnd, strtoull(argv[1], NULL, 10));
    m.mem = test_arena(4u << 20);
    for (uint8_t i = 0; i < 2; i++) {
        uint8_t seed[32] = {i};
        seed[1] = 1;
        assert_true(signer_new(KEY_HOST, seed, &m.hosts[i], &err));
        seed[1] = 2;
        assert_true(signer_new(KEY_WITNESS, seed, &m.witnesses[i], &err));
        seed[1] = 3;
        assert_true(signer_new(KEY_SEAT, seed, &m.seats[i], &err));
        merkle_init(&m.tree[i]);
        for (uint8_t k = 0; k < LEAVES; k++) {
            struct leaf_hash leaf = {{k, k < SPLIT ? 0 : i}};
            assert_true(merkle_append(&m.tree[i], &leaf, &err));
        }
    }
    make_envelopes(&m);
    for (uint64_t i = strtoull(argv[2], NULL, 10); i > 0; i--) {
        draw(&m, &shapes);
    }
    for (uint32_t i = 0; i < 2; i++) {
        signer_free(m.hosts[i]);
        signer_free(m.witnesses[i]);
        signer_free(m.seats[i]);
        merkle_free(&m.tree[i]);
    }
    for (uint32_t i = 0; i < ENVELOPES; i++) {
        buf_free(&m.envelopes[i]);
    }
    test_arena_free(&m.mem);
    return 0;
}
