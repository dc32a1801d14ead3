/* SPDX-License-Identifier: Apache-2.0
 *
 * seat revoke, proceed without.
 */
#include "cli/command_list.h"
#include "cli/sit.h"

static const struct opt yes_options[] = {SIT_YES, SIT_OPTIONS};

/* ---- seat revoke ---- */

static bool run_seat_revoke(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "revoke", &s, err) &&
              desk_revoke_seat(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_seat_revoke = {
    .name = "seat revoke",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "end a seat of your side: its machine is lost, or another comes in its place",
    .more = "For the principal alone. What the seat has filed stands; from here on it signs and "
            "reads nothing, and the rooms where it sat get fresh keys. Then invite whoever comes "
            "in its place, and give a mandate.",
    .example = "entente seat revoke Ilin",
    .spec = {.options = yes_options,
             .option_count = COUNT_OF(yes_options),
             .words = "SEAT",
             .words_min = 1,
             .words_max = 1},
    .run = run_seat_revoke,
};

/* ---- proceed without ---- */

static bool run_proceed(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "proceed", &s, err) &&
              desk_proceed(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_proceed_without = {
    .name = "proceed without",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "go on without a side that has not countersigned for the grace",
    .more = "It counts once two other sides (the other one, where there are two) have "
            "countersigned twice, a grace apart, since that side last did. Its silence is never "
            "consent; when it countersigns again, all is as before.",
    .example = "entente proceed without velland",
    .spec = {.options = yes_options,
             .option_count = COUNT_OF(yes_options),
             .words = "SIDE",
             .words_min = 1,
             .words_max = 1},
    .run = run_proceed,
};
