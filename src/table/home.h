/* SPDX-License-Identifier: Apache-2.0
 *
 * What a delegation writes at home (docs/RULES.md section 18): debriefs, memos, decisions.  No other
 * side reads them and they change no state; what is kept of them is in table/beside.h.
 *
 * A decision is a paper of the principal's (FORMAT 12, kind decide).  Its bytes, of which the paper
 * has the digest:
 *
 *     CBOR [ label, leaf hash of the memo | null, words, review in seconds | null,
 *            [[order, subject] ...] ]
 *
 * Its seal is the id of that paper.  What follows a decision names the seal: it has the principal's
 * signature in it, so nobody who does not hold the paper can tell which act it is, or what it says.
 */
#ifndef ENTENTE_TABLE_HOME_H
#define ENTENTE_TABLE_HOME_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "record/id.h"
#include "record/limits.h"

#define DECISION_BYTES_MAX (ITEM_TEXT_MAX + 4096u)

/* How an envoy knows what he reports: number, word of the command, word that is shown */
#define HEARD_LIST(X)                                                                              \
    X(HEARD_SAID, 1, "heard", "heard")                                                             \
    X(HEARD_READ, 2, "read", "read")                                                               \
    X(HEARD_GUESS, 3, "guess", "my guess")

/* An option of a memo. */
#define WAY_LIST(X)                                                                                \
    X(WAY_ACCEPT, 1, "accept", "Accept")                                                           \
    X(WAY_COUNTER, 2, "counter", "Counter")                                                        \
    X(WAY_WAIT, 3, "wait", "Wait")                                                                 \
    X(WAY_CONSULT, 4, "consult", "Consult")                                                        \
    X(WAY_LEVER, 5, "lever", "Use a lever")                                                        \
    X(WAY_LEAVE, 6, "leave", "Leave")

/* How sure it is that an option leads there. */
#define SURE_LIST(X)                                                                               \
    X(SURE_SURE, 1, "sure", "sure")                                                                \
    X(SURE_LIKELY, 2, "likely", "likely")                                                          \
    X(SURE_OPEN, 3, "open", "cannot be told")

/* What a decision tells its side to do; its subject is a proposal, a side or a lever, or empty. */
#define ORDER_LIST(X)                                                                              \
    X(ORDER_ACCEPT, 1, "accept", "accept")                                                         \
    X(ORDER_COUNTER, 2, "counter", "counter")                                                      \
    X(ORDER_WAIT, 3, "wait", "wait")                                                               \
    X(ORDER_CONSULT, 4, "consult", "consult")                                                      \
    X(ORDER_HOLD, 5, "hold", "hold")                                                               \
    X(ORDER_READY, 6, "ready", "ready")                                                            \
    X(ORDER_APPLY, 7, "apply", "apply")                                                            \
    X(ORDER_RELEASE, 8, "release", "release")                                                      \
    X(ORDER_LEAVE, 9, "leave", "leave")

#define HOME_ENUM(name, number, word, shown) name = number,
enum heard { HEARD_LIST(HOME_ENUM) };
enum way_kind { WAY_LIST(HOME_ENUM) };
enum sure { SURE_LIST(HOME_ENUM) };
enum order_kind { ORDER_LIST(HOME_ENUM) };
#undef HOME_ENUM

/* As it is shown; "?" for a number that is none. */
const char *heard_word(enum heard h);
const char *way_word(enum way_kind w);
const char *sure_word(enum sure s);
const char *order_word(enum order_kind o);

/* Of a word of the command; false where there is none. */
MUST_CHECK bool heard_of(struct text word, enum heard *out);
MUST_CHECK bool way_of(struct text word, enum way_kind *out);
MUST_CHECK bool sure_of(struct text word, enum sure *out);
MUST_CHECK bool order_of(struct text word, enum order_kind *out);

/* Who may hear what was told: nobody else; it may be hinted at; it is to be carried over. */
enum mark { MARK_KEEP = 1, MARK_HINT = 2, MARK_CARRY = 3 };

/* A line of a debrief, or of a minute. */
struct debrief_line {
    enum heard heard;
    struct text text;
    enum mark mark;   /* 0: none, which is kept */
    struct text side; /* whose words, of a line with a mark; or {NULL, 0} */
};

/* What an option is to a side: number, word of the command, word that is shown. */
#define INTEREST_LIST(X)                                                                           \
    X(INTEREST_NONE, 0, "none", "does not matter")                                                 \
    X(INTEREST_MUST, 1, "must", "must have")                                                       \
    X(INTEREST_WANT, 2, "want", "would like")                                                      \
    X(INTEREST_NICE, 3, "nice", "would not mind")                                                  \
    X(INTEREST_NEVER, 4, "never", "never")

enum interest {
#define INTEREST_ENUM(name, number, word, shown) name = number,
    INTEREST_LIST(INTEREST_ENUM)
#undef INTEREST_ENUM
};
const char *interest_word(enum interest i);
MUST_CHECK bool interest_of(struct text word, enum interest *out);

struct interest_item {
    struct text issue;
    uint32_t option;
    enum interest interest; /* INTEREST_NONE takes back what was said */
};

/* To improve one issue from its worst to its best is worth more than, or the same as, another. */
enum preference { PREFER_NOT = 0 /* taken back */, PREFER_MORE = 1, PREFER_SAME = 2 };
struct prefer_item {
    struct text more, less;
    enum preference preference;
};

struct memo_way {
    enum way_kind way;
    struct text subject; /* "P1", a lever, a side; may be empty */
    struct text leads;   /* to what, likely, and for whom */
    enum sure sure;
};

struct order {
    enum order_kind kind;
    struct text subject; /* may be empty */
};

struct payload;

/* The bytes of the decision that p says (kind decide). */
void decision_put(const struct payload *p, struct buf *out);
/* Into what a payload of kind decide has of them; borrows raw, arrays are in mem. */
MUST_CHECK bool decision_take(struct bytes raw, struct arena *mem, struct payload *out,
                              struct err *err);
/* H("entente/v1/decision"; those bytes) */
struct digest decision_digest(struct bytes raw);

/* "D" and a number from 1, at most 9999. */
bool decision_label(struct text label, uint32_t *out_number);

#endif
