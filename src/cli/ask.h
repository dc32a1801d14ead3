/* SPDX-License-Identifier: Apache-2.0
 *
 * Passphrases from the person at the terminal, or from the descriptor that --passphrase-fd names.
 * Never from an argument or the environment: others can read those.
 */
#ifndef ENTENTE_CLI_ASK_H
#define ENTENTE_CLI_ASK_H

#include "app/ask.h"
#include "cli/command.h"

/* The option, for the table of a command that may ask. */
#define ASK_OPTION                                                                                 \
    {                                                                                              \
        "passphrase-fd", OPT_VALUE, "N", "read the passphrase from descriptor N, one line"         \
    }

/* cli is borrowed. */
struct keys_ask ask_of(struct cli *cli);

/* A new passphrase, typed twice at a terminal; added to out. */
MUST_CHECK bool ask_new_passphrase(struct cli *cli, struct buf *out, struct err *err);

#endif
