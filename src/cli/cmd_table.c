/* SPDX-License-Identifier: Apache-2.0
 *
 * table new, table check, table show.
 */
#include "app/key.h"
#include "cli/command_list.h"
#include "cli/sit.h"
#include "os/file.h"
#include "os/place.h"

#define CHARTER_FILE_MAX ((size_t)262144)

static bool read_charter(struct cli *cli, struct bytes *out, struct err *err)
{
    return file_read(opt_word(cli->opts, 0), CHARTER_FILE_MAX, cli->mem, out, err);
}

/* ---- table new ---- */

static bool run_table_new(struct cli *cli, struct err *err)
{
    struct chance chance = chance_real();
    struct desk_person who = sit_person(cli, &chance);
    struct desk_say say = sit_say(cli);
    struct desk_seat seat = {.name = sit_value(cli, "name")};
    struct bytes yaml;
    struct buf passphrase;
    const char *host;
    if (!sit_needs(cli, "host", err) || !ask_cost(cli, &seat.cheap, err) ||
        !place_absolute(cli->mem, opt_value(cli->opts, "host"), &host, err) ||
        !sit_successors(cli, &seat, err) || !sit_folder(cli, &seat.dir, err) ||
        !read_charter(cli, &yaml, err)) {
        return false;
    }
    buf_init(&passphrase, KEY_PASSPHRASE_MAX);
    bool ok = ask_new_passphrase(cli, &passphrase, err);
    seat.passphrase = buf_bytes(&passphrase);
    ok = ok && desk_found(&seat, host, yaml, opt_word(cli->opts, 0), &who, &say, err);
    buf_free(&passphrase);
    return ok;
}

static const struct opt new_options[] = {
    {"host", OPT_VALUE, "DIR", "the host's folder, which every seat can reach"},
    {"name", OPT_VALUE, "NAME", "what you are called at the table"},
    SIT_SUCCESSORS,
    SIT_OPTIONS,
    ASK_COST,
};

const struct command cmd_table_new = {
    .name = "table new",
    .group = COMMAND_START,
    .help = "found a table from a charter",
    .more = "Makes your seat, with keys that a passphrase opens, in a folder of its own, and files "
            "the charter, sealed to you. Nobody is invited yet. The charter is in force once every "
            "principal has signed it.",
    .example = "entente table new charter.yaml --host /srv/talks --dir rhee --name Rhee",
    .spec = {.options = new_options,
             .option_count = COUNT_OF(new_options),
             .words = "CHARTER.yaml",
             .words_min = 1,
             .words_max = 1},
    .run = run_table_new,
};

/* ---- table check ---- */

static bool run_table_check(struct cli *cli, struct err *err)
{
    struct desk_say say = sit_say(cli);
    struct bytes yaml;
    return read_charter(cli, &yaml, err) &&
           desk_check_charter(yaml, opt_word(cli->opts, 0), &say, err);
}

const struct command cmd_table_check = {
    .name = "table check",
    .group = COMMAND_START,
    .help = "read a charter before a table is founded on it",
    .more = "Shows the charter as it was understood, and what in it is lawful and probably not "
            "meant. Nothing is founded.",
    .example = "entente table check charter.yaml",
    .spec = {.words = "CHARTER.yaml", .words_min = 1, .words_max = 1},
    .run = run_table_check,
};

/* ---- table show ---- */

static bool run_table_show(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "show", &s, err) && desk_charter(s.desk, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt show_options[] = {SIT_OPTIONS};

const struct command cmd_table_show = {
    .name = "table show",
    .group = COMMAND_START,
    .help = "the charter of your table",
    .example = "entente table show --dir rhee",
    .spec = {.options = show_options, .option_count = COUNT_OF(show_options)},
    .run = run_table_show,
};
