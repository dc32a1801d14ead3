/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"

void reader_init(struct reader *r, struct bytes in)
{
    *r = (struct reader){.in = in};
}

size_t reader_left(const struct reader *r)
{
    return r->short_read ? 0 : r->in.n - r->at;
}

struct bytes read_bytes(struct reader *r, size_t n)
{
    if (n > reader_left(r)) {
        r->short_read = true;
        return (struct bytes){0};
    }
    struct bytes v = bytes_slice(r->in, r->at, n);
    r->at += n;
    return v;
}

/* Big-endian, n at most 8; zero when short. */
static uint64_t read_be(struct reader *r, size_t n)
{
    struct bytes v = read_bytes(r, n);
    uint64_t x = 0;
    for (size_t i = 0; i < v.n; i++) {
        x = x << 8 | v.p[i];
    }
    return x;
}

uint8_t read_u8(struct reader *r)
{
    return (uint8_t)read_be(r, 1);
}

uint16_t read_be16(struct reader *r)
{
    return (uint16_t)read_be(r, 2);
}

uint32_t read_be32(struct reader *r)
{
    return (uint32_t)read_be(r, 4);
}

uint64_t read_be64(struct reader *r)
{
    return read_be(r, 8);
}

struct bytes read_line(struct reader *r)
{
    size_t left = reader_left(r);
    const uint8_t *p = left == 0 ? NULL : r->in.p + r->at;
    const uint8_t *lf = left == 0 ? NULL : memchr(p, '\n', left);
    if (lf == NULL) {
        r->short_read = true;
        return (struct bytes){0};
    }
    struct bytes line = bytes_of(p, (size_t)(lf - p));
    r->at += line.n + 1;
    return line;
}

bool reader_done(const struct reader *r)
{
    return !r->short_read && r->at == r->in.n;
}
