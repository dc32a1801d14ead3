/* SPDX-License-Identifier: Apache-2.0
 *
 * Fraud proofs: two signed statements that cannot both be true (docs/FORMAT.md section 14).  A
 * proof names who lied and can be checked by anybody who has the founding act and the control acts
 * that admit the accused key.
 */
#ifndef ENTENTE_RECORD_FRAUD_H
#define ENTENTE_RECORD_FRAUD_H

#include "record/act.h"
#include "record/proof.h"

/* Two envelopes with their proofs, or two notes with leaves, and the frame. */
#define FRAUD_BYTES_MAX (2 * PROOF_BYTES_MAX + 2 * ENVELOPE_MAX + 4096)

#define FRAUD_LIST(X)                                                                              \
    X(FRAUD_FORK, 1, "fork")       /* host: two checkpoints that cannot both be true */            \
    X(FRAUD_DOUBLE, 2, "double")   /* author: two envelopes for one term and n */                  \
    X(FRAUD_SEEN, 3, "seen")       /* author: cites a root that is not the host's at that size */  \
    X(FRAUD_WITNESS, 4, "witness") /* witness: two cosignatures that cannot both be true */

#define FRAUD_ENUM(name, number, word) name = number,
enum fraud_kind { FRAUD_LIST(FRAUD_ENUM) };
#undef FRAUD_ENUM

const char *fraud_word(enum fraud_kind kind);

/* Shows two leaves at one index under two notes: how trees of different sizes contradict. */
struct fraud_leaves {
    uint64_t index;
    struct leaf_hash leaf_a, leaf_b;
    struct merkle_path path_a, path_b;
};

/* What is held against somebody.  FORK: two notes of the host.  WITNESS: two notes with a line of
 * the witness each.  SEEN: a note of the host, and the envelope that contradicts it.  DOUBLE: two
 * envelopes, each with a proof that the host has noted it: otherwise a host could refuse an act, keep
 * it, and convict an honest author who signed another in its place.  One that notes both in two trees
 * has forked, and the same evidence convicts it. */
struct fraud {
    enum fraud_kind kind;
    struct table_id table;
    struct pubkey accused; /* host, author (root or seat) or witness key */
    struct pubkey host;    /* SEEN, DOUBLE: whose notes they are; otherwise zeros */
    struct bytes a;
    struct bytes b;
    bool has_leaves; /* FORK, WITNESS of notes of different sizes */
    struct fraud_leaves leaves;
    struct bytes proof_a, proof_b; /* DOUBLE: tlog-proofs (record/proof.h) of a and b */
};

/* Form only.  Borrows raw.  f of fraud_encode follows the comments above: what its kind has not is
 * not written. */
MUST_CHECK bool fraud_decode(struct bytes raw, struct fraud *out, struct err *err);
void fraud_encode(const struct fraud *f, struct buf *out);

/* True iff the evidence convicts somebody (fraud_guilty): both signatures hold and the two statements
 * exclude each other.  That the key is one of this table, and whose, is the caller's to look up. */
MUST_CHECK bool fraud_check(const struct fraud *f, struct err *err);

/* Whom the evidence convicts, once fraud_check says that it convicts somebody: the accused; of a
 * DOUBLE whose two trees exclude each other the host.  That host has forked, and an honest author
 * whose act it seemed to have refused may have signed that n anew. */
const struct pubkey *fraud_guilty(const struct fraud *f);

#endif
