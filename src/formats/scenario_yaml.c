/* SPDX-License-Identifier: Apache-2.0
 *
 * Entente's own scenarios; docs/SCENARIOS.md is the reference.  First the issues, then what is
 * forbidden, then the parties, each by the words of its issues.
 */
#include "base/num.h"
#include "formats/scenario_limits.h"
#include "formats/scenario_priv.h"

struct making {
    struct scenario_reading *r;
    struct yaml_reading y;
};

static bool no_memory(const struct making *m)
{
    return reading_no_memory(m->r);
}

static bool yes_or_no(const struct making *m, const struct yaml_node *node, const char *what,
                      bool *out)
{
    const struct text known[] = {text_str("yes"), text_str("no")};
    uint32_t at;
    if (!yaml_choice(&m->y, node, what, known, COUNT_OF(known), &at)) {
        return false;
    }
    *out = at == 0;
    return true;
}

static unsigned digits_of(struct decimal d)
{
    return d.exponent < 0 ? (unsigned)-d.exponent : 0;
}

/* {from: 0, to: 2.5, real: yes, decimals: 2} */
static bool read_range(const struct making *m, const struct yaml_node *node,
                       struct domain_issue *issue)
{
    enum { FROM, TO, REAL, DECIMALS, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"from", YAML_REQUIRED},
                                                    {"to", YAML_REQUIRED},
                                                    {"real", YAML_OPTIONAL},
                                                    {"decimals", YAML_OPTIONAL}};
    const struct yaml_node *f[FIELDS];
    struct decimal low, high;
    bool real = false;
    uint32_t decimals;
    if (!yaml_fields(&m->y, node, "a range", table, FIELDS, f) ||
        !reading_number(&m->y, f[FROM], "from", &low) ||
        !reading_number(&m->y, f[TO], "to", &high) ||
        (f[REAL] != NULL && !yes_or_no(m, f[REAL], "value of real", &real))) {
        return false;
    }
    if (!real) {
        return reading_integer_range(issue, low, high, m->r->err) ||
               yaml_at(node, m->y.name, m->r->err);
    }
    decimals = digits_of(low) > digits_of(high) ? digits_of(low) : digits_of(high);
    decimals = decimals < 6 ? 6 : decimals;
    if (f[DECIMALS] != NULL && !yaml_number(&m->y, f[DECIMALS], "decimals", &decimals)) {
        return false;
    }
    if (decimals > DOMAIN_DECIMALS_MAX) {
        return yaml_refuse(&m->y, node, "a real issue has more than %u decimals",
                           DOMAIN_DECIMALS_MAX) ||
               err_mend(m->r->err, "round its bounds");
    }
    return reading_real_range(issue, low, high, decimals, m->r->err) ||
           yaml_at(node, m->y.name, m->r->err);
}

static bool read_issues(const struct making *m, const struct yaml_node *map)
{
    struct domain *d = &m->r->s.domain;
    if (map->kind != YAML_MAP || map->count > DOMAIN_ISSUES_MAX) {
        return yaml_refuse(&m->y, map,
                           "issues are not written as name: values, or are more than %u",
                           DOMAIN_ISSUES_MAX) ||
               err_mend(m->r->err, "write  wage: [3 %%, 4 %%]  or  days: {from: 20, to: 30}");
    }
    d->issues = ARENA_NEW(m->r->mem, struct domain_issue, map->count);
    if (d->issues == NULL) {
        return no_memory(m);
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next) {
        const struct yaml_node *v = k->next;
        struct domain_issue *issue = &d->issues[d->issue_count];
        if (domain_find(d, k->text) != UINT32_MAX) {
            return yaml_refuse(&m->y, k, "the issue %s stands twice",
                               reading_quote(m->r, k->text)) ||
                   err_mend(m->r->err, "keep one of the two");
        }
        issue->name = k->text;
        if (v->kind == YAML_MAP) {
            if (!read_range(m, v, issue)) {
                return false;
            }
        } else {
            if (!yaml_list(&m->y, v, "the options of an issue", DOMAIN_OPTIONS_MAX)) {
                return false;
            }
            issue->options = ARENA_NEW(m->r->mem, struct text, v->count);
            if (issue->options == NULL) {
                return no_memory(m);
            }
            for (const struct yaml_node *o = v->first; o != NULL; o = o->next) {
                if (!yaml_words(&m->y, o, "an option", &issue->options[issue->value_count])) {
                    return false;
                }
                issue->value_count++;
            }
        }
        d->issue_count++;
    }
    return domain_check(d, m->r->err) || err_at(m->r->err, "%s", m->y.name);
}

/* The issue that a key names. */
static bool issue_of(const struct making *m, const struct yaml_node *key, uint32_t *out)
{
    struct text names[DOMAIN_ISSUES_MAX];
    const struct domain *d = &m->r->s.domain;
    for (uint32_t i = 0; i < d->issue_count; i++) {
        names[i] = d->issues[i].name;
    }
    return yaml_choice(&m->y, key, "issue", names, d->issue_count, out);
}

/* {wage: 3 %, days: 20..22}: a box. */
static bool read_box(const struct making *m, const struct yaml_node *map, struct domain_box *out)
{
    const struct domain *d = &m->r->s.domain;
    struct domain_limit limits[DOMAIN_ISSUES_MAX];
    bool named[DOMAIN_ISSUES_MAX] = {0};
    uint32_t n = 0;
    if (map->kind != YAML_MAP) {
        return yaml_refuse(&m->y, map, "a combination is not written as issue: value") ||
               err_mend(m->r->err, "write {wage: 4 %%, days: 20..22}");
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next) {
        uint32_t at;
        struct text words;
        if (!issue_of(m, k, &at) || !yaml_words(&m->y, k->next, "a value", &words)) {
            return false;
        }
        if (named[at]) {
            return yaml_refuse(&m->y, k, "the issue %s stands twice",
                               reading_quote(m->r, k->text)) ||
                   err_mend(m->r->err, "keep one of the two");
        }
        named[at] = true;
        n++;
        limits[at].issue = at;
        if (!limits_parse(&d->issues[at], words, &limits[at].low, &limits[at].high)) {
            return yaml_refuse(&m->y, k->next, "%s is no value of the issue %s",
                               reading_quote(m->r, words), reading_quote(m->r, k->text)) ||
                   err_mend(m->r->err, "write one of its values, or two with .. between, the lower "
                                       "first");
        }
    }
    *out = (struct domain_box){.limits = ARENA_NEW(m->r->mem, struct domain_limit, n)};
    if (out->limits == NULL) {
        return no_memory(m);
    }
    for (uint32_t i = 0; i < d->issue_count; i++) {
        if (named[i]) {
            out->limits[out->limit_count++] = limits[i];
        }
    }
    return true;
}

static bool read_boxes(const struct making *m, const struct yaml_node *list, const char *what,
                       struct domain_box **out, uint32_t *out_count)
{
    if (!yaml_list(&m->y, list, what, DOMAIN_BOXES_MAX)) {
        return false;
    }
    struct domain_box *boxes = ARENA_NEW(m->r->mem, struct domain_box, list->count);
    uint32_t n = 0;
    if (boxes == NULL) {
        return no_memory(m);
    }
    for (const struct yaml_node *i = list->first; i != NULL; i = i->next) {
        if (!read_box(m, i, &boxes[n++])) {
            return false;
        }
    }
    *out = boxes;
    *out_count = n;
    return true;
}

/* ---- worth ---- */

/* The numbers of a range that a map gives a worth for, ascending. */
static bool read_levels(const struct making *m, const struct yaml_node *map,
                        const struct domain_issue *issue, struct draft_knot **out, uint32_t *out_n)
{
    struct draft_knot *p = ARENA_NEW(m->r->mem, struct draft_knot, map->count);
    uint32_t n = 0;
    if (p == NULL) {
        return no_memory(m);
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next, n++) {
        if (!domain_value_parse(issue, k->text, &p[n].at)) {
            return yaml_refuse(&m->y, k, "%s is no value of the issue %s",
                               reading_quote(m->r, k->text), reading_quote(m->r, issue->name)) ||
                   err_mend(m->r->err, "write a number within the issue's range");
        }
        if (n > 0 && p[n].at <= p[n - 1].at) {
            return yaml_refuse(&m->y, k, "%s does not ascend", reading_quote(m->r, k->text)) ||
                   err_mend(m->r->err, "order the values, the lowest first, each once");
        }
        if (!reading_number(&m->y, k->next, "the worth of a value", &p[n].value)) {
            return false;
        }
    }
    if (n == 0) {
        return yaml_refuse(&m->y, map, "there is no worth for the issue %s",
                           reading_quote(m->r, issue->name)) ||
               err_mend(m->r->err, "write it at the lowest and the highest value");
    }
    *out = p;
    *out_n = n;
    return true;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* From one given worth to the next: by whole steps of a power of ten, where the rise is such. */
struct stretch {
    bool whole;
    int64_t start, step;
    int exponent;
};

static struct stretch stretch_of(const struct draft_knot *a, const struct draft_knot *b)
{
    struct stretch s = {0};
    int64_t end, rise, gap = b->at - a->at;
    s.whole = decimal_align(a->value, b->value, &s.start, &end, &s.exponent) &&
              i64_sub(end, s.start, &rise) && rise % gap == 0;
    s.step = s.whole ? rise / gap : 0;
    return s;
}

/* Whole numbers between two that are given lie on a line: value / scale, scale the least common
 * multiple of the widths of the gaps that have no whole steps.  (With such a scale the eighteen
 * digits of a number may not be enough; where the steps are whole nothing is lost, so that a number
 * which was rounded once is read as it was written.) */
static bool read_whole(const struct making *m, const struct yaml_node *map,
                       const struct domain_issue *issue, struct draft_part *part)
{
    struct draft_knot *p;
    uint32_t n, i = 0;
    int64_t scale = 1;
    if (!read_levels(m, map, issue, &p, &n)) {
        return false;
    }
    for (uint32_t k = 1; k < n; k++) {
        int64_t gap = stretch_of(&p[k - 1], &p[k]).whole ? 1 : p[k].at - p[k - 1].at;
        if (!i64_mul(scale, gap / common_divisor(scale, gap), &scale) ||
            scale > DECIMAL_UNITS_MAX) {
            return yaml_refuse(&m->y, map, "the gaps between the values are too uneven") ||
                   err_mend(m->r->err, "give the worth of more values");
        }
    }
    if (scale != 1) {
        ratio_over(&part->weight, decimal_of(scale, 0));
    }
    for (uint32_t k = 0; k < issue->value_count; k++) {
        while (i + 1 < n && p[i + 1].at <= k) {
            i++;
        }
        struct decimal v = p[i].value, rise;
        bool ok = true;
        if (k > p[i].at && i + 1 < n) {
            struct stretch s = stretch_of(&p[i], &p[i + 1]);
            bool rounded = v.rounded || p[i + 1].value.rounded;
            if (s.whole) {
                v = decimal_of(s.start + s.step * (k - p[i].at), s.exponent);
                ok = decimal_mul(v, decimal_of(scale, 0), &v);
            } else {
                int64_t part_of_scale = scale / (p[i + 1].at - p[i].at);
                ok = decimal_add(p[i + 1].value, decimal_neg(v), &rise) &&
                     decimal_mul(rise, decimal_of(part_of_scale, 0), &rise) &&
                     decimal_mul(rise, decimal_of(k - p[i].at, 0), &rise) &&
                     decimal_mul(v, decimal_of(scale, 0), &v) && decimal_add(v, rise, &v);
            }
            v.rounded = v.rounded || rounded;
        } else {
            ok = decimal_mul(v, decimal_of(scale, 0), &v);
        }
        if (!ok) {
            return yaml_refuse(&m->y, map, "the worth of the issue %s is too large",
                               reading_quote(m->r, issue->name));
        }
        part->values[k] = v;
    }
    return true;
}

static bool read_options_worth(const struct making *m, const struct yaml_node *map,
                               const struct domain_issue *issue, struct draft_part *part)
{
    bool *seen = ARENA_NEW(m->r->mem, bool, issue->value_count);
    uint32_t guess = 0;
    if (seen == NULL) {
        return no_memory(m);
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next, guess++) {
        uint32_t at;
        if (!reading_place(issue, guess, k->text, &at)) {
            if (issue->value_count > YAML_CANDIDATES_MAX) {
                return yaml_refuse(&m->y, k, "%s is no option", reading_quote(m->r, k->text)) ||
                       err_mend(m->r->err, "write an option of the issue");
            }
            return yaml_choice(&m->y, k, "option", issue->options, issue->value_count, &at);
        }
        if (seen[at]) {
            return yaml_refuse(&m->y, k, "the option %s stands twice",
                               reading_quote(m->r, k->text)) ||
                   err_mend(m->r->err, "keep one of the two");
        }
        seen[at] = true;
        if (!reading_number(&m->y, k->next, "the worth of an option", &part->values[at])) {
            return false;
        }
    }
    reading_note_unseen(m->r, m->y.name, issue, seen);
    return true;
}

static bool read_issue_worth(const struct making *m, const struct yaml_node *key, struct draft *dr)
{
    uint32_t at;
    const struct yaml_node *map = key->next;
    if (!issue_of(m, key, &at)) {
        return false;
    }
    const struct domain_issue *issue = &m->r->s.domain.issues[at];
    struct draft_knot *p;
    uint32_t n;
    if (map->kind != YAML_MAP) {
        return yaml_refuse(&m->y, map, "the worth of %s is not written as value: points",
                           reading_quote(m->r, key->text)) ||
               err_mend(m->r->err, "write {low: 0, high: 40}");
    }
    switch (issue->kind) {
    case DOMAIN_DISCRETE:
        return read_options_worth(m, map, issue, &dr->parts[at]);
    case DOMAIN_INTEGER:
        return read_whole(m, map, issue, &dr->parts[at]);
    case DOMAIN_REAL:
        break;
    }
    return read_levels(m, map, issue, &p, &n) &&
           reading_knots(issue, p, n, &dr->parts[at], m->r->mem, m->r->err);
}

static bool read_worth(const struct making *m, const struct yaml_node *map, struct draft *dr)
{
    bool named[DOMAIN_ISSUES_MAX] = {0};
    if (map->kind != YAML_MAP) {
        return yaml_refuse(&m->y, map, "worth is not written as issue: {value: points}") ||
               err_mend(m->r->err, "write  wage: {3 %%: 0, 4 %%: 40}");
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next) {
        uint32_t at;
        if (!read_issue_worth(m, k, dr) || !issue_of(m, k, &at)) {
            return false;
        }
        if (named[at]) {
            return yaml_refuse(&m->y, k, "the issue %s stands twice",
                               reading_quote(m->r, k->text)) ||
                   err_mend(m->r->err, "keep one of the two");
        }
        named[at] = true;
    }
    return true;
}

static bool read_weights(const struct making *m, const struct yaml_node *map, struct draft *dr)
{
    if (map->kind != YAML_MAP) {
        return yaml_refuse(&m->y, map, "weights are not written as issue: weight") ||
               err_mend(m->r->err, "write  {wage: 3, days: 1}");
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next) {
        uint32_t at;
        struct decimal w;
        if (!issue_of(m, k, &at) || !reading_number(&m->y, k->next, "a weight", &w)) {
            return false;
        }
        if (dr->parts[at].weight.up_count > 0) {
            return yaml_refuse(&m->y, k, "the issue %s stands twice",
                               reading_quote(m->r, k->text)) ||
                   err_mend(m->r->err, "keep one of the two");
        }
        ratio_times(&dr->parts[at].weight, w);
    }
    return true;
}

/* - {when: {wage: 4 %, days: 30}, worth: 5} */
static bool read_together(const struct making *m, const struct yaml_node *list, struct draft *dr)
{
    enum { WHEN, WORTH, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"when", YAML_REQUIRED},
                                                    {"worth", YAML_REQUIRED}};
    if (!yaml_list(&m->y, list, "together", DOMAIN_BOXES_MAX)) {
        return false;
    }
    dr->terms = ARENA_NEW(m->r->mem, struct draft_term, list->count);
    if (dr->terms == NULL) {
        return no_memory(m);
    }
    for (const struct yaml_node *i = list->first; i != NULL; i = i->next) {
        const struct yaml_node *f[FIELDS];
        struct draft_term *t = &dr->terms[dr->term_count];
        if (!yaml_fields(&m->y, i, "an item of together", table, FIELDS, f) ||
            !read_box(m, f[WHEN], &t->box) ||
            !reading_number(&m->y, f[WORTH], "worth", &t->value)) {
            return false;
        }
        dr->term_count++;
    }
    return true;
}

static bool read_table(const struct making *m, const struct yaml_node *list, struct draft *dr)
{
    if (!yaml_list(&m->y, list, "table", UTILITY_TABLE_MAX)) {
        return false;
    }
    dr->table = ARENA_NEW(m->r->mem, struct decimal, list->count);
    dr->parts = NULL;
    if (dr->table == NULL) {
        return no_memory(m);
    }
    for (const struct yaml_node *i = list->first; i != NULL; i = i->next) {
        if (!reading_number(&m->y, i, "an entry of the table", &dr->table[dr->table_count++])) {
            return false;
        }
    }
    return true;
}

/* Points are out of so many: every number of the party is divided. */
static bool divide(const struct making *m, const struct yaml_node *node, struct draft *dr)
{
    struct decimal by;
    if (!reading_number(&m->y, node, "out-of", &by)) {
        return false;
    }
    if (by.units <= 0) {
        return yaml_refuse(&m->y, node, "out-of is not above 0") ||
               err_mend(m->r->err, "write how many points are the whole: 100");
    }
    for (uint32_t i = 0; dr->parts != NULL && i < m->r->s.domain.issue_count; i++) {
        ratio_over(&dr->parts[i].weight, by);
    }
    for (uint32_t i = 0; i < dr->term_count; i++) {
        ratio_over(&dr->terms[i].weight, by);
    }
    ratio_over(&dr->table_weight, by);
    ratio_over(&dr->reservation_weight, by);
    ratio_over(&dr->cap_weight, by);
    return true;
}

enum party_field {
    WORTH,
    WEIGHTS,
    TOGETHER,
    NEVER,
    WORTHLESS,
    AT_MOST,
    TABLE,
    NO_DEAL,
    DISCOUNT,
    OUT_OF,
    ROUNDED,
    PARTY_FIELDS
};

static bool read_preferences(const struct making *m, const struct yaml_node *node,
                             const struct yaml_node *const f[static PARTY_FIELDS], struct draft *dr)
{
    if (f[TABLE] != NULL &&
        (f[WORTH] != NULL || f[WEIGHTS] != NULL || f[TOGETHER] != NULL || f[AT_MOST] != NULL)) {
        return yaml_refuse(&m->y, node,
                           "a table stands beside worth, weights, together or at-most") ||
               err_mend(m->r->err, "a table says all; leave the others away");
    }
    if (f[TABLE] == NULL && f[WORTH] == NULL) {
        return yaml_refuse(&m->y, node, "a party has no worth") ||
               err_mend(m->r->err, "add  worth: {wage: {3 %%: 0, 4 %%: 40}}");
    }
    dr->capped = f[AT_MOST] != NULL;
    dr->has_reservation = f[NO_DEAL] != NULL;
    dr->has_discount = f[DISCOUNT] != NULL;
    return (f[WEIGHTS] == NULL || read_weights(m, f[WEIGHTS], dr)) &&
           (f[WORTH] == NULL || read_worth(m, f[WORTH], dr)) &&
           (f[TOGETHER] == NULL || read_together(m, f[TOGETHER], dr)) &&
           (f[TABLE] == NULL || read_table(m, f[TABLE], dr)) &&
           (f[AT_MOST] == NULL || reading_number(&m->y, f[AT_MOST], "at-most", &dr->cap)) &&
           (f[NO_DEAL] == NULL || reading_number(&m->y, f[NO_DEAL], "no-deal", &dr->reservation)) &&
           (f[DISCOUNT] == NULL || reading_number(&m->y, f[DISCOUNT], "discount", &dr->discount)) &&
           (f[ROUNDED] == NULL || yes_or_no(m, f[ROUNDED], "value of rounded", &dr->rounded)) &&
           (f[NEVER] == NULL ||
            read_boxes(m, f[NEVER], "never", &dr->red_lines, &dr->red_line_count)) &&
           (f[WORTHLESS] == NULL ||
            read_boxes(m, f[WORTHLESS], "worthless", &dr->zeros, &dr->zero_count)) &&
           (f[OUT_OF] == NULL || divide(m, f[OUT_OF], dr));
}

static bool read_party(const struct making *m, const struct yaml_node *key,
                       struct scenario_party *out)
{
    static const struct yaml_field table[PARTY_FIELDS] = {
        {"worth", YAML_OPTIONAL},  {"weights", YAML_OPTIONAL},   {"together", YAML_OPTIONAL},
        {"never", YAML_OPTIONAL},  {"worthless", YAML_OPTIONAL}, {"at-most", YAML_OPTIONAL},
        {"table", YAML_OPTIONAL},  {"no-deal", YAML_OPTIONAL},   {"discount", YAML_OPTIONAL},
        {"out-of", YAML_OPTIONAL}, {"rounded", YAML_OPTIONAL},
    };
    const struct yaml_node *f[PARTY_FIELDS];
    struct draft dr;
    out->name = key->text;
    if (!yaml_fields(&m->y, key->next, "a party", table, PARTY_FIELDS, f) ||
        !draft_init(&dr, &m->r->s.domain, m->r->mem, m->r->err) ||
        !read_preferences(m, key->next, f, &dr)) {
        return false;
    }
    return draft_build(&dr, &m->r->s.domain, m->r->mem, &out->utility, m->r->err) ||
           err_at(m->r->err, "%s, party %.*s", m->y.name, TEXT_ARG(key->text));
}

static bool read_parties(const struct making *m, const struct yaml_node *map)
{
    struct scenario *s = &m->r->s;
    if (map->kind != YAML_MAP || map->count > SCENARIO_PARTIES_MAX) {
        return yaml_refuse(&m->y, map,
                           "parties are not written as name: {...}, or are more than %u",
                           SCENARIO_PARTIES_MAX) ||
               err_mend(m->r->err, "write  union: {worth: {...}}");
    }
    s->parties = ARENA_NEW(m->r->mem, struct scenario_party, map->count);
    if (s->parties == NULL) {
        return no_memory(m);
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next) {
        if (!read_party(m, k, &s->parties[s->party_count])) {
            return false;
        }
        for (uint32_t i = 0; i < s->party_count; i++) {
            if (text_eq(s->parties[i].name, k->text)) {
                return yaml_refuse(&m->y, k, "the party %s stands twice",
                                   reading_quote(m->r, k->text)) ||
                       err_mend(m->r->err, "keep one of the two");
            }
        }
        s->party_count++;
    }
    return true;
}

bool scenario_yaml_read(struct scenario_reading *r)
{
    enum { SCENARIO, ISSUES, FORBIDDEN, PARTIES, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"scenario", YAML_OPTIONAL},
                                                    {"issues", YAML_REQUIRED},
                                                    {"forbidden", YAML_OPTIONAL},
                                                    {"parties", YAML_REQUIRED}};
    const struct yaml_node *f[FIELDS];
    struct making m = {.r = r, .y = reading_of(r, &r->sources[0])};
    r->s.format = SCENARIO_YAML;
    if (!yaml_fields(&m.y, r->sources[0].root, "a scenario", table, FIELDS, f) ||
        (f[SCENARIO] != NULL && !yaml_words(&m.y, f[SCENARIO], "scenario", &r->s.name)) ||
        !read_issues(&m, f[ISSUES])) {
        return false;
    }
    struct domain *d = &r->s.domain;
    return (f[FORBIDDEN] == NULL ||
            read_boxes(&m, f[FORBIDDEN], "forbidden", &d->forbidden, &d->forbidden_count)) &&
           read_parties(&m, f[PARTIES]);
}
