/* SPDX-License-Identifier: Apache-2.0
 *
 * Consultations, notices, settled within; levers; disputes.
 */
#include "cli/command_list.h"
#include "cli/sit.h"

static const struct opt plain_options[] = {SIT_OPTIONS};

#define ABOUT_OPTIONS                                                                              \
    {"phase", OPT_VALUE, "PHASE", "it is about this phase"},                                       \
        {"deed", OPT_VALUE, "DEED", "about this deed"},                                            \
    {                                                                                              \
        "lever", OPT_VALUE, "LEVER", "about this lever"                                            \
    }

static struct desk_question about(const struct cli *cli)
{
    return (struct desk_question){.phase = sit_value(cli, "phase"),
                                  .deed = sit_value(cli, "deed"),
                                  .lever = sit_value(cli, "lever"),
                                  .by = sit_value(cli, "by")};
}

/* ---- ask ---- */

static bool run_ask(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_question q = about(cli);
    q.side = sit_word(cli, 0);
    if (!sit_text(cli, 1, &q.words, err)) {
        return false;
    }
    bool ok = sit_down(cli, "ask", &s, err) && desk_ask(s.desk, &q, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt ask_options[] = {
    ABOUT_OPTIONS,
    {"by", OPT_VALUE, "WHEN", "an answer is wanted by then; unanswered, it lapses"},
    {"file", OPT_VALUE, "FILE", "the question, from a file"},
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_ask = {
    .name = "ask",
    .group = COMMAND_ACTS,
    .help = "put a question to a third party that is consulted",
    .more = "For the mediation. Who is asked sees the question and nothing else of the table. "
            "Whatever hour you name, it has the time that the charter gives for silence. The "
            "parties know that you asked once you show it: entente notice.",
    .example = "entente ask union \"Will you suspend your sanctions?\" --lever freight-cap --by 3d",
    .spec = {.options = ask_options,
             .option_count = COUNT_OF(ask_options),
             .words = "SIDE [TEXT]",
             .words_min = 1,
             .words_max = 2},
    .run = run_ask,
};

/* ---- opinion, undertake ---- */

static bool run_opinion(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct text words;
    if (!sit_text(cli, 0, &words, err)) {
        return false;
    }
    bool ok = sit_down(cli, "opinion", &s, err) &&
              desk_opinion(s.desk, sit_value(cli, "on"),
                           text_str(opt_has(cli->opts, "carry") ? "carry" : "keep"), words, &s.say,
                           err);
    sit_up(&s);
    return ok;
}

static const struct opt opinion_options[] = {
    {"on", OPT_VALUE, "ACT", "the question; without it, the newest"},
    {"carry", OPT_FLAG, NULL, "the mediation may show these words to the parties"},
    {"file", OPT_VALUE, "FILE", "the opinion, from a file"},
    SIT_OPTIONS,
};

const struct command cmd_opinion = {
    .name = "opinion",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "answer a question that you are asked; it binds nobody",
    .more = "For who is consulted. Without --carry the parties may learn that you answered, and "
            "not what.",
    .example = "entente opinion \"After verification, not before.\" --carry",
    .spec = {.options = opinion_options,
             .option_count = COUNT_OF(opinion_options),
             .words = "[TEXT]",
             .words_max = 1},
    .run = run_opinion,
};

static bool run_undertake(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_question u = about(cli);
    if (!sit_needs(cli, "by", err) || !sit_text(cli, 0, &u.words, err)) {
        return false;
    }
    bool ok = sit_down(cli, "undertake", &s, err) &&
              desk_undertake(s.desk, &u, sit_value(cli, "on"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt undertake_options[] = {
    {"by", OPT_VALUE, "WHEN", "until when you do it"},
    {"on", OPT_VALUE, "ACT", "the question that it answers; without it, the newest"},
    ABOUT_OPTIONS,
    {"file", OPT_VALUE, "FILE", "the words, from a file"},
    SIT_ANYWAY,
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_undertake = {
    .name = "undertake",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "bind your own side to do its part, by an hour",
    .more = "For who is consulted. An opinion is not an undertaking; this is. The mediation may "
            "show it to the parties, whole.",
    .example = "entente undertake \"We lift ours within a week of it.\" --by 30d --phase security",
    .spec = {.options = undertake_options,
             .option_count = COUNT_OF(undertake_options),
             .words = "[TEXT]",
             .words_max = 1},
    .run = run_undertake,
};

/* ---- settled, notice ---- */

static bool run_settled(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "settled", &s, err) &&
              desk_settled(s.desk, sit_word(cli, 0), sit_value(cli, "follows"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt settled_options[] = {
    SIT_FOLLOWS,
    SIT_ANYWAY,
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_settled = {
    .name = "settled",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "say that your side has settled a phase within itself; not how",
    .example = "entente settled security",
    .spec = {.options = settled_options,
             .option_count = COUNT_OF(settled_options),
             .words = "PHASE",
             .words_min = 1,
             .words_max = 1},
    .run = run_settled,
};

static bool run_notice(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "notice", &s, err) &&
              desk_notice(s.desk, sit_word(cli, 0), opt_has(cli->opts, "words"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt notice_options[] = {
    {"words", OPT_FLAG, NULL, "of a question or an opinion the words, too"},
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_notice = {
    .name = "notice",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "show the parties one act of a consultation, with its proof",
    .more = "Their programs check that its author signed it, without reading the rest of that "
            "room. The words of an opinion are shown only where its author said so.",
    .example = "entente notice 57",
    .spec = {.options = notice_options,
             .option_count = COUNT_OF(notice_options),
             .words = "ACT",
             .words_min = 1,
             .words_max = 1},
    .run = run_notice,
};

/* ---- lever ---- */

static bool run_lever(struct cli *cli, struct err *err)
{
    struct sitting s;
    const struct desk_lever_move m = {.move = sit_word(cli, 0),
                                      .lever = sit_word(cli, 1),
                                      .review = sit_value(cli, "review"),
                                      .why = sit_value(cli, "why"),
                                      .follows = sit_value(cli, "follows"),
                                      .home = opt_has(cli->opts, "home")};
    bool ok = sit_down(cli, "lever", &s, err) && desk_lever(s.desk, &m, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt lever_options[] = {
    {"review", OPT_VALUE, "WHEN", "hold: when it is looked at again, as 5d"},
    {"why", OPT_VALUE, "TEXT", "a word about it; everybody at the table reads it"},
    SIT_FOLLOWS,
    SIT_ANYWAY,
    {"home", OPT_FLAG, NULL, "note it at home alone, without effect: a lever nobody knows of"},
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_lever = {
    .name = "lever",
    .group = COMMAND_ACTS,
    .help = "hold, ready, apply or release a lever of yours",
    .more = "Only its holder moves it; applying is the principal's. Conditions permit it and never "
            "apply it. entente levers shows what stands in its way.",
    .example = "entente lever hold freight-cap --review 5d --why \"We hope for peace.\"",
    .spec = {.options = lever_options,
             .option_count = COUNT_OF(lever_options),
             .words = "hold|ready|apply|release LEVER",
             .words_min = 2,
             .words_max = 2},
    .run = run_lever,
};

/* ---- dispute ---- */

static bool run_dispute(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct text why;
    if (!sit_text(cli, 1, &why, err)) {
        return false;
    }
    bool ok = sit_down(cli, "dispute", &s, err) &&
              desk_dispute(s.desk, sit_word(cli, 0), why, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt dispute_options[] = {
    {"file", OPT_VALUE, "FILE", "the reason, from a file"},
    SIT_OPTIONS,
};

const struct command cmd_dispute = {
    .name = "dispute",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "dispute what was found of a deed, with a reason",
    .more = "Once for each verification, within 48 hours. The charter's arbiter decides; until "
            "then, and for 48 hours at most, it opens no gate.",
    .example = "entente dispute kestria-guns \"Two batteries stand behind the hill.\"",
    .spec = {.options = dispute_options,
             .option_count = COUNT_OF(dispute_options),
             .words = "DEED [TEXT]",
             .words_min = 1,
             .words_max = 2},
    .run = run_dispute,
};

/* ---- looking ---- */

static bool look(struct cli *cli, desk_look *view, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "look", &s, err) && view(s.desk, &s.say, err);
    sit_up(&s);
    return ok;
}

static bool run_levers(struct cli *cli, struct err *err)
{
    return look(cli, desk_levers, err);
}

static bool run_consultations(struct cli *cli, struct err *err)
{
    return look(cli, desk_consultations, err);
}

const struct command cmd_levers = {
    .name = "levers",
    .group = COMMAND_STANDS,
    .advanced = true,
    .help = "pressure and support held in reserve, and what stands in the way",
    .example = "entente levers",
    .spec = {.options = plain_options, .option_count = COUNT_OF(plain_options)},
    .run = run_levers,
};

const struct command cmd_consultations = {
    .name = "consultations",
    .group = COMMAND_STANDS,
    .advanced = true,
    .help = "who was asked what, who answered, what is undertaken and settled",
    .example = "entente consultations",
    .spec = {.options = plain_options, .option_count = COUNT_OF(plain_options)},
    .run = run_consultations,
};

/* ---- tension ---- */

static bool run_tension(struct cli *cli, struct err *err)
{
    struct sitting s;
    uint64_t days;
    bool csv = opt_has(cli->opts, "csv");
    if (csv && out_is_json(cli->out)) {
        return err_set(err, ERR_USE, "--csv and --json are two answers; choose one");
    }
    enum desk_curve how = csv                           ? DESK_CURVE_CSV
                          : opt_has(cli->opts, "ascii") ? DESK_CURVE_ASCII
                                                        : DESK_CURVE;
    if (!opt_u64(cli->opts, "days", 14, 1, 3650, &days, err)) {
        return false;
    }
    bool ok = sit_down(cli, "look", &s, err) &&
              desk_tension(s.desk, (uint32_t)days, how, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt tension_options[] = {
    {"days", OPT_VALUE, "N", "so many days back; without it, 14"},
    {"csv", OPT_FLAG, NULL, "the curve as a table"},
    {"ascii", OPT_FLAG, NULL, "the curve in plain letters"},
    SIT_OPTIONS,
};

const struct command cmd_tension = {
    .name = "tension",
    .group = COMMAND_STANDS,
    .advanced = true,
    .help = "hours of quiet, and the tension of verified incidents over time",
    .more = "Only what a monitor has verified weighs. No rule reads the figure: a gate waits for "
            "quiet hours.",
    .example = "entente tension --days 7",
    .spec = {.options = tension_options, .option_count = COUNT_OF(tension_options)},
    .run = run_tension,
};
