/* SPDX-License-Identifier: Apache-2.0
 *
 * GeniusWeb: a domain {"name", "issuesValues"}, profiles {"LinearAdditiveUtilitySpace": {...}} that
 * carry the domain as well.  Utility = sum of weight * utility of the value, as they stand; no deal
 * is worth what the reservation bid is worth, an issue it leaves out counting 0.  A profile without
 * one takes any package over none.
 */
#include "formats/scenario_priv.h"

static bool no_memory(const struct scenario_reading *r)
{
    return reading_no_memory(r);
}

/* {"values": [...]} */
static bool read_options(struct scenario_reading *r, const struct yaml_reading *y,
                         const struct yaml_node *list, struct domain_issue *issue)
{
    if (!yaml_list(y, list, "the values of an issue", DOMAIN_OPTIONS_MAX)) {
        return false;
    }
    issue->kind = DOMAIN_DISCRETE;
    issue->options = ARENA_NEW(r->mem, struct text, list->count);
    if (issue->options == NULL) {
        return no_memory(r);
    }
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        if (!yaml_words(y, n, "a value", &issue->options[issue->value_count])) {
            return false;
        }
        issue->value_count++;
    }
    return true;
}

/* {"range": [low, high, step]}: whole numbers with the step 1 stay a range, others become options. */
static bool read_range(struct scenario_reading *r, const struct yaml_reading *y,
                       const struct yaml_node *list, struct domain_issue *issue)
{
    struct decimal v[3];
    uint32_t n = 0;
    if (!yaml_list(y, list, "a range", 3)) {
        return false;
    }
    for (const struct yaml_node *i = list->first; i != NULL; i = i->next) {
        if (!reading_number(y, i, "a range", &v[n++])) {
            return false;
        }
    }
    if (n != 3 || v[2].units <= 0) {
        return yaml_refuse(y, list, "a range is not low, high and a step above 0") ||
               err_mend(y->err, "write [0, 10, 1]");
    }
    if (decimal_cmp(v[2], decimal_of(1, 0)) == 0 && v[0].exponent >= 0 && v[1].exponent >= 0) {
        return reading_integer_range(issue, v[0], v[1], r->err) || yaml_at(list, y->name, r->err);
    }
    issue->kind = DOMAIN_DISCRETE;
    issue->options = ARENA_NEW(r->mem, struct text, DOMAIN_OPTIONS_MAX);
    if (issue->options == NULL) {
        return no_memory(r);
    }
    for (struct decimal x = v[0]; decimal_cmp(x, v[1]) <= 0;) {
        char words[DECIMAL_TEXT_MAX];
        decimal_format(x, words);
        const char *copy = arena_str(r->mem, bytes_str(words));
        if (copy == NULL) {
            return no_memory(r);
        }
        if (issue->value_count == DOMAIN_OPTIONS_MAX || !decimal_add(x, v[2], &x) || x.rounded) {
            return yaml_refuse(y, list, "a range has more than %u values, or too many digits",
                               DOMAIN_OPTIONS_MAX) ||
                   err_mend(y->err, "take a larger step");
        }
        issue->options[issue->value_count++] = text_str(copy);
    }
    return true;
}

static bool read_domain(struct scenario_reading *r, const struct source *src,
                        const struct yaml_node *domain)
{
    struct yaml_reading y = reading_of(r, src);
    struct domain *d = &r->s.domain;
    const struct yaml_node *issues = yaml_get(domain, "issuesValues");
    const struct yaml_node *name = yaml_get(domain, "name");
    if (issues == NULL || issues->kind != YAML_MAP) {
        return yaml_refuse(&y, domain, "the domain has no issuesValues") ||
               err_mend(r->err, "write \"issuesValues\": {\"price\": {\"values\": [...]}}");
    }
    if (name != NULL && name->kind == YAML_WORDS) {
        r->s.name = name->text;
    }
    if (issues->count > DOMAIN_ISSUES_MAX) {
        (void)err_set(r->err, ERR_LIMIT, "there are more than %u issues", DOMAIN_ISSUES_MAX);
        return yaml_at(issues, y.name, r->err);
    }
    d->issues = ARENA_NEW(r->mem, struct domain_issue, issues->count);
    if (d->issues == NULL) {
        return no_memory(r);
    }
    for (const struct yaml_node *k = issues->first; k != NULL; k = k->next->next) {
        struct domain_issue *issue = &d->issues[d->issue_count];
        const struct yaml_node *values = yaml_get(k->next, "values");
        const struct yaml_node *range = yaml_get(k->next, "range");
        issue->name = k->text;
        if (values == NULL && range == NULL) {
            return yaml_refuse(&y, k, "the issue %s has neither values nor a range",
                               reading_quote(r, k->text)) ||
                   err_mend(r->err, "write {\"values\": [...]} or {\"range\": [low, high, step]}");
        }
        if (!(values != NULL ? read_options(r, &y, values, issue)
                             : read_range(r, &y, range, issue))) {
            return false;
        }
        d->issue_count++;
    }
    return domain_check(d, r->err) || err_at(r->err, "%s", y.name);
}

/* What a value is as a number: of an integer issue, or of an option that is one. */
static bool value_number(const struct domain_issue *issue, uint32_t at, struct decimal *out)
{
    if (issue->kind == DOMAIN_INTEGER) {
        *out = decimal_of(issue->low + at, 0);
        return true;
    }
    return decimal_parse(issue->options[at], out);
}

/* {"lowValue", "lowUtility", "highValue", "highUtility"}: a line between two points. */
static bool read_numbers(const struct yaml_reading *y, const struct yaml_node *node,
                         const struct domain_issue *issue, struct draft_part *part)
{
    static const char *const keys[] = {"lowValue", "lowUtility", "highValue", "highUtility"};
    struct decimal v[4], width, rise;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct yaml_node *n = yaml_get(node, keys[i]);
        if (n == NULL) {
            return yaml_refuse(y, node, "numberutils have no %s", keys[i]) ||
                   err_mend(y->err, "add \"%s\": ...", keys[i]);
        }
        if (!reading_number(y, n, keys[i], &v[i])) {
            return false;
        }
    }
    if (!decimal_add(v[2], decimal_neg(v[0]), &width) || width.units <= 0 ||
        !decimal_add(v[3], decimal_neg(v[1]), &rise)) {
        return yaml_refuse(y, node, "highValue is not above lowValue") ||
               err_mend(y->err, "write the lower value first");
    }
    ratio_over(&part->weight, width);
    for (uint32_t k = 0; k < issue->value_count; k++) {
        struct decimal x, level;
        if (!value_number(issue, k, &x) || !decimal_add(x, decimal_neg(v[0]), &x) ||
            !decimal_mul(x, rise, &x) || !decimal_mul(v[1], width, &level) ||
            !decimal_add(x, level, &part->values[k])) {
            return yaml_refuse(y, node,
                               "numberutils stand over values that are no numbers, or are "
                               "too large") ||
                   err_mend(y->err, "write discreteutils for named values");
        }
    }
    return true;
}

static bool read_part(struct scenario_reading *r, const struct yaml_reading *y,
                      const struct yaml_node *space, const struct domain_issue *issue,
                      struct draft_part *part)
{
    const char *key = arena_str(r->mem, text_bytes(issue->name));
    bool *seen = ARENA_NEW(r->mem, bool, issue->value_count);
    if (key == NULL || seen == NULL) {
        return no_memory(r);
    }
    const struct yaml_node *weights = yaml_get(space, "issueWeights");
    const struct yaml_node *utilities = yaml_get(space, "issueUtilities");
    const struct yaml_node *weight = yaml_get(weights, key), *u = yaml_get(utilities, key);
    struct decimal w;
    if (weight == NULL || u == NULL) {
        reading_note(r, "%s: the issue %s has no weight or no utilities and counts as 0", y->name,
                     reading_quote(r, issue->name));
        return true;
    }
    if (!reading_number(y, weight, "a weight", &w)) {
        return false;
    }
    ratio_times(&part->weight, w);
    const struct yaml_node *discrete = yaml_get(yaml_get(u, "discreteutils"), "valueUtilities");
    const struct yaml_node *number = yaml_get(u, "numberutils");
    if (number != NULL) {
        return read_numbers(y, number, issue, part);
    }
    if (discrete == NULL) {
        return yaml_refuse(y, u, "the issue %s has neither discreteutils nor numberutils",
                           reading_quote(r, issue->name)) ||
               err_mend(r->err, "write {\"discreteutils\": {\"valueUtilities\": {...}}}");
    }
    if (!reading_values(r, y, discrete, issue, part->values, seen)) {
        return false;
    }
    reading_note_unseen(r, y->name, issue, seen);
    return true;
}

/* The reservation bid's values; UINT32_MAX where it leaves an issue out. */
static bool read_bid(struct scenario_reading *r, const struct yaml_reading *y,
                     const struct yaml_node *bid, uint32_t *values)
{
    const struct yaml_node *list = yaml_get(bid, "issuevalues");
    for (uint32_t i = 0; i < r->s.domain.issue_count; i++) {
        values[i] = UINT32_MAX;
    }
    if (list == NULL || list->kind != YAML_MAP) {
        return yaml_refuse(y, bid, "the reservation bid has no issuevalues") ||
               err_mend(r->err, "write {\"issuevalues\": {\"price\": \"low\"}}, or leave it out");
    }
    for (const struct yaml_node *k = list->first; k != NULL; k = k->next->next) {
        uint32_t at = domain_find(&r->s.domain, k->text);
        struct text word;
        if (!yaml_words(y, k->next, "a value", &word)) {
            return false;
        }
        if (at == UINT32_MAX ||
            !reading_place(&r->s.domain.issues[at], UINT32_MAX, word, &values[at])) {
            return yaml_refuse(y, k, "the reservation bid's %s is no value of an issue",
                               reading_quote(r, word)) ||
                   err_mend(r->err, "use a value that the domain has");
        }
    }
    return true;
}

/* No deal as units: the parts of the bid's values, once the scale is known. */
static void set_reservation(const struct domain *d, const uint32_t *bid, struct utility *u)
{
    u->has_reservation = true;
    u->reservation = 0;
    for (uint32_t i = 0; i < d->issue_count; i++) {
        u->reservation += bid[i] == UINT32_MAX ? 0 : u->parts[i].units[bid[i]];
    }
}

static bool read_profile(struct scenario_reading *r, const struct source *src,
                         struct scenario_party *out)
{
    struct yaml_reading y = reading_of(r, src);
    const struct yaml_node *space = yaml_get(src->root, "LinearAdditiveUtilitySpace");
    struct draft dr;
    if (space == NULL) {
        return yaml_refuse(&y, src->root, "profiles of the kind %s are not read",
                           reading_quote(r, src->root->first->text)) ||
               err_mend(r->err, "LinearAdditiveUtilitySpace is");
    }
    if (!draft_init(&dr, &r->s.domain, r->mem, r->err)) {
        return false;
    }
    for (uint32_t i = 0; i < r->s.domain.issue_count; i++) {
        if (!read_part(r, &y, space, &r->s.domain.issues[i], &dr.parts[i])) {
            return false;
        }
    }
    const struct yaml_node *name = yaml_get(space, "name");
    const struct yaml_node *bid = yaml_get(space, "reservationBid");
    uint32_t *values = ARENA_NEW(r->mem, uint32_t, r->s.domain.issue_count);
    if (values == NULL) {
        return no_memory(r);
    }
    if ((bid != NULL && !read_bid(r, &y, bid, values)) ||
        !draft_build(&dr, &r->s.domain, r->mem, &out->utility, r->err)) {
        return err_at(r->err, "%s", y.name);
    }
    if (bid != NULL) {
        set_reservation(&r->s.domain, values, &out->utility);
    }
    out->name = name != NULL && name->kind == YAML_WORDS && name->text.n > 0
                    ? name->text
                    : reading_stem(r, src->file->name);
    return true;
}

bool geniusweb_read(struct scenario_reading *r)
{
    size_t at = 0;
    const struct source *src = reading_next(r, SOURCE_GENIUSWEB_DOMAIN, &at);
    const struct yaml_node *domain;
    if (src != NULL) {
        domain = src->root;
    } else {
        at = 0;
        src = reading_next(r, SOURCE_GENIUSWEB_PROFILE, &at);
        domain = yaml_get(yaml_get(src->root, "LinearAdditiveUtilitySpace"), "domain");
        if (domain == NULL) {
            struct yaml_reading y = reading_of(r, src);
            return yaml_refuse(&y, src->root, "there is no domain in the profile, nor beside it") ||
                   err_mend(r->err,
                            "give the domain's file as well; of profiles, those of the kind "
                            "LinearAdditiveUtilitySpace are read");
        }
    }
    if (!read_domain(r, src, domain) || !reading_parties(r, SOURCE_GENIUSWEB_PROFILE)) {
        return false;
    }
    r->s.format = SCENARIO_GENIUSWEB;
    at = 0;
    for (src = reading_next(r, SOURCE_GENIUSWEB_PROFILE, &at); src != NULL;
         src = reading_next(r, SOURCE_GENIUSWEB_PROFILE, &at)) {
        if (!read_profile(r, src, &r->s.parties[r->s.party_count])) {
            return false;
        }
        r->s.party_count++;
    }
    if (r->s.party_count == 0) {
        return err_set(r->err, ERR_FORMAT, "there is a GeniusWeb domain, but no profile") ||
               err_mend(r->err, "give the folder, or the profiles as well");
    }
    return true;
}
