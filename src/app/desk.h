/* SPDX-License-Identifier: Apache-2.0
 *
 * A person's desk at a table, for whoever faces that person (cli): opened for one use case, it takes
 * plain texts, and answers in words or in JSON.  Its header shows nothing of the layers below.
 *
 *     desk_open -> one verb -> desk_close
 *
 * Reading verbs look at what this replica holds; only desk_sync and the acts talk to the host.  A
 * verb that files an act first takes in what is new, lets the desk look (what it stops has left no
 * trace: ERR_RULE), asks the person where the act binds, files it, and says what was filed, whether
 * it is countersigned, and what to do next.
 *
 * Names: a proposal is "P2", an incident "I1" or its act's number, a mandate "M1" or the first
 * digits of its id, an act its number, a seat the person's name, "side/title", a title of one's own
 * side or the first digits of its fingerprint.  A moment is a date ("2026-03-09 18:00", UTC), or a
 * span: before now where something happened, from now where it is due.
 */
#ifndef ENTENTE_APP_DESK_H
#define ENTENTE_APP_DESK_H

#include "app/ask.h"
#include "base/json_out.h"
#include "os/clock.h"
#include "os/entropy.h"

struct desk;

/* Keys opened once and held for several desks: a page, say, that a person unlocks. */
struct desk_keys;

/* Those of the seat in the folder: the agent's where it has them, else opened with the passphrase that
 * is asked for. */
MUST_CHECK bool desk_keys_open(const char *dir, const struct keys_ask *ask, struct desk_keys **out,
                               struct err *err);
void desk_keys_free(struct desk_keys *k); /* NULL is fine */

/* Does an agent have the keys of the seat in the folder, so that no passphrase would be asked for? */
bool desk_unlocked(const char *dir);

/* Who sits at it; all borrowed. */
struct desk_person {
    struct keys_ask ask;
    struct desk_keys *keys; /* NULL: they are opened, and asked for, with the desk */
    /* Shows in full what would bind, and asks.  False with err set: nothing is sent. */
    bool (*confirm)(void *ctx, const char *shown, struct err *err);
    /* Says what the desk warns of, and asks whether to go on all the same; NULL: never. */
    bool (*warned)(void *ctx, const char *shown);
    void *ctx;
    struct clock *clock;
    const struct chance *chance;
};

/* Where the answer goes: words, or members of an object that is open; the other is NULL. */
struct desk_say {
    struct buf *words;
    struct json *json;
};

/* The list of words of an option that may be given several times. */
struct desk_list {
    const struct text *items;
    uint32_t count;
};

/* Does the folder hold a replica? */
bool desk_is_one(const char *dir);

/* verb: a short word for the lock.  desk_close(NULL) is fine. */
MUST_CHECK bool desk_open(const char *dir, const struct desk_person *who, const char *verb,
                          struct desk **out, struct err *err);
void desk_close(struct desk *d);

/* Who sits here, at which table: members "table", "id", "goal", "side", "role", "title", "name",
 * "admitted", "charter", "pen" (may draft the text), "rehearsal" and "now" of an object, or a line of words. */
MUST_CHECK bool desk_self(struct desk *d, const struct desk_say *say, struct err *err);

/* How many acts this replica holds, and how many of them every side has countersigned. */
uint64_t desk_acts(const struct desk *d);
uint64_t desk_final(const struct desk *d);

/* In the folder of a rehearsal, what its clock says: the caller tells it.  Else NULL.  Lives as long
 * as the desk. */
const char *desk_rehearsal(struct desk *d);

/* The folder in which whatever is filed by anybody appears first; false where its path is too long.
 * Nothing need be there. */
#define DESK_PATH_MAX 4352u
bool desk_host_folder(const struct desk *d, char out[static DESK_PATH_MAX]);

/* From now on this seat looks for the host there: an absolute path. */
MUST_CHECK bool desk_move_host(struct desk *d, const char *host, struct err *err);

/* This seat's principal signs that the table goes on at the host of that folder, an absolute path
 * (app/succeed.h); instead: of another move that is off. */
MUST_CHECK bool desk_move(struct desk *d, const char *dir, bool instead, const struct desk_say *say,
                          struct err *err);
/* Files again what did not come along, or forgets it. */
MUST_CHECK bool desk_refile(struct desk *d, bool drop, const struct desk_say *say, struct err *err);

/* ---- looking ---- */

typedef bool desk_look(struct desk *d, const struct desk_say *say, struct err *err);

desk_look desk_charter, desk_journey, desk_moves, desk_proposals, desk_ledger, desk_rooms,
    desk_issues, desk_seats, desk_mandates, desk_dates;

/* Why a gate is closed: what of each condition is there, what is missing, and who can supply it. */
MUST_CHECK bool desk_why(struct desk *d, struct text gate, const struct desk_say *say,
                         struct err *err);

MUST_CHECK bool desk_since(struct desk *d, uint32_t days, const struct desk_say *say,
                           struct err *err);
MUST_CHECK bool desk_noted(struct desk *d, uint64_t from, const struct desk_say *say,
                           struct err *err);
/* The record: one line for each act from this one on, at most so many. */
MUST_CHECK bool desk_record(struct desk *d, uint64_t from, uint64_t count,
                            const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_room(struct desk *d, struct text room, uint32_t last,
                          const struct desk_say *say, struct err *err);

/* ---- coming to the table ---- */

struct desk_seat {
    const char *dir;
    struct bytes passphrase;
    struct text name; /* of the person; may be empty */
    const char *host; /* of who joins: where he reaches the host; NULL: where the invitation says */
    const char
        *earlier; /* of who founds: folder or bundle of a table that this one follows; or NULL */
    bool cheap;   /* keys for tests and rehearsals */
    /* Of a principal: key files of whoever can put another in his place, and how many of them must;
     * 0: more than half. */
    struct desk_list successors;
    uint32_t successors_needed;
};

/* A charter as a file, what it means, and what is probably not meant; no table is needed.  Of a file
 * with several faults each is told to `fault`, and in JSON, too: err says how many. */
typedef void desk_fault(void *ctx, const struct err *fault);
MUST_CHECK bool desk_check_charter(struct bytes yaml, const char *name, desk_fault *fault,
                                   void *ctx, const struct desk_say *say, struct err *err);

MUST_CHECK bool desk_found(const struct desk_seat *seat, const char *host, struct bytes yaml,
                           const char *name, const struct desk_person *who,
                           const struct desk_say *say, struct err *err);

/* Are the first acts of that folder or bundle those that the charter says this table follows? */
MUST_CHECK bool desk_earlier(struct desk *d, const char *path, const struct desk_say *say,
                             struct err *err);

/* post: a number from 1, a title, or {NULL, 0}: a side's first.  The paper is added to out. */
MUST_CHECK bool desk_invite(struct desk *d, struct text side, struct text post, struct buf *out,
                            const struct desk_say *say, struct err *err);

/* What a paper is, before anything is done with it: of an invitation whose table and seat, and the
 * convener's fingerprint; of a slip its fingerprint.  No desk is needed. */
MUST_CHECK bool desk_paper(struct bytes raw, const char *name, const struct desk_say *say,
                           struct err *err);

/* The recovery sheet: whose seat at which table, its fingerprints, the key file (which the passphrase
 * closes) as letters that can be typed in again.  No secret is in it. */
MUST_CHECK bool desk_sheet(struct desk *d, const struct desk_say *say, struct err *err);

/* Makes keys and replica in a new folder; the slip is added to out. */
MUST_CHECK bool desk_join(const struct desk_seat *seat, struct bytes invitation, const char *name,
                          const struct desk_person *who, struct buf *out,
                          const struct desk_say *say, struct err *err);

/* Asks whether the fingerprints were compared aloud, then admits. */
MUST_CHECK bool desk_admit(struct desk *d, struct bytes slip, const char *name,
                           const struct desk_say *say, struct err *err);

/* Gives a seat once more what it needs to read the table from its start: the charter and the keys that
 * plenary and monitors have had.  Only for one's own side, or by the convener's: others are not
 * believed. */
MUST_CHECK bool desk_share(struct desk *d, struct text seat, const struct desk_say *say,
                           struct err *err);

/* Ends a seat of one's own side: its machine is lost, or somebody else comes in its place. */
MUST_CHECK bool desk_revoke_seat(struct desk *d, struct text seat, const struct desk_say *say,
                                 struct err *err);
/* The record goes on without a side that has been silent for the grace. */
MUST_CHECK bool desk_proceed(struct desk *d, struct text side, const struct desk_say *say,
                             struct err *err);

MUST_CHECK bool desk_sync(struct desk *d, const struct desk_say *say, struct err *err);
/* The first half of it alone: takes in what the host has; countersigns nothing, says nothing. */
MUST_CHECK bool desk_take_in(struct desk *d, struct err *err);

/* ---- who is at the table, and dates ---- */

/* reason may be empty. */
MUST_CHECK bool desk_leave(struct desk *d, struct text reason, const struct desk_say *say,
                           struct err *err);
MUST_CHECK bool desk_return(struct desk *d, struct text reason, const struct desk_say *say,
                            struct err *err);
MUST_CHECK bool desk_conclude(struct desk *d, struct text reason, const struct desk_say *say,
                              struct err *err);
MUST_CHECK bool desk_resume(struct desk *d, struct text reason, const struct desk_say *say,
                            struct err *err);
/* cause: an incident ("I1") or a deed, or empty: then with all parties; until: a moment, or empty. */
MUST_CHECK bool desk_suspend(struct desk *d, struct text cause, struct text until,
                             struct text reason, const struct desk_say *say, struct err *err);
/* The dates that concern this seat as a calendar file, added to out. */
MUST_CHECK bool desk_calendar(struct desk *d, struct buf *out, const struct desk_say *say,
                              struct err *err);
/* kind: "wish", "review", "deadline"; when: a moment, or "none". */
MUST_CHECK bool desk_date(struct desk *d, struct text kind, struct text phase, struct text when,
                          struct text reason, const struct desk_say *say, struct err *err);

/* ---- words and papers ---- */

MUST_CHECK bool desk_say_words(struct desk *d, struct text room, struct text words,
                               const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_document(struct desk *d, struct text room, const char *file,
                              const struct desk_say *say, struct err *err);
/* lines: of the minute, each with its mark: "[carry] We would accept monitors." */
MUST_CHECK bool desk_meet(struct desk *d, struct text room, struct desk_list with,
                          struct desk_list lines, struct text words, const struct desk_say *say,
                          struct err *err);
MUST_CHECK bool desk_confirm(struct desk *d, struct text act, const struct desk_say *say,
                             struct err *err);

struct desk_position {
    struct text issue, words;
    struct text level; /* "must", "want", "nice" */
    struct text mark;  /* "keep", "hint", "carry" */
    struct text room;  /* {NULL, 0}: a party's shuttle, the others' home */
};
MUST_CHECK bool desk_position(struct desk *d, const struct desk_position *p,
                              const struct desk_say *say, struct err *err);

MUST_CHECK bool desk_statement(struct desk *d, struct text room, struct text by, struct text source,
                               struct text words, const struct desk_say *say, struct err *err);

/* ---- proposals ---- */

struct desk_proposal {
    struct text counter_to;   /* a proposal that it counters: a party answers that, too; or empty */
    struct desk_list choices; /* "line=present line", "line=2" */
    struct text words;        /* may be empty */
    struct text meets;        /* "R1,R2", or empty */
    bool with_text;           /* takes the adopted text of its phase with it */
    struct text follows;      /* "D1", or empty */
};
MUST_CHECK bool desk_propose(struct desk *d, const struct desk_proposal *p,
                             const struct desk_say *say, struct err *err);
/* follows: "D1", or empty; of an answer, too. */
MUST_CHECK bool desk_withdraw(struct desk *d, struct text proposal, struct text follows,
                              const struct desk_say *say, struct err *err);

enum desk_answer { DESK_ACCEPT, DESK_AD_REFERENDUM, DESK_CONCEPT, DESK_REJECT, DESK_COUNTER };
struct desk_reply {
    struct text proposal;
    enum desk_answer kind;
    struct desk_list reserve; /* "R1 access one bank only": label, issue or -, words */
    struct text words;        /* the reason; may be empty */
    struct text follows;
};
MUST_CHECK bool desk_answer(struct desk *d, const struct desk_reply *r, const struct desk_say *say,
                            struct err *err);

/* met_by: a proposal, or {NULL, 0}. */
MUST_CHECK bool desk_close_point(struct desk *d, struct text label, struct text met_by,
                                 const struct desk_say *say, struct err *err);

/* ---- the text of a phase ----
 *
 * phase: its id, or {NULL, 0}: the one that is open.  A version is "3" or "v3", or {NULL, 0}: the newest;
 * a bracket "B2". */

#define DESK_TEXT_FILE_MAX ((size_t)4 << 20)

MUST_CHECK bool desk_text_show(struct desk *d, struct text phase, struct text version,
                               const struct desk_say *say, struct err *err);
/* Between two versions; {NULL, 0}, {NULL, 0}: the newest and the one before.  colour: on a terminal. */
MUST_CHECK bool desk_text_diff(struct desk *d, struct text phase, struct text from, struct text to,
                               bool colour, const struct desk_say *say, struct err *err);
enum desk_text_format { DESK_MARKDOWN, DESK_HTML, DESK_AKN, DESK_REDLINE };
/* The file is added to out; of a redline: what changed since `from`, as HTML. */
MUST_CHECK bool desk_text_export(struct desk *d, struct text phase, struct text version,
                                 struct text from, enum desk_text_format format, struct buf *out,
                                 const struct desk_say *say, struct err *err);

struct desk_draft {
    struct bytes markdown;
    const char *name; /* of the file, for errors */
    struct text phase;
    struct text words; /* that go with it, may be empty */
    bool keep;         /* articles that the file leaves out stay as they are */
};
MUST_CHECK bool desk_draft(struct desk *d, const struct desk_draft *n, const struct desk_say *say,
                           struct err *err);

struct desk_bracket {
    struct text article, phase;
    struct text words;  /* that it would have; of `quote` alone where that is given */
    struct text quote;  /* a passage of it that stands there once; or {NULL, 0}: all of it */
    struct text title;  /* of a new article, else {NULL, 0} */
    struct text after;  /* of a new one: the article before it, or {NULL, 0}: at the end */
    struct text reason; /* may be empty */
};
MUST_CHECK bool desk_bracket(struct desk *d, const struct desk_bracket *n,
                             const struct desk_say *say, struct err *err);

enum desk_stand { DESK_SUPPORT, DESK_OBJECT };
/* about: a bracket, a version, or {NULL, 0}: the newest version. */
MUST_CHECK bool desk_stand(struct desk *d, enum desk_stand stand, struct text about,
                           struct desk_list articles, struct text phase, struct text reason,
                           const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_clean(struct desk *d, struct text about, bool drop, struct text phase,
                           const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_adopt(struct desk *d, struct text version, struct text phase,
                           const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_silence(struct desk *d, struct text about, struct text phase,
                             struct text words, const struct desk_say *say, struct err *err);

/* ---- what principals sign ----
 *
 * signed_paper: what the principal signed elsewhere (entente sign); empty where the key is here. */

MUST_CHECK bool desk_ratify(struct desk *d, struct text proposal, struct bytes signed_paper,
                            const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_sign_charter(struct desk *d, struct bytes signed_paper,
                                  const struct desk_say *say, struct err *err);

struct desk_mandate {
    struct text seat;
    struct text powers;      /* "speak,propose,accept-ad-referendum" */
    struct text issues;      /* "line,access"; empty: all */
    struct text span;        /* "21d" */
    struct desk_list limits; /* "access=one bank|both banks": private */
};
MUST_CHECK bool desk_mandate(struct desk *d, const struct desk_mandate *m,
                             const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_mandate_signed(struct desk *d, struct bytes signed_paper,
                                    const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_revoke(struct desk *d, struct text mandate, const struct desk_say *say,
                            struct err *err);

/* Papers for a principal to sign on another machine, added to out. */
struct desk_decision;
MUST_CHECK bool desk_request_decide(struct desk *d, const struct desk_decision *n, struct buf *out,
                                    const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_request_ratify(struct desk *d, struct text proposal, struct buf *out,
                                    const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_request_charter(struct desk *d, struct buf *out, const struct desk_say *say,
                                     struct err *err);
MUST_CHECK bool desk_request_mandate(struct desk *d, const struct desk_mandate *m, struct buf *out,
                                     const struct desk_say *say, struct err *err);

/* The principal's side of it, or a successor's (of a slip of another principal), without any replica:
 * shows the request in full as it follows from
 * what is signed, asks, signs with the key file; the signed paper is added to out. */
MUST_CHECK bool desk_sign(struct bytes request, const char *name, const char *key_file,
                          const struct desk_person *who, struct buf *out,
                          const struct desk_say *say, struct err *err);

/* ---- at home: app/desk_home.c ---- */

/* What that party may be told of the others, only hinted at, and what is kept; to empty: all. */
MUST_CHECK bool desk_carry(struct desk *d, struct text to, const struct desk_say *say,
                           struct err *err);

/* Each line "heard: ...", "read: ..." or "guess: ...", and with marks "heard: [velland, carry] ...";
 * about: acts that it rests on. */
MUST_CHECK bool desk_debrief(struct desk *d, struct desk_list lines, struct desk_list about,
                             const struct desk_say *say, struct err *err);

/* What matters to one's own side.  set: "line=present line:want"; prefer: "line>access"; swing: issues,
 * the one first that would be improved first; each may be empty. */
struct desk_interests_said {
    struct desk_list set, prefer;
    struct text swing;
};
MUST_CHECK bool desk_interests_say(struct desk *d, const struct desk_interests_said *n,
                                   const struct desk_say *say, struct err *err);
desk_look desk_interests;
/* A scenario of one party, as entente analyse reads it; added to out. */
MUST_CHECK bool desk_interests_export(struct desk *d, struct buf *out, struct err *err);

/* Puts one question and takes one line; false ends it, and nothing is filed. */
struct desk_asker {
    bool (*ask)(void *ctx, const char *question, struct buf *out, struct err *err);
    void *ctx;
};
MUST_CHECK bool desk_interests_ask(struct desk *d, const struct desk_asker *who,
                                   const struct desk_say *say, struct err *err);

struct desk_memo {
    struct text situation;
    struct desk_list options; /* "counter P2 | what it likely leads to | likely" */
    uint32_t recommend;       /* from 1; 0: none */
    struct text because;      /* of the recommendation; may be empty */
    struct desk_list about;   /* acts that it rests on */
};
MUST_CHECK bool desk_memo(struct desk *d, const struct desk_memo *m, const struct desk_say *say,
                          struct err *err);

/* act: its number, or {NULL, 0}: the newest.  As a page of words, or, html not NULL, added to it as
 * one page of HTML without scripts. */
MUST_CHECK bool desk_memo_show(struct desk *d, struct text act, struct buf *html,
                               const struct desk_say *say, struct err *err);

struct desk_decision {
    struct text words;
    struct text memo;        /* an act's number, "none", or {NULL, 0}: the newest */
    struct text review;      /* when it is looked at again; may be empty */
    struct desk_list orders; /* "hold freight-cap" */
};
MUST_CHECK bool desk_decide(struct desk *d, const struct desk_decision *n,
                            const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_decide_signed(struct desk *d, struct bytes signed_paper,
                                   const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_decisions(struct desk *d, const struct desk_say *say, struct err *err);

/* ---- deeds ---- */

struct desk_promise {
    struct text deed, what, how, by;
    struct text after; /* a deed that must be verified first, or empty */
};
MUST_CHECK bool desk_promise(struct desk *d, const struct desk_promise *p,
                             const struct desk_say *say, struct err *err);
/* finding: "done", "partly", "not-done". */
MUST_CHECK bool desk_report(struct desk *d, struct text deed, struct text finding,
                            struct desk_list evidence, struct text words,
                            const struct desk_say *say, struct err *err);
/* decides: as the arbiter of a dispute about it. */
MUST_CHECK bool desk_verify(struct desk *d, struct text deed, struct text finding, bool decides,
                            struct text words, const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_lapse(struct desk *d, struct text deed, const struct desk_say *say,
                           struct err *err);

struct desk_incident {
    struct text words, when;
    struct text by;            /* a side, or empty */
    struct desk_list cited;    /* acts */
    struct desk_list evidence; /* files */
};
MUST_CHECK bool desk_incident(struct desk *d, const struct desk_incident *i,
                              const struct desk_say *say, struct err *err);
/* verdict: "verified", "not-verified"; by, when: as found, or empty. */
MUST_CHECK bool desk_assess(struct desk *d, struct text incident, struct text verdict,
                            struct text by, struct text when, bool serious, struct text words,
                            const struct desk_say *say, struct err *err);

/* ---- consultations, levers, disputes ---- */

desk_look desk_levers, desk_consultations;

enum desk_curve { DESK_CURVE, DESK_CURVE_ASCII, DESK_CURVE_CSV };
MUST_CHECK bool desk_tension(struct desk *d, uint32_t days, enum desk_curve how,
                             const struct desk_say *say, struct err *err);

/* What a question or an undertaking says; phase, deed, lever: what it is about, each {NULL, 0} or an id
 * of the charter. */
struct desk_question {
    struct text side; /* that is asked */
    struct text words;
    struct text by; /* may be empty for a question */
    struct text phase, deed, lever;
};
MUST_CHECK bool desk_ask(struct desk *d, const struct desk_question *q, const struct desk_say *say,
                         struct err *err);
/* on: the question, by its act's number; {NULL, 0}: the newest.  mark: "carry", or it is kept. */
MUST_CHECK bool desk_opinion(struct desk *d, struct text on, struct text mark, struct text words,
                             const struct desk_say *say, struct err *err);
/* Without a subject it is about what the question is about. */
MUST_CHECK bool desk_undertake(struct desk *d, const struct desk_question *u, struct text on,
                               const struct desk_say *say, struct err *err);
/* follows: "D1", or empty. */
MUST_CHECK bool desk_settled(struct desk *d, struct text phase, struct text follows,
                             const struct desk_say *say, struct err *err);
/* Shows the table one act of a consultation; of a question or an opinion the words only where
 * with_words says so. */
MUST_CHECK bool desk_notice(struct desk *d, struct text act, bool with_words,
                            const struct desk_say *say, struct err *err);

struct desk_lever_move {
    struct text move; /* "hold", "ready", "apply", "release" */
    struct text lever;
    struct text review;  /* may be empty */
    struct text why;     /* may be empty */
    struct text follows; /* "D1", or empty */
    bool home;           /* noted at home, without effect: of a lever that is not declared */
};
MUST_CHECK bool desk_lever(struct desk *d, const struct desk_lever_move *m,
                           const struct desk_say *say, struct err *err);

MUST_CHECK bool desk_dispute(struct desk *d, struct text deed, struct text why,
                             const struct desk_say *say, struct err *err);

/* ---- phases, publication ---- */

MUST_CHECK bool desk_open_gate(struct desk *d, struct text phase, const struct desk_say *say,
                               struct err *err);
MUST_CHECK bool desk_park(struct desk *d, struct text phase, struct text title,
                          const struct desk_say *say, struct err *err);
MUST_CHECK bool desk_consent(struct desk *d, struct desk_list acts, const struct desk_say *say,
                             struct err *err);

#endif
