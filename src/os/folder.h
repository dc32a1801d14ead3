/* SPDX-License-Identifier: Apache-2.0
 *
 * Folders: made with their parents, listed in one order.
 */
#ifndef ENTENTE_OS_FOLDER_H
#define ENTENTE_OS_FOLDER_H

#include "base/arena.h"
#include "base/err.h"

/* The folder and what is missing above it, readable by their owner alone (0700), flushed.  Fine
 * when it is there already; what is there keeps its mode. */
MUST_CHECK bool folder_make(const char *path, struct err *err);

#define FOLDER_NAMES_MAX 100000u

struct folder_list {
    const char **names; /* without "." and "..", ascending by bytes */
    size_t count;
};

/* ERR_STATE when there is no such folder, ERR_LIMIT above FOLDER_NAMES_MAX names. */
MUST_CHECK bool folder_list(const char *path, struct arena *mem, struct folder_list *out,
                            struct err *err);

/* Removes an empty folder; no error where there was none. */
MUST_CHECK bool folder_remove(const char *path, struct err *err);

#endif
