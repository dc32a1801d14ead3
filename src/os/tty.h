/* SPDX-License-Identifier: Apache-2.0
 *
 * The terminal: what it can show, and questions to the person at it.
 */
#ifndef ENTENTE_OS_TTY_H
#define ENTENTE_OS_TTY_H

#include "base/buf.h"
#include "base/err.h"

enum tty_stream { TTY_IN = 0, TTY_OUT = 1, TTY_ERR = 2 };

bool tty_is(enum tty_stream stream);

/* Columns: of the terminal, else of COLUMNS, else 80; 20 .. 1000. */
unsigned tty_width(enum tty_stream stream);

/* A terminal, NO_COLOR empty or unset (no-color.org), TERM set and not "dumb". */
bool tty_colour(enum tty_stream stream);

/* One line from the controlling terminal, without its end, added to out (whose ceiling holds).
 * The prompt goes to the terminal, not to a stream.  HIDDEN: what is typed is not shown.  ERR_USE
 * when there is no terminal, ERR_STATE when stopped by a signal or closed. */
enum tty_echo { TTY_SHOWN, TTY_HIDDEN };
MUST_CHECK bool tty_ask(const char *prompt, enum tty_echo echo, struct buf *out, struct err *err);

/* A passphrase from a descriptor that the user names: the first line, without its end; what comes
 * after it is not read.  Not empty. */
MUST_CHECK bool tty_passphrase_fd(int fd, struct buf *out, struct err *err);

#endif
