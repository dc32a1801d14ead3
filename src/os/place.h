/* SPDX-License-Identifier: Apache-2.0
 *
 * Where this user's things are (XDG base directories), and other words of the environment.
 */
#ifndef ENTENTE_OS_PLACE_H
#define ENTENTE_OS_PLACE_H

#include "base/arena.h"
#include "base/err.h"

/* ENTENTE_HOME, else $XDG_DATA_HOME/entente, else ~/.local/share/entente.  Not made. */
MUST_CHECK bool place_data(struct arena *mem, const char **out, struct err *err);

/* A folder of this user alone for sockets, which is there: $XDG_RUNTIME_DIR/entente, else
 * place_data/run.  Made when missing; ERR_STATE when others may enter it. */
MUST_CHECK bool place_runtime(struct arena *mem, const char **out, struct err *err);

/* The value of an environment variable, or NULL when unset or empty. */
const char *place_env(const char *name);

/* a/b in mem, or NULL when there is no room. */
const char *place_join(struct arena *mem, const char *folder, const char *name);

/* The path as seen from the root, by where this process stands; nothing need be there. */
MUST_CHECK bool place_absolute(struct arena *mem, const char *path, const char **out,
                               struct err *err);

#endif
