/* SPDX-License-Identifier: Apache-2.0 */
#include "prefs/domain.h"

#include "base/buf.h"
#include "base/fixed.h"
#include "base/num.h"

#include <stdio.h>

#define QUOTE_MAX 60u

/* An error of an issue names it; no arena is at hand, so the words are cut to an array here. */
struct quoted {
    char s[QUOTE_MAX * 4];
};

static const char *quote(struct quoted *q, struct text t)
{
    /* text_quote's marks and ellipsis fit beside four bytes for each code point. */
    _Alignas(16) uint8_t place[QUOTE_MAX * 4 + 64];
    memset(place, 0, sizeof(place));
    struct arena mem;
    arena_init(&mem, place, sizeof(place));
    snprintf(q->s, sizeof(q->s), "%s", text_quote(&mem, text_bytes(t), QUOTE_MAX - 8));
    return q->s;
}

uint32_t domain_find(const struct domain *d, struct text name)
{
    for (uint32_t i = 0; i < d->issue_count; i++) {
        if (text_eq(d->issues[i].name, name)) {
            return i;
        }
    }
    return UINT32_MAX;
}

uint32_t domain_option(const struct domain_issue *issue, struct text option)
{
    if (issue->kind != DOMAIN_DISCRETE) {
        return UINT32_MAX;
    }
    for (uint32_t i = 0; i < issue->value_count; i++) {
        if (text_eq(issue->options[i], option)) {
            return i;
        }
    }
    return UINT32_MAX;
}

int64_t domain_first(const struct domain_issue *issue)
{
    return issue->kind == DOMAIN_REAL ? issue->low : 0;
}

int64_t domain_last(const struct domain_issue *issue)
{
    return issue->kind == DOMAIN_REAL ? issue->high : (int64_t)issue->value_count - 1;
}

bool domain_has_real(const struct domain *d)
{
    for (uint32_t i = 0; i < d->issue_count; i++) {
        if (d->issues[i].kind == DOMAIN_REAL) {
            return true;
        }
    }
    return false;
}

static bool check_name(struct text name, const char *what, struct err *err)
{
    struct quoted q;
    if (name.n == 0) {
        return err_set(err, ERR_FORMAT, "%s has no name", what) ||
               err_mend(err, "give it a name that people know it by");
    }
    if (name.n > DOMAIN_NAME_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the name of %s is longer than %u bytes: %s", what,
                       DOMAIN_NAME_BYTES_MAX, quote(&q, name)) ||
               err_mend(err, "give it a shorter name");
    }
    return true;
}

/* Doubles among few are found by looking; among many through a table of hashes, open addressing,
 * whose order nobody sees. */
#define LOOK_MAX 64u

static uint64_t hash(struct text t)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a; a caller's worst case is bounded below */
    for (size_t i = 0; i < t.n; i++) {
        h = (h ^ (uint8_t)t.p[i]) * UINT64_C(0x100000001b3);
    }
    return h ^ (h >> 29);
}

static bool find_double(const struct text *names, uint32_t count, uint32_t *out)
{
    if (count <= LOOK_MAX) {
        for (uint32_t i = 1; i < count; i++) {
            for (uint32_t j = 0; j < i; j++) {
                if (text_eq(names[i], names[j])) {
                    *out = i;
                    return true;
                }
            }
        }
        return false;
    }
    size_t slots = 1;
    while (slots < (size_t)count * 2) {
        slots *= 2;
    }
    struct buf table;
    buf_init(&table, slots * sizeof(uint32_t));
    buf_add_fill(&table, 0, slots * sizeof(uint32_t));
    bool found = false;
    if (buf_ok(&table)) {
        for (uint32_t i = 0; i < count && !found; i++) {
            size_t at = hash(names[i]) & (slots - 1);
            uint32_t held;
            for (;;) {
                memcpy(&held, table.p + at * sizeof(held), sizeof(held));
                if (held == 0 || text_eq(names[held - 1], names[i])) {
                    break;
                }
                at = (at + 1) & (slots - 1);
            }
            if (held != 0) {
                *out = i;
                found = true;
                break;
            }
            held = i + 1;
            memcpy(table.p + at * sizeof(held), &held, sizeof(held));
        }
    }
    buf_free(&table);
    return found;
}

static bool check_options(const struct domain_issue *issue, struct err *err)
{
    struct quoted q, r;
    for (uint32_t i = 0; i < issue->value_count; i++) {
        if (!check_name(issue->options[i], "an option", err)) {
            return err_at(err, "issue %s", quote(&q, issue->name));
        }
    }
    uint32_t at = 0;
    if (find_double(issue->options, issue->value_count, &at)) {
        return err_set(err, ERR_FORMAT, "the option %s stands twice in the issue %s",
                       quote(&r, issue->options[at]), quote(&q, issue->name)) ||
               err_mend(err, "keep one of the two, or name them apart");
    }
    return true;
}

static bool check_issue(const struct domain_issue *issue, struct err *err)
{
    struct quoted q;
    if (!check_name(issue->name, "an issue", err)) {
        return false;
    }
    switch (issue->kind) {
    case DOMAIN_DISCRETE:
        if (issue->value_count == 0) {
            return err_set(err, ERR_FORMAT, "the issue %s has no options",
                           quote(&q, issue->name)) ||
                   err_mend(err, "list at least one option");
        }
        if (issue->value_count > DOMAIN_OPTIONS_MAX) {
            return err_set(err, ERR_LIMIT, "the issue %s has %u options; at most %u are allowed",
                           quote(&q, issue->name), issue->value_count, DOMAIN_OPTIONS_MAX) ||
                   err_mend(err, "make it a range of whole numbers, or a real one");
        }
        return check_options(issue, err);
    case DOMAIN_INTEGER:
        if (issue->low > issue->high) {
            break;
        }
        if (issue->low < -DOMAIN_REAL_MAX || issue->high > DOMAIN_REAL_MAX) {
            return err_set(err, ERR_LIMIT, "the range of the issue %s has too many digits",
                           quote(&q, issue->name)) ||
                   err_mend(err, "use a larger unit: millions instead of ones");
        }
        return true;
    case DOMAIN_REAL:
        if (issue->low > issue->high) {
            break;
        }
        if (issue->decimals > DOMAIN_DECIMALS_MAX || issue->low < -DOMAIN_REAL_MAX ||
            issue->high > DOMAIN_REAL_MAX) {
            return err_set(err, ERR_LIMIT, "the range of the issue %s has too many digits",
                           quote(&q, issue->name)) ||
                   err_mend(err, "use a larger unit: millions instead of ones");
        }
        return true;
    }
    return err_set(err, ERR_FORMAT, "the range of the issue %s ends below its start",
                   quote(&q, issue->name)) ||
           err_mend(err, "write the lower bound first");
}

bool domain_check_box(const struct domain *d, const struct domain_box *box, struct err *err)
{
    struct quoted q;
    for (uint32_t i = 0; i < box->limit_count; i++) {
        const struct domain_limit *l = &box->limits[i];
        if (l->issue >= d->issue_count) {
            return err_set(err, ERR_FORMAT, "a combination names an issue that is not there");
        }
        const struct domain_issue *issue = &d->issues[l->issue];
        if (i > 0 && l->issue <= box->limits[i - 1].issue) {
            return err_set(err, ERR_FORMAT, "a combination names the issue %s twice",
                           quote(&q, issue->name)) ||
                   err_mend(err, "name each issue once");
        }
        if (l->low > l->high || l->low < domain_first(issue) || l->high > domain_last(issue)) {
            return err_set(err, ERR_FORMAT, "a combination goes beyond the values of the issue %s",
                           quote(&q, issue->name)) ||
                   err_mend(err, "keep to the values that the issue has, the lower one first");
        }
    }
    return true;
}

bool domain_check(const struct domain *d, struct err *err)
{
    struct quoted q;
    if (d->issue_count == 0) {
        return err_set(err, ERR_FORMAT, "there are no issues") ||
               err_mend(err, "name at least one issue and its options");
    }
    if (d->issue_count > DOMAIN_ISSUES_MAX) {
        return err_set(err, ERR_LIMIT, "there are %u issues; at most %u are allowed",
                       d->issue_count, DOMAIN_ISSUES_MAX);
    }
    uint64_t values = 0;
    for (uint32_t i = 0; i < d->issue_count; i++) {
        if (!check_issue(&d->issues[i], err)) {
            return false;
        }
        values += d->issues[i].value_count;
        if (domain_find(d, d->issues[i].name) != i) {
            return err_set(err, ERR_FORMAT, "two issues have the name %s",
                           quote(&q, d->issues[i].name)) ||
                   err_mend(err, "name them apart");
        }
    }
    if (values > DOMAIN_VALUES_MAX) {
        return err_set(err, ERR_LIMIT, "the issues have more than %u values together",
                       DOMAIN_VALUES_MAX) ||
               err_mend(err, "make a wide range of whole numbers coarser, or a real one");
    }
    if (d->forbidden_count > DOMAIN_BOXES_MAX) {
        return err_set(err, ERR_LIMIT, "more than %u combinations are forbidden", DOMAIN_BOXES_MAX);
    }
    for (uint32_t i = 0; i < d->forbidden_count; i++) {
        if (!domain_check_box(d, &d->forbidden[i], err)) {
            return false;
        }
    }
    return true;
}

bool domain_count(const struct domain *d, uint64_t *out)
{
    uint64_t n = 1;
    for (uint32_t i = 0; i < d->issue_count; i++) {
        if (d->issues[i].kind == DOMAIN_REAL || !u64_mul(n, d->issues[i].value_count, &n)) {
            return false;
        }
    }
    *out = n;
    return true;
}

struct text domain_count_words(const struct domain *d, struct arena *mem)
{
    /* 256 issues of at most 2^18 values: 1388 digits, in limbs of 9. */
    uint32_t limbs[160] = {1};
    size_t used = 1;
    if (domain_has_real(d)) {
        return text_str("infinite");
    }
    for (uint32_t i = 0; i < d->issue_count; i++) {
        uint64_t carry = 0;
        for (size_t k = 0; k < used; k++) {
            uint64_t v = (uint64_t)limbs[k] * d->issues[i].value_count + carry;
            limbs[k] = (uint32_t)(v % 1000000000u);
            carry = v / 1000000000u;
        }
        if (carry > 0 && used < COUNT_OF(limbs)) {
            limbs[used++] = (uint32_t)carry; /* below 2^18 */
        }
    }
    char *s = ARENA_NEW(mem, char, used * 9 + 1);
    if (s == NULL) {
        return (struct text){0};
    }
    size_t n = (size_t)snprintf(s, 10, "%u", limbs[used - 1]);
    for (size_t k = used - 1; k-- > 0; n += 9) {
        snprintf(s + n, 10, "%09u", limbs[k]);
    }
    return (struct text){.p = s, .n = n};
}

bool domain_in_box(const struct domain_box *box, const int64_t *values)
{
    for (uint32_t i = 0; i < box->limit_count; i++) {
        const struct domain_limit *l = &box->limits[i];
        if (values[l->issue] < l->low || values[l->issue] > l->high) {
            return false;
        }
    }
    return true;
}

bool domain_forbids(const struct domain *d, const int64_t *values)
{
    for (uint32_t i = 0; i < d->forbidden_count; i++) {
        if (domain_in_box(&d->forbidden[i], values)) {
            return true;
        }
    }
    return false;
}

struct text domain_value_words(const struct domain_issue *issue, int64_t value, struct arena *mem)
{
    char digits[FIXED_TEXT_MAX];
    switch (issue->kind) {
    case DOMAIN_DISCRETE:
        return issue->options[value];
    case DOMAIN_INTEGER:
        fixed_format(issue->low + value, 0, digits);
        break;
    case DOMAIN_REAL:
        fixed_format(value, issue->decimals, digits);
        break;
    }
    const char *s = arena_str(mem, bytes_str(digits));
    return s == NULL ? (struct text){0} : text_str(s);
}

bool domain_value_parse(const struct domain_issue *issue, struct text words, int64_t *out)
{
    int64_t v;
    struct err err = {0};
    switch (issue->kind) {
    case DOMAIN_DISCRETE: {
        uint32_t at = domain_option(issue, words);
        if (at == UINT32_MAX) {
            return false;
        }
        *out = at;
        return true;
    }
    case DOMAIN_INTEGER:
        if (!i64_parse(words, &v) || v < issue->low || v > issue->high) {
            return false;
        }
        *out = v - issue->low; /* below value_count */
        return true;
    case DOMAIN_REAL:
        break;
    }
    if (!fixed_parse(words, issue->decimals, &v, &err) || v < issue->low || v > issue->high) {
        return false;
    }
    *out = v;
    return true;
}

static bool issue_eq(const struct domain_issue *a, const struct domain_issue *b)
{
    if (!text_eq(a->name, b->name) || a->kind != b->kind || a->value_count != b->value_count ||
        a->low != b->low || a->high != b->high || a->decimals != b->decimals) {
        return false;
    }
    for (uint32_t i = 0; a->kind == DOMAIN_DISCRETE && i < a->value_count; i++) {
        if (!text_eq(a->options[i], b->options[i])) {
            return false;
        }
    }
    return true;
}

bool domain_box_eq(const struct domain_box *a, const struct domain_box *b)
{
    if (a->limit_count != b->limit_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->limit_count; i++) {
        const struct domain_limit *x = &a->limits[i], *y = &b->limits[i];
        if (x->issue != y->issue || x->low != y->low || x->high != y->high) {
            return false;
        }
    }
    return true;
}

bool domain_boxes_eq(const struct domain_box *a, uint32_t a_count, const struct domain_box *b,
                     uint32_t b_count)
{
    if (a_count != b_count) {
        return false;
    }
    for (uint32_t i = 0; i < a_count; i++) {
        if (!domain_box_eq(&a[i], &b[i])) {
            return false;
        }
    }
    return true;
}

bool domain_eq(const struct domain *a, const struct domain *b)
{
    if (a->issue_count != b->issue_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->issue_count; i++) {
        if (!issue_eq(&a->issues[i], &b->issues[i])) {
            return false;
        }
    }
    return domain_boxes_eq(a->forbidden, a->forbidden_count, b->forbidden, b->forbidden_count);
}
