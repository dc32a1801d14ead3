/* SPDX-License-Identifier: Apache-2.0
 *
 * A host: it notes acts of tables that it cannot read, orders them, and signs checkpoints.  Here it
 * serves a directory; several processes (the seats of one machine, or a server) may use the same
 * one, call by call.
 *
 *     DIR/host.key            32 bytes, 0600: the seed of the host's Ed25519 key
 *     DIR/<hex table>/record  the store (store/store.h, STORE_HOST): leaves and blobs, nothing else
 *     DIR/<hex table>/guard   what was last signed (store/guard.h): never restore it from a backup
 *     DIR/<hex table>/lock    held for one call
 *
 * DESIGN.  Noting an act is, in this order: the checks of PROTOCOL 3.3 (a door), append and flush,
 * guard and flush, sign the checkpoint, answer.  A crash between any two loses nothing that was
 * answered and signs nothing that is not stored.  A host never signs a size above its guard.  An
 * open handle keeps its door; each call first takes in what other processes have noted meanwhile.
 *
 * Reading asks for a pass: the token of a seat that is admitted and not revoked (record/token.h),
 * looked at anew for every call.  Writing asks for none: acts authenticate themselves.
 */
#ifndef ENTENTE_HOST_HOST_H
#define ENTENTE_HOST_HOST_H

#include "os/entropy.h"
#include "record/tile.h"
#include "store/store.h"

struct host;

/* The public key of the host of this directory; folder and key are made when missing. */
MUST_CHECK bool host_key(const char *dir, const struct chance *chance, struct pubkey *out,
                         struct err *err);

/* The same, of a host that is there: nothing is made.  ERR_STATE where there is none. */
MUST_CHECK bool host_key_read(const char *dir, struct pubkey *out, struct err *err);

/* HOST_OWN: the founding act names this host's key.  HOST_ADOPT: the table of another host that was
 * lost (FORMAT 11): its leaves [0, w) are posted here like any acts, then the successions; until
 * the new term begins nothing is signed. */
enum host_role { HOST_OWN, HOST_ADOPT };

/* A new table from leaf 0.  The same founding again is fine. */
MUST_CHECK bool host_found(const char *dir, enum host_role role, struct bytes envelope,
                           struct bytes blob, struct table_id *out, struct err *err);

/* ERR_HOST when the directory has no such table; ERR_STATE with a mend when its record is behind
 * its guard: a restored copy. */
MUST_CHECK bool host_open(const char *dir, const struct table_id *table, struct host **out,
                          struct err *err);
void host_close(struct host *h); /* NULL is fine */

/* The tables of a directory, ascending. */
#define HOST_TABLES_MAX 10000u
MUST_CHECK bool host_tables(const char *dir, struct arena *mem, struct table_id **out,
                            size_t *out_count, struct err *err);

/* ---- writing ---- */

/* Notes one act, or finds that it is noted already: the same bytes get the same index.  Appends
 * the act's tlog-proof under the newest checkpoint (nothing while a succession is under way). */
MUST_CHECK bool host_post(struct host *h, struct bytes envelope, struct bytes blob,
                          uint64_t *out_index, struct buf *out_proof, struct err *err);

/* Notes several in order: one transaction, one flush, one signature.  out_index has count places.
 * At the first act refused it stops: false, err says why; *out_noted are noted all the same, and
 * out_note got the newest checkpoint.  count <= DOOR_BATCH_MAX.  workers may be NULL. */
MUST_CHECK bool host_post_all(struct host *h, const struct door_item *items, size_t count,
                              const struct door_workers *workers, uint64_t *out_index,
                              size_t *out_noted, struct buf *out_note, struct err *err);

/* ---- reading ---- */

struct host_pass {
    struct bytes token;
    uint64_t now; /* the host's clock */
};

/* The newest checkpoint note.  ERR_STATE while a succession is under way. */
MUST_CHECK bool host_checkpoint(struct host *h, const struct host_pass *pass, struct buf *out,
                                struct err *err);

/* Appends the envelopes from `from` on as an entry bundle (record/tile.h: tile_entry_next walks
 * it), at most count and at most HOST_ENTRIES_MAX; how many through out_count, 0 at the end. */
#define HOST_ENTRIES_MAX 256u
MUST_CHECK bool host_entries(struct host *h, const struct host_pass *pass, uint64_t from,
                             uint64_t count, struct buf *out, uint64_t *out_count, struct err *err);

/* ERR_STATE when there is none. */
MUST_CHECK bool host_blob(struct host *h, const struct host_pass *pass, const struct digest *sha,
                          struct buf *out, struct err *err);

/* 0 < old <= size <= the size of the newest checkpoint. */
MUST_CHECK bool host_consistency(struct host *h, const struct host_pass *pass, uint64_t old,
                                 uint64_t size, struct merkle_path *out, struct err *err);

/* One hash tile or entry bundle, as its path names it. */
MUST_CHECK bool host_tile(struct host *h, const struct host_pass *pass, const struct tile *tile,
                          struct buf *out, struct err *err);

/* How many acts are noted. */
MUST_CHECK bool host_size(struct host *h, uint64_t *out, struct err *err);

#endif
