/* SPDX-License-Identifier: Apache-2.0
 *
 * Authenticated encryption: ChaCha20-Poly1305 (RFC 8439, 12-byte nonce) where age wants it, and
 * XChaCha20-Poly1305 (24-byte nonce, safe to draw at random) for everything of our own.
 */
#ifndef ENTENTE_CRYPTO_AEAD_H
#define ENTENTE_CRYPTO_AEAD_H

#include "base/bytes.h"

#define AEAD_KEY_BYTES 32u
#define AEAD_TAG_BYTES 16u
#define AEAD_CHACHA_NONCE_BYTES 12u
#define AEAD_XCHACHA_NONCE_BYTES 24u

enum aead { AEAD_CHACHA, AEAD_XCHACHA };

/* Writes plain.n + AEAD_TAG_BYTES bytes; out may be where plain is, else they do not overlap.  The
 * nonce has the length of the kind and is never used twice with one key. */
void aead_seal(enum aead kind, const uint8_t key[static AEAD_KEY_BYTES], const uint8_t *nonce,
               struct bytes ad, struct bytes plain, uint8_t *out);

/* Writes sealed.n - AEAD_TAG_BYTES bytes.  False, and what out has is of no meaning, where the tag
 * is not that of key, nonce, ad and content. */
MUST_CHECK bool aead_open(enum aead kind, const uint8_t key[static AEAD_KEY_BYTES],
                          const uint8_t *nonce, struct bytes ad, struct bytes sealed, uint8_t *out);

#endif
