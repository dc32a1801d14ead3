/* SPDX-License-Identifier: Apache-2.0
 *
 * A checkpoint (C2SP tlog-checkpoint): origin, size and root of the tree, in a note that the host
 * has signed.  The origin is entente/<hex table id>/<term>; there is no extension line.
 */
#ifndef ENTENTE_RECORD_CHECKPOINT_H
#define ENTENTE_RECORD_CHECKPOINT_H

#include "record/note.h"
#include "record/signer.h"

#define ORIGIN_MAX 96u

struct checkpoint {
    struct table_id table;
    uint32_t term;
    uint64_t size;
    struct root_hash root;
};

/* entente/<hex>/<term> and entente/<hex>/w/<number>, NUL-terminated; out holds ORIGIN_MAX. */
void origin_name(const struct table_id *table, uint32_t term, char *out);
void witness_name(const struct table_id *table, uint64_t number, char *out);

/* The three lines. */
void checkpoint_body(const struct checkpoint *cp, struct buf *out);
MUST_CHECK bool checkpoint_parse(struct bytes body, struct checkpoint *out, struct err *err);

/* Appends the whole note: body, empty line, host line.  host is a signer of type KEY_HOST. */
MUST_CHECK bool checkpoint_sign(const struct checkpoint *cp, const struct signer *host,
                                struct buf *out, struct err *err);

/* True iff the first line of the note is this host's over its body, and no further line under the
 * host's name and key id is wrong. */
MUST_CHECK bool checkpoint_host_line(const struct note *note, const struct checkpoint *cp,
                                     const struct pubkey *host);

/* Decodes the note, takes its body apart, checks the host's line.  Which tree it speaks of is for
 * the caller to compare (record/door.h: door_checkpoint). */
MUST_CHECK bool checkpoint_check(struct bytes note, const struct pubkey *host,
                                 struct checkpoint *out, struct err *err);

#endif
