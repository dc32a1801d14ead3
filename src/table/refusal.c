/* SPDX-License-Identifier: Apache-2.0 */
#include "table/refusal.h"

#include <stdarg.h>
#include <stdio.h>

bool refuse(struct refusal *r, enum refusal_code code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    r->code = code;
    (void)vsnprintf(r->what, sizeof(r->what), fmt, args);
    r->mend[0] = '\0';
    va_end(args);
    return false;
}

bool refuse_mend(struct refusal *r, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(r->mend, sizeof(r->mend), fmt, args);
    va_end(args);
    return false;
}

const char *refusal_words(enum refusal_code code)
{
    switch (code) {
#define REFUSAL_CASE(name, number, rule)                                                           \
    case name:                                                                                     \
        return "It breaks rule " rule " (docs/RULES.md).";
        REFUSAL_LIST(REFUSAL_CASE)
#undef REFUSAL_CASE
    }
    return "It breaks a rule.";
}

const char *refusal_rule(enum refusal_code code)
{
    static const struct {
        enum refusal_code code;
        const char *rule;
    } rows[] = {
#define REFUSAL_ROW(name, number, rule) {name, rule},
        REFUSAL_LIST(REFUSAL_ROW)
#undef REFUSAL_ROW
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].code == code) {
            return rows[i].rule;
        }
    }
    return "";
}
