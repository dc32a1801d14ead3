/* SPDX-License-Identifier: Apache-2.0 */
#include "prefs/utility.h"

#include "base/num.h"

/* Sums and products of units that may pass 2^63 on the way. */
__extension__ typedef __int128 wide;

static wide magnitude(int64_t v)
{
    return v < 0 ? -(wide)v : (wide)v;
}

/* a / b to the nearest, halves up; b > 0. */
static int64_t nearest(wide a, wide b)
{
    wide n = 2 * a + b, d = 2 * b;
    wide q = n / d;
    if (n % d < 0) {
        q--;
    }
    return (int64_t)q; /* callers divide what lies between two int64 */
}

int64_t utility_part_units(const struct utility_part *part, int64_t value)
{
    if (part->units != NULL) {
        return part->units[value];
    }
    const struct utility_knot *k = part->knots;
    uint32_t low = 0, high = part->knot_count - 1;
    if (value <= k[0].at) {
        return k[0].units;
    }
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (k[mid].at <= value) {
            low = mid;
        } else {
            high = mid;
        }
    }
    if (value >= k[high].at) {
        return k[high].units;
    }
    return k[low].units + nearest((wide)(k[high].units - k[low].units) * (value - k[low].at),
                                  (wide)k[high].at - k[low].at);
}

void utility_part_range(const struct utility_part *part, const struct domain_issue *issue,
                        int64_t *out_least, int64_t *out_most)
{
    uint32_t n = issue->kind == DOMAIN_REAL ? part->knot_count : issue->value_count;
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (uint32_t i = 0; i < n; i++) {
        int64_t v = issue->kind == DOMAIN_REAL ? part->knots[i].units : part->units[i];
        least = v < least ? v : least;
        most = v > most ? v : most;
    }
    *out_least = least;
    *out_most = most;
}

int64_t utility_units(const struct utility *u, const struct domain *d, const int64_t *values)
{
    for (uint32_t i = 0; i < u->zero_count; i++) {
        if (domain_in_box(&u->zeros[i], values)) {
            return 0;
        }
    }
    if (u->table != NULL) {
        size_t at = 0;
        for (uint32_t i = 0; i < d->issue_count; i++) {
            at = at * d->issues[i].value_count + (size_t)values[i];
        }
        return u->table[at];
    }
    int64_t sum = 0; /* utility_check: no partial sum passes UTILITY_UNITS_MAX */
    for (uint32_t i = 0; i < d->issue_count; i++) {
        sum += utility_part_units(&u->parts[i], values[i]);
    }
    for (uint32_t i = 0; i < u->term_count; i++) {
        if (domain_in_box(&u->terms[i].box, values)) {
            sum += u->terms[i].units;
        }
    }
    return sum < u->cap ? sum : u->cap;
}

bool utility_accepts(const struct utility *u, const struct domain *d, const int64_t *values)
{
    for (uint32_t i = 0; i < u->red_line_count; i++) {
        if (domain_in_box(&u->red_lines[i], values)) {
            return false;
        }
    }
    return !u->has_reservation || utility_units(u, d, values) >= u->reservation;
}

static bool is_pair(const struct domain_box *box, const struct domain *d)
{
    if (box->limit_count != 2) {
        return false;
    }
    for (uint32_t i = 0; i < 2; i++) {
        const struct domain_limit *l = &box->limits[i];
        if (l->low != l->high || d->issues[l->issue].kind == DOMAIN_REAL) {
            return false;
        }
    }
    return true;
}

enum utility_kind utility_kind(const struct utility *u, const struct domain *d)
{
    if (u->table != NULL) {
        return UTILITY_TABLE;
    }
    if (utility_is_additive(u)) {
        return UTILITY_ADDITIVE;
    }
    for (uint32_t i = 0; i < u->term_count; i++) {
        if (!is_pair(&u->terms[i].box, d)) {
            return UTILITY_BOXES;
        }
    }
    return u->zero_count == 0 && u->cap == INT64_MAX ? UTILITY_PAIRWISE : UTILITY_BOXES;
}

double utility_double(const struct utility *u, int64_t units)
{
    return (double)units / (double)u->one;
}

static bool too_large(struct err *err)
{
    return err_set(err, ERR_LIMIT, "utilities are too large to be added exactly") ||
           err_mend(err, "use fewer digits, or divide all numbers by the same amount");
}

static bool check_knots(const struct utility_part *part, const struct domain_issue *issue,
                        struct err *err)
{
    const struct utility_knot *k = part->knots;
    if (part->units != NULL || k == NULL || part->knot_count == 0 ||
        part->knot_count > UTILITY_KNOTS_MAX || k[0].at != issue->low ||
        k[part->knot_count - 1].at != issue->high) {
        return err_set(err, ERR_FORMAT,
                       "the points of a real issue do not reach from its lower "
                       "to its upper bound, or are more than %u",
                       UTILITY_KNOTS_MAX) ||
               err_mend(err, "give the worth at both bounds, and at what lies between");
    }
    for (uint32_t i = 1; i < part->knot_count; i++) {
        if (k[i].at <= k[i - 1].at) {
            return err_set(err, ERR_FORMAT, "the points of a real issue do not ascend") ||
                   err_mend(err, "order them by the issue's value, each value once");
        }
    }
    return true;
}

/* The largest magnitude that a part gives. */
static bool check_part(const struct utility_part *part, const struct domain_issue *issue,
                       wide *out_most, struct err *err)
{
    if (issue->kind == DOMAIN_REAL) {
        if (!check_knots(part, issue, err)) {
            return false;
        }
    } else if (part->units == NULL) {
        return err_set(err, ERR_FORMAT, "an issue has no worth for its values");
    }
    int64_t least, most;
    utility_part_range(part, issue, &least, &most);
    *out_most = magnitude(least) > magnitude(most) ? magnitude(least) : magnitude(most);
    return true;
}

static bool check_boxes(const struct domain *d, const struct domain_box *boxes, uint32_t count,
                        const char *what, struct err *err)
{
    if (count > DOMAIN_BOXES_MAX) {
        return err_set(err, ERR_LIMIT, "there are more than %u %s", DOMAIN_BOXES_MAX, what);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!domain_check_box(d, &boxes[i], err)) {
            return false;
        }
    }
    return true;
}

static bool check_table(const struct utility *u, const struct domain *d, struct err *err)
{
    uint64_t count;
    if (u->parts != NULL || u->term_count != 0 || u->cap != INT64_MAX) {
        return err_set(err, ERR_FORMAT, "a table stands beside other preferences");
    }
    if (!domain_count(d, &count) || count > UTILITY_TABLE_MAX) {
        return err_set(err, ERR_LIMIT, "a table has more than %u packages", UTILITY_TABLE_MAX) ||
               err_mend(err, "say the worth by issue, with terms for what goes together");
    }
    if (count != u->table_count) {
        return err_set(err, ERR_FORMAT, "a table has %u entries for %llu packages", u->table_count,
                       (unsigned long long)count);
    }
    for (uint32_t i = 0; i < u->table_count; i++) {
        if (magnitude(u->table[i]) > UTILITY_UNITS_MAX) {
            return too_large(err);
        }
    }
    return true;
}

static bool check_sum(const struct utility *u, const struct domain *d, struct err *err)
{
    wide sum = 0;
    if (u->parts == NULL) {
        return err_set(err, ERR_FORMAT, "there are no preferences");
    }
    for (uint32_t i = 0; i < d->issue_count; i++) {
        wide most;
        if (!check_part(&u->parts[i], &d->issues[i], &most, err)) {
            return false;
        }
        sum += most;
    }
    if (u->term_count > DOMAIN_BOXES_MAX) {
        return err_set(err, ERR_LIMIT, "there are more than %u terms", DOMAIN_BOXES_MAX);
    }
    for (uint32_t i = 0; i < u->term_count; i++) {
        if (!domain_check_box(d, &u->terms[i].box, err)) {
            return false;
        }
        sum += magnitude(u->terms[i].units);
    }
    if (sum > UTILITY_UNITS_MAX) {
        return too_large(err);
    }
    return true;
}

bool utility_check(const struct utility *u, const struct domain *d, struct err *err)
{
    if (u->one <= 0 || u->one > UTILITY_UNITS_MAX || u->slack < 0 || (u->exact && u->slack != 0)) {
        return err_set(err, ERR_FORMAT, "the scale of the utilities is out of range");
    }
    if (!(u->table != NULL ? check_table(u, d, err) : check_sum(u, d, err))) {
        return false;
    }
    if (u->has_reservation && magnitude(u->reservation) > UTILITY_UNITS_MAX) {
        return too_large(err);
    }
    if (u->discount < 0 || u->discount > UTILITY_DISCOUNT_ONE) {
        return err_set(err, ERR_FORMAT, "a discount is not between 0 and 1") ||
               err_mend(err, "write 1 where nothing is lost by waiting");
    }
    return check_boxes(d, u->zeros, u->zero_count, "zero combinations", err) &&
           check_boxes(d, u->red_lines, u->red_line_count, "red lines", err);
}

/* x / a.one == y / b.one */
static bool same(const struct utility *a, int64_t x, const struct utility *b, int64_t y)
{
    return (wide)x * b->one == (wide)y * a->one;
}

static bool part_eq(const struct utility *a, const struct utility_part *p, const struct utility *b,
                    const struct utility_part *q, const struct domain_issue *issue)
{
    if (issue->kind != DOMAIN_REAL) {
        for (uint32_t i = 0; i < issue->value_count; i++) {
            if (!same(a, p->units[i], b, q->units[i])) {
                return false;
            }
        }
        return true;
    }
    if (p->knot_count != q->knot_count) {
        return false;
    }
    for (uint32_t i = 0; i < p->knot_count; i++) {
        if (p->knots[i].at != q->knots[i].at || !same(a, p->knots[i].units, b, q->knots[i].units)) {
            return false;
        }
    }
    return true;
}

static bool worth_eq(const struct utility *a, const struct utility *b, const struct domain *d)
{
    if (a->table != NULL) {
        for (uint32_t i = 0; i < a->table_count; i++) {
            if (!same(a, a->table[i], b, b->table[i])) {
                return false;
            }
        }
        return true;
    }
    for (uint32_t i = 0; i < d->issue_count; i++) {
        if (!part_eq(a, &a->parts[i], b, &b->parts[i], &d->issues[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->term_count; i++) {
        if (!domain_box_eq(&a->terms[i].box, &b->terms[i].box) ||
            !same(a, a->terms[i].units, b, b->terms[i].units)) {
            return false;
        }
    }
    return true;
}

bool utility_eq(const struct utility *a, const struct utility *b, const struct domain *d)
{
    bool uncapped = a->cap == INT64_MAX;
    return a->exact == b->exact && (a->table != NULL) == (b->table != NULL) &&
           a->table_count == b->table_count && a->term_count == b->term_count &&
           a->has_reservation == b->has_reservation &&
           (!a->has_reservation || same(a, a->reservation, b, b->reservation)) &&
           a->discount == b->discount && uncapped == (b->cap == INT64_MAX) &&
           (uncapped || same(a, a->cap, b, b->cap)) && worth_eq(a, b, d) &&
           domain_boxes_eq(a->zeros, a->zero_count, b->zeros, b->zero_count) &&
           domain_boxes_eq(a->red_lines, a->red_line_count, b->red_lines, b->red_line_count);
}
