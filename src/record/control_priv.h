/* SPDX-License-Identifier: Apache-2.0
 *
 * The bodies of slips by themselves: what somebody who is asked to sign one sees.
 */
#ifndef ENTENTE_RECORD_CONTROL_PRIV_H
#define ENTENTE_RECORD_CONTROL_PRIV_H

#include "base/cbor.h"
#include "record/control.h"

/* What is signed: tag, 0x00, body. */
#define SLIP_TAG "entente/v1/slip"
#define SEAT_SLIP_TAG "entente/v1/seat-slip"
#define NEW_ROOT_TAG "entente/v1/new-root"

/* Signatures of out stay unset. */
MUST_CHECK bool slip_body_decode(struct bytes body, struct slip *out, struct err *err);
MUST_CHECK bool seat_slip_body_decode(struct bytes body, struct seat_slip *out, struct err *err);
MUST_CHECK bool new_root_body_decode(struct bytes body, struct new_root *out, struct err *err);

/* What slips and a new root's paper share (record/slip.c): fields 1 to 7, the message that is signed,
 * the frame's first two parts, and signatures of the keys in it. */
#define SIGNATURE_BYTES 64u
#define SIGNATURE_ITEM 66u /* its CBOR head and itself */
void slip_fields_take(struct cbor *in, struct slip *out);
void slip_fields_put(size_t fields, const struct slip *s, struct buf *out);
void slip_message_put(const char *tag, struct bytes body, struct buf *out);
/* Body and the array of its keys' signatures, out of a frame that the caller has begun to read from
 * raw. */
void slip_signed_take(struct cbor *in, struct bytes raw, struct bytes *body,
                      struct bytes *signatures, size_t *count);
MUST_CHECK bool slip_keys_signed(const struct slip *s, const char *tag, struct err *err);
/* Public keys out of the signers, into s. */
MUST_CHECK bool slip_fill(struct slip *s, const struct signer *root,
                          const struct signer *const *seat_signers,
                          const struct signer *const *witness_signers,
                          const struct signer *const *successor_signers, struct err *err);
/* The array of all signatures over message. */
MUST_CHECK bool slip_signatures_put(const struct slip *s, struct bytes message,
                                    const struct signer *root,
                                    const struct signer *const *seat_signers,
                                    const struct signer *const *witness_signers,
                                    const struct signer *const *successor_signers, struct buf *out,
                                    struct err *err);

#endif
