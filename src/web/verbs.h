/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person can do at a desk, by the names that the page sends: {"do": "say", "room": ...,
 * "words": ...} becomes one call of app/desk.h.  Members are words or lists of words, named as the
 * fields there.
 */
#ifndef ENTENTE_WEB_VERBS_H
#define ENTENTE_WEB_VERBS_H

#include "app/desk.h"
#include "formats/yaml_tree.h"

/* A member that is words; {NULL, 0} where there is none (body may be NULL). */
struct text verbs_word(const struct yaml_node *body, const char *name);

/* Is there something to do, of a name that is known?  Asked before a desk is opened. */
MUST_CHECK bool verbs_known(const struct yaml_node *body, struct err *err);

/* Does it. */
MUST_CHECK bool verbs_do(struct desk *d, const struct yaml_node *body, struct arena *mem,
                         const struct desk_say *say, struct err *err);

#endif
