/* SPDX-License-Identifier: Apache-2.0
 *
 * What the log itself must understand: envelope field 11 (docs/FORMAT.md sections 5 and 6).
 */
#ifndef ENTENTE_RECORD_CONTROL_KIND_H
#define ENTENTE_RECORD_CONTROL_KIND_H

/* name, number, word, author: R = a root, S = a seat */
#define CONTROL_LIST(X)                                                                            \
    X(CONTROL_SEALED, 0, "sealed", S)                                                              \
    X(CONTROL_FOUND, 1, "found", R)                                                                \
    X(CONTROL_KEYS, 2, "keys", R)                                                                  \
    X(CONTROL_WITNESSES, 3, "witnesses", R)                                                        \
    X(CONTROL_COUNTERSIGN, 4, "countersign", S)                                                    \
    X(CONTROL_PROCEED, 5, "proceed-without", S)                                                    \
    X(CONTROL_SUCCESSION, 6, "succession", R)

#define CONTROL_ENUM(name, number, word, author) name = number,
enum control_kind { CONTROL_LIST(CONTROL_ENUM) };
#undef CONTROL_ENUM

#define CONTROL_KINDS 7u

/* The word of the list above. */
const char *control_word(enum control_kind kind);

#endif
