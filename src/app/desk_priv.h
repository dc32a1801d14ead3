/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk's own parts.
 */
#ifndef ENTENTE_APP_DESK_PRIV_H
#define ENTENTE_APP_DESK_PRIV_H

#include "app/act.h"
#include "app/desk.h"
#include "app/view.h"
#include "table/limits.h"

struct desk;

struct desk_keys {
    struct region mem; /* holds itself */
    struct keys *keys;
    struct desk *rests; /* the last desk that had them, where nothing was written; or NULL */
};

struct desk {
    struct region mem; /* holds the desk itself, keys, texts of the answer */
    struct desk_person who;
    struct keys *keys; /* borrowed where they are the person's (who.keys) */
    struct replica replica;
    size_t begun; /* what it holds of mem by itself: the rest is of one use */
};

/* For good: no desk is kept. */
void desk_end(struct desk *d);

/* There is a replica in the folder; said before a passphrase is asked for. */
MUST_CHECK bool desk_must_be_one(const char *dir, struct err *err);

struct view desk_view(struct desk *d);
const struct table_state *desk_state(const struct desk *d);

/* Takes in what is new, and settles this seat in where that is still to be done. */
MUST_CHECK bool desk_take(struct desk *d, struct err *err);

/* A seat with a charter: parties and the mediation. */
MUST_CHECK bool desk_has_charter(const struct desk *d, struct err *err);

/* Looks, asks (shown: what binds; NULL where nothing does), files, tells. */
MUST_CHECK bool desk_file(struct desk *d, const struct payload *p, const char *shown,
                          const char *next, const struct desk_say *say, struct err *err);
/* Tells an act that is filed. */
MUST_CHECK bool desk_tell(struct desk *d, uint64_t index, const char *next,
                          const struct desk_say *say, struct err *err);

/* ---- names: app/desk_find.c ---- */

MUST_CHECK bool desk_find_proposal(struct desk *d, struct text name,
                                   const struct proposal_state **out, struct err *err);
MUST_CHECK bool desk_find_seat(struct desk *d, struct text name, uint32_t *out, struct err *err);
MUST_CHECK bool desk_find_act(struct desk *d, struct text number, uint64_t *out, struct err *err);
/* The acts that p rests on, by their numbers, into its refs. */
MUST_CHECK bool desk_find_refs(struct desk *d, struct desk_list acts, struct payload *p,
                               struct err *err);
/* An open point, one's own first. */
MUST_CHECK bool desk_find_point(struct desk *d, struct text label, const struct open_point **out,
                                struct err *err);
/* The id of a side by id or name; what is not known is left for the rules to refuse. */
struct text desk_side_id(struct desk *d, struct text name);
/* An option of an issue by number from 1, by its words, or by how only they begin. */
MUST_CHECK bool desk_find_option(const struct issue *issue, struct text option, uint32_t *out,
                                 struct err *err);
/* future: a span counts from now, else before now. */
MUST_CHECK bool desk_when(struct desk *d, struct text t, bool future, uint64_t *out,
                          struct err *err);
/* The newest dispute about a deed that this seat can read. */
MUST_CHECK bool desk_find_dispute(struct desk *d, struct text deed, struct leaf_hash *out,
                                  struct err *err);
/* The room of deeds: of the monitors where there are any. */
struct text desk_deed_room(const struct desk *d);

/* Was that version of a text made by taking a bracket in?  Then its act has not all of its words. */
bool desk_made_by_clean(struct desk *d, const struct proposal_state *p);
/* A phase by its id, or the one that is open where none is named. */
MUST_CHECK bool desk_find_phase(struct desk *d, struct text id, uint32_t *out, struct err *err);

/* The next part of a list "a,b,c"; false at its end. */
bool desk_next_part(struct text *rest, char by, struct text *out);
struct text desk_trim(struct text t);

/* After a synchronisation: was the table moved, what of ours is to be filed again?  The record's own
 * acts are, at once. */
MUST_CHECK bool desk_moved(struct desk *d, const struct desk_say *say, struct err *err);
/* Parses "speak,propose"; parses and resolves the rest of a mandate. */
MUST_CHECK bool desk_mandate_of(struct desk *d, const struct desk_mandate *m,
                                struct mandate_request *out, struct limits *limits,
                                struct err *err);
/* Names and digests of files, for reports and incidents; in d->mem. */
MUST_CHECK bool desk_evidence(struct desk *d, struct desk_list files, struct payload *p,
                              struct err *err);
/* The decision as a payload without its paper, its bytes, and the memo's place or INDEX_NEVER. */
MUST_CHECK bool desk_decision_of(struct desk *d, const struct desk_decision *n, struct payload *out,
                                 struct bytes *out_bytes, uint64_t *out_memo, struct err *err);
/* Files it with the paper that signs it. */
MUST_CHECK bool desk_file_decision(struct desk *d, struct payload *p, struct bytes object,
                                   const char *shown, const struct desk_say *say, struct err *err);
/* The seal of the decision of that label into p, and whether p fits what it says: where it does not,
 * the person is warned.  An empty label: nothing. */
MUST_CHECK bool desk_follow(struct desk *d, struct text label, struct payload *p, struct err *err);
/* Is this move of a lever what the newest decision about that lever says, or does none speak of it?  Else
 * r says what it does say. */
MUST_CHECK bool desk_lever_order(const struct private_state *m, const struct payload *p,
                                 struct refusal *r);
/* Is it no minute, or one that this seat can confirm: of a meeting where it was, of another's hand? */
MUST_CHECK bool desk_own_minute(struct desk *d, const struct leaf_hash *about, struct err *err);
/* "[velland, carry] words": takes the marks off the line's words and into the line. */
MUST_CHECK bool desk_read_marks(struct desk *d, struct debrief_line *line, struct err *err);
/* Does it repeat, outside, words that this seat was told to keep?  Then the person is warned
 * (RULES 18.5). */
MUST_CHECK bool desk_guard_words(struct desk *d, const struct payload *p, struct err *err);
/* Tells what the desk warns of.  True: the person goes on all the same; else ERR_RULE. */
MUST_CHECK bool desk_warn(struct desk *d, const struct refusal *r, struct err *err);
/* The room at home of this side, in the desk's memory. */
struct text desk_home(struct desk *d);
const char *desk_media(const char *file);
const char *desk_base_name(const char *file);

#endif
