/* SPDX-License-Identifier: Apache-2.0
 *
 * The cross-read: what the honest replicas hold is laid side by side, and every fraud proof that
 * can be made of it is made, written, read and checked (docs/FORMAT.md section 14).
 *
 * Invariants: `honest_is_never_framed`: a proof that convicts an honest seat of itself is answered
 * by one, of the same notes, that convicts the host.  `fork_is_proved`: two honest replicas that
 * contradict each other make a proof against the host.
 */
#ifndef ENTENTE_TESTS_SIM_PROSECUTE_H
#define ENTENTE_TESTS_SIM_PROSECUTE_H

#include "sim/world.h"

bool prosecute(struct world *w);

#endif
