/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include <nettle/hmac.h>
#include <sodium.h>

/* An empty view may be NULL, which memcpy may not be given. */
static void add(struct sha256_ctx *s, struct bytes v)
{
    if (v.n > 0) {
        sha256_update(s, v.n, v.p);
    }
}

void hash_sha256(struct bytes v, uint8_t out[static HASH_BYTES])
{
    hash_sha256_parts(&v, 1, out);
}

void hash_sha256_parts(const struct bytes *parts, size_t count, uint8_t out[static HASH_BYTES])
{
    struct sha256_ctx s;
    sha256_init(&s);
    for (size_t i = 0; i < count; i++) {
        add(&s, parts[i]);
    }
    sha256_digest(&s, HASH_BYTES, out);
    sodium_memzero(&s, sizeof(s));
}

void hash_hmac(struct bytes key, const struct bytes *parts, size_t count,
               uint8_t out[static HASH_BYTES])
{
    struct hmac_sha256_ctx s;
    hmac_sha256_set_key(&s, key.n, key.n > 0 ? key.p : (const uint8_t *)"");
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n > 0) {
            hmac_sha256_update(&s, parts[i].n, parts[i].p);
        }
    }
    hmac_sha256_digest(&s, HASH_BYTES, out);
    sodium_memzero(&s, sizeof(s));
}

bool hash_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}
