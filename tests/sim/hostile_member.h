/* SPDX-License-Identifier: Apache-2.0
 *
 * Members that cheat: tampered clients, false clocks, old `seen`, garbage keys of rooms, acts in
 * the wrong room or under the wrong key, seals to some, papers shown twice, withheld countersigns,
 * backups put back, machines cloned, stolen seats.
 */
#ifndef ENTENTE_TESTS_SIM_HOSTILE_MEMBER_H
#define ENTENTE_TESTS_SIM_HOSTILE_MEMBER_H

#include "sim/world.h"

/* One seat of this run cheats; another machine of the same keys may stand beside it. */
bool members_begin(struct world *w);

/* A step of a seat that cheats. */
bool member_misbehaves(struct world *w, uint32_t seat);

/* A second machine with the keys and the folder of this one; its number, or WORLD_SEAT_NONE. */
uint32_t member_clone(struct world *w, uint32_t seat);

#endif
