/* SPDX-License-Identifier: Apache-2.0
 *
 * Papers: small files that people hand to each other beside the record.  Each says what it is, so
 * that the wrong one is refused by name.
 *
 *     CBOR [ tstr "entente", tstr kind, bstr content ]
 */
#ifndef ENTENTE_APP_PAPER_H
#define ENTENTE_APP_PAPER_H

#include "base/buf.h"
#include "base/text.h"

#define PAPER_BYTES_MAX (1u << 20)

enum paper_kind {
    PAPER_INVITATION, /* to join a table */
    PAPER_SLIP,       /* a side joins */
    PAPER_SEAT_SLIP,  /* a seat joins its side */
    PAPER_REQUEST,    /* for a principal to sign */
    PAPER_SIGNED,     /* what he signed */
    PAPER_NEW_ROOT,   /* another principal for a side, signed by its successors */
};

/* "an invitation" */
const char *paper_words(enum paper_kind kind);

void paper_put(enum paper_kind kind, struct bytes content, struct buf *out);

/* name is the file's, for errors.  Borrows raw. */
MUST_CHECK bool paper_parse(struct bytes raw, const char *name, enum paper_kind *out_kind,
                            struct bytes *out, struct err *err);

#endif
