/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include <sodium.h>

_Static_assert(SIGN_SK_BYTES == crypto_sign_SECRETKEYBYTES, "libsodium's secret key");

void sign_keypair(const uint8_t seed[static SIGN_SEED_BYTES], uint8_t pk[static SIGN_PK_BYTES],
                  uint8_t sk[static SIGN_SK_BYTES])
{
    (void)crypto_sign_seed_keypair(pk, sk, seed); /* always 0 */
}

void sign_make(const uint8_t sk[static SIGN_SK_BYTES], struct bytes message,
               uint8_t out[static SIGN_BYTES])
{
    (void)crypto_sign_detached(out, NULL, message.p, message.n, sk); /* always 0 */
}

bool sign_verify(const uint8_t pk[static SIGN_PK_BYTES], struct bytes message,
                 const uint8_t sig[static SIGN_BYTES])
{
    return crypto_sign_verify_detached(sig, message.p, message.n, pk) == 0;
}
