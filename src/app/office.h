/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is in office: revoking a seat of one's own side, naming whoever countersigns for it, going on
 * without a side that is silent.  All are control acts (docs/FORMAT.md section 6); what they change
 * at the table is in docs/RULES.md section 16.
 */
#ifndef ENTENTE_APP_OFFICE_H
#define ENTENTE_APP_OFFICE_H

#include "app/replica.h"

/* Names this seat as witness of its side where the principal's key is here and the side has none, or
 * so few in office that it could not countersign any more.  Else nothing. */
MUST_CHECK bool office_name_witness(struct replica *r, struct err *err);

/* Revokes a seat of our own side that is in office.  Before it, where that seat countersigns for the
 * side, the others are named in its place; after it, the rooms where both sat and that have a key get
 * a fresh one. */
MUST_CHECK bool office_revoke(struct replica *r, uint32_t seat, struct err *err);

/* Does this seat countersign for its side now? */
bool office_is_witness(const struct replica *r, uint32_t seat);

/* Posts that the record goes on without that side.  ERR_STATE where it would not count yet. */
MUST_CHECK bool office_proceed(struct replica *r, uint32_t side, struct err *err);

#endif
