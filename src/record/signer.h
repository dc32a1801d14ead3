/* SPDX-License-Identifier: Apache-2.0
 *
 * Somebody who can sign: an Ed25519 key pair of one type, its secret half in guarded memory.  It
 * signs typed things only (act_sign, slip_sign, checkpoint_sign, cosign_sign, object_sign,
 * token_sign); there is no call that signs bytes of a caller's choice.  Layers that hold a
 * signer see no key.
 */
#ifndef ENTENTE_RECORD_SIGNER_H
#define ENTENTE_RECORD_SIGNER_H

#include "base/err.h"
#include "record/id.h"

struct signer;

/* From 32 seed bytes, which the caller wipes.  Owned by the caller; signer_free(NULL) is fine. */
MUST_CHECK bool signer_new(enum key_type type, const uint8_t seed[static 32], struct signer **out,
                           struct err *err);
void signer_free(struct signer *s);

enum key_type signer_type(const struct signer *s);
struct pubkey signer_pk(const struct signer *s);
struct kid signer_kid(const struct signer *s);

#endif
