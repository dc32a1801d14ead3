/* SPDX-License-Identifier: Apache-2.0
 *
 * One run: steps drawn from a seed, invariants after each, an end at which everybody can talk.
 */
#ifndef ENTENTE_TESTS_SIM_RUN_H
#define ENTENTE_TESTS_SIM_RUN_H

#include "sim/world.h"

enum hostility {
    HOSTILE_NONE,
    HOSTILE_HOST,
    HOSTILE_MEMBER,
    HOSTILE_BOTH,
    HOSTILE_LEFT,
    HOSTILE_DISK
};

#define RUN_STEPS_MAX 4096u

struct run_plan {
    uint64_t seed;
    uint32_t steps;
    enum hostility hostility;
    const bool *left_out; /* steps that are not played; NULL: all are */
    bool silent;
    const char *logs; /* folder for the record as JSON lines; NULL: it is not written */
};

/* True: every invariant holds.  False: w->story has the failure. */
bool run_play(struct world *w, const struct run_plan *plan);

#endif
