/* SPDX-License-Identifier: Apache-2.0
 *
 * Small things that a seat remembers by name and nobody else is to read in its folder: sealed under
 * the key of the private notebook, beside what it has opened.  What the host sees as well (table,
 * founding, number of side and post) is kept in the open.
 */
#ifndef ENTENTE_APP_PRIVATE_H
#define ENTENTE_APP_PRIVATE_H

#include "os/entropy.h"
#include "store/store.h"

/* A value of no bytes removes the name. */
MUST_CHECK bool private_put(struct store *s, const uint8_t notebook[static 32],
                            const struct chance *chance, const char *name, struct bytes value,
                            struct err *err);

/* In mem; {NULL, 0} where there is none.  ERR_VERIFY where it was altered. */
MUST_CHECK bool private_get(struct store *s, const uint8_t notebook[static 32], const char *name,
                            struct arena *mem, struct bytes *out, struct err *err);

#endif
