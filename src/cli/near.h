/* SPDX-License-Identifier: Apache-2.0
 *
 * Which known name somebody may have meant.
 */
#ifndef ENTENTE_CLI_NEAR_H
#define ENTENTE_CLI_NEAR_H

#include "base/bytes.h"

/* Single letters added, left out, changed, or two neighbours swapped, to come from a to b.  Names
 * longer than 32 bytes are taken as far apart. */
#define NEAR_FAR 1000u
unsigned near_distance(const char *a, const char *b);

/* Is b so near to a that it is worth a question?  A third of its letters, two at most. */
bool near_enough(const char *a, const char *b);

#endif
