/* SPDX-License-Identifier: Apache-2.0
 *
 * The page: entente in the browser, served to its own user on 127.0.0.1 (libmicrohttpd).  What it
 * shows and does are the use cases of app, through web/api.h; who may ask is for web/guard.h.
 *
 * One thread: requests are answered one after the other, between them the record is looked at.
 */
#ifndef ENTENTE_WEB_WEB_H
#define ENTENTE_WEB_WEB_H

#include "base/err.h"
#include "os/entropy.h"

#define WEB_SEATS_MAX 16u

struct web_plan {
    const char *const *dirs; /* the folder of each seat that is shown; the first is shown first */
    size_t dir_count;        /* at most WEB_SEATS_MAX */
    struct bytes passphrase; /* of a rehearsal, whose seats are open from the start; else empty */
    uint16_t port;           /* 0: any that is free */
    bool read_only;          /* no act is filed, nothing countersigned */
    const struct chance *chance;
    /* Called once, when the server answers: the link opens the page once; file is one of this user
     * alone that leads there, so that no secret stands in a browser's command line. */
    void (*ready)(void *ctx, const char *link, const char *file);
    void *ctx;
};

/* Serves until a stop is asked for (os/stop.h). */
MUST_CHECK bool web_serve(const struct web_plan *plan, struct err *err);

#endif
