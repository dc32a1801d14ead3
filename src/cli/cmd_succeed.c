/* SPDX-License-Identifier: Apache-2.0
 *
 * table move, refile.
 */
#include "cli/command_list.h"
#include "cli/sit.h"
#include "os/place.h"

static bool run_move(struct cli *cli, struct err *err)
{
    struct sitting s;
    const char *dir = opt_word(cli->opts, 0);
    if (!place_absolute(cli->mem, dir, &dir, err)) {
        return false;
    }
    bool ok = sit_down(cli, "move", &s, err) &&
              desk_move(s.desk, dir, opt_has(cli->opts, "instead"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt move_options[] = {
    {"instead", OPT_FLAG, NULL, "of a move to another host that all sides agree is off"},
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_table_move = {
    .name = "table move",
    .group = COMMAND_RECORD,
    .advanced = true,
    .help = "go on at a new host: the old one is lost, or lies",
    .more = "For the principal of every side that countersigns, one after the other. The record up "
            "to what any side has countersigned is brought to the folder HOST; what lies behind "
            "that is given up. Before you sign, show the others what you hold (bundle "
            "out, bundle in): all must hold the same. Once all have signed, everybody goes there "
            "with sync --host.",
    .example = "entente table move new-host",
    .spec = {.options = move_options,
             .option_count = COUNT_OF(move_options),
             .words = "HOST",
             .words_min = 1,
             .words_max = 1},
    .run = run_move,
};

static bool run_refile(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "refile", &s, err) &&
              desk_refile(s.desk, opt_has(cli->opts, "drop"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt refile_options[] = {
    {"drop", OPT_FLAG, NULL, "they are wanted no more: forget them"},
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_refile = {
    .name = "refile",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "file again what an old host took with it",
    .more = "After the table has gone on at a new host: shows your acts that did not come along, "
            "and files them again as they stood, once. What the rules refuse now is kept, and you "
            "are told why.",
    .example = "entente refile",
    .spec = {.options = refile_options, .option_count = COUNT_OF(refile_options)},
    .run = run_refile,
};
