/* SPDX-License-Identifier: Apache-2.0
 *
 * What people are shown, as words and as JSON with the same facts (docs/ARCHITECTURE.md): cli and
 * page print these and add nothing.  All read the replica's state; none changes it.
 */
#ifndef ENTENTE_APP_VIEW_H
#define ENTENTE_APP_VIEW_H

#include "app/replica.h"
#include "base/json_out.h"

struct view {
    struct replica *r;
    struct arena *mem; /* for words */
    uint64_t now;
    bool days;     /* "2031-03-06 18:00 (day 3)": of a simulated clock */
    uint64_t day0; /* midnight of day 0 */
};

/* Of the replica's clock; scratch is its memory. */
struct view view_of(struct replica *r);

/* "2031-03-09 18:00", and behind it "(day 6)" where days are counted; in the view's memory. */
const char *view_when(const struct view *v, uint64_t seconds);

/* Where the table stands: goal, phases with what each gate waits for, what is not countersigned
 * yet, what needs this seat. */
void view_journey(const struct view *v, struct buf *out);
void view_journey_json(const struct view *v, struct json *j);

/* Says that this seat was not given a key of before its time, and how that is mended; nothing where
 * there is nothing to say. */
void view_missing(const struct view *v, struct buf *out);
void view_missing_json(const struct view *v, struct json *j); /* member "missing" of what is open */

/* Words of another party: each of their lines stands behind `lead`, so that none can pass for a line
 * of ours. */
void view_put_words(struct buf *out, const char *lead, struct text t);

/* What has changed since so many days ago, and what is still to go.  Takes the replica's scratch:
 * the view's own memory must be another. */
MUST_CHECK bool view_since(const struct view *v, uint32_t days, struct buf *out, struct err *err);

/* Proposals, answers, open points. */
void view_proposals(const struct view *v, struct buf *out);
void view_proposals_json(const struct view *v, struct json *j);

/* "line: present line; access: one bank", "version 3 of the text of phase security". */
struct text view_package(const struct view *v, const struct proposal_state *p);

/* One proposal in a line or two: "Velland: yes, if President Maro ratifies. Kestria: ..." */
void view_answers(const struct view *v, const struct proposal_state *p, struct buf *out);

/* The text of a phase: articles, brackets with who supports them, what silence runs.  version: from 1;
 * 0 for the newest. */
struct snt_history;
struct snt_cover;
MUST_CHECK bool view_text_history(const struct view *v, uint32_t phase, struct snt_history *out,
                                  struct err *err);
MUST_CHECK bool view_text(const struct view *v, uint32_t phase, uint32_t version, struct buf *out,
                          struct err *err);
MUST_CHECK bool view_text_json(const struct view *v, uint32_t phase, uint32_t version,
                               struct json *j, struct err *err);
/* What changed; colour: for a terminal that shows it. */
MUST_CHECK bool view_text_diff(const struct view *v, uint32_t phase, uint32_t from, uint32_t to,
                               bool colour, struct buf *out, struct err *err);
MUST_CHECK bool view_text_diff_json(const struct view *v, uint32_t phase, uint32_t from,
                                    uint32_t to, struct json *j, struct err *err);
/* The state of a version, or NULL where there is none. */
const struct text_version *view_version(const struct view *v, uint32_t phase, uint32_t number);
void view_text_cover(const struct view *v, const struct text_version *t, struct snt_cover *out);
/* "Kestria, Velland", of bits of sides. */
const char *view_sides(const struct view *v, uint32_t mask);

/* Promises and deeds: says beside verified, in the same words for every side; incidents, quiet. */
void view_ledger(const struct view *v, struct buf *out);
void view_ledger_json(const struct view *v, struct json *j);

/* Levers of the charter: whose, how far, what stands in the way. */
void view_levers(const struct view *v, struct buf *out);
void view_levers_json(const struct view *v, struct json *j);

/* Questions and what came back, undertakings, what is settled within; for who sits in a consultation
 * also what the table does not know yet. */
MUST_CHECK bool view_consultations(const struct view *v, struct buf *out, struct err *err);
void view_consultations_json(const struct view *v, struct json *j);

/* Hours of quiet, then the tension of so many days: words and a small curve (ascii: in plain letters),
 * a table, JSON. */
void view_tension(const struct view *v, uint32_t days, bool ascii, struct buf *out);
void view_tension_csv(const struct view *v, uint32_t days, struct buf *out);
void view_tension_json(const struct view *v, uint32_t days, struct json *j);

/* Rooms where this seat sits, and who else does. */
void view_rooms(const struct view *v, struct buf *out);
void view_rooms_json(const struct view *v, struct json *j);

/* Issues with their options, phase by phase. */
void view_issues(const struct view *v, struct buf *out);
void view_issues_json(const struct view *v, struct json *j);

/* What this seat may do now, and owes. */
void view_moves(const struct view *v, struct buf *out);
void view_moves_json(const struct view *v, struct json *j);

/* For a monitor or a consulted side: the one thing it is asked. */
MUST_CHECK bool view_tasks(const struct view *v, struct buf *out, struct err *err);
MUST_CHECK bool view_tasks_json(const struct view *v, struct json *j, struct err *err);

/* One act in a sentence, for those who can read it. */
void view_act_words(const struct view *v, const struct ring_author *author,
                    const struct opened_act *act, struct buf *out);

/* The acts of one room, newest last, at most `last` of them. */
MUST_CHECK bool view_room(const struct view *v, struct text room, uint32_t last, struct buf *out,
                          struct err *err);
MUST_CHECK bool view_room_json(const struct view *v, struct text room, uint32_t last,
                               struct json *j, struct err *err);

/* What this seat can read of the acts from this one on, in all rooms. */
MUST_CHECK bool view_noted(const struct view *v, uint64_t from, struct buf *out, struct err *err);
MUST_CHECK bool view_noted_json(const struct view *v, uint64_t from, struct json *j,
                                struct err *err);

/* Who sits at the table: seats with their fingerprints, sides that have not joined. */
void view_seats(const struct view *v, struct buf *out);
void view_seats_json(const struct view *v, struct json *j);

/* Mandates: powers, issues, expiry.  Limits are private and not here. */
void view_mandates(const struct view *v, struct buf *out);
void view_mandates_json(const struct view *v, struct json *j);

/* ---- at home ---- */

MUST_CHECK bool view_memo(const struct view *v, const struct memo_note *note, struct buf *out,
                          struct err *err);
MUST_CHECK bool view_memo_json(const struct view *v, const struct memo_note *note, struct json *j,
                               struct err *err);
/* One page for a browser or a printer: no script, nothing loaded. */
MUST_CHECK bool view_memo_html(const struct view *v, const struct memo_note *note, struct buf *out,
                               struct err *err);
void view_decisions(const struct view *v, struct buf *out);
void view_decisions_json(const struct view *v, struct json *j);

/* The which-th thing, from 0, that this seat owes at home or in a shuttle, in words; NULL: no more. */
const char *view_home_owed(const struct view *v, uint32_t which);

/* "speak, propose" */
const char *view_powers(uint32_t powers, struct arena *mem);

/* The table that a charter follows; nothing where it names none. */
void view_earlier(const struct charter *c, struct buf *out);
void view_earlier_json(const struct charter *c, struct json *j);

/* A charter in full. */
void view_charter(const struct charter *c, struct arena *mem, struct buf *out);
void view_charter_json(const struct charter *c, struct arena *mem, struct json *j);

#endif
