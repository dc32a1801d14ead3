/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may talk to the page's server: the browser that opened the link which the program made, and
 * nobody else on this machine or in that browser.
 *
 *   Link     carries a secret that works once; it is exchanged for a cookie.
 *   Cookie   HttpOnly, SameSite=Strict; every answer but the link's needs it.
 *   Host     must be this server by its number or as localhost: a name of somebody else that leads
 *            here (DNS rebinding) is answered 421.
 *   Origin   of whoever sends it must be this server, and whatever changes something must send it.
 *
 * Secrets are compared in a time that does not depend on where they differ.
 */
#ifndef ENTENTE_WEB_GUARD_H
#define ENTENTE_WEB_GUARD_H

#include "os/entropy.h"

#define GUARD_SECRET_LETTERS 64u

struct guard {
    uint16_t port;
    bool spent; /* the link was used */
    char link[GUARD_SECRET_LETTERS + 1];
    char cookie[GUARD_SECRET_LETTERS + 1];
};

/* New secrets for a server at this port. */
MUST_CHECK bool guard_init(struct guard *g, uint16_t port, const struct chance *chance,
                           struct err *err);
void guard_wipe(struct guard *g);

/* Each takes a header's value, NULL where it was not sent. */
bool guard_host(const struct guard *g, const char *host);
/* changes: the request changes something; else no Origin is fine. */
bool guard_origin(const struct guard *g, const char *origin, bool changes);
/* The whole Cookie header. */
bool guard_cookie(const struct guard *g, const char *cookies);

/* True once, for the secret of the link; the second time, or for another, false. */
bool guard_enter(struct guard *g, const char *secret);

/* "entente-PORT": servers of several ports share the cookies of a browser. */
#define GUARD_NAME_MAX 16u
void guard_cookie_name(const struct guard *g, char out[static GUARD_NAME_MAX]);

#endif
