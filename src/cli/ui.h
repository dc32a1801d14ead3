/* SPDX-License-Identifier: Apache-2.0
 *
 * Serving the page, for the commands that end with it.
 */
#ifndef ENTENTE_CLI_UI_H
#define ENTENTE_CLI_UI_H

#include "cli/command.h"

struct ui_seats {
    const char *const *dirs;
    size_t count;            /* at most WEB_SEATS_MAX (web/web.h) */
    struct bytes passphrase; /* of a rehearsal; else empty */
};

#define UI_OPTIONS                                                                                 \
    {"port", OPT_VALUE, "N", "serve the page at this port; without it, any that is free"},         \
    {                                                                                              \
        "nobrowser", OPT_FLAG, NULL, "print the link, open no browser"                             \
    }

/* Until Ctrl-C. */
MUST_CHECK bool ui_serve(struct cli *cli, const struct ui_seats *seats, struct err *err);

#endif
