/* SPDX-License-Identifier: Apache-2.0
 *
 * A team's memo to its principal as one page, in words and in HTML, and the decision on it.  The
 * author's words stand behind a bar ("  | ") in words, and are escaped in HTML: they never pass for
 * the page's own.
 */
#ifndef ENTENTE_APP_MEMO_H
#define ENTENTE_APP_MEMO_H

#include "base/buf.h"
#include "table/payload.h"

#define MEMO_COLUMNS 76u
#define MEMO_LINES 60u /* of one page */

/* Of whom and when; every part may be "". */
struct memo_head {
    struct text table;
    struct text author;
    struct text to; /* the principal */
    const char *when;
    const char *number; /* "act 41" */
};

/* head may be NULL. */
void memo_page(const struct memo_head *head, const struct payload *memo, struct arena *mem,
               struct buf *out);

/* The words of a decision, its orders and its review; when: how the review is written, or NULL. */
void memo_decision(const char *when, const struct payload *said, struct arena *mem,
                   struct buf *out);

/* The line on which a principal decides by hand. */
void memo_blank(struct buf *out);

/* One page of HTML: no script, nothing loaded, printable.  decided: in words, one a decision, may be
 * none. */
void memo_html(const struct memo_head *head, const struct payload *memo, const char *const *decided,
               uint32_t decided_count, struct buf *out);

/* Words broken at blanks to MEMO_COLUMNS, every line behind lead. */
void memo_wrap(struct buf *out, const char *lead, struct text words);

#endif
