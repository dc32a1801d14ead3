/* SPDX-License-Identifier: Apache-2.0
 *
 * Charters for tests: a small fixed one, and lawful ones by chance.
 */
#ifndef ENTENTE_TESTS_CHARTERS_H
#define ENTENTE_TESTS_CHARTERS_H

#include "lib/prop.h"
#include "table/charter.h"

/* Mediation m, parties north and south, monitor watch, consulted club; phases first and second;
 * issue line; deeds north-guns (verified by watch) and south-guns (by nobody); lever cap of m.
 * Everything may be changed: it lives in mem. */
struct charter charter_small(struct arena *mem);

struct charter charter_random(struct prop *rnd, struct arena *mem);

#endif
