/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person does with key files: make one, look at it, take a paper copy, keep it open for a
 * while; and seal and open single files, as the age command would.
 *
 * No passphrase, seed or secret goes into an error, a log or an argument of another program.
 */
#ifndef ENTENTE_APP_KEY_H
#define ENTENTE_APP_KEY_H

#include "app/agent.h"
#include "app/keys.h"
#include "os/entropy.h"

/* What may be shown of a key file. */
struct key_view {
    struct keyset_public keys;
    struct keyfile_cost cost;
    bool cheap; /* made for tests: a stranger could try passphrases */
    struct kid kid[KEYSET_KEYS]; /* of root, seat, witness; zeros elsewhere */
    char recipient[AGE_TEXT_MAX]; /* of the seal key; "" where there is none */
    bool unlocked; /* an agent has it ... */
    uint64_t until; /* ... until then, seconds since 1970 */
};

/* A new file at a path where nothing is.  which: a set of KEYSET_BIT. */
MUST_CHECK bool key_new(const char *file, unsigned which, struct text label,
                        struct bytes passphrase, const struct keyfile_cost *cost,
                        const struct chance *chance, struct key_view *out, struct err *err);

/* Without a passphrase. */
MUST_CHECK bool key_show(const char *file, struct arena *mem, struct key_view *out,
                         struct err *err);

/* The seal key as age's AGE-SECRET-KEY-1..., a secret: the caller warns, and wipes it.  The agent
 * never gives a key away, so the passphrase is always asked for. */
MUST_CHECK bool key_export_age(const char *file, const struct keys_ask *ask, struct arena *mem,
                               char out[static AGE_TEXT_MAX], struct err *err);

/* Starts the agent of a file; out and the child as in agent_start.  out_until is the parent's. */
MUST_CHECK bool key_unlock(const char *file, const struct keys_ask *ask, uint64_t duration_ms,
                           struct arena *mem, enum daemon_side *out, uint64_t *out_until,
                           struct err *err);

/* Ends every agent of this user; how many there were. */
MUST_CHECK bool key_lock(struct arena *mem, size_t *out, struct err *err);

#define KEY_PLAIN_MAX (64u << 20) /* bytes of a file that is sealed or opened */
#define KEY_SEALED_MAX (KEY_PLAIN_MAX + (2u << 16))

/* to: texts "age1...", each a recipient. */
MUST_CHECK bool key_seal(struct bytes plain, const struct text *to, size_t count,
                         const struct chance *chance, struct arena *mem, struct buf *out,
                         struct err *err);

#endif
