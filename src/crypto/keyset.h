/* SPDX-License-Identifier: Apache-2.0
 *
 * The keys of one seat of one table (docs/FORMAT.md section 15): the side's root, the seat's
 * signing key, its sealing key, its witness key; each may be absent (a principal's file has the
 * root alone, a delegate's has none).  Secrets are in one piece of guarded memory.
 *
 * It always holds: every public key is that of its secret, no two secrets are the same.
 */
#ifndef ENTENTE_CRYPTO_KEYSET_H
#define ENTENTE_CRYPTO_KEYSET_H

#include "base/text.h"
#include "crypto/keyfile.h"

enum keyset_key { KEYSET_ROOT, KEYSET_SEAT, KEYSET_SEAL, KEYSET_WITNESS };
#define KEYSET_KEYS 4u
#define KEYSET_SECRET_BYTES 32u
#define KEYSET_LABEL_MAX 128u /* bytes; FORMAT 3: a name */

/* A set of keys, for keyset_new. */
#define KEYSET_BIT(key) (1u << (key))
#define KEYSET_ALL 15u

struct keyset_public {
    bool has_table; /* false before founding or joining */
    uint8_t table[32];
    char label[KEYSET_LABEL_MAX + 1]; /* what its owner calls it; valid text */
    bool has[KEYSET_KEYS];
    uint8_t pk[KEYSET_KEYS][32]; /* zeros where absent */
};

struct keyset; /* owned by whom it was given to; keyset_free(NULL) is fine */

/* random: 32 fresh bytes for each of the four keys, which the caller wipes.  `which` is a set of
 * KEYSET_BIT, at least one. */
MUST_CHECK bool keyset_new(const uint8_t random[static KEYSET_KEYS * KEYSET_SECRET_BYTES],
                           unsigned which, struct text label, struct keyset **out, struct err *err);
void keyset_free(struct keyset *k);

const struct keyset_public *keyset_public(const struct keyset *k);

/* Once, when the seat has founded or joined a table; ERR_STATE where it belongs to another. */
MUST_CHECK bool keyset_set_table(struct keyset *k, const uint8_t table[static 32], struct err *err);

/* The secret of a key, copied; the caller wipes it.  ERR_KEY where the set has none. */
MUST_CHECK bool keyset_secret(struct keyset *k, enum keyset_key which,
                              uint8_t out[static KEYSET_SECRET_BYTES], struct err *err);

/* The secrets in new memory, locked by the process that calls: a lock does not pass to a child. */
MUST_CHECK bool keyset_relock(struct keyset *k, struct err *err);

/* The file key out of an age stanza to the seal key (crypto/age.h: age_stanza_open). */
MUST_CHECK bool keyset_stanza_open(struct keyset *k, const uint8_t share[static 32],
                                   const uint8_t body[static 32], uint8_t out_file_key[static 16]);

/* Whole key files. */
MUST_CHECK bool keyset_seal(struct keyset *k, struct bytes passphrase,
                            const struct keyfile_cost *cost, const struct keyfile_chance *chance,
                            struct buf *out, struct err *err);
MUST_CHECK bool keyset_open(struct bytes file, struct bytes passphrase, struct keyset **out,
                            struct err *err);
MUST_CHECK bool keyset_file_public(struct bytes file, struct keyset_public *out,
                                   struct keyfile_cost *out_cost, struct err *err);

/* The two parts of a file. */
MUST_CHECK bool keyset_public_decode(struct bytes part, struct keyset_public *out, struct err *err);
void keyset_public_encode(const struct keyset_public *p, struct buf *out);
MUST_CHECK bool keyset_decode(struct bytes public_part, struct bytes secret_part,
                              struct keyset **out, struct err *err);
void keyset_secret_encode(struct keyset *k, struct buf *out);

const char *keyset_key_word(enum keyset_key key); /* "root", "seat", "seal", "witness" */

#endif
