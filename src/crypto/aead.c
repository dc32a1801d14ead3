/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include <sodium.h>

_Static_assert(AEAD_TAG_BYTES == crypto_aead_chacha20poly1305_ietf_ABYTES &&
                   AEAD_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "one tag for both");

void aead_seal(enum aead kind, const uint8_t key[static AEAD_KEY_BYTES], const uint8_t *nonce,
               struct bytes ad, struct bytes plain, uint8_t *out)
{
    /* Both always give 0. */
    switch (kind) {
    case AEAD_CHACHA:
        (void)crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain.p, plain.n, ad.p, ad.n,
                                                        NULL, nonce, key);
        return;
    case AEAD_XCHACHA:
        (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.p, plain.n, ad.p, ad.n,
                                                         NULL, nonce, key);
        return;
    }
}

bool aead_open(enum aead kind, const uint8_t key[static AEAD_KEY_BYTES], const uint8_t *nonce,
               struct bytes ad, struct bytes sealed, uint8_t *out)
{
    if (sealed.n < AEAD_TAG_BYTES) {
        return false;
    }
    switch (kind) {
    case AEAD_CHACHA:
        return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.p, sealed.n, ad.p,
                                                         ad.n, nonce, key) == 0;
    case AEAD_XCHACHA:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.p, sealed.n, ad.p,
                                                          ad.n, nonce, key) == 0;
    }
    return false;
}
