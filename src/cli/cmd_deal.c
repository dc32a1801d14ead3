/* SPDX-License-Identifier: Apache-2.0
 *
 * Proposals: propose, withdraw, answer, close.
 */
#include "cli/command_list.h"
#include "cli/sit.h"

/* ---- propose, withdraw ---- */

static bool run_propose(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_proposal p = {.counter_to = sit_value(cli, "counter-to"),
                              .words = sit_value(cli, "text"),
                              .meets = sit_value(cli, "meets"),
                              .follows = sit_value(cli, "follows"),
                              .with_text = opt_has(cli->opts, "with-text")};
    if (!sit_words(cli, 0, &p.choices, err)) {
        return false;
    }
    bool ok = sit_down(cli, "propose", &s, err) && desk_propose(s.desk, &p, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt propose_options[] = {
    {"counter-to", OPT_VALUE, "P1", "counter that proposal: a party's answer to it is filed, too"},
    {"text", OPT_VALUE, "TEXT", "words that go with it"},
    {"meets", OPT_VALUE, "R1,R2", "open points that it means to meet"},
    {"with-text", OPT_FLAG, NULL, "the adopted text of the phase goes with it"},
    SIT_FOLLOWS,
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_propose = {
    .name = "propose",
    .group = COMMAND_ACTS,
    .help = "put a package on the table: an option for each of some issues",
    .more = "An option is named by its number or its words, or by how only they begin: "
            "entente issues lists them.",
    .example = "entente propose \"line=present line\" access=2",
    .spec = {.options = propose_options,
             .option_count = COUNT_OF(propose_options),
             .words = "ISSUE=OPTION...",
             .words_min = 1,
             .words_max = 256},
    .run = run_propose,
};

static bool run_withdraw(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "withdraw", &s, err) &&
              desk_withdraw(s.desk, sit_word(cli, 0), sit_value(cli, "follows"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt withdraw_options[] = {SIT_FOLLOWS, SIT_ANYWAY, SIT_YES, SIT_OPTIONS};

const struct command cmd_withdraw = {
    .name = "withdraw",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "take back a proposal of your side",
    .example = "entente withdraw P2",
    .spec = {.options = withdraw_options,
             .option_count = COUNT_OF(withdraw_options),
             .words = "P1",
             .words_min = 1,
             .words_max = 1},
    .run = run_withdraw,
};

/* ---- answer ---- */

static bool read_kind(const struct cli *cli, enum desk_answer *out, struct err *err)
{
    static const struct {
        const char *flag;
        enum desk_answer kind;
    } flags[] = {
        {"accept", DESK_ACCEPT},
        {"concept", DESK_CONCEPT},
        {"reject", DESK_REJECT},
        {"counter", DESK_COUNTER},
    };
    unsigned n = 0;
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        if (opt_has(cli->opts, flags[i].flag)) {
            *out = flags[i].kind;
            n++;
        }
    }
    if (n != 1) {
        return err_set(err, ERR_USE,
                       "an answer is one of --accept, --concept, --reject, "
                       "--counter");
    }
    const char *how = opt_value(cli->opts, "accept");
    if (how != NULL && strcmp(how, "ad-referendum") == 0) {
        *out = DESK_AD_REFERENDUM;
    } else if (how != NULL && strcmp(how, "binding") != 0) {
        return err_set(err, ERR_USE, "--accept is binding or ad-referendum, not \"%s\"", how);
    }
    return true;
}

static bool run_answer(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_reply r = {.proposal = sit_word(cli, 0),
                           .words = sit_value(cli, "reason"),
                           .follows = sit_value(cli, "follows")};
    if (!read_kind(cli, &r.kind, err) || !sit_list(cli, "reserve", &r.reserve, err)) {
        return false;
    }
    bool ok = sit_down(cli, "answer", &s, err) && desk_answer(s.desk, &r, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt answer_options[] = {
    {"accept", OPT_VALUE, "ad-referendum|binding", "yes: if your principal ratifies, or at once"},
    {"concept", OPT_FLAG, NULL, "agree in concept, with what is still open"},
    {"reserve", OPT_LIST, "\"LABEL ISSUE TEXT\"", "an open point; may be repeated; - for no issue"},
    {"reject", OPT_FLAG, NULL, "no, with a reason"},
    {"counter", OPT_FLAG, NULL, "another version will follow"},
    {"reason", OPT_VALUE, "TEXT", "why"},
    SIT_FOLLOWS,
    SIT_ANYWAY,
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_answer = {
    .name = "answer",
    .group = COMMAND_ACTS,
    .help = "answer a proposal",
    .more = "Agreeing in concept never becomes agreement by itself: each reservation is an open "
            "point that your side alone can close. Answers do not carry over to a new version.",
    .example = "entente answer P3 --accept ad-referendum",
    .spec = {.options = answer_options,
             .option_count = COUNT_OF(answer_options),
             .words = "P1",
             .words_min = 1,
             .words_max = 1},
    .run = run_answer,
};

/* ---- close ---- */

static bool run_close(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "close", &s, err) &&
              desk_close_point(s.desk, sit_word(cli, 0), sit_value(cli, "met-by"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt close_options[] = {
    {"met-by", OPT_VALUE, "P2", "the version that meets it"},
    SIT_OPTIONS,
};

const struct command cmd_close = {
    .name = "close",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "close a reservation of your own side",
    .example = "entente close R1 --met-by P3",
    .spec = {.options = close_options,
             .option_count = COUNT_OF(close_options),
             .words = "R1",
             .words_min = 1,
             .words_max = 1},
    .run = run_close,
};
