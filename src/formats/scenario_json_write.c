/* SPDX-License-Identifier: Apache-2.0
 *
 * GeniusWeb, NegoLog, NegMAS and score sheets: additive preferences, each value's worth as it counts,
 * with weights of 1 where the format allows that, else the share that the best value has.
 */
#include "base/fixed.h"
#include "formats/scenario_write_priv.h"

static bool plain_options(const struct writing *w)
{
    for (uint32_t i = 0; i < w->s->domain.issue_count; i++) {
        const struct domain_issue *issue = &w->s->domain.issues[i];
        if (issue->kind != DOMAIN_DISCRETE) {
            return writing_cannot(w, "the issue %.*s is a range", TEXT_ARG(issue->name));
        }
    }
    return writing_plain(w);
}

static bool no_discount(const struct writing *w)
{
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        if (w->s->parties[i].utility.discount != UTILITY_DISCOUNT_ONE) {
            return writing_cannot(w, "%.*s discounts", TEXT_ARG(w->s->parties[i].name));
        }
    }
    return true;
}

/* "value": number, ... of an issue of options. */
static void put_worths(struct buf *out, const struct domain_issue *issue, const struct utility *u,
                       const struct utility_part *part)
{
    for (uint32_t k = 0; k < issue->value_count; k++) {
        buf_add_str(out, k > 0 ? ", " : "");
        put_words_json(out, issue->options[k]);
        buf_add_str(out, ": ");
        put_utility(out, u, part->units[k]);
    }
}

/* ---- GeniusWeb ---- */

static void put_geniusweb_domain(struct buf *out, const struct scenario *s)
{
    buf_add_str(out, "{\"name\": ");
    put_words_json(out, s->name);
    buf_add_str(out, ", \"issuesValues\": {");
    for (uint32_t i = 0; i < s->domain.issue_count; i++) {
        const struct domain_issue *issue = &s->domain.issues[i];
        buf_add_str(out, i > 0 ? ",\n  " : "\n  ");
        put_words_json(out, issue->name);
        if (issue->kind == DOMAIN_INTEGER) {
            buf_printf(out, ": {\"range\": [%lld, %lld, 1]}", (long long)issue->low,
                       (long long)issue->high);
            continue;
        }
        buf_add_str(out, ": {\"values\": [");
        for (uint32_t k = 0; k < issue->value_count; k++) {
            buf_add_str(out, k > 0 ? ", " : "");
            put_words_json(out, issue->options[k]);
        }
        buf_add_str(out, "]}");
    }
    buf_add_str(out, "}}");
}

/* A bid that is worth exactly the reservation: options whose worths add up, tried issue by issue;
 * false where the first few thousand tries find none. */
struct bid {
    const struct utility *u;
    const struct domain *d;
    int64_t least[DOMAIN_ISSUES_MAX + 1], most[DOMAIN_ISSUES_MAX + 1]; /* of the issues from i on */
    uint32_t values[DOMAIN_ISSUES_MAX];
    uint32_t tries;
};

static bool find_bid(struct bid *b, uint32_t at, int64_t left)
{
    if (at == b->d->issue_count) {
        return left == 0;
    }
    for (uint32_t k = 0; k < b->d->issues[at].value_count && b->tries > 0; k++) {
        int64_t rest = left - b->u->parts[at].units[k];
        b->tries--;
        b->values[at] = k;
        if (rest >= b->least[at + 1] && rest <= b->most[at + 1] && find_bid(b, at + 1, rest)) {
            return true;
        }
    }
    return false;
}

static bool put_reservation_bid(const struct writing *w, struct buf *out,
                                const struct scenario_party *p)
{
    const struct domain *d = &w->s->domain;
    struct bid b = {.u = &p->utility, .d = d, .tries = 100000};
    if (!p->utility.has_reservation) {
        return true;
    }
    for (uint32_t i = d->issue_count; i-- > 0;) {
        int64_t least, most;
        utility_part_range(&p->utility.parts[i], &d->issues[i], &least, &most);
        b.least[i] = b.least[i + 1] + least;
        b.most[i] = b.most[i + 1] + most;
    }
    if (!find_bid(&b, 0, p->utility.reservation)) {
        return writing_cannot(w, "%.*s's no deal is worth what no package is", TEXT_ARG(p->name));
    }
    buf_add_str(out, ",\n  \"reservationBid\": {\"issuevalues\": {");
    for (uint32_t i = 0; i < d->issue_count; i++) {
        buf_add_str(out, i > 0 ? ", " : "");
        put_words_json(out, d->issues[i].name);
        buf_add_str(out, ": ");
        if (d->issues[i].kind == DOMAIN_DISCRETE) {
            put_words_json(out, d->issues[i].options[b.values[i]]);
        } else {
            buf_printf(out, "%lld", (long long)(d->issues[i].low + b.values[i]));
        }
    }
    buf_add_str(out, "}}");
    return true;
}

static bool straight(const struct utility_part *part, uint32_t count)
{
    for (uint32_t k = 2; k < count; k++) {
        if (part->units[k] - part->units[k - 1] != part->units[k - 1] - part->units[k - 2]) {
            return false;
        }
    }
    return true;
}

static bool put_geniusweb_issue(const struct writing *w, struct buf *out, const struct utility *u,
                                uint32_t at)
{
    const struct domain_issue *issue = &w->s->domain.issues[at];
    const struct utility_part *part = &u->parts[at];
    put_words_json(out, issue->name);
    if (issue->kind == DOMAIN_DISCRETE) {
        buf_add_str(out, ": {\"discreteutils\": {\"valueUtilities\": {");
        put_worths(out, issue, u, part);
        buf_add_str(out, "}}}");
        return true;
    }
    if (!straight(part, issue->value_count) || issue->value_count < 2) {
        return writing_cannot(w, "the worth of the issue %.*s is no straight line",
                              TEXT_ARG(issue->name));
    }
    buf_printf(out,
               ": {\"numberutils\": {\"lowValue\": %lld, \"lowUtility\": ", (long long)issue->low);
    put_utility(out, u, part->units[0]);
    buf_printf(out, ", \"highValue\": %lld, \"highUtility\": ", (long long)issue->high);
    put_utility(out, u, part->units[issue->value_count - 1]);
    buf_add_str(out, "}}");
    return true;
}

/* GeniusWeb wants weights that sum to 1 and utilities up to 1, which the shares of the best values
 * would be; it reads, and this writes, weights of 1 on what each value adds. */
static bool put_geniusweb_profile(struct writing *w, struct buf *out,
                                  const struct scenario_party *p)
{
    const struct domain *d = &w->s->domain;
    buf_add_str(out, "{\"LinearAdditiveUtilitySpace\": {\n  \"name\": ");
    put_words_json(out, p->name);
    buf_add_str(out, ",\n  \"issueWeights\": {");
    for (uint32_t i = 0; i < d->issue_count; i++) {
        buf_add_str(out, i > 0 ? ", " : "");
        put_words_json(out, d->issues[i].name);
        buf_add_str(out, ": 1");
    }
    buf_add_str(out, "},\n  \"issueUtilities\": {");
    for (uint32_t i = 0; i < d->issue_count; i++) {
        buf_add_str(out, i > 0 ? ",\n    " : "\n    ");
        if (!put_geniusweb_issue(w, out, &p->utility, i)) {
            return false;
        }
    }
    buf_add_str(out, "}");
    if (!put_reservation_bid(w, out, p)) {
        return false;
    }
    buf_add_str(out, ",\n  \"domain\": ");
    put_geniusweb_domain(out, w->s);
    buf_add_str(out, "}}\n");
    return true;
}

bool geniusweb_write(struct writing *w)
{
    if (domain_has_real(&w->s->domain)) {
        return writing_cannot(w, "an issue is real");
    }
    if (!writing_plain(w) || !no_discount(w)) {
        return false;
    }
    struct buf *out = writing_domain(w, ".json");
    if (out == NULL) {
        return false;
    }
    put_geniusweb_domain(out, w->s);
    buf_add_u8(out, '\n');
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        out = writing_file(w, w->s->parties[i].name, ".json");
        if (out == NULL || !put_geniusweb_profile(w, out, &w->s->parties[i])) {
            return false;
        }
    }
    return true;
}

/* ---- NegoLog ---- */

bool negolog_write(struct writing *w)
{
    const struct domain *d = &w->s->domain;
    if (!plain_options(w) || !no_discount(w)) {
        return false;
    }
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        const struct scenario_party *p = &w->s->parties[i];
        struct buf *out = writing_file(w, p->name, ".json");
        if (out == NULL) {
            return false;
        }
        buf_add_str(out, "{");
        if (p->utility.has_reservation) {
            buf_add_str(out, "\"reservationValue\": ");
            put_utility(out, &p->utility, p->utility.reservation);
            buf_add_str(out, ", ");
        }
        buf_add_str(out, "\n \"issueWeights\": {");
        for (uint32_t k = 0; k < d->issue_count; k++) {
            buf_add_str(out, k > 0 ? ", " : "");
            put_words_json(out, d->issues[k].name);
            buf_add_str(out, ": 1");
        }
        buf_add_str(out, "},\n \"issues\": {");
        for (uint32_t k = 0; k < d->issue_count; k++) {
            buf_add_str(out, k > 0 ? ",\n  " : "\n  ");
            put_words_json(out, d->issues[k].name);
            buf_add_str(out, ": {");
            put_worths(out, &d->issues[k], &p->utility, &p->utility.parts[k]);
            buf_add_u8(out, '}');
        }
        buf_add_str(out, "}}\n");
    }
    return true;
}

/* ---- NegMAS: JSON that YAML readers take as well ---- */

static void put_negmas_issue(struct buf *out, const struct domain_issue *issue)
{
    buf_add_str(out, "{\"name\": ");
    put_words_json(out, issue->name);
    switch (issue->kind) {
    case DOMAIN_DISCRETE:
        buf_add_str(out, ", \"type\": \"CategoricalIssue\", \"values\": [");
        for (uint32_t k = 0; k < issue->value_count; k++) {
            buf_add_str(out, k > 0 ? ", " : "");
            put_words_json(out, issue->options[k]);
        }
        buf_add_str(out, "]}");
        return;
    case DOMAIN_INTEGER:
        buf_printf(out, ", \"type\": \"ContiguousIssue\", \"values\": [%lld, %lld]}",
                   (long long)issue->low, (long long)issue->high);
        return;
    case DOMAIN_REAL:
        break;
    }
    char low[FIXED_TEXT_MAX], high[FIXED_TEXT_MAX];
    fixed_format(issue->low, issue->decimals, low);
    fixed_format(issue->high, issue->decimals, high);
    buf_printf(out, ", \"type\": \"ContinuousIssue\", \"values\": [%s, %s]}", low, high);
}

/* slope * x + bias through a real issue's two ends, in decimals. */
static bool put_line(const struct writing *w, struct buf *out, const struct utility *u, uint32_t at)
{
    const struct domain_issue *issue = &w->s->domain.issues[at];
    const struct utility_part *p = &u->parts[at];
    if (p->knot_count > 2) {
        return writing_cannot(w, "the worth of the issue %.*s is no straight line",
                              TEXT_ARG(issue->name));
    }
    const struct utility_knot *a = &p->knots[0], *b = &p->knots[p->knot_count - 1];
    if (a->units == b->units) {
        buf_add_str(out, "{\"type\": \"ConstFun\", \"bias\": ");
        put_utility(out, u, a->units);
        buf_add_u8(out, '}');
        return true;
    }
    return writing_cannot(w, "the issue %.*s is real and matters", TEXT_ARG(issue->name));
}

static bool put_negmas_function(const struct writing *w, struct buf *out, const struct utility *u,
                                uint32_t at)
{
    const struct domain_issue *issue = &w->s->domain.issues[at];
    if (issue->kind == DOMAIN_REAL) {
        return put_line(w, out, u, at);
    }
    buf_add_str(out, "{\"type\": \"TableFun\", \"mapping\": {");
    if (issue->kind == DOMAIN_DISCRETE) {
        put_worths(out, issue, u, &u->parts[at]);
    } else {
        for (uint32_t k = 0; k < issue->value_count; k++) {
            buf_printf(out, "%s\"%lld\": ", k > 0 ? ", " : "", (long long)(issue->low + k));
            put_utility(out, u, u->parts[at].units[k]);
        }
    }
    buf_add_str(out, "}}");
    return true;
}

static bool negmas_write(struct writing *w, const char *end)
{
    const struct domain *d = &w->s->domain;
    if (!writing_plain(w) || !no_discount(w)) {
        return false;
    }
    struct buf *out = writing_domain(w, end);
    if (out == NULL) {
        return false;
    }
    buf_add_str(out, "{\"name\": ");
    put_words_json(out, w->s->name);
    buf_add_str(out, ", \"type\": \"DiscreteCartesianOutcomeSpace\", \"issues\": [");
    for (uint32_t i = 0; i < d->issue_count; i++) {
        buf_add_str(out, i > 0 ? ",\n  " : "\n  ");
        put_negmas_issue(out, &d->issues[i]);
    }
    buf_add_str(out, "]}\n");
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        const struct scenario_party *p = &w->s->parties[i];
        out = writing_file(w, p->name, end);
        if (out == NULL) {
            return false;
        }
        buf_add_str(out, "{\"name\": ");
        put_words_json(out, p->name);
        buf_add_str(out, ", \"type\": \"LinearAdditiveUtilityFunction\", \"reserved_value\": ");
        if (p->utility.has_reservation) {
            put_utility(out, &p->utility, p->utility.reservation);
        } else {
            buf_add_str(out, w->format == SCENARIO_NEGMAS_YAML ? "-.inf" : "-Infinity");
        }
        buf_add_str(out, ",\n \"weights\": [");
        for (uint32_t k = 0; k < d->issue_count; k++) {
            buf_add_str(out, k > 0 ? ", 1.0" : "1.0");
        }
        buf_add_str(out, "],\n \"values\": [");
        for (uint32_t k = 0; k < d->issue_count; k++) {
            buf_add_str(out, k > 0 ? ",\n  " : "\n  ");
            if (!put_negmas_function(w, out, &p->utility, k)) {
                return false;
            }
        }
        buf_add_str(out, "]}\n");
    }
    return true;
}

bool negmas_yaml_write(struct writing *w)
{
    return negmas_write(w, ".yml");
}

bool negmas_json_write(struct writing *w)
{
    return negmas_write(w, ".json");
}

/* ---- score sheets ---- */

static void put_score(struct writing *w, struct buf *out, uint32_t party, int64_t units)
{
    buf_add_u8(out, ',');
    if (w->decimal[party]) {
        put_utility(out, &w->s->parties[party].utility, units);
    } else {
        buf_printf(out, "%lld", (long long)units);
    }
}

bool score_csv_write(struct writing *w)
{
    const struct domain *d = &w->s->domain;
    bool scaled = false, floor = false, discount = false;
    if (!plain_options(w)) {
        return false;
    }
    struct buf *out = writing_file(w, w->s->name, ".csv");
    if (out == NULL) {
        return false;
    }
    buf_add_str(out, "issue,option");
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        const struct utility *u = &w->s->parties[i].utility;
        scaled = scaled || !w->decimal[i];
        floor = floor || u->has_reservation;
        discount = discount || u->discount != UTILITY_DISCOUNT_ONE;
        buf_add_u8(out, ',');
        put_words_csv(out, w->s->parties[i].name);
    }
    buf_add_u8(out, '\n');
    for (uint32_t i = 0; i < d->issue_count; i++) {
        for (uint32_t k = 0; k < d->issues[i].value_count; k++) {
            put_words_csv(out, d->issues[i].name);
            buf_add_u8(out, ',');
            put_words_csv(out, d->issues[i].options[k]);
            for (uint32_t n = 0; n < w->s->party_count; n++) {
                const struct utility *u = &w->s->parties[n].utility;
                put_score(w, out, n, u->parts[i].units[k]);
            }
            buf_add_u8(out, '\n');
        }
    }
    for (unsigned row = 0; row < 3; row++) {
        static const char *const words[] = {"no deal,", "out of,", "discount,"};
        if (!(row == 0 ? floor : row == 1 ? scaled : discount)) {
            continue;
        }
        buf_add_str(out, words[row]);
        for (uint32_t n = 0; n < w->s->party_count; n++) {
            const struct utility *u = &w->s->parties[n].utility;
            char text[FIXED_TEXT_MAX];
            if (row == 0 && u->has_reservation) {
                put_score(w, out, n, u->reservation);
            } else if (row == 1 && !w->decimal[n]) {
                buf_printf(out, ",%lld", (long long)u->one);
            } else if (row == 2) {
                fixed_format(u->discount, 12, text);
                buf_printf(out, ",%s", text);
            } else {
                buf_add_u8(out, ',');
            }
        }
        buf_add_u8(out, '\n');
    }
    return true;
}
