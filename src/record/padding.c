/* SPDX-License-Identifier: Apache-2.0
 *
 * Padme is from "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs"
 * (Nikitin and others, 2019): a size keeps only as many leading bits as its exponent has, so at
 * most 12 % is added and O(log log size) bits are told.
 */
#include "record/padding.h"

#include "base/check.h"
#include "base/num.h"

#define STEP_SMALL 1024u
#define SMALL_MAX 4096u

static unsigned log2_floor(uint64_t n)
{
    return 63u - (unsigned)__builtin_clzll(n); /* n > 0 */
}

/* Buckets near n are multiples of this, a power of two. */
static uint64_t step_of(uint64_t n)
{
    if (n <= SMALL_MAX) {
        return STEP_SMALL;
    }
    unsigned e = log2_floor(n);
    unsigned s = log2_floor(e) + 1;
    return UINT64_C(1) << (e - s);
}

uint64_t padding_bucket(uint64_t n)
{
    if (n == 0) {
        return STEP_SMALL;
    }
    uint64_t step = step_of(n);
    uint64_t up;
    return u64_add(n, step - 1, &up) ? up & ~(step - 1) : UINT64_MAX;
}

bool padding_is_bucket(uint64_t size)
{
    return size > 0 && (size & (step_of(size) - 1)) == 0;
}

void padding_put(struct buf *b, size_t from)
{
    CHECK(from <= b->n);
    uint64_t n = (uint64_t)(b->n - from) + 1;
    uint64_t fill = padding_bucket(n) - n;
    buf_add_u8(b, 0x80);
    buf_add_fill(b, 0, (size_t)fill);
}

bool padding_strip(struct bytes padded, struct bytes *out, struct err *err)
{
    size_t n = padded.n;
    while (n > 0 && padded.p[n - 1] == 0) {
        n--;
    }
    if (n == 0 || padded.p[n - 1] != 0x80) {
        return err_set(err, ERR_FORMAT, "the padding has no beginning");
    }
    if (padding_bucket(n) != padded.n) {
        return err_set(err, ERR_FORMAT, "%zu bytes are padded to %zu instead of %llu", n - 1,
                       padded.n, (unsigned long long)padding_bucket(n));
    }
    *out = bytes_slice(padded, 0, n - 1);
    return true;
}
