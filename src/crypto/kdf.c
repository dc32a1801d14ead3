/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/kdf.h"

#include "base/check.h"
#include "crypto/hash.h"

void kdf_hkdf(struct bytes ikm, struct bytes salt, struct bytes info, uint8_t *out, size_t n)
{
    CHECK(n <= KDF_OUT_MAX);
    uint8_t prk[HASH_BYTES];
    uint8_t t[HASH_BYTES];
    hash_hmac(salt, &ikm, 1, prk);
    size_t have = 0;
    for (uint8_t i = 1; have < n; i++) {
        struct bytes parts[3] = {bytes_of(t, i == 1 ? 0 : sizeof(t)), info, bytes_of(&i, 1)};
        hash_hmac(bytes_of(prk, sizeof(prk)), parts, 3, t);
        size_t take = n - have < sizeof(t) ? n - have : sizeof(t);
        memcpy(out + have, t, take);
        have += take;
    }
    bytes_wipe(prk, sizeof(prk));
    bytes_wipe(t, sizeof(t));
}
