/* SPDX-License-Identifier: Apache-2.0
 *
 * Text: bytes proven to be valid UTF-8 without control characters (but LF and TAB).  The only
 * thing that may be shown to a person.  A view, like struct bytes.
 */
#ifndef ENTENTE_BASE_TEXT_H
#define ENTENTE_BASE_TEXT_H

#include "base/arena.h"
#include "base/err.h"

struct text {
    const char *p;
    size_t n;
};

/* %.*s arguments of a text: printf("%.*s", TEXT_ARG(t)). */
#define TEXT_ARG(t) ((t).n > 0x7fff ? 0x7fff : (int)(t).n), ((t).n == 0 ? "" : (t).p)

/* Text of a literal of our own. */
static inline struct text text_str(const char *s)
{
    return (struct text){.p = s, .n = strlen(s)};
}

static inline struct bytes text_bytes(struct text t)
{
    return bytes_of(t.p, t.n);
}

static inline bool text_eq(struct text a, struct text b)
{
    return bytes_eq(text_bytes(a), text_bytes(b));
}

static inline bool text_is(struct text a, const char *s)
{
    return text_eq(a, text_str(s));
}

/* Strict UTF-8 (no overlong form, no surrogate, at most U+10FFFF); control characters allowed. */
bool utf8_valid(struct bytes v);

/* UTF-8 without C0 (but LF, TAB), DEL, C1, and bidirectional overrides (U+202A..202E, 2066..2069).
 * Failure: ERR_FORMAT naming the byte offset. */
MUST_CHECK bool text_from(struct bytes v, struct text *out, struct err *err);

/* Columns on a terminal, near enough: code points less combining marks, East Asian wide as two. */
size_t text_width(struct text t);

/* An identifier of a charter: [a-z][a-z0-9-]{0,31}. */
bool text_is_id(struct text t);

/* Foreign words for a terminal or an error: in double quotes, one line, cut to max code points
 * with an ellipsis, unprintable code points as U+FFFD.  In the arena; "?" when there is no room. */
const char *text_quote(struct arena *mem, struct bytes v, size_t max);

#endif
