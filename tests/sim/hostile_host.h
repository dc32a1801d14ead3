/* SPDX-License-Identifier: Apache-2.0
 *
 * A host that lies: real host code, and somebody who owns its folder and its wire.  It forks the
 * table and shows seats one branch or the other, goes back to an old copy, freezes a seat, shows
 * it an old checkpoint, holds posts and lets each go when it likes, loses them, says that it
 * refused them, promises and hides them, keeps out one seat, bends bytes; it may have members on
 * its side, whose machines it runs on both branches.
 */
#ifndef ENTENTE_TESTS_SIM_HOSTILE_HOST_H
#define ENTENTE_TESTS_SIM_HOSTILE_HOST_H

#include "sim/world.h"

/* The host of this run lies. */
bool liar_new(struct world *w);
void liar_free(struct world *w); /* it was honest: fine */

/* It does something. */
bool liar_step(struct world *w);

/* Which branch this seat sees. */
/* It forks the table now; everybody stays on the first branch.  False: the copy cannot be opened. */
bool liar_forks(struct world *w);
void liar_places(struct world *w, uint32_t seat, bool other);

/* It stops doing new things; what it shows stays as it is. */
void liar_rests(struct world *w);

/* For a search.  This seat is shown what it saw last, or the newest.  The next post that has no
 * plan yet is: 0 noted, 1 held until the next move is over, 2 for three moves, 3 lost.  A move is
 * over. */
void liar_shows(struct world *w, uint32_t seat, bool old);
void liar_plans(struct world *w, uint32_t fate);
void liar_lets_go(struct world *w);

/* A failure of an honest seat: may a host bring it about? */
bool liar_failure_fits(struct world *w, uint32_t seat);

/* Calls of a seat's link. */
bool liar_checkpoint(struct world *w, uint32_t seat, const struct host_pass *pass, struct buf *out,
                     struct err *err);
bool liar_entries(struct world *w, uint32_t seat, const struct host_pass *pass, uint64_t from,
                  uint64_t count, struct buf *out, uint64_t *out_count, struct err *err);
bool liar_blob(struct world *w, uint32_t seat, const struct host_pass *pass,
               const struct digest *sha, struct buf *out, struct err *err);
bool liar_post(struct world *w, uint32_t seat, const struct door_item *items, size_t count,
               uint64_t *out_index, size_t *out_noted, struct buf *out_note, struct err *err);

#endif
