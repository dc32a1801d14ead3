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
    return tty_ask(prompt, TTY_HIDDEN, out, err) || no_terminal(err);
}

struct keys_ask ask_of(struct cli *cli)
{
    return (struct keys_ask){.passphrase = passphrase, .ctx = cli};
}

bool ask_new_passphrase(struct cli *cli, struct buf *out, struct err *err)
{
    if (opt_has(cli->opts, "passphrase-fd")) {
        return from_descriptor(cli, out, err);
    }
    size_t before = out->n;
    struct buf again;
    buf_init(&again, KEY_PASSPHRASE_MAX);
    bool good = (tty_ask("New passphrase: ", TTY_HIDDEN, out, err) &&
                 tty_ask("The same again: ", TTY_HIDDEN, &again, err)) ||
                no_terminal(err);
    if (good && !bytes_eq(bytes_slice(buf_bytes(out), before, out->n), buf_bytes(&again))) {
        good = err_set(err, ERR_USE, "the two passphrases are not the same") ||
               err_mend(err, "start again; nothing was written");
    }
    buf_free(&again);
    return good;
}
