/* SPDX-License-Identifier: Apache-2.0
 *
 * An excerpt: whole acts of a record with all that a stranger needs to check them
 * (docs/FORMAT.md section 13).  Proves presence, authorship, order and time bracket of what it
 * holds; never that nothing was left out.
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
    bool has_key;
    uint8_t file_key[16]; /* of a sealed act */
};

/* Acts in ascending order of index, leaf 0 first.  policy is policy_put's text. */
MUST_CHECK bool excerpt_encode(struct bytes policy, const struct excerpt_act *acts, size_t count,
                               struct buf *out, struct err *err);

/* Form only.  Borrows raw; acts in mem. */
MUST_CHECK bool excerpt_decode(struct bytes raw, struct arena *mem, struct bytes *out_policy,
                               struct excerpt_act **out_acts, size_t *out_count, struct err *err);

/* Which countersign acts an excerpt must carry to bound the times of act `index`: their indexes,
 * ascending, without doubles, into out (at most max). */
size_t excerpt_bounds(const struct witness_log *log, uint64_t index, uint64_t seen_size,
                      uint64_t at, uint64_t *out, size_t max);

struct excerpt_finding {
    uint64_t index;
    struct leaf_hash leaf;
    struct act act;
    struct ring_author author;
    struct bytes blob;
    const struct excerpt_act *source;
    struct moment not_before; /* b(i) */
    struct moment not_after;  /* t(i) */
    bool final;               /* below final of what the excerpt shows */
};

/* What the excerpt's own acts prove; keyring and log are rebuilt from its control acts. */
struct excerpt {
    struct table_id table;
    uint64_t size; /* of the checkpoint that all proofs share */
    struct root_hash root;
    uint64_t final;
    struct keyring *ring;
    struct witness_log *log;
    size_t count;
    struct excerpt_finding *acts;
};

/* Checks every proof, signature, digest and control rule; compares the policy.  Opening sealed
 * acts with their file keys, and content_match, is the caller's (it knows the seal). */
MUST_CHECK bool excerpt_check(struct bytes raw, struct arena *mem, struct excerpt *out,
                              struct err *err);
void excerpt_free(struct excerpt *e);

#endif
