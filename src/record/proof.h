/* SPDX-License-Identifier: Apache-2.0
 *
 * C2SP tlog-proof: one act is in the tree of a checkpoint.
 *
 *     c2sp.org/tlog-proof@v1
 *     index <decimal>
 *     <base64 hash>...
 *     (empty line)
 *     <checkpoint note>
 *
 * The optional "extra" line is not used and refused.
 */
#ifndef ENTENTE_RECORD_PROOF_H
#define ENTENTE_RECORD_PROOF_H

#include "record/checkpoint.h"
#include "record/merkle.h"

struct proof {
    uint64_t index;
    struct merkle_path path;
    struct bytes note; /* borrows raw */
};

MUST_CHECK bool proof_decode(struct bytes raw, struct proof *out, struct err *err);
void proof_put(uint64_t index, const struct merkle_path *path, struct bytes note, struct buf *out);

/* The text of a consistency proof in an excerpt: one base64 hash a line. */
MUST_CHECK bool proof_consistency_decode(struct bytes raw, struct merkle_path *out,
                                         struct err *err);
void proof_consistency_put(const struct merkle_path *path, struct buf *out);

/* Makes one from nodes; note must be a checkpoint of a size above index. */
MUST_CHECK bool proof_make(const struct node_source *src, uint64_t index, struct bytes note,
                           struct buf *out, struct err *err);

/* The leaf is at that index under the note, and the host has signed the note. */
MUST_CHECK bool proof_check(const struct proof *p, const struct leaf_hash *leaf,
                            const struct pubkey *host, struct checkpoint *out_cp, struct err *err);

#endif
