/* SPDX-License-Identifier: Apache-2.0
 *
 * The keys that a use case works with: opened here with a passphrase, or kept by the agent.  Who
 * holds a struct keys sees signers and opened blobs, never a secret.
 */
#ifndef ENTENTE_APP_KEYS_H
#define ENTENTE_APP_KEYS_H

#include "app/ask.h"
#include "base/arena.h"
#include "crypto/age.h"
#include "crypto/keyset.h"
#include "record/signer.h"

struct keys; /* owned by whom it was given to; keys_free(NULL) is fine */

/* From opened keys, which it takes over, on failure too.  In mem, which outlives it. */
MUST_CHECK bool keys_from_set(struct keyset *set, struct arena *mem, struct keys **out,
                              struct err *err);

/* The keys of an agent that listens at this path. */
MUST_CHECK bool keys_from_agent(const char *path, struct arena *mem, struct keys **out,
                                struct err *err);

/* Those of a key file: the agent's where one has them, else opened with a passphrase.  mem is for
 * the file's bytes and paths. */
MUST_CHECK bool keys_open(const char *file, const struct keys_ask *ask, struct arena *mem,
                          struct keys **out, struct err *err);
void keys_free(struct keys *k);

/* After keyset_file_public has failed: says so of the file.  Always false. */
bool keys_not_a_key(const char *file, struct err *err);

/* The passphrase of these keys, added to out, whose owner wipes it. */
MUST_CHECK bool keys_passphrase(const struct keyset_public *shown, const struct keys_ask *ask,
                                struct buf *out, struct err *err);

/* The bytes of a key file opened with the passphrase, whatever an agent may have; file is its name
 * for errors, shown its public part. */
MUST_CHECK bool keys_open_set(const char *file, struct bytes content,
                              const struct keyset_public *shown, const struct keys_ask *ask,
                              struct keyset **out, struct err *err);

/* A borrowed view. */
const struct keyset_public *keys_public(const struct keys *k);
bool keys_are_agents(const struct keys *k);

/* The signer of a type, borrowed; NULL where these keys have none (KEY_HOST: never any). */
const struct signer *keys_signer(const struct keys *k, enum key_type type);

/* The file key of a blob sealed to the seal key; the MAC of its header was checked.  Errors are
 * those of age_unwrap. */
MUST_CHECK bool keys_unwrap(struct keys *k, const struct age_header *h,
                            uint8_t out_file_key[static AGE_FILE_KEY_BYTES], struct err *err);

/* The whole of it: parse, unwrap, and the plaintext appended to out. */
MUST_CHECK bool keys_open_blob(struct keys *k, struct bytes blob, struct buf *out, struct err *err);

#endif
