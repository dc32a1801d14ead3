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

/* How much a guess at a new passphrase costs. */
#define ASK_COST                                                                                   \
    {                                                                                              \
        "cost", OPT_VALUE, "test", "make guessing cheap, for tests and rehearsals"                 \
    }

/* True through out for --cost test. */
MUST_CHECK bool ask_cost(const struct cli *cli, bool *out_cheap, struct err *err);

/* cli is borrowed. */
struct keys_ask ask_of(struct cli *cli);

/* A new passphrase, typed twice at a terminal; added to out.  One that is too short is refused, one
 * that can be guessed is noted. */
MUST_CHECK bool ask_new_passphrase(struct cli *cli, struct buf *out, struct err *err);

/* Shows what is to be confirmed, and asks for a yes; --yes says it in advance.  ctx is the struct
 * cli.  ERR_USE where nobody is there to say it, ERR_STATE where the answer is another. */
MUST_CHECK bool ask_confirm(void *ctx, const char *shown, struct err *err);

/* Shows what the desk warns of, and asks whether to go on; --anyway says it in advance, --yes does not.
 * False where nobody is there to say it. */
bool ask_warned(void *ctx, const char *shown);

#endif
