/* SPDX-License-Identifier: Apache-2.0
 *
 * A search over what a hostile host can choose in small scenes: of each act that matters whether it
 * is noted at once, or after the next move, or three moves later, or lost; of each seat whether it
 * is shown the newest record before it acts, or what it saw last.  Every choice is played, or an
 * even part of them; none may gain what the scene names.
 */
#ifndef ENTENTE_TESTS_SIM_SEARCH_H
#define ENTENTE_TESTS_SIM_SEARCH_H

#include "sim/world.h"

/* At most `most` choices a scene; how many were played.  False: the story tells which one gains
 * what. */
bool search_scenes(struct world *w, uint64_t most, uint64_t *out_played);

/* The shape of table that the scenes are played at. */
#define SEARCH_SHAPE "pair"

#endif
