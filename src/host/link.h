/* SPDX-License-Identifier: Apache-2.0
 *
 * A link to a host, however it is reached: what synchronising needs, and no more.  One that goes to
 * a directory of this machine is here; one over HTTP has the same calls.  The one who uses a link
 * believes nothing that he has not verified.
 *
 * Failures: ERR_HOST when it is out of reach; whatever else the host's refusal says.
 */
#ifndef ENTENTE_HOST_LINK_H
#define ENTENTE_HOST_LINK_H

#include "host/host.h"
#include "os/clock.h"

struct host_link {
    /* Appends the newest checkpoint note. */
    MUST_CHECK bool (*checkpoint)(void *ctx, struct buf *out, struct err *err);

    /* Appends envelopes from `from` on, in the form of an entry bundle (tile_entry_next walks it):
     * one at least when the host has it, `count` and HOST_ENTRIES_MAX at most.  How many it says
     * to have given is in out_count. */
    MUST_CHECK bool (*entries)(void *ctx, uint64_t from, uint64_t count, struct buf *out,
                               uint64_t *out_count, struct err *err);

    /* Appends the bytes; that they have this digest is for the caller to check. */
    MUST_CHECK bool (*blob)(void *ctx, const struct digest *sha, struct buf *out, struct err *err);

    /* As host_post_all: in order; stops at the first refused with *out_noted before it. */
    MUST_CHECK bool (*post)(void *ctx, const struct door_item *items, size_t count,
                            uint64_t *out_index, size_t *out_noted, struct buf *out_note,
                            struct err *err);

    void (*close)(void *ctx); /* may be NULL */
    void *ctx;
};

/* Makes a read token that is good now: app signs it with the seat's key.  Appends to out. */
typedef bool host_token_make(void *ctx, uint64_t now, struct buf *out, struct err *err);

/* A link to a table in a directory.  token is asked when a read needs one, and again when half of
 * TOKEN_SECONDS_MAX has passed; NULL: this link only posts.  clock (borrowed) is the host's and the
 * asker's.  ERR_HOST when the directory has no such table. */
MUST_CHECK bool host_link_dir(const char *dir, const struct table_id *table,
                              const struct clock *clock, host_token_make *token, void *token_ctx,
                              struct host_link *out, struct err *err);

/* Closes it; {0} is fine. */
void host_link_close(struct host_link *link);

#endif
