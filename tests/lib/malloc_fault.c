/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/malloc_fault.h"

#include <stddef.h>

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);

static unsigned left; /* 0: never */
static bool failed;

void malloc_fails_in(unsigned nth)
{
    left = nth;
    failed = false;
}

bool malloc_failed(void)
{
    left = 0;
    return failed;
}

void *__wrap_malloc(size_t n)
{
    if (left > 0 && --left == 0) {
        failed = true;
        return NULL;
    }
    return __real_malloc(n);
}
