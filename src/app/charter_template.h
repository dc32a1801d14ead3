/* SPDX-License-Identifier: Apache-2.0
 *
 * Charters to begin from, as files with comments: examples/charters, which the program carries with it.
 */
#ifndef ENTENTE_APP_CHARTER_TEMPLATE_H
#define ENTENTE_APP_CHARTER_TEMPLATE_H

#include "base/err.h"

/* Written by the build (tools/embed-text.py); YAML, NUL-terminated. */
extern const char charter_ceasefire[];
extern const char charter_bargaining[];
extern const char charter_settlement[];

/* "ceasefire, bargaining, settlement" */
#define CHARTER_TEMPLATES "ceasefire, bargaining, settlement"

/* ERR_USE where there is none of that name; its mend lists them. */
MUST_CHECK bool charter_template(const char *name, struct bytes *out_yaml, struct err *err);

#endif
