/* SPDX-License-Identifier: Apache-2.0
 *
 * seat invite, seat join, seat admit, seat share, seat sheet, seat list, sync.
 */
#include "app/key.h"
#include "cli/command_list.h"
#include "cli/sit.h"
#include "os/file.h"
#include "os/place.h"

#define PAPER_MAX ((size_t)1 << 20)

/* Said before any work is done. */
static bool is_new(const char *file, struct err *err)
{
    return !file_exists(file) || err_set(err, ERR_STATE, "%s is there already", file) ||
           err_mend(err, "choose another name, or move that one away");
}

/* ---- seat invite ---- */

static bool run_invite(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct buf paper;
    const char *file = opt_value(cli->opts, "out");
    if (!sit_needs(cli, "out", err) || !is_new(file, err)) {
        return false;
    }
    buf_init(&paper, PAPER_MAX);
    bool ok = sit_down(cli, "invite", &s, err) &&
              desk_invite(s.desk, sit_word(cli, 0), sit_value(cli, "post"), &paper, &s.say, err) &&
              sit_write(cli, file, buf_bytes(&paper), err);
    sit_up(&s);
    buf_free(&paper);
    return ok;
}

static const struct opt invite_options[] = {
    {"post", OPT_VALUE, "N|TITLE", "which post of the side; without it, its principal's"},
    {"out", OPT_VALUE, "FILE", "write the invitation there, where nothing is yet"},
    SIT_OPTIONS,
};

const struct command cmd_seat_invite = {
    .name = "seat invite",
    .group = COMMAND_PEOPLE,
    .help = "an invitation for a side, or for a post of your own side",
    .more = "The convener invites the first seat of each side; each principal then invites his "
            "own. The file holds no secret, but hand it over by a way that you trust.",
    .example = "entente seat invite kestria --out kestria.invitation",
    .spec = {.options = invite_options,
             .option_count = COUNT_OF(invite_options),
             .words = "SIDE",
             .words_min = 1,
             .words_max = 1},
    .run = run_invite,
};

/* ---- seat join ---- */

static bool run_join(struct cli *cli, struct err *err)
{
    struct chance chance = chance_real();
    struct desk_person who = sit_person(cli, &chance);
    struct desk_say say = sit_say(cli);
    struct desk_seat seat = {.name = sit_value(cli, "name")};
    struct bytes invitation;
    struct buf passphrase, slip;
    const char *file = opt_word(cli->opts, 0);
    const char *out = opt_value(cli->opts, "out");
    seat.host = opt_value(cli->opts, "host");
    if (!sit_needs(cli, "out", err) || !is_new(out, err) || !ask_cost(cli, &seat.cheap, err) ||
        (seat.host != NULL && !place_absolute(cli->mem, seat.host, &seat.host, err)) ||
        !sit_successors(cli, &seat, err) || !sit_folder(cli, &seat.dir, err) ||
        !sit_read(cli, file, &invitation, err)) {
        return false;
    }
    buf_init(&passphrase, KEY_PASSPHRASE_MAX);
    buf_init(&slip, PAPER_MAX);
    bool ok = ask_new_passphrase(cli, &passphrase, err);
    seat.passphrase = buf_bytes(&passphrase);
    ok = ok && desk_join(&seat, invitation, file, &who, &slip, &say, err) &&
         sit_write(cli, out, buf_bytes(&slip), err);
    buf_free(&passphrase);
    buf_free(&slip);
    return ok;
}

static const struct opt join_options[] = {
    {"name", OPT_VALUE, "NAME", "what you are called at the table"},
    {"out", OPT_VALUE, "SLIP", "write the slip to hand back there, where nothing is yet"},
    {"host", OPT_VALUE, "DIR", "the host's folder, where you reach it by another path"},
    SIT_SUCCESSORS,
    SIT_OPTIONS,
    ASK_COST,
};

const struct command cmd_seat_join = {
    .name = "seat join",
    .group = COMMAND_PEOPLE,
    .help = "take the seat that you are invited to",
    .more = "Makes your keys, which a passphrase opens, in a folder of their own, and a slip to "
            "hand back. Read your fingerprint aloud to whoever invited you: only what was compared "
            "so is admitted. A principal may name successors, each by a key file of his own "
            "(entente key new FILE --keys root): so many of them can put another principal in the "
            "place of one whose key is lost.",
    .example = "entente seat join kestria.invitation --dir voss --name Voss --out voss.slip",
    .spec = {.options = join_options,
             .option_count = COUNT_OF(join_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_join,
};

/* ---- seat admit ---- */

static bool run_admit(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct bytes slip;
    const char *file = opt_word(cli->opts, 0);
    if (!sit_read(cli, file, &slip, err)) {
        return false;
    }
    bool ok = sit_down(cli, "admit", &s, err) && desk_admit(s.desk, slip, file, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt admit_options[] = {SIT_YES, SIT_OPTIONS};

const struct command cmd_seat_admit = {
    .name = "seat admit",
    .group = COMMAND_PEOPLE,
    .help = "admit whoever has joined, after fingerprints were compared aloud",
    .example = "entente seat admit voss.slip",
    .spec = {.options = admit_options,
             .option_count = COUNT_OF(admit_options),
             .words = "SLIP",
             .words_min = 1,
             .words_max = 1},
    .run = run_admit,
};

/* ---- seat share ---- */

static bool run_share(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "share", &s, err) && desk_share(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt share_options[] = {SIT_OPTIONS};

const struct command cmd_seat_share = {
    .name = "seat share",
    .group = COMMAND_PEOPLE,
    .help = "give a seat once more what it needs to read the table",
    .more = "The charter, and the keys that plenary and monitors' room have had: for a seat whose "
            "journey says that something is missing. For your own side, or as the convener.",
    .example = "entente seat share Ilin",
    .spec = {.options = share_options,
             .option_count = COUNT_OF(share_options),
             .words = "SEAT",
             .words_min = 1,
             .words_max = 1},
    .run = run_share,
};

/* ---- seat sheet, seat list, sync ---- */

static bool run_sheet(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "sheet", &s, err) && desk_sheet(s.desk, &s.say, err);
    sit_up(&s);
    return ok;
}

static bool run_list(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "list", &s, err) && desk_seats(s.desk, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt plain_options[] = {SIT_OPTIONS};

const struct command cmd_seat_sheet = {
    .name = "seat sheet",
    .group = COMMAND_PEOPLE,
    .help = "the recovery sheet of your seat, to print",
    .more = "Which seat at which table, its fingerprints, and the key file as letters that can be "
            "typed in again. Your passphrase is not on it, and nothing on it opens your seat "
            "without that.",
    .example = "entente seat sheet",
    .spec = {.options = plain_options, .option_count = COUNT_OF(plain_options)},
    .run = run_sheet,
};

const struct command cmd_seat_list = {
    .name = "seat list",
    .group = COMMAND_PEOPLE,
    .help = "who sits at the table, with fingerprints",
    .example = "entente seat list",
    .spec = {.options = plain_options, .option_count = COUNT_OF(plain_options)},
    .run = run_list,
};

static bool run_sync(struct cli *cli, struct err *err)
{
    struct sitting s;
    const char *host = opt_value(cli->opts, "host");
    if (host != NULL && !place_absolute(cli->mem, host, &host, err)) {
        return false;
    }
    bool ok = sit_down(cli, "sync", &s, err) &&
              (host == NULL || desk_move_host(s.desk, host, err)) && desk_sync(s.desk, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt sync_options[] = {
    {"host", OPT_VALUE, "DIR", "the host has moved: from now on its folder is this"},
    SIT_OPTIONS,
};

const struct command cmd_sync = {
    .name = "sync",
    .group = COMMAND_STANDS,
    .help = "take in what is new, and countersign it for your side",
    .more = "Posts what waits, takes in what the host has, checks all of it, and countersigns "
            "where this seat is its side's witness. Countersigning is receipt, not consent.",
    .example = "entente sync --dir rhee",
    .spec = {.options = sync_options, .option_count = COUNT_OF(sync_options)},
    .run = run_sync,
};
