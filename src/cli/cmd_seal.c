/* SPDX-License-Identifier: Apache-2.0
 *
 * seal and open: single files, as the age command would.
 */
#include "app/key.h"
#include "base/hex.h"
#include "cli/ask.h"
#include "cli/command_list.h"
#include "os/file.h"
#include "os/tty.h"

#define RECIPIENTS_MAX 256u

/* The file of this word, or standard input where there is none. */
static bool read_input(struct cli *cli, const char *file, size_t max, struct buf *room,
                       struct bytes *out, struct err *err)
{
    if (file != NULL) {
        return file_read(file, max, cli->mem, out, err);
    }
    buf_init(room, max);
    if (!file_read_all(TTY_IN, "standard input", room, err)) {
        return false;
    }
    *out = buf_bytes(room);
    return true;
}

/* To --out, a file that was not there; else it is the answer: as it is, or in base64 in JSON. */
static bool write_output(struct cli *cli, const char *key, struct bytes v, struct err *err)
{
    const char *file = opt_value(cli->opts, "out");
    struct json *j = &cli->out->json;
    if (file != NULL) {
        if (!file_create(file, FILE_SECRET, v, err)) {
            return false;
        }
        if (out_is_json(cli->out)) {
            json_put_key(j, "out");
            json_put_str(j, file);
            json_put_key(j, "bytes");
            json_put_u64(j, v.n);
        }
        return true;
    }
    if (!out_is_json(cli->out)) {
        buf_add(&cli->out->answer, v);
        return true;
    }
    struct buf text;
    buf_init(&text, OUT_MAX);
    base64_encode(v, BASE64_PADDED, &text);
    bool good = buf_done(&text, "the answer", err);
    if (good) {
        json_put_key(j, key);
        json_put_str(j, buf_str(&text));
    }
    buf_free(&text);
    return good;
}

static bool terminal_can_take(struct cli *cli, struct bytes v, struct err *err)
{
    struct text text;
    struct err ignored;
    if (opt_has(cli->opts, "out") || out_is_json(cli->out) || !tty_is(TTY_OUT) ||
        text_from(v, &text, &ignored)) {
        return true;
    }
    return err_set(err, ERR_USE, "this is not text, and the output is a terminal") ||
           err_mend(err, "write it to a file: --out FILE");
}

static bool run_seal(struct cli *cli, struct err *err)
{
    struct text to[RECIPIENTS_MAX];
    size_t count = 0;
    for (const char *word; (word = opt_list(cli->opts, "to", count)) != NULL; count++) {
        if (count == RECIPIENTS_MAX) {
            return err_set(err, ERR_LIMIT, "a file is sealed to at most %u recipients",
                           RECIPIENTS_MAX);
        }
        to[count] = text_str(word);
    }
    struct bytes plain;
    struct buf room = {0}, sealed;
    struct chance chance = chance_real();
    buf_init(&sealed, KEY_SEALED_MAX);
    bool good = read_input(cli, opt_word(cli->opts, 0), KEY_PLAIN_MAX, &room, &plain, err) &&
                key_seal(plain, to, count, &chance, cli->mem, &sealed, err) &&
                terminal_can_take(cli, buf_bytes(&sealed), err) &&
                write_output(cli, "sealed", buf_bytes(&sealed), err);
    buf_free(&room);
    buf_free(&sealed);
    return good;
}

static const struct opt seal_options[] = {
    {"to", OPT_LIST, "AGE1...", "who can open it: a line of entente key show; may be repeated"},
    {"out", OPT_VALUE, "FILE", "write it there, where nothing is yet"},
};

const struct command cmd_seal = {
    .name = "seal",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "seal a file to somebody's key, as age does",
    .example = "entente seal --to age1... --out note.age note.txt",
    .spec = {.options = seal_options,
             .option_count = COUNT_OF(seal_options),
             .words = "[FILE]",
             .words_max = 1},
    .run = run_seal,
};

static bool run_open(struct cli *cli, struct err *err)
{
    const char *file = opt_value(cli->opts, "key");
    if (file == NULL) {
        return err_set(err, ERR_USE, "say with which key file: --key FILE");
    }
    struct keys_ask ask = ask_of(cli);
    struct bytes sealed;
    struct buf room = {0}, plain;
    buf_init(&plain, KEY_PLAIN_MAX);
    bool good = read_input(cli, opt_word(cli->opts, 0), KEY_SEALED_MAX, &room, &sealed, err) &&
                key_open(file, &ask, sealed, cli->mem, &plain, err) &&
                terminal_can_take(cli, buf_bytes(&plain), err) &&
                write_output(cli, "plain", buf_bytes(&plain), err);
    buf_free(&room);
    buf_free(&plain);
    return good;
}

static const struct opt open_options[] = {
    {"key", OPT_VALUE, "FILE", "the key file that it was sealed to"},
    {"out", OPT_VALUE, "FILE", "write it there, where nothing is yet"},
    ASK_OPTION,
};

const struct command cmd_open = {
    .name = "open",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "open a file that was sealed to your key",
    .example = "entente open --key voss/seat.key --out note.txt note.age",
    .spec = {.options = open_options,
             .option_count = COUNT_OF(open_options),
             .words = "[SEALED]",
             .words_max = 1},
    .run = run_open,
};
