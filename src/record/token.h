/* SPDX-License-Identifier: Apache-2.0
 *
 * The read token: COSE_Sign1, external_aad "entente/v1/read", payload {1: table, 2: host key,
 * 3: not after}, signed by a seat.  A host answers reads of seats that are admitted and not
 * revoked, for at most 24 hours a token.
 */
#ifndef ENTENTE_RECORD_TOKEN_H
#define ENTENTE_RECORD_TOKEN_H

#include "record/keyring.h"

#define TOKEN_SECONDS_MAX 86400u
#define TOKEN_BYTES_MAX 512u

MUST_CHECK bool token_sign(const struct table_id *table, const struct pubkey *host,
                           uint64_t not_after, const struct signer *seat, struct buf *out,
                           struct err *err);

/* now is the host's clock.  Gives the seat's number. */
MUST_CHECK bool token_check(struct bytes raw, const struct keyring *ring, uint64_t at,
                            const struct pubkey *host, uint64_t now, uint32_t *out_seat,
                            struct err *err);

/* The table that a token is for, before anything is checked: which door to ask. */
MUST_CHECK bool token_table(struct bytes raw, struct table_id *out, struct err *err);

#endif
