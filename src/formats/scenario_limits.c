/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/scenario_limits.h"

bool limits_parse(const struct domain_issue *issue, struct text words, int64_t *low, int64_t *high)
{
    int64_t a, b;
    if (domain_value_parse(issue, words, &a)) {
        *low = *high = a;
        return true;
    }
    for (size_t i = 1; i + 2 < words.n; i++) {
        struct text first = {.p = words.p, .n = i};
        struct text second = {.p = words.p + i + 2, .n = words.n - i - 2};
        if (words.p[i] == '.' && words.p[i + 1] == '.' && domain_value_parse(issue, first, &a) &&
            domain_value_parse(issue, second, &b) && a <= b) {
            *low = a;
            *high = b;
            return true;
        }
    }
    return false;
}

struct text limits_words(const struct domain_issue *issue, int64_t low, int64_t high,
                         struct arena *mem)
{
    struct text a = domain_value_words(issue, low, mem), words = a;
    if (low != high) {
        struct text b = domain_value_words(issue, high, mem);
        const char *s = arena_printf(mem, "%.*s..%.*s", TEXT_ARG(a), TEXT_ARG(b));
        words = s == NULL ? (struct text){0} : text_str(s);
    }
    int64_t x, y;
    return limits_parse(issue, words, &x, &y) && x == low && y == high ? words : (struct text){0};
}
