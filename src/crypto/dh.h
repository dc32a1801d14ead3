/* SPDX-License-Identifier: Apache-2.0
 *
 * X25519 (RFC 7748).
 */
#ifndef ENTENTE_CRYPTO_DH_H
#define ENTENTE_CRYPTO_DH_H

#include "base/bytes.h"

#define DH_BYTES 32u

void dh_public(const uint8_t secret[static DH_BYTES], uint8_t out[static DH_BYTES]);

/* False where the result is all zero: the share has a low order. */
MUST_CHECK bool dh_shared(const uint8_t secret[static DH_BYTES],
                          const uint8_t share[static DH_BYTES], uint8_t out[static DH_BYTES]);

/* A key that can be sealed to, in its one spelling: not of low order, below 2^255 - 19, bit 255 clear.
 * (X25519 itself takes others; two spellings of one key would be two names of it.) */
bool dh_is_key(const uint8_t share[static DH_BYTES]);

/* Whatever the secret, would dh_shared fail?  For those who check a share that is not for them. */
bool dh_low_order(const uint8_t share[static DH_BYTES]);

#endif
