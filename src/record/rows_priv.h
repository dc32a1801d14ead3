/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of one size in a growing buffer.  Other than buf's own adds, a failure does not stick: the
 * rows are as before and the next add may succeed, for what could not be admitted now may be
 * admitted later.
 */
#ifndef ENTENTE_RECORD_ROWS_PRIV_H
#define ENTENTE_RECORD_ROWS_PRIV_H

#include "base/buf.h"

/* Far above what a full log needs, far below where a doubling would overflow. */
#define ROWS_BYTES_MAX (SIZE_MAX / 4)

MUST_CHECK static inline bool rows_add(struct buf *b, const void *row, size_t size,
                                       const char *what, struct err *err)
{
    buf_add(b, bytes_of(row, size));
    bool ok = buf_done(b, what, err);
    b->failed = false;
    b->no_memory = false;
    return ok;
}

/* Takes the last row back. */
static inline void rows_drop(struct buf *b, size_t size)
{
    b->n -= size;
}

static inline size_t rows_count(const struct buf *b, size_t size)
{
    return b->n / size;
}

/* The rows as an array; through void, for malloc aligned them. */
static inline const void *rows_of(const struct buf *b)
{
    return b->p;
}

static inline void *rows_to_write(struct buf *b)
{
    return b->p;
}

#endif
