/* SPDX-License-Identifier: Apache-2.0
 *
 * COSE_Sign1 (RFC 9052) in the one form that this format has (docs/FORMAT.md sections 5 and 12):
 *
 *     18([ bstr {1: -8, 4: kid16}, {}, bstr payload, bstr 64 ])
 *
 * signed over the Sig_structure ["Signature1", protected, external_aad, payload].  The external
 * aad names what is signed ("entente/v1/act", ...), so no signature serves two purposes.
 */
#ifndef ENTENTE_RECORD_COSE_PRIV_H
#define ENTENTE_RECORD_COSE_PRIV_H

#include "base/buf.h"
#include "record/id.h"
#include "record/signer.h"

#define COSE_AAD_ACT "entente/v1/act"
#define COSE_AAD_READ "entente/v1/read"
#define COSE_AAD_PREFIX "entente/v1/" /* of an object: followed by its word */

/* What the frame and the Sig_structure add to a payload, at most. */
#define COSE_FRAME_MAX 128u

struct cose {
    struct kid16 kid;
    struct bytes payload;   /* these two borrow the decoded bytes */
    struct bytes signature; /* 64 bytes */
};

/* Form only.  what names the thing in an error. */
MUST_CHECK bool cose_decode(struct bytes raw, const char *what, struct cose *out, struct err *err);

/* The bytes that are signed, appended to out. */
void cose_message(const struct kid16 *kid, const char *aad, struct bytes payload, struct buf *out);

/* The other way round, for those who are asked to sign such bytes. */
struct cose_asked {
    struct kid16 kid;
    struct bytes aad;
    struct bytes payload;
};
MUST_CHECK bool cose_message_decode(struct bytes message, struct cose_asked *out, struct err *err);

/* Signs payload under the aad and appends the whole frame to out; what names it in an error. */
MUST_CHECK bool cose_sign(struct bytes payload, const char *aad, const struct signer *s,
                          const char *what, struct buf *out, struct err *err);

/* True iff the signature is pk's.  payload is at most ENVELOPE_MAX bytes: nothing is allocated. */
MUST_CHECK bool cose_small_signed_by(const struct cose *c, const char *aad,
                                     const struct pubkey *pk);

/* The same for a payload of any length.  ERR_VERIFY, or ERR_MEMORY. */
MUST_CHECK bool cose_verify(const struct cose *c, const char *aad, const struct pubkey *pk,
                            const char *what, struct err *err);

#endif
