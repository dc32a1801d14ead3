/* SPDX-License-Identifier: Apache-2.0
 *
 * The n-th malloc fails: for tests that are linked with lib/malloc_fault.c and --wrap=malloc
 * (malloc_fault_tests in tests/meson.build).
 */
#ifndef ENTENTE_TESTS_MALLOC_FAULT_H
#define ENTENTE_TESTS_MALLOC_FAULT_H

#include <stdbool.h>

/* From now on: 1 is the next one; 0: none. */
void malloc_fails_in(unsigned nth);

/* Ends it.  Did it come to that? */
bool malloc_failed(void);

#endif
