/* SPDX-License-Identifier: Apache-2.0
 *
 * Why an act may not be: the same words whether a seat's own program stops it at the desk or every
 * replica finds it void on the record.  Numbers enter the state digest and never change; words do
 * not enter it.
 */
#ifndef ENTENTE_TABLE_REFUSAL_H
#define ENTENTE_TABLE_REFUSAL_H

#include "base/text.h"

/* name, number, section of docs/RULES.md that has the rule */
#define REFUSAL_LIST(X)                                                                            \
    X(REFUSED_NOT, 0, "")                                                                          \
    X(REFUSED_FORM, 1, "3.1")        /* not of the form of its kind */                             \
    X(REFUSED_ROOM, 2, "3.2")        /* in a room where its kind does not count */                 \
    X(REFUSED_MEMBER, 3, "3.2")      /* its author does not sit in that room */                    \
    X(REFUSED_EPOCH, 4, "3.3")       /* sealed under another key than the room's newest */         \
    X(REFUSED_PROVISIONAL, 5, "3.4") /* the charter is not in force */                             \
    X(REFUSED_CHARTER, 6, "4.1")     /* not the charter that was founded */                        \
    X(REFUSED_OBJECT, 7, "4.2")      /* a signed object that does not hold */                      \
    X(REFUSED_AUTHORITY, 8, "4.3")   /* beyond the author's mandate */                             \
    X(REFUSED_PAPERS_ONLY, 9, "5.1") /* the plenary is not sitting yet */                          \
    X(REFUSED_PHASE, 10, "5.2")      /* its phase is closed */                                     \
    X(REFUSED_DEADLINE, 11, "5.3")   /* its deadline has surely passed */                          \
    X(REFUSED_UNKNOWN, 12, "6.1")    /* names something that is not there */                       \
    X(REFUSED_WITHDRAWN, 13, "6.2")                                                                \
    X(REFUSED_DONE, 14, "6.3")       /* settled already */                                         \
    X(REFUSED_NOT_AGREED, 15, "6.4") /* ratified before it is agreed */                            \
    X(REFUSED_OWNER, 16, "6.5")      /* only another side may do this */                           \
    X(REFUSED_LABEL, 17, "6.5")      /* a label that is in use, or missing */                      \
    X(REFUSED_SELF, 18, "7.2")       /* nobody verifies himself */                                 \
    X(REFUSED_VERIFIER, 19, "7.2")   /* another verifies this */                                   \
    X(REFUSED_EVIDENCE, 20, "7.3")   /* no evidence here */                                        \
    X(REFUSED_NOT_DUE, 21, "7.4")    /* its hour has not surely passed */                          \
    X(REFUSED_GATE, 22, "8.1")       /* conditions are missing */                                  \
    X(REFUSED_LIMIT, 23, "3.5")      /* above a ceiling */                                         \
    X(REFUSED_LIMITS, 24, "4.4")     /* outside private instructions: at the desk only */          \
    X(REFUSED_PUBLICATION, 25, "9.1")                                                              \
    X(REFUSED_PEN, 30, "13.1")       /* drafting without the pen */                                \
    X(REFUSED_VERSION, 31, "13.2")   /* words that are not those of the newest version */          \
    X(REFUSED_REASON, 32, "13.4")    /* an objection without a reason */                           \
    X(REFUSED_BRACKETS, 33, "13.5")  /* a bracket on which not all agree */                        \
    X(REFUSED_SILENCE, 34, "13.7")   /* silence that has not surely passed, or may not be asked */ \
    X(REFUSED_PROOF, 35, "14.3")     /* a notice that proves nothing */                            \
    X(REFUSED_KEPT, 36, "14.4")      /* words that their author has not given on */                \
    X(REFUSED_LEVER, 37, "15.2")     /* what stands in the way of a lever */                       \
    X(REFUSED_MOVE, 38, "15.1")      /* a lever moved out of turn */                               \
    X(REFUSED_DISPUTE, 39, "7.5")    /* a second dispute, or too late */                           \
    X(REFUSED_PRINCIPAL, 40, "16.5") /* only the principal's own seat does it */                   \
    X(REFUSED_LEFT, 41, "16.5")      /* a side that has left the table */                          \
    X(REFUSED_SUSPENDED, 42, "16.6")                                                               \
    X(REFUSED_CONCLUDED, 43, "16.7")                                                               \
    X(REFUSED_DATE, 44, "17.2")    /* an hour that cannot be set */                                \
    X(REFUSED_FOLLOWS, 45, "18.3") /* what a decision does not say: at the desk only */            \
    X(REFUSED_KEEP, 46, "18.5")    /* words that are kept: at the desk only */                     \
    X(REFUSED_MINUTE, 47, "18.4")  /* a minute of others: at the desk only */

#define REFUSAL_ENUM(name, number, rule) name = number,
enum refusal_code { REFUSAL_LIST(REFUSAL_ENUM) };
#undef REFUSAL_ENUM

struct refusal {
    enum refusal_code code;
    char what[512];
    char mend[320]; /* how, and who can */
};

/* Sets it; always false, so that a rule reads `return refuse(...) || refuse_mend(...)`. */
bool refuse(struct refusal *r, enum refusal_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool refuse_mend(struct refusal *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "It breaks rule 6.4 (docs/RULES.md).": where nothing more is known. */
const char *refusal_words(enum refusal_code code);

/* "6.4" */
const char *refusal_rule(enum refusal_code code);

#endif
