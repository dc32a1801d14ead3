/* SPDX-License-Identifier: Apache-2.0
 *
 * Gates: is each condition of a phase's gate met, as an act that had seen `seen_size` acts at
 * `index` may claim?  The same answer on every replica.  docs/RULES.md section 8.
 */
#ifndef ENTENTE_TABLE_GATE_H
#define ENTENTE_TABLE_GATE_H

#include "table/state.h"

struct gate_answer {
    uint32_t count; /* conditions */
    uint32_t met;
    bool holds[CHARTER_CONDITIONS_MAX];
    struct text words[CHARTER_CONDITIONS_MAX]; /* the thing wanted, and how far it is */
};

struct gate_view {
    const struct table_state *state;
    const struct witness_log *log;
    uint64_t seen_size; /* times are those that the asking act had seen */
    uint64_t index;
};

/* Words are in mem. */
void gate_evaluate(const struct gate_view *v, uint32_t phase, struct arena *mem,
                   struct gate_answer *out);

/* Since when it has been quiet: the later of the last verified incident's hour and the hour of the
 * ratification that completed the package of the phase.  Not known before that.  An incident counts
 * as no later than the hour by which the table had the report of it. */
struct moment gate_quiet_since(const struct gate_view *v, uint32_t phase);

/* Reports and incidents that wait to be assessed, and have not waited longer than 48 hours: of one
 * deed, and of one side's incidents, the first that waits. */
uint32_t gate_reports_waiting(const struct gate_view *v);

#endif
