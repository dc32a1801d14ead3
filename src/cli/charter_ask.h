/* SPDX-License-Identifier: Apache-2.0
 *
 * A charter by questions at a terminal (app/questions): asks, shows the file, keeps it.
 */
#ifndef ENTENTE_CLI_CHARTER_ASK_H
#define ENTENTE_CLI_CHARTER_ASK_H

#include "cli/command.h"

struct charter_asked {
    const char *file; /* that holds it now */
    struct bytes yaml;
    const char *host; /* absolute */
    const char *dir;
    const char *name;
};

/* Is somebody there to be asked? */
bool charter_can_ask(const struct cli *cli);

/* host, dir and name are asked for where the options do not say them.  False with ERR_NONE: the file
 * is kept, and no table is wanted yet. */
MUST_CHECK bool charter_ask(struct cli *cli, struct charter_asked *out, struct err *err);

#endif
