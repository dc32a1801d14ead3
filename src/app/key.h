/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person does with key files: make one, look at it, take a paper copy, keep it open for a
 * while; and seal and open single files, as the age command would.
 *
 * No passphrase, seed or secret goes into an error, a log or an argument of another program.
 */
#ifndef ENTENTE_APP_KEY_H
#define ENTENTE_APP_KEY_H

#include "app/ask.h"
#include "base/arena.h"
#include "base/text.h"
#include "os/daemon.h"
#include "os/entropy.h"

/* The keys of a file, in its order (docs/FORMAT.md section 15). */
enum key_part { KEY_PART_ROOT, KEY_PART_SEAT, KEY_PART_SEAL, KEY_PART_WITNESS };
#define KEY_PARTS 4u
#define KEY_PART_BIT(part) (1u << (part))
#define KEY_PARTS_ALL 15u

#define KEY_LABEL_MAX 128u
#define KEY_TEXT_MAX 80u /* age1..., AGE-SECRET-KEY-1... */
#define KEY_FINGERPRINT_MAX 25u
#define KEY_PASSPHRASE_LEAST 8u /* characters */
#define KEY_PASSPHRASE_MAX 1024u
#define KEY_UNLOCK_SECONDS_MAX (UINT64_C(7) * 24 * 3600)

enum key_cost { KEY_COST_FULL, KEY_COST_TEST };

/* What may be shown of a key file. */
struct key_view {
    char label[KEY_LABEL_MAX + 1]; /* valid text */
    bool has_table;
    uint8_t table[32];
    bool has[KEY_PARTS];
    uint8_t pk[KEY_PARTS][32];
    uint8_t kid[KEY_PARTS][32];                       /* of root, seat, witness; zeros elsewhere */
    char fingerprint[KEY_PARTS][KEY_FINGERPRINT_MAX]; /* of those, as it is compared aloud */
    char recipient[KEY_TEXT_MAX];                     /* of the seal key; "" where there is none */
    uint32_t t, m_kib;                                /* what a guess at the passphrase costs */
    bool cheap;                                       /* too little: made for tests */
    bool unlocked;                                    /* an agent has it ... */
    uint64_t until;                                   /* ... until then, seconds since 1970 */
};

const char *key_part_word(enum key_part part); /* "root", "seat", "seal", "witness" */

/* Is a new passphrase long enough?  Blanks at its ends do not count.  out_weak: it can be guessed
 * all the same, and the caller says so. */
MUST_CHECK bool key_passphrase_fit(struct bytes passphrase, bool *out_weak, struct err *err);

/* A new file at a path where nothing is.  which: a set of KEY_PART_BIT, at least one. */
MUST_CHECK bool key_new(const char *file, unsigned which, struct text label,
                        struct bytes passphrase, enum key_cost cost, const struct chance *chance,
                        struct key_view *out, struct err *err);

/* Without a passphrase. */
MUST_CHECK bool key_show(const char *file, struct arena *mem, struct key_view *out,
                         struct err *err);

/* Writes the table that the seat has founded or joined into its key file: once, for each table has
 * keys of its own (ERR_STATE otherwise).  Nothing is asked where it stands there already. */
MUST_CHECK bool key_bind(const char *file, const uint8_t table[static 32],
                         const struct keys_ask *ask, const struct chance *chance, struct arena *mem,
                         struct err *err);

/* False where memory cannot be kept from the swap space: the caller warns once. */
bool key_memory_locks(void);

/* The seal key as age's AGE-SECRET-KEY-1..., a secret: the caller warns, and wipes it.  The agent
 * never gives a key away, so the passphrase is always asked for. */
MUST_CHECK bool key_export_age(const char *file, const struct keys_ask *ask, struct arena *mem,
                               char out[static KEY_TEXT_MAX], struct err *err);

/* Starts the agent of a file.  In the parent DAEMON_PARENT and out_until, when it answers; in the
 * child DAEMON_CHILD when all is over: the caller then ends the process without another word. */
MUST_CHECK bool key_unlock(const char *file, const struct keys_ask *ask, uint64_t seconds,
                           struct arena *mem, enum daemon_side *out, uint64_t *out_until,
                           struct err *err);

/* Ends every agent of this user; how many there were. */
MUST_CHECK bool key_lock(struct arena *mem, size_t *out, struct err *err);

#define KEY_PLAIN_MAX ((size_t)64 << 20) /* bytes of a file that is sealed or opened */
#define KEY_SEALED_MAX (KEY_PLAIN_MAX + (2u << 16))

/* to: texts "age1...", each a recipient. */
MUST_CHECK bool key_seal(struct bytes plain, const struct text *to, size_t count,
                         const struct chance *chance, struct arena *mem, struct buf *out,
                         struct err *err);

/* The plaintext appended to out; through the agent where one has the keys. */
MUST_CHECK bool key_open(const char *file, const struct keys_ask *ask, struct bytes sealed,
                         struct arena *mem, struct buf *out, struct err *err);

#endif
