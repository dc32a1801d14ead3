/* SPDX-License-Identifier: Apache-2.0
 *
 * Keeping what this seat has written behind the point at which its record is cut: succeed_lost.c.
 */
#ifndef ENTENTE_APP_SUCCEED_PRIV_H
#define ENTENTE_APP_SUCCEED_PRIV_H

#include "app/succeed.h"

/* Its acts from `from` on, and those that waited to be sent, go into the notebook; those go out of the
 * outbox: no host can note them any more. */
MUST_CHECK bool succeed_keep(struct replica *r, uint64_t from, struct err *err);

#endif
