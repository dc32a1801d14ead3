/* SPDX-License-Identifier: Apache-2.0
 *
 * Notices that files in folders of this machine change, without looking again and again (inotify).
 * On a folder of another machine nothing may be noticed: whoever needs that looks from time to time,
 * too.
 */
#ifndef ENTENTE_OS_WATCH_H
#define ENTENTE_OS_WATCH_H

#include "base/err.h"

struct watch {
    int fd; /* -1 when closed */
};

#define WATCH_CLOSED ((struct watch){.fd = -1})

MUST_CHECK bool watch_open(struct watch *out, struct err *err);
void watch_close(struct watch *w); /* twice is fine */

/* From now on; the same folder once more has the same number.  ERR_STATE when it is not there. */
MUST_CHECK bool watch_folder(const struct watch *w, const char *folder, int *out_number,
                             struct err *err);
void watch_forget(const struct watch *w, int number);

/* Waits until something changes, the other descriptor (-1: none) has something to read, or
 * timeout_ms have passed. */
void watch_wait(const struct watch *w, int other, int timeout_ms);

/* Takes what has happened since the last call, without waiting: changed is called with the number of
 * each folder in which a file was written to whose name begins with `prefix`, perhaps several times;
 * with WATCH_ALL where so much happened that the kernel did not keep it. */
#define WATCH_ALL (-1)
void watch_take(const struct watch *w, const char *prefix, void (*changed)(void *ctx, int number),
                void *ctx);

#endif
