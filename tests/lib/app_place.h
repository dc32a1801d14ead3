/* SPDX-License-Identifier: Apache-2.0
 *
 * One table for all scenes of a test program, put back before each: the simulated people of app_sim
 * and the error that the last call told.
 */
#ifndef ENTENTE_TESTS_APP_PLACE_H
#define ENTENTE_TESTS_APP_PLACE_H

#include "lib/app_sim.h"
#include "lib/test.h"

struct place {
    struct app_sim sim;
    struct err err;
};

static inline void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

static inline int place_open(void **state)
{
    static struct place p;
    p = (struct place){.err = {0}};
    app_sim_open(&p.sim);
    app_sim_keep(&p.sim);
    *state = &p;
    return 0;
}

static inline int place_close(void **state)
{
    struct place *p = *state;
    app_sim_close(&p->sim);
    return 0;
}

static inline int place_back(void **state)
{
    struct place *p = *state;
    app_sim_back(&p->sim);
    p->err = (struct err){0};
    return 0;
}

#define SCENE(f) cmocka_unit_test_setup(f, place_back)
#define PLACE_RUN(tests) cmocka_run_group_tests(tests, place_open, place_close)

#endif
