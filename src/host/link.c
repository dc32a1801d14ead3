/* SPDX-License-Identifier: Apache-2.0
 *
 * The link to a table in a directory of this machine.
 */
#include "host/link.h"

#include <stdlib.h>

#include "record/token.h"

struct dir_link {
    struct host *host;
    const struct clock *clock;
    host_token_make *make;
    void *make_ctx;
    struct buf token;
    uint64_t made_at;
};

static bool pass_now(struct dir_link *l, struct host_pass *out, struct err *err)
{
    uint64_t now = clock_now(l->clock);
    bool old = l->token.n == 0 || now < l->made_at || now - l->made_at >= TOKEN_SECONDS_MAX / 2;
    if (l->make == NULL) {
        return err_set(err, ERR_STATE, "this link to the host may not read");
    }
    if (old) {
        buf_wipe(&l->token);
        if (!l->make(l->make_ctx, now, &l->token, err) ||
            !buf_done(&l->token, "a read token", err)) {
            buf_wipe(&l->token);
            return false;
        }
        l->made_at = now;
    }
    *out = (struct host_pass){.token = buf_bytes(&l->token), .now = now};
    return true;
}

static bool dir_checkpoint(void *ctx, struct buf *out, struct err *err)
{
    struct dir_link *l = ctx;
    struct host_pass pass;
    return pass_now(l, &pass, err) && host_checkpoint(l->host, &pass, out, err);
}

static bool dir_entries(void *ctx, uint64_t from, uint64_t count, struct buf *out,
                        uint64_t *out_count, struct err *err)
{
    struct dir_link *l = ctx;
    struct host_pass pass;
    return pass_now(l, &pass, err) &&
           host_entries(l->host, &pass, from, count, out, out_count, err);
}

static bool dir_blob(void *ctx, const struct digest *sha, struct buf *out, struct err *err)
{
    struct dir_link *l = ctx;
    struct host_pass pass;
    return pass_now(l, &pass, err) && host_blob(l->host, &pass, sha, out, err);
}

static bool dir_post(void *ctx, const struct door_item *items, size_t count, uint64_t *out_index,
                     size_t *out_noted, struct buf *out_note, struct err *err)
{
    struct dir_link *l = ctx;
    return host_post_all(l->host, items, count, NULL, out_index, out_noted, out_note, err);
}

static void dir_close(void *ctx)
{
    struct dir_link *l = ctx;
    host_close(l->host);
    buf_free(&l->token);
    free(l);
}

bool host_link_dir(const char *dir, const struct table_id *table, const struct clock *clock,
                   host_token_make *token, void *token_ctx, struct host_link *out, struct err *err)
{
    struct dir_link *l = calloc(1, sizeof(*l));
    if (l == NULL) {
        return err_memory(err, "a link to a host");
    }
    if (!host_open(dir, table, &l->host, err)) {
        free(l);
        return false;
    }
    l->clock = clock;
    l->make = token;
    l->make_ctx = token_ctx;
    buf_init(&l->token, TOKEN_BYTES_MAX);
    *out = (struct host_link){.checkpoint = dir_checkpoint,
                              .entries = dir_entries,
                              .blob = dir_blob,
                              .post = dir_post,
                              .close = dir_close,
                              .ctx = l};
    return true;
}

void host_link_close(struct host_link *link)
{
    if (link->close != NULL) {
        link->close(link->ctx);
    }
    *link = (struct host_link){0};
}
