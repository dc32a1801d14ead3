/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/clock.h"

#define USUAL_SECONDS 90u

void sim_clock_set(struct sim_clock *c, uint64_t now)
{
    uint64_t off = (uint64_t)(c->off < 0 ? -c->off : c->off);
    clock_set(&c->clock, c->off < 0 ? now - off : now + off);
}

static int64_t around(struct prop *rnd, uint64_t most)
{
    int64_t v = (int64_t)prop_below(rnd, most + 1);
    return prop_one_in(rnd, 2) ? -v : v;
}

void sim_clock_begin(struct sim_clock *c, struct prop *rnd)
{
    c->clock = clock_simulated(0);
    c->off = around(rnd, USUAL_SECONDS);
}

const char *sim_clock_fault(struct sim_clock *c, struct prop *rnd)
{
    switch (prop_below(rnd, 4)) {
    case 0:
        c->off = 60 + (int64_t)prop_below(rnd, CLOCK_JUMP_SECONDS);
        return "jumps ahead";
    case 1:
        c->off = -60 - (int64_t)prop_below(rnd, CLOCK_JUMP_SECONDS);
        return "is set back";
    default:
        c->off = around(rnd, USUAL_SECONDS);
        return "is set right";
    }
}
