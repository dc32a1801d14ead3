/* SPDX-License-Identifier: Apache-2.0
 *
 * The rule sets that this program knows, by number.  Which one judges a table stands in its founding
 * (FORMAT 4, key 2) and never changes: whoever signs the charter signs under it.  A new set is a new
 * file and a new line in rules.c; an old one stays for ever, so that an old record comes to the state
 * that it always had.
 */
#ifndef ENTENTE_TABLE_RULES_H
#define ENTENTE_TABLE_RULES_H

#include "table/rules_v1.h"

struct rules {
    uint32_t version;
    bool (*judge)(const struct judged_act *a, struct findings *found, struct refusal *out);
};

/* NULL: no set of that number is known here. */
const struct rules *rules_find(uint32_t version);

#endif
