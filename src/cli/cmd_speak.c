/* SPDX-License-Identifier: Apache-2.0
 *
 * Words: say, document, meet, confirm, position, statement.
 */
#include "cli/command_list.h"
#include "cli/sit.h"

/* ---- say ---- */

static bool run_say(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct text words;
    if (!sit_text(cli, 1, &words, err)) {
        return false;
    }
    bool ok = sit_down(cli, "say", &s, err) &&
              desk_say_words(s.desk, sit_word(cli, 0), words, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt say_options[] = {
    {"file", OPT_VALUE, "FILE", "the words, from a file"},
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_say = {
    .name = "say",
    .group = COMMAND_ACTS,
    .help = "say something in a room",
    .more = "Words are never evidence. Without TEXT and --file they are read from standard input.",
    .example = "entente say plenary \"We have read your paper.\"",
    .spec = {.options = say_options,
             .option_count = COUNT_OF(say_options),
             .words = "ROOM [TEXT]",
             .words_min = 1,
             .words_max = 2},
    .run = run_say,
};

/* ---- document ---- */

static bool run_document(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "document", &s, err) &&
              desk_document(s.desk, sit_word(cli, 0), opt_word(cli->opts, 1), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt plain_options[] = {SIT_OPTIONS};
static const struct opt document_options[] = {SIT_ANYWAY, SIT_OPTIONS};

const struct command cmd_document = {
    .name = "document",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "file a document in a room",
    .more = "Its readers get the whole file; who checks the record later sees its digest.",
    .example = "entente document shuttle/velland map.pdf",
    .spec = {.options = document_options,
             .option_count = COUNT_OF(document_options),
             .words = "ROOM FILE",
             .words_min = 2,
             .words_max = 2},
    .run = run_document,
};

/* ---- meet, confirm ---- */

static bool run_meet(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_list with, lines;
    struct text words = sit_value(cli, "text");
    if (!sit_list(cli, "with", &with, err) || !sit_list(cli, "line", &lines, err) ||
        (words.p == NULL && !sit_text(cli, 1, &words, err))) {
        return false;
    }
    bool ok = sit_down(cli, "meet", &s, err) &&
              desk_meet(s.desk, sit_word(cli, 0), with, lines, words, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt meet_options[] = {
    {"with", OPT_LIST, "SEAT", "who else was there; may be repeated"},
    {"text", OPT_VALUE, "TEXT", "the minute; else from --file or standard input"},
    {"file", OPT_VALUE, "FILE", "the minute, from a file"},
    {"line", OPT_LIST, "\"[carry] TEXT\"", "what was heard, and who may hear it; may be repeated"},
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_meet = {
    .name = "meet",
    .group = COMMAND_ACTS,
    .help = "the minute of a meeting held by mouth",
    .more = "The others present confirm it: entente confirm ACT. Until then it is one side's note. "
            "A line says who may hear it: [keep], [hint] or [carry], and whose words it has where "
            "that is not plain: [velland, carry]. See: entente carry",
    .example = "entente meet shuttle/velland --with Sand --text \"One hour, in the hotel.\"",
    .spec = {.options = meet_options,
             .option_count = COUNT_OF(meet_options),
             .words = "ROOM",
             .words_min = 1,
             .words_max = 1},
    .run = run_meet,
};

static bool run_confirm(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "confirm", &s, err) &&
              desk_confirm(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_confirm = {
    .name = "confirm",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "say that a minute, a crossed or a contested act stands",
    .example = "entente confirm 37",
    .spec = {.options = plain_options,
             .option_count = COUNT_OF(plain_options),
             .words = "ACT",
             .words_min = 1,
             .words_max = 1},
    .run = run_confirm,
};

/* ---- position ---- */

/* The one of these flags that was given; "" where none or several were. */
static struct text one_of(const struct cli *cli, const char *const *flags, size_t n)
{
    struct text found = text_str("");
    for (size_t i = 0; i < n; i++) {
        if (opt_has(cli->opts, flags[i])) {
            found = found.n > 0 ? text_str("several") : text_str(flags[i]);
        }
    }
    return found;
}

static bool run_position(struct cli *cli, struct err *err)
{
    static const char *const levels[] = {"must", "want", "nice"};
    static const char *const marks[] = {"keep", "hint", "carry"};
    struct sitting s;
    struct desk_position p = {.issue = sit_word(cli, 0),
                              .room = sit_value(cli, "room"),
                              .level = one_of(cli, levels, COUNT_OF(levels)),
                              .mark = one_of(cli, marks, COUNT_OF(marks))};
    if (!sit_text(cli, 1, &p.words, err)) {
        return false;
    }
    bool ok = sit_down(cli, "position", &s, err) && desk_position(s.desk, &p, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt position_options[] = {
    {"must", OPT_FLAG, NULL, "without it there is no agreement"},
    {"want", OPT_FLAG, NULL, "it would help"},
    {"nice", OPT_FLAG, NULL, "it would not hurt"},
    {"keep", OPT_FLAG, NULL, "for the mediation alone"},
    {"hint", OPT_FLAG, NULL, "may be hinted at, not quoted"},
    {"carry", OPT_FLAG, NULL, "please carry it over"},
    {"room", OPT_VALUE, "ROOM", "a party's shuttle room without it, the others' home"},
    {"file", OPT_VALUE, "FILE", "the words, from a file"},
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_position = {
    .name = "position",
    .group = COMMAND_ACTS,
    .help = "what your side needs on an issue, and who may hear it",
    .more = "One of --must, --want, --nice, and one of --keep, --hint, --carry.",
    .example = "entente position prisoners \"all prisoners back\" --must --hint",
    .spec = {.options = position_options,
             .option_count = COUNT_OF(position_options),
             .words = "ISSUE [TEXT]",
             .words_min = 1,
             .words_max = 2},
    .run = run_position,
};

/* ---- statement ---- */

static bool run_statement(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct text words, room = sit_value(cli, "room");
    if (!sit_needs(cli, "by", err) || !sit_needs(cli, "source", err) ||
        !sit_text(cli, 0, &words, err)) {
        return false;
    }
    bool ok = sit_down(cli, "statement", &s, err) &&
              desk_statement(s.desk, room.p != NULL ? room : text_str("plenary"),
                             sit_value(cli, "by"), sit_value(cli, "source"), words, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt statement_options[] = {
    {"by", OPT_VALUE, "SIDE", "who said it"},
    {"source", OPT_VALUE, "TEXT", "where it was said"},
    {"room", OPT_VALUE, "ROOM", "the plenary without it"},
    {"file", OPT_VALUE, "FILE", "the words, from a file"},
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_statement = {
    .name = "statement",
    .group = COMMAND_ACTS,
    .help = "note what was said in public; it has no effect here",
    .example = "entente statement \"We dictate the terms.\" --by Kestria --source \"the evening "
               "news\"",
    .spec = {.options = statement_options,
             .option_count = COUNT_OF(statement_options),
             .words = "[TEXT]",
             .words_max = 1},
    .run = run_statement,
};
