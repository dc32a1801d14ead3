/* SPDX-License-Identifier: Apache-2.0
 *
 * Checked arithmetic.  Each returns false, and leaves *out alone, where the true result does not
 * fit.  (<stdckdint.h> is absent in gcc 12 and clang 14.)
 */
#ifndef ENTENTE_BASE_NUM_H
#define ENTENTE_BASE_NUM_H

#include "base/bytes.h"

#define NUM_CHECKED(name, type, op)                                                                \
    MUST_CHECK static inline bool name(type a, type b, type *out)                                  \
    {                                                                                              \
        type r;                                                                                    \
        if (__builtin_##op##_overflow(a, b, &r)) {                                                 \
            return false;                                                                          \
        }                                                                                          \
        *out = r;                                                                                  \
        return true;                                                                               \
    }

NUM_CHECKED(size_add, size_t, add)
NUM_CHECKED(size_mul, size_t, mul)
NUM_CHECKED(u64_add, uint64_t, add)
NUM_CHECKED(u64_mul, uint64_t, mul)
NUM_CHECKED(i64_add, int64_t, add)
NUM_CHECKED(i64_sub, int64_t, sub)
NUM_CHECKED(i64_mul, int64_t, mul)

#undef NUM_CHECKED

#endif
