/* SPDX-License-Identifier: Apache-2.0
 *
 * A process that stays when its terminal goes.
 */
#ifndef ENTENTE_OS_DAEMON_H
#define ENTENTE_OS_DAEMON_H

#include "base/err.h"
#include "os/socket.h"

enum daemon_side { DAEMON_PARENT, DAEMON_CHILD };

/* Splits the process.  The child has its own session, "/" as its folder, nothing but /dev/null on
 * the three standard streams, and of all other descriptors only `keep` (may be NULL), whose number
 * may change.  To be called before any thread is started.  Locks taken before stay the parent's:
 * the child's descriptors of them are closed. */
MUST_CHECK bool daemon_split(struct socket *keep, enum daemon_side *out, struct err *err);

#endif
