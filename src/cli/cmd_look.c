/* SPDX-License-Identifier: Apache-2.0
 *
 * Where it stands: journey, since, moves, proposals, ledger, rooms, room, issues, mandates.
 */
#include "cli/command_list.h"
#include "cli/sit.h"

#define DAYS_MOST 3650u
#define LAST_MOST 1000000u

static bool look(struct cli *cli, desk_look *view, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "look", &s, err) && view(s.desk, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt plain_options[] = {SIT_OPTIONS};

/* name, whether advanced, help, more */
#define LOOKS(X)                                                                                   \
    X(moves, false, "what you may do now, and what you owe",                                       \
      "For a monitor or a consulted side: what it is asked, and nothing else.")                    \
    X(proposals, false, "proposals, answers, open points", NULL)                                   \
    X(ledger, false, "promises and deeds, says beside verified; incidents, quiet",                 \
      "Both sides in the same words. What a side says and what was verified stand side by side.")  \
    X(rooms, false, "the rooms where you sit, and who else reads them", NULL)                      \
    X(issues, true, "the issues with their options, numbered", NULL)                               \
    X(mandates, true, "who may do what, over which issues, until when",                            \
      "Private limits are sealed and not shown.")

#define LOOK_COMMAND(word, rare, line, text)                                                       \
    static bool run_##word(struct cli *cli, struct err *err)                                       \
    {                                                                                              \
        return look(cli, desk_##word, err);                                                        \
    }                                                                                              \
    const struct command cmd_##word = {                                                            \
        .name = #word,                                                                             \
        .group = COMMAND_STANDS,                                                                   \
        .advanced = rare,                                                                          \
        .help = line,                                                                              \
        .more = text,                                                                              \
        .example = "entente " #word,                                                               \
        .spec = {.options = plain_options, .option_count = COUNT_OF(plain_options)},               \
        .run = run_##word,                                                                         \
    };
LOOKS(LOOK_COMMAND)
#undef LOOK_COMMAND

/* ---- journey ---- */

static bool run_journey(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "look", &s, err) &&
              (opt_has(cli->opts, "why") ? desk_why(s.desk, sit_value(cli, "why"), &s.say, err)
                                         : desk_journey(s.desk, &s.say, err));
    sit_up(&s);
    return ok;
}

static const struct opt journey_options[] = {
    {"why", OPT_VALUE, "GATE",
     "what of this gate is there, what is missing, and who can supply it"},
    SIT_OPTIONS,
};

const struct command cmd_journey = {
    .name = "journey",
    .group = COMMAND_STANDS,
    .help = "where the table stands: phases, gates, what needs you",
    .more = "Looks at what this seat holds; entente sync brings what is new. With --why and the "
            "name "
            "of a phase: its gate, condition by condition, and the command that supplies what is "
            "missing.",
    .example = "entente journey --why ceasefire",
    .spec = {.options = journey_options, .option_count = COUNT_OF(journey_options)},
    .run = run_journey,
};

/* ---- since ---- */

static bool run_since(struct cli *cli, struct err *err)
{
    struct sitting s;
    uint64_t days, from = 0;
    const char *word = opt_word(cli->opts, 0);
    if (!opt_u64(cli->opts, "days", 7, 1, DAYS_MOST, &days, err)) {
        return false;
    }
    if (word != NULL && (!u64_parse(text_str(word), &from) || opt_has(cli->opts, "days"))) {
        return err_set(err, ERR_USE, "since wants the number of an act, or --days N") ||
               err_mend(err, "entente since 40, or entente since --days 7");
    }
    bool ok = sit_down(cli, "since", &s, err) &&
              (word != NULL ? desk_noted(s.desk, from, &s.say, err)
                            : desk_since(s.desk, (uint32_t)days, &s.say, err));
    sit_up(&s);
    return ok;
}

static const struct opt since_options[] = {
    {"days", OPT_VALUE, "N", "compare with so many days ago; without it, a week"},
    SIT_OPTIONS,
};

const struct command cmd_since = {
    .name = "since",
    .group = COMMAND_STANDS,
    .help = "what has changed since a week ago, or since an act",
    .example = "entente since --days 3",
    .spec = {.options = since_options,
             .option_count = COUNT_OF(since_options),
             .words = "[ACT]",
             .words_max = 1},
    .run = run_since,
};

/* ---- room ---- */

static bool run_room(struct cli *cli, struct err *err)
{
    struct sitting s;
    uint64_t last;
    if (!opt_u64(cli->opts, "last", 20, 1, LAST_MOST, &last, err)) {
        return false;
    }
    bool ok = sit_down(cli, "room", &s, err) &&
              desk_room(s.desk, sit_word(cli, 0), (uint32_t)last, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt room_options[] = {
    {"last", OPT_VALUE, "N", "so many acts, newest at the bottom; without it, 20"},
    SIT_OPTIONS,
};

const struct command cmd_room = {
    .name = "room",
    .group = COMMAND_STANDS,
    .help = "what was said and filed in one room",
    .example = "entente room plenary --last 5",
    .spec = {.options = room_options,
             .option_count = COUNT_OF(room_options),
             .words = "NAME",
             .words_min = 1,
             .words_max = 1},
    .run = run_room,
};
