/* SPDX-License-Identifier: Apache-2.0
 *
 * The two kinds of GENIUS profiles that are not additive.
 *
 * Rectangles: the sum of the utilities of those that a package is in, over maxutility, 1 at most.
 *
 * Rules: each issue gives rank / highest rank / number of issues, unless one of its constraints
 * silences it; some constraints make the whole package worth 0.  An issue is silenced by a term that
 * takes its worth away; its terms are kept apart from each other, so that it is taken once.
 */
#include "base/fixed.h"
#include "formats/genius_priv.h"

/* Values of one issue, as a list of flags. */
struct value_set {
    uint32_t issue;
    bool *in;
};

#define SETS_MAX 16u
#define PIECES_MAX 4096u

static bool no_memory(const struct genius *g)
{
    return reading_no_memory(g->r);
}

/* ---- rectangles ---- */

struct rectangles {
    struct term_list terms;
    struct decimal highest; /* sum of what is not negative */
    bool too_large;
};

static bool add_term(const struct genius *g, const xmlNode *node, struct rectangles *out,
                     struct domain_box box, const struct ratio *weight, struct decimal value)
{
    struct draft_term t = {.box = box, .weight = *weight, .value = value};
    return term_list_add(&out->terms, t, g->r->mem, g->r->err) || genius_at(g, node);
}

static uint32_t count_of(const xmlNode *node, const char *element)
{
    uint32_t n = 0;
    for (const xmlNode *i = genius_child(node, element); i != NULL && n <= DOMAIN_ISSUES_MAX;
         i = genius_next(i, element)) {
        n++;
    }
    return n;
}

/* The limits of a rectangle; *out_empty where no package is within. */
static bool read_limits(const struct genius *g, const xmlNode *rectangle, const char *element,
                        struct domain_box *out, bool *out_empty)
{
    int64_t low[DOMAIN_ISSUES_MAX], high[DOMAIN_ISSUES_MAX];
    bool named[DOMAIN_ISSUES_MAX] = {0};
    uint32_t n = 0;
    *out_empty = false;
    for (const xmlNode *i = genius_child(rectangle, element); i != NULL;
         i = genius_next(i, element)) {
        uint32_t at;
        int64_t a, b;
        if (!genius_issue_at(g, i, &at) || !genius_whole(g, i, "min", &a) ||
            !genius_whole(g, i, "max", &b)) {
            return false;
        }
        const struct domain_issue *issue = &g->d->issues[at];
        if (issue->kind != DOMAIN_INTEGER) {
            return genius_refuse(g, i,
                                 "a rectangle bounds the issue %s, which has no whole numbers",
                                 reading_quote(g->r, issue->name)) ||
                   err_mend(g->r->err, "rectangles stand over integer issues");
        }
        a = (a < issue->low ? issue->low : a) - issue->low;
        b = (b > issue->high ? issue->high : b) - issue->low;
        low[at] = named[at] && low[at] > a ? low[at] : a;
        high[at] = named[at] && high[at] < b ? high[at] : b;
        n += !named[at];
        named[at] = true;
        *out_empty = *out_empty || low[at] > high[at];
    }
    struct domain_limit *limits = ARENA_NEW(g->r->mem, struct domain_limit, n);
    if (limits == NULL) {
        return no_memory(g);
    }
    *out = (struct domain_box){.limits = limits};
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        if (named[i]) {
            limits[out->limit_count++] = (struct domain_limit){
                .issue = i, .low = low[i], .high = high[i]};
        }
    }
    return true;
}

static bool read_rectangle(const struct genius *g, const xmlNode *node, const struct ratio *weight,
                           struct rectangles *out)
{
    struct decimal value, factor;
    struct domain_box box = {0};
    bool has_value, has_factor, empty = false;
    bool outside = genius_child(node, "EXCLUDES") != NULL;
    struct ratio w = *weight;
    if (!genius_number(g, node, "utility", &value, &has_value) ||
        !genius_number(g, node, "weight", &factor, &has_factor) ||
        !read_limits(g, node, outside ? "EXCLUDES" : "INCLUDES", &box, &empty)) {
        return false;
    }
    if (!has_value) {
        return genius_refuse(g, node, "a rectangle has no utility") ||
               err_mend(g->r->err, "write <hyperRectangle utility=\"...\">");
    }
    if (has_factor && !decimal_mul(value, factor, &value)) {
        return genius_refuse(g, node, "a rectangle's utility is too large");
    }
    if (value.units > 0) {
        out->too_large = !decimal_add(out->highest, value, &out->highest) || out->too_large;
    }
    if (outside) { /* all, less what is within */
        const struct domain_box all = {0};
        return add_term(g, node, out, all, &w, value) &&
               (empty || add_term(g, node, out, box, &w, decimal_neg(value)));
    }
    return empty || add_term(g, node, out, box, &w, value);
}

static bool read_function(const struct genius *g, const xmlNode *node, const struct ratio *outer,
                          unsigned depth, struct rectangles *out)
{
    struct text aggregation;
    struct decimal weight;
    struct ratio w = *outer;
    bool found;
    if (!genius_text(g, node, "aggregation", &aggregation) ||
        !genius_number(g, node, "weight", &weight, &found)) {
        return false;
    }
    if (aggregation.n > 0 && !text_is(aggregation, "sum")) {
        return genius_refuse(g, node, "the aggregation %s is not known",
                             reading_quote(g->r, aggregation)) ||
               err_mend(g->r->err, "sum is");
    }
    if (depth == RATIO_FACTORS_MAX - 1) {
        return genius_refuse(g, node, "utility functions are nested too deep");
    }
    if (found) {
        if (decimal_cmp(weight, decimal_of(1, 0)) != 0) {
            out->too_large = true; /* what the sum reaches is not known: the cap stays */
        }
        ratio_times(&w, weight);
    }
    for (const xmlNode *n = node->children; n != NULL; n = n->next) {
        if (genius_is(n, "hyperRectangle") && !read_rectangle(g, n, &w, out)) {
            return false;
        }
        if (genius_is(n, "ufun") && !read_function(g, n, &w, depth + 1, out)) {
            return false;
        }
    }
    return true;
}

bool genius_read_rectangles(const struct genius *g, const xmlNode *utility, struct draft *dr)
{
    struct rectangles out = {0};
    struct decimal most;
    struct ratio w = {0};
    bool found;
    if (!genius_number(g, utility, "maxutility", &most, &found)) {
        return false;
    }
    if (!found || most.units <= 0) {
        return genius_refuse(g, utility, "maxutility is missing, or not above 0") ||
               err_mend(g->r->err, "write <utility maxutility=\"...\">");
    }
    ratio_over(&w, most);
    const xmlNode *function = genius_child(utility, "ufun");
    if (function == NULL) {
        return genius_refuse(g, utility, "there is no <ufun> in <utility>");
    }
    if (!read_function(g, function, &w, 0, &out)) {
        return false;
    }
    dr->terms = out.terms.terms;
    dr->term_count = out.terms.count;
    dr->capped = out.too_large || decimal_cmp(out.highest, most) > 0;
    dr->cap = decimal_of(1, 0);
    return true;
}

/* ---- sets of values, boxes of them ---- */

static bool new_set(const struct genius *g, const xmlNode *node, uint32_t issue,
                    struct value_set *out)
{
    if (g->d->issues[issue].kind == DOMAIN_REAL) {
        return genius_refuse(g, node, "a rule speaks of the real issue %s",
                             reading_quote(g->r, g->d->issues[issue].name)) ||
               err_mend(g->r->err, "rules stand over discrete and integer issues");
    }
    *out = (struct value_set){.issue = issue,
                              .in = ARENA_NEW(g->r->mem, bool, g->d->issues[issue].value_count)};
    return out->in != NULL || no_memory(g);
}

static bool holds(struct text t, struct text part)
{
    for (size_t i = 0; i + part.n <= t.n; i++) {
        if (part.n == 0 || memcmp(t.p + i, part.p, part.n) == 0) {
            return true;
        }
    }
    return false;
}

enum match { MATCH_EQUAL, MATCH_HOLDS, MATCH_HOLDS_NOT };

static bool set_words(const struct genius *g, const xmlNode *node, uint32_t issue, struct text word,
                      enum match how, struct value_set *out)
{
    const struct domain_issue *is = &g->d->issues[issue];
    if (!new_set(g, node, issue, out)) {
        return false;
    }
    for (uint32_t k = 0; k < is->value_count; k++) {
        size_t mark = arena_mark(g->r->mem);
        struct text value = domain_value_words(is, k, g->r->mem);
        out->in[k] = how == MATCH_EQUAL   ? text_eq(value, word)
                     : how == MATCH_HOLDS ? holds(value, word)
                                          : !holds(value, word);
        arena_rewind(g->r->mem, mark);
    }
    return !g->r->mem->failed || no_memory(g);
}

/* The number that an option is. */
static bool number_of(const struct genius *g, const xmlNode *node, uint32_t issue, uint32_t value,
                      int64_t *out)
{
    const struct domain_issue *is = &g->d->issues[issue];
    if (is->kind == DOMAIN_INTEGER) {
        *out = is->low + value;
        return true;
    }
    if (!i64_parse(is->options[value], out) || *out > INT32_MAX || *out < INT32_MIN) {
        return genius_refuse(g, node, "the option %s of the issue %s is no number, as a rule wants",
                             reading_quote(g->r, is->options[value]),
                             reading_quote(g->r, is->name)) ||
               err_mend(g->r->err, "name options by whole numbers where rules add them up");
    }
    return true;
}

/* All boxes of consecutive values whose product the sets are; sets ascend by issue. */
static bool add_product(const struct genius *g, const xmlNode *node, const struct value_set *sets,
                        uint32_t count, struct domain_limit *limits, uint32_t done,
                        struct box_list *out)
{
    if (done == count) {
        struct domain_limit *copy = ARENA_NEW(g->r->mem, struct domain_limit, count);
        if (copy == NULL) {
            return no_memory(g);
        }
        memcpy(copy, limits, count * sizeof(*copy));
        struct domain_box box = {.limit_count = count, .limits = copy};
        return box_list_add(out, box, g->r->mem, g->r->err) || genius_at(g, node);
    }
    const struct value_set *set = &sets[done];
    uint32_t n = g->d->issues[set->issue].value_count;
    for (uint32_t k = 0; k < n; k++) {
        if (!set->in[k]) {
            continue;
        }
        uint32_t last = k;
        while (last + 1 < n && set->in[last + 1]) {
            last++;
        }
        limits[done] = (struct domain_limit){.issue = set->issue, .low = k, .high = last};
        if (!add_product(g, node, sets, count, limits, done + 1, out)) {
            return false;
        }
        k = last;
    }
    return true;
}

/* Adds a set; one of the same issue that is there already is narrowed. */
static bool join_set(const struct genius *g, const xmlNode *node, struct value_set *sets,
                     uint32_t *count, struct value_set set)
{
    uint32_t at = 0;
    while (at < *count && sets[at].issue < set.issue) {
        at++;
    }
    if (at < *count && sets[at].issue == set.issue) {
        for (uint32_t k = 0; k < g->d->issues[set.issue].value_count; k++) {
            sets[at].in[k] = sets[at].in[k] && set.in[k];
        }
        return true;
    }
    if (*count == SETS_MAX) {
        return genius_refuse(g, node, "a rule speaks of more than %u issues", SETS_MAX);
    }
    memmove(&sets[at + 1], &sets[at], (*count - at) * sizeof(*sets));
    sets[at] = set;
    (*count)++;
    return true;
}

static bool add_sets(const struct genius *g, const xmlNode *node, const struct value_set *sets,
                     uint32_t count, struct box_list *out)
{
    struct domain_limit limits[SETS_MAX];
    return add_product(g, node, sets, count, limits, 0, out);
}

/* ---- rules ---- */

struct rules {
    struct box_list zeros;
    struct box_list silent[DOMAIN_ISSUES_MAX]; /* boxes that silence an issue, as they come */
};

/* <checkassignment index condition="numeric=positive"> or words that a value holds. */
static bool read_check(const struct genius *g, const xmlNode *node, bool inclusive,
                       uint32_t position, struct value_set *out)
{
    uint32_t issue;
    struct text condition;
    if (!genius_issue_at(g, node, &issue) || !genius_text(g, node, "condition", &condition)) {
        return false;
    }
    bool positive = holds(condition, text_str("positive"));
    bool negative = holds(condition, text_str("negative"));
    if (!holds(condition, text_str("numeric")) || (!positive && !negative)) {
        return set_words(g, node, issue, condition,
                         inclusive || position == 0 ? MATCH_HOLDS : MATCH_HOLDS_NOT, out);
    }
    if (!new_set(g, node, issue, out)) {
        return false;
    }
    for (uint32_t k = 0; k < g->d->issues[issue].value_count; k++) {
        int64_t v;
        if (!number_of(g, node, issue, k, &v)) {
            return false;
        }
        /* The inclusive rule lets 0 pass either way, the conditional one does not. */
        out->in[k] = (v == 0 && inclusive) || (positive ? v > 0 : v < 0);
    }
    return true;
}

static bool read_zero_outcome(const struct genius *g, const xmlNode *node, bool inclusive,
                              struct rules *out)
{
    struct value_set sets[SETS_MAX];
    uint32_t count = 0, position = 0;
    for (const xmlNode *i = genius_child(node, "checkassignment"); i != NULL;
         i = genius_next(i, "checkassignment"), position++) {
        struct value_set set;
        if (!read_check(g, i, inclusive, position, &set) || !join_set(g, i, sets, &count, set)) {
            return false;
        }
    }
    if (!inclusive && position != 2) {
        return genius_refuse(g, node, "a conditional rule has %u checks and not two", position);
    }
    return add_sets(g, node, sets, count, &out->zeros);
}

/* <valueassignment index value>: exactly these. */
static bool read_assignments(const struct genius *g, const xmlNode *node, struct value_set *sets,
                             uint32_t *count)
{
    for (const xmlNode *i = genius_child(node, "valueassignment"); i != NULL;
         i = genius_next(i, "valueassignment")) {
        uint32_t issue;
        struct text value;
        struct value_set set;
        if (!genius_issue_at(g, i, &issue) || !genius_text(g, i, "value", &value) ||
            !set_words(g, i, issue, value, MATCH_EQUAL, &set) ||
            !join_set(g, i, sets, count, set)) {
            return false;
        }
    }
    return true;
}

struct sum_rule {
    const xmlNode *node;
    uint32_t related[SETS_MAX];
    uint32_t count;
    int64_t low, high;
    struct value_set target;
};

/* Each combination of the related issues whose numbers add up to what the rule names. */
static bool add_sums(const struct genius *g, const struct sum_rule *rule, struct value_set *sets,
                     uint32_t done, int64_t sum, struct box_list *out)
{
    if (done == rule->count) {
        struct value_set all[SETS_MAX];
        uint32_t count = 0;
        if (sum < rule->low || sum > rule->high) {
            return true;
        }
        for (uint32_t i = 0; i < rule->count; i++) {
            if (!join_set(g, rule->node, all, &count, sets[i])) {
                return false;
            }
        }
        /* The target may be one of the related issues: a copy, for joining narrows. */
        struct value_set target;
        if (!new_set(g, rule->node, rule->target.issue, &target)) {
            return false;
        }
        memcpy(target.in, rule->target.in, g->d->issues[target.issue].value_count * sizeof(bool));
        return join_set(g, rule->node, all, &count, target) &&
               add_sets(g, rule->node, all, count, out);
    }
    uint32_t issue = rule->related[done];
    for (uint32_t k = 0; k < g->d->issues[issue].value_count; k++) {
        int64_t v;
        if (!number_of(g, rule->node, issue, k, &v) ||
            !new_set(g, rule->node, issue, &sets[done])) {
            return false;
        }
        sets[done].in[k] = true;
        if (!add_sums(g, rule, sets, done + 1, sum + v, out)) {
            return false;
        }
    }
    return true;
}

static bool read_sum(const struct genius *g, const xmlNode *node, struct text type, uint32_t issue,
                     struct box_list *out)
{
    struct sum_rule rule = {.node = node};
    uint64_t combinations = 1;
    if (!genius_whole(g, node, "min", &rule.low) || !genius_whole(g, node, "max", &rule.high)) {
        return false;
    }
    if (text_is(type, "sumZeroConstraintList")) {
        if (!new_set(g, node, issue, &rule.target)) {
            return false;
        }
        for (const xmlNode *i = genius_child(node, "condition"); i != NULL;
             i = genius_next(i, "condition")) {
            struct text value;
            struct value_set one;
            if (!genius_text(g, i, "value", &value) ||
                !set_words(g, i, issue, value, MATCH_HOLDS, &one)) {
                return false;
            }
            for (uint32_t k = 0; k < g->d->issues[issue].value_count; k++) {
                rule.target.in[k] = rule.target.in[k] || one.in[k];
            }
        }
    } else {
        struct text value;
        enum match how = text_is(type, "sumZeroNotConstraint") ? MATCH_HOLDS_NOT : MATCH_HOLDS;
        if (!genius_text(g, node, "value", &value) ||
            !set_words(g, node, issue, value, how, &rule.target)) {
            return false;
        }
    }
    for (const xmlNode *i = genius_child(node, "item"); i != NULL; i = genius_next(i, "item")) {
        uint32_t related;
        if (!genius_issue_at(g, i, &related)) {
            return false;
        }
        combinations *= g->d->issues[related].value_count;
        if (rule.count == SETS_MAX || combinations > PIECES_MAX || combinations == 0) {
            return genius_refuse(g, node, "a rule adds up too many combinations");
        }
        rule.related[rule.count++] = related;
    }
    struct value_set sets[SETS_MAX];
    return add_sums(g, &rule, sets, 0, 0, out);
}

static bool read_silence(const struct genius *g, const xmlNode *node, struct text type,
                         struct rules *out)
{
    uint32_t issue, count = 0;
    struct value_set sets[SETS_MAX];
    if (!genius_issue_at(g, node, &issue)) {
        return false;
    }
    struct box_list *silent = &out->silent[issue];
    if (text_is(type, "zeroConstraint") || text_is(type, "conditionalZeroConstraint")) {
        if (!read_assignments(g, node, sets, &count)) {
            return false;
        }
        if (text_is(type, "conditionalZeroConstraint")) {
            struct text value;
            struct value_set others;
            if (!genius_text(g, node, "value", &value) ||
                !set_words(g, node, issue, value, MATCH_HOLDS_NOT, &others) ||
                !join_set(g, node, sets, &count, others)) {
                return false;
            }
        }
        return add_sets(g, node, sets, count, silent);
    }
    return read_sum(g, node, type, issue, silent);
}

static bool read_constraint(const struct genius *g, const xmlNode *node, struct rules *out)
{
    static const char *const silences[] = {"zeroConstraint", "conditionalZeroConstraint",
                                           "sumZeroConstraint", "sumZeroNotConstraint",
                                           "sumZeroConstraintList"};
    struct text type;
    if (!genius_text(g, node, "type", &type)) {
        return false;
    }
    if (text_is(type, "inclusiveZeroOutcomeConstraint") ||
        text_is(type, "conditionalZeroOutcomeConstraint")) {
        return read_zero_outcome(g, node, text_is(type, "inclusiveZeroOutcomeConstraint"), out);
    }
    for (size_t i = 0; i < COUNT_OF(silences); i++) {
        if (text_is(type, silences[i])) {
            return read_silence(g, node, type, out);
        }
    }
    return genius_refuse(g, node, "the rule %s is not known", reading_quote(g->r, type)) ||
           err_mend(g->r->err, "take it away, or write its meaning as entente's own YAML");
}

static bool read_ranks(const struct genius *g, const xmlNode *ranks, struct draft *dr)
{
    uint32_t issues = count_of(ranks, "issue");
    for (const xmlNode *n = genius_child(ranks, "issue"); n != NULL; n = genius_next(n, "issue")) {
        uint32_t at, guess = 0;
        struct decimal highest = {0};
        if (!genius_issue_at(g, n, &at)) {
            return false;
        }
        const struct domain_issue *issue = &g->d->issues[at];
        bool *seen = ARENA_NEW(g->r->mem, bool, issue->value_count);
        if (issue->kind == DOMAIN_REAL || seen == NULL) {
            return seen == NULL ? no_memory(g) : genius_refuse(g, n, "a real issue has ranks");
        }
        for (const xmlNode *i = genius_child(n, "item"); i != NULL; i = genius_next(i, "item")) {
            struct text value;
            struct decimal rank;
            bool found;
            uint32_t place;
            if (!genius_text(g, i, "value", &value) ||
                !genius_number(g, i, "rank", &rank, &found)) {
                return false;
            }
            if (!found || !reading_place(issue, guess++, value, &place)) {
                continue;
            }
            dr->parts[at].values[place] = rank;
            seen[place] = true;
            highest = decimal_cmp(rank, highest) > 0 ? rank : highest;
        }
        reading_note_unseen(g->r, g->src->file->name, issue, seen);
        if (dr->parts[at].weight.down_count > 0) {
            return genius_refuse(g, n, "an issue is ranked twice");
        }
        if (highest.units > 0) {
            ratio_over(&dr->parts[at].weight, highest);
        }
        ratio_over(&dr->parts[at].weight, decimal_of(issues, 0));
    }
    return true;
}

/* ---- boxes taken apart, so that no two of an issue overlap ---- */

static bool limit_of(const struct domain_box *box, uint32_t issue, struct domain_limit *out)
{
    for (uint32_t i = 0; i < box->limit_count; i++) {
        if (box->limits[i].issue == issue) {
            *out = box->limits[i];
            return true;
        }
    }
    return false;
}

/* box with the values of one issue narrowed to low..high. */
static bool narrowed(const struct genius *g, const struct domain_box *box, uint32_t issue,
                     int64_t low, int64_t high, struct domain_box *out)
{
    struct domain_limit *l = ARENA_NEW(g->r->mem, struct domain_limit,
                                       (size_t)box->limit_count + 1);
    uint32_t n = 0;
    bool placed = false;
    struct domain_limit mine = {.issue = issue, .low = low, .high = high};
    if (l == NULL) {
        return no_memory(g);
    }
    for (uint32_t i = 0; i < box->limit_count; i++) {
        if (!placed && box->limits[i].issue >= issue) {
            l[n++] = mine;
            placed = true;
        }
        if (box->limits[i].issue != issue) {
            l[n++] = box->limits[i];
        }
    }
    if (!placed) {
        l[n++] = mine;
    }
    *out = (struct domain_box){.limit_count = n, .limits = l};
    return true;
}

/* The parts of `from` that are outside `hole`. */
static bool subtract(const struct genius *g, struct domain_box from, const struct domain_box *hole,
                     struct box_list *out)
{
    for (uint32_t i = 0; i < hole->limit_count; i++) {
        const struct domain_limit *h = &hole->limits[i];
        struct domain_limit mine;
        if (!limit_of(&from, h->issue, &mine)) {
            mine = (struct domain_limit){.issue = h->issue,
                                         .high = domain_last(&g->d->issues[h->issue])};
        }
        if (mine.high < h->low || mine.low > h->high) {
            return box_list_add(out, from, g->r->mem, g->r->err); /* apart */
        }
    }
    for (uint32_t i = 0; i < hole->limit_count; i++) {
        const struct domain_limit *h = &hole->limits[i];
        struct domain_limit mine;
        struct domain_box piece;
        if (!limit_of(&from, h->issue, &mine)) {
            mine = (struct domain_limit){.issue = h->issue,
                                         .high = domain_last(&g->d->issues[h->issue])};
        }
        if (mine.low < h->low) {
            if (!narrowed(g, &from, h->issue, mine.low, h->low - 1, &piece) ||
                !box_list_add(out, piece, g->r->mem, g->r->err)) {
                return false;
            }
            mine.low = h->low;
        }
        if (mine.high > h->high) {
            if (!narrowed(g, &from, h->issue, h->high + 1, mine.high, &piece) ||
                !box_list_add(out, piece, g->r->mem, g->r->err)) {
                return false;
            }
            mine.high = h->high;
        }
        if (!narrowed(g, &from, h->issue, mine.low, mine.high, &from)) {
            return false;
        }
    }
    return true;
}

/* Terms that take an issue's worth away within box, one for each value. */
static bool take_away(const struct genius *g, const struct domain_box *box, uint32_t issue,
                      const struct draft *dr, struct term_list *terms)
{
    const struct draft_part *part = &dr->parts[issue];
    struct domain_limit mine;
    if (!limit_of(box, issue, &mine)) {
        mine = (struct domain_limit){.issue = issue, .high = domain_last(&g->d->issues[issue])};
    }
    for (int64_t k = mine.low; k <= mine.high; k++) {
        struct draft_term t = {.weight = part->weight, .value = decimal_neg(part->values[k])};
        if (part->values[k].units == 0) {
            continue;
        }
        if (!narrowed(g, box, issue, k, k, &t.box) ||
            !term_list_add(terms, t, g->r->mem, g->r->err)) {
            return false;
        }
    }
    return true;
}

static bool silence(const struct genius *g, uint32_t issue, const struct box_list *boxes,
                    const struct draft *dr, struct term_list *terms)
{
    struct box_list apart = {0};
    for (uint32_t i = 0; i < boxes->count; i++) {
        struct box_list pieces = {0};
        if (!box_list_add(&pieces, boxes->boxes[i], g->r->mem, g->r->err)) {
            return false;
        }
        for (uint32_t k = 0; k < apart.count && pieces.count > 0; k++) {
            struct box_list left = {0};
            for (uint32_t n = 0; n < pieces.count; n++) {
                if (!subtract(g, pieces.boxes[n], &apart.boxes[k], &left)) {
                    return false;
                }
            }
            pieces = left;
            if (pieces.count > PIECES_MAX) {
                return err_set(g->r->err, ERR_LIMIT, "the rules of an issue overlap too much");
            }
        }
        for (uint32_t n = 0; n < pieces.count; n++) {
            if (!box_list_add(&apart, pieces.boxes[n], g->r->mem, g->r->err)) {
                return false;
            }
        }
        if (apart.count > PIECES_MAX) {
            return err_set(g->r->err, ERR_LIMIT, "the rules of an issue overlap too much");
        }
    }
    for (uint32_t i = 0; i < apart.count; i++) {
        if (!take_away(g, &apart.boxes[i], issue, dr, terms)) {
            return false;
        }
    }
    return true;
}

bool genius_read_rules(const struct genius *g, const xmlNode *node, struct draft *dr)
{
    struct rules *rules = ARENA_NEW(g->r->mem, struct rules, 1);
    struct term_list terms = {0};
    const xmlNode *ranks = genius_child(node, "ranks");
    const xmlNode *constraints = genius_child(node, "constraints");
    if (rules == NULL) {
        return no_memory(g);
    }
    if (ranks == NULL) {
        return genius_refuse(g, node, "there are rules without ranks") ||
               err_mend(g->r->err, "add <ranks>");
    }
    if (!read_ranks(g, ranks, dr)) {
        return false;
    }
    for (const xmlNode *n = genius_child(constraints, "constraint"); n != NULL;
         n = genius_next(n, "constraint")) {
        if (!read_constraint(g, n, rules)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        if (rules->silent[i].count > 0 && g->d->issues[i].kind != DOMAIN_REAL &&
            !silence(g, i, &rules->silent[i], dr, &terms)) {
            return err_at(g->r->err, "%s", g->src->file->name);
        }
    }
    dr->terms = terms.terms;
    dr->term_count = terms.count;
    dr->zeros = rules->zeros.boxes;
    dr->zero_count = rules->zeros.count;
    return true;
}
