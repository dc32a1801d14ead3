/* SPDX-License-Identifier: Apache-2.0
 *
 * The bodies of slips by themselves: what somebody who is asked to sign one sees.
 */
#ifndef ENTENTE_RECORD_CONTROL_PRIV_H
#define ENTENTE_RECORD_CONTROL_PRIV_H

#include "record/control.h"

/* What is signed: tag, 0x00, body. */
#define SLIP_TAG "entente/v1/slip"
#define SEAT_SLIP_TAG "entente/v1/seat-slip"

/* Signatures of out stay unset. */
MUST_CHECK bool slip_body_decode(struct bytes body, struct slip *out, struct err *err);
MUST_CHECK bool seat_slip_body_decode(struct bytes body, struct seat_slip *out, struct err *err);

#endif
