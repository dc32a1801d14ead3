/* SPDX-License-Identifier: Apache-2.0
 *
 * Rooms: sets of people who can read the same acts.  All follow from the charter: a home for each
 * side, a shuttle between the mediation and each party, the plenary, the principals' room, the
 * monitors' room (where there are monitors), one room for each consulted side.
 */
#ifndef ENTENTE_TABLE_ROOM_H
#define ENTENTE_TABLE_ROOM_H

#include "record/keyring.h"
#include "table/charter.h"
#include "table/kind.h"

struct room {
    enum room_kind kind;
    uint32_t side; /* HOME, SHUTTLE, CONSULT; 0 in the others */
};

#define ROOM_NAME_MAX 48u
#define ROOMS_MAX 128u

static inline bool room_eq(struct room a, struct room b)
{
    return a.kind == b.kind && a.side == b.side;
}

/* Does every party and the mediation sit in it? */
static inline bool room_shared(struct room r)
{
    return ((uint32_t)r.kind & ROOMS_SHARED) != 0;
}

/* "shuttle/kestria"; out holds ROOM_NAME_MAX. */
void room_name(const struct charter *c, struct room r, char *out);

/* False where the charter has no such room. */
MUST_CHECK bool room_parse(const struct charter *c, struct text name, struct room *out);

/* Does that side sit in it?  (ROOM_PRINCIPALS: with its principal alone.) */
bool room_has_side(const struct charter *c, struct room r, uint32_t side);
bool room_has_seat(const struct charter *c, struct room r, const struct ring_seat *seat);

/* All rooms of the charter, at most ROOMS_MAX into out. */
uint32_t room_list(const struct charter *c, struct room *out);

/* Seat numbers of the members, as of prefix `at`: ascending by kid.  out holds SEATS_MAX. */
uint32_t room_members(const struct charter *c, const struct keyring *ring, struct room r,
                      uint64_t at, uint32_t *out);

/* The number of the room's membership as of prefix `at`: how many acts below it have changed who sits
 * in the room.  0: nobody ever sat in it.  It is the number of the key that the room may have then
 * (FORMAT 8). */
uint32_t room_membership(const struct charter *c, const struct keyring *ring, struct room r,
                         uint64_t at);

#endif
