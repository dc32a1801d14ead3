/* SPDX-License-Identifier: Apache-2.0
 *
 * The one call that signs bytes, for the typed sign functions of this layer alone: each makes its
 * message itself, under a purpose of its own.
 */
#ifndef ENTENTE_RECORD_SIGNER_PRIV_H
#define ENTENTE_RECORD_SIGNER_PRIV_H

#include "record/signer.h"

/* Fails where guarded memory or the agent does; a remote signer's answer is verified here. */
MUST_CHECK bool signer_sign(const struct signer *s, struct bytes message, struct signature *out,
                            struct err *err);

#endif
