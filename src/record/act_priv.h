/* SPDX-License-Identifier: Apache-2.0
 *
 * The payload of an envelope by itself: what somebody who is asked to sign one sees.
 */
#ifndef ENTENTE_RECORD_ACT_PRIV_H
#define ENTENTE_RECORD_ACT_PRIV_H

#include "record/act.h"

/* The twelve fields; kid, raw and signature of out stay zero. */
MUST_CHECK bool act_payload_decode(struct bytes payload, struct act *out, struct err *err);

/* Who signs acts of this kind. */
enum key_type control_author(enum control_kind kind);

/* May a key of this type?  An act of keys may be a seat's, too: a new root's paper speaks for itself,
 * and is posted by whatever seat is at hand. */
bool control_may_author(enum control_kind kind, enum key_type type);

#endif
