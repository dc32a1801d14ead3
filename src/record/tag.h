/* SPDX-License-Identifier: Apache-2.0
 *
 * The tag by which members of a room recognise its acts without trying keys (FORMAT 8).
 */
#ifndef ENTENTE_RECORD_TAG_H
#define ENTENTE_RECORD_TAG_H

#include "record/id.h"

/* Derived from the key of a room (record/room_key.h); as secret as that: wipe with tag_key_wipe. */
struct tag_key {
    uint8_t k[32];
};

void tag_key_of(const uint8_t room_key[static 32], struct tag_key *out);
void tag_key_wipe(struct tag_key *k);

struct act_tag tag_make(const struct tag_key *k, const struct kid *author, uint32_t term,
                        uint64_t n);

#endif
