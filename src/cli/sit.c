/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sit.h"

#include "os/file.h"
#include "os/place.h"
#include "os/tty.h"

#define PAPER_FILE_MAX ((size_t)1 << 20)
#define WORDS_MAX 65536u

bool sit_folder(struct cli *cli, const char **out, struct err *err)
{
    const char *dir = opt_value(cli->opts, "dir");
    if (dir == NULL) {
        dir = place_env("ENTENTE_DIR");
    }
    if (dir == NULL && desk_is_one(".")) {
        dir = ".";
    }
    if (dir != NULL) {
        *out = dir;
        return true;
    }
    return place_data(cli->mem, out, err);
}

struct desk_say sit_say(struct cli *cli)
{
    bool json = out_is_json(cli->out);
    return (struct desk_say){.words = json ? NULL : &cli->out->answer,
                             .json = json ? &cli->out->json : NULL};
}

struct desk_person sit_person(struct cli *cli, const struct chance *chance)
{
    return (struct desk_person){.ask = ask_of(cli),
                                .confirm = ask_confirm,
                                .warned = ask_warned,
                                .ctx = cli,
                                .clock = &cli->clock,
                                .chance = chance};
}

bool sit_down(struct cli *cli, const char *verb, struct sitting *out, struct err *err)
{
    const char *dir;
    *out = (struct sitting){.chance = chance_real(), .say = sit_say(cli)};
    struct desk_person who = sit_person(cli, &out->chance);
    if (!sit_folder(cli, &dir, err) || !desk_open(dir, &who, verb, &out->desk, err)) {
        return false;
    }
    const char *now = desk_rehearsal(out->desk);
    if (now != NULL && !out_is_json(cli->out)) {
        out_note("note: a rehearsal, whose clock is not the world's: it is %s there", now);
    }
    return true;
}

void sit_up(struct sitting *s)
{
    desk_close(s->desk);
    s->desk = NULL;
}

static struct text given(const char *s)
{
    return s == NULL ? (struct text){0} : text_str(s);
}

struct text sit_word(const struct cli *cli, size_t i)
{
    return given(opt_word(cli->opts, i));
}

struct text sit_value(const struct cli *cli, const char *name)
{
    return given(opt_value(cli->opts, name));
}

bool sit_words(struct cli *cli, size_t first, struct desk_list *out, struct err *err)
{
    size_t n = cli->opts->word_count > first ? cli->opts->word_count - first : 0;
    struct text *items = ARENA_NEW(cli->mem, struct text, n);
    if (items == NULL) {
        return err_memory(err, "the command line");
    }
    for (size_t i = 0; i < n; i++) {
        items[i] = sit_word(cli, first + i);
    }
    *out = (struct desk_list){items, (uint32_t)n}; /* words of one command line */
    return true;
}

bool sit_list(struct cli *cli, const char *name, struct desk_list *out, struct err *err)
{
    struct text *items = ARENA_NEW(cli->mem, struct text, OPT_GIVEN_MAX);
    uint32_t n = 0;
    if (items == NULL) {
        return err_memory(err, "the command line");
    }
    for (const char *v; n < OPT_GIVEN_MAX && (v = opt_list(cli->opts, name, n)) != NULL; n++) {
        items[n] = text_str(v);
    }
    *out = (struct desk_list){items, n};
    return true;
}

bool sit_successors(struct cli *cli, struct desk_seat *out, struct err *err)
{
    uint64_t needed = 0;
    if (!sit_list(cli, "successor", &out->successors, err) ||
        !opt_u64(cli->opts, "needed", 0, 1, 8, &needed, err)) {
        return false;
    }
    out->successors_needed = (uint32_t)needed; /* at most 8 */
    return true;
}

bool sit_needs(const struct cli *cli, const char *name, struct err *err)
{
    return opt_has(cli->opts, name) || err_set(err, ERR_USE, "--%s is missing", name) ||
           err_mend(err, "add --help to see what this command wants");
}

bool sit_text(struct cli *cli, size_t word, struct text *out, struct err *err)
{
    const char *file = opt_value(cli->opts, "file");
    struct bytes v;
    struct buf room;
    if (opt_word(cli->opts, word) != NULL) {
        *out = sit_word(cli, word);
        return file == NULL || err_set(err, ERR_USE, "there are words, and a file of words");
    }
    buf_init(&room, WORDS_MAX);
    bool ok = true;
    if (file != NULL) {
        ok = file_read_into(file, &room, err);
    } else if (opt_has(cli->opts, "no-input")) {
        ok = err_set(err, ERR_USE, "the words are missing");
    } else {
        ok = file_read_all(TTY_IN, "standard input", &room, err);
    }
    v = arena_copy(cli->mem, buf_bytes(&room));
    buf_free(&room);
    while (ok && v.n > 0 && v.p[v.n - 1] == '\n') {
        v.n--;
    }
    if (ok && v.n == 0) {
        ok = err_set(err, ERR_USE, "there are no words") ||
             err_mend(err, "write them behind the command, in a file (--file), or to its standard "
                           "input");
    }
    return ok && text_from(v, out, err);
}

bool sit_read(struct cli *cli, const char *file, struct bytes *out, struct err *err)
{
    return file_read(file, PAPER_FILE_MAX, cli->mem, out, err);
}

bool sit_signed(struct cli *cli, struct bytes *out, struct err *err)
{
    const char *file = opt_value(cli->opts, "signed");
    *out = (struct bytes){0};
    return file == NULL || sit_read(cli, file, out, err);
}

bool sit_write(struct cli *cli, const char *file, struct bytes content, struct err *err)
{
    if (!file_create(file, FILE_SECRET, content, err)) {
        return false;
    }
    if (out_is_json(cli->out)) {
        json_put_key(&cli->out->json, "out");
        json_put_str(&cli->out->json, file);
    }
    out_printf(cli->out, "Written: %s\n", file);
    return true;
}
