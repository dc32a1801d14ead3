/* SPDX-License-Identifier: Apache-2.0
 *
 * help, and version.
 */
#include "cli/command_list.h"
#include "cli/pages.h"

#define COLUMN_HELP 22u

static const struct opt help_options[] = {
    {"advanced", OPT_FLAG, NULL, "the rarer commands too"},
    {"man", OPT_FLAG, NULL, "all of it as a manual page: entente help --man | man -l -"},
    {"bash", OPT_FLAG, NULL, "what completes commands in bash: source <(entente help --bash)"},
};

static bool in_help(const struct command *command, const struct cli *cli)
{
    return !command->advanced || opt_has(cli->opts, "advanced");
}

static void list_json(struct cli *cli, struct command_table table)
{
    struct json *j = &cli->out->json;
    json_put_key(j, "commands");
    json_put_array(j);
    for (size_t i = 0; i < table.count; i++) {
        const struct command *command = table.all[i];
        if (in_help(command, cli)) {
            json_put_object(j);
            json_put_key(j, "name");
            json_put_str(j, command->name);
            json_put_key(j, "group");
            json_put_str(j, command_group_title(command->group));
            json_put_key(j, "help");
            json_put_str(j, command->help);
            json_put_end(j);
        }
    }
    json_put_end(j);
}

static void list_group(struct cli *cli, struct command_table table, enum command_group group)
{
    bool any = false;
    for (size_t i = 0; i < table.count; i++) {
        const struct command *command = table.all[i];
        if (command->group != group || !in_help(command, cli)) {
            continue;
        }
        if (!any) {
            out_printf(cli->out, "\n");
            out_styled(cli->out, OUT_BOLD, command_group_title(group));
            out_printf(cli->out, "\n");
            any = true;
        }
        out_printf(cli->out, "  %s ", command->name);
        out_wrapped(cli->out, COLUMN_HELP, command->help);
    }
}

static bool page(struct cli *cli, const char *name,
                 void (*write)(struct command_table, struct buf *), struct err *err)
{
    struct buf text;
    buf_init(&text, OUT_MAX);
    write(command_table(), &text);
    bool ok = buf_done(&text, "the page", err);
    if (ok && out_is_json(cli->out)) {
        json_put_key(&cli->out->json, name);
        json_put_str(&cli->out->json, buf_str(&text));
    } else if (ok) {
        buf_add(&cli->out->answer, buf_bytes(&text));
    }
    buf_free(&text);
    return ok;
}

static bool run_help(struct cli *cli, struct err *err)
{
    struct command_table table = command_table();
    if (opt_has(cli->opts, "man")) {
        return page(cli, "man", pages_man, err);
    }
    if (opt_has(cli->opts, "bash")) {
        return page(cli, "bash", pages_bash, err);
    }
    if (cli->opts->word_count > 0) {
        const struct command *command;
        size_t words;
        char *asked[2] = {NULL, NULL};
        for (size_t i = 0; i < cli->opts->word_count; i++) {
            asked[i] = arena_str(cli->mem, bytes_str(cli->opts->words[i]));
            if (asked[i] == NULL) {
                return err_memory(err, "the command line");
            }
        }
        if (!command_find(table, cli->opts->word_count, asked, &command, &words, err)) {
            return false;
        }
        command_describe(command, cli->out);
        return true;
    }
    if (out_is_json(cli->out)) {
        list_json(cli, table);
        return true;
    }
    out_printf(cli->out, "entente " COMMAND_PURPOSE ".\n");
#define COMMAND_LIST_GROUP(name, title) list_group(cli, table, name);
    COMMAND_GROUPS(COMMAND_LIST_GROUP)
#undef COMMAND_LIST_GROUP
    out_printf(cli->out, "\nentente help COMMAND tells more about one%s\n",
               opt_has(cli->opts, "advanced") ? "" : "; entente help --advanced lists the rest");
    return true;
}

const struct command cmd_help = {
    .name = "help",
    .group = COMMAND_HELP,
    .help = "this list, or more about one command",
    .more = COMMAND_EXIT_STATUS "\n\n" COMMAND_ENVIRONMENT,
    .example = "entente help answer",
    .spec = {.options = help_options,
             .option_count = COUNT_OF(help_options),
             .words = "[COMMAND]",
             .words_max = 2},
    .run = run_help,
};

static bool run_version(struct cli *cli, struct err *err)
{
    (void)err; /* it cannot fail */
    if (out_is_json(cli->out)) {
        json_put_key(&cli->out->json, "version");
        json_put_str(&cli->out->json, ENTENTE_VERSION);
    }
    out_printf(cli->out, "entente %s\n", ENTENTE_VERSION);
    return true;
}

const struct command cmd_version = {
    .name = "version",
    .group = COMMAND_HELP,
    .help = "which version this is",
    .example = "entente version",
    .run = run_version,
};
