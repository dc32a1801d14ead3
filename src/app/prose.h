/* SPDX-License-Identifier: Apache-2.0
 *
 * Sentences on a page of a given width.
 */
#ifndef ENTENTE_APP_PROSE_H
#define ENTENTE_APP_PROSE_H

#include "base/buf.h"
#include "base/text.h"

/* The words of t, broken at blanks into lines of at most width columns, each behind `indent` blanks;
 * a longer word has a line of its own.  Ends with a line feed. */
void prose_add(struct buf *b, unsigned width, unsigned indent, struct text t);

/* The same with what `words` holds, which is empty afterwards. */
void prose_flush(struct buf *b, unsigned width, unsigned indent, struct buf *words);

#endif
