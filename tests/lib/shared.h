/* SPDX-License-Identifier: Apache-2.0
 *
 * Public test data that is not part of the product (vectors, scenarios, cases).  It is looked for
 * under ENTENTE_SHARED, else in ../shared beside the project.  A test that needs it and does not
 * find it says so and is skipped.
 */
#ifndef ENTENTE_TESTS_SHARED_H
#define ENTENTE_TESTS_SHARED_H

#include "base/bytes.h"

#define SHARED_PATH_MAX 1024

/* The path of a file or folder of the shared data; false when it is not there. */
bool shared_path(const char *rel, char out[static SHARED_PATH_MAX]);

/* The path of a file of this project, by its name from the project's root. */
void project_path(const char *rel, char out[static SHARED_PATH_MAX]);

/* The whole file, or {NULL, 0}; owned by the caller (free). */
struct bytes read_whole(const char *path);

/* shared_path and read_whole in one; skips the running cmocka test when the data is not there. */
struct bytes shared_read_or_skip(const char *rel);

#endif
