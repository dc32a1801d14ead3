/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/convert.h"

#include "base/check.h"

struct grid {
    uint32_t count;
    int64_t *at; /* ascending */
};

static void grid_add(struct grid *g, int64_t v)
{
    uint32_t at = g->count;
    while (at > 0 && g->at[at - 1] >= v) {
        if (g->at[at - 1] == v) {
            return;
        }
        at--;
    }
    memmove(g->at + at + 1, g->at + at, (g->count - at) * sizeof(*g->at));
    g->at[at] = v;
    g->count++;
}

static void grid_box(struct grid *g, const struct domain_issue *issue, uint32_t i,
                     const struct domain_box *box)
{
    for (uint32_t l = 0; l < box->limit_count; l++) {
        if (box->limits[l].issue == i && g->count + 4 < PROBLEM_OPTIONS_MAX) {
            /* Both sides of each end: worth jumps there. */
            const struct domain_limit *e = &box->limits[l];
            grid_add(g, e->low);
            grid_add(g, e->high);
            if (e->low > issue->low) {
                grid_add(g, e->low - 1);
            }
            if (e->high < issue->high) {
                grid_add(g, e->high + 1);
            }
        }
    }
}

static bool make_grid(const struct scenario *s, uint32_t i, uint32_t real_values,
                      const int64_t *also, struct arena *mem, struct grid *out, struct err *err)
{
    const struct domain_issue *issue = &s->domain.issues[i];
    struct grid g = {0};
    g.at = ARENA_NEW(mem, int64_t, PROBLEM_OPTIONS_MAX);
    if (g.at == NULL) {
        return err_memory(err, "the values of a real issue");
    }
    wide_signed span = (wide_signed)issue->high - issue->low;
    for (uint32_t n = 0; n <= real_values; n++) {
        grid_add(&g, issue->low + (int64_t)(span * n / (real_values == 0 ? 1 : real_values)));
    }
    if (also != NULL) {
        grid_add(&g, also[i]);
    }
    for (uint32_t k = 0; k < s->party_count; k++) {
        const struct utility *u = &s->parties[k].utility;
        for (uint32_t n = 0; u->parts != NULL && n < u->parts[i].knot_count; n++) {
            grid_add(&g, u->parts[i].knots[n].at);
        }
        for (uint32_t b = 0; b < u->term_count; b++) {
            grid_box(&g, issue, i, &u->terms[b].box);
        }
        for (uint32_t b = 0; b < u->zero_count; b++) {
            grid_box(&g, issue, i, &u->zeros[b]);
        }
        for (uint32_t b = 0; b < u->red_line_count; b++) {
            grid_box(&g, issue, i, &u->red_lines[b]);
        }
    }
    for (uint32_t b = 0; b < s->domain.forbidden_count; b++) {
        grid_box(&g, issue, i, &s->domain.forbidden[b]);
    }
    *out = g;
    return true;
}

int64_t convert_value(const struct converted *c, uint32_t issue, uint32_t option)
{
    return c->values[issue] == NULL ? (int64_t)option : c->values[issue][option];
}

uint32_t convert_option(const struct converted *c, uint32_t issue, int64_t value)
{
    const int64_t *at = c->values[issue];
    uint32_t best = 0;
    if (at == NULL) {
        return (uint32_t)value; /* a place */
    }
    for (uint32_t o = 1; o < c->problem.options[issue]; o++) {
        wide_signed near = (wide_signed)at[o] - value;
        wide_signed was = (wide_signed)at[best] - value;
        best = (near < 0 ? -near : near) < (was < 0 ? -was : was) ? o : best;
    }
    return best;
}

/* The first option whose value is at least v. */
static uint32_t option_from(const struct converted *c, uint32_t issue, int64_t v)
{
    if (c->values[issue] == NULL) {
        return (uint32_t)v; /* a place */
    }
    uint32_t o = 0;
    while (o < c->problem.options[issue] && c->values[issue][o] < v) {
        o++;
    }
    return o;
}

static bool add_box(struct converted *c, struct problem_box *b, const struct domain_box *box,
                    struct arena *mem, struct err *err)
{
    struct problem_range *ranges = ARENA_NEW(mem, struct problem_range, box->limit_count);
    if (ranges == NULL) {
        return err_memory(err, "the combined terms");
    }
    for (uint32_t l = 0; l < box->limit_count; l++) {
        const struct domain_limit *e = &box->limits[l];
        uint32_t low = option_from(c, e->issue, e->low);
        uint32_t high = c->values[e->issue] == NULL ? (uint32_t)e->high
                                                    : option_from(c, e->issue, e->high);
        ranges[l] = (struct problem_range){.issue = e->issue, .low = low, .high = high};
    }
    b->range_count = box->limit_count;
    b->ranges = ranges;
    return true;
}

/* A term over all packages is a constant: it is booked on the first issue, so that worths still add
 * up. */
static bool is_constant(const struct utility *u, uint32_t term)
{
    return u->terms[term].box.limit_count == 0 && u->parts != NULL && u->table == NULL;
}

static int64_t constant_of(const struct utility *u)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < u->term_count; i++) {
        sum += is_constant(u, i) ? u->terms[i].units : 0;
    }
    return sum;
}

static uint32_t constants(const struct utility *u)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < u->term_count; i++) {
        count += is_constant(u, i);
    }
    return count;
}

static bool add_boxes(struct converted *c, struct problem_box *boxes, struct arena *mem,
                      struct err *err)
{
    const struct scenario *s = c->scenario;
    uint32_t at = 0;
    for (uint32_t i = 0; i < s->domain.forbidden_count; i++, at++) {
        boxes[at].kind = PROBLEM_BOX_FORBIDS;
        boxes[at].party = PROBLEM_NOBODY;
        if (!add_box(c, &boxes[at], &s->domain.forbidden[i], mem, err)) {
            return false;
        }
    }
    for (uint32_t k = 0; k < s->party_count; k++) {
        const struct utility *u = &s->parties[k].utility;
        for (uint32_t i = 0; i < u->term_count; i++) {
            if (is_constant(u, i)) {
                continue;
            }
            boxes[at] = (struct problem_box){
                .kind = PROBLEM_BOX_ADDS, .party = k, .worth = u->terms[i].units};
            if (!add_box(c, &boxes[at++], &u->terms[i].box, mem, err)) {
                return false;
            }
        }
        for (uint32_t i = 0; i < u->zero_count; i++, at++) {
            boxes[at] = (struct problem_box){.kind = PROBLEM_BOX_ZERO, .party = k};
            if (!add_box(c, &boxes[at], &u->zeros[i], mem, err)) {
                return false;
            }
        }
        for (uint32_t i = 0; i < u->red_line_count; i++, at++) {
            boxes[at] = (struct problem_box){.kind = PROBLEM_BOX_FORBIDS, .party = k};
            if (!add_box(c, &boxes[at], &u->red_lines[i], mem, err)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- finer units ---- */

enum { FINE_ENOUGH = 15 };                    /* decimals of a utility, where they fit */
static const wide scaled_max = (wide)1 << 60; /* of all worths of a party */

static wide greatest_divisor(wide x, wide y)
{
    while (y != 0) {
        wide t = x % y;
        x = y;
        y = t;
    }
    return x;
}

/* The knots around v, the lower one; they are two at least, and v is between the outer ones. */
static const struct utility_knot *knot_below(const struct utility_part *part, int64_t v)
{
    uint32_t n = 0;
    while (n + 2 < part->knot_count && part->knots[n + 1].at <= v) {
        n++;
    }
    return &part->knots[n];
}

/* What the worth at v is short of a whole number: by what it would have to be multiplied. */
static wide denominator_at(const struct utility_part *part, int64_t v)
{
    if (part->knot_count < 2) {
        return 1;
    }
    const struct utility_knot *k = knot_below(part, v);
    wide_signed rise = (wide_signed)(k[1].units - k[0].units) * (v - k[0].at);
    wide way = (wide)(k[1].at - k[0].at);
    return way / greatest_divisor((wide)(rise < 0 ? -rise : rise), way);
}

/* The worth at v, in finer units, to the nearest. */
static int64_t part_scaled(const struct utility_part *part, int64_t v, int64_t scale)
{
    if (part->units != NULL || part->knot_count < 2 || scale == 1) {
        return utility_part_units(part, v) * scale;
    }
    const struct utility_knot *k = knot_below(part, v);
    wide_signed way = k[1].at - k[0].at;
    wide_signed rise = (wide_signed)(k[1].units - k[0].units) * scale * (v - k[0].at);
    wide_signed twice = 2 * rise + way;
    wide_signed near = twice / (2 * way);
    near -= twice < 0 && near * 2 * way != twice ? 1 : 0;
    return k[0].units * scale + (int64_t)near; /* below scaled_max */
}

static wide reach_of(const struct scenario *s, const struct utility *u)
{
    wide reach = 1;
    for (uint32_t i = 0; i < s->domain.issue_count; i++) {
        int64_t least;
        int64_t most;
        utility_part_range(&u->parts[i], &s->domain.issues[i], &least, &most);
        wide below = (wide)(least < 0 ? -(wide_signed)least : least);
        wide above = (wide)(most < 0 ? -(wide_signed)most : most);
        reach += below > above ? below : above;
    }
    wide_signed none = u->reservation;
    return reach + (wide)(none < 0 ? -none : none);
}

/* Finer, so that the worth at v is a whole number; where that has no room it stays rounded. */
static void refine(struct converted *c, uint32_t party, const struct utility_part *part, int64_t v,
                   wide limit, wide *scale)
{
    wide d = denominator_at(part, v);
    wide more = d / greatest_divisor(d, *scale);
    if (more <= limit / *scale) {
        *scale *= more;
    } else {
        c->slack[party]++;
    }
}

static void set_scale(struct converted *c, uint32_t party, const int64_t *also)
{
    const struct scenario *s = c->scenario;
    const struct utility *u = &s->parties[party].utility;
    wide largest = reach_of(s, u);
    largest = largest > (wide)u->one ? largest : (wide)u->one;
    wide limit = scaled_max / largest;
    wide scale = 1;
    if (limit == 0) {
        return; /* no room for anything finer */
    }
    for (uint32_t i = 0; i < s->domain.issue_count; i++) {
        if (s->domain.issues[i].kind != DOMAIN_REAL) {
            continue;
        }
        for (uint32_t k = 0; k < s->party_count; k++) {
            const struct utility_part *other = &s->parties[k].utility.parts[i];
            for (uint32_t n = 0; n < other->knot_count; n++) {
                refine(c, party, &u->parts[i], other->knots[n].at, limit, &scale);
            }
        }
    }
    for (uint32_t i = 0; also != NULL && i < s->domain.issue_count; i++) {
        if (s->domain.issues[i].kind == DOMAIN_REAL) {
            refine(c, party, &u->parts[i], also[i], limit, &scale);
        }
    }
    wide one = (wide)u->one;
    wide fine = 1;
    for (unsigned i = 0; i < FINE_ENOUGH; i++) {
        fine *= 10;
    }
    while (scale * one < fine && scale * 10 <= limit) {
        scale *= 10;
    }
    c->scale[party] = (int64_t)scale; /* at most scaled_max */
}

/* All worths are sums of parts, so that a party's units may be any. */
static bool is_plain(const struct scenario *s)
{
    bool plain = s->domain.forbidden_count == 0;
    for (uint32_t k = 0; k < s->party_count; k++) {
        const struct utility *u = &s->parties[k].utility;
        plain = plain && utility_is_additive(u) && u->red_line_count == 0 && u->parts != NULL;
    }
    return plain;
}

static bool add_worths(struct converted *c, uint32_t i, uint32_t options, int64_t **out,
                       struct arena *mem, struct err *err)
{
    const struct scenario *s = c->scenario;
    int64_t *w = ARENA_NEW(mem, int64_t, (size_t)options * s->party_count);
    if (w == NULL) {
        return err_memory(err, "the worths");
    }
    for (uint32_t k = 0; k < s->party_count; k++) {
        const struct utility *u = &s->parties[k].utility;
        int64_t jump = 0;
        int64_t constant = i == 0 ? constant_of(u) * c->scale[k] : 0;
        for (uint32_t o = 0; u->parts != NULL && o < options; o++) {
            int64_t v = constant + part_scaled(&u->parts[i], convert_value(c, i, o), c->scale[k]);
            w[(size_t)o * s->party_count + k] = v;
            if (o > 0) {
                int64_t step = v - w[(size_t)(o - 1) * s->party_count + k];
                step = step < 0 ? -step : step;
                jump = step > jump ? step : jump;
            }
        }
        if (c->values[i] != NULL) {
            c->grid[k] += (jump + 1) / 2 + (jump > 0);
        }
    }
    *out = w;
    return true;
}

bool convert_scenario(const struct scenario *s, uint32_t real_values, const int64_t *also,
                      struct arena *mem, struct converted *out, struct err *err)
{
    uint32_t n = s->domain.issue_count;
    uint32_t boxes = s->domain.forbidden_count;
    const bool plain = is_plain(s);
    bool capped = false;
    bool tabled = false;
    if (s->party_count > PROBLEM_PARTIES_MAX) {
        return err_set(err, ERR_LIMIT, "%u parties; the analysis takes %u", s->party_count,
                       PROBLEM_PARTIES_MAX);
    }
    uint32_t *options = ARENA_NEW(mem, uint32_t, n);
    const int64_t **worth = ARENA_NEW(mem, const int64_t *, n);
    const int64_t **values = ARENA_NEW(mem, const int64_t *, n);
    int64_t *cap = ARENA_NEW(mem, int64_t, s->party_count);
    const int64_t **table = ARENA_NEW(mem, const int64_t *, s->party_count);
    int64_t *unit = ARENA_NEW(mem, int64_t, s->party_count);
    int64_t *reserve = ARENA_NEW(mem, int64_t, s->party_count);
    if (mem->failed) {
        return err_memory(err, "the scenario");
    }
    *out = (struct converted){.scenario = s, .values = values};
    for (uint32_t k = 0; k < s->party_count; k++) {
        const struct utility *u = &s->parties[k].utility;
        out->scale[k] = 1;
        if (plain && domain_has_real(&s->domain)) {
            set_scale(out, k, also);
        }
        out->slack[k] += u->slack * out->scale[k];
        unit[k] = u->one * out->scale[k];
        reserve[k] = u->has_reservation ? u->reservation * out->scale[k] : PROBLEM_NONE;
        cap[k] = u->cap;
        table[k] = u->table;
        capped = capped || u->cap != INT64_MAX;
        tabled = tabled || u->table != NULL;
        boxes += u->term_count - constants(u) + u->zero_count + u->red_line_count;
    }
    for (uint32_t i = 0; i < n; i++) {
        int64_t *w = NULL;
        options[i] = s->domain.issues[i].value_count;
        if (s->domain.issues[i].kind == DOMAIN_REAL) {
            struct grid g;
            if (!make_grid(s, i, real_values, also, mem, &g, err)) {
                return false;
            }
            options[i] = g.count;
            values[i] = g.at;
        }
        if (!add_worths(out, i, options[i], &w, mem, err)) {
            return false;
        }
        worth[i] = w;
    }
    struct problem_box *made = ARENA_NEW(mem, struct problem_box, boxes);
    if (made == NULL) {
        return err_memory(err, "the combined terms");
    }
    out->problem = (struct problem){.parties = s->party_count,
                                    .issues = n,
                                    .options = options,
                                    .worth = worth,
                                    .box_count = boxes,
                                    .boxes = made,
                                    .cap = capped ? cap : NULL,
                                    .table = tabled ? table : NULL,
                                    .unit = unit,
                                    .reserve = reserve};
    return add_boxes(out, made, mem, err) && problem_check(&out->problem, err);
}
