/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/story.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/civil.h"

#define STORY_BYTES_MAX ((size_t)16 << 20)

void story_init(struct story *s)
{
    *s = (struct story){0};
    buf_init(&s->lines, STORY_BYTES_MAX);
}

void story_free(struct story *s)
{
    buf_free(&s->lines);
}

void story_begin(struct story *s, bool silent)
{
    buf_clear(&s->lines);
    s->silent = silent;
    s->failure[0] = '\0';
    s->detail[0] = '\0';
    s->step = 0;
}

__attribute__((format(printf, 2, 0))) static void put(struct story *s, const char *fmt,
                                                      va_list args)
{
    char text[1024];
    (void)vsnprintf(text, sizeof(text), fmt, args); /* a line too long is cut */
    buf_add_str(&s->lines, text);
}

void story_tell(struct story *s, const char *fmt, ...)
{
    char when[CIVIL_TEXT_MAX];
    va_list args;
    if (s->silent) {
        return;
    }
    civil_format(s->now, when);
    buf_printf(&s->lines, "%s%4u  %s  ", s->lines.n > 0 ? "\n" : "", s->step, when);
    va_start(args, fmt);
    put(s, fmt, args);
    va_end(args);
}

void story_add(struct story *s, const char *fmt, ...)
{
    va_list args;
    if (s->silent) {
        return;
    }
    va_start(args, fmt);
    put(s, fmt, args);
    va_end(args);
}

bool story_fail(struct story *s, const char *invariant, const char *fmt, ...)
{
    va_list args;
    if (story_failed(s)) {
        return false;
    }
    (void)snprintf(s->failure, sizeof(s->failure), "%s", invariant);
    va_start(args, fmt);
    (void)vsnprintf(s->detail, sizeof(s->detail), fmt, args); /* a detail too long is cut */
    va_end(args);
    story_tell(s, "INVARIANT %s: %s", invariant, s->detail);
    return false;
}
