/* SPDX-License-Identifier: Apache-2.0
 *
 * GENIUS domains and additive profiles, with the meaning that GENIUS 10 gives them: a discrete
 * evaluation counts as its share of the issue's highest, weights as their share of the sum, integers
 * are linear from the profile's lower bound, reals in the value itself, both kept within 0 and 1.
 */
#include "formats/genius_priv.h"

struct issue_list {
    const xmlNode *nodes[DOMAIN_ISSUES_MAX];
    uint32_t count;
};

/* Issues in the order of the file, through objectives within objectives. */
static bool list_issues(const struct genius *g, const xmlNode *node, struct issue_list *list)
{
    for (const xmlNode *n = node->children; n != NULL; n = n->next) {
        if (genius_is(n, "issue")) {
            if (list->count == DOMAIN_ISSUES_MAX) {
                (void)err_set(g->r->err, ERR_LIMIT, "there are more than %u issues",
                              DOMAIN_ISSUES_MAX);
                return genius_at(g, n);
            }
            list->nodes[list->count++] = n;
        } else if ((genius_is(n, "objective") || genius_is(n, "utility_space")) &&
                   !list_issues(g, n, list)) { /* libxml2 bounds the depth: 256 */
            return false;
        }
    }
    return true;
}

/* "discrete", "integer", "real": the first that is said. */
static bool type_of(const struct genius *g, const xmlNode *issue, struct text *out)
{
    static const char *const names[] = {"vtype", "type", "etype"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!genius_text(g, issue, names[i], out)) {
            return false;
        }
        if (out->p != NULL) {
            return true;
        }
    }
    *out = text_str(genius_child(issue, "item") != NULL ? "discrete" : "real");
    return true;
}

/* The bounds stand in the issue, or in a <range> of it. */
static bool bounds_of(const struct genius *g, const xmlNode *issue, struct decimal *low,
                      struct decimal *high, bool *found)
{
    const xmlNode *range = genius_child(issue, "range");
    const xmlNode *at = range != NULL ? range : issue;
    bool has_low, has_high;
    if (!genius_number(g, at, "lowerbound", low, &has_low) ||
        !genius_number(g, at, "upperbound", high, &has_high)) {
        return false;
    }
    *found = has_low && has_high;
    return true;
}

static bool read_options(const struct genius *g, const xmlNode *node, struct domain_issue *issue)
{
    uint32_t n = 0;
    for (const xmlNode *i = genius_child(node, "item"); i != NULL; i = genius_next(i, "item")) {
        if (n == DOMAIN_OPTIONS_MAX) {
            (void)err_set(g->r->err, ERR_LIMIT, "the issue %s has more than %u options",
                          reading_quote(g->r, issue->name), DOMAIN_OPTIONS_MAX);
            return genius_at(g, i);
        }
        n++;
    }
    issue->kind = DOMAIN_DISCRETE;
    issue->options = ARENA_NEW(g->r->mem, struct text, n);
    if (issue->options == NULL) {
        return reading_no_memory(g->r);
    }
    for (const xmlNode *i = genius_child(node, "item"); i != NULL; i = genius_next(i, "item")) {
        struct text value;
        if (!genius_text(g, i, "value", &value)) {
            return false;
        }
        if (value.n == 0) {
            return genius_refuse(g, i, "an option of the issue %s has no value",
                                 reading_quote(g->r, issue->name)) ||
                   err_mend(g->r->err, "write <item index=\"1\" value=\"...\">");
        }
        issue->options[issue->value_count++] = value;
    }
    return true;
}

static bool read_issue(const struct genius *g, const xmlNode *node, struct domain_issue *issue)
{
    struct text type;
    if (!genius_text(g, node, "name", &issue->name) || !type_of(g, node, &type)) {
        return false;
    }
    if (issue->name.n == 0) {
        return genius_refuse(g, node, "an issue has no name") ||
               err_mend(g->r->err, "add name=\"...\"");
    }
    if (text_is(type, "discrete")) {
        return read_options(g, node, issue);
    }
    struct decimal low, high;
    bool found;
    bool whole = text_is(type, "integer");
    if (!whole && !text_is(type, "real") && !text_is(type, "price")) {
        return genius_refuse(g, node, "the issue %s has the unknown type %s",
                             reading_quote(g->r, issue->name), reading_quote(g->r, type)) ||
               err_mend(g->r->err, "GENIUS knows discrete, integer and real");
    }
    if (!bounds_of(g, node, &low, &high, &found)) {
        return false;
    }
    if (!found) {
        return genius_refuse(g, node, "the issue %s has no bounds",
                             reading_quote(g->r, issue->name)) ||
               err_mend(g->r->err, "add lowerbound=\"...\" upperbound=\"...\"");
    }
    return (whole ? reading_integer_range(issue, low, high, g->r->err)
                  : reading_real_range(issue, low, high, reading_decimals(low, high), g->r->err)) ||
           genius_at(g, node);
}

static bool index_of(const struct genius *g, const xmlNode *node, int64_t *out)
{
    struct decimal d;
    bool found, exact;
    if (!genius_number(g, node, "index", &d, &found)) {
        return false;
    }
    if (!found || !decimal_fixed(d, 0, out, &exact) || !exact) {
        *out = INT64_MIN;
    }
    return true;
}

static bool read_domain(const struct genius *g, struct domain *out, int64_t **out_index)
{
    struct issue_list list = {0};
    const xmlNode *root = xmlDocGetRootElement(g->src->xml->doc);
    if (!list_issues(g, root, &list)) {
        return false;
    }
    struct domain d = {.issues = ARENA_NEW(g->r->mem, struct domain_issue, list.count)};
    int64_t *index = ARENA_NEW(g->r->mem, int64_t, list.count);
    if (d.issues == NULL || index == NULL) {
        return reading_no_memory(g->r);
    }
    for (; d.issue_count < list.count; d.issue_count++) {
        const xmlNode *node = list.nodes[d.issue_count];
        if (!read_issue(g, node, &d.issues[d.issue_count]) ||
            !index_of(g, node, &index[d.issue_count])) {
            return false;
        }
    }
    if (!domain_check(&d, g->r->err)) {
        return err_at(g->r->err, "%s", g->src->file->name);
    }
    *out = d;
    *out_index = index;
    return true;
}

/* Profiles */

struct profile {
    struct genius g;
    const xmlNode *root;
    const xmlNode *issues[DOMAIN_ISSUES_MAX]; /* of the profile, by the domain's place, or NULL */
    int64_t index[DOMAIN_ISSUES_MAX];         /* the profile's own numbers */
    struct decimal weights[DOMAIN_ISSUES_MAX];
    struct decimal sum;
    bool weighed[DOMAIN_ISSUES_MAX], any_weight;
    struct draft dr;
};

/* By name first, for numbers may differ; then by number. */
static bool match_issues(struct profile *p)
{
    const struct genius *g = &p->g;
    struct issue_list list = {0};
    if (!list_issues(g, p->root, &list)) {
        return false;
    }
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        p->index[i] = g->index[i];
    }
    for (uint32_t k = 0; k < list.count; k++) {
        struct text name;
        int64_t index;
        if (!genius_text(g, list.nodes[k], "name", &name) || !index_of(g, list.nodes[k], &index)) {
            return false;
        }
        uint32_t at = domain_find(g->d, name);
        for (uint32_t i = 0; at == UINT32_MAX && i < g->d->issue_count; i++) {
            if (index != INT64_MIN && g->index[i] == index && p->issues[i] == NULL) {
                at = i;
                reading_note(g->r, "%s: the issue %s is called %s here", g->src->file->name,
                             reading_quote(g->r, g->d->issues[i].name), reading_quote(g->r, name));
            }
        }
        if (at == UINT32_MAX) {
            reading_note(g->r, "%s: the issue %s is not in the domain and is left aside",
                         g->src->file->name, reading_quote(g->r, name));
            continue;
        }
        p->issues[at] = list.nodes[k];
        p->index[at] = index;
    }
    return true;
}

/* <weight index value> beside the issues, wherever objectives nest. */
static bool read_weights(struct profile *p, const xmlNode *node)
{
    const struct genius *g = &p->g;
    for (const xmlNode *n = node->children; n != NULL; n = n->next) {
        if (genius_is(n, "objective") || genius_is(n, "utility_space")) {
            if (!read_weights(p, n)) {
                return false;
            }
        }
        if (!genius_is(n, "weight")) {
            continue;
        }
        int64_t index;
        struct decimal value;
        bool found;
        if (!genius_whole(g, n, "index", &index) || !genius_number(g, n, "value", &value, &found)) {
            return false;
        }
        for (uint32_t i = 0; found && i < g->d->issue_count; i++) {
            if (p->index[i] == index) {
                p->weights[i] = value;
                p->weighed[i] = true;
                p->any_weight = true;
            }
        }
    }
    return true;
}

static bool sum_weights(struct profile *p)
{
    const struct genius *g = &p->g;
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        if (!p->any_weight) {
            p->weights[i] = decimal_of(1, 0);
        } else if (!p->weighed[i]) {
            reading_note(g->r, "%s: the issue %s has no weight and counts as 0", g->src->file->name,
                         reading_quote(g->r, g->d->issues[i].name));
        }
        if (p->weights[i].units < 0 || !decimal_add(p->sum, p->weights[i], &p->sum)) {
            return genius_refuse(g, p->root, "the weight of the issue %s is negative or too large",
                                 reading_quote(g->r, g->d->issues[i].name)) ||
                   err_mend(g->r->err, "weights are not below 0, and sum to 1");
        }
    }
    if (!p->any_weight) {
        reading_note(g->r, "%s: there are no weights; all issues weigh the same",
                     g->src->file->name);
    }
    if (p->sum.units == 0) {
        return genius_refuse(g, p->root, "all weights are 0") ||
               err_mend(g->r->err, "give the issues weights that sum to 1");
    }
    return true;
}

static bool read_discrete(struct profile *p, uint32_t at)
{
    const struct genius *g = &p->g;
    const struct domain_issue *issue = &g->d->issues[at];
    struct draft_part *part = &p->dr.parts[at];
    bool *seen = ARENA_NEW(g->r->mem, bool, issue->value_count);
    struct decimal highest = {0};
    uint32_t guess = 0;
    if (seen == NULL) {
        return reading_no_memory(g->r);
    }
    for (const xmlNode *n = genius_child(p->issues[at], "item"); n != NULL;
         n = genius_next(n, "item"), guess++) {
        struct text value;
        struct decimal evaluation;
        bool found;
        uint32_t place;
        if (!genius_text(g, n, "value", &value) ||
            !genius_number(g, n, "evaluation", &evaluation, &found)) {
            return false;
        }
        if (!found) {
            continue;
        }
        if (decimal_cmp(evaluation, highest) > 0) {
            highest = evaluation;
        }
        if (!reading_place(issue, guess, value, &place)) {
            reading_note(g->r,
                         "%s, line %ld: %s is no value of the issue %s and only sets its scale",
                         g->src->file->name, xmlGetLineNo(n) + g->src->xml->skipped_lines,
                         reading_quote(g->r, value), reading_quote(g->r, issue->name));
            continue;
        }
        part->values[place] = evaluation;
        seen[place] = true;
    }
    reading_note_unseen(g->r, g->src->file->name, issue, seen);
    if (highest.units > 0) {
        ratio_over(&part->weight, highest);
    }
    return true;
}

static struct decimal clamp(struct decimal v)
{
    struct decimal one = decimal_of(1, 0);
    return v.units < 0 ? (struct decimal){0} : decimal_cmp(v, one) > 0 ? one : v;
}

/* slope * x + offset; names of both as newer and older files have them. */
struct line {
    struct decimal slope, offset;
    bool found,
        on_value; /* of older files: x is the value, not its distance from the lower bound */
};

static bool line_of(const struct genius *g, const xmlNode *issue, struct line *out)
{
    const xmlNode *e = genius_child(issue, "evaluator");
    bool has_slope, has_offset, has_1, has_0;
    struct decimal p1 = {0}, p0 = {0};
    *out = (struct line){0};
    if (e == NULL) {
        return true;
    }
    if (!genius_number(g, e, "slope", &out->slope, &has_slope) ||
        !genius_number(g, e, "offset", &out->offset, &has_offset) ||
        !genius_number(g, e, "parameter1", &p1, &has_1) ||
        !genius_number(g, e, "parameter0", &p0, &has_0)) {
        return false;
    }
    if (!has_slope && !has_offset) {
        out->slope = p1;
        out->offset = p0;
        out->on_value = true;
    }
    out->found = has_slope || has_offset || has_1 || has_0;
    return true;
}

static bool on_line(const struct line *l, struct decimal x, struct decimal *out)
{
    return decimal_mul(l->slope, x, out) && decimal_add(*out, l->offset, out);
}

static bool too_large(const struct genius *g, const xmlNode *node)
{
    return genius_refuse(g, node, "an evaluator's numbers are too large") ||
           err_mend(g->r->err, "evaluations lie between 0 and 1");
}

static bool read_integer(struct profile *p, uint32_t at)
{
    const struct genius *g = &p->g;
    const struct domain_issue *issue = &g->d->issues[at];
    struct decimal low, high;
    struct line l;
    bool found;
    if (!line_of(g, p->issues[at], &l) || !bounds_of(g, p->issues[at], &low, &high, &found)) {
        return false;
    }
    if (!l.found) {
        reading_note(g->r, "%s: the issue %s has no evaluator and counts as 0", g->src->file->name,
                     reading_quote(g->r, issue->name));
    }
    if (!found || l.on_value) {
        low = l.on_value ? (struct decimal){0} : decimal_of(issue->low, 0);
    }
    for (uint32_t k = 0; k < issue->value_count; k++) {
        struct decimal x;
        if (!decimal_add(decimal_of(issue->low + k, 0), decimal_neg(low), &x) ||
            !on_line(&l, x, &x)) {
            return too_large(g, p->issues[at]);
        }
        p->dr.parts[at].values[k] = clamp(x);
    }
    return true;
}

/* Where the line meets a level, between the issue's bounds. */
static void add_bend(const struct line *l, struct decimal at_level,
                     const struct domain_issue *issue, struct draft_knot *points, uint32_t *count,
                     struct draft_part *part)
{
    struct decimal rise;
    int64_t at;
    bool exact;
    if (l->slope.units == 0 || !decimal_add(at_level, decimal_neg(l->offset), &rise) ||
        !decimal_over(rise, l->slope, issue->decimals, &at, &exact) || at <= issue->low ||
        at >= issue->high) {
        return;
    }
    part->bent = part->bent || !exact;
    points[(*count)++] = (struct draft_knot){.at = at, .value = at_level};
}

static bool read_line(struct profile *p, uint32_t at, const struct line *l)
{
    const struct genius *g = &p->g;
    const struct domain_issue *issue = &g->d->issues[at];
    struct draft_part *part = &p->dr.parts[at];
    struct draft_knot points[4];
    uint32_t n = 0;
    struct decimal first, last, zero = {0}, one = decimal_of(1, 0);
    int down = -(int)issue->decimals;
    if (!on_line(l, decimal_of(issue->low, down), &first) ||
        !on_line(l, decimal_of(issue->high, down), &last)) {
        return too_large(g, p->issues[at]);
    }
    points[n++] = (struct draft_knot){.at = issue->low, .value = clamp(first)};
    add_bend(l, l->slope.units > 0 ? zero : one, issue, points, &n, part);
    add_bend(l, l->slope.units > 0 ? one : zero, issue, points, &n, part);
    points[n++] = (struct draft_knot){.at = issue->high, .value = clamp(last)};
    return reading_knots(issue, points, n, part, g->r->mem, g->r->err);
}

/* Up to a top and down again, 0 outside. */
static bool read_triangle(struct profile *p, uint32_t at, const xmlNode *e)
{
    static const char *const names[] = {"parameter0", "parameter1", "parameter2", "parameter3"};
    static const size_t order[] = {0, 2, 1}; /* lower bound, top, upper bound */
    const struct genius *g = &p->g;
    const struct domain_issue *issue = &g->d->issues[at];
    struct decimal v[4] = {[3] = decimal_of(1, 0)};
    struct draft_knot points[3] = {0};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct decimal d;
        bool found;
        if (!genius_number(g, e, names[i], &d, &found)) {
            return false;
        }
        if (!found && i < 3) {
            return genius_refuse(g, e, "a triangular evaluator has no %s", names[i]) ||
                   err_mend(g->r->err, "give lower bound, upper bound and top as parameter0, 1, 2");
        }
        if (found) {
            v[i] = d;
        }
    }
    for (size_t i = 0; i < 3; i++) {
        bool exact;
        if (!decimal_fixed(v[order[i]], issue->decimals, &points[i].at, &exact) ||
            (i > 0 && points[i].at < points[i - 1].at)) {
            return genius_refuse(g, e, "a triangular evaluator's bounds and top do not ascend") ||
                   err_mend(g->r->err, "parameter0 <= parameter2 <= parameter1");
        }
        p->dr.parts[at].bent = p->dr.parts[at].bent || !exact;
    }
    points[1].value = v[3];
    return reading_knots(issue, points, 3, &p->dr.parts[at], g->r->mem, g->r->err);
}

static bool read_real(struct profile *p, uint32_t at)
{
    const struct genius *g = &p->g;
    const xmlNode *e = genius_child(p->issues[at], "evaluator");
    struct text shape = {0};
    struct line l;
    if (e == NULL) {
        reading_note(g->r, "%s: the issue %s has no evaluator and counts as 0", g->src->file->name,
                     reading_quote(g->r, g->d->issues[at].name));
        return true;
    }
    if (!genius_text(g, e, "ftype", &shape) || !line_of(g, p->issues[at], &l)) {
        return false;
    }
    if (text_is(shape, "triangular") || text_is(shape, "triangular_variable_top")) {
        return read_triangle(p, at, e);
    }
    if (text_is(shape, "constant")) {
        l.slope = (struct decimal){0};
    } else if (shape.n > 0 && !text_is(shape, "linear")) {
        return genius_refuse(g, e, "the evaluator %s is not known", reading_quote(g->r, shape)) ||
               err_mend(g->r->err, "linear, constant and triangular are");
    }
    return read_line(p, at, &l);
}

/* A seller's price of the oldest files: with the factor rf, utility = rf * profit / most profit
 * + (1 - rf) * the rest, profit = price - costs of the options - lower bound.  GENIUS keeps the share
 * of profit within 0 and 1; here it runs on, for else it would not be additive. */
static bool read_price(struct profile *p, uint32_t at, const xmlNode *factor)
{
    const struct genius *g = &p->g;
    const struct domain_issue *issue = &g->d->issues[at];
    struct decimal rf, low, high, margin, most_cost = {0}, rest;
    bool found, bounds;
    if (!genius_number(g, factor, "value", &rf, &found) ||
        !bounds_of(g, p->issues[at], &low, &high, &bounds)) {
        return false;
    }
    if (!found || !bounds || issue->kind != DOMAIN_REAL) {
        return genius_refuse(g, factor, "a price has no factor, no range, or is not real") ||
               err_mend(g->r->err, "write <range lowerbound upperbound> and "
                                   "<rationality_factor value>");
    }
    /* The costs: of each option, and the dearest of each issue together. */
    struct decimal *costs[DOMAIN_ISSUES_MAX] = {0};
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        const struct domain_issue *other = &g->d->issues[i];
        struct decimal dearest = {0};
        if (other->kind != DOMAIN_DISCRETE || p->issues[i] == NULL) {
            continue;
        }
        costs[i] = ARENA_NEW(g->r->mem, struct decimal, other->value_count);
        if (costs[i] == NULL) {
            return reading_no_memory(g->r);
        }
        uint32_t guess = 0;
        for (const xmlNode *n = genius_child(p->issues[i], "item"); n != NULL;
             n = genius_next(n, "item"), guess++) {
            struct text value;
            struct decimal cost;
            bool has_cost;
            uint32_t place;
            if (!genius_text(g, n, "value", &value) ||
                !genius_number(g, n, "cost", &cost, &has_cost)) {
                return false;
            }
            if (!has_cost || !reading_place(other, guess, value, &place)) {
                continue;
            }
            costs[i][place] = cost;
            dearest = decimal_cmp(cost, dearest) > 0 ? cost : dearest;
        }
        if (!decimal_add(most_cost, dearest, &most_cost)) {
            return too_large(g, factor);
        }
    }
    if (!decimal_add(high, decimal_neg(low), &margin) ||
        !decimal_add(margin, decimal_neg(most_cost), &margin) || margin.units <= 0 ||
        !decimal_add(decimal_of(1, 0), decimal_neg(rf), &rest)) {
        return genius_refuse(g, factor, "a price leaves no profit") ||
               err_mend(g->r->err, "the upper bound lies above the lower bound and all costs");
    }
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        ratio_times(&p->dr.parts[i].weight, rest);
    }
    /* rest * w * e - rf * cost / margin has two weights: terms of one value each take the second. */
    struct term_list terms = {0};
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        for (uint32_t k = 0; costs[i] != NULL && k < g->d->issues[i].value_count; k++) {
            struct domain_limit *limit = ARENA_NEW(g->r->mem, struct domain_limit, 1);
            struct draft_term t = {.value = decimal_neg(costs[i][k])};
            if (limit == NULL) {
                return reading_no_memory(g->r);
            }
            if (costs[i][k].units == 0) {
                continue;
            }
            *limit = (struct domain_limit){.issue = i, .low = k, .high = k};
            t.box = (struct domain_box){.limit_count = 1, .limits = limit};
            ratio_times(&t.weight, rf);
            ratio_over(&t.weight, margin);
            if (!term_list_add(&terms, t, g->r->mem, g->r->err)) {
                return genius_at(g, factor);
            }
        }
    }
    p->dr.terms = terms.terms;
    p->dr.term_count = terms.count;
    struct draft_part *price = &p->dr.parts[at];
    price->weight = (struct ratio){0};
    ratio_times(&price->weight, rf);
    ratio_over(&price->weight, margin);
    for (uint32_t k = 0; k < price->knot_count; k++) {
        struct decimal x = decimal_of(price->knots[k].at, -(int)issue->decimals);
        if (!decimal_add(x, decimal_neg(low), &price->knots[k].value)) {
            return too_large(g, factor);
        }
    }
    reading_note(g->r,
                 "%s: the price %s is a seller's of the oldest GENIUS files; its profit is not "
                 "cut off at 0 and 1",
                 g->src->file->name, reading_quote(g->r, issue->name));
    return true;
}

static bool read_parts(struct profile *p)
{
    const struct genius *g = &p->g;
    const xmlNode *factor = NULL;
    uint32_t price = 0;
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        struct draft_part *part = &p->dr.parts[i];
        if (p->issues[i] == NULL) {
            reading_note(g->r, "%s: the issue %s is left out and counts as 0", g->src->file->name,
                         reading_quote(g->r, g->d->issues[i].name));
            continue;
        }
        ratio_times(&part->weight, p->weights[i]);
        ratio_over(&part->weight, p->sum);
        const xmlNode *f = genius_child(p->issues[i], "rationality_factor");
        if (f != NULL) {
            factor = f;
            price = i;
            continue;
        }
        bool ok = false;
        switch (g->d->issues[i].kind) {
        case DOMAIN_DISCRETE:
            ok = read_discrete(p, i);
            break;
        case DOMAIN_INTEGER:
            ok = read_integer(p, i);
            break;
        case DOMAIN_REAL:
            ok = read_real(p, i);
            break;
        }
        if (!ok) {
            return false;
        }
    }
    return factor == NULL || read_price(p, price, factor);
}

/* <reservation value>, <discount_factor value>, wherever they stand above the issues. */
static bool read_ends(struct profile *p, const xmlNode *node)
{
    const struct genius *g = &p->g;
    for (const xmlNode *n = node->children; n != NULL; n = n->next) {
        bool found;
        struct decimal d;
        if (genius_is(n, "objective") || genius_is(n, "utility_space")) {
            if (!read_ends(p, n)) {
                return false;
            }
        } else if (genius_is(n, "reservation")) {
            if (!genius_number(g, n, "value", &d, &found)) {
                return false;
            }
            p->dr.reservation = found ? d : p->dr.reservation;
        } else if (genius_is(n, "discount_factor")) {
            if (!genius_number(g, n, "value", &d, &found)) {
                return false;
            }
            /* 0 is how GENIUS writes that there is none. */
            p->dr.has_discount = found && d.units != 0;
            p->dr.discount = found ? d : p->dr.discount;
        }
    }
    return true;
}

static const xmlNode *find(const xmlNode *node, const char *element)
{
    for (const xmlNode *n = node->children; n != NULL; n = n->next) {
        if (genius_is(n, element)) {
            return n;
        }
        if (genius_is(n, "objective") || genius_is(n, "utility_space")) {
            const xmlNode *inner = find(n, element);
            if (inner != NULL) {
                return inner;
            }
        }
    }
    return NULL;
}

static bool read_profile(struct scenario_reading *r, const struct source *src, const int64_t *index,
                         struct scenario_party *out)
{
    struct profile *p = ARENA_NEW(r->mem, struct profile, 1);
    if (p == NULL) {
        return reading_no_memory(r);
    }
    p->g = (struct genius){.r = r, .src = src, .d = &r->s.domain, .index = index};
    p->root = xmlDocGetRootElement(src->xml->doc);
    if (!match_issues(p) || !draft_init(&p->dr, p->g.d, r->mem, r->err)) {
        return false;
    }
    p->g.index = p->index;
    const xmlNode *rules = find(p->root, "rules");
    const xmlNode *utility = find(p->root, "utility");
    bool ok = rules != NULL     ? genius_read_rules(&p->g, rules, &p->dr)
              : utility != NULL ? genius_read_rectangles(&p->g, utility, &p->dr)
                                : read_weights(p, p->root) && sum_weights(p) && read_parts(p);
    p->dr.has_reservation = true; /* 0 where the file is silent */
    if (!ok || !read_ends(p, p->root)) {
        return false;
    }
    out->name = reading_stem(r, src->file->name);
    return draft_build(&p->dr, p->g.d, r->mem, &out->utility, r->err) ||
           err_at(r->err, "%s", src->file->name);
}

bool genius_read(struct scenario_reading *r)
{
    size_t at = 0;
    const struct source *src = reading_next(r, SOURCE_GENIUS_DOMAIN, &at);
    if (src != NULL && reading_next(r, SOURCE_GENIUS_DOMAIN, &at) != NULL) {
        return err_set(r->err, ERR_FORMAT, "there are two GENIUS domains") ||
               err_mend(r->err, "give one domain and its profiles") ||
               err_at(r->err, "%s", r->sources[at - 1].file->name);
    }
    if (src == NULL) {
        at = 0;
        src = reading_next(r, SOURCE_GENIUS_PROFILE, &at);
        reading_note(r, "%s: there is no domain file; the issues are those of this profile",
                     src->file->name);
    }
    int64_t *index;
    struct genius g = {.r = r, .src = src};
    if (!read_domain(&g, &r->s.domain, &index) || !reading_parties(r, SOURCE_GENIUS_PROFILE)) {
        return false;
    }
    r->s.format = SCENARIO_GENIUS;
    at = 0;
    for (src = reading_next(r, SOURCE_GENIUS_PROFILE, &at); src != NULL;
         src = reading_next(r, SOURCE_GENIUS_PROFILE, &at)) {
        if (!read_profile(r, src, index, &r->s.parties[r->s.party_count])) {
            return false;
        }
        r->s.party_count++;
    }
    if (r->s.party_count == 0) {
        return err_set(r->err, ERR_FORMAT, "there is a GENIUS domain, but no profile") ||
               err_mend(r->err, "give the folder, or the profiles (<utility_space>) as well");
    }
    return true;
}
