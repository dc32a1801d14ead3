/* SPDX-License-Identifier: Apache-2.0
 *
 * An excerpt: whole acts of a record with all that a stranger needs to check them
 * (docs/FORMAT.md section 13).  Proves presence, authorship, order and time bracket of what it
 * holds; never that nothing was left out.  Roots' chains are whole in it, so a revocation left out
 * is noticed where a later act of that root is shown.
 *
 * Which acts belong in: leaf 0, all of kinds 2, 3, 5 and 6 below the proofs' size, the countersign
 * acts that witness_bounds names for each act shown, and what is to be shown.
 */
#ifndef ENTENTE_RECORD_EXCERPT_H
#define ENTENTE_RECORD_EXCERPT_H

#include "record/proof.h"
#include "record/tar.h"
#include "record/witness.h"

#define EXCERPT_ACTS_MAX 100000u

struct excerpt_act {
    uint64_t index;
    struct bytes envelope;
    struct bytes proof; /* tlog-proof */
    struct bytes blob;
    /* Of an act that cites a tree (seen_size above 0): that the tree of the proofs goes on from it,
     * as proof_consistency_put writes it.  Empty elsewhere. */
    struct bytes consistency;
    bool has_key;
    uint8_t file_key[16]; /* of a sealed act */
};

/* Acts in ascending order of index, leaf 0 first.  policy is policy_put's text. */
MUST_CHECK bool excerpt_encode(struct bytes policy, const struct excerpt_act *acts, size_t count,
                               struct buf *out, struct err *err);

/* Form only.  Borrows raw; acts in mem. */
MUST_CHECK bool excerpt_decode(struct bytes raw, struct arena *mem, struct bytes *out_policy,
                               struct excerpt_act **out_acts, size_t *out_count, struct err *err);

struct excerpt_finding {
    uint64_t index;
    struct leaf_hash leaf;
    struct act act;
    struct ring_author author;
    struct bytes blob;
    const struct excerpt_act *source;
    struct moment not_before; /* b(i) */
    struct moment not_after;  /* t(i) */
    bool final;               /* below the excerpt's final */
};

/* What the excerpt's own acts prove; keyring and log are rebuilt from its control acts. */
struct excerpt {
    struct table_id table;
    uint64_t size; /* of the checkpoint that all proofs share */
    struct root_hash root;
    uint64_t final; /* final(size), or size where the note itself bears every group's lines */
    struct keyring *ring;
    struct witness_log *log;
    size_t count;
    struct excerpt_finding *acts;
};

/* Checks every proof, signature, digest and control rule; compares the policy.  The tree that an
 * act cites is one that the proofs' tree goes on from: an act taken out of another tree, honest as
 * it is, vouches for nothing here.  Every sealed act has a file key and no other has one.  raw and mem outlive it.  Opening sealed
 * acts with their file keys, and content_match, is the caller's (it knows the seal). */
MUST_CHECK bool excerpt_check(struct bytes raw, struct arena *mem, struct excerpt *out,
                              struct err *err);
void excerpt_free(struct excerpt *e);

#endif
