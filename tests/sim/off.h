/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks that are to be switched off while something is played (base/switch_off.h): in a build with
 * -Dmutants=true alone.
 */
#ifndef ENTENTE_TESTS_SIM_OFF_H
#define ENTENTE_TESTS_SIM_OFF_H

#include <stdbool.h>
#include <stdint.h>

#define OFF_MAX 4u

struct off {
    const char *names[OFF_MAX];
    uint32_t count;
};

/* Said on the command line.  False: too many. */
bool off_add(struct off *off, const char *name);

/* Once the table is founded: founding it is not what is looked at.  False, and it is told: one of
 * them is no check, or this build switches nothing. */
bool off_begin(const struct off *off);
void off_end(void);

#endif
