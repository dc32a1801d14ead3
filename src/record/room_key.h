/* SPDX-License-Identifier: Apache-2.0
 *
 * The key of a room: what an epoch's secret is made into before it is used (FORMAT 8).  Table, room
 * and number go into it: one secret given to two rooms, or twice to one, makes different keys, so a
 * key names one epoch and nobody can make an act stand in two rooms.
 */
#ifndef ENTENTE_RECORD_ROOM_KEY_H
#define ENTENTE_RECORD_ROOM_KEY_H

#include "base/text.h"
#include "record/id.h"

#define ROOM_KEY_BYTES 32u

/* The X25519 secret; as secret as what it is made of.  room: at most NAME_MAX_BYTES. */
void room_key_of(const uint8_t secret[static ROOM_KEY_BYTES], const struct table_id *table,
                 struct text room, uint32_t number, uint8_t out[static ROOM_KEY_BYTES]);

#endif
