/* SPDX-License-Identifier: Apache-2.0
 *
 * What a command says.  The answer goes to standard output, in words or as one JSON object with
 * "v":1; everything else (errors, progress, questions) goes to standard error.  The answer is
 * gathered and written at once by out_finish, so a command that fails half way has said nothing.
 */
#ifndef ENTENTE_CLI_OUT_H
#define ENTENTE_CLI_OUT_H

#include "base/err.h"
#include "base/json_out.h"

#define OUT_MAX ((size_t)64 << 20)

enum out_mode { OUT_WORDS, OUT_JSON };

struct out {
    enum out_mode mode;
    bool colour;
    unsigned width; /* columns */
    struct buf answer;
    struct json json; /* OUT_JSON: an object is open, "v":1 is in it */
    bool given;       /* the answer is written */
};

void out_init(struct out *out, enum out_mode mode);
void out_free(struct out *out);

static inline bool out_is_json(const struct out *out)
{
    return out->mode == OUT_JSON;
}

/* Words for the answer; nothing in JSON mode. */
void out_printf(struct out *out, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A paragraph broken at blanks to the width; further lines begin with `indent` blanks, and so does
 * the first unless something stands on it already.  Line feeds in it stay. */
void out_wrapped(struct out *out, unsigned indent, const char *text);

/* Blanks up to this column of the line that is being written. */
void out_column(struct out *out, unsigned column);

enum out_style { OUT_PLAIN, OUT_BOLD, OUT_DIM, OUT_GOOD, OUT_WARN, OUT_BAD };

/* Text in a style where colour is allowed, plain elsewhere. */
void out_styled(struct out *out, enum out_style style, const char *text);

/* A line to standard error at once, for progress and notes. */
void out_note(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Writes the answer to standard output; once. */
MUST_CHECK bool out_finish(struct out *out, struct err *err);

/* An error in the form of the house, added to b:
 *
 *     entente: what
 *       where: ...
 *       mend:  ... */
void out_error_words(const struct err *err, struct buf *b);

/* The same to standard error. */
void out_error_note(const struct err *err);

/* To standard error; in JSON mode {"v":1,"error":{...}} to standard output as well, in place of any
 * answer, unless the answer was given already. */
void out_error(struct out *out, const struct err *err);

#endif
