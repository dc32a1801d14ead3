/* SPDX-License-Identifier: Apache-2.0
 *
 * A hostile host with members on its side: as many as it likes, often the witnesses of every side.
 * Each has a machine on each branch of the host's fork, with copies of the same keys and guards, and
 * countersigns both.
 *
 * What holds all the same: contradictory finals only where in every group some witness signed both;
 * then the records of two honest seats prove it of each such group (`collusion_is_proved`), and of
 * nobody else.
 */
#ifndef ENTENTE_TESTS_SIM_COLLUDE_H
#define ENTENTE_TESTS_SIM_COLLUDE_H

#include "sim/world.h"

/* The host of this run lies, and some seats are with it. */
bool colluders_begin(struct world *w);

/* The host has just forked: each of them stands on both branches from now on. */
bool colluders_split(struct world *w);

/* A step of one of them: mostly as an honest seat would, on whichever branch that machine is. */
bool colluder_acts(struct world *w, uint32_t seat);

/* At the end, so that both branches become final where they can. */
void colluders_sync(struct world *w);

#endif
