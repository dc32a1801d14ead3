/* SPDX-License-Identifier: Apache-2.0
 *
 * A principal's private limits for an envoy: for some issues, the options that the envoy may offer
 * or accept.  The mandate commits to them (FORMAT 12, field 9) without showing them; they are
 * enforced at the envoy's own desk and nowhere else.
 *
 *     CBOR: array of [issue id, [option, ...]], options ascending
 */
#ifndef ENTENTE_TABLE_LIMITS_H
#define ENTENTE_TABLE_LIMITS_H

#include "table/refusal.h"
#include "table/state.h"

struct limit {
    struct text issue;
    uint8_t options[TERMS_OPTIONS_MAX / 8]; /* bit i: option i is allowed */
};

struct limits {
    uint32_t count;
    struct limit *limits;
};

void limits_encode(const struct limits *l, struct buf *out);
MUST_CHECK bool limits_decode(struct bytes raw, struct arena *mem, struct limits *out,
                              struct err *err);

/* Is every option of the package, where there is a limit for its issue, an allowed one?  principal
 * is who can change it, for the words. */
MUST_CHECK bool limits_allow(const struct limits *l, const struct charter *c,
                             const struct package *p, struct text principal, struct refusal *out);

#endif
