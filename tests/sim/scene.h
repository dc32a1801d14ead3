/* SPDX-License-Identifier: Apache-2.0
 *
 * Set pieces: what chance brings about too seldom.  Each is a short play on a table of its own shape,
 * with the same machines, host and invariants as the runs; each is an attack, or an accident, that
 * one check stops (tests/sim/mutants.py switches it off).
 */
#ifndef ENTENTE_TESTS_SIM_SCENE_H
#define ENTENTE_TESTS_SIM_SCENE_H

#include "sim/world.h"

struct set_piece {
    const char *name;
    const char *shape;
    bool (*play)(struct world *w); /* false: the story tells which invariant does not hold */
};

extern const struct set_piece set_pieces[];
extern const uint32_t set_piece_count;

/* On an opened table of its shape. */
bool set_piece_play(struct world *w, const struct set_piece *p);

#endif
