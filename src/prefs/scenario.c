/* SPDX-License-Identifier: Apache-2.0 */
#include "prefs/scenario.h"

#define FORMAT_WORD(name, word, words) word,
static const char *const format_word[] = {SCENARIO_FORMAT_LIST(FORMAT_WORD)};
#define FORMAT_WORDS(name, word, words) words,
static const char *const format_words[] = {SCENARIO_FORMAT_LIST(FORMAT_WORDS)};

_Static_assert(COUNT_OF(format_word) == SCENARIO_FORMATS, "as many as the list has");

const char *scenario_format_word(enum scenario_format f)
{
    return format_word[f];
}

const char *scenario_format_words(enum scenario_format f)
{
    return format_words[f];
}

bool scenario_format_parse(struct text word, enum scenario_format *out)
{
    for (uint32_t i = 0; i < SCENARIO_FORMATS; i++) {
        if (text_is(word, format_word[i])) {
            *out = (enum scenario_format)i;
            return true;
        }
    }
    return false;
}

bool scenario_check(const struct scenario *s, struct err *err)
{
    if (!domain_check(&s->domain, err)) {
        return false;
    }
    if (s->party_count == 0) {
        return err_set(err, ERR_FORMAT, "there are no parties") ||
               err_mend(err, "add what the issues are worth to each party");
    }
    if (s->party_count > SCENARIO_PARTIES_MAX) {
        return err_set(err, ERR_LIMIT, "there are %u parties; at most %u are allowed",
                       s->party_count, SCENARIO_PARTIES_MAX);
    }
    for (uint32_t i = 0; i < s->party_count; i++) {
        struct text name = s->parties[i].name;
        if (name.n == 0 || name.n > DOMAIN_NAME_BYTES_MAX) {
            return err_set(err, ERR_FORMAT, "party %u has no name, or one above %u bytes", i + 1,
                           DOMAIN_NAME_BYTES_MAX);
        }
        for (uint32_t k = 0; k < i; k++) {
            if (text_eq(name, s->parties[k].name)) {
                return err_set(err, ERR_FORMAT, "two parties have the same name") ||
                       err_mend(err, "name them apart; the parties are %u and %u", k + 1, i + 1) ||
                       err_at(err, "%.*s", TEXT_ARG(name));
            }
        }
        if (!utility_check(&s->parties[i].utility, &s->domain, err)) {
            return err_at(err, "party %.*s", TEXT_ARG(name));
        }
    }
    return true;
}

bool scenario_eq(const struct scenario *a, const struct scenario *b)
{
    if (!text_eq(a->name, b->name) || a->party_count != b->party_count ||
        !domain_eq(&a->domain, &b->domain)) {
        return false;
    }
    for (uint32_t i = 0; i < a->party_count; i++) {
        if (!text_eq(a->parties[i].name, b->parties[i].name) ||
            !utility_eq(&a->parties[i].utility, &b->parties[i].utility, &a->domain)) {
            return false;
        }
    }
    return true;
}

bool scenario_exact(const struct scenario *s)
{
    for (uint32_t i = 0; i < s->party_count; i++) {
        if (!s->parties[i].utility.exact) {
            return false;
        }
    }
    return true;
}
