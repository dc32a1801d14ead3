/* SPDX-License-Identifier: Apache-2.0
 *
 * One writer a replica.  The lock is on an open file description (fcntl F_OFD_SETLK): it ends with
 * its holder, however that ends, and keeps two users within one process apart too.  The file stays
 * and says who had it last; it is only ever locked, never removed.
 */
#ifndef ENTENTE_OS_LOCK_H
#define ENTENTE_OS_LOCK_H

#include "base/err.h"

struct lock {
    int fd; /* -1 when not held */
};

#define LOCK_NONE ((struct lock){.fd = -1})

/* Takes the lock of this file (made when it is not there), waiting wait_ms at most, 0 = not at
 * all.  `who` is a short name of our own for others to read: "sync", "page".  ERR_STATE names the
 * holder when another has it; it says, too, that there is no lock but something else (a link, a
 * pipe, a longer file), which is left as it is. */
MUST_CHECK bool lock_take(const char *path, const char *who, unsigned wait_ms, struct lock *out,
                          struct err *err);

void lock_drop(struct lock *lock); /* twice is fine, LOCK_NONE too */

static inline bool lock_held(const struct lock *lock)
{
    return lock->fd >= 0;
}

#endif
