/* SPDX-License-Identifier: Apache-2.0
 *
 * The system's errno as a struct err: what was tried, the reason in words, how to mend it.
 */
#ifndef ENTENTE_OS_SYSTEM_PRIV_H
#define ENTENTE_OS_SYSTEM_PRIV_H

#include "base/err.h"

/* ERR_IO "<what was tried>: <reason>" with a mend where there is one.  Always false. */
bool system_error(struct err *err, int number, const char *fmt, ...) PRINTF_LIKE(3, 4);
#define system_error(...) ((void)(system_error)(__VA_ARGS__), false) /* as in base/err.h */

/* Closes on purpose without asking: for descriptors whose writes are flushed already. */
void system_close(int fd);

#endif
