/* SPDX-License-Identifier: Apache-2.0
 *
 * What every test includes first: cmocka wants these headers before its own, in this order.
 */
#ifndef ENTENTE_TESTS_TEST_H
#define ENTENTE_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

/* A zeroed arena on the heap; cap bytes.  test_arena_free gives it back. */
struct arena test_arena(size_t cap);
void test_arena_free(struct arena *mem);

/* The n-th allocation fails, for every n, until the call succeeds.  run must return true iff it
 * succeeded, and must not succeed while mem->failed is set.  The number of faults planted. */
size_t test_faults(bool (*run)(struct arena *mem, void *ctx), void *ctx, size_t cap);

#endif
