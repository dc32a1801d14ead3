/* SPDX-License-Identifier: Apache-2.0
 *
 * A folder of its own for a test, gone with all in it at the end.
 */
#ifndef ENTENTE_TESTS_SCRATCH_H
#define ENTENTE_TESTS_SCRATCH_H

#include "base/bytes.h"

#define SCRATCH_PATH_MAX 1024

struct scratch {
    char path[256];
};

/* Under TMPDIR, else /tmp; ends the test program when it cannot be made. */
struct scratch scratch_new(void);
void scratch_free(struct scratch *s);

/* The path of a name in it. */
void scratch_path(const struct scratch *s, const char *name, char out[static SCRATCH_PATH_MAX]);

#endif
