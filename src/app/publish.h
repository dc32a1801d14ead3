/* SPDX-License-Identifier: Apache-2.0
 *
 * The record for outsiders: an excerpt that anybody can check, the policy and the proofs that other
 * people's tools read.
 */
#ifndef ENTENTE_APP_PUBLISH_H
#define ENTENTE_APP_PUBLISH_H

#include "app/replica.h"

#define PUBLISH_ACTS_MAX 4096u

struct published {
    uint64_t size;      /* of the tree of its proofs */
    uint32_t shown;     /* acts that it shows */
    uint32_t acts;      /* all that it holds: those and what proves them */
    uint32_t signed_by; /* bits: groups whose lines stand on its checkpoint */
    uint64_t bytes;
};

/* Writes the acts of these indexes to a new file.  ERR_RULE, and who: a delegation that sits in the
 * room of one of them has not agreed to publish it; an act that carries keys is never published.
 * What was written has been checked as an outsider checks it.  The indexes may come in any order;
 * doubles count once. */
MUST_CHECK bool publish_excerpt(struct replica *r, const uint64_t *indexes, size_t count,
                                const char *path, struct published *out, struct err *err);

/* May it be published?  The same refusals.  For act `index`, opened. */
MUST_CHECK bool publish_allowed(struct replica *r, uint64_t index, struct err *err);

/* The tlog-policy of the record as it stands, appended to out. */
MUST_CHECK bool publish_policy(struct replica *r, struct buf *out, struct err *err);

/* The tlog-proof of an act, under the newest checkpoint that every group's final prefix has reached
 * where there is one with all their lines; else under the newest one. */
MUST_CHECK bool publish_proof(struct replica *r, uint64_t index, struct buf *out, struct err *err);

#endif
