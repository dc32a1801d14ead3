/* SPDX-License-Identifier: Apache-2.0
 *
 * convert: a scenario from one format to another.
 */
#include "app/scenario_use.h"
#include "cli/command_list.h"

#define PATHS_MAX 128u

static void say_json(struct cli *cli, const struct scenario_converted *c)
{
    struct json *j = &cli->out->json;
    json_put_key(j, "scenario");
    json_put_text(j, c->name);
    json_put_key(j, "from");
    json_put_str(j, c->from);
    json_put_key(j, "to");
    json_put_str(j, c->to);
    json_put_key(j, "parties");
    json_put_u64(j, c->parties);
    json_put_key(j, "issues");
    json_put_u64(j, c->issues);
    json_put_key(j, "packages");
    json_put_text(j, c->packages);
    json_put_key(j, "exact");
    json_put_bool(j, c->exact);
    json_put_key(j, "files");
    json_put_array(j);
    for (size_t i = 0; i < c->file_count; i++) {
        json_put_str(j, c->files[i]);
    }
    json_put_end(j);
    json_put_key(j, "notes");
    json_put_array(j);
    for (uint32_t i = 0; i < c->note_count; i++) {
        json_put_text(j, c->notes[i]);
    }
    json_put_end(j);
}

static void say(struct cli *cli, const struct scenario_converted *c)
{
    struct out *out = cli->out;
    for (uint32_t i = 0; i < c->note_count; i++) {
        out_note("note: %.*s", TEXT_ARG(c->notes[i]));
    }
    out_printf(out, "%.*s: %u parties, %u issues, %.*s packages\n", TEXT_ARG(c->name), c->parties,
               c->issues, TEXT_ARG(c->packages));
    out_printf(out, "%s to %s%s\n", c->from, c->to,
               c->exact ? "" : "; utilities are rounded below 1e-12");
    for (size_t i = 0; i < c->file_count; i++) {
        out_printf(out, "  %s\n", c->files[i]);
    }
}

static bool run_convert(struct cli *cli, struct err *err)
{
    const char *paths[PATHS_MAX];
    size_t n = 0;
    struct scenario_converted c;
    for (const char *word; n < PATHS_MAX && (word = opt_word(cli->opts, n)) != NULL; n++) {
        paths[n] = word;
    }
    bool good = scenario_convert(paths, n - 1, paths[n - 1], opt_value(cli->opts, "to"), cli->mem,
                                 &c, err);
    if (good && out_is_json(cli->out)) {
        say_json(cli, &c);
    } else if (good) {
        say(cli, &c);
    }
    return good;
}

static const struct opt convert_options[] = {
    {"to", OPT_VALUE, "FORMAT",
     "yaml, genius, geniusweb, negmas-yaml, negmas-json, negolog or csv; without it the ending of "
     "OUT tells"},
};

const struct command cmd_convert = {
    .name = "convert",
    .group = COMMAND_ANALYSE,
    .help = "turn a scenario into another format",
    .more =
        "IN is a folder, a file with a whole scenario or its issues, or all files of one; what it "
        "is written in is recognised. OUT is a new file (yaml, csv), or a folder for the formats "
        "of several files. What a format cannot say is refused, never dropped.",
    .example = "entente convert examples/scenarios/wage.yaml wage.csv",
    .spec = {.options = convert_options,
             .option_count = COUNT_OF(convert_options),
             .words = "IN... OUT",
             .words_min = 2,
             .words_max = PATHS_MAX},
    .run = run_convert,
};
