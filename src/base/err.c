/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/check.h"

/* The functions behind the macros. */
#undef err_set
#undef err_at
#undef err_mend
#undef err_memory

void err_clear(struct err *err)
{
    *err = (struct err){0};
}

/* Takes a half character off the end of a text that was cut. */
static void trim_cut(char *s, size_t n)
{
    size_t at = n;
    while (at > 0 && ((unsigned char)s[at - 1] & 0xc0) == 0x80) {
        at--;
    }
    if (at == 0) {
        return;
    }
    unsigned char lead = (unsigned char)s[at - 1];
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (lead >= 0x80 && n - (at - 1) < want) {
        s[at - 1] = 0;
    }
}

static void print_into(char *out, size_t size, const char *fmt, va_list args) PRINTF_LIKE(3, 0);
static void print_into(char *out, size_t size, const char *fmt, va_list args)
{
    int n = vsnprintf(out, size, fmt, args);
    if (n < 0) {
        out[0] = 0;
    } else if ((size_t)n >= size) {
        trim_cut(out, size - 1);
    }
}

bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
    CHECK(code != ERR_NONE);
    err->code = code;
    va_list args;
    va_start(args, fmt);
    print_into(err->what, sizeof(err->what), fmt, args);
    va_end(args);
    err->where[0] = 0;
    err->mend[0] = 0;
    return false;
}

bool err_at(struct err *err, const char *fmt, ...)
{
    char outer[sizeof(err->where)];
    va_list args;
    va_start(args, fmt);
    print_into(outer, sizeof(outer), fmt, args);
    va_end(args);
    if (err->where[0] != 0) {
        size_t n = strlen(outer);
        size_t inner = strlen(err->where);
        size_t room = sizeof(outer) - 1 - n;
        if (room > 2) {
            memcpy(outer + n, ", ", 2);
            size_t take = inner < room - 2 ? inner : room - 2;
            memcpy(outer + n + 2, err->where, take);
            outer[n + 2 + take] = 0;
            if (take < inner) {
                trim_cut(outer, n + 2 + take);
            }
        }
    }
    memcpy(err->where, outer, sizeof(outer));
    return false;
}

bool err_mend(struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    print_into(err->mend, sizeof(err->mend), fmt, args);
    va_end(args);
    return false;
}

bool err_memory(struct err *err, const char *what)
{
    return err_set(err, ERR_MEMORY, "there is not enough memory for %s", what);
}

int err_exit_status(enum err_code code)
{
#define ERR_EXIT(name, exit, word)                                                                 \
    case name:                                                                                     \
        return exit;
    switch (code) {
        ERR_LIST(ERR_EXIT)
    }
#undef ERR_EXIT
    return 1;
}

const char *err_word(enum err_code code)
{
#define ERR_WORD(name, exit, word)                                                                 \
    case name:                                                                                     \
        return word;
    switch (code) {
        ERR_LIST(ERR_WORD)
    }
#undef ERR_WORD
    return "unknown";
}
