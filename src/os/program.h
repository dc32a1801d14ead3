/* SPDX-License-Identifier: Apache-2.0
 *
 * Starting another program of this user's, a browser say.
 */
#ifndef ENTENTE_OS_PROGRAM_H
#define ENTENTE_OS_PROGRAM_H

#include "base/buf.h"
#include "base/err.h"

/* Starts it in a session of its own, with nothing on its standard streams, and does not wait for its
 * end.  argv[0] is looked for in PATH; NULL ends the list.  No secret goes into argv: everybody on the
 * machine can read it.  ERR_STATE where there is no such program. */
MUST_CHECK bool program_start(const char *const *argv, struct err *err);

/* Runs it to its end and adds to out what it writes to standard output; out's ceiling holds.  It reads
 * nothing and its complaints are dropped.  ERR_STATE where there is no such program, ERR_FORMAT where
 * it ends with another status than 0, ERR_LIMIT where it says too much. */
MUST_CHECK bool program_read(const char *const *argv, struct buf *out, struct err *err);

#endif
