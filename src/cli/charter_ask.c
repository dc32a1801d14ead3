/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/charter_ask.h"

#include "app/desk.h"
#include "app/questions.h"
#include "cli/out.h"
#include "os/file.h"
#include "os/place.h"
#include "os/tty.h"

#define LINE_MAX_BYTES 4096u
#define YAML_MAX ((size_t)262144)

bool charter_can_ask(const struct cli *cli)
{
    return tty_is(TTY_IN) && tty_is(TTY_OUT) && !out_is_json(cli->out) &&
           !opt_has(cli->opts, "no-input");
}

/* One line as text, in the command's memory. */
static bool ask_line(struct cli *cli, const char *prompt, struct text *out, struct err *err)
{
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    bool ok = tty_ask(prompt, TTY_SHOWN, &line, err);
    const char *kept = ok ? arena_printf(cli->mem, "%.*s", (int)line.n, /* at most LINE_MAX_BYTES */
                                         line.n == 0 ? "" : (const char *)line.p)
                          : "";
    buf_free(&line);
    return ok &&
           (kept != NULL ? text_from(bytes_str(kept), out, err) : err_memory(err, "the answer"));
}

/* A line that is not empty, or what stands in its place. */
static bool ask_or(struct cli *cli, const char *prompt, const char *otherwise, const char **out,
                   struct err *err)
{
    struct text t;
    const char *line = arena_printf(cli->mem, "%s [%s]: ", prompt, otherwise);
    if (line == NULL) {
        return err_memory(err, "the question");
    }
    if (!ask_line(cli, line, &t, err)) {
        return false;
    }
    *out = t.n == 0 ? otherwise : t.p; /* ends with a NUL: ask_line keeps it so */
    return true;
}

static bool ask_all(struct cli *cli, struct questions *q, struct err *err)
{
    const char *prompt;
    while ((prompt = questions_ask(q)) != NULL) {
        struct text t;
        struct err refused = {0};
        if (!ask_line(cli, prompt, &t, &refused)) {
            if (refused.code != ERR_FORMAT && refused.code != ERR_LIMIT) {
                *err = refused;
                return false;
            }
            out_error_note(&refused);
        } else if (text_is(t, "<")) {
            if (!questions_back(q)) {
                out_note("This is the first question.");
            }
        } else if (!questions_answer(q, t, &refused)) {
            out_error_note(&refused);
        }
    }
    return true;
}

static void tell_fault(void *ctx, const struct err *fault)
{
    (void)ctx;
    out_error_note(fault);
}

/* What is probably not meant, and what the charter means. */
static bool show(struct cli *cli, struct bytes yaml, struct err *err)
{
    struct buf words;
    struct desk_say say = {.words = &words};
    (void)cli;
    out_note("\n%.*s", (int)yaml.n, (const char *)yaml.p); /* at most YAML_MAX */
    buf_init(&words, YAML_MAX);
    bool ok = desk_check_charter(yaml, "the charter", tell_fault, NULL, &say, err);
    const char *meaning = ok ? strstr(buf_str(&words), "What it means\n") : NULL;
    if (meaning != NULL) {
        const char *end = strstr(meaning, "The charter is sound.");
        out_note("%.*s", end == NULL ? (int)strlen(meaning) : (int)(end - meaning), meaning);
    }
    buf_free(&words);
    return ok;
}

/* A new file for it; one that is there is never written over. */
static bool keep(struct cli *cli, struct bytes yaml, const char **out, bool *out_back,
                 struct err *err)
{
    for (;;) {
        struct err refused = {0};
        if (!ask_or(cli, "Keep it in which file? (< goes back to the last question)",
                    "charter.yaml", out, err)) {
            return false;
        }
        *out_back = strcmp(*out, "<") == 0;
        if (*out_back || file_create(*out, FILE_SECRET, yaml, &refused)) {
            return true;
        }
        out_error_note(&refused);
        out_note("  Give it another name.");
    }
}

static bool ask_place(struct cli *cli, const struct questions *q, struct charter_asked *out,
                      struct err *err)
{
    const char *host = opt_value(cli->opts, "host");
    const char *convener = arena_printf(cli->mem, "%.*s", TEXT_ARG(questions_convener(q)));
    const char *title = arena_printf(cli->mem, "%.*s", TEXT_ARG(questions_title(q)));
    out->dir = opt_value(cli->opts, "dir");
    out->name = opt_value(cli->opts, "name");
    if (convener == NULL || title == NULL) {
        return err_memory(err, "the question");
    }
    if ((host == NULL &&
         !ask_or(cli, "The host's folder, which every seat can reach", "host", &host, err)) ||
        (out->dir == NULL &&
         !ask_or(cli, "The folder of your own seat", convener, &out->dir, err)) ||
        (out->name == NULL &&
         !ask_or(cli, "What are you called at the table?", title, &out->name, err))) {
        return false;
    }
    return place_absolute(cli->mem, host, &out->host, err);
}

bool charter_ask(struct cli *cli, struct charter_asked *out, struct err *err)
{
    struct questions *q = questions_new(cli->mem);
    struct buf yaml;
    const char *now = "no";
    bool back = true;
    if (q == NULL) {
        return err_memory(err, "the questions");
    }
    out_note(
        "A charter by questions. Enter takes what stands in [ ]; < goes back; Ctrl-C ends it.\n"
        "Nothing is founded before you say so, and all of it can be changed in the file.\n");
    buf_init(&yaml, YAML_MAX);
    bool ok = true;
    while (ok && back) {
        buf_clear(&yaml);
        ok = ask_all(cli, q, err);
        if (ok) {
            questions_yaml(q, &yaml);
            ok = buf_done(&yaml, "the charter", err) && show(cli, buf_bytes(&yaml), err) &&
                 keep(cli, buf_bytes(&yaml), &out->file, &back, err);
        }
        if (ok && back) {
            (void)questions_back(q);
        }
    }
    out->yaml = ok ? arena_copy(cli->mem, buf_bytes(&yaml)) : (struct bytes){0};
    buf_free(&yaml);
    ok = ok && (out->yaml.p != NULL || err_memory(err, "the charter")) &&
         ask_or(cli, "Found the table on it now? yes or no", "yes", &now, err);
    if (!ok) {
        return false;
    }
    if (strcmp(now, "yes") != 0) {
        out_printf(
            cli->out,
            "Kept in %s. When you are ready: entente table new %s --host DIR --dir DIR --name "
            "NAME\n",
            out->file, out->file);
        return false; /* err is ERR_NONE: all is well */
    }
    return ask_place(cli, q, out, err);
}
