/* SPDX-License-Identifier: Apache-2.0
 *
 * What honest people do at a table, drawn at random, weighted so that packages are agreed, gates
 * open, mandates end: one act of one seat, through the same calls as the program's commands.
 */
#ifndef ENTENTE_TESTS_SIM_BEHAVE_H
#define ENTENTE_TESTS_SIM_BEHAVE_H

#include "sim/world.h"

enum outcome {
    OUTCOME_NOTHING, /* nothing of the kind could be done */
    OUTCOME_DONE,
    OUTCOME_REFUSED, /* by the rules, at the desk or on the record */
    OUTCOME_FAILED,  /* for another reason: w->err */
};

/* The seat's machine runs. */
enum outcome behave(struct world *w, uint32_t seat);

/* Synchronises, as people do before they look. */
enum outcome behave_sync(struct world *w, uint32_t seat);

#endif
