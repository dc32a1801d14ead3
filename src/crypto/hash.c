/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include <sodium.h>

void hash_sha256(struct bytes v, uint8_t out[static HASH_BYTES])
{
    (void)crypto_hash_sha256(out, v.p, v.n); /* it has no way to fail */
}

void hash_sha256_parts(const struct bytes *parts, size_t count, uint8_t out[static HASH_BYTES])
{
    crypto_hash_sha256_state s;
    (void)crypto_hash_sha256_init(&s);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n > 0) { /* an empty view may be NULL, which memcpy may not be given */
            (void)crypto_hash_sha256_update(&s, parts[i].p, parts[i].n);
        }
    }
    (void)crypto_hash_sha256_final(&s, out);
    sodium_memzero(&s, sizeof(s));
}

void hash_hmac(struct bytes key, const struct bytes *parts, size_t count,
               uint8_t out[static HASH_BYTES])
{
    crypto_auth_hmacsha256_state s;
    (void)crypto_auth_hmacsha256_init(&s, key.n > 0 ? key.p : (const uint8_t *)"", key.n);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n > 0) {
            (void)crypto_auth_hmacsha256_update(&s, parts[i].p, parts[i].n);
        }
    }
    (void)crypto_auth_hmacsha256_final(&s, out);
    sodium_memzero(&s, sizeof(s));
}

bool hash_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}
