/* SPDX-License-Identifier: Apache-2.0
 *
 * Ceilings of what the state of the table holds, and each side's share of them: what one side does
 * with its own share takes nothing from another's.  docs/RULES.md section 3.5.
 */
#ifndef ENTENTE_TABLE_CEILING_H
#define ENTENTE_TABLE_CEILING_H

#include "table/charter.h"

/* name, all that the table holds, words for it */
#define CEILING_LIST(X)                                                                            \
    X(CEILING_MANDATES, 1024u, "mandates")                                                         \
    X(CEILING_REVOCATIONS, 1024u, "revocations of papers not posted")                              \
    X(CEILING_PROPOSALS, 1024u, "proposals")                                                       \
    X(CEILING_POINTS, 1024u, "open points")                                                        \
    X(CEILING_INCIDENTS, 4096u, "incidents")                                                       \
    X(CEILING_EVIDENCE, 16384u, "acts that may be cited")                                          \
    X(CEILING_CONFIRMS, 4096u, "confirmations")                                                    \
    X(CEILING_CONSENTS, 16384u, "consents")                                                        \
    X(CEILING_PARKED, 256u, "parked titles")                                                       \
    X(CEILING_RATIFICATIONS, 4096u, "ratifications")                                               \
    X(CEILING_QUESTIONS, 1024u, "questions shown")                                                 \
    X(CEILING_UNDERTAKINGS, 1024u, "undertakings shown")                                           \
    X(CEILING_STATEMENTS, 4096u, "statements")                                                     \
    X(CEILING_VERSIONS, 1024u, "versions of a text")                                               \
    X(CEILING_BRACKETS, 1024u, "brackets")

#define CEILING_ENUM(name, most, words) name,
enum ceiling { CEILING_LIST(CEILING_ENUM) };
#undef CEILING_ENUM
#define CEILINGS ((uint32_t)CEILING_BRACKETS + 1)

/* A side's share: what the table holds divided by the sides that sit in plenary and monitors' room
 * (never more than the 32 of a charter, so never nothing). */
uint32_t ceiling_share(const struct charter *c, enum ceiling k);

const char *ceiling_words(enum ceiling k);

#endif
