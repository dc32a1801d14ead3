/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

void hex_encode(struct bytes v, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < v.n; i++) {
        *out++ = digits[v.p[i] >> 4];
        *out++ = digits[v.p[i] & 15];
    }
    *out = 0;
}

/* 0..15, or -1. */
static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(struct bytes text, uint8_t *out, size_t n)
{
    if (n > SIZE_MAX / 2 || text.n != 2 * n) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (hex_value(text.p[i]) < 0) {
            return false;
        }
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)(hex_value(text.p[2 * i]) * 16 + hex_value(text.p[2 * i + 1]));
    }
    return true;
}

static const char
    base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct bytes v, enum base64_pad pad, struct buf *out)
{
    for (size_t i = 0; i < v.n; i += 3) {
        size_t have = v.n - i < 3 ? v.n - i : 3;
        uint32_t x = (uint32_t)v.p[i] << 16;
        x |= have > 1 ? (uint32_t)v.p[i + 1] << 8 : 0;
        x |= have > 2 ? (uint32_t)v.p[i + 2] : 0;
        uint8_t quad[4];
        for (size_t k = 0; k < 4; k++) {
            quad[k] = (uint8_t)(k <= have ? base64_digits[x >> (18 - 6 * k) & 63] : '=');
        }
        buf_add(out, bytes_of(quad, pad == BASE64_PADDED ? 4 : have + 1));
    }
}

/* Value + 1 of each digit, 0 for what is none.  What is encoded so is shown to all (headers of
 * sealed files, notes): it may be an index. */
static const uint8_t base64_table[128] = {
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  63,
    0,  0,  0,  64, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0,  0,  0,  0,  0,  0,  0,  1,
    2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
    24, 25, 26, 0,  0,  0,  0,  0,  0,  27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
    40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 0,  0,  0,  0,  0,
};

/* 0..63, or -1. */
static int base64_value(uint8_t c)
{
    return c < sizeof(base64_table) ? base64_table[c] - 1 : -1;
}

bool base64_decode(struct bytes text, enum base64_pad pad, struct buf *out)
{
    size_t n = text.n;
    if (pad == BASE64_PADDED) {
        if (n % 4 != 0) {
            return false;
        }
        /* At most two signs of padding, and only where they belong. */
        for (int k = 0; k < 2 && n > 0 && text.p[n - 1] == '='; k++) {
            n--;
        }
    }
    size_t tail = n % 4;
    if (tail == 1) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (base64_value(text.p[i]) < 0) {
            return false;
        }
    }
    unsigned last = n == 0 ? 0 : (unsigned)base64_value(text.p[n - 1]);
    if ((tail == 2 && (last & 15) != 0) || (tail == 3 && (last & 3) != 0)) {
        return false;
    }
    uint8_t some[48];
    size_t k = 0;
    for (size_t i = 0; i < n; i += 4) {
        size_t have = n - i < 4 ? n - i : 4;
        uint32_t x = 0;
        for (size_t at = 0; at < 4; at++) {
            x = x << 6 | (at < have ? (uint32_t)base64_value(text.p[i + at]) : 0);
        }
        some[k] = (uint8_t)(x >> 16);
        some[k + 1] = (uint8_t)(x >> 8);
        some[k + 2] = (uint8_t)x;
        k += have - 1;
        if (k == sizeof(some) || i + 4 >= n) {
            buf_add(out, bytes_of(some, k));
            k = 0;
        }
    }
    return buf_ok(out);
}
