/* SPDX-License-Identifier: Apache-2.0
 *
 * NegoLog: a profile a party, {"reservationValue", "issueWeights", "issues"}; utility = sum of
 * weight * value, as they stand.  The issues and their order are those of the first profile.
 */
#include "formats/scenario_priv.h"

static bool read_domain(struct scenario_reading *r, const struct source *src)
{
    struct yaml_reading y = reading_of(r, src);
    struct domain *d = &r->s.domain;
    const struct yaml_node *issues = yaml_get(src->root, "issues");
    if (issues->kind != YAML_MAP || issues->count > DOMAIN_ISSUES_MAX) {
        return yaml_refuse(&y, issues, "issues is no object of 1 to %u issues",
                           DOMAIN_ISSUES_MAX) ||
               err_mend(r->err, "write \"issues\": {\"price\": {\"low\": 0.2, \"high\": 1}}");
    }
    d->issues = ARENA_NEW(r->mem, struct domain_issue, issues->count);
    if (d->issues == NULL) {
        return reading_no_memory(r);
    }
    for (const struct yaml_node *k = issues->first; k != NULL; k = k->next->next) {
        struct domain_issue *issue = &d->issues[d->issue_count++];
        if (k->next->kind != YAML_MAP || k->next->count > DOMAIN_OPTIONS_MAX) {
            return yaml_refuse(&y, k, "the issue %s is no object of 1 to %u values",
                               reading_quote(r, k->text), DOMAIN_OPTIONS_MAX) ||
                   err_mend(r->err, "write a number for each value");
        }
        issue->name = k->text;
        issue->kind = DOMAIN_DISCRETE;
        issue->options = ARENA_NEW(r->mem, struct text, k->next->count);
        if (issue->options == NULL) {
            return reading_no_memory(r);
        }
        for (const struct yaml_node *v = k->next->first; v != NULL; v = v->next->next) {
            issue->options[issue->value_count++] = v->text;
        }
    }
    return domain_check(d, r->err) || err_at(r->err, "%s", y.name);
}

static bool read_part(struct scenario_reading *r, const struct yaml_reading *y,
                      const struct source *src, const struct domain_issue *issue,
                      struct draft_part *part)
{
    const char *key = arena_str(r->mem, text_bytes(issue->name));
    bool *seen = ARENA_NEW(r->mem, bool, issue->value_count);
    if (key == NULL || seen == NULL) {
        return reading_no_memory(r);
    }
    const struct yaml_node *weight = yaml_get(yaml_get(src->root, "issueWeights"), key);
    const struct yaml_node *values = yaml_get(yaml_get(src->root, "issues"), key);
    struct decimal w;
    if (weight == NULL || values == NULL) {
        return yaml_refuse(y, src->root, "the issue %s has no weight or no values in this profile",
                           reading_quote(r, issue->name)) ||
               err_mend(r->err, "all profiles have the same issues");
    }
    if (!reading_number(y, weight, "a weight", &w) ||
        !reading_values(r, y, values, issue, part->values, seen)) {
        return false;
    }
    ratio_times(&part->weight, w);
    reading_note_unseen(r, y->name, issue, seen);
    return true;
}

static bool read_profile(struct scenario_reading *r, const struct source *src,
                         struct scenario_party *out)
{
    struct yaml_reading y = reading_of(r, src);
    const struct yaml_node *reservation = yaml_get(src->root, "reservationValue");
    struct draft dr;
    if (!draft_init(&dr, &r->s.domain, r->mem, r->err)) {
        return false;
    }
    for (uint32_t i = 0; i < r->s.domain.issue_count; i++) {
        if (!read_part(r, &y, src, &r->s.domain.issues[i], &dr.parts[i])) {
            return false;
        }
    }
    dr.has_reservation = reservation != NULL;
    if (reservation != NULL &&
        !reading_number(&y, reservation, "the reservation value", &dr.reservation)) {
        return false;
    }
    out->name = reading_stem(r, src->file->name);
    return draft_build(&dr, &r->s.domain, r->mem, &out->utility, r->err) ||
           err_at(r->err, "%s", y.name);
}

bool negolog_read(struct scenario_reading *r)
{
    size_t at = 0;
    const struct source *src = reading_next(r, SOURCE_NEGOLOG_PROFILE, &at);
    if (!read_domain(r, src) || !reading_parties(r, SOURCE_NEGOLOG_PROFILE)) {
        return false;
    }
    r->s.format = SCENARIO_NEGOLOG;
    for (; src != NULL; src = reading_next(r, SOURCE_NEGOLOG_PROFILE, &at)) {
        if (!read_profile(r, src, &r->s.parties[r->s.party_count])) {
            return false;
        }
        r->s.party_count++;
    }
    return true;
}
