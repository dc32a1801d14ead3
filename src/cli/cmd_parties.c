/* SPDX-License-Identifier: Apache-2.0
 *
 * seat revoke, proceed without; leave, return, suspend, resume, conclude; date, dates.
 */
#include "cli/command_list.h"
#include "cli/sit.h"

static const struct opt yes_options[] = {SIT_YES, SIT_OPTIONS};

/* ---- seat revoke ---- */

static bool run_seat_revoke(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "revoke", &s, err) &&
              desk_revoke_seat(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_seat_revoke = {
    .name = "seat revoke",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "end a seat of your side: its machine is lost, or another comes in its place",
    .more = "For the principal alone. What the seat has filed stands; from here on it signs and "
            "reads nothing, and the rooms where it sat get fresh keys. Then invite whoever comes "
            "in its place, and give a mandate.",
    .example = "entente seat revoke Ilin",
    .spec = {.options = yes_options,
             .option_count = COUNT_OF(yes_options),
             .words = "SEAT",
             .words_min = 1,
             .words_max = 1},
    .run = run_seat_revoke,
};

/* ---- proceed without ---- */

static bool run_proceed(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "proceed", &s, err) &&
              desk_proceed(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_proceed_without = {
    .name = "proceed without",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "go on without a side that has not countersigned for the grace",
    .more = "It counts once two other sides (the other one, where there are two) have "
            "countersigned twice, a grace apart, since that side last did. Its silence is never "
            "consent; when it countersigns again, all is as before.",
    .example = "entente proceed without velland",
    .spec = {.options = yes_options,
             .option_count = COUNT_OF(yes_options),
             .words = "SIDE",
             .words_min = 1,
             .words_max = 1},
    .run = run_proceed,
};

/* ---- leave, return, conclude, resume ---- */

#define REASON_OPTION                                                                              \
    {                                                                                              \
        "reason", OPT_VALUE, "TEXT", "why, for all in the plenary"                                 \
    }

static const struct opt reason_options[] = {REASON_OPTION, SIT_YES, SIT_OPTIONS};

/* word, what the desk does, help, more */
#define COMINGS(X)                                                                                 \
    X(leave, desk_leave, "your side leaves the table",                                             \
      "For the principal's own seat. Nothing waits for it. What your side owes stays owed; what "  \
      "it has accepted and is not complete is taken back; no gate opens by it. With fewer than "   \
      "two parties the table rests until who left returns.")                                       \
    X(return, desk_return, "your side returns to the table",                                       \
            "For the principal's own seat. Nobody is asked; what was taken back is answered "      \
            "anew.")                                                                               \
    X(conclude, desk_conclude, "your side is for ending the table",                                \
      "For the principals' own seats. It is concluded once every party at the table is for it; "   \
      "what is agreed and promised stands. The mediation may propose it in the same way.")         \
    X(resume, desk_resume, "end a suspension, or take back your own word for one",                 \
      "Any party ends what all had suspended; who suspended for cause ends that. It also takes "   \
      "back your side's word for concluding.")

#define COMING_COMMAND(word, act, line, text)                                                      \
    static bool run_##word(struct cli *cli, struct err *err)                                       \
    {                                                                                              \
        struct sitting s;                                                                          \
        bool ok = sit_down(cli, #word, &s, err) &&                                                 \
                  act(s.desk, sit_value(cli, "reason"), &s.say, err);                              \
        sit_up(&s);                                                                                \
        return ok;                                                                                 \
    }                                                                                              \
    const struct command cmd_##word = {                                                            \
        .name = #word,                                                                             \
        .group = COMMAND_ACTS,                                                                     \
        .advanced = true,                                                                          \
        .help = line,                                                                              \
        .more = text,                                                                              \
        .example = "entente " #word,                                                               \
        .spec = {.options = reason_options, .option_count = COUNT_OF(reason_options)},             \
        .run = run_##word,                                                                         \
    };
COMINGS(COMING_COMMAND)
#undef COMING_COMMAND

/* ---- suspend ---- */

static bool run_suspend(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "suspend", &s, err) &&
              desk_suspend(s.desk, sit_value(cli, "cause"), sit_value(cli, "until"),
                           sit_value(cli, "reason"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt suspend_options[] = {
    {"cause", OPT_VALUE, "I1|DEED",
     "a violation by another side: then at once, for a week at most"},
    {"until", OPT_VALUE, "WHEN", "with all parties: until then, or until one of them resumes"},
    REASON_OPTION,
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_suspend = {
    .name = "suspend",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "your side is for suspending agreeing; for cause, it does so alone",
    .more = "While it is suspended nothing is accepted, ratified or opened; all else goes on, and "
            "an "
            "open gate stays open. It takes every party at the table, and lasts as long as all "
            "want it; a verified incident or a failed deed of another side lets one party do it "
            "alone, once, for a week at most.",
    .example = "entente suspend --cause I2 --reason \"shelling on the lake\"",
    .spec = {.options = suspend_options, .option_count = COUNT_OF(suspend_options)},
    .run = run_suspend,
};

/* ---- date, dates ---- */

static bool run_date(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "date", &s, err) &&
              desk_date(s.desk, sit_word(cli, 0), sit_word(cli, 1), sit_word(cli, 2),
                        sit_value(cli, "reason"), &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_date = {
    .name = "date",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "set a wish, a review or a deadline for a phase",
    .more = "A wish and a review are your side's own, shown, and bind nobody. A deadline binds: it "
            "is moved once every party at the table is for the same hour, and all of it is "
            "countersigned. The word none instead of an hour takes it away.",
    .example = "entente date deadline ceasefire \"2026-03-15 18:00\"",
    .spec = {.options = reason_options,
             .option_count = COUNT_OF(reason_options),
             .words = "KIND PHASE WHEN",
             .words_min = 3,
             .words_max = 3},
    .run = run_date,
};

#define CALENDAR_MAX ((size_t)4 << 20)

static bool run_dates(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct buf calendar;
    const char *file = opt_value(cli->opts, "ics");
    buf_init(&calendar, CALENDAR_MAX);
    bool ok = sit_down(cli, "look", &s, err) &&
              (file == NULL ? desk_dates(s.desk, &s.say, err)
                            : desk_calendar(s.desk, &calendar, &s.say, err) &&
                                  sit_write(cli, file, buf_bytes(&calendar), err));
    sit_up(&s);
    buf_free(&calendar);
    return ok;
}

static const struct opt dates_options[] = {
    {"ics", OPT_VALUE, "FILE", "write what concerns you as a calendar file, where nothing is yet"},
    SIT_OPTIONS,
};

const struct command cmd_dates = {
    .name = "dates",
    .group = COMMAND_STANDS,
    .advanced = true,
    .help = "wishes, reviews and deadlines, who set and who moved them",
    .more = "Three different things: a wish binds nobody, a review is when somebody looks again, a "
            "deadline binds. A mandate's end and the hour of a promise are deadlines, too. The "
            "calendar file names the table and what falls due: keep it where you keep your own.",
    .example = "entente dates",
    .spec = {.options = dates_options, .option_count = COUNT_OF(dates_options)},
    .run = run_dates,
};
