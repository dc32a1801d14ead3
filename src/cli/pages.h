/* SPDX-License-Identifier: Apache-2.0
 *
 * The manual page entente(1), and what completes commands and options in bash.  Both are written
 * from the table of commands: there is no second text.
 */
#ifndef ENTENTE_CLI_PAGES_H
#define ENTENTE_CLI_PAGES_H

#include "cli/command.h"

/* For man: groups, and in them each command with its help, example and options. */
void pages_man(struct command_table table, struct buf *out);

/* For bash, to be sourced: first words, second words, the options of each command; files where
 * nothing else fits. */
void pages_bash(struct command_table table, struct buf *out);

#endif
