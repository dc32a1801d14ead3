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

/* One whose secret is in another process (the agent), which looks at what it is asked to sign and
 * refuses what is no message of this protocol for a key of this type. */
typedef bool signer_ask(void *ctx, enum key_type type, const struct pubkey *pk,
                        struct bytes message, struct signature *out, struct err *err);
MUST_CHECK bool signer_new_remote(enum key_type type, const struct pubkey *pk, signer_ask *ask,
                                  void *ctx, struct signer **out, struct err *err);

/* The agent's side of that: is this a message that a key of this type may sign?  Parses it whole:
 * an envelope's, slip's, cosignature's, checkpoint's, object's or token's bytes to be signed. */
MUST_CHECK bool signer_message_ok(enum key_type type, struct bytes message, struct err *err);

enum key_type signer_type(const struct signer *s);
struct pubkey signer_pk(const struct signer *s);
struct kid signer_kid(const struct signer *s);

#endif
