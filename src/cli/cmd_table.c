/* SPDX-License-Identifier: Apache-2.0
 *
 * table new, table check, table show.
 */
#include "app/charter_template.h"
#include "app/key.h"
#include "cli/charter_ask.h"
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

/* A file to begin from; nothing is founded. */
static bool write_template(struct cli *cli, struct err *err)
{
    struct bytes yaml;
    const char *file = opt_value(cli->opts, "out");
    if (opt_word(cli->opts, 0) != NULL) {
        return err_set(err, ERR_USE, "a template is written, or a charter is founded, not both") ||
               err_mend(err, "entente table new --template ceasefire --out charter.yaml");
    }
    if (!charter_template(opt_value(cli->opts, "template"), &yaml, err) ||
        !sit_needs(cli, "out", err) || !sit_write(cli, file, yaml, err)) {
        return false;
    }
    out_printf(cli->out, "Change it with any editor, then: entente table check %s\n", file);
    return true;
}

static bool found(struct cli *cli, struct desk_seat *seat, const char *host, struct bytes yaml,
                  const char *file, struct err *err)
{
    struct chance chance = chance_real();
    struct desk_person who = sit_person(cli, &chance);
    struct desk_say say = sit_say(cli);
    struct buf passphrase;
    if (!ask_cost(cli, &seat->cheap, err) || !sit_successors(cli, seat, err)) {
        return false;
    }
    buf_init(&passphrase, KEY_PASSPHRASE_MAX);
    bool ok = ask_new_passphrase(cli, &passphrase, err);
    seat->passphrase = buf_bytes(&passphrase);
    ok = ok && desk_found(seat, host, yaml, file, &who, &say, err);
    buf_free(&passphrase);
    return ok;
}

static bool found_by_questions(struct cli *cli, struct err *err)
{
    struct charter_asked a = {0};
    if (!charter_ask(cli, &a, err)) {
        return err->code == ERR_NONE;
    }
    struct desk_seat seat = {.name = text_str(a.name), .dir = a.dir};
    return found(cli, &seat, a.host, a.yaml, a.file, err);
}

static bool run_table_new(struct cli *cli, struct err *err)
{
    struct desk_seat seat = {.name = sit_value(cli, "name"),
                             .earlier = opt_value(cli->opts, "earlier")};
    struct bytes yaml;
    const char *host;
    if (opt_has(cli->opts, "template")) {
        return write_template(cli, err);
    }
    if (opt_word(cli->opts, 0) == NULL && charter_can_ask(cli)) {
        return found_by_questions(cli, err);
    }
    if (opt_word(cli->opts, 0) == NULL) {
        return err_set(err, ERR_USE, "a table is founded from a charter, and none is named") ||
               err_mend(err, "run it in a terminal to be asked for one, or begin from a template: "
                             "entente table new --template ceasefire --out charter.yaml");
    }
    return sit_needs(cli, "host", err) &&
           place_absolute(cli->mem, opt_value(cli->opts, "host"), &host, err) &&
           sit_folder(cli, &seat.dir, err) && read_charter(cli, &yaml, err) &&
           found(cli, &seat, host, yaml, opt_word(cli->opts, 0), err);
}

static const struct opt new_options[] = {
    {"host", OPT_VALUE, "DIR", "the host's folder, which every seat can reach"},
    {"name", OPT_VALUE, "NAME", "what you are called at the table"},
    {"template", OPT_VALUE, "NAME",
     "write a charter to begin from, and found nothing: " CHARTER_TEMPLATES},
    {"out", OPT_VALUE, "FILE", "of a template: the new file"},
    {"earlier", OPT_VALUE, "DIR|BUNDLE", "a table that this one follows; the charter will name it"},
    SIT_SUCCESSORS,
    SIT_OPTIONS,
    ASK_COST,
};

const struct command cmd_table_new = {
    .name = "table new",
    .group = COMMAND_START,
    .help = "found a table from a charter, or by questions",
    .more = "Without a charter, in a terminal, it asks its way through one, shows it, and keeps it "
            "in "
            "a file. Makes your seat, with keys that a passphrase opens, in a folder of its own, "
            "and files "
            "the charter, sealed to you. Nobody is invited yet. The charter is in force once every "
            "principal has signed it.",
    .example = "entente table new charter.yaml --host /srv/talks --dir rhee --name Rhee",
    .spec = {.options = new_options,
             .option_count = COUNT_OF(new_options),
             .words = "[CHARTER.yaml]",
             .words_max = 1},
    .run = run_table_new,
};

/* ---- table check ---- */

static void tell_fault(void *ctx, const struct err *fault)
{
    (void)ctx;
    out_error_note(fault);
}

static bool run_table_check(struct cli *cli, struct err *err)
{
    struct desk_say say = sit_say(cli);
    struct bytes yaml;
    if (!read_charter(cli, &yaml, err)) {
        return false;
    }
    if (desk_check_charter(yaml, opt_word(cli->opts, 0), tell_fault, NULL, &say, err)) {
        return true;
    }
    if (out_is_json(cli->out)) { /* the faults stand beside the error */
        struct err untold = {0};
        json_put_err(&cli->out->json, err);
        (void)!out_finish(cli->out, &untold);
    }
    return false;
}

const struct command cmd_table_check = {
    .name = "table check",
    .group = COMMAND_START,
    .help = "read a charter before a table is founded on it",
    .more = "Tells every fault with its line and how to mend it. Else shows the charter as it was "
            "understood, what it means (who signs, which gate opens when), and what in it is "
            "lawful "
            "and probably not meant. Nothing is founded.",
    .example = "entente table check charter.yaml",
    .spec = {.words = "CHARTER.yaml", .words_min = 1, .words_max = 1},
    .run = run_table_check,
};

/* ---- table show ---- */

static bool run_table_show(struct cli *cli, struct err *err)
{
    struct sitting s;
    const char *earlier = opt_value(cli->opts, "earlier");
    bool ok = sit_down(cli, "show", &s, err) &&
              (earlier != NULL ? desk_earlier(s.desk, earlier, &s.say, err)
                               : desk_charter(s.desk, &s.say, err));
    sit_up(&s);
    return ok;
}

static const struct opt show_options[] = {
    {"earlier", OPT_VALUE, "DIR|BUNDLE", "is that the table that the charter follows?"},
    SIT_OPTIONS,
};

const struct command cmd_table_show = {
    .name = "table show",
    .group = COMMAND_START,
    .help = "the charter of your table",
    .example = "entente table show --dir rhee",
    .spec = {.options = show_options, .option_count = COUNT_OF(show_options)},
    .run = run_table_show,
};
