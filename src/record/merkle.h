/* SPDX-License-Identifier: Apache-2.0
 *
 * The tree of RFC 6962 over leaf hashes: an append-only tree in memory (64 bytes a leaf), compact
 * ranges, and RFC 9162 inclusion and consistency proofs, made over any source of nodes and checked
 * from their bytes alone.  Size 0 is handled outside the proof functions: they refuse it.
 *
 * Node (level, index) is the root of leaves [index << level, (index + 1) << level), all present.
 * The tree in memory is kept in chunks of 1,024 leaves with all nodes above them; the roots of
 * full chunks are the leaves of the next tier.  So it grows without copying, and cutting it back
 * to an earlier size only moves a number: nodes that lose a leaf are written again before read.
 */
#ifndef ENTENTE_RECORD_MERKLE_H
#define ENTENTE_RECORD_MERKLE_H

#include "base/buf.h"
#include "record/id.h"
#include "record/limits.h"

#define MERKLE_LEVELS 41u
#define MERKLE_PATH_MAX 40u        /* hashes of an inclusion proof */
#define MERKLE_CONSISTENCY_MAX 81u /* hashes of a consistency proof */

/* Full nodes by (level, index): from memory, from a store, from tiles. */
struct node_source {
    MUST_CHECK bool (*get)(void *ctx, unsigned level, uint64_t index, struct root_hash *out,
                           struct err *err);
    void *ctx;
};

struct merkle_path {
    uint32_t count;
    struct root_hash hash[MERKLE_CONSISTENCY_MAX];
};

/* ---- proofs: making ---- */

/* index < size <= LEAVES_MAX. */
MUST_CHECK bool merkle_inclusion(const struct node_source *src, uint64_t index, uint64_t size,
                                 struct merkle_path *out, struct err *err);
/* 0 < old <= size; old == size gives the empty proof. */
MUST_CHECK bool merkle_consistency(const struct node_source *src, uint64_t old, uint64_t size,
                                   struct merkle_path *out, struct err *err);
MUST_CHECK bool merkle_root(const struct node_source *src, uint64_t size, struct root_hash *out,
                            struct err *err);

/* ---- proofs: checking (RFC 9162 sections 2.1.3.2 and 2.1.4.2) ---- */

MUST_CHECK bool merkle_inclusion_check(const struct leaf_hash *leaf, uint64_t index, uint64_t size,
                                       const struct root_hash *path, size_t count,
                                       const struct root_hash *root);
MUST_CHECK bool merkle_consistency_check(uint64_t old, const struct root_hash *old_root,
                                         uint64_t size, const struct root_hash *root,
                                         const struct root_hash *path, size_t count);

/* ---- a compact range: O(log n) state ---- */

struct merkle_range {
    uint64_t size;
    struct root_hash peak[MERKLE_LEVELS]; /* peak[l] is set iff bit l of size is */
};

void merkle_range_append(struct merkle_range *r, const struct leaf_hash *leaf);
struct root_hash merkle_range_root(const struct merkle_range *r);

/* ---- the tree in memory ---- */

#define MERKLE_TIERS 5u

struct merkle {
    uint64_t size;
    struct buf tier[MERKLE_TIERS]; /* arrays of struct buf, each one chunk of nodes */
};

void merkle_init(struct merkle *m);
void merkle_free(struct merkle *m);

/* False only where memory is short or the log full. */
MUST_CHECK bool merkle_append(struct merkle *m, const struct leaf_hash *leaf, struct err *err);

/* Back to an earlier size. */
void merkle_truncate(struct merkle *m, uint64_t size);

struct leaf_hash merkle_leaf(const struct merkle *m, uint64_t index); /* index < size */

/* The root at any size up to m->size: as many hashes as the size has one-bits. */
struct root_hash merkle_root_at(const struct merkle *m, uint64_t size);

struct node_source merkle_source(struct merkle *m); /* borrows m; reads only */

/* Bytes of memory held. */
size_t merkle_memory(const struct merkle *m);

#endif
