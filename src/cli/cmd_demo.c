/* SPDX-License-Identifier: Apache-2.0
 *
 * demo: plays the sample negotiation.
 */
#include "app/demo.h"
#include "app/desk.h"
#include "cli/command_list.h"
#include "cli/ui.h"
#include "os/file.h"
#include "os/folder.h"
#include "os/place.h"
#include "os/tty.h"
#include "web/web.h"

struct telling {
    struct cli *cli;
    unsigned pause_ms;
    struct buf line;
};

static const char *line_word(enum demo_line kind)
{
    switch (kind) {
    case DEMO_STEP:
        return "step";
    case DEMO_TELL:
        return "tell";
    case DEMO_STOPPED:
        return "stopped";
    case DEMO_VOID:
        return "void";
    case DEMO_SCREEN:
        return "screen";
    case DEMO_NOTE:
        return "note";
    }
    return "?";
}

/* One line of n bytes behind lead, broken at blanks to the width. What is broken goes on behind
 * `after` and the line's own indent and two blanks. */
static void wrap(struct buf *b, unsigned width, const char *text, size_t n, const char *lead,
                 const char *after)
{
    size_t own = strspn(text, " ");
    own = own < n ? own : n;
    size_t at = text_width(text_str(lead)) + own;
    buf_add_str(b, lead);
    buf_add(b, bytes_of(text, own));
    for (size_t i = own; i < n;) {
        size_t word = strcspn(text + i, " \n");
        size_t columns = text_width((struct text){.p = text + i, .n = word});
        if (i > own && at + 1 + columns > width) {
            buf_add_u8(b, '\n');
            buf_add_str(b, after);
            buf_add_fill(b, ' ', own + 2);
            at = text_width(text_str(after)) + own + 2;
        } else if (i > own) {
            buf_add_u8(b, ' ');
            at++;
        }
        buf_add(b, bytes_of(text + i, word));
        at += columns;
        i += word + (i + word < n ? 1 : 0);
    }
    buf_add_u8(b, '\n');
}

/* Every line of the text: the first behind `first`, the others behind `before`. */
static void indent(struct telling *t, const char *text, const char *before, const char *first)
{
    const char *lead = first;
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        wrap(&t->line, t->cli->out->width, text, n, lead, before);
        lead = before;
        text += n + (text[n] == '\n' ? 1 : 0);
    }
}

static void say_words(struct telling *t, enum demo_line kind, const char *text)
{
    struct buf *b = &t->line;
    buf_clear(b);
    switch (kind) {
    case DEMO_STEP:
        buf_add_u8(b, '\n');
        buf_add_str(b, t->cli->out->colour ? "\033[1m" : "");
        wrap(b, t->cli->out->width, text, strlen(text), "", "");
        buf_add_str(b, t->cli->out->colour ? "\033[0m" : "");
        break;
    case DEMO_TELL:
        indent(t, text, "  ", "  · ");
        break;
    case DEMO_STOPPED:
        indent(t, text, "    ", "  ✗ stopped at the desk, nothing was sent: ");
        break;
    case DEMO_VOID:
        indent(t, text, "    ", "  ✗ void on the record, for everybody alike: ");
        break;
    case DEMO_SCREEN:
        indent(t, text, "    │ ", "    ┌ ");
        break;
    case DEMO_NOTE:
        indent(t, text, "  ", "  ");
        break;
    }
    struct err untold = {0}; /* a closed pipe is noticed when the command ends */
    bool sent = file_write_all(TTY_OUT, "standard output", buf_bytes(b), &untold);
    (void)sent;
    if (kind == DEMO_STEP && t->pause_ms > 0) {
        clock_pause_ms(t->pause_ms);
    }
}

static void say(void *ctx, enum demo_line kind, unsigned step, const char *text)
{
    struct telling *t = ctx;
    if (!out_is_json(t->cli->out)) {
        say_words(t, kind, text);
        return;
    }
    struct json *j = &t->cli->out->json;
    json_put_object(j);
    json_put_key(j, "step");
    json_put_u64(j, step);
    json_put_key(j, "kind");
    json_put_str(j, line_word(kind));
    json_put_key(j, "text");
    json_put_str(j, text);
    json_put_end(j);
}

static bool read_speed(struct cli *cli, unsigned *out_ms, struct err *err)
{
    const char *speed = opt_value(cli->opts, "speed");
    if (speed == NULL || strcmp(speed, "fast") == 0) {
        *out_ms = 0;
    } else if (strcmp(speed, "read") == 0) {
        *out_ms = 4000;
    } else {
        return err_set(err, ERR_USE, "--speed is \"fast\" or \"read\"");
    }
    return true;
}

#define STORY_STEPS 99u

static const char *left_out(struct cli *cli)
{
    char steps[256];
    struct buf b;
    buf_over(&b, steps, sizeof(steps));
    demo_left_out(1, STORY_STEPS, &b);
    const char *s = arena_printf(
        cli->mem,
        "Steps that this version cannot play yet: %s; of 10, 12 and 20 how "
        "fast each side moves and where it may end, of 24 the fair "
        "packages.",
        buf_str(&b));
    return s == NULL ? "?" : s;
}

static void put_words(struct cli *cli, const struct demo_result *r, const char *dir,
                      uint64_t took_ms)
{
    const char *counts = arena_printf(
        cli->mem,
        "%llu acts, %llu of them countersigned by every side; %u refusals at a desk, %u on the "
        "record; played in %llu.%llu s.",
        (unsigned long long)r->acts, (unsigned long long)r->final, r->desk_refusals, r->void_acts,
        (unsigned long long)(took_ms / 1000), (unsigned long long)(took_ms % 1000 / 100));
    const char *places = arena_printf(
        cli->mem, "Everything is in %s: a folder for each person, and one for the host.", dir);
    const char *next = arena_printf(cli->mem,
                                    "Look around, and play on: entente journey --dir "
                                    "%s/meridia-rhee (the passphrase of all demo "
                                    "keys is \"" DEMO_PASSPHRASE
                                    "\"). In these folders the clock goes "
                                    "on from the end of the story, "
                                    "in March 2031.",
                                    dir);
    const char *const lines[] = {counts, left_out(cli), places, next};
    out_printf(cli->out, "\n");
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (lines[i] != NULL) {
            out_wrapped(cli->out, 0, lines[i]);
        }
    }
}

static void put_result(struct cli *cli, const struct demo_result *r, const char *dir,
                       uint64_t took_ms)
{
    if (!out_is_json(cli->out)) {
        put_words(cli, r, dir, took_ms);
        return;
    }
    struct json *j = &cli->out->json;
    json_put_end(j);
    json_put_key(j, "left_out");
    json_put_str(j, left_out(cli));
    json_put_key(j, "acts");
    json_put_u64(j, r->acts);
    json_put_key(j, "final");
    json_put_u64(j, r->final);
    json_put_key(j, "stopped");
    json_put_u64(j, r->desk_refusals);
    json_put_key(j, "void");
    json_put_u64(j, r->void_acts);
    json_put_key(j, "digests_equal");
    json_put_bool(j, r->digests_equal);
    json_put_key(j, "statement_inert");
    json_put_bool(j, r->statement_inert);
    json_put_key(j, "gate_early");
    json_put_bool(j, r->gate_early);
    json_put_key(j, "leaks");
    json_put_bool(j, r->leaks);
    json_put_key(j, "excerpt");
    json_put_str(j, r->excerpt);
    json_put_key(j, "dir");
    json_put_str(j, dir);
    json_put_key(j, "milliseconds");
    json_put_u64(j, took_ms);
}

/* A folder of our own that is not there yet: entente-demo, entente-demo-2, ... */
#define FOLDERS_MAX 1000u

static bool free_folder(struct cli *cli, const char **out, struct err *err)
{
    for (unsigned i = 1; i <= FOLDERS_MAX; i++) {
        const char *name = i == 1 ? "entente-demo" : arena_printf(cli->mem, "entente-demo-%u", i);
        if (name == NULL) {
            return err_memory(err, "a folder's name");
        }
        if (!file_exists(name)) {
            *out = name;
            return true;
        }
    }
    return err_set(err, ERR_STATE, "there are %u folders of the demo here", FOLDERS_MAX) ||
           err_mend(err, "remove some, or name one: entente demo FOLDER");
}

/* Whoever has a seat in the folder, first the one that convened. */
static bool show_page(struct cli *cli, const char *dir, struct err *err)
{
    struct folder_list all;
    const char *dirs[WEB_SEATS_MAX] = {0};
    struct ui_seats seats = {.dirs = dirs, .passphrase = bytes_str(DEMO_PASSPHRASE)};
    if (!folder_list(dir, cli->mem, &all, err)) {
        return false;
    }
    for (size_t i = 0; i < all.count && seats.count < WEB_SEATS_MAX; i++) {
        const char *seat = place_join(cli->mem, dir, all.names[i]);
        if (seat == NULL) {
            return err_memory(err, "the seats");
        }
        if (desk_is_one(seat)) {
            dirs[seats.count++] = seat;
        }
    }
    /* What was said so far comes before the page, and once. */
    if (!out_finish(cli->out, err)) {
        return false;
    }
    buf_clear(&cli->out->answer);
    return ui_serve(cli, &seats, err);
}

static bool run_demo(struct cli *cli, struct err *err)
{
    struct telling t = {.cli = cli};
    struct chance chance = chance_real();
    struct demo_result result;
    const char *dir = opt_word(cli->opts, 0);
    if (dir != NULL && dir[0] == '\0') {
        return err_set(err, ERR_USE, "the folder has no name") ||
               err_mend(err, "name a new folder: entente demo FOLDER");
    }
    if (opt_has(cli->opts, "ui") && out_is_json(cli->out)) {
        return err_set(err, ERR_USE, "--ui shows a page, --json is for programs") ||
               err_mend(err, "leave one of them out");
    }
    if (!read_speed(cli, &t.pause_ms, err) || (dir == NULL && !free_folder(cli, &dir, err))) {
        return false;
    }
    if (out_is_json(cli->out)) {
        json_put_key(&cli->out->json, "lines");
        json_put_array(&cli->out->json);
    }
    const struct demo_plan plan = {.dir = dir,
                                   .mirror = opt_has(cli->opts, "mirror"),
                                   .chance = &chance,
                                   .say = say,
                                   .ctx = &t};
    buf_init(&t.line, 1u << 20);
    say(&t, DEMO_NOTE, 0,
        "The sample negotiation: real seats, real keys, a real host; invented people.\n"
        "Meridia mediates: President Rhee, with Okoye and Brandt. Kestria (President Voss, envoy "
        "Ilin) and Velland (President Maro, envoy Sand) have been shooting at each other across a "
        "lake. Captain Diaz monitors; Weiss speaks for the neighbours.\n"
        "The clock is simulated: its dates are not real ones, and day 3 is its third. The key "
        "files are easy to break, as "
        "no real ones are.");
    uint64_t start = clock_monotonic_us();
    bool ok = demo_play(&plan, &result, err);
    if (ok) {
        put_result(cli, &result, dir, (clock_monotonic_us() - start) / 1000);
    }
    buf_free(&t.line);
    return ok && (!opt_has(cli->opts, "ui") || show_page(cli, dir, err));
}

static const struct opt demo_options[] = {
    {"ui", OPT_FLAG, NULL, "then open the page, in which one can sit in each seat"},
    UI_OPTIONS,
    {"mirror", OPT_FLAG, NULL, "the two parties change roles: the rules have no favourite"},
    {"speed", OPT_VALUE, "fast|read", "read: pause at each step"},
};

const struct command cmd_demo = {
    .name = "demo",
    .group = COMMAND_START,
    .help = "play the sample negotiation",
    .more = "Nine people of five sides, each with keys and a replica of their own, stop the "
            "fighting on a lake border. Everything is real but the people and the clock. FOLDER "
            "is a new folder; without it, entente-demo (or entente-demo-2, ...) here.",
    .example = "entente demo --speed read",
    .spec = {.options = demo_options,
             .option_count = COUNT_OF(demo_options),
             .words = "[FOLDER]",
             .words_max = 1},
    .run = run_demo,
};
