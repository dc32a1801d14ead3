/* SPDX-License-Identifier: Apache-2.0
 *
 * Twice over all that is said: the least common denominator first, the units then.  Where the first
 * pass finds none, or the sum of the units is too large, a power of ten takes its place.
 */
#include "prefs/draft.h"

#define ROUNDED_ONE INT64_C(1000000000000000)

/* Calls back for each number of a draft, in one order. */
struct visitor {
    bool (*visit)(struct visitor *v, const struct ratio *weight, struct decimal value,
                  int64_t *units);
    uint64_t lcm;
    int64_t one;
};

static bool visit_part(struct visitor *v, const struct draft_part *p, struct utility_part *out,
                       const struct domain_issue *issue)
{
    uint32_t n = issue->kind == DOMAIN_REAL ? p->knot_count : issue->value_count;
    for (uint32_t i = 0; i < n; i++) {
        bool real = issue->kind == DOMAIN_REAL;
        int64_t *units = out == NULL ? NULL : real ? &out->knots[i].units : &out->units[i];
        if (!v->visit(v, &p->weight, real ? p->knots[i].value : p->values[i], units)) {
            return false;
        }
    }
    return true;
}

/* u NULL: nothing is stored. */
static bool visit_all(struct visitor *v, const struct draft *dr, const struct domain *d,
                      struct utility *u)
{
    for (uint32_t i = 0; dr->parts != NULL && i < d->issue_count; i++) {
        if (!visit_part(v, &dr->parts[i], u == NULL ? NULL : &u->parts[i], &d->issues[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < dr->term_count; i++) {
        const struct draft_term *t = &dr->terms[i];
        if (!v->visit(v, &t->weight, t->value, u == NULL ? NULL : &u->terms[i].units)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < dr->table_count; i++) {
        if (!v->visit(v, &dr->table_weight, dr->table[i], u == NULL ? NULL : &u->table[i])) {
            return false;
        }
    }
    return (!dr->capped || v->visit(v, &dr->cap_weight, dr->cap, u == NULL ? NULL : &u->cap)) &&
           (!dr->has_reservation || v->visit(v, &dr->reservation_weight, dr->reservation,
                                             u == NULL ? NULL : &u->reservation));
}

static bool widen(struct visitor *v, const struct ratio *weight, struct decimal value,
                  int64_t *units)
{
    (void)units;
    uint64_t q;
    if (!ratio_denominator(weight, value, &q)) {
        return false;
    }
    uint64_t a = v->lcm, b = q;
    while (b != 0) {
        uint64_t r = a % b;
        a = b;
        b = r;
    }
    q /= a;
    if (q > (uint64_t)UTILITY_UNITS_MAX / v->lcm) {
        return false;
    }
    v->lcm *= q;
    return true;
}

static bool count(struct visitor *v, const struct ratio *weight, struct decimal value,
                  int64_t *units)
{
    return ratio_units(weight, value, v->one, units);
}

static bool reserve(const struct draft *dr, const struct domain *d, struct arena *mem,
                    struct utility *u)
{
    if (dr->parts != NULL) {
        u->parts = ARENA_NEW(mem, struct utility_part, d->issue_count);
        for (uint32_t i = 0; u->parts != NULL && i < d->issue_count; i++) {
            struct utility_part *p = &u->parts[i];
            if (d->issues[i].kind != DOMAIN_REAL) {
                p->units = ARENA_NEW(mem, int64_t, d->issues[i].value_count);
                continue;
            }
            p->knot_count = dr->parts[i].knot_count;
            p->knots = ARENA_NEW(mem, struct utility_knot, p->knot_count);
            for (uint32_t k = 0; p->knots != NULL && k < p->knot_count; k++) {
                p->knots[k].at = dr->parts[i].knots[k].at;
            }
        }
    }
    u->terms = ARENA_NEW(mem, struct utility_term, dr->term_count);
    for (uint32_t i = 0; u->terms != NULL && i < dr->term_count; i++) {
        u->terms[i].box = dr->terms[i].box;
    }
    if (dr->table_count > 0) {
        u->table = ARENA_NEW(mem, int64_t, dr->table_count);
    }
    return !mem->failed;
}

/* The parts' and terms' magnitudes together; what utility_check will add up. */
static bool fits(const struct utility *u, const struct domain *d)
{
    struct err err = {0};
    return utility_check(u, d, &err) || err.code != ERR_LIMIT;
}

/* What all the rounding may amount to: for each half a unit, and as much again where its own digits
 * were more than eighteen; and what a bent line gives. */
static int64_t slack_of(const struct draft *dr, const struct utility *u, const struct domain *d)
{
    int64_t roundings = 1 + (int64_t)dr->term_count + (int64_t)d->issue_count;
    int64_t bends = 0;
    for (uint32_t i = 0; dr->parts != NULL && i < d->issue_count; i++) {
        const struct utility_part *p = &u->parts[i];
        int64_t steepest = 0;
        for (uint32_t k = 1; dr->parts[i].bent && k < p->knot_count; k++) {
            int64_t rise = p->knots[k].units - p->knots[k - 1].units;
            int64_t steep = (rise < 0 ? -rise : rise) / (p->knots[k].at - p->knots[k - 1].at) + 1;
            steepest = steep > steepest ? steep : steepest;
        }
        bends += steepest;
    }
    return roundings + 1 + bends;
}

static bool build(const struct draft *dr, const struct domain *d, int64_t one, struct utility *u)
{
    struct visitor v = {.visit = count, .one = one};
    u->one = one;
    return visit_all(&v, dr, d, u) && fits(u, d);
}

static bool set_discount(const struct draft *dr, struct utility *u, struct err *err)
{
    bool exact;
    u->discount = UTILITY_DISCOUNT_ONE;
    if (dr->has_discount && !decimal_fixed(dr->discount, 12, &u->discount, &exact)) {
        return err_set(err, ERR_FORMAT, "a discount is not between 0 and 1") ||
               err_mend(err, "write 1 where nothing is lost by waiting");
    }
    return true;
}

bool draft_init(struct draft *dr, const struct domain *d, struct arena *mem, struct err *err)
{
    struct draft made = {.parts = ARENA_NEW(mem, struct draft_part, d->issue_count)};
    for (uint32_t i = 0; made.parts != NULL && i < d->issue_count; i++) {
        const struct domain_issue *issue = &d->issues[i];
        struct draft_part *p = &made.parts[i];
        if (issue->kind != DOMAIN_REAL) {
            p->values = ARENA_NEW(mem, struct decimal, issue->value_count);
            continue;
        }
        p->knot_count = issue->low < issue->high ? 2 : 1;
        p->knots = ARENA_NEW(mem, struct draft_knot, 2);
        if (p->knots != NULL) {
            p->knots[0].at = issue->low;
            p->knots[1].at = issue->high;
        }
    }
    if (mem->failed) {
        return err_memory(err, "preferences");
    }
    *dr = made;
    return true;
}

bool draft_build(const struct draft *dr, const struct domain *d, struct arena *mem,
                 struct utility *out, struct err *err)
{
    struct utility u = {.term_count = dr->term_count,
                        .zero_count = dr->zero_count,
                        .zeros = dr->zeros,
                        .cap = INT64_MAX,
                        .table_count = dr->table_count,
                        .has_reservation = dr->has_reservation,
                        .red_line_count = dr->red_line_count,
                        .red_lines = dr->red_lines};
    if (!set_discount(dr, &u, err)) {
        return false;
    }
    if (!reserve(dr, d, mem, &u)) {
        return err_memory(err, "preferences");
    }
    bool bent = dr->rounded;
    for (uint32_t i = 0; dr->parts != NULL && i < d->issue_count; i++) {
        bent = bent || dr->parts[i].bent;
    }
    struct visitor v = {.visit = widen, .lcm = 1};
    u.exact = !bent && visit_all(&v, dr, d, NULL) && build(dr, d, (int64_t)v.lcm, &u);
    for (int64_t one = ROUNDED_ONE; !u.exact && !build(dr, d, one, &u); one /= 10) {
        if (one == 1) {
            return err_set(err, ERR_LIMIT, "utilities are too large to be added exactly") ||
                   err_mend(err, "divide all numbers by the same amount");
        }
    }
    if (!utility_check(&u, d, err)) {
        return false;
    }
    u.slack = u.exact ? 0 : slack_of(dr, &u, d);
    *out = u;
    return true;
}
