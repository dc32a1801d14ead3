/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle (docs/FORMAT.md section 13): the whole record in one file, to carry it where no host can
 * be reached, or to keep it.  Written and read piece by piece: a record larger than memory passes.
 *
 *     bundle_out(replica, path)      what the replica holds, up to its newest checkpoint
 *     bundle_in(replica, path)       what it lacks, through the same door as from a host
 *     bundle_open, bundle_walk       every act and file of one, checked by whoever has a door
 */
#ifndef ENTENTE_APP_BUNDLE_H
#define ENTENTE_APP_BUNDLE_H

#include "app/replica.h"
#include "record/bundle.h"

struct bundle_facts {
    uint64_t size;
    struct root_hash root;
    uint64_t final;
    uint64_t taken; /* acts that the replica lacked; bundle_in */
};

/* A new file: ERR_STATE where the name is taken, or while the replica has no checkpoint.  The same
 * record gives the same bytes wherever it is written. */
MUST_CHECK bool bundle_out(struct replica *r, const char *path, struct bundle_facts *out,
                           struct err *err);

/* BUNDLE_INSTEAD: where the two contradict each other, what it has takes the place of what is held, down
 * to the floor (app/succeed.h): before the table goes on at a new host. */
enum bundle_way { BUNDLE_MORE, BUNDLE_INSTEAD };

/* Takes in what the replica lacks.  A bundle that is older than the replica must be the beginning
 * of it.  ERR_VERIFY where it contradicts what is held: its checkpoint is kept as evidence. */
MUST_CHECK bool bundle_in(struct replica *r, const char *path, enum bundle_way way,
                          struct bundle_facts *out, struct err *err);

/* One that is open: its files are known by place, none is held in memory. */
struct bundle {
    struct file_in file;
    struct bytes note;       /* the checkpoint */
    struct checkpoint cp;    /* what it says; nothing is proven yet */
    struct buf blobs, tiles; /* where they are */
};

/* Form alone: the archive, the names, that every tile of the size is there and no other file.  note
 * is in mem.  ERR_FORMAT, ERR_LIMIT. */
MUST_CHECK bool bundle_open(const char *path, struct arena *mem, struct bundle *out,
                            struct err *err);
void bundle_close(struct bundle *b); /* {.file = FILE_IN_CLOSED} is fine */

/* Admits all its acts to a door that is empty, with DOOR_CHECK, and compares hash tiles, blobs and
 * checkpoint with what the door then knows.  scratch is for one batch at a time. */
MUST_CHECK bool bundle_walk(struct bundle *b, struct door *door, const struct door_workers *workers,
                            struct arena *scratch, door_sink *sink, void *sink_ctx,
                            struct err *err);

#endif
