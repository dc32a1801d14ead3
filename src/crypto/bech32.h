/* SPDX-License-Identifier: Apache-2.0
 *
 * Bech32 (BIP 173) of 32 bytes under a lowercase prefix: the text forms of age keys.  Strict: one
 * text for each key.  It looks nothing up by a secret: the time does not depend on the bytes.
 *
 *     prefix 1 data(52) checksum(6)        the last data character's lower 4 bits are zero
 */
#ifndef ENTENTE_CRYPTO_BECH32_H
#define ENTENTE_CRYPTO_BECH32_H

#include "base/bytes.h"

#define BECH32_DATA 32u
#define BECH32_PREFIX_MAX 20u
#define BECH32_TEXT_MAX (BECH32_PREFIX_MAX + 1u + 52u + 6u)

/* Writes the text and a NUL; out holds strlen(prefix) + 60. */
void bech32_encode(const char *prefix, const uint8_t data[static BECH32_DATA], char *out);

/* text in lowercase; on failure out is left alone. */
MUST_CHECK bool bech32_decode(const char *prefix, struct bytes text,
                              uint8_t out[static BECH32_DATA]);

#endif
