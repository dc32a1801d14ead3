/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"

#include "app/key.h"
#include "os/tty.h"

#define DESCRIPTOR_MAX 1023u

static bool from_descriptor(struct cli *cli, struct buf *out, struct err *err)
{
    uint64_t fd;
    return opt_u64(cli->opts, "passphrase-fd", 0, 0, DESCRIPTOR_MAX, &fd, err) &&
           tty_passphrase_fd((int)fd, out, err);
}

static bool no_terminal(struct err *err)
{
    return err->code == ERR_USE &&
           err_mend(err, "run it in a terminal, or pass the passphrase with --passphrase-fd N");
}

static bool passphrase(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    struct cli *cli = ctx;
    if (opt_has(cli->opts, "passphrase-fd")) {
        return from_descriptor(cli, out, err);
    }
    if (opt_has(cli->opts, "no-input")) {
        return err_set(err, ERR_USE, "a passphrase is needed, and nothing may be asked") ||
               err_mend(err, "unlock the key file first (entente unlock), or pass the passphrase "
                             "with --passphrase-fd N");
    }
    return tty_ask(prompt, TTY_HIDDEN, out, err) || no_terminal(err);
}

struct keys_ask ask_of(struct cli *cli)
{
    return (struct keys_ask){.passphrase = passphrase, .ctx = cli};
}

bool ask_cost(const struct cli *cli, bool *out_cheap, struct err *err)
{
    const char *cost = opt_value(cli->opts, "cost");
    if (cost != NULL && strcmp(cost, "test") != 0) {
        return err_set(err, ERR_USE, "--cost is not test") ||
               err_mend(err, "leave it out: the file then withstands guessing");
    }
    *out_cheap = cost != NULL;
    return true;
}

/* What was added to out behind `before` is to be a passphrase. */
static bool is_fit(const struct buf *out, size_t before, struct err *err)
{
    bool weak = false;
    if (!key_passphrase_fit(bytes_slice(buf_bytes(out), before, out->n), &weak, err)) {
        return false;
    }
    if (weak) {
        out_note("note: this passphrase can be guessed; several words that do not belong together "
                 "are better");
    }
    return true;
}

bool ask_new_passphrase(struct cli *cli, struct buf *out, struct err *err)
{
    size_t before = out->n;
    if (opt_has(cli->opts, "passphrase-fd")) {
        return from_descriptor(cli, out, err) && is_fit(out, before, err);
    }
    if (opt_has(cli->opts, "no-input")) {
        return err_set(err, ERR_USE, "a new passphrase is needed, and nothing may be asked") ||
               err_mend(err, "pass it with --passphrase-fd N");
    }
    struct buf again;
    buf_init(&again, KEY_PASSPHRASE_MAX);
    bool good = (tty_ask("New passphrase, several words: ", TTY_HIDDEN, out, err) ||
                 no_terminal(err)) &&
                is_fit(out, before, err) &&
                (tty_ask("The same again: ", TTY_HIDDEN, &again, err) || no_terminal(err));
    if (good && !bytes_eq(bytes_slice(buf_bytes(out), before, out->n), buf_bytes(&again))) {
        good = err_set(err, ERR_USE, "the two passphrases are not the same") ||
               err_mend(err, "start again; nothing was written");
    }
    buf_free(&again);
    return good;
}

bool ask_confirm(void *ctx, const char *shown, struct err *err)
{
    struct cli *cli = ctx;
    struct buf answer;
    if (!out_is_json(cli->out)) {
        out_note("%s", shown);
    }
    if (opt_has(cli->opts, "yes")) {
        return true;
    }
    buf_init(&answer, 256);
    bool asked = !opt_has(cli->opts, "no-input") &&
                 tty_ask("Type yes to go on: ", TTY_SHOWN, &answer, err);
    bool good = asked && bytes_eq(buf_bytes(&answer), bytes_str("yes"));
    buf_free(&answer);
    if (good) {
        return true;
    }
    if (asked) {
        return err_set(err, ERR_STATE, "not confirmed; nothing was sent");
    }
    if (err->code != ERR_NONE && err->code != ERR_USE) {
        return false; /* stopped by a signal */
    }
    return err_set(err, ERR_USE, "this needs a yes, and nobody is here to say it") ||
           err_mend(err, "look at it in full, then add --yes");
}

bool ask_warned(void *ctx, const char *shown)
{
    struct cli *cli = ctx;
    struct buf answer;
    struct err untold = {0};
    if (!out_is_json(cli->out)) {
        out_note("%s", shown);
    }
    if (opt_has(cli->opts, "anyway")) {
        return true;
    }
    buf_init(&answer, 256);
    bool good = !opt_has(cli->opts, "no-input") &&
                tty_ask("Type yes to go on all the same: ", TTY_SHOWN, &answer, &untold) &&
                bytes_eq(buf_bytes(&answer), bytes_str("yes"));
    buf_free(&answer);
    return good;
}
