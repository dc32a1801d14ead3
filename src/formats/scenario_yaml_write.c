/* SPDX-License-Identifier: Apache-2.0
 *
 * Entente's own YAML, so that reading it gives the same scenario, and that people can read it.
 */
#include "base/fixed.h"
#include "formats/scenario_limits.h"
#include "formats/scenario_write_priv.h"

#define LINE_MAX 90u

struct points {
    const struct utility *u;
    bool decimal;
};

/* Points: decimals where the scale is one, else units of "out-of". */
static void put_points(struct buf *out, const struct points *p, int64_t units)
{
    if (p->decimal) {
        put_utility(out, p->u, units);
    } else {
        buf_printf(out, "%lld", (long long)units);
    }
}

static void put_issue(struct buf *out, const struct domain_issue *issue)
{
    char low[FIXED_TEXT_MAX], high[FIXED_TEXT_MAX];
    buf_add_str(out, "  ");
    put_words_yaml(out, issue->name);
    if (issue->kind == DOMAIN_DISCRETE) {
        size_t start = out->n;
        buf_add_str(out, ": [");
        for (uint32_t i = 0; i < issue->value_count; i++) {
            if (i > 0) {
                buf_add_str(out, out->n - start > LINE_MAX ? ",\n    " : ", ");
                start = out->n - start > LINE_MAX ? out->n : start;
            }
            put_words_yaml(out, issue->options[i]);
        }
        buf_add_str(out, "]\n");
        return;
    }
    fixed_format(issue->low, issue->decimals, low);
    fixed_format(issue->high, issue->decimals, high);
    buf_printf(out, ": {from: %s, to: %s", low, high);
    if (issue->kind == DOMAIN_REAL) {
        buf_printf(out, ", real: yes, decimals: %u", issue->decimals);
    }
    buf_add_str(out, "}\n");
}

static bool put_box(struct writing *w, struct buf *out, const struct domain_box *box)
{
    buf_add_u8(out, '{');
    for (uint32_t i = 0; i < box->limit_count; i++) {
        const struct domain_limit *l = &box->limits[i];
        const struct domain_issue *issue = &w->s->domain.issues[l->issue];
        struct text words = limits_words(issue, l->low, l->high, w->mem);
        if (words.n == 0 && !w->mem->failed) {
            return writing_cannot(w, "a combination reaches over options whose names hold \"..\"");
        }
        buf_add_str(out, i > 0 ? ", " : "");
        put_words_yaml(out, issue->name);
        buf_add_str(out, ": ");
        put_words_yaml(out, words);
    }
    buf_add_u8(out, '}');
    return true;
}

static bool put_boxes(struct writing *w, struct buf *out, const char *indent, const char *key,
                      const struct domain_box *boxes, uint32_t count)
{
    if (count > 0) {
        buf_printf(out, "%s%s:\n", indent, key);
    }
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(out, "%s  - ", indent);
        if (!put_box(w, out, &boxes[i])) {
            return false;
        }
        buf_add_u8(out, '\n');
    }
    return true;
}

/* Is a whole number's worth what the line between its neighbours says?  Then it is left out. */
static bool on_the_way(const int64_t *units, uint32_t from, uint32_t at, uint32_t count)
{
    return at > from && at + 1 < count && units[at] - units[at - 1] == units[at + 1] - units[at];
}

static void put_value(struct writing *w, struct buf *out, const struct points *p,
                      const struct domain_issue *issue, int64_t value, int64_t units, size_t *start,
                      bool first)
{
    if (!first) {
        buf_add_str(out, out->n - *start > LINE_MAX ? ",\n        " : ", ");
        *start = out->n - *start > LINE_MAX ? out->n : *start;
    }
    put_words_yaml(out, writing_value(w, issue, value));
    buf_add_str(out, ": ");
    put_points(out, p, units);
}

static void put_part(struct writing *w, struct buf *out, const struct points *pt, uint32_t at)
{
    const struct domain_issue *issue = &w->s->domain.issues[at];
    const struct utility_part *p = &pt->u->parts[at];
    size_t start = out->n;
    buf_add_str(out, "      ");
    put_words_yaml(out, issue->name);
    buf_add_str(out, ": {");
    if (issue->kind == DOMAIN_REAL) {
        for (uint32_t i = 0; i < p->knot_count; i++) {
            put_value(w, out, pt, issue, p->knots[i].at, p->knots[i].units, &start, i == 0);
        }
    } else {
        for (uint32_t i = 0; i < issue->value_count; i++) {
            if (issue->kind == DOMAIN_DISCRETE || !on_the_way(p->units, 0, i, issue->value_count)) {
                size_t mark = arena_mark(w->mem);
                put_value(w, out, pt, issue, i, p->units[i], &start, i == 0);
                arena_rewind(w->mem, mark);
            }
        }
    }
    buf_add_str(out, "}\n");
}

static bool put_preferences(struct writing *w, struct buf *out, const struct points *p)
{
    const struct utility *u = p->u;
    if (u->table != NULL) {
        size_t start = out->n;
        buf_add_str(out, "    table: [");
        for (uint32_t i = 0; i < u->table_count; i++) {
            if (i > 0) {
                buf_add_str(out, out->n - start > LINE_MAX ? ",\n      " : ", ");
                start = out->n - start > LINE_MAX ? out->n : start;
            }
            put_points(out, p, u->table[i]);
        }
        buf_add_str(out, "]\n");
        return true;
    }
    buf_add_str(out, "    worth:\n");
    for (uint32_t i = 0; i < w->s->domain.issue_count; i++) {
        put_part(w, out, p, i);
    }
    if (u->term_count > 0) {
        buf_add_str(out, "    together:\n");
    }
    for (uint32_t i = 0; i < u->term_count; i++) {
        buf_add_str(out, "      - {when: ");
        if (!put_box(w, out, &u->terms[i].box)) {
            return false;
        }
        buf_add_str(out, ", worth: ");
        put_points(out, p, u->terms[i].units);
        buf_add_str(out, "}\n");
    }
    return true;
}

static bool put_party(struct writing *w, struct buf *out, uint32_t at)
{
    const struct scenario_party *party = &w->s->parties[at];
    const struct utility *u = &party->utility;
    const struct points points = {.u = u, .decimal = w->decimal[at]};
    buf_add_str(out, "  ");
    put_words_yaml(out, party->name);
    buf_add_str(out, ":\n");
    if (!points.decimal) {
        buf_printf(out, "    out-of: %lld\n", (long long)u->one);
    }
    if (!u->exact) {
        buf_add_str(out, "    rounded: yes\n");
    }
    if (u->has_reservation) {
        buf_add_str(out, "    no-deal: ");
        put_points(out, &points, u->reservation);
        buf_add_u8(out, '\n');
    }
    if (u->discount != UTILITY_DISCOUNT_ONE) {
        char d[FIXED_TEXT_MAX];
        fixed_format(u->discount, 12, d);
        buf_printf(out, "    discount: %s\n", d);
    }
    if (u->cap != INT64_MAX) {
        buf_add_str(out, "    at-most: ");
        put_points(out, &points, u->cap);
        buf_add_u8(out, '\n');
    }
    return put_preferences(w, out, &points) &&
           put_boxes(w, out, "    ", "worthless", u->zeros, u->zero_count) &&
           put_boxes(w, out, "    ", "never", u->red_lines, u->red_line_count);
}

bool scenario_yaml_write(struct writing *w)
{
    const struct domain *d = &w->s->domain;
    struct buf *out = writing_file(w, w->s->name, ".yaml");
    if (out == NULL) {
        return false;
    }
    buf_add_str(out, "scenario: ");
    put_words_yaml(out, w->s->name);
    buf_add_str(out, "\nissues:\n");
    for (uint32_t i = 0; i < d->issue_count; i++) {
        put_issue(out, &d->issues[i]);
    }
    if (!put_boxes(w, out, "", "forbidden", d->forbidden, d->forbidden_count)) {
        return false;
    }
    buf_add_str(out, "parties:\n");
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        if (!put_party(w, out, i)) {
            return false;
        }
    }
    return true;
}
