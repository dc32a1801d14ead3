/* SPDX-License-Identifier: Apache-2.0
 *
 * HKDF-SHA-256 (RFC 5869), built on HMAC: libsodium 1.0.18 has none.
 */
#ifndef ENTENTE_CRYPTO_KDF_H
#define ENTENTE_CRYPTO_KDF_H

#include "base/bytes.h"

#define KDF_OUT_MAX (255u * 32u)

/* Extract and expand; an empty salt stands for 32 zeros.  n <= KDF_OUT_MAX. */
void kdf_hkdf(struct bytes ikm, struct bytes salt, struct bytes info, uint8_t *out, size_t n);

#endif
