/* SPDX-License-Identifier: Apache-2.0
 *
 * How a use case asks for a passphrase, and only where it needs one: whoever faces the person
 * answers.
 */
#ifndef ENTENTE_APP_ASK_H
#define ENTENTE_APP_ASK_H

#include "base/buf.h"

struct keys_ask {
    /* Adds it to out, whose owner wipes it. */
    bool (*passphrase)(void *ctx, const char *prompt, struct buf *out, struct err *err);
    void *ctx; /* borrowed */
};

#endif
