/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates of a table, of three kinds that are never mixed up: a wish is shown, a review is when somebody
 * will look again, a deadline binds or something falls due (docs/RULES.md section 17).
 */
#ifndef ENTENTE_APP_VIEW_DATES_H
#define ENTENTE_APP_VIEW_DATES_H

#include "app/view.h"

enum dated_kind { DATED_WISH, DATED_REVIEW, DATED_DEADLINE };

struct dated {
    uint64_t when;
    enum dated_kind kind;
    const char *words; /* one line */
    char uid[80];      /* stays the same as long as it is the same thing: its hour may move */
    bool ours;         /* concerns this seat's side */
    bool passed;       /* surely, by what has been countersigned */
};

#define DATED_MAX 512u

/* All that this seat knows, by hour; in the view's memory.  The count is at most DATED_MAX. */
struct dated *view_dated(const struct view *v, uint32_t *out_count);

void view_dates(const struct view *v, struct buf *out);
void view_dates_json(const struct view *v, struct json *j);

#endif
