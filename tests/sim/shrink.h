/* SPDX-License-Identifier: Apache-2.0
 *
 * A run that fails, with as few steps as still make the same invariant fail.
 */
#ifndef ENTENTE_TESTS_SIM_SHRINK_H
#define ENTENTE_TESTS_SIM_SHRINK_H

#include "sim/run.h"

/* plan fails.  left_out has plan->steps places; at most `tries` runs are played.  Afterwards the
 * story is that of the shortest run found.  How many steps are left. */
uint32_t shrink(struct world *w, const struct run_plan *plan, bool *left_out, uint32_t tries);

#endif
