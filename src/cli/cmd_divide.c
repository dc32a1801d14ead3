/* SPDX-License-Identifier: Apache-2.0
 *
 * divide: goods among parties, by the points that each gave them.
 */
#include "app/divide.h"
#include "cli/command_list.h"

enum { SECONDS_MAX = 86400 };

static void progress(void *ctx, const char *what)
{
    (void)ctx;
    out_note("still %s; Ctrl-C ends it early", what);
}

static bool run_divide(struct cli *cli, struct err *err)
{
    struct divide_plan plan = {.progress = progress};
    struct divided *d;
    if (!opt_u64(cli->opts, "budget-time", DIVIDE_SECONDS_DEFAULT, 1, SECONDS_MAX, &plan.seconds,
                 err)) {
        return false;
    }
    if (opt_has(cli->opts, "csv") && out_is_json(cli->out)) {
        return err_set(err, ERR_USE, "--csv and --json are two answers; choose one");
    }
    if (!divide(opt_word(cli->opts, 0), &plan, &d, err)) {
        return false;
    }
    if (out_is_json(cli->out)) {
        divided_json(d, &cli->out->json);
    } else if (opt_has(cli->opts, "csv")) {
        divided_csv(d, &cli->out->answer);
    } else {
        divided_words(d, cli->out->width, &cli->out->answer);
    }
    divided_free(d);
    return true;
}

static const struct opt options[] = {
    {"csv", OPT_FLAG, NULL, "a table: the goods, and who gets what part of each by each rule"},
    {"budget-time", OPT_VALUE, "SECONDS", "for the rules that keep goods whole (10)"},
};

const struct command cmd_divide = {
    .name = "divide",
    .group = COMMAND_ANALYSE,
    .help = "who gets which goods, by the points that each gave them",
    .more = "FILE says what is to be divided and what each party gives for it:\n\n"
            "division: The Brandt estate\n"
            "out-of: 100\n"
            "goods: [house, boat, piano]\n"
            "parties:\n"
            "  Anna: {house: 50, boat: 30, piano: 20}\n"
            "  Bo: {house: 60, boat: 25, piano: 15}\n\n"
            "Two parties get an Adjusted Winner division, which splits one good at most; all get "
            "the two fairest ways to give goods whole, and who would rather have whose part. "
            "docs/SCENARIOS.md has the file, docs/ANALYSIS.md the rules.",
    .example = "entente divide examples/division/estate.yaml",
    .spec = {.options = options,
             .option_count = COUNT_OF(options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_divide,
};
