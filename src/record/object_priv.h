/* SPDX-License-Identifier: Apache-2.0
 *
 * The payload of a signed object by itself: what somebody who is asked to sign one sees.
 */
#ifndef ENTENTE_RECORD_OBJECT_PRIV_H
#define ENTENTE_RECORD_OBJECT_PRIV_H

#include "record/object.h"

/* mem NULL: form only, out->issues stays NULL. */
MUST_CHECK bool object_payload_decode(enum object_kind kind, struct bytes payload,
                                      struct arena *mem, struct object *out, struct err *err);

/* The kind whose external_aad this is; false where none has it. */
MUST_CHECK bool object_kind_of_aad(struct bytes aad, enum object_kind *out);

#endif
