/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/big.h"

#include "base/check.h"

void big_set(struct big *b, uint64_t v)
{
    b->n = v == 0 ? 0 : 1;
    b->limb[0] = v;
}

void big_set_wide(struct big *b, wide v)
{
    b->limb[0] = (uint64_t)v;
    b->limb[1] = (uint64_t)(v >> 64);
    b->n = b->limb[1] != 0 ? 2 : (b->limb[0] != 0 ? 1 : 0);
}

void big_copy(struct big *out, const struct big *v)
{
    out->n = v->n;
    memcpy(out->limb, v->limb, v->n * sizeof(v->limb[0]));
}

void big_mul(struct big *b, uint64_t v)
{
    uint64_t carry = 0;
    if (v == 0) {
        b->n = 0;
        return;
    }
    for (uint32_t i = 0; i < b->n; i++) {
        wide x = (wide)b->limb[i] * v + carry;
        b->limb[i] = (uint64_t)x;
        carry = (uint64_t)(x >> 64);
    }
    if (carry > 0) {
        CHECK(b->n < BIG_LIMBS);
        b->limb[b->n++] = carry;
    }
}

void big_add(struct big *b, const struct big *v)
{
    uint64_t carry = 0;
    uint32_t n = b->n > v->n ? b->n : v->n;
    for (uint32_t i = 0; i < n; i++) {
        wide x = carry;
        x += i < b->n ? b->limb[i] : 0;
        x += i < v->n ? v->limb[i] : 0;
        b->limb[i] = (uint64_t)x;
        carry = (uint64_t)(x >> 64);
    }
    b->n = n;
    if (carry > 0) {
        CHECK(b->n < BIG_LIMBS);
        b->limb[b->n++] = carry;
    }
}

void big_times(struct big *out, const struct big *a, const struct big *b)
{
    CHECK(a->n + b->n <= BIG_LIMBS);
    out->n = a->n + b->n;
    memset(out->limb, 0, out->n * sizeof(out->limb[0]));
    for (uint32_t i = 0; i < a->n; i++) {
        uint64_t carry = 0;
        for (uint32_t j = 0; j < b->n; j++) {
            wide x = (wide)a->limb[i] * b->limb[j] + out->limb[i + j] + carry;
            out->limb[i + j] = (uint64_t)x;
            carry = (uint64_t)(x >> 64);
        }
        out->limb[i + b->n] = carry;
    }
    while (out->n > 0 && out->limb[out->n - 1] == 0) {
        out->n--;
    }
}

void big_sub(struct big *b, const struct big *v)
{
    uint64_t borrow = 0;
    CHECK(big_cmp(b, v) >= 0);
    for (uint32_t i = 0; i < b->n; i++) {
        wide take = (wide)(i < v->n ? v->limb[i] : 0) + borrow;
        borrow = take > b->limb[i] ? 1 : 0;
        b->limb[i] -= (uint64_t)take;
    }
    while (b->n > 0 && b->limb[b->n - 1] == 0) {
        b->n--;
    }
}

int big_cmp(const struct big *a, const struct big *b)
{
    if (a->n != b->n) {
        return a->n > b->n ? 1 : -1;
    }
    for (uint32_t i = a->n; i > 0; i--) {
        if (a->limb[i - 1] != b->limb[i - 1]) {
            return a->limb[i - 1] > b->limb[i - 1] ? 1 : -1;
        }
    }
    return 0;
}

uint64_t big_div(struct big *b, uint64_t v)
{
    uint64_t rest = 0;
    CHECK(v != 0);
    for (uint32_t i = b->n; i > 0; i--) {
        wide x = ((wide)rest << 64) | b->limb[i - 1];
        b->limb[i - 1] = (uint64_t)(x / v);
        rest = (uint64_t)(x % v);
    }
    while (b->n > 0 && b->limb[b->n - 1] == 0) {
        b->n--;
    }
    return rest;
}

bool big_u64(const struct big *b, uint64_t *out)
{
    if (b->n > 1) {
        return false;
    }
    *out = b->n == 0 ? 0 : b->limb[0];
    return true;
}

double big_double(const struct big *b)
{
    double v = 0;
    for (uint32_t i = b->n; i > 0; i--) {
        v = v * 18446744073709551616.0 + (double)b->limb[i - 1];
    }
    return v;
}

const char *big_text(const struct big *b, struct arena *mem)
{
    enum { DIGITS = 19 }; /* of 10^19, the largest power of ten in a limb */
    struct big v;
    size_t cap = (size_t)b->n * 20 + 2;
    char *out = arena_take(mem, 1, 1, cap);
    size_t at = cap - 1;
    if (out == NULL) {
        return NULL;
    }
    big_copy(&v, b);
    do {
        uint64_t part = big_div(&v, UINT64_C(10000000000000000000));
        for (unsigned i = 0; i < DIGITS && (v.n > 0 || part > 0 || i == 0); i++) {
            out[--at] = (char)('0' + part % 10);
            part /= 10;
        }
    } while (v.n > 0);
    return out + at;
}
