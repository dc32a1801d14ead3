/* SPDX-License-Identifier: Apache-2.0
 *
 * The payload of a read token by itself: what somebody who is asked to sign one sees.
 */
#ifndef ENTENTE_RECORD_TOKEN_PRIV_H
#define ENTENTE_RECORD_TOKEN_PRIV_H

#include "record/token.h"

struct token {
    struct table_id table;
    struct pubkey host;
    uint64_t not_after;
};

MUST_CHECK bool token_payload_decode(struct bytes payload, struct token *out, struct err *err);

#endif
