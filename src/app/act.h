/* SPDX-License-Identifier: Apache-2.0
 *
 * Filing one act: the desk looks first, and what it stops has left no trace; then the room gets a
 * fresh key if its members have changed, the act is sealed, signed, posted and taken in again.
 *
 * The caller fills a payload (table/payload.h: kind, room and items); everything else is done here.
 */
#ifndef ENTENTE_APP_ACT_H
#define ENTENTE_APP_ACT_H

#include "app/envelope.h"
#include "app/sync.h"

/* ACT_UNCHECKED leaves the desk out: what a tampered program would do.  For the demo and tests,
 * which show what the record makes of it. */
enum act_desk { ACT_CHECKED, ACT_UNCHECKED };

/* ERR_RULE: stopped at the desk: nothing left the machine.  out_index may be NULL.  p may name words of
 * the state, which are copied first; what else was taken from the fold before is not to be used after
 * it: acts that come in may have made the fold anew. */
MUST_CHECK bool act_file(struct replica *r, enum act_desk desk, const struct payload *p,
                         uint64_t *out_index, struct err *err);

/* The desk's look alone. */
MUST_CHECK bool act_look(struct replica *r, const struct payload *p, struct refusal *out);

/* A refusal as an error: what, rule, mend. */
bool act_refused(const struct refusal *r, struct err *err);

/* Why an act of ours is void on the record after all, or true. */
MUST_CHECK bool act_counts(const struct replica *r, uint64_t index, struct err *err);

/* The principal's word on something, signed by the root's key; views in mem. */
MUST_CHECK bool act_sign_object(struct replica *r, const struct object *o, struct arena *mem,
                                struct bytes *out, struct err *err);

/* Signs the charter as it stands with all who have joined, and files it. */
MUST_CHECK bool act_sign_charter(struct replica *r, uint64_t *out_index, struct err *err);

/* Signs and files: a mandate with private limits (count 0: none; also filed at home), its
 * revocation, a ratification. */
struct mandate_request {
    uint32_t seat;
    uint32_t powers;
    uint32_t issue_count; /* 0: all */
    struct text *issues;
    uint64_t seconds;            /* from now */
    const struct limits *limits; /* or NULL */
};
MUST_CHECK bool act_mandate(struct replica *r, const struct mandate_request *m, uint64_t *out_index,
                            struct err *err);
MUST_CHECK bool act_revoke(struct replica *r, const struct digest *mandate, uint64_t *out_index,
                           struct err *err);
MUST_CHECK bool act_ratify(struct replica *r, const struct proposal_state *p, uint64_t *out_index,
                           struct err *err);

/* A fresh key for a room that has one, where its members have changed since and this seat may give it
 * one; else nothing. */
MUST_CHECK bool act_rekey(struct replica *r, struct room room, struct err *err);

/* Names the side's witness and introduces this seat, where that is still to be done. */
MUST_CHECK bool act_settle_in(struct replica *r, struct err *err);

/* Shares with seats just admitted what they need to read the table: the charter, and, where they
 * are of our own side or told so, the past keys of the plenary and the monitors' room. */
MUST_CHECK bool act_share(struct replica *r, const uint32_t *seats, uint32_t count,
                          struct err *err);

#endif
