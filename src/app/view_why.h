/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a gate is closed: each of its conditions, what of it is there, what is missing, who can supply
 * that, and by which command.  The same words for every seat of parties and mediation; only what the
 * reader's own side can do is marked.
 */
#ifndef ENTENTE_APP_VIEW_WHY_H
#define ENTENTE_APP_VIEW_WHY_H

#include "app/view.h"

/* phase: a place in the charter, which this seat has. */
void view_why(const struct view *v, uint32_t phase, struct buf *out);
/* Members "phase", "open", "standing", "met", "count", "first", "conditions" of an object that is
 * open (docs/schema/why.json). */
void view_why_json(const struct view *v, uint32_t phase, struct json *j);

#endif
