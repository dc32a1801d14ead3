/* SPDX-License-Identifier: Apache-2.0
 *
 * The record of a simulation as a bundle, written apart from app/bundle.
 */
#ifndef ENTENTE_TESTS_RECORD_BUNDLE_H
#define ENTENTE_TESTS_RECORD_BUNDLE_H

#include "lib/record_sim.h"

#define RECORD_BUNDLE_MAX 300u /* acts */

/* Up to the newest act, under a checkpoint of the simulation's host. */
void record_bundle(struct record_sim *sim, struct buf *out);

#endif
