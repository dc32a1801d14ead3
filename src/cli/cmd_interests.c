/* SPDX-License-Identifier: Apache-2.0
 *
 * What matters to one's own side: interests, interests ask.
 */
#include "cli/command_list.h"
#include "cli/sit.h"
#include "os/tty.h"

#define SCENARIO_MAX ((size_t)4 << 20)

static bool export_to(struct cli *cli, struct sitting *s, struct err *err)
{
    struct buf out;
    buf_init(&out, SCENARIO_MAX);
    bool ok = desk_interests_export(s->desk, &out, err) &&
              sit_write(cli, opt_value(cli->opts, "export"), buf_bytes(&out), err);
    buf_free(&out);
    return ok;
}

static bool run_interests(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_interests_said n = {.swing = sit_value(cli, "swing")};
    if (!sit_list(cli, "set", &n.set, err) || !sit_list(cli, "prefer", &n.prefer, err)) {
        return false;
    }
    bool says = n.set.count + n.prefer.count > 0 || opt_has(cli->opts, "swing");
    bool ok = sit_down(cli, says ? "interests" : "look", &s, err) &&
              (says ? desk_interests_say(s.desk, &n, &s.say, err)
                    : desk_interests(s.desk, &s.say, err)) &&
              (!opt_has(cli->opts, "export") || export_to(cli, &s, err));
    sit_up(&s);
    return ok;
}

static const struct opt interests_options[] = {
    {"set", OPT_LIST, "ISSUE=OPTION:LEVEL", "must, want, nice, never or none; may be repeated"},
    {"prefer", OPT_LIST, "\"A>B\"", "A matters more than B; =: as much; ?: taken back"},
    {"swing", OPT_VALUE, "A,B,C", "the issues that you would improve, the first first"},
    {"export", OPT_VALUE, "FILE", "write them as a scenario for entente analyse"},
    SIT_OPTIONS,
};

const struct command cmd_interests = {
    .name = "interests",
    .group = COMMAND_ACTS,
    .help = "what matters to your side, without numbers; only your side reads it",
    .more = "Say of options what they are to you, and of issues which you would rather improve. "
            "Weights follow from that, and the two questions that would narrow them most. With "
            "neither --set, --prefer nor --swing it shows what stands.",
    .example = "entente interests --set \"line=present line:want\" --swing prisoners,line",
    .spec = {.options = interests_options, .option_count = COUNT_OF(interests_options)},
    .run = run_interests,
};

/* ---- ask ---- */

static bool ask_line(void *ctx, const char *question, struct buf *out, struct err *err)
{
    const struct cli *cli = ctx;
    if (opt_has(cli->opts, "no-input")) {
        return err_set(err, ERR_USE, "nobody is here to be asked") ||
               err_mend(err, "say it at once: entente interests --set ... --prefer ...");
    }
    return tty_ask(question, TTY_SHOWN, out, err);
}

static bool run_ask(struct cli *cli, struct err *err)
{
    struct sitting s;
    const struct desk_asker who = {ask_line, cli};
    bool ok = sit_down(cli, "interests", &s, err) && desk_interests_ask(s.desk, &who, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt ask_options[] = {SIT_OPTIONS};

const struct command cmd_interests_ask = {
    .name = "interests ask",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "be asked at a terminal what matters to your side",
    .more = "First what each option is to you, then pairs of issues, the most telling pair first, "
            "until nothing is open or you have had enough. It is filed at home in the end, as one "
            "act.",
    .example = "entente interests ask",
    .spec = {.options = ask_options, .option_count = COUNT_OF(ask_options)},
    .run = run_ask,
};
