/* SPDX-License-Identifier: Apache-2.0
 *
 * The kinds of sealed acts that rules version 1 knows (docs/FORMAT.md section 10), the rooms in
 * which each counts, and the power that its author needs there.  Numbers never change.
 */
#ifndef ENTENTE_TABLE_KIND_H
#define ENTENTE_TABLE_KIND_H

#include "base/bytes.h"

/* Kinds of rooms, as bits. */
enum room_kind {
    ROOM_HOME = 1,
    ROOM_SHUTTLE = 2,
    ROOM_PLENARY = 4,
    ROOM_PRINCIPALS = 8,
    ROOM_MONITORS = 16,
    ROOM_CONSULT = 32,
};
#define ROOMS_ALL 63u
#define ROOMS_SHARED ((uint32_t)ROOM_PLENARY | (uint32_t)ROOM_MONITORS)

/* name, number, word, rooms, power (record/object.h; 0: none) */
#define KIND_LIST(X)                                                                               \
    X(KIND_CHARTER, 1, "charter", ROOM_PLENARY, 0)                                                 \
    X(KIND_SIGN_CHARTER, 2, "sign-charter", ROOM_PLENARY, 0)                                       \
    X(KIND_EPOCH, 3, "epoch", ROOMS_ALL, 0)                                                        \
    X(KIND_GRANT, 4, "grant", ROOMS_ALL, 0)                                                        \
    X(KIND_CANNOT_OPEN, 5, "cannot-open", ROOMS_ALL, 0)                                            \
    X(KIND_VOID, 6, "void", ROOMS_ALL, 0)                                                          \
    X(KIND_INTRODUCE, 7, "introduce", ROOM_PLENARY, 0)                                             \
    X(KIND_INSTRUCT, 8, "instruct", ROOM_HOME, 0)                                                  \
    X(KIND_MANDATE, 10, "mandate", ROOM_PLENARY, 0)                                                \
    X(KIND_REVOKE_MANDATE, 11, "revoke-mandate", ROOM_PLENARY, 0)                                  \
    X(KIND_MEET, 12, "meet", ROOM_SHUTTLE | ROOM_HOME, 0)                                          \
    X(KIND_CONFIRM, 13, "confirm", ROOMS_ALL, POWER_PROPOSE)                                       \
    X(KIND_SAY, 14, "say", ROOMS_ALL, POWER_SPEAK)                                                 \
    X(KIND_DOCUMENT, 15, "document", ROOMS_ALL, POWER_SPEAK)                                       \
    X(KIND_STATEMENT, 16, "statement", ROOMS_ALL, POWER_SPEAK)                                     \
    X(KIND_POSITION, 17, "position", ROOM_SHUTTLE | ROOM_HOME, 0)                                  \
    X(KIND_INTERESTS, 18, "interests", ROOM_HOME, 0)                                               \
    X(KIND_PROPOSE, 20, "propose", ROOM_PLENARY, POWER_PROPOSE)                                    \
    X(KIND_WITHDRAW, 21, "withdraw", ROOM_PLENARY, POWER_PROPOSE)                                  \
    X(KIND_ANSWER, 22, "answer", ROOM_PLENARY, POWER_SPEAK)                                        \
    X(KIND_CLOSE, 23, "close", ROOM_PLENARY, POWER_SPEAK)                                          \
    X(KIND_RATIFY, 24, "ratify", ROOM_PLENARY, 0)                                                  \
    X(KIND_PROMISE, 30, "promise", ROOMS_SHARED, POWER_PROPOSE)                                    \
    X(KIND_REPORT, 31, "report", ROOMS_SHARED, POWER_SPEAK)                                        \
    X(KIND_VERIFY, 32, "verify", ROOMS_SHARED, POWER_SPEAK)                                        \
    X(KIND_DISPUTE, 33, "dispute", ROOMS_SHARED, POWER_SPEAK)                                      \
    X(KIND_LAPSE, 34, "lapse", ROOMS_SHARED, POWER_SPEAK)                                          \
    X(KIND_INCIDENT, 35, "incident", ROOMS_SHARED, POWER_SPEAK)                                    \
    X(KIND_ASSESS, 36, "assess", ROOMS_SHARED, POWER_SPEAK)                                        \
    X(KIND_GATE, 40, "gate", ROOM_PLENARY, POWER_SPEAK)                                            \
    X(KIND_PARK, 41, "park", ROOM_PLENARY, POWER_SPEAK)                                            \
    X(KIND_SUSPEND, 42, "suspend", ROOM_PLENARY, POWER_PROPOSE)                                    \
    X(KIND_RESUME, 43, "resume", ROOM_PLENARY, POWER_PROPOSE)                                      \
    X(KIND_LEAVE, 44, "leave", ROOM_PLENARY, 0)                                                    \
    X(KIND_RETURN, 45, "return", ROOM_PLENARY, 0)                                                  \
    X(KIND_CONCLUDE, 46, "conclude", ROOM_PLENARY, 0)                                              \
    X(KIND_DATE, 48, "date", ROOM_PLENARY, POWER_SPEAK)                                            \
    X(KIND_CONSENT, 50, "consent", ROOMS_SHARED, POWER_DISCLOSE)                                   \
    X(KIND_PUBLISHED, 51, "published", ROOM_PLENARY, POWER_DISCLOSE)                               \
    X(KIND_DEBRIEF, 60, "debrief", ROOM_HOME, 0)                                                   \
    X(KIND_MEMO, 61, "memo", ROOM_HOME, 0)                                                         \
    X(KIND_DECIDE, 62, "decide", ROOM_HOME, 0)                                                     \
    X(KIND_ASK, 63, "ask", ROOM_CONSULT, 0)                                                        \
    X(KIND_OPINION, 64, "opinion", ROOM_CONSULT, 0)                                                \
    X(KIND_UNDERTAKE, 65, "undertake", ROOM_CONSULT, 0)                                            \
    X(KIND_SETTLED, 66, "settled", ROOM_PLENARY, 0)                                                \
    X(KIND_LEVER, 67, "lever", ROOM_PLENARY | ROOM_CONSULT | ROOM_HOME, 0)                         \
    X(KIND_NOTICE, 68, "notice", ROOM_PLENARY, POWER_SPEAK)                                        \
    X(KIND_DRAFT, 70, "draft", ROOM_PLENARY, POWER_PROPOSE)                                        \
    X(KIND_BRACKET, 71, "bracket", ROOM_PLENARY, POWER_PROPOSE)                                    \
    X(KIND_SUPPORT, 72, "support", ROOM_PLENARY, POWER_SPEAK)                                      \
    X(KIND_OBJECT, 73, "object", ROOM_PLENARY, POWER_SPEAK)                                        \
    X(KIND_ADOPT, 74, "adopt", ROOM_PLENARY, POWER_SPEAK)                                          \
    X(KIND_CLEAN, 75, "clean", ROOM_PLENARY, POWER_PROPOSE)                                        \
    X(KIND_SILENCE, 76, "silence", ROOM_PLENARY, POWER_PROPOSE)

#define KIND_ENUM(name, number, word, rooms, power) name = number,
enum act_kind { KIND_LIST(KIND_ENUM) };
#undef KIND_ENUM

/* False for a number that rules version 1 does not know. */
bool kind_known(uint32_t number);
const char *kind_word(enum act_kind kind);
uint32_t kind_rooms(enum act_kind kind);
uint32_t kind_power(enum act_kind kind);

/* Kind of a word of the list; false where there is none. */
bool kind_of_word(struct bytes word, enum act_kind *out);

#endif
