/* SPDX-License-Identifier: Apache-2.0
 *
 * What an opened act of an excerpt says, for a stranger who has no charter: check_words.c.
 */
#ifndef ENTENTE_APP_CHECK_PRIV_H
#define ENTENTE_APP_CHECK_PRIV_H

#include "app/check.h"
#include "record/content.h"
#include "table/charter.h"

/* Fills kind, room and says, in mem.  An act that the rules' version does not know says nothing.
 * charter: that of the excerpt, or NULL where it holds none. */
MUST_CHECK bool check_says(const struct content *c, const struct charter *charter,
                           struct arena *scratch, struct arena *mem, struct check_act *out,
                           struct err *err);

#endif
