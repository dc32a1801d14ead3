/* SPDX-License-Identifier: Apache-2.0
 *
 * SIGINT and SIGTERM as a flag that long work asks; no core dumps, for they would hold secrets.
 */
#ifndef ENTENTE_OS_STOP_H
#define ENTENTE_OS_STOP_H

#include "base/err.h"

/* From now on the first signal sets the flag (and interrupts a waiting call), the second one ends
 * the process at once. */
MUST_CHECK bool stop_on_signals(struct err *err);
bool stop_asked(void);

/* ERR_STATE "stopped" when the flag is set, for loops: if (!stop_check(err)) { return false; } */
MUST_CHECK bool stop_check(struct err *err);

/* No core file, and no other process of this user may read this one's memory. */
MUST_CHECK bool stop_core_dumps(struct err *err);

#endif
