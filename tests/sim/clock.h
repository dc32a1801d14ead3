/* SPDX-License-Identifier: Apache-2.0
 *
 * The clock of one machine: the true time and how far it is off.  It may be wrong from the start,
 * jump, be set back, be set right.
 */
#ifndef ENTENTE_TESTS_SIM_CLOCK_H
#define ENTENTE_TESTS_SIM_CLOCK_H

#include "lib/prop.h"
#include "os/clock.h"

/* No clock is further off than this and a minute. */
#define CLOCK_JUMP_SECONDS 18000u

struct sim_clock {
    struct clock clock; /* what the machine's program reads */
    int64_t off;        /* seconds */
};

/* As it reads at this true time. */
void sim_clock_set(struct sim_clock *c, uint64_t now);

/* A little wrong, as clocks are. */
void sim_clock_begin(struct sim_clock *c, struct prop *rnd);

/* Something happens to it; in words. */
const char *sim_clock_fault(struct sim_clock *c, struct prop *rnd);

#endif
