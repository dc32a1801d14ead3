/* SPDX-License-Identifier: Apache-2.0
 *
 * Growing bytes with a ceiling given at birth.  The first failure (over the ceiling, no memory)
 * sticks: later adds do nothing, and buf_ok tells.  Owns its memory; buf_free is fine on {0}.
 */
#ifndef ENTENTE_BASE_BUF_H
#define ENTENTE_BASE_BUF_H

#include "base/bytes.h"
#include "base/err.h"

struct buf {
    uint8_t *p;
    size_t n;
    size_t cap;
    size_t max;
    bool failed;
    bool lent;      /* by buf_over */
    bool no_memory; /* the failure was memory, not the ceiling */
};

void buf_init(struct buf *b, size_t max);

/* Over cap bytes of the caller's, which it never outgrows (one of them is kept for a NUL): for
 * small texts where nothing may be allocated.  buf_free then only zeroes. */
void buf_over(struct buf *b, void *p, size_t cap);

void buf_clear(struct buf *b); /* empty again, same ceiling, memory kept */
void buf_wipe(struct buf *b);  /* the same, its memory zeroed first */
void buf_free(struct buf *b);  /* zeroes, then frees; {0} is fine */

void buf_add(struct buf *b, struct bytes v);
void buf_add_u8(struct buf *b, uint8_t v);
void buf_add_be32(struct buf *b, uint32_t v);
void buf_add_be64(struct buf *b, uint64_t v);
void buf_add_str(struct buf *b, const char *s);
void buf_add_fill(struct buf *b, uint8_t v, size_t n);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

static inline bool buf_ok(const struct buf *b)
{
    return !b->failed;
}

/* True when nothing failed; else ERR_LIMIT or ERR_MEMORY naming `what`. */
MUST_CHECK bool buf_done(const struct buf *b, const char *what, struct err *err);

/* A view of the content, valid until the next add. */
static inline struct bytes buf_bytes(const struct buf *b)
{
    return bytes_of(b->p, b->n);
}

/* The content as a C string (a NUL is kept behind it); "" when empty or failed. */
const char *buf_str(struct buf *b);

#endif
