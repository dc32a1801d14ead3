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

/* 0..63, or -1. */
static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
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
    for (size_t i = 0; i < n; i += 4) {
        size_t have = n - i < 4 ? n - i : 4;
        uint32_t x = 0;
        for (size_t k = 0; k < 4; k++) {
            x = x << 6 | (k < have ? (uint32_t)base64_value(text.p[i + k]) : 0);
        }
        uint8_t three[3] = {(uint8_t)(x >> 16), (uint8_t)(x >> 8), (uint8_t)x};
        buf_add(out, bytes_of(three, have - 1));
    }
    return buf_ok(out);
}
