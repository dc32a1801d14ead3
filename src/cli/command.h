/* SPDX-License-Identifier: Apache-2.0
 *
 * A command: a row in a table.  To add one: write cli/cmd_<name>.c with
 *
 *     const struct command cmd_journey = {
 *         .name = "journey",
 *         .group = COMMAND_STANDS,
 *         .help = "where the table stands",
 *         .more = "Shows the phases, ...",
 *         .example = "entente journey",
 *         .spec = {.options = options, .option_count = COUNT_OF(options)},
 *         .run = run_journey,
 *     };
 *
 * a line in COMMAND_LIST (cli/command_list.h), and the file's name in cli/meson.build.
 */
#ifndef ENTENTE_CLI_COMMAND_H
#define ENTENTE_CLI_COMMAND_H

#include "base/arena.h"
#include "base/err.h"
#include "cli/opt.h"
#include "cli/out.h"
#include "os/clock.h"

/* Groups of the help, in its order: name, title. */
#define COMMAND_GROUPS(X)                                                                          \
    X(COMMAND_START, "Begin")                                                                      \
    X(COMMAND_STANDS, "Where it stands")                                                           \
    X(COMMAND_PEOPLE, "People and keys")                                                           \
    X(COMMAND_ACTS, "At the table")                                                                \
    X(COMMAND_SOUND, "Soundings")                                                                  \
    X(COMMAND_RECORD, "The record")                                                                \
    X(COMMAND_ANALYSE, "Analysis, for your side alone")                                            \
    X(COMMAND_SERVE, "Page and host")                                                              \
    X(COMMAND_HELP, "Help")

#define COMMAND_ENUM(name, title) name,
enum command_group { COMMAND_GROUPS(COMMAND_ENUM) };
#undef COMMAND_ENUM

/* What a command gets. */
struct cli {
    struct arena *mem; /* for this command; held plaintext is wiped at its end */
    struct out *out;
    const struct opts *opts;
    struct clock clock;
};

struct command {
    const char *name; /* one word, or two: "table new" */
    enum command_group group;
    bool advanced;       /* shown by help --advanced alone */
    const char *help;    /* one line, no full stop */
    const char *more;    /* paragraphs for help COMMAND, or NULL */
    const char *example; /* one line as it is typed at a shell, with double quotes alone */
    struct opt_spec spec;
    /* False with err set: the exit status is err's (base/err.h). */
    bool (*run)(struct cli *cli, struct err *err);
};

/* All commands, in the order of COMMAND_LIST. */
struct command_table {
    const struct command *const *all;
    size_t count;
};

struct command_table command_table(void);

/* The command that the words argv[0 .. argc) begin with; *words is how many words its name has.
 * ERR_USE with a near name as its mend when there is none. */
MUST_CHECK bool command_find(struct command_table table, size_t argc, char *const *argv,
                             const struct command **out, size_t *words, struct err *err);

const char *command_group_title(enum command_group group);

/* Of the whole program, for help and the manual page. */
#define COMMAND_PURPOSE "holds a closed-door negotiation on a record that no one can forge"
#define COMMAND_EXIT_STATUS                                                                        \
    "The exit status is 0 when it is done, 1 when it failed, 2 when the command was misused, 3 "   \
    "when the table's rules refuse it, 4 when a record does not verify, and 5 when the host "      \
    "cannot be reached: try again then."
#define COMMAND_ENVIRONMENT                                                                        \
    "ENTENTE_DIR names a seat's folder, where --dir does not. ENTENTE_HOME is where your own "     \
    "things are kept, else ~/.local/share/entente. NO_COLOR turns colours off."

/* The answer of help COMMAND, and of COMMAND --help. */
void command_describe(const struct command *command, struct out *out);

#endif
