/* SPDX-License-Identifier: Apache-2.0
 *
 * Chance that can be repeated, for tests alone: a struct chance over the seeded generator.
 */
#ifndef ENTENTE_TESTS_CHANCE_H
#define ENTENTE_TESTS_CHANCE_H

#include "lib/prop.h"
#include "os/entropy.h"

/* p is borrowed and moves on with every byte drawn. */
struct chance chance_seeded(struct prop *p);

#endif
