/* SPDX-License-Identifier: Apache-2.0
 *
 * The succession of the host (docs/FORMAT.md section 11) as acts of kind 6 come in: which roots it
 * needs, which have posted, when it is whole.  For those who read a log in order: the door, and
 * the checker of an excerpt.
 */
#ifndef ENTENTE_RECORD_SUCCESSION_PRIV_H
#define ENTENTE_RECORD_SUCCESSION_PRIV_H

#include "record/witness.h"

struct successions {
    bool under_way;
    struct succession what; /* size, root and host that the first of its acts named */
    uint32_t posted;        /* a bit for each side */
};

_Static_assert(SIDES_MAX <= 32, "a bit for each side");

/* May this act stand at index?  Its term, chain and cited root are the caller's to check. */
MUST_CHECK bool succession_allows(const struct successions *s, const struct keyring *ring,
                                  const struct witness_log *log, uint64_t index,
                                  const struct ring_author *author, const struct act *act,
                                  const struct succession *c, struct err *err);

/* Takes in what succession_allows let pass; the last one makes the new term.  Fails for want of
 * memory only, and then nothing has changed. */
MUST_CHECK bool succession_take(struct successions *s, struct keyring *ring,
                                const struct witness_log *log, uint32_t side,
                                const struct succession *c, struct err *err);

/* The sides, as bits, whose roots one that begins at w needs. */
uint32_t succession_sides(const struct keyring *ring, const struct witness_log *log, uint64_t w);

/* How many roots have still to post; 0 where none is under way. */
uint32_t succession_missing(const struct successions *s, const struct keyring *ring,
                            const struct witness_log *log);

/* The term that the next act must name; an act of kind 6 begins the next one. */
uint32_t succession_term(const struct successions *s, const struct keyring *ring,
                         enum control_kind kind);

#endif
