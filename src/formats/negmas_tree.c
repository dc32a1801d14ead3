/* SPDX-License-Identifier: Apache-2.0
 *
 * NegMAS, as YAML or JSON: a domain {issues, name}, a utility function a file.  Linear additive
 * functions are read, as they stand: utility = sum of weight * value, with tables, identity, constant,
 * linear, affine and triangular functions of a value.  A reserved value of -inf, or none, takes any
 * package over no deal.
 */
#include "formats/scenario_priv.h"

/* "a.b.TableFun" is TableFun. */
static struct text last_part(struct text t)
{
    for (size_t i = t.n; i-- > 0;) {
        if (t.p[i] == '.') {
            return (struct text){.p = t.p + i + 1, .n = t.n - i - 1};
        }
    }
    return t;
}

static struct text type_of(const struct yaml_node *node)
{
    static const char *const keys[] = {"type", "__python_class__", "$type"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct yaml_node *n = yaml_get(node, keys[i]);
        if (n != NULL && n->kind == YAML_WORDS) {
            return last_part(n->text);
        }
    }
    return (struct text){0};
}

/* Two numbers of a list; false without an error where it is none. */
static bool read_bounds(const struct yaml_reading *y, const struct yaml_node *values,
                        struct decimal *low, struct decimal *high)
{
    if (values->kind != YAML_LIST || values->count != 2) {
        return yaml_refuse(y, values, "a range is not a list of two numbers") ||
               err_mend(y->err, "write [4, 12]");
    }
    return reading_number(y, values->first, "a bound", low) &&
           reading_number(y, values->last, "a bound", high);
}

static bool read_options(struct scenario_reading *r, const struct yaml_reading *y,
                         const struct yaml_node *values, struct domain_issue *issue)
{
    if (!yaml_list(y, values, "the values of an issue", DOMAIN_OPTIONS_MAX)) {
        return false;
    }
    issue->kind = DOMAIN_DISCRETE;
    issue->options = ARENA_NEW(r->mem, struct text, values->count);
    if (issue->options == NULL) {
        return reading_no_memory(r);
    }
    for (const struct yaml_node *n = values->first; n != NULL; n = n->next) {
        if (!yaml_words(y, n, "a value", &issue->options[issue->value_count])) {
            return false;
        }
        issue->value_count++;
    }
    return true;
}

static bool read_issue(struct scenario_reading *r, const struct yaml_reading *y,
                       const struct yaml_node *node, struct domain_issue *issue)
{
    const struct yaml_node *name = yaml_get(node, "name"), *values = yaml_get(node, "values");
    struct text type = type_of(node);
    struct decimal low, high;
    if (name == NULL || values == NULL) {
        return yaml_refuse(y, node, "an issue has no name or no values") ||
               err_mend(r->err, "write name, type and values");
    }
    if (!yaml_words(y, name, "the name of an issue", &issue->name)) {
        return false;
    }
    if (text_is(type, "ContinuousIssue")) {
        return read_bounds(y, values, &low, &high) &&
               (reading_real_range(issue, low, high, reading_decimals(low, high), r->err) ||
                yaml_at(values, y->name, r->err));
    }
    if (text_is(type, "ContiguousIssue") && values->kind == YAML_LIST) {
        return read_bounds(y, values, &low, &high) &&
               (reading_integer_range(issue, low, high, r->err) ||
                yaml_at(values, y->name, r->err));
    }
    if (values->kind == YAML_WORDS) { /* 10: the numbers 0 to 9 */
        return reading_number(y, values, "the count of values", &high) &&
               ((decimal_add(high, decimal_of(-1, 0), &high) &&
                 reading_integer_range(issue, decimal_of(0, 0), high, r->err)) ||
                yaml_at(values, y->name, r->err));
    }
    return read_options(r, y, values, issue);
}

static bool read_domain(struct scenario_reading *r, const struct source *src)
{
    struct yaml_reading y = reading_of(r, src);
    struct domain *d = &r->s.domain;
    const struct yaml_node *issues = yaml_get(src->root, "issues");
    const struct yaml_node *name = yaml_get(src->root, "name");
    if (!yaml_list(&y, issues, "issues", DOMAIN_ISSUES_MAX)) {
        return false;
    }
    d->issues = ARENA_NEW(r->mem, struct domain_issue, issues->count);
    if (d->issues == NULL) {
        return reading_no_memory(r);
    }
    for (const struct yaml_node *n = issues->first; n != NULL; n = n->next) {
        if (!read_issue(r, &y, n, &d->issues[d->issue_count])) {
            return false;
        }
        d->issue_count++;
    }
    if (name != NULL && name->kind == YAML_WORDS) {
        r->s.name = name->text;
    }
    return domain_check(d, r->err) || err_at(r->err, "%s", y.name);
}

/* ---- functions of a value ---- */

struct function {
    struct scenario_reading *r;
    struct yaml_reading y;
    const struct yaml_node *node;
    const struct domain_issue *issue;
    struct draft_part *part;
};

/* A number of a function; `absent` where it is left out. */
static bool parameter(const struct function *f, const char *key, struct decimal absent,
                      struct decimal *out)
{
    const struct yaml_node *n = yaml_get(f->node, key);
    *out = absent;
    return n == NULL || reading_number(&f->y, n, key, out);
}

static bool value_number(const struct domain_issue *issue, uint32_t at, struct decimal *out)
{
    if (issue->kind == DOMAIN_INTEGER) {
        *out = decimal_of(issue->low + at, 0);
        return true;
    }
    return decimal_parse(issue->options[at], out);
}

static bool read_line(const struct function *f, struct decimal slope, struct decimal bias)
{
    uint32_t n = f->issue->kind == DOMAIN_REAL ? f->part->knot_count : f->issue->value_count;
    for (uint32_t i = 0; i < n; i++) {
        bool real = f->issue->kind == DOMAIN_REAL;
        struct decimal x;
        if (real) {
            x = decimal_of(f->part->knots[i].at, -(int)f->issue->decimals);
        } else if (!value_number(f->issue, i, &x) && slope.units != 0) {
            return yaml_refuse(
                       &f->y, f->node,
                       "a function of numbers stands over the issue %s, whose value %s is none",
                       reading_quote(f->r, f->issue->name),
                       reading_quote(f->r, f->issue->options[i])) ||
                   err_mend(f->y.err, "use a TableFun for named values");
        }
        struct decimal *to = real ? &f->part->knots[i].value : &f->part->values[i];
        if (slope.units == 0) {
            *to = bias;
        } else if (!decimal_mul(slope, x, &x) || !decimal_add(x, bias, to)) {
            return yaml_refuse(&f->y, f->node, "the numbers of a function are too large");
        }
    }
    return true;
}

/* 0 (bias) at start, up to scale at the middle, down to the end. */
static bool read_triangle(const struct function *f)
{
    static const char *const keys[] = {"start", "middle", "end"};
    struct decimal at, bias, scale, top;
    struct draft_knot points[3];
    if (f->issue->kind != DOMAIN_REAL) {
        return yaml_refuse(&f->y, f->node,
                           "a TriangularFun stands over the issue %s, which is not "
                           "continuous",
                           reading_quote(f->r, f->issue->name)) ||
               err_mend(f->y.err, "use a TableFun");
    }
    if (!parameter(f, "bias", (struct decimal){0}, &bias) ||
        !parameter(f, "scale", decimal_of(1, 0), &scale) || !decimal_add(bias, scale, &top)) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct yaml_node *n = yaml_get(f->node, keys[i]);
        bool exact;
        if (n == NULL || !reading_number(&f->y, n, keys[i], &at)) {
            return n != NULL || yaml_refuse(&f->y, f->node, "a TriangularFun has no %s", keys[i]);
        }
        if (!decimal_fixed(at, f->issue->decimals, &points[i].at, &exact) ||
            (i > 0 && points[i].at < points[i - 1].at)) {
            return yaml_refuse(&f->y, n, "start, middle and end do not ascend");
        }
        f->part->bent = f->part->bent || !exact;
        points[i].value = i == 1 ? top : bias;
    }
    return reading_knots(f->issue, points, 3, f->part, f->r->mem, f->r->err);
}

static bool read_table(const struct function *f)
{
    const struct yaml_node *mapping = yaml_get(f->node, "mapping");
    mapping = mapping == NULL ? f->node : mapping;
    bool *seen = ARENA_NEW(f->r->mem, bool, f->issue->value_count);
    if (seen == NULL) {
        return reading_no_memory(f->r);
    }
    if (f->issue->kind == DOMAIN_REAL) {
        return yaml_refuse(&f->y, f->node, "a TableFun stands over the continuous issue %s",
                           reading_quote(f->r, f->issue->name)) ||
               err_mend(f->y.err, "use a LinearFun, AffineFun or TriangularFun");
    }
    if (!reading_values(f->r, &f->y, mapping, f->issue, f->part->values, seen)) {
        return false;
    }
    reading_note_unseen(f->r, f->y.name, f->issue, seen);
    return true;
}

static bool read_function(const struct function *f)
{
    struct text type = type_of(f->node);
    struct decimal slope, bias, zero = {0};
    if (text_is(type, "TableFun") || type.n == 0) {
        return read_table(f);
    }
    if (text_is(type, "IdentityFun")) {
        return read_line(f, decimal_of(1, 0), zero);
    }
    if (text_is(type, "TriangularFun")) {
        return read_triangle(f);
    }
    if (text_is(type, "ConstFun")) {
        const struct yaml_node *value = yaml_get(f->node, "value");
        return parameter(f, value != NULL ? "value" : "bias", zero, &bias) &&
               read_line(f, zero, bias);
    }
    if (text_is(type, "LinearFun") || text_is(type, "AffineFun")) {
        return parameter(f, "slope", zero, &slope) && parameter(f, "bias", zero, &bias) &&
               read_line(f, slope, bias);
    }
    return yaml_refuse(&f->y, f->node, "the function %s is not known", reading_quote(f->r, type)) ||
           err_mend(f->y.err, "TableFun, IdentityFun, ConstFun, LinearFun, AffineFun and "
                              "TriangularFun are");
}

/* ---- profiles ---- */

/* The at-th of a list, or what a map has for the issue; NULL. */
static const struct yaml_node *item_of(const struct scenario_reading *r,
                                       const struct yaml_node *node, uint32_t at)
{
    if (node == NULL || node->kind == YAML_WORDS) {
        return NULL;
    }
    if (node->kind == YAML_MAP) {
        const char *key = arena_str(r->mem, text_bytes(r->s.domain.issues[at].name));
        return key == NULL ? NULL : yaml_get(node, key);
    }
    const struct yaml_node *n = node->first;
    for (uint32_t i = 0; n != NULL && i < at; i++) {
        n = n->next;
    }
    return n;
}

/* Words for no number that say "less than anything". */
static bool is_minus_infinity(struct text t)
{
    return text_is(t, "-.inf") || text_is(t, "-Infinity") || text_is(t, "-inf") ||
           text_is(t, "-.Inf") || text_is(t, "null") || text_is(t, "~") || t.n == 0;
}

static bool read_reserved(const struct yaml_reading *y, const struct source *src, struct draft *dr)
{
    const struct yaml_node *n = yaml_get(src->root, "reserved_value");
    dr->has_reservation = false;
    if (n == NULL || (n->kind == YAML_WORDS && is_minus_infinity(n->text))) {
        return true;
    }
    dr->has_reservation = true;
    return reading_number(y, n, "the reserved value", &dr->reservation);
}

static bool read_parts(struct scenario_reading *r, const struct yaml_reading *y,
                       const struct source *src, bool additive, struct draft *dr)
{
    const struct yaml_node *weights = yaml_get(src->root, "weights");
    const struct yaml_node *values = yaml_get(src->root, "values");
    for (uint32_t i = 0; i < r->s.domain.issue_count; i++) {
        const struct yaml_node *weight = item_of(r, weights, i), *value = item_of(r, values, i);
        struct decimal w = decimal_of(1, 0);
        struct function f = {
            .r = r, .y = *y, .node = value, .issue = &r->s.domain.issues[i], .part = &dr->parts[i]};
        if (additive && value == NULL) {
            return yaml_refuse(y, src->root, "there is no function for the issue %s",
                               reading_quote(r, f.issue->name)) ||
                   err_mend(y->err, "values has one for each issue of the domain, in its order");
        }
        if (weight != NULL && !reading_number(y, weight, "a weight", &w)) {
            return false;
        }
        ratio_times(&dr->parts[i].weight, w);
        f.node = additive ? value : src->root;
        if (!(additive ? read_function(&f)
                       : read_line(&f, decimal_of(1, 0), (struct decimal){0}))) {
            return false;
        }
    }
    return true;
}

/* A constant beside the issues: a term over all packages. */
static bool read_bias(struct scenario_reading *r, const struct yaml_reading *y,
                      const struct source *src, struct draft *dr)
{
    const struct yaml_node *bias = yaml_get(src->root, "bias");
    struct decimal b;
    if (bias == NULL) {
        return true;
    }
    if (!reading_number(y, bias, "bias", &b)) {
        return false;
    }
    if (b.units == 0) {
        return true;
    }
    dr->terms = ARENA_NEW(r->mem, struct draft_term, 1);
    if (dr->terms == NULL) {
        return reading_no_memory(r);
    }
    dr->terms[0].value = b;
    dr->term_count = 1;
    return true;
}

static bool read_profile(struct scenario_reading *r, const struct source *src,
                         struct scenario_party *out)
{
    struct yaml_reading y = reading_of(r, src);
    struct text type = type_of(src->root);
    const struct yaml_node *name = yaml_get(src->root, "name");
    bool additive = type.n == 0 || text_is(type, "LinearAdditiveUtilityFunction");
    struct draft dr;
    if (!additive && !text_is(type, "LinearUtilityFunction") &&
        !text_is(type, "AffineUtilityFunction")) {
        return yaml_refuse(&y, src->root, "the utility function %s is not read",
                           reading_quote(r, type)) ||
               err_mend(r->err, "LinearAdditiveUtilityFunction, LinearUtilityFunction and "
                                "AffineUtilityFunction are");
    }
    if (!draft_init(&dr, &r->s.domain, r->mem, r->err) || !read_parts(r, &y, src, additive, &dr) ||
        !read_bias(r, &y, src, &dr) || !read_reserved(&y, src, &dr)) {
        return false;
    }
    out->name = name != NULL && name->kind == YAML_WORDS && name->text.n > 0
                    ? name->text
                    : reading_stem(r, src->file->name);
    return draft_build(&dr, &r->s.domain, r->mem, &out->utility, r->err) ||
           err_at(r->err, "%s", y.name);
}

bool negmas_read(struct scenario_reading *r)
{
    size_t at = 0;
    const struct source *src = reading_next(r, SOURCE_NEGMAS_DOMAIN, &at);
    if (src == NULL) {
        return err_set(r->err, ERR_FORMAT, "there are NegMAS utility functions, but no domain") ||
               err_mend(r->err, "give the file with the issues as well") ||
               err_at(r->err, "%s", r->sources[0].file->name);
    }
    r->s.format = src->json ? SCENARIO_NEGMAS_JSON : SCENARIO_NEGMAS_YAML;
    if (!read_domain(r, src) || !reading_parties(r, SOURCE_NEGMAS_PROFILE)) {
        return false;
    }
    at = 0;
    for (src = reading_next(r, SOURCE_NEGMAS_PROFILE, &at); src != NULL;
         src = reading_next(r, SOURCE_NEGMAS_PROFILE, &at)) {
        if (!read_profile(r, src, &r->s.parties[r->s.party_count])) {
            return false;
        }
        r->s.party_count++;
    }
    if (r->s.party_count == 0) {
        return err_set(r->err, ERR_FORMAT, "there is a NegMAS domain, but no utility function") ||
               err_mend(r->err, "give the folder, or the functions' files as well");
    }
    return true;
}
