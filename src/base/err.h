/* SPDX-License-Identifier: Apache-2.0
 *
 * A failure told to a person: WHAT failed, WHERE, and how to MEND it.
 *
 * The function that notices says what (err_set); each caller may add where on the way up (err_at);
 * the layer that knows the user adds mend (err_mend).  All three return false, so that
 *
 *     return err_set(err, ERR_RULE, "...") || err_mend(err, "...");
 *
 * reads in one breath.  Success leaves err untouched; failure leaves outputs untouched.
 * No secret, no raw byte of another party ever goes in: pass foreign words through text_quote.
 */
#ifndef ENTENTE_BASE_ERR_H
#define ENTENTE_BASE_ERR_H

#include "base/bytes.h"

/* Codes: name, exit status of the command that ends with it (STYLE: 0 done, 1 failed, 2 misused,
 * 3 refused by the table's rules, 4 record does not verify, 5 host unreachable), word for JSON. */
#define ERR_LIST(X)                                                                                \
    X(ERR_NONE, 0, "none")                                                                         \
    X(ERR_FORMAT, 1, "format") /* bytes or a file that are not what they should be */              \
    X(ERR_LIMIT, 1, "limit")   /* above a ceiling */                                               \
    X(ERR_MEMORY, 1, "memory")                                                                     \
    X(ERR_IO, 1, "io")         /* disk, file, lock */                                              \
    X(ERR_KEY, 1, "key")       /* wrong passphrase, missing key, cannot open */                    \
    X(ERR_STATE, 1, "state")   /* a replica, lock or guard is not in a state that allows this */   \
    X(ERR_USE, 2, "use")       /* the command was misused */                                       \
    X(ERR_RULE, 3, "rule")     /* the table's rules refuse this */                                 \
    X(ERR_VERIFY, 4, "verify") /* a record, signature or proof does not verify */                  \
    X(ERR_HOST, 5, "host")     /* host unreachable or refusing; try again */

#define ERR_ENUM(name, exit, word) name,
enum err_code { ERR_LIST(ERR_ENUM) };
#undef ERR_ENUM

struct err {
    enum err_code code;
    char what[512];
    char where[256];
    char mend[320];
};

/* Forget what was said; the value {0} is the same. */
void err_clear(struct err *err);

/* Sets code and what; where and mend become empty.  Cut at the field's size.  Always false. */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Adds an outer place: "table x, act 7" before what an inner caller said.  Always false. */
bool err_at(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Says how to mend it; the innermost advice stands unless the outer one is set on purpose:
 * a second err_mend replaces the first.  Always false. */
bool err_mend(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Out of memory or over an arena's or buffer's cap.  Always false. */
bool err_memory(struct err *err, const char *what);

/* The compiler is shown that they return false: else it warns, in callers of callers, of outputs
 * that a failure leaves unset. */
#define err_set(...) ((void)(err_set)(__VA_ARGS__), false)
#define err_at(...) ((void)(err_at)(__VA_ARGS__), false)
#define err_mend(...) ((void)(err_mend)(__VA_ARGS__), false)
#define err_memory(...) ((void)(err_memory)(__VA_ARGS__), false)

int err_exit_status(enum err_code code);
const char *err_word(enum err_code code);

#endif
