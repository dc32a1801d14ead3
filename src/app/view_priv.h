/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENTENTE_APP_VIEW_PRIV_H
#define ENTENTE_APP_VIEW_PRIV_H

#include "app/view.h"
#include "table/gate.h"

const struct table_state *view_state(const struct view *v);
struct text view_seat(const struct view *v, uint32_t seat);
uint64_t view_final(const struct view *v);

/* The name of an act's author, or of his side where this seat has no charter. */
struct text view_author(const struct view *v, const struct ring_author *author);

/* Every act that this seat has opened, in order, until seen returns false; what seen puts into the
 * view's memory is gone after each act. */
typedef bool seen_act(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                      const struct ring_author *author, const struct opened_act *act);
MUST_CHECK bool view_each_opened(const struct view *v, seen_act *seen, void *ctx, struct err *err);

/* What consultations, levers and disputes ask of this seat: as view_moves tells it. */
#define MORE_MOVES_MAX 32u
struct more_moves {
    const char *owed[MORE_MOVES_MAX];
    uint32_t owed_count;
    const char *may[MORE_MOVES_MAX];
    uint32_t may_count;
};
void view_more_moves(const struct view *v, struct more_moves *out);

/* The proposal of a phase that is agreed and ratified, or NULL. */
const struct proposal_state *view_bound(const struct table_state *s, uint32_t phase);

/* May this seat do what needs that power? */
bool view_has_power(const struct view *v, uint32_t power);

/* What this seat owes, and may do, on the texts of open phases. */
#define VIEW_TEXT_MOVES_MAX 48u
struct view_text_moves {
    uint32_t owed_count, may_count;
    const char *owed[VIEW_TEXT_MOVES_MAX], *may[VIEW_TEXT_MOVES_MAX];
};
void view_text_moves(const struct view *v, struct view_text_moves *out);
/* What matters to one's own side (app/view_interests.c). */
struct interests;
void view_interests(const struct view *v, const struct interests *n, struct buf *out);
void view_interests_json(const struct interests *n, struct json *j);
/* "line from "10 km back" to "present line"", of a weighed issue by its place. */
const char *view_swing(const struct interests *n, uint32_t place, struct arena *mem);

/* Marked lines and positions, for a sheet to that party; to CHARTER_NONE: all. */
void view_carry(const struct view *v, uint32_t to, struct buf *out);
void view_carry_json(const struct view *v, uint32_t to, struct json *j);

/* " (confirmed)" or " (one side's note)" of a minute, with who has not confirmed it; else "". */
const char *view_minute_standing(const struct view *v, uint64_t index);

/* Acts that not every side has countersigned, countersignatures themselves not counted. */
uint64_t view_waiting(const struct view *v);
/* Who has left, what is suspended or concluded, what some parties ask for (app/view_standing.c):
 * lines of the journey, and members of its object. */
void view_standing(const struct view *v, struct buf *out);
void view_standing_json(const struct view *v, struct json *j);

/* What it asks of this seat, into out (at most max); how many.  *out_only: nothing else does. */
uint32_t view_standing_needs(const struct view *v, const char **out, uint32_t max, bool *out_only);

#endif
