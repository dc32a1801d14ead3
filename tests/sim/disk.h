/* SPDX-License-Identifier: Apache-2.0
 *
 * Disks that fail in the middle of what somebody does: the n-th write, flush, rename or truncation of a
 * database, a guard or a file fails, a write having left half of itself; once, or from there on until
 * the machine has started again.  It may be the host's, too: all of a run is in one process.
 *
 * Whatever comes of the act itself: nothing looks like a lie, and both machines start again
 * (`starts_again`, `disk_is_no_liar`).
 */
#ifndef ENTENTE_TESTS_SIM_DISK_H
#define ENTENTE_TESTS_SIM_DISK_H

#include "sim/world.h"

/* Once, before any database is opened. */
void disk_begin(void);

/* This seat does something, and a disk fails meanwhile. */
bool disk_step(struct world *w, uint32_t seat);

#endif
