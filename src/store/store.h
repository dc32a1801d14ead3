/* SPDX-License-Identifier: Apache-2.0
 *
 * The store: one SQLite file that holds one table's record, and, for a seat, what its device must
 * remember beside it.  Nothing in here is believed: what comes out goes through a door again.
 *
 *     leaf      one row an act: index, control kind, row of its blob, envelope as received
 *     blob      bytes by their SHA-256, once however many acts name them
 *   and in a replica only (a host's file has the two above and no other table):
 *     note      the newest checkpoint note of the host
 *     meta      small named values
 *     outbox    acts that were signed here; stored before they are sent
 *     sealed    the private notebook: bytes sealed by the caller, by name
 *     evidence  statements that contradict the record
 *
 * DESIGN.  WAL journal, synchronous=FULL: what a function reports as written survives a power cut,
 * whole or not at all.  Each function that writes is one transaction, unless the caller has opened
 * a larger one with store_begin.  Rows of the record are only ever added, at the end, and only as
 * struct verified_act; before the commit they are read back, hashed and compared.  One user at a
 * time holds the replica's lock (os/lock) to write; readers need none.  A struct store is for one
 * thread at a time.
 *
 * Failures: ERR_IO the disk (full, unreadable) with a mend; ERR_FORMAT the file is damaged or not
 * ours; ERR_STATE it is not in a state that allows this.
 */
#ifndef ENTENTE_STORE_STORE_H
#define ENTENTE_STORE_STORE_H

#include "record/door.h"

struct store;

enum store_kind { STORE_REPLICA, STORE_HOST };
enum store_mode { STORE_WRITE, STORE_READ };

/* A new file, readable to its owner alone.  ERR_STATE when the name is taken. */
MUST_CHECK bool store_create(const char *path, enum store_kind kind, struct store **out,
                             struct err *err);

/* ERR_STATE when there is none; ERR_FORMAT when it is no store of this kind and version. */
MUST_CHECK bool store_open(const char *path, enum store_kind kind, enum store_mode mode,
                           struct store **out, struct err *err);

/* NULL is fine.  An open transaction is undone. */
void store_close(struct store *s);

/* Has nobody written to it since it was opened, this handle included, and does its file still stand
 * where it was?  Then whatever was read of it is as it is there.  False where that cannot be told. */
bool store_is_as_opened(struct store *s);

/* ---- one transaction around several writes ---- */

MUST_CHECK bool store_begin(struct store *s, struct err *err);  /* not within another */
MUST_CHECK bool store_commit(struct store *s, struct err *err); /* failed: undone, as by rollback */
void store_rollback(struct store *s);                           /* fine when none is open */

/* ---- the record ---- */

/* Adds acts whose indexes go on from store_size, with their blobs, all or none; reads them back
 * before the commit.  note: the newest checkpoint note, to replace the one stored (replica only);
 * {NULL, 0} leaves that alone.  count 0 stores the note alone. */
MUST_CHECK bool store_append(struct store *s, const struct verified_act *acts, size_t count,
                             struct bytes note, struct err *err);

/* How many acts are stored, as of now: another process may have added some. */
MUST_CHECK bool store_size(struct store *s, uint64_t *out, struct err *err);

/* Of a replica: forgets the acts from `size` on, blobs that no other act names, and the checkpoint.
 * The only way in which acts go: a table that goes on at a new host leaves behind what no side of it
 * had countersigned (FORMAT 11). */
MUST_CHECK bool store_cut(struct store *s, uint64_t size, struct err *err);

/* Copies in mem.  ERR_STATE when it is not there; ERR_VERIFY when a blob's bytes no longer have
 * the digest under which they were stored. */
MUST_CHECK bool store_read_leaf(struct store *s, uint64_t index, struct arena *mem,
                                struct bytes *out, struct err *err);
MUST_CHECK bool store_read_blob(struct store *s, const struct digest *sha, struct arena *mem,
                                struct bytes *out, struct err *err);
/* The same, added to a buffer. */
MUST_CHECK bool store_read_blob_into(struct store *s, const struct digest *sha, struct buf *out,
                                     struct err *err);
MUST_CHECK bool store_has_blob(struct store *s, const struct digest *sha, bool *out,
                               struct err *err);

/* Bytes of all envelopes and blobs. */
MUST_CHECK bool store_bytes(struct store *s, uint64_t *out, struct err *err);

/* Which blobs are read along: of no act, of control acts, of all. */
enum store_blobs { STORE_BLOBS_NONE, STORE_BLOBS_CONTROL, STORE_BLOBS_ALL };

/* Views that last until the visit returns; blob is {NULL, 0} where it was not asked for. */
typedef bool store_visit(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                         struct err *err);

/* Visits the acts of [from, to) in order; false from the visit ends it (err is its).  The visit
 * must not write to this store. */
MUST_CHECK bool store_each(struct store *s, uint64_t from, uint64_t to, enum store_blobs blobs,
                           store_visit *visit, void *ctx, struct err *err);

/* Brings a door up to `to` (or to what is stored, where that is less: INDEX_NEVER) from where it
 * stands.  Batches of a few MiB, so memory does not grow with the record.
 * DOOR_CHECK: the re-check of the whole record; an act that was altered on the disk is refused, and
 * err names its index.  DOOR_STORED: quick; blobs says whether sealed acts' blobs are passed along
 * to the sink.  workers and sink (gets each act, in order) may be NULL.  The sink may read this
 * store; it may write to it only within a transaction that the caller has begun. */
MUST_CHECK bool store_load_door(struct store *s, struct door *door, enum door_trust trust,
                                uint64_t to, enum store_blobs blobs,
                                const struct door_workers *workers, door_sink *sink, void *sink_ctx,
                                struct err *err);

/* ---- beside the record: replicas only ---- */

#define STORE_META_MAX 1048576u    /* one value */
#define STORE_SEALED_MAX 83886080u /* one value: a blob and some */
#define STORE_KEY_MAX 128u         /* a name in meta or sealed */
#define STORE_EVIDENCE_MAX 1048576u

/* The newest checkpoint note; out stays {NULL, 0} when there is none. */
MUST_CHECK bool store_note(struct store *s, struct arena *mem, struct bytes *out, struct err *err);

/* Named values.  A get of what is not there leaves out {NULL, 0}; a value of no bytes is not kept:
 * putting it removes the name. */
MUST_CHECK bool store_meta_put(struct store *s, const char *key, struct bytes value,
                               struct err *err);
MUST_CHECK bool store_meta_get(struct store *s, const char *key, struct arena *mem,
                               struct bytes *out, struct err *err);
MUST_CHECK bool store_sealed_put(struct store *s, struct bytes key, struct bytes value,
                                 struct err *err);
MUST_CHECK bool store_sealed_get(struct store *s, struct bytes key, struct arena *mem,
                                 struct bytes *out, struct err *err);

/* Visits the sealed values whose names begin with prefix, ascending by name. */
typedef bool store_sealed_visit(void *ctx, struct bytes key, struct bytes value, struct err *err);
MUST_CHECK bool store_sealed_each(struct store *s, struct bytes prefix, store_sealed_visit *visit,
                                  void *ctx, struct err *err);
/* Removes them. */
MUST_CHECK bool store_sealed_drop(struct store *s, struct bytes prefix, struct err *err);

/* The outbox: one envelope for one (author, term, n), kept before it is sent.  The same bytes again
 * are fine; others under that (term, n) are ERR_STATE: two of them would be a fraud proof. */
MUST_CHECK bool store_outbox_put(struct store *s, struct bytes envelope, struct bytes blob,
                                 struct err *err);

/* Visits them in the order in which they were put; index counts from 0. */
MUST_CHECK bool store_outbox_each(struct store *s, store_visit *visit, void *ctx, struct err *err);

/* Once it is in the record, or the author has synchronised after a refusal and the log lacks it.
 * No error when there is none. */
MUST_CHECK bool store_outbox_drop(struct store *s, const struct kid16 *author, uint32_t term,
                                  uint64_t n, struct err *err);

/* Evidence is kept for ever; the same bytes count once.  index counts from 0, blob is empty. */
MUST_CHECK bool store_evidence_put(struct store *s, struct bytes evidence, struct err *err);
MUST_CHECK bool store_evidence_each(struct store *s, store_visit *visit, void *ctx,
                                    struct err *err);

#endif
