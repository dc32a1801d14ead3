/* SPDX-License-Identifier: Apache-2.0
 *
 * What the page asks and is answered: the use cases of a desk (app/desk.h) as JSON over HTTP.  It
 * translates and knows no rule.  docs/openapi.yaml has every path, and a test holds real answers to
 * it.
 *
 *     GET  /api/self                     who sits here, locked or not, is the host in reach
 *     GET  /api/view/NAME                a view, with its parameters
 *     GET  /api/here                     the seats that this page shows (of web/web.c)
 *     POST /api/unlock, /api/lock        the passphrase; forget the keys
 *     POST /api/sync                     take in what is new
 *     POST /api/act                      {"do": VERB, ...}: files an act
 *     POST /api/check, /api/found        a charter, before and after a table is founded on it
 *     POST /api/paper, /api/join         an invitation; GET /api/slip: what to hand back for it
 *     POST /api/invite, /api/admit       the other side of it
 *     POST /api/analyse                  the files of a scenario; nothing of it is kept or sent
 *
 * An act that binds is first answered 409 with "confirm": what it will mean.  It is filed when the
 * same call comes again with that text as "confirmed", letter for letter, so nothing else is signed
 * than what was shown.  What the desk warns of is answered in the same way with "warning", and is done
 * all the same when that comes again as "anyway".
 *
 * DESIGN.  A desk is opened for each call and closed after it, as by a command: the folder is never
 * locked for longer, and commands go on working beside the page.  The keys alone are held, until
 * they are locked or nothing was asked for IDLE seconds.
 */
#ifndef ENTENTE_WEB_API_H
#define ENTENTE_WEB_API_H

#include "app/desk.h"

#define API_BODY_MAX ((size_t)2 << 20)
#define API_ANSWER_MAX ((size_t)64 << 20)
#define API_IDLE_US (UINT64_C(30) * 60 * 1000000)

struct api {
    const char *dir; /* borrowed, as is chance */
    const struct chance *chance;
    struct clock clock;
    bool read_only;           /* no act is filed, nothing countersigned */
    struct desk_keys *keys;   /* NULL: locked */
    uint64_t used_us;         /* when something was asked last (clock_monotonic_us) */
    uint64_t version;         /* grows whenever another answer is to be expected */
    uint64_t acts, final;     /* of the record, when it was looked at last */
    struct err host;          /* why the host could not be reached; ERR_NONE: it could */
    char news[DESK_PATH_MAX]; /* the folder in which acts appear first; "" until it is known */
};

/* method: "GET", "POST". */
struct api_request {
    const char *method;
    const char *path;
    /* The value of a parameter of the query, NULL where there is none. */
    const char *(*query)(void *ctx, const char *name);
    void *ctx;
    struct bytes body;
};

/* The status, and JSON added to out. */
unsigned api_answer(struct api *a, const struct api_request *q, struct buf *out);

/* A failure as an answer: the status for its code, and {"v":1,"error":{...}}. */
unsigned api_failure(const struct err *err, struct buf *out);

/* Opens the keys; ERR_KEY where it is not their passphrase. */
MUST_CHECK bool api_unlock(struct api *a, struct bytes passphrase, struct err *err);

/* At once, when something was filed: takes in what is new, so that it is seen; true where keys are open
 * and something is left to be countersigned (api_tick). */
bool api_news(struct api *a);

/* From time to time: takes in what is new (and countersigns it), where the keys are open; forgets
 * them where nobody has asked for long. */
void api_tick(struct api *a);

void api_close(struct api *a);

#endif
