/* SPDX-License-Identifier: Apache-2.0
 *
 * The only randomness.  Functions that need chance take a struct chance, so that who calls decides:
 * the product knows chance_real alone; seeded ones live in tests.
 */
#ifndef ENTENTE_OS_ENTROPY_H
#define ENTENTE_OS_ENTROPY_H

#include "base/err.h"

/* n bytes from the kernel (getrandom). */
MUST_CHECK bool entropy_fill(void *out, size_t n, struct err *err);

struct chance {
    bool (*fill)(void *ctx, void *out, size_t n, struct err *err);
    void *ctx; /* borrowed */
};

struct chance chance_real(void);

MUST_CHECK static inline bool chance_fill(const struct chance *chance, void *out, size_t n,
                                          struct err *err)
{
    return chance->fill(chance->ctx, out, n, err);
}

#endif
