/* SPDX-License-Identifier: Apache-2.0
 *
 * The roster: which sides have joined, by their root keys, and which witnesses countersign for each.
 * A principal signs the charter over its digest (docs/FORMAT.md sections 2 and 12); who has its bytes
 * can tell in words what is signed.
 *
 *     CBOR: array, ascending by side, of [side, root kid, k, [witness pk, ...]]
 */
#ifndef ENTENTE_RECORD_ROSTER_H
#define ENTENTE_RECORD_ROSTER_H

#include "record/keyring.h"

#define ROSTER_BYTES_MAX (SIDES_MAX * (64 + GROUP_WITNESSES_MAX * 40))

struct roster_side {
    uint32_t side;
    struct kid root;
    uint32_t needed; /* of its witnesses; 0: none is named */
    uint32_t count;
    struct pubkey witnesses[GROUP_WITNESSES_MAX];
};

struct roster {
    uint32_t count;
    struct roster_side sides[SIDES_MAX];
};

/* As of the prefix `at`. */
void roster_at(const struct keyring *ring, uint64_t at, struct roster *out);

void roster_encode(const struct roster *r, struct buf *out);

/* Form only: whether it is that of a table its digest tells. */
MUST_CHECK bool roster_decode(struct bytes raw, struct roster *out, struct err *err);

/* H("entente/v1/roster"; bytes). */
struct digest roster_digest(struct bytes raw);
MUST_CHECK bool roster_digest_at(const struct keyring *ring, uint64_t at, struct digest *out,
                                 struct err *err);

#endif
