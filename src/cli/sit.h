/* SPDX-License-Identifier: Apache-2.0
 *
 * Sitting down at the desk of a seat: which folder, whose keys, who confirms, where the answer
 * goes.
 *
 *     struct sitting s;
 *     bool ok = sit_down(cli, "say", &s, err) && desk_say_words(s.desk, ..., &s.say, err);
 *     sit_up(&s);
 */
#ifndef ENTENTE_CLI_SIT_H
#define ENTENTE_CLI_SIT_H

#include "app/desk.h"
#include "cli/ask.h"

#define SIT_DIR                                                                                    \
    {                                                                                              \
        "dir", OPT_VALUE, "DIR", "the seat's folder; else ENTENTE_DIR, this folder, or your own"   \
    }
#define SIT_NO_INPUT                                                                               \
    {                                                                                              \
        "no-input", OPT_FLAG, NULL, "ask nothing; fail where something would be asked"             \
    }
#define SIT_YES                                                                                    \
    {                                                                                              \
        "yes", OPT_FLAG, NULL, "confirm what binds without being asked"                            \
    }
#define SIT_SUCCESSORS                                                                             \
    {"successor", OPT_LIST, "KEYFILE",                                                             \
     "key of one who may put another principal in your place; may be repeated"},                   \
    {                                                                                              \
        "needed", OPT_VALUE, "N", "how many of them must; without it, more than half"              \
    }
#define SIT_ANYWAY                                                                                 \
    {                                                                                              \
        "anyway", OPT_FLAG, NULL, "go on although your own desk warns"                             \
    }
#define SIT_FOLLOWS                                                                                \
    {                                                                                              \
        "follows", OPT_VALUE, "D1", "a decision of your principal; the others see its seal alone"  \
    }
#define SIT_OPTIONS SIT_DIR, ASK_OPTION, SIT_NO_INPUT

struct sitting {
    struct chance chance;
    struct desk *desk;
    struct desk_say say;
};

/* --dir, else ENTENTE_DIR, else this folder where it holds a seat, else the user's own. */
MUST_CHECK bool sit_folder(struct cli *cli, const char **out, struct err *err);

/* verb: for the lock.  sit_up is due in either case. */
MUST_CHECK bool sit_down(struct cli *cli, const char *verb, struct sitting *out, struct err *err);
void sit_up(struct sitting *s);

/* For use cases without a seat yet. */
struct desk_say sit_say(struct cli *cli);
struct desk_person sit_person(struct cli *cli, const struct chance *chance);

/* The i-th positional word, an option's value; {NULL, 0} where it was not given. */
struct text sit_word(const struct cli *cli, size_t i);
struct text sit_value(const struct cli *cli, const char *name);
/* Positional words from the first-th on; all values of an option. */
MUST_CHECK bool sit_words(struct cli *cli, size_t first, struct desk_list *out, struct err *err);
MUST_CHECK bool sit_list(struct cli *cli, const char *name, struct desk_list *out, struct err *err);

/* An option that the command cannot do without. */
MUST_CHECK bool sit_needs(const struct cli *cli, const char *name, struct err *err);

/* Words from the positional place, else from --file, else from standard input; a last line feed
 * is dropped. */
MUST_CHECK bool sit_text(struct cli *cli, size_t word, struct text *out, struct err *err);

/* SIT_SUCCESSORS, into out. */
MUST_CHECK bool sit_successors(struct cli *cli, struct desk_seat *out, struct err *err);

/* A paper's file; --signed where it was given, else nothing. */
MUST_CHECK bool sit_read(struct cli *cli, const char *file, struct bytes *out, struct err *err);
MUST_CHECK bool sit_signed(struct cli *cli, struct bytes *out, struct err *err);

/* Writes a new file and says so. */
MUST_CHECK bool sit_write(struct cli *cli, const char *file, struct bytes content, struct err *err);

#endif
