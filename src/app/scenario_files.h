/* SPDX-License-Identifier: Apache-2.0
 *
 * A scenario from a folder, or from files: formats/scenario.h with the files read.
 */
#ifndef ENTENTE_APP_SCENARIO_FILES_H
#define ENTENTE_APP_SCENARIO_FILES_H

#include "formats/scenario.h"

/* A folder (its files in the order of their names), or files that belong together. */
MUST_CHECK bool scenario_files_read(const char *const *paths, size_t count, struct arena *mem,
                                    struct scenario *out, struct err *err);

#endif
