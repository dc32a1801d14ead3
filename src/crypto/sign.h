/* SPDX-License-Identifier: Apache-2.0
 *
 * Ed25519 (RFC 8032) as libsodium 1.0.18 has it.  A signature is valid iff its
 * crypto_sign_verify_detached says so: every replica must draw the line at the same place, so a
 * test pins the edge cases that it accepts.  There is no batch verification: batch and single
 * verifiers disagree on crafted signatures.
 */
#ifndef ENTENTE_CRYPTO_SIGN_H
#define ENTENTE_CRYPTO_SIGN_H

#include "base/bytes.h"

#define SIGN_SEED_BYTES 32u
#define SIGN_PK_BYTES 32u
#define SIGN_SK_BYTES 64u /* libsodium's form: seed and public key */
#define SIGN_BYTES 64u

void sign_keypair(const uint8_t seed[static SIGN_SEED_BYTES], uint8_t pk[static SIGN_PK_BYTES],
                  uint8_t sk[static SIGN_SK_BYTES]);

void sign_make(const uint8_t sk[static SIGN_SK_BYTES], struct bytes message,
               uint8_t out[static SIGN_BYTES]);

MUST_CHECK bool sign_verify(const uint8_t pk[static SIGN_PK_BYTES], struct bytes message,
                            const uint8_t sig[static SIGN_BYTES]);

#endif
