/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/out.h"

#include <stdarg.h>
#include <stdio.h>

#include "os/file.h"
#include "os/tty.h"

#define NOTE_MAX 2048u
#define WORDS_WIDTH_MAX 100u /* longer lines are hard to read, however wide the window is */

static void begin_json(struct out *out)
{
    json_init(&out->json, &out->answer);
    json_put_object(&out->json);
    json_put_key(&out->json, "v");
    json_put_u64(&out->json, 1);
}

void out_init(struct out *out, enum out_mode mode)
{
    unsigned width = tty_width(TTY_OUT);
    *out = (struct out){
        .mode = mode,
        .colour = mode == OUT_WORDS && tty_colour(TTY_OUT),
        .width = width < WORDS_WIDTH_MAX ? width : WORDS_WIDTH_MAX,
    };
    buf_init(&out->answer, OUT_MAX);
    if (mode == OUT_JSON) {
        begin_json(out);
    }
}

void out_free(struct out *out)
{
    buf_free(&out->answer);
}

void out_printf(struct out *out, const char *fmt, ...)
{
    if (out->mode == OUT_JSON) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0) {
        out->answer.failed = true;
        return;
    }
    size_t at = out->answer.n;
    buf_add_fill(&out->answer, 0, (size_t)n + 1);
    if (buf_ok(&out->answer)) {
        va_start(args, fmt);
        (void)vsnprintf((char *)out->answer.p + at, (size_t)n + 1, fmt, args); /* measured above */
        va_end(args);
        out->answer.n--; /* the NUL is not part of it */
    }
}

/* Columns taken on the line that is being written; escape sequences take none. */
static size_t column_of(const struct out *out)
{
    size_t from = out->answer.n;
    while (from > 0 && out->answer.p[from - 1] != '\n') {
        from--;
    }
    size_t width = 0;
    struct text run = {.p = (const char *)out->answer.p + from, .n = 0};
    for (size_t i = from; i < out->answer.n; i++) {
        if (out->answer.p[i] != 0x1b) {
            run.n++;
            continue;
        }
        width += text_width(run);
        while (i < out->answer.n && out->answer.p[i] != 'm') {
            i++;
        }
        run = (struct text){.p = (const char *)out->answer.p + i + 1, .n = 0};
    }
    return run.n == 0 ? width : width + text_width(run);
}

void out_column(struct out *out, unsigned column)
{
    if (out->mode == OUT_WORDS) {
        size_t at = column_of(out);
        buf_add_fill(&out->answer, ' ', at < column ? column - at : 0);
    }
}

void out_wrapped(struct out *out, unsigned indent, const char *text)
{
    if (out->mode == OUT_JSON) {
        return;
    }
    out_column(out, indent);
    size_t at = column_of(out);
    bool first = true; /* on its line */
    while (*text != 0) {
        if (*text == '\n') {
            buf_add_u8(&out->answer, '\n');
            text++;
            at = 0;
            first = true;
            continue;
        }
        size_t n = strcspn(text, " \n");
        size_t width = text_width((struct text){.p = text, .n = n});
        if (!first && at + 1 + width > out->width) {
            buf_add_u8(&out->answer, '\n');
            at = 0;
            first = true;
        }
        if (at == 0 && n > 0) {
            buf_add_fill(&out->answer, ' ', indent);
            at = indent;
        } else if (!first) {
            buf_add_u8(&out->answer, ' ');
            at++;
        }
        buf_add(&out->answer, bytes_of(text, n));
        at += width;
        first = n == 0 && first;
        text += n + (text[n] == ' ' ? 1 : 0);
    }
    buf_add_u8(&out->answer, '\n');
}

void out_styled(struct out *out, enum out_style style, const char *text)
{
    static const char *const codes[] = {
        [OUT_PLAIN] = "",        [OUT_BOLD] = "\033[1m",  [OUT_DIM] = "\033[2m",
        [OUT_GOOD] = "\033[32m", [OUT_WARN] = "\033[33m", [OUT_BAD] = "\033[31m",
    };
    bool plain = !out->colour || style == OUT_PLAIN;
    out_printf(out, "%s%s%s", plain ? "" : codes[style], text, plain ? "" : "\033[0m");
}

static void to_stderr(struct bytes v)
{
    struct err ignored; /* there is nobody left to tell */
    if (!file_write_all(TTY_ERR, "standard error", v, &ignored)) {
        return;
    }
}

void out_note(const char *fmt, ...)
{
    char line[NOTE_MAX];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(line, sizeof(line) - 1, fmt, args);
    va_end(args);
    if (n < 0) {
        return;
    }
    size_t len = strlen(line);
    line[len] = '\n';
    to_stderr(bytes_of(line, len + 1));
}

bool out_finish(struct out *out, struct err *err)
{
    if (out->mode == OUT_JSON) {
        json_put_end(&out->json);
        json_done(&out->json);
        buf_add_u8(&out->answer, '\n');
    }
    out->given = buf_done(&out->answer, "the answer", err) &&
                 file_write_all(TTY_OUT, "standard output", buf_bytes(&out->answer), err);
    return out->given;
}

void out_error_words(const struct err *err, struct buf *b)
{
    buf_printf(b, "entente: %s\n", err->what);
    if (err->where[0] != 0) {
        buf_printf(b, "  where: %s\n", err->where);
    }
    if (err->mend[0] != 0) {
        buf_printf(b, "  mend:  %s\n", err->mend);
    }
}

void out_error_note(const struct err *err)
{
    struct buf b;
    buf_init(&b, NOTE_MAX);
    out_error_words(err, &b);
    to_stderr(buf_bytes(&b));
    buf_free(&b);
}

void out_error(struct out *out, const struct err *err)
{
    out_error_note(err);
    if (out->mode == OUT_JSON && !out->given) {
        struct err ignored; /* it was told above */
        buf_clear(&out->answer);
        begin_json(out);
        json_put_err(&out->json, err);
        if (!out_finish(out, &ignored)) {
            return;
        }
    }
}
