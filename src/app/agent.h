/* SPDX-License-Identifier: Apache-2.0
 *
 * The agent: a process of its own that keeps the opened keys of one key file for a while, so that
 * a person types the passphrase once (PROTOCOL section 8).
 *
 * It listens at a socket of mode 0600 and serves its own user alone.  It signs typed messages, not
 * bytes: what is asked for is parsed whole (record/signer.h: signer_message_ok) and refused where
 * it is no message that a key of that type may sign.  It opens stanzas, but never sees a blob, a
 * content or the passphrase.  It ends when its time is up by either clock (one runs on while the
 * machine sleeps, the other cannot be set), when it is told to, or at a signal.
 *
 * DESIGN.  One call a connection, one frame each way, CBOR of the profile:
 *
 *     [1, 1]                                   hello   -> [true, public part bstr, ends uint]
 *     [1, 2, key type, pk, message bstr]       sign    -> [true, signature(64)]
 *     [1, 3, [[share(32), body(32)], ...]]     unwrap  -> [true, [[which uint, file key(16)], ...]]
 *     [1, 4]                                   lock    -> [true]
 *     a refusal                                        -> [false, code uint, what tstr, mend tstr]
 */
#ifndef ENTENTE_APP_AGENT_H
#define ENTENTE_APP_AGENT_H

#include "crypto/age.h"
#include "crypto/keyset.h"
#include "os/daemon.h"
#include "os/socket.h"
#include "record/signer.h"

#define AGENT_MS_MAX (UINT64_C(7) * 24 * 3600 * 1000) /* a week */

/* The name of the socket of these keys within place_runtime: the same for one key file before and
 * after it got its table. */
#define AGENT_NAME_MAX 40u
void agent_name(const struct keyset_public *keys, char out[static AGENT_NAME_MAX]);

/* Is this the name of an agent's socket? */
bool agent_name_ok(const char *name);

/* Serves until the end, then removes the socket at `path` and closes it.  keys are borrowed. */
MUST_CHECK bool agent_serve(struct keyset *keys, struct socket *listener, const char *path,
                            uint64_t duration_ms, struct err *err);

/* Listens at path and starts the process.  In the parent returns at once with DAEMON_PARENT; in the
 * child serves, and returns with DAEMON_CHILD when all is over: the caller then ends the process
 * without another word.  Both sides still own `keys`; ERR_STATE where an agent has them already. */
MUST_CHECK bool agent_start(struct keyset *keys, const char *path, uint64_t duration_ms,
                            enum daemon_side *out, struct err *err);

/* ---- the other end; ERR_STATE where no agent listens ---- */

MUST_CHECK bool agent_hello(const char *path, struct keyset_public *out, uint64_t *out_ends,
                            struct err *err);
MUST_CHECK bool agent_sign(const char *path, enum key_type type, const struct pubkey *pk,
                           struct bytes message, struct signature *out, struct err *err);

/* A file key that the seal key got out of a stanza: the header's MAC is for the caller to check. */
struct agent_file_key {
    uint32_t stanza;
    uint8_t key[AGE_FILE_KEY_BYTES];
};
/* out holds h->count; those found through out_count. */
MUST_CHECK bool agent_unwrap(const char *path, const struct age_header *h,
                             struct agent_file_key *out, size_t *out_count, struct err *err);
MUST_CHECK bool agent_lock(const char *path, struct err *err);

#endif
