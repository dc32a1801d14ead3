/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared within the layer: an open table.
 */
#ifndef ENTENTE_HOST_HOST_PRIV_H
#define ENTENTE_HOST_HOST_PRIV_H

#include "host/host.h"
#include "os/lock.h"
#include "os/region.h"
#include "record/token.h"
#include "store/guard.h"

#define HOST_LOCK_MS 20000u

struct host {
    struct table_id table;
    struct signer *signer;
    struct pubkey pk;
    struct store *store;
    struct guard guard;
    struct region memory;  /* the door's */
    struct region scratch; /* of one call */
    struct door *door;     /* NULL: to be built again from the store */
    struct guard_state signed_last;
    bool guard_met; /* signed_last was compared with this door */

    /* The newest checkpoint as signed, while it is the newest. */
    struct buf note;
    uint32_t note_term;
    uint64_t note_size;

    /* The pass looked at last, and what it was looked at against: reading many things in one
     * second costs one verification. */
    uint8_t pass[TOKEN_BYTES_MAX];
    size_t pass_bytes;
    uint64_t pass_now;
    uint64_t pass_size;

    char lock_path[FILE_PATH_MAX];
};

/* DIR/<hex table>/<name>, name may be "". ERR_LIMIT where it is too long. */
MUST_CHECK bool host_path(const char *dir, const struct table_id *table, const char *name,
                          char out[static FILE_PATH_MAX], struct err *err);

/* The signer of DIR/host.key; ERR_STATE when there is none. */
MUST_CHECK bool host_signer(const char *dir, struct signer **out, struct err *err);

/* Takes in what other processes have noted, and meets the guard. */
MUST_CHECK bool host_catch_up(struct host *h, struct err *err);

/* What is in memory is no longer what is stored. */
void host_forget(struct host *h);

/* Is the term in force this host's?  Otherwise nothing is signed. */
bool host_signs(const struct host *h);

/* With the lock held: the guard goes up to all that is stored. */
MUST_CHECK bool host_guard_up(struct host *h, struct err *err);

/* The note of the guard's size into h->note. */
MUST_CHECK bool host_sign_note(struct host *h, struct err *err);

#endif
