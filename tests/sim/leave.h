/* SPDX-License-Identifier: Apache-2.0
 *
 * The table leaves its hostile host in the middle of everything: one principal after the other brings
 * it to a new one (docs/FORMAT.md section 11), between all other steps; the old host goes on with
 * those who have not followed yet; moves that do not come about are given up for another.
 *
 * Invariants: `what_is_final_comes_along`: whoever follows holds, below all that he ever knew to be
 * final, what he held before; `lost_is_filed_once`: each act of a seat that did not come along waits
 * for it, is filed again or told with a reason, and not twice; `the_table_can_leave`: in the end all
 * honest seats are at one new host.
 */
#ifndef ENTENTE_TESTS_SIM_LEAVE_H
#define ENTENTE_TESTS_SIM_LEAVE_H

#include "sim/world.h"

/* In this run the table will leave. */
bool leave_new(struct world *w);
void leave_free(struct world *w); /* it stays: fine */

/* A part of it; nothing before its hour has come. */
bool leave_step(struct world *w, uint32_t step, uint32_t steps);

/* The rest of it, then everybody is there. */
bool leave_finish(struct world *w);

/* Has it begun?  From then on nobody new is invited, and no backup put back. */
bool leave_begun(const struct world *w);

#endif
