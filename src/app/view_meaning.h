/* SPDX-License-Identifier: Apache-2.0
 *
 * What a charter means, in sentences for those who are to sign it: who signs, which gate opens when
 * and by whose doing, what is agreed and what binds.  docs/RULES.md says the same as rules.
 */
#ifndef ENTENTE_APP_VIEW_MEANING_H
#define ENTENTE_APP_VIEW_MEANING_H

#include "base/json_out.h"
#include "table/charter.h"

/* The charter has been checked. */
void view_meaning(const struct charter *c, struct arena *mem, struct buf *out);
void view_meaning_json(const struct charter *c, struct arena *mem, struct json *j); /* "meaning" */

#endif
