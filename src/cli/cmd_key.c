/* SPDX-License-Identifier: Apache-2.0
 *
 * key new, key show, key export, unlock, lock.
 */
#include "app/key.h"
#include "base/civil.h"
#include "base/hex.h"
#include "cli/ask.h"
#include "cli/command_list.h"

#define COLUMN_VALUE 12u
#define UNLOCK_SECONDS (UINT64_C(8) * 3600)

static void hex_words(struct out *out, const char *what, const uint8_t v[static 32])
{
    char text[65];
    hex_encode(bytes_of(v, 32), text);
    out_column(out, COLUMN_VALUE);
    out_printf(out, "%s %s\n", what, text);
}

static void show_words(struct cli *cli, const char *file, const struct key_view *v)
{
    struct out *out = cli->out;
    out_printf(out, "file");
    out_column(out, COLUMN_VALUE);
    out_printf(out, "%s\n", file);
    if (v->label[0] != 0) {
        out_printf(out, "label");
        out_column(out, COLUMN_VALUE);
        out_printf(out, "%s\n", v->label);
    }
    out_printf(out, "table");
    if (v->has_table) {
        hex_words(out, "id ", v->table);
    } else {
        out_column(out, COLUMN_VALUE);
        out_printf(out, "none yet\n");
    }
    for (unsigned i = 0; i < KEY_PARTS; i++) {
        if (!v->has[i]) {
            continue;
        }
        out_printf(out, "%s", key_part_word((enum key_part)i));
        if (i == KEY_PART_SEAL) {
            out_column(out, COLUMN_VALUE);
            out_printf(out, "%s\n", v->recipient);
        } else {
            out_column(out, COLUMN_VALUE);
            out_printf(out, "fingerprint %s\n", v->fingerprint[i]);
            hex_words(out, "kid", v->kid[i]);
            hex_words(out, "pk ", v->pk[i]);
        }
    }
    if (v->unlocked) {
        char until[CIVIL_TEXT_MAX];
        civil_format(v->until, until);
        out_printf(out, "unlocked");
        out_column(out, COLUMN_VALUE);
        out_printf(out, "until %s UTC\n", until);
    }
    if (v->cheap) {
        out_wrapped(out, 0,
                    "This file was made for tests: whoever gets it can try very many passphrases.");
    }
}

static void put_hex(struct json *j, const char *key, const uint8_t v[static 32])
{
    char text[65];
    hex_encode(bytes_of(v, 32), text);
    json_put_key(j, key);
    json_put_str(j, text);
}

static void show_json(struct cli *cli, const char *file, const struct key_view *v)
{
    struct json *j = &cli->out->json;
    json_put_key(j, "file");
    json_put_str(j, file);
    json_put_key(j, "label");
    json_put_str(j, v->label);
    if (v->has_table) {
        put_hex(j, "table", v->table);
    } else {
        json_put_key(j, "table");
        json_put_null(j);
    }
    json_put_key(j, "keys");
    json_put_object(j);
    for (unsigned i = 0; i < KEY_PARTS; i++) {
        if (!v->has[i]) {
            continue;
        }
        json_put_key(j, key_part_word((enum key_part)i));
        json_put_object(j);
        put_hex(j, "pk", v->pk[i]);
        if (i == KEY_PART_SEAL) {
            json_put_key(j, "recipient");
            json_put_str(j, v->recipient);
        } else {
            json_put_key(j, "fingerprint");
            json_put_str(j, v->fingerprint[i]);
            put_hex(j, "kid", v->kid[i]);
        }
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "passes");
    json_put_u64(j, v->t);
    json_put_key(j, "kib");
    json_put_u64(j, v->m_kib);
    json_put_key(j, "cheap");
    json_put_bool(j, v->cheap);
    json_put_key(j, "unlocked_until");
    if (v->unlocked) {
        json_put_u64(j, v->until);
    } else {
        json_put_null(j);
    }
}

static void show(struct cli *cli, const char *file, const struct key_view *v)
{
    if (out_is_json(cli->out)) {
        show_json(cli, file, v);
    } else {
        show_words(cli, file, v);
    }
}

/* ---- key new ---- */

static bool which_keys(struct cli *cli, unsigned *out, struct err *err)
{
    static const struct {
        const char *word;
        unsigned which;
    } sets[] = {
        {"all", KEY_PARTS_ALL},
        {"root", KEY_PART_BIT(KEY_PART_ROOT)},
        {"seat", KEY_PARTS_ALL & ~KEY_PART_BIT(KEY_PART_ROOT)},
    };
    const char *word = opt_value(cli->opts, "keys");
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        if (word == NULL || strcmp(word, sets[i].word) == 0) {
            *out = sets[i].which;
            return true;
        }
    }
    return err_set(err, ERR_USE, "--keys is not all, root or seat");
}

static bool run_key_new(struct cli *cli, struct err *err)
{
    const char *file = opt_word(cli->opts, 0);
    const char *label = opt_value(cli->opts, "label");
    bool cheap = false;
    unsigned which = 0;
    struct buf passphrase;
    struct key_view v;
    struct chance chance = chance_real();
    if (!ask_cost(cli, &cheap, err) || !which_keys(cli, &which, err)) {
        return false;
    }
    buf_init(&passphrase, KEY_PASSPHRASE_MAX);
    bool good = ask_new_passphrase(cli, &passphrase, err) &&
                key_new(file, which, text_str(label == NULL ? "" : label), buf_bytes(&passphrase),
                        cheap ? KEY_COST_TEST : KEY_COST_FULL, &chance, &v, err);
    buf_free(&passphrase);
    if (good) {
        show(cli, file, &v);
    }
    return good;
}

static const struct opt new_options[] = {
    {"label", OPT_VALUE, "TEXT", "what you call these keys; anybody who has the file can read it"},
    {"keys", OPT_VALUE, "SET", "all, root (a principal's alone) or seat (a delegate's)"},
    ASK_OPTION,
    ASK_COST,
};

const struct command cmd_key_new = {
    .name = "key new",
    .group = COMMAND_PEOPLE,
    .help = "make the keys of a seat, in a file that a passphrase opens",
    .more = "Each seat of each table has a key file of its own. Keep a copy of it elsewhere: "
            "without it, or without its passphrase, nobody can open what was sealed to you.",
    .example = "entente key new voss.key --label Voss --keys root",
    .spec = {.options = new_options,
             .option_count = COUNT_OF(new_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_key_new,
};

/* ---- key show ---- */

static bool run_key_show(struct cli *cli, struct err *err)
{
    const char *file = opt_word(cli->opts, 0);
    struct key_view v;
    if (!key_show(file, cli->mem, &v, err)) {
        return false;
    }
    show(cli, file, &v);
    return true;
}

const struct command cmd_key_show = {
    .name = "key show",
    .group = COMMAND_PEOPLE,
    .help = "public keys and fingerprints of a key file",
    .more = "No passphrase is needed. For each key: its fingerprint, which people compare; kid, "
            "the "
            "fingerprint in full; and pk, the key itself.\n\n"
            "To compare a fingerprint, speak to the person, by telephone or face to face, and "
            "never in the channel that carried the file. One reads all five groups aloud, the "
            "other follows on the screen. One digit that differs is another key: stop. Of a "
            "principal's first seat the root's is compared, of any other seat the seat's own.",
    .example = "entente key show voss.key",
    .spec = {.words = "FILE", .words_min = 1, .words_max = 1},
    .run = run_key_show,
};

/* ---- key export ---- */

static bool run_key_export(struct cli *cli, struct err *err)
{
    const char *file = opt_word(cli->opts, 0);
    struct keys_ask ask = ask_of(cli);
    char text[KEY_TEXT_MAX];
    if (!opt_has(cli->opts, "age")) {
        return err_set(err, ERR_USE, "say in which form: --age");
    }
    if (!key_export_age(file, &ask, cli->mem, text, err)) {
        return false;
    }
    out_note("Whoever sees the next line can read all that was ever sealed to you. Print it, lock "
             "it away,\nand keep no copy on this machine.");
    if (out_is_json(cli->out)) {
        json_put_key(&cli->out->json, "identity");
        json_put_str(&cli->out->json, text);
    }
    out_printf(cli->out, "%s\n", text);
    bytes_wipe(text, sizeof(text));
    return true;
}

static const struct opt export_options[] = {
    {"age", OPT_FLAG, NULL, "the seal key as an identity of the age command"},
    ASK_OPTION,
};

const struct command cmd_key_export = {
    .name = "key export",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "the key that opens what is sealed to you, for a copy on paper",
    .example = "entente key export voss/seat.key --age",
    .spec = {.options = export_options,
             .option_count = COUNT_OF(export_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_key_export,
};

/* ---- unlock, lock ---- */

static bool run_unlock(struct cli *cli, struct err *err)
{
    const char *span = opt_value(cli->opts, "for");
    struct keys_ask ask = ask_of(cli);
    uint64_t seconds = UNLOCK_SECONDS, until = 0;
    enum daemon_side side;
    if ((span != NULL && !duration_parse(text_str(span), &seconds, err) &&
         !err_at(err, "--for %.64s", span)) ||
        !key_unlock(opt_word(cli->opts, 0), &ask, seconds, cli->mem, &side, &until, err)) {
        return false;
    }
    if (side == DAEMON_CHILD) {
        return true; /* its streams lead nowhere */
    }
    if (!key_memory_locks()) {
        out_note("note: this system lets no memory be locked; the keys may reach its swap space");
    }
    char text[CIVIL_TEXT_MAX];
    civil_format(until, text);
    if (out_is_json(cli->out)) {
        json_put_key(&cli->out->json, "until");
        json_put_u64(&cli->out->json, until);
    }
    out_printf(cli->out, "unlocked until %s UTC; entente lock ends it\n", text);
    return true;
}

static const struct opt unlock_options[] = {
    {"for", OPT_VALUE, "TIME", "how long: 30m, 8h (the default), 2d; a week at most"},
    ASK_OPTION,
};

const struct command cmd_unlock = {
    .name = "unlock",
    .group = COMMAND_PEOPLE,
    .help = "keep a key file open for a while, so that no command asks",
    .more = "A small program of yours keeps the keys in memory that is never written to disk. It "
            "signs acts and opens what is sealed to you, for programs of this user alone, and "
            "never gives the keys away.",
    .example = "entente unlock voss/seat.key --for 2h",
    .spec = {.options = unlock_options,
             .option_count = COUNT_OF(unlock_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_unlock,
};

static bool run_lock(struct cli *cli, struct err *err)
{
    size_t ended = 0;
    if (!key_lock(cli->mem, &ended, err)) {
        return false;
    }
    if (out_is_json(cli->out)) {
        json_put_key(&cli->out->json, "ended");
        json_put_u64(&cli->out->json, ended);
    }
    if (ended == 0) {
        out_printf(cli->out, "no keys were unlocked\n");
    } else {
        out_printf(cli->out, "locked\n");
    }
    return true;
}

const struct command cmd_lock = {
    .name = "lock",
    .group = COMMAND_PEOPLE,
    .help = "forget all keys that are unlocked",
    .example = "entente lock",
    .run = run_lock,
};
