/* SPDX-License-Identifier: Apache-2.0
 *
 * The door: where bytes become verified acts, and the only maker of struct verified_act.
 *
 * A door holds everything that has been checked of one log so far: keyring, every author's chain,
 * the tree (64 bytes an act) and the countersignature log.  Acts are admitted in log order; each is
 * checked as PROTOCOL 3.3 and FORMAT 5 to 8 and 11 say: canonical bytes, author admitted, control
 * act allowed, signature, n and prev, seen_size and seen_root, blob digest and length, and for a
 * sealed act its padding, stanzas and shares.  Who may do what at the table is not decided here.
 *
 * DESIGN.  One act at a time is door_admit.  A batch does the costly work (hashes, signatures,
 * roots) in independent units that any thread may run, then admits in order, reusing what the
 * units found.  A unit's finding is only ever "these bytes are signed by this key", bound to the
 * key it was checked with; admission takes it when the keyring, at that very index, asks for that
 * key, and checks by itself otherwise.  So the result is the same for any number of workers.
 *
 *     struct door *door;
 *     door_new(mem, NULL, &door, err);
 *     door_admit(door, DOOR_CHECK, envelope, blob, &va, err);           one act
 *     door_admit_all(door, DOOR_CHECK, items, n, workers, mem, sink, ctx, err);    many
 */
#ifndef ENTENTE_RECORD_DOOR_H
#define ENTENTE_RECORD_DOOR_H

#include "record/checkpoint.h"
#include "record/merkle.h"
#include "record/witness.h"

struct door;

/* expected: the table that leaf 0 must found, or NULL for any.  About 300 KiB in mem. */
MUST_CHECK bool door_new(struct arena *mem, const struct table_id *expected, struct door **out,
                         struct err *err);
void door_free(struct door *d);

struct verified_act {
    uint64_t index;
    struct leaf_hash leaf;
    struct act act;                /* its views borrow the envelope */
    struct ring_author author;     /* borrows the door's keyring */
    const struct control *control; /* typed control act, or NULL when sealed; the door's, until the
                                      next act is admitted (one asked about: until the next) */
    bool proceed_valid;            /* of kind 5: it counts */
    struct bytes blob;             /* as passed in */
};

/* DOOR_CHECK checks everything.  DOOR_STORED is for bytes that a door of this program has admitted
 * before and that our own store gives back: signatures, blob digests and cited roots are not
 * computed again, and the blobs of sealed acts may be left out ({NULL, 0}). */
enum door_trust { DOOR_CHECK, DOOR_STORED };

/* Admits the next act.  ERR_VERIFY (or FORMAT, LIMIT) says why not; the door is then unchanged. */
MUST_CHECK bool door_admit(struct door *d, enum door_trust trust, struct bytes envelope,
                           struct bytes blob, struct verified_act *out, struct err *err);

/* The same checks without admitting: what a host, or an author before it signs, asks first. */
MUST_CHECK bool door_would_admit(struct door *d, struct bytes envelope, struct bytes blob,
                                 struct verified_act *out, struct err *err);

/* ---- batches ---- */

struct door_item {
    struct bytes envelope;
    struct bytes blob;
};

#define DOOR_BATCH_MAX 4096u

/* Runs unit(arg, 0) .. unit(arg, units - 1), in any order, on any threads; returns when all are
 * done.  NULL workers, or a NULL run, means one after the other, here. */
struct door_workers {
    void (*run)(void *ctx, size_t units, void (*unit)(void *arg, size_t i), void *arg);
    void *ctx;
};

/* Gets each act in log order, right after it was admitted; false stops the batch (err is its). */
typedef bool door_sink(void *ctx, const struct verified_act *va, struct err *err);

/* Admits items[0..count).  At the first act refused it stops: those before it stay admitted (see
 * door_size), err names the index.  Scratch comes from mem and is given back. */
MUST_CHECK bool door_admit_all(struct door *d, enum door_trust trust, const struct door_item *items,
                               size_t count, const struct door_workers *workers, struct arena *mem,
                               door_sink *sink, void *sink_ctx, struct err *err);

/* ---- what the door knows ---- */

uint64_t door_size(const struct door *d);
/* The term in force; while a succession is under way still the old one. */
uint32_t door_term(const struct door *d);
/* A succession has begun, and these many roots have still to post it; 0 = none is under way. */
uint32_t door_succession_missing(const struct door *d);
/* The sides, as bits, whose roots a succession that begins at w <= door_size needs (FORMAT 11). */
uint32_t door_succession_sides(const struct door *d, uint64_t w);
struct root_hash door_root(const struct door *d, uint64_t size); /* size <= door_size */
struct leaf_hash door_leaf(const struct door *d, uint64_t index);
const struct keyring *door_keyring(const struct door *d);
const struct witness_log *door_witness(const struct door *d);
struct node_source door_nodes(const struct door *d);

/* Where an author's chain stands in the present term (the coming one while a succession is under
 * way): what its next act must say. */
struct chain {
    uint64_t n;            /* the next n */
    struct leaf_hash prev; /* zeros when n = 0 */
    uint64_t seen_size;    /* the least that it may cite */
};
struct chain door_chain(const struct door *d, const struct ring_author *author);

/* A checkpoint of the host for a size that the door has reached: note well formed, table, term and
 * host of that term, root equal.  ERR_VERIFY when it contradicts the door: keep it, it is evidence
 * (record/fraud.h); ERR_STATE when it is for a size that the door has not reached. */
MUST_CHECK bool door_checkpoint(const struct door *d, struct bytes note, struct checkpoint *out,
                                struct err *err);

/* Bytes of memory that grow with the log. */
size_t door_memory(const struct door *d);

/* What a host can see of a sealed blob: parses as an age file with X25519 stanzas, their count a
 * multiple of R, none of a low-order share, padded to a bucket (FORMAT 8). */
MUST_CHECK bool door_sealed_blob(const struct found *found, struct bytes blob, struct err *err);

#endif
