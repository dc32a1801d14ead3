/* SPDX-License-Identifier: Apache-2.0
 *
 * Bringing a replica and its host together: post what waits, take in what is new, countersign what
 * this seat is witness for.  The host is believed in nothing: every act goes through the door, and
 * the tree that results must be the one that the host has signed.
 */
#ifndef ENTENTE_APP_SYNC_H
#define ENTENTE_APP_SYNC_H

#include "app/replica.h"

struct sync_report {
    uint64_t before; /* acts held */
    uint64_t after;
    uint64_t posted;
    uint64_t final; /* countersigned by every side */
    bool countersigned;
    uint64_t alarms;      /* acts that came in and say that their author takes another state for
                             final than this replica has for the same size */
    uint64_t first_alarm; /* the first that this replica has ever seen; INDEX_NEVER: none */
};

/* The whole of it.  ERR_HOST: out of reach.  ERR_VERIFY: the host contradicts itself or shows a
 * record that does not hold; what it signed is kept as evidence and nothing of it is believed. */
MUST_CHECK bool sync_replica(struct replica *r, struct sync_report *out, struct err *err);

/* Its parts: take in what the host has; repost what waits in the outbox and take it in; countersign
 * if there is something to countersign.  After a failure replica and handle are as they were, and
 * what the host signed and does not fit is evidence. */
MUST_CHECK bool sync_take(struct replica *r, struct err *err);
/* The record that r->link shows, under this note, in place of the one held here: the host has signed
 * both, and the sides agree which one to go on from.  What is given up is kept (app/succeed.h). */
MUST_CHECK bool sync_instead(struct replica *r, struct bytes note, struct err *err);
/* Takes in leaf 0 from its founder's hand: until a seat is admitted the host shows it nothing. */
MUST_CHECK bool sync_founding(struct replica *r, struct bytes envelope, struct bytes founding,
                              struct err *err);
MUST_CHECK bool sync_outbox(struct replica *r, uint64_t *out_posted, struct err *err);
/* Taken in, and nothing waits: what an act of ours begins with. */
MUST_CHECK bool sync_settle(struct replica *r, struct err *err);
MUST_CHECK bool sync_countersign(struct replica *r, bool *out_did, struct err *err);

/* The note that the host gave for an act of ours; sync_hidden keeps it as evidence when the record
 * that the host shows afterwards lacks the act, and says so. */
void sync_promise(struct replica *r, struct bytes note);
bool sync_hidden(struct replica *r, struct err *err);

#endif
