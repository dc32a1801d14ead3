/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104), over one view or over several one after the
 * other.  Which purpose a hash serves is said by its caller: record/id names every one.
 */
#ifndef ENTENTE_CRYPTO_HASH_H
#define ENTENTE_CRYPTO_HASH_H

#include "base/bytes.h"

#define HASH_BYTES 32u

void hash_sha256(struct bytes v, uint8_t out[static HASH_BYTES]);
void hash_sha256_parts(const struct bytes *parts, size_t count, uint8_t out[static HASH_BYTES]);

void hash_hmac(struct bytes key, const struct bytes *parts, size_t count,
               uint8_t out[static HASH_BYTES]);

/* Equal, in time that does not depend on the content. */
MUST_CHECK bool hash_equal(const uint8_t *a, const uint8_t *b, size_t n);

#endif
