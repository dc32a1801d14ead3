/* SPDX-License-Identifier: Apache-2.0
 *
 * ui: the page.
 */
#include "cli/command_list.h"
#include "cli/sit.h"
#include "cli/ui.h"
#include "os/program.h"
#include "web/web.h"

static void ready(void *ctx, const char *link, const char *file)
{
    struct cli *cli = ctx;
    struct err untold = {0};
    const char *const browser[] = {"xdg-open", file, NULL};
    if (!opt_has(cli->opts, "nobrowser") && program_start(browser, &untold)) {
        out_note("The page opens in your browser. If it does not, open this link, once:");
    } else {
        out_note("Open this link in a browser on this machine, once:");
    }
    /* At once, not with the answer at the end. */
    out_note("  %s", link);
    out_note("It is served to this machine alone, until you press Ctrl-C here.");
}

bool ui_serve(struct cli *cli, const struct ui_seats *seats, struct err *err)
{
    uint64_t port;
    struct chance chance = chance_real();
    struct web_plan plan = {.dirs = seats->dirs,
                            .dir_count = seats->count,
                            .passphrase = seats->passphrase,
                            .read_only = opt_has(cli->opts, "read-only"),
                            .chance = &chance,
                            .ready = ready,
                            .ctx = cli};
    if (!opt_u64(cli->opts, "port", 0, 0, UINT16_MAX, &port, err)) {
        return false;
    }
    plan.port = (uint16_t)port;
    return web_serve(&plan, err);
}

static bool run_ui(struct cli *cli, struct err *err)
{
    const char *dirs[WEB_SEATS_MAX] = {0};
    struct ui_seats seats = {.dirs = dirs};
    for (const char *d; (d = opt_list(cli->opts, "dir", seats.count)) != NULL; seats.count++) {
        if (seats.count == WEB_SEATS_MAX) {
            return err_set(err, ERR_LIMIT, "one page shows at most %u seats", WEB_SEATS_MAX);
        }
        dirs[seats.count] = d;
    }
    if (seats.count == 0) {
        if (!sit_folder(cli, &dirs[0], err)) {
            return false;
        }
        seats.count = 1;
    }
    for (size_t i = 0; i < seats.count; i++) {
        /* One alone may be empty: the page founds a table there, or joins one. */
        if (!desk_is_one(dirs[i]) && (seats.count > 1 || opt_has(cli->opts, "read-only"))) {
            return err_set(err, ERR_STATE, "there is no table in the folder %s", dirs[i]) ||
                   err_mend(err,
                            "name another with --dir, found one with \"entente table new\", or "
                            "join one with \"entente seat join\"");
        }
    }
    return ui_serve(cli, &seats, err);
}

static const struct opt ui_options[] = {
    {"dir", OPT_LIST, "DIR", "a seat's folder; several are shown side by side"},
    UI_OPTIONS,
    {"read-only", OPT_FLAG, NULL, "file nothing, countersign nothing"},
};

const struct command cmd_ui = {
    .name = "ui",
    .group = COMMAND_SERVE,
    .help = "the table in your browser",
    .more = "Serves the page to this machine alone (127.0.0.1) and opens it. Keys never leave "
            "this machine; the link works once. While the page is unlocked, it takes in what is "
            "new and countersigns it for your side, as entente sync does. Where there is no table "
            "yet, the page founds one or joins one.",
    .example = "entente ui",
    .spec = {.options = ui_options, .option_count = COUNT_OF(ui_options)},
    .run = run_ui,
};
