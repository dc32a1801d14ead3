/* SPDX-License-Identifier: Apache-2.0
 *
 * A file that a passphrase opens (docs/FORMAT.md section 15): a public part that anybody who has
 * the file reads, and a secret part under Argon2id and XChaCha20-Poly1305.  What the parts mean is
 * crypto/keyset's; the private notebook is kept the same way.
 *
 * A wrong passphrase, an altered header and an altered secret part give one and the same error.
 */
#ifndef ENTENTE_CRYPTO_KEYFILE_H
#define ENTENTE_CRYPTO_KEYFILE_H

#include "base/buf.h"

#define KEYFILE_PART_MAX (1u << 20)
#define KEYFILE_BYTES_MAX (2u * KEYFILE_PART_MAX + 256u)
#define KEYFILE_PASSPHRASE_MAX 1024u

/* What one guess costs: passes over memory, and the memory in KiB. */
struct keyfile_cost {
    uint32_t t;
    uint32_t m_kib;
};
#define KEYFILE_T_MAX 16u
#define KEYFILE_M_KIB_MIN 8u
#define KEYFILE_M_KIB_MAX (2u << 20) /* 2 GiB */

#define KEYFILE_COST ((struct keyfile_cost){.t = 3, .m_kib = 256u << 10})

/* For tests and rehearsals: a guess costs nothing.  The file says so (keyfile_is_cheap). */
#define KEYFILE_COST_CHEAP ((struct keyfile_cost){.t = 1, .m_kib = KEYFILE_M_KIB_MIN})

/* Below what OWASP's cheat sheet asks for at least (19 MiB): the caller warns. */
static inline bool keyfile_is_cheap(const struct keyfile_cost *cost)
{
    return cost->m_kib < (19u << 10);
}

/* Fresh randomness of one sealing. */
struct keyfile_chance {
    uint8_t salt[16];
    uint8_t nonce[24];
};

/* Appends the file to out.  passphrase: 1..KEYFILE_PASSPHRASE_MAX bytes; a cost outside the
 * ceilings is ERR_LIMIT. */
MUST_CHECK bool keyfile_seal(struct bytes public_part, struct bytes secret_part,
                             struct bytes passphrase, const struct keyfile_cost *cost,
                             const struct keyfile_chance *chance, struct buf *out, struct err *err);

/* The public part, a view into file, and the cost.  No passphrase: it may have been altered. */
MUST_CHECK bool keyfile_public(struct bytes file, struct bytes *out, struct keyfile_cost *out_cost,
                               struct err *err);

/* Appends the secret part to out_secret; the public part (a view into file) is then authentic too.
 * ERR_KEY: the passphrase is not this file's, or the file was altered. */
MUST_CHECK bool keyfile_open(struct bytes file, struct bytes passphrase, struct bytes *out_public,
                             struct buf *out_secret, struct err *err);

#endif
