/* SPDX-License-Identifier: Apache-2.0
 *
 * The mediator's sheet: carry.
 */
#include "cli/command_list.h"
#include "cli/sit.h"

static bool run_carry(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "look", &s, err) &&
              desk_carry(s.desk, sit_value(cli, "to"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt carry_options[] = {
    {"to", OPT_VALUE, "SIDE", "the party that you go to: what it may hear of the others"},
    SIT_OPTIONS,
};

const struct command cmd_carry = {
    .name = "carry",
    .group = COMMAND_STANDS,
    .help = "what you were told, and who may hear it: a sheet to take along",
    .more = "From positions, and from the lines of minutes and debriefs that bear a mark. What "
            "bears "
            "none is kept. The page is fit to print; guard it like the words themselves.",
    .example = "entente carry --to kestria",
    .spec = {.options = carry_options, .option_count = COUNT_OF(carry_options)},
    .run = run_carry,
};
