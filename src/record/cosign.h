/* SPDX-License-Identifier: Apache-2.0
 *
 * C2SP tlog-cosignature (cosignature/v1) lines, and the blob of a countersign act: a checkpoint
 * note with exactly the host's line and one witness's line, in that order.
 */
#ifndef ENTENTE_RECORD_COSIGN_H
#define ENTENTE_RECORD_COSIGN_H

#include "record/checkpoint.h"
#include "record/control.h"

/* Appends "— name base64(key id || time(8) || signature)\n" over the checkpoint body.  witness is
 * a signer of type KEY_WITNESS.  Persist before sending: record/door.h, FORMAT 6. */
MUST_CHECK bool cosign_put(struct bytes body, struct bytes name, uint64_t time,
                           const struct signer *witness, struct buf *out, struct err *err);

/* True iff line is witness pk's, under that name, over body; its time through out. */
MUST_CHECK bool cosign_line_check(const struct note_line *line, struct bytes body,
                                  struct bytes name, const struct pubkey *pk, uint64_t *out_time);

/* Makes the blob of a countersign act from the host's note (host line first, others dropped). */
MUST_CHECK bool countersign_make(struct bytes host_note, const struct table_id *table,
                                 uint64_t witness_number, uint64_t time,
                                 const struct signer *witness, struct buf *out, struct err *err);

/* Form only: two lines, named for the checkpoint's own table; no signature is checked. */
MUST_CHECK bool countersign_parse(struct bytes blob, struct countersign *out, struct err *err);

/* Both signatures. */
MUST_CHECK bool countersign_check(struct bytes blob, const struct pubkey *host,
                                  const struct pubkey *witness, struct err *err);

#endif
