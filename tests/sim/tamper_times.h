/* SPDX-License-Identifier: Apache-2.0
 *
 * A record with groups of several witnesses, sides that fall silent and come back, witnesses that are
 * named anew; and what the C code says of its times.
 */
#ifndef ENTENTE_TESTS_SIM_TAMPER_TIMES_H
#define ENTENTE_TESTS_SIM_TAMPER_TIMES_H

#include "base/buf.h"

/* The bundle, and lines of facts:
 *
 *     final N S
 *     out N SIDE...
 *     act I AT t b saw D timing passed      (- where unknown)
 *     proceed I valid */
void tamper_times(uint64_t seed, struct buf *out_bundle, struct buf *out_facts);

#endif
