/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/package.h"

bool package_check(const struct package *p, const struct issue *issues, uint32_t count,
                   struct err *err)
{
    if (p->count == 0) {
        return err_set(err, ERR_FORMAT, "a package takes no option of any issue") ||
               err_mend(err, "name at least one issue and the option you propose for it");
    }
    for (uint32_t i = 0; i < p->count; i++) {
        struct choice c = p->choices[i];
        if (c.issue >= count) {
            return err_set(err, ERR_FORMAT,
                           "a package names issue number %u, and the charter has %u", c.issue,
                           count);
        }
        const struct issue *issue = &issues[c.issue];
        if (i > 0 && c.issue <= p->choices[i - 1].issue) {
            return c.issue == p->choices[i - 1].issue
                       ? err_set(err, ERR_FORMAT, "a package takes two options of the issue %.*s",
                                 TEXT_ARG(issue->id))
                       : err_set(err, ERR_FORMAT,
                                 "a package names the issue %.*s out of the charter's order",
                                 TEXT_ARG(issue->id));
        }
        if (c.option >= issue->option_count) {
            return err_set(err, ERR_FORMAT,
                           "a package takes option number %u of the issue %.*s, which has %u",
                           c.option, TEXT_ARG(issue->id), issue->option_count);
        }
    }
    return true;
}

/* Appends a piece where out is given, and measures it in any case. */
static void put(char *out, size_t *at, struct text piece)
{
    if (out != NULL && piece.n > 0) {
        memcpy(out + *at, piece.p, piece.n);
    }
    *at += piece.n;
}

static size_t put_words(char *out, const struct package *p, const struct issue *issues)
{
    size_t at = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct issue *issue = &issues[p->choices[i].issue];
        put(out, &at, text_str(i == 0 ? "" : "; "));
        put(out, &at, issue->id);
        put(out, &at, text_str(": "));
        put(out, &at, issue->options[p->choices[i].option]);
    }
    return at;
}

struct text package_words(const struct package *p, const struct issue *issues, struct arena *mem)
{
    char *out = arena_take(mem, 1, 1, put_words(NULL, p, issues));
    if (out == NULL) {
        return (struct text){0};
    }
    return (struct text){.p = out, .n = put_words(out, p, issues)};
}

uint32_t package_option(const struct package *p, uint32_t issue)
{
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->choices[i].issue == issue) {
            return p->choices[i].option;
        }
    }
    return UINT32_MAX;
}
