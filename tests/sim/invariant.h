/* SPDX-License-Identifier: Apache-2.0
 *
 * What must hold after every step on every honest replica, whoever lies.  Each is a function whose
 * name is told when it does not hold; docs/TESTING.md lists them.
 */
#ifndef ENTENTE_TESTS_SIM_INVARIANT_H
#define ENTENTE_TESTS_SIM_INVARIANT_H

#include "sim/world.h"

struct invariants;

/* What runs came to, counted over all of them. */
struct figures {
    uint64_t steps;
    uint64_t acts;
    uint64_t states; /* distinct states: by size and root of their prefix, and their digest */
    uint64_t agreed, bound, gates, crossed, contested, lapsed, out, removed, voids, forks, proofs,
        two_finals;
};

bool invariants_new(struct invariants **out, struct err *err);
void invariants_free(struct invariants *inv); /* NULL is fine */
void invariants_begin(struct invariants *inv);
/* This seat begins anew from an older copy of its record. */
void invariants_forget(struct invariants *inv, uint32_t seat);
const struct figures *invariants_figures(const struct invariants *inv);
struct figures *invariants_count(struct invariants *inv);

/* After a step.  False: the story tells which one does not hold. */
bool invariants_check(struct world *w);

/* The host is honest, and this came of an act or a synchronisation: is it one of the failures that
 * honest people meet? */
bool invariant_failure_is_honest(struct world *w, uint32_t seat);

/* Has its side removed it, as far as anybody knows? */
bool invariant_is_removed(struct world *w, uint32_t seat);

/* The run is over and everybody could talk: final, or stalled with the right reason. */
bool invariant_ends_well(struct world *w);

#endif
