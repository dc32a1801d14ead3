/* SPDX-License-Identifier: Apache-2.0
 *
 * The guard: what was last signed, in a small file of its own that is never part of a backup.  It
 * only goes forward.  A host keeps the last size that it signed, a seat its last n, a witness its
 * last countersigned size: whoever restores an old copy of the database finds the guard ahead of
 * it, and signs nothing until the record has caught up (PROTOCOL 1 "restored backup", 8).
 *
 * DESIGN.  Two slots, written in turn, in place, each flushed before the call returns; the bytes
 * are in docs/FORMAT.md section 16.  A write that is torn by a crash spoils the slot it was for;
 * the other one still holds the state before, and what was torn was never acknowledged, so nothing
 * was signed by it.  The caller holds the lock of what the guard is for.
 *
 *     guard_open(path, GUARD_HOST, &kid, &g, err);
 *     guard_read(&g, &now, err);
 *     guard_advance(&g, &now, &next, err);     persisted; only now sign
 */
#ifndef ENTENTE_STORE_GUARD_H
#define ENTENTE_STORE_GUARD_H

#include "os/file.h"
#include "record/id.h"

enum guard_purpose {
    GUARD_HOST = 1,    /* number = size of the last signed tree, root = its root */
    GUARD_AUTHOR = 2,  /* number = n + 1 of the last signed envelope, root = its leaf hash */
    GUARD_WITNESS = 3, /* number = last countersigned size, root = its root, time = its time */
};

/* Ordered by (term, number); time never falls within a term. */
struct guard_state {
    uint32_t term;
    uint64_t number;
    uint64_t time;
    struct root_hash root;
    uint64_t sequence; /* the guard's own; counts writes */
};

struct guard {
    struct file_fixed file;
    enum guard_purpose purpose;
    struct kid owner; /* whose signatures it guards */
};

#define GUARD_CLOSED ((struct guard){.file = FILE_FIXED_CLOSED})
#define GUARD_FILE_BYTES 8192u

/* A new one: term 0, number 0, "nothing signed yet".  ERR_STATE when there is one, unless a crash
 * left it before its first state was written. */
MUST_CHECK bool guard_create(const char *path, enum guard_purpose purpose, const struct kid *owner,
                             struct guard *out, struct err *err);

/* ERR_STATE when it is missing, damaged in both slots, or another's. */
MUST_CHECK bool guard_open(const char *path, enum guard_purpose purpose, const struct kid *owner,
                           struct guard *out, struct err *err);
void guard_close(struct guard *g); /* twice is fine */

/* The state now, from the file. */
MUST_CHECK bool guard_read(const struct guard *g, struct guard_state *out, struct err *err);

/* Compare-and-swap: iff the file still holds *expected, it holds *next (but for its sequence) when
 * this returns true.  next must lie above expected, or say the same again.  *expected becomes what
 * is in the file. */
MUST_CHECK bool guard_advance(const struct guard *g, struct guard_state *expected,
                              const struct guard_state *next, struct err *err);

/* The same number with another root.  Of an author's guard alone, and only once the author has
 * synchronised after a refusal and the log lacks the act that was refused (PROTOCOL 3.3). */
MUST_CHECK bool guard_replace(const struct guard *g, struct guard_state *expected,
                              const struct guard_state *next, struct err *err);

/* Is what we hold as far as the guard?  have_term and have_number are the record's; root_there is
 * the record's root (leaf hash) at the guard's number, looked at only when it is that far.
 * ERR_STATE: `what` ("the host's record of table x") is a restored copy, with the mend. */
MUST_CHECK bool guard_behind_record(const struct guard_state *state, uint32_t have_term,
                                    uint64_t have_number, const struct root_hash *root_there,
                                    const char *what, const char *mend, struct err *err);

#endif
