/* SPDX-License-Identifier: Apache-2.0
 *
 * See tamper.h.  Each is a fraud proof that would convict, but for one thing.
 */
#include "sim/tamper.h"

#include "lib/test.h"
#include "record/cosign.h"
#include "record/fraud.h"
#include "record/proof.h"

/* The seat that two-act proofs are about. */
#define SIDE 1u

static struct bytes written(struct tamper *t, const struct fraud *f)
{
    struct buf b;
    buf_init(&b, FRAUD_BYTES_MAX);
    fraud_encode(f, &b);
    return sim_keep(&t->sim, &b);
}

static struct checkpoint head(struct tamper *t, uint64_t size)
{
    return (struct checkpoint){.table = t->sim.table,
                               .term = door_term(t->sim.door),
                               .size = size,
                               .root = door_root(t->sim.door, size)};
}

static struct bytes note(struct tamper *t, const struct checkpoint *cp, const struct signer *host)
{
    struct buf b;
    struct err err = {0};
    buf_init(&b, NOTE_BYTES_MAX);
    if (!checkpoint_sign(cp, host, &b, &err)) {
        fail_msg("%s", err.what);
    }
    return sim_keep(&t->sim, &b);
}

static struct checkpoint other(struct checkpoint cp)
{
    cp.root.b[0] ^= 1;
    return cp;
}

/* The host has signed two trees of this size. */
static struct fraud fork_at(struct tamper *t, uint64_t size)
{
    struct checkpoint a = head(t, size), b = other(a);
    return (struct fraud){.kind = FRAUD_FORK,
                          .table = t->sim.table,
                          .accused = signer_pk(t->sim.host),
                          .a = note(t, &a, t->sim.host),
                          .b = note(t, &b, t->sim.host)};
}

struct bytes proof_table(struct tamper *t)
{
    struct fraud f = fork_at(t, t->sim.count);
    f.table.b[0] ^= 1;
    return written(t, &f);
}

struct bytes proof_terms(struct tamper *t)
{
    struct fraud f = fork_at(t, t->sim.count);
    struct checkpoint b = other(head(t, t->sim.count));
    b.term++;
    f.b = note(t, &b, t->sim.host);
    return written(t, &f);
}

struct bytes proof_one_tree(struct tamper *t)
{
    struct fraud f = fork_at(t, t->sim.count);
    f.b = f.a;
    return written(t, &f);
}

struct bytes proof_other_host(struct tamper *t)
{
    struct fraud f = fork_at(t, t->sim.count);
    struct checkpoint b = other(head(t, t->sim.count));
    f.b = note(t, &b, t->rival);
    return written(t, &f);
}

/* Two trees, one the beginning of the other, with a leaf that stands in both. */
static struct fraud longer(struct tamper *t)
{
    uint64_t n = t->sim.count;
    struct fraud f = fork_at(t, n);
    struct checkpoint b = head(t, n - 1);
    struct node_source nodes = door_nodes(t->sim.door);
    struct err err = {0};
    f.b = note(t, &b, t->sim.host);
    f.has_leaves = true;
    f.leaves = (struct fraud_leaves){
        .index = 3, .leaf_a = door_leaf(t->sim.door, 3), .leaf_b = door_leaf(t->sim.door, 3)};
    if (!merkle_inclusion(&nodes, 3, n, &f.leaves.path_a, &err) ||
        !merkle_inclusion(&nodes, 3, n - 1, &f.leaves.path_b, &err)) {
        fail_msg("%s", err.what);
    }
    return f;
}

struct bytes proof_one_leaf(struct tamper *t)
{
    struct fraud f = longer(t);
    return written(t, &f);
}

struct bytes proof_not_shown(struct tamper *t)
{
    struct fraud f = longer(t);
    f.leaves.leaf_b.b[0] ^= 1;
    return written(t, &f);
}

/* ---- witnesses ---- */

static struct bytes stamp(struct tamper *t, const struct checkpoint *cp, uint64_t time)
{
    struct buf b;
    struct err err = {0};
    buf_init(&b, COUNTERSIGN_BLOB_MAX);
    if (!countersign_make(note(t, cp, t->sim.host), &t->sim.table, 1, time,
                          t->sim.sides[SIDE].seats[0].witness, &b, &err)) {
        fail_msg("%s", err.what);
    }
    return sim_keep(&t->sim, &b);
}

static struct bytes of_witness(struct tamper *t, uint32_t terms, uint64_t then, uint64_t later)
{
    struct checkpoint a = head(t, t->sim.count - 1), b = head(t, t->sim.count);
    b.term += terms;
    struct fraud f = {.kind = FRAUD_WITNESS,
                      .table = t->sim.table,
                      .accused = signer_pk(t->sim.sides[SIDE].seats[0].witness),
                      .a = stamp(t, &a, then),
                      .b = stamp(t, &b, later)};
    return written(t, &f);
}

struct bytes proof_times_rise(struct tamper *t)
{
    return of_witness(t, 0, t->sim.now, t->sim.now + 60);
}

struct bytes proof_two_terms(struct tamper *t)
{
    return of_witness(t, 1, t->sim.now, t->sim.now - 60);
}

/* ---- authors ---- */

/* Puts an act of that seat into the record, whatever the door says, and gives it with its proof. */
struct shown {
    struct bytes envelope, proof;
};

/* An envelope in a tree of its own, which the host has signed too: so it is noted. */
static struct shown noted(struct tamper *t, struct bytes envelope, uint64_t before, uint32_t term,
                          const struct signer *host)
{
    struct merkle tree;
    struct buf b;
    struct err err = {0};
    struct leaf_hash leaf = leaf_hash_of(envelope);
    struct leaf_hash filler = {{7}};
    merkle_init(&tree);
    for (uint64_t i = 0; i < before; i++) {
        filler.b[1] = (uint8_t)i;
        if (!merkle_append(&tree, &filler, &err)) {
            fail_msg("%s", err.what);
        }
    }
    buf_init(&b, PROOF_BYTES_MAX);
    if (!merkle_append(&tree, &leaf, &err)) {
        fail_msg("%s", err.what);
    }
    struct checkpoint cp = {.table = t->sim.table,
                            .term = term,
                            .size = before + 1,
                            .root = merkle_root_at(&tree, before + 1)};
    struct node_source nodes = merkle_source(&tree);
    if (!proof_make(&nodes, before, note(t, &cp, host), &b, &err)) {
        fail_msg("%s", err.what);
    }
    merkle_free(&tree);
    return (struct shown){envelope, sim_keep(&t->sim, &b)};
}

static struct bytes of_author(struct tamper *t, const struct shown *a, const struct shown *b)
{
    struct fraud f = {.kind = FRAUD_DOUBLE,
                      .table = t->sim.table,
                      .accused = signer_pk(t->sim.sides[SIDE].seats[0].sign),
                      .host = signer_pk(t->sim.host),
                      .a = a->envelope,
                      .b = b->envelope,
                      .proof_a = a->proof,
                      .proof_b = b->proof};
    return written(t, &f);
}

/* Two acts of the seat for one place, with these changes. */
static struct act fields(struct tamper *t, uint8_t mark)
{
    struct act a = sim_fields(&t->sim, SIDE, 0, CONTROL_SEALED, bytes_str("a"));
    a.commit.b[0] ^= mark;
    return a;
}

static struct bytes signed_by(struct tamper *t, const struct act *a, const struct signer *s)
{
    return tamper_sign(&t->sim, s, a, bytes_str("a")).envelope;
}

static const struct signer *seat_of(const struct tamper *t, uint32_t side)
{
    return t->sim.sides[side].seats[0].sign;
}

struct bytes proof_not_signed(struct tamper *t)
{
    struct act a = fields(t, 1), b = fields(t, 2);
    struct bytes forged = signed_by(t, &b, seat_of(t, SIDE));
    ((uint8_t *)(uintptr_t)forged.p)[forged.n - 1] ^= 1;
    struct shown x = noted(t, signed_by(t, &a, seat_of(t, SIDE)), 5, 0, t->sim.host);
    struct shown y = noted(t, forged, 6, 0, t->sim.host);
    return of_author(t, &x, &y);
}

struct bytes proof_two_places(struct tamper *t)
{
    struct act a = fields(t, 1), b = fields(t, 2);
    b.n++;
    struct shown x = noted(t, signed_by(t, &a, seat_of(t, SIDE)), 5, 0, t->sim.host);
    struct shown y = noted(t, signed_by(t, &b, seat_of(t, SIDE)), 6, 0, t->sim.host);
    return of_author(t, &x, &y);
}

/* The same key as a root and as a seat: two kids, two chains. */
struct bytes proof_two_chains(struct tamper *t)
{
    struct act a = fields(t, 1), b = fields(t, 2);
    struct signer *root = NULL, *seat = NULL;
    uint8_t seed[32] = {9};
    struct err err = {0};
    if (!signer_new(KEY_ROOT, seed, &root, &err) || !signer_new(KEY_SEAT, seed, &seat, &err)) {
        fail_msg("%s", err.what);
    }
    struct shown x = noted(t, signed_by(t, &a, seat), 5, 0, t->sim.host);
    struct shown y = noted(t, signed_by(t, &b, root), 6, 0, t->sim.host);
    struct fraud f = {.kind = FRAUD_DOUBLE,
                      .table = t->sim.table,
                      .accused = signer_pk(seat),
                      .host = signer_pk(t->sim.host),
                      .a = x.envelope,
                      .b = y.envelope,
                      .proof_a = x.proof,
                      .proof_b = y.proof};
    signer_free(root);
    signer_free(seat);
    return written(t, &f);
}

struct bytes proof_same_twice(struct tamper *t)
{
    struct act a = fields(t, 1);
    struct bytes envelope = signed_by(t, &a, seat_of(t, SIDE));
    struct shown x = noted(t, envelope, 5, 0, t->sim.host);
    struct shown y = noted(t, envelope, 6, 0, t->sim.host);
    return of_author(t, &x, &y);
}

/* The host refused one of them, and keeps it. */
struct bytes proof_not_noted(struct tamper *t)
{
    struct act a = fields(t, 1), b = fields(t, 2);
    struct shown x = noted(t, signed_by(t, &a, seat_of(t, SIDE)), 5, 0, t->sim.host);
    struct shown y = {signed_by(t, &b, seat_of(t, SIDE)), x.proof};
    return of_author(t, &x, &y);
}

struct bytes proof_other_term(struct tamper *t)
{
    struct act a = fields(t, 1), b = fields(t, 2);
    struct shown x = noted(t, signed_by(t, &a, seat_of(t, SIDE)), 5, 0, t->sim.host);
    struct shown y = noted(t, signed_by(t, &b, seat_of(t, SIDE)), 6, 1, t->sim.host);
    return of_author(t, &x, &y);
}

/* It convicts, and whom: a host that shows two leaves at one index. */
struct bytes proof_host_forked(struct tamper *t)
{
    struct act a = fields(t, 1), b = fields(t, 2);
    struct shown x = noted(t, signed_by(t, &a, seat_of(t, SIDE)), 5, 0, t->sim.host);
    struct shown y = noted(t, signed_by(t, &b, seat_of(t, SIDE)), 5, 0, t->sim.host);
    return of_author(t, &x, &y);
}

/* ---- seen ---- */

static struct bytes of_seen(struct tamper *t, struct checkpoint cp, const struct signer *host)
{
    struct act a = fields(t, 1);
    struct fraud f = {.kind = FRAUD_SEEN,
                      .table = t->sim.table,
                      .accused = signer_pk(seat_of(t, SIDE)),
                      .host = signer_pk(t->sim.host),
                      .a = note(t, &cp, host),
                      .b = signed_by(t, &a, seat_of(t, SIDE))};
    return written(t, &f);
}

struct bytes proof_seen_other_host(struct tamper *t)
{
    return of_seen(t, other(head(t, t->sim.count)), t->rival);
}

struct bytes proof_seen_other_size(struct tamper *t)
{
    return of_seen(t, other(head(t, t->sim.count - 1)), t->sim.host);
}

struct bytes proof_seen_same(struct tamper *t)
{
    return of_seen(t, head(t, t->sim.count), t->sim.host);
}
