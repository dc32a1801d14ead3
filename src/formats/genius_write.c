/* SPDX-License-Identifier: Apache-2.0
 *
 * GENIUS XML.  An issue's weight is the most that it adds, in units; an evaluation is what its value
 * adds.  GENIUS divides each by the highest and the weights by their sum, which gives the utility
 * back exactly where the best package is worth 1.  Where it is worth less, one issue weighs what is
 * missing as well: of options, a value that is in no package is the highest there.
 */
#include "base/fixed.h"
#include "base/markup.h"
#include "base/num.h"
#include "formats/scenario_write_priv.h"
#include "prefs/decimal.h"

__extension__ typedef __int128 wide;

#define SPARE_VALUE "(never offered)"

static void put_attribute(struct buf *out, const char *name, struct text value)
{
    buf_printf(out, " %s=\"", name);
    markup_attribute(out, value);
    buf_add_u8(out, '"');
}

static void put_open(struct buf *out, const struct domain_issue *issue, uint32_t index)
{
    static const char *const types[] = {"discrete", "integer", "real"};
    const char *type = types[issue->kind];
    buf_printf(out, "      <issue index=\"%u\"", index + 1);
    put_attribute(out, "name", issue->name);
    buf_printf(out, " vtype=\"%s\" type=\"%s\" etype=\"%s\"", type, type, type);
    if (issue->kind == DOMAIN_INTEGER) {
        buf_printf(out, " lowerbound=\"%lld\" upperbound=\"%lld\"", (long long)issue->low,
                   (long long)issue->high);
    }
    buf_add_str(out, ">\n");
    if (issue->kind == DOMAIN_REAL) {
        char low[FIXED_TEXT_MAX], high[FIXED_TEXT_MAX];
        fixed_format(issue->low, issue->decimals, low);
        fixed_format(issue->high, issue->decimals, high);
        buf_printf(out, "        <range lowerbound=\"%s\" upperbound=\"%s\"/>\n", low, high);
    }
}

static void put_item(struct buf *out, uint32_t index, struct text value)
{
    buf_printf(out, "        <item index=\"%u\"", index + 1);
    put_attribute(out, "value", value);
}

static void put_domain(struct buf *out, const struct domain *d)
{
    buf_printf(out,
               "<negotiation_template>\n  <utility_space number_of_issues=\"%u\">\n"
               "    <objective index=\"0\" etype=\"objective\" type=\"objective\" "
               "description=\"\" name=\"root\">\n",
               d->issue_count);
    for (uint32_t i = 0; i < d->issue_count; i++) {
        put_open(out, &d->issues[i], i);
        for (uint32_t k = 0; d->issues[i].kind == DOMAIN_DISCRETE && k < d->issues[i].value_count;
             k++) {
            put_item(out, k, d->issues[i].options[k]);
            buf_add_str(out, "/>\n");
        }
        buf_add_str(out, "      </issue>\n");
    }
    buf_add_str(out, "    </objective>\n  </utility_space>\n</negotiation_template>\n");
}

/* A line through two points, cut at 0 and at most; every point of the issue lies on it. */
struct line {
    int64_t x1, x2, y1, y2;
};

static bool on_line(const struct line *l, int64_t x, int64_t y, int64_t most, int64_t off)
{
    wide width = (wide)l->x2 - l->x1;
    wide v = (wide)l->y1 * width + ((wide)l->y2 - l->y1) * ((wide)x - l->x1);
    v = v < 0 ? 0 : v > (wide)most * width ? (wide)most * width : v;
    wide gap = v - (wide)y * width;
    return gap <= (wide)off * width && gap >= -(wide)off * width;
}

/* Points between 0 and the most show the line; where there are fewer than two, the step does. */
static bool find_line(const int64_t *x, const int64_t *y, uint32_t n, int64_t most, int64_t off,
                      struct line *out)
{
    uint32_t first = UINT32_MAX, last = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (y[i] > 0 && y[i] < most) {
            first = first == UINT32_MAX ? i : first;
            last = i;
        }
    }
    if (first == UINT32_MAX || first == last) {
        uint32_t at = first == UINT32_MAX ? 0 : first;
        while (at + 1 < n && y[at] == y[at + 1]) {
            at++;
        }
        at = at + 1 == n && at > 0 ? at - 1 : at;
        first = at;
        last = at + 1 < n ? at + 1 : at;
    }
    *out = (struct line){.x1 = x[first], .x2 = x[last], .y1 = y[first], .y2 = y[last]};
    if (first == last) {
        out->x2++;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!on_line(out, x[i], y[i], most, off)) {
            return false;
        }
    }
    return true;
}

/* slope = rise / (width * most), offset = (y1 * width - rise * x1) / (width * most), over a whole.
 * Products are rounded to 18 digits, far below what an evaluation shows. */
struct line_decimals {
    struct decimal slope, offset, whole;
};

static bool decimals_of(const struct line *l, int64_t most, unsigned decimals,
                        struct line_decimals *out)
{
    int64_t width, rise;
    if (!i64_sub(l->x2, l->x1, &width) || !i64_sub(l->y2, l->y1, &rise) ||
        width > DECIMAL_UNITS_MAX || most > DECIMAL_UNITS_MAX || rise > DECIMAL_UNITS_MAX ||
        rise < -DECIMAL_UNITS_MAX || l->y1 > DECIMAL_UNITS_MAX) {
        return false;
    }
    struct decimal y = decimal_of(l->y1, 0), x = decimal_of(l->x1, 0);
    struct decimal wide_by = decimal_of(width, 0), up = decimal_of(rise, 0);
    return decimal_mul(wide_by, decimal_of(most, 0), &out->whole) &&
           decimal_mul(up, decimal_of(1, (int)decimals), &out->slope) &&
           decimal_mul(y, wide_by, &y) && decimal_mul(up, x, &x) &&
           decimal_add(y, decimal_neg(x), &out->offset);
}

/* The evaluator's slope and offset, of the most that the issue adds; decimals of x. */
static bool put_evaluator(const struct writing *w, struct buf *out, const struct utility *u,
                          uint32_t at, int64_t most)
{
    const struct domain_issue *issue = &w->s->domain.issues[at];
    const struct utility_part *p = &u->parts[at];
    bool real = issue->kind == DOMAIN_REAL;
    uint32_t n = real ? p->knot_count : issue->value_count;
    int64_t *x = ARENA_NEW(w->mem, int64_t, n), *y = ARENA_NEW(w->mem, int64_t, n);
    struct line l;
    if (x == NULL || y == NULL) {
        return err_memory(w->err, "a scenario");
    }
    for (uint32_t i = 0; i < n; i++) {
        x[i] = real ? p->knots[i].at : i;
        y[i] = real ? p->knots[i].units : p->units[i];
    }
    if (!find_line(x, y, n, most, u->exact ? 0 : 4 + u->slack, &l)) {
        return writing_cannot(w, "the worth of the issue %.*s is no straight line",
                              TEXT_ARG(issue->name));
    }
    struct line_decimals v;
    if (!decimals_of(&l, most, issue->decimals, &v)) {
        return writing_cannot(w, "the worth of the issue %.*s is as fine as it is",
                              TEXT_ARG(issue->name));
    }
    buf_printf(out, "        <evaluator ftype=\"linear\" %s=\"", real ? "parameter1" : "slope");
    put_share(out, v.slope, v.whole);
    buf_printf(out, "\" %s=\"", real ? "parameter0" : "offset");
    put_share(out, v.offset, v.whole);
    buf_add_str(out, "\"/>\n");
    return true;
}

/* GENIUS has no "any package is better than none": what the worst package is worth means the same,
 * and so does 0 where nothing is worth less, though then no deal looks worse than it is. */
static int64_t no_reservation(const struct writing *w, const struct scenario_party *p)
{
    int64_t sum = 0;
    if (!utility_is_additive(&p->utility) || !w->decimal[p - w->s->parties]) {
        return 0;
    }
    for (uint32_t i = 0; i < w->s->domain.issue_count; i++) {
        int64_t least, most;
        utility_part_range(&p->utility.parts[i], &w->s->domain.issues[i], &least, &most);
        sum += least;
    }
    return sum;
}

static bool put_ends(const struct writing *w, struct buf *out, const struct scenario_party *p)
{
    const struct utility *u = &p->utility;
    if (u->discount == 0) {
        return writing_cannot(w, "%.*s's discount is 0", TEXT_ARG(p->name));
    }
    char discount[FIXED_TEXT_MAX];
    fixed_format(u->discount, 12, discount);
    buf_printf(out, "  <discount_factor value=\"%s\"/>\n  <reservation value=\"", discount);
    put_utility(out, u, u->has_reservation ? u->reservation : no_reservation(w, p));
    buf_add_str(out, "\"/>\n</utility_space>\n");
    return true;
}

static bool put_additive(struct writing *w, struct buf *out, const struct scenario_party *p)
{
    const struct domain *d = &w->s->domain;
    const struct utility *u = &p->utility;
    int64_t most[DOMAIN_ISSUES_MAX], sum = 0;
    uint32_t spare = UINT32_MAX;
    for (uint32_t i = 0; i < d->issue_count; i++) {
        int64_t least;
        utility_part_range(&u->parts[i], &d->issues[i], &least, &most[i]);
        if (least < 0) {
            return writing_cannot(w, "a value of %.*s is worth less than 0 to %.*s",
                                  TEXT_ARG(d->issues[i].name), TEXT_ARG(p->name));
        }
        sum += most[i];
        if (spare == UINT32_MAX ||
            (d->issues[i].kind == DOMAIN_DISCRETE && d->issues[spare].kind != DOMAIN_DISCRETE)) {
            spare = i;
        }
    }
    int64_t off = u->exact ? 0 : 4 + u->slack;
    if (sum > u->one + off) {
        return writing_cannot(w, "the best package is worth more than 1 to %.*s",
                              TEXT_ARG(p->name));
    }
    int64_t missing = sum < u->one - off ? u->one - sum : 0;
    buf_printf(out,
               "<utility_space number_of_issues=\"%u\">\n  <objective index=\"0\" "
               "etype=\"objective\" type=\"objective\" description=\"\" name=\"root\">\n",
               d->issue_count);
    for (uint32_t i = 0; i < d->issue_count; i++) {
        const struct domain_issue *issue = &d->issues[i];
        int64_t weight = most[i] + (i == spare ? missing : 0);
        put_open(out, issue, i);
        if (issue->kind != DOMAIN_DISCRETE) {
            if (weight > 0 && !put_evaluator(w, out, u, i, weight)) {
                return false;
            }
        } else {
            for (uint32_t k = 0; k < issue->value_count; k++) {
                put_item(out, k, issue->options[k]);
                buf_printf(out, " evaluation=\"%lld\"/>\n", (long long)u->parts[i].units[k]);
            }
            if (i == spare && missing > 0) {
                put_item(out, issue->value_count, text_str(SPARE_VALUE));
                buf_printf(out, " evaluation=\"%lld\"/>\n", (long long)weight);
            }
        }
        buf_add_str(out, "      </issue>\n");
        buf_printf(out, "      <weight index=\"%u\" value=\"%lld\"/>\n", i + 1, (long long)weight);
    }
    buf_add_str(out, "  </objective>\n");
    return put_ends(w, out, p);
}

static bool put_rectangles(struct writing *w, struct buf *out, const struct scenario_party *p)
{
    const struct domain *d = &w->s->domain;
    const struct utility *u = &p->utility;
    int64_t sum = 0;
    for (uint32_t i = 0; i < d->issue_count; i++) {
        int64_t least, most;
        utility_part_range(&u->parts[i], &d->issues[i], &least, &most);
        if (least != 0 || most != 0 || d->issues[i].kind != DOMAIN_INTEGER) {
            return writing_cannot(w, "issues of %.*s hang together and count by themselves as well",
                                  TEXT_ARG(p->name));
        }
    }
    for (uint32_t i = 0; i < u->term_count; i++) {
        sum += u->terms[i].units > 0 ? u->terms[i].units : 0;
    }
    if (u->zero_count > 0 || (u->cap == INT64_MAX ? sum > u->one : u->cap != u->one)) {
        return writing_cannot(w, "packages of %.*s are worth 0, or above 1", TEXT_ARG(p->name));
    }
    buf_add_str(out, "<utility_space type=\"nonlinear\">\n  <objective index=\"0\" "
                     "etype=\"objective\" type=\"objective\" description=\"\" name=\"root\">\n");
    for (uint32_t i = 0; i < d->issue_count; i++) {
        put_open(out, &d->issues[i], i);
        buf_add_str(out, "      </issue>\n");
    }
    buf_printf(out,
               "    <utility maxutility=\"%lld\">\n"
               "      <ufun type=\"PlainUfun\" weight=\"1\" aggregation=\"sum\">\n",
               (long long)u->one);
    for (uint32_t i = 0; i < u->term_count; i++) {
        buf_printf(out, "        <hyperRectangle utility=\"%lld\">\n",
                   (long long)u->terms[i].units);
        for (uint32_t k = 0; k < u->terms[i].box.limit_count; k++) {
            const struct domain_limit *l = &u->terms[i].box.limits[k];
            int64_t base = d->issues[l->issue].low;
            buf_printf(out, "          <INCLUDES index=\"%u\" min=\"%lld\" max=\"%lld\"/>\n",
                       l->issue + 1, (long long)(base + l->low), (long long)(base + l->high));
        }
        buf_add_str(out, "        </hyperRectangle>\n");
    }
    buf_add_str(out, "      </ufun>\n    </utility>\n  </objective>\n");
    return put_ends(w, out, p);
}

bool genius_write(struct writing *w)
{
    struct buf *out = writing_domain(w, ".xml");
    if (out == NULL) {
        return false;
    }
    if (w->s->domain.forbidden_count > 0) {
        return writing_cannot(w, "combinations are forbidden");
    }
    put_domain(out, &w->s->domain);
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        const struct scenario_party *p = &w->s->parties[i];
        if (p->utility.red_line_count > 0) {
            return writing_cannot(w, "%.*s has red lines", TEXT_ARG(p->name));
        }
        if (p->utility.table != NULL) {
            return writing_cannot(w, "%.*s has a table", TEXT_ARG(p->name));
        }
        out = writing_file(w, p->name, ".xml");
        if (out == NULL || !(utility_is_additive(&p->utility) ? put_additive(w, out, p)
                                                              : put_rectangles(w, out, p))) {
            return false;
        }
    }
    return true;
}
