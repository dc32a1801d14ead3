/* SPDX-License-Identifier: Apache-2.0
 *
 * See buf.h.  Room grows by doubling into a new piece, and the old one is zeroed before it goes
 * back: a buffer may have held plaintext, and realloc would leave copies.  One byte beyond the
 * content is always kept for the NUL of buf_str.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/num.h"

#define FIRST_CAP 64u

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max < SIZE_MAX ? max : SIZE_MAX - 1};
}

void buf_over(struct buf *b, void *p, size_t cap)
{
    CHECK(cap > 0);
    *b = (struct buf){.p = p, .cap = cap, .max = cap - 1, .lent = true};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
    b->no_memory = false;
}

void buf_wipe(struct buf *b)
{
    if (b->p != NULL) {
        bytes_wipe(b->p, b->cap);
    }
    buf_clear(b);
}

void buf_free(struct buf *b)
{
    buf_wipe(b);
    if (!b->lent) {
        free(b->p);
    }
    *b = (struct buf){0};
}

/* Room for n more bytes and the NUL; false, sticky, when that cannot be. */
static bool make_room(struct buf *b, size_t n)
{
    if (b->failed) {
        return false;
    }
    if (n > b->max - b->n) {
        b->failed = true;
        return false;
    }
    size_t need = b->n + n + 1;
    if (need <= b->cap) {
        return true;
    }
    size_t cap = b->cap < FIRST_CAP ? FIRST_CAP : b->cap;
    while (cap < need) {
        if (!size_mul(cap, 2, &cap)) {
            cap = need;
        }
    }
    if (cap > b->max + 1) {
        cap = b->max + 1; /* no less than need, which fits under the ceiling */
    }
    uint8_t *p = malloc(cap);
    if (p == NULL) {
        b->failed = true;
        b->no_memory = true;
        return false;
    }
    if (b->p != NULL) {
        memcpy(p, b->p, b->n);
        bytes_wipe(b->p, b->cap);
        free(b->p);
    }
    b->p = p;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, struct bytes v)
{
    if (v.n > 0 && make_room(b, v.n)) {
        memcpy(b->p + b->n, v.p, v.n);
        b->n += v.n;
    }
}

void buf_add_u8(struct buf *b, uint8_t v)
{
    buf_add(b, bytes_of(&v, 1));
}

void buf_add_be32(struct buf *b, uint32_t v)
{
    uint8_t out[4];
    for (size_t i = 0; i < sizeof(out); i++) {
        out[i] = (uint8_t)(v >> (24 - 8 * i));
    }
    buf_add(b, bytes_of(out, sizeof(out)));
}

void buf_add_be64(struct buf *b, uint64_t v)
{
    uint8_t out[8];
    for (size_t i = 0; i < sizeof(out); i++) {
        out[i] = (uint8_t)(v >> (56 - 8 * i));
    }
    buf_add(b, bytes_of(out, sizeof(out)));
}

void buf_add_str(struct buf *b, const char *s)
{
    buf_add(b, bytes_str(s));
}

void buf_add_fill(struct buf *b, uint8_t v, size_t n)
{
    if (n > 0 && make_room(b, n)) {
        memset(b->p + b->n, v, n);
        b->n += n;
    }
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
        return;
    }
    if (!make_room(b, (size_t)n)) {
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, args); /* measured above */
    va_end(args);
    b->n += (size_t)n;
}

bool buf_done(const struct buf *b, const char *what, struct err *err)
{
    if (!b->failed) {
        return true;
    }
    if (b->no_memory) {
        return err_memory(err, what);
    }
    return err_set(err, ERR_LIMIT, "%s does not fit: the ceiling is %zu bytes", what, b->max);
}

const char *buf_str(struct buf *b)
{
    if (b->failed || b->p == NULL) {
        return "";
    }
    CHECK(b->n < b->cap);
    b->p[b->n] = 0;
    return (const char *)b->p;
}
