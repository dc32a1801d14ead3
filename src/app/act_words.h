/* SPDX-License-Identifier: Apache-2.0
 *
 * What an act says, as the end of a sentence that begins with its author: the one place for these
 * words, for those who sit at the table and for a stranger with an excerpt.
 *
 * Foreign words never pass for ours: a seat reads them as they were written, each further line
 * behind "        | "; a stranger reads them in quotes, on one line, at most 2,000 characters of a
 * text.
 */
#ifndef ENTENTE_APP_ACT_WORDS_H
#define ENTENTE_APP_ACT_WORDS_H

#include "app/view.h"
#include "table/payload.h"

/* v: who reads: proposals, sides and options have the names of that seat's table, hours are that
 * view's.  NULL: a stranger, who is told ids and numbers; of a charter that the stranger has
 * (`charter`, or NULL), the names of sides and options too.  mem: for words that are put together. */
void act_words(const struct view *v, const struct charter *charter, struct arena *mem,
               const struct payload *p, struct buf *out);

/* "done", "partly done", "not done" */
const char *act_finding_word(enum finding f);

#endif
