/* SPDX-License-Identifier: Apache-2.0
 *
 * The envelope of an act: the leaf of the log (docs/FORMAT.md section 5).  COSE_Sign1 over twelve
 * fields, at most 4 KiB; its content is elsewhere, in a blob that field 7 names by digest.
 *
 *     18([ bstr {1:-8, 4:kid16}, {}, bstr {1: v, 2: table, ... 12: tag}, bstr 64 ])
 *
 * A decoded act is canonical: its raw bytes are the only encoding of its fields.  Nothing here has
 * been verified against a key; `struct verified_act` (record/door.h) is the checked thing.
 */
#ifndef ENTENTE_RECORD_ACT_H
#define ENTENTE_RECORD_ACT_H

#include "base/buf.h"
#include "record/control_kind.h"
#include "record/id.h"
#include "record/signer.h"

struct act {
    struct kid16 kid; /* of the author; act_sign takes it from the signer */
    struct table_id table;
    uint64_t n;
    struct leaf_hash prev; /* zeros when n = 0 */
    uint64_t seen_size;
    struct root_hash seen_root;
    struct digest blob;
    uint64_t blob_length;
    struct digest commit;
    uint32_t term;
    enum control_kind control;
    struct act_tag tag;
    /* Views into the decoded bytes; unset in an act that is to be signed. */
    struct bytes raw;
    struct bytes payload;
    struct bytes signature;
};

/* Checks form, ceilings and canonical encoding.  out borrows raw. */
MUST_CHECK bool act_decode(struct bytes raw, struct act *out, struct err *err);

/* The payload map of the fields (kid is not among them). */
void act_encode_payload(const struct act *a, struct buf *out);

/* Appends the whole signed envelope to out. */
MUST_CHECK bool act_sign(const struct act *a, const struct signer *s, struct buf *out,
                         struct err *err);

/* True iff the signature is pk's over this act. */
MUST_CHECK bool act_signed_by(const struct act *a, const struct pubkey *pk);

#endif
