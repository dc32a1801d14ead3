/* SPDX-License-Identifier: Apache-2.0
 *
 * A view of bytes that somebody else owns.  It never owns, never grows, and says nothing about
 * what the bytes mean.  An empty view may have a NULL pointer.
 */
#ifndef ENTENTE_BASE_BYTES_H
#define ENTENTE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* On functions whose result must not be dropped. */
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct bytes {
    const uint8_t *p;
    size_t n;
};

static inline struct bytes bytes_of(const void *p, size_t n)
{
    return (struct bytes){.p = p, .n = n};
}

/* The bytes of a NUL-terminated literal, without the NUL. */
static inline struct bytes bytes_str(const char *s)
{
    return bytes_of(s, strlen(s));
}

static inline bool bytes_eq(struct bytes a, struct bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Order by content, then by length: the order of RFC 8949 bytewise comparison of equal heads. */
static inline int bytes_cmp(struct bytes a, struct bytes b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

/* The part [from, from + n) of v, cut to what v has. */
static inline struct bytes bytes_slice(struct bytes v, size_t from, size_t n)
{
    if (from > v.n) {
        from = v.n;
    }
    if (n > v.n - from) {
        n = v.n - from;
    }
    return (struct bytes){.p = v.p == NULL ? NULL : v.p + from, .n = n};
}

/* Zeroes memory in a way that the compiler may not drop. */
static inline void bytes_wipe(void *p, size_t n)
{
    if (n > 0) {
        memset(p, 0, n);
        __asm__ __volatile__("" : : "r"(p) : "memory");
    }
}

#endif
