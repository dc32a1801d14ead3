/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/shrink.h"

/* Each step draws from its own seed, so leaving one out changes the others only through what they
 * find.  Chunks of halving length are left out while the failure keeps its name. */

static bool fails_alike(struct world *w, const struct run_plan *plan, const bool *left_out,
                        const char *name)
{
    struct run_plan p = *plan;
    p.left_out = left_out;
    p.silent = true;
    return !run_play(w, &p) && strcmp(w->story.failure, name) == 0;
}

static uint32_t kept(const bool *left_out, uint32_t steps)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < steps; i++) {
        n += !left_out[i];
    }
    return n;
}

uint32_t shrink(struct world *w, const struct run_plan *plan, bool *left_out, uint32_t tries)
{
    char name[sizeof(w->story.failure)];
    bool trial[RUN_STEPS_MAX];
    uint32_t last = w->story.step; /* nothing behind the failing step is needed */
    struct run_plan p = *plan;
    memcpy(name, w->story.failure, sizeof(name));
    for (uint32_t i = 0; i < plan->steps; i++) {
        left_out[i] = i >= last;
    }
    for (uint32_t chunk = plan->steps; chunk > 0 && tries > 0; chunk /= 2) {
        bool again = true;
        while (again && tries > 0) {
            again = false;
            for (uint32_t at = 0; at < plan->steps && tries > 0; at += chunk) {
                bool any = false;
                memcpy(trial, left_out, plan->steps * sizeof(*trial));
                for (uint32_t i = at; i < plan->steps && i < at + chunk; i++) {
                    any = any || !trial[i];
                    trial[i] = true;
                }
                if (!any) {
                    continue;
                }
                tries--;
                if (fails_alike(w, plan, trial, name)) {
                    memcpy(left_out, trial, plan->steps * sizeof(*trial));
                    again = chunk == 1;
                }
            }
        }
    }
    p.left_out = left_out;
    p.silent = false;
    bool holds = run_play(w, &p); /* for its story */
    (void)holds;
    return kept(left_out, plan->steps);
}
