/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/mix.h"

#include "base/check.h"

enum {
    ROWS_MAX = PROBLEM_PARTIES_MAX + 1, /* of the linear program */
    SUPPORT_MAX = 64,
    HALVINGS = 60,
    MOVES_MAX = 5000, /* between two looks at all points */
    ROUNDS_MAX = 2000
};

static const double settled = 1e-11; /* relative */
static const double nothing = 1e-14;

/* What is mixed: gains over no deal in some measure, of the points at or above it. */
struct pool {
    uint32_t n; /* parties that count */
    size_t count;
    size_t *point; /* of the frontier */
    double *gain;  /* [place * n + party] */
    const struct budget *budget;
};

static const double *gains(const struct pool *p, size_t at)
{
    return p->gain + at * p->n;
}

static bool pool_init(struct pool *p, const struct frontier *f, const int64_t *d,
                      const int64_t *ideal, enum bargain_rule rule, struct arena *mem,
                      struct err *err)
{
    uint32_t parties = f->problem->parties;
    uint32_t who[PROBLEM_PARTIES_MAX];
    double measure[PROBLEM_PARTIES_MAX];
    for (uint32_t k = 0; k < parties; k++) {
        int64_t by = rule == BARGAIN_KS ? ideal[k] - d[k] : f->problem->unit[k];
        if (by > 0) {
            measure[p->n] = (double)by;
            who[p->n++] = k;
        }
    }
    p->point = ARENA_NEW(mem, size_t, f->count);
    p->gain = ARENA_NEW(mem, double, f->count * p->n);
    if (mem->failed) {
        return err_memory(err, "the lotteries");
    }
    for (size_t r = 0; r < f->count; r++) {
        const int64_t *row = f->u + r * parties;
        if (row_covers(row, d, parties)) {
            for (uint32_t k = 0; k < p->n; k++) {
                p->gain[p->count * p->n + k] = (double)(row[who[k]] - d[who[k]]) / measure[k];
            }
            p->point[p->count++] = r;
        }
    }
    return true;
}

static double dot(const double *a, const double *b, uint32_t n)
{
    double sum = 0;
    for (uint32_t k = 0; k < n; k++) {
        sum += a[k] * b[k];
    }
    return sum;
}

/* The place whose gains, weighed so, are the most. */
static size_t most_of(const struct pool *p, const double *weight, double *out)
{
    size_t best = 0;
    *out = dot(gains(p, 0), weight, p->n);
    for (size_t i = 1; i < p->count; i++) {
        double v = dot(gains(p, i), weight, p->n);
        if (v > *out) {
            *out = v;
            best = i;
        }
    }
    return best;
}

/* ---- a mix ---- */

struct draw {
    uint32_t count;
    size_t at[SUPPORT_MAX];
    double chance[SUPPORT_MAX];
    double x[PROBLEM_PARTIES_MAX]; /* on average */
};

static void average(const struct pool *p, struct draw *d)
{
    for (uint32_t k = 0; k < p->n; k++) {
        d->x[k] = 0;
        for (uint32_t s = 0; s < d->count; s++) {
            d->x[k] += d->chance[s] * gains(p, d->at[s])[k];
        }
    }
}

static uint32_t place_of(struct draw *d, size_t at)
{
    uint32_t s = 0;
    while (s < d->count && d->at[s] != at) {
        s++;
    }
    if (s == d->count) {
        CHECK(d->count < SUPPORT_MAX);
        d->at[d->count] = at;
        d->chance[d->count++] = 0;
    }
    return s;
}

static void drop_unused(struct draw *d)
{
    uint32_t kept = 0;
    double sum = 0;
    for (uint32_t s = 0; s < d->count; s++) {
        if (d->chance[s] > nothing) {
            d->at[kept] = d->at[s];
            d->chance[kept] = d->chance[s];
            sum += d->chance[kept++];
        }
    }
    d->count = kept;
    for (uint32_t s = 0; s < kept; s++) {
        d->chance[s] /= sum;
    }
}

/* ---- fair gain ---- */

/* How much of `most` is moved: where the product no longer rises. */
static double move_until(const struct pool *p, const double *x, const double *from,
                         const double *to, double most)
{
    double low = 0;
    double high = most;
    for (int i = 0; i < HALVINGS; i++) {
        double t = i == 0 ? most : (low + high) / 2;
        double slope = 0;
        bool inside = true;
        for (uint32_t k = 0; k < p->n; k++) {
            double g = x[k] + t * (to[k] - from[k]);
            inside = inside && g > 0;
            slope += inside ? (to[k] - from[k]) / g : 0;
        }
        if (inside && slope >= 0) {
            if (i == 0) {
                return most;
            }
            low = t;
        } else {
            high = t;
        }
    }
    return low;
}

static void inverse(const struct pool *p, const struct draw *d, double *out)
{
    for (uint32_t k = 0; k < p->n; k++) {
        out[k] = 1 / d->x[k];
    }
}

/* Moves weight from the worst of the mix to place s; false where nothing is gained. */
static bool move_to(const struct pool *p, struct draw *d, uint32_t s, const double *weight)
{
    uint32_t worst = s;
    double least = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        double v = dot(gains(p, d->at[i]), weight, p->n);
        if (i != s && d->chance[i] > 0 && (worst == s || v < least)) {
            worst = i;
            least = v;
        }
    }
    if (worst == s || dot(gains(p, d->at[s]), weight, p->n) - least <= settled * p->n) {
        return false;
    }
    double t = move_until(p, d->x, gains(p, d->at[worst]), gains(p, d->at[s]), d->chance[worst]);
    d->chance[s] += t;
    d->chance[worst] = t >= d->chance[worst] ? 0 : d->chance[worst] - t;
    average(p, d);
    return t > 0;
}

/* Among the points of the mix alone, until nothing is gained. */
static void settle_among(const struct pool *p, struct draw *d)
{
    for (uint32_t moves = 0; moves < MOVES_MAX; moves++) {
        double weight[PROBLEM_PARTIES_MAX];
        uint32_t best = 0;
        double most = 0;
        inverse(p, d, weight);
        for (uint32_t s = 0; s < d->count; s++) {
            double v = dot(gains(p, d->at[s]), weight, p->n);
            if (s == 0 || v > most) {
                best = s;
                most = v;
            }
        }
        if (!move_to(p, d, best, weight)) {
            break;
        }
    }
    drop_unused(d);
    average(p, d);
}

/* False: somebody can gain nothing whatever the mix. */
static bool fair_gain(const struct pool *p, struct draw *d, double *out_value, double *out_most)
{
    *d = (struct draw){0};
    for (uint32_t k = 0; k < p->n; k++) {
        double weight[PROBLEM_PARTIES_MAX] = {0};
        double most;
        weight[k] = 1;
        size_t at = most_of(p, weight, &most);
        if (most <= 0) {
            return false;
        }
        d->chance[place_of(d, at)] += 1.0 / p->n;
    }
    average(p, d);
    double factor = 1;
    for (uint32_t round = 0;; round++) {
        double weight[PROBLEM_PARTIES_MAX];
        double most;
        settle_among(p, d);
        inverse(p, d, weight);
        size_t at = most_of(p, weight, &most);
        factor = most / p->n;
        if (factor <= 1 + settled || round == ROUNDS_MAX || d->count == SUPPORT_MAX ||
            budget_stop(p->budget)) {
            break;
        }
        if (!move_to(p, d, place_of(d, at), weight)) {
            break;
        }
    }
    *out_value = 1;
    *out_most = 1;
    for (uint32_t k = 0; k < p->n; k++) {
        *out_value *= d->x[k];
        *out_most *= d->x[k] * (factor > 1 ? factor : 1);
    }
    return true;
}

/* ---- the largest smallest share ---- */

/* Columns of the basis: a point's place, or one of these. */
#define COLUMN_SHARE SIZE_MAX               /* the smallest share, t */
#define COLUMN_REST(k) (SIZE_MAX - 1 - (k)) /* what party k has above it */

/* Rows 0 .. n-1: the mix's share of party k - t - rest_k = 0; row n: the chances add up to 1. */
static void column_of(const struct pool *p, size_t column, double *out)
{
    for (uint32_t k = 0; k <= p->n; k++) {
        out[k] = 0;
    }
    if (column == COLUMN_SHARE) {
        for (uint32_t k = 0; k < p->n; k++) {
            out[k] = -1;
        }
    } else if (column > COLUMN_REST(p->n)) {
        out[SIZE_MAX - 1 - column] = -1;
    } else {
        memcpy(out, gains(p, column), p->n * sizeof(*out));
        out[p->n] = 1;
    }
}

/* Solves a (n x n, by rows) for right; both are used up.  False: it has no single answer. */
static bool solve(double a[ROWS_MAX][ROWS_MAX], double *right, uint32_t n)
{
    for (uint32_t c = 0; c < n; c++) {
        uint32_t pivot = c;
        for (uint32_t r = c + 1; r < n; r++) {
            double here = a[r][c] < 0 ? -a[r][c] : a[r][c];
            double best = a[pivot][c] < 0 ? -a[pivot][c] : a[pivot][c];
            pivot = here > best ? r : pivot;
        }
        double top = a[pivot][c];
        if (top < 1e-13 && top > -1e-13) {
            return false;
        }
        for (uint32_t k = 0; k < n; k++) {
            double t = a[c][k];
            a[c][k] = a[pivot][k];
            a[pivot][k] = t;
        }
        double t = right[c];
        right[c] = right[pivot];
        right[pivot] = t;
        for (uint32_t r = 0; r < n; r++) {
            double part = r == c ? 0 : a[r][c] / a[c][c];
            for (uint32_t k = c; part != 0 && k < n; k++) {
                a[r][k] -= part * a[c][k];
            }
            right[r] -= part * right[c];
        }
    }
    for (uint32_t r = 0; r < n; r++) {
        right[r] /= a[r][r];
    }
    return true;
}

/* By columns of the basis, or (turned) by rows. */
static void basis_matrix(const struct pool *p, const size_t *basis, bool turned,
                         double out[ROWS_MAX][ROWS_MAX])
{
    for (uint32_t c = 0; c <= p->n; c++) {
        double column[ROWS_MAX];
        column_of(p, basis[c], column);
        for (uint32_t r = 0; r <= p->n; r++) {
            *(turned ? &out[c][r] : &out[r][c]) = column[r];
        }
    }
}

static void largest_smallest(const struct pool *p, struct draw *d, double *out_value,
                             double *out_most)
{
    size_t basis[ROWS_MAX];
    double share[ROWS_MAX]; /* of the basis, now */
    size_t before[ROWS_MAX] = {0};
    double share_before[ROWS_MAX] = {0};
    size_t first = 0;
    double best = -1;
    for (size_t i = 0; i < p->count; i++) {
        double least = gains(p, i)[0];
        for (uint32_t k = 1; k < p->n; k++) {
            least = gains(p, i)[k] < least ? gains(p, i)[k] : least;
        }
        if (least > best) {
            best = least;
            first = i;
        }
    }
    /* The best package, and what all but the worst off have above that. */
    uint32_t low = 0;
    for (uint32_t k = 1; k < p->n; k++) {
        low = gains(p, first)[k] < gains(p, first)[low] ? k : low;
    }
    basis[0] = first;
    basis[1] = COLUMN_SHARE;
    for (uint32_t k = 0, c = 2; k < p->n; k++) {
        if (k != low) {
            basis[c++] = COLUMN_REST(k);
        }
    }
    *out_most = 1e300;
    for (uint32_t round = 0;; round++) {
        double a[ROWS_MAX][ROWS_MAX];
        double y[ROWS_MAX] = {0};
        double weight[PROBLEM_PARTIES_MAX];
        for (uint32_t r = 0; r <= p->n; r++) {
            share[r] = r == p->n ? 1 : 0;
        }
        basis_matrix(p, basis, false, a);
        if (!solve(a, share, p->n + 1)) {
            /* Too near to singular: what was before stands, and so does its bound. */
            memcpy(basis, before, sizeof(basis));
            memcpy(share, share_before, sizeof(share));
            break;
        }
        /* Prices: y * column == 1 for t, 0 for the others of the basis. */
        for (uint32_t c = 0; c <= p->n; c++) {
            y[c] = basis[c] == COLUMN_SHARE ? 1 : 0;
        }
        basis_matrix(p, basis, true, a);
        if (!solve(a, y, p->n + 1)) {
            break;
        }
        double sum = 0;
        for (uint32_t k = 0; k < p->n; k++) {
            weight[k] = y[k] < 0 ? -y[k] : 0;
            sum += weight[k];
        }
        for (uint32_t k = 0; k < p->n; k++) {
            weight[k] /= sum;
        }
        double most;
        size_t enters = most_of(p, weight, &most);
        *out_most = most < *out_most ? most : *out_most;
        double now = 0;
        for (uint32_t c = 0; c <= p->n; c++) {
            now = basis[c] == COLUMN_SHARE ? share[c] : now;
        }
        /* What a party has above the smallest share may rise where its price says so; only then do
         * the weights above belong to the prices, and a point may enter. */
        double gain = most - now;
        double above = settled;
        for (uint32_t k = 0; k < p->n; k++) {
            if (y[k] > above) {
                above = gain = y[k];
                enters = COLUMN_REST(k);
            }
        }
        if (gain <= settled * (now > 1 ? now : 1) || round == ROUNDS_MAX ||
            budget_stop(p->budget)) {
            break;
        }
        double change[ROWS_MAX];
        column_of(p, enters, change);
        basis_matrix(p, basis, false, a);
        if (!solve(a, change, p->n + 1)) {
            break;
        }
        uint32_t leaves = ROWS_MAX;
        double step = 0;
        for (uint32_t c = 0; c <= p->n; c++) {
            if (basis[c] != COLUMN_SHARE && change[c] > 1e-11) {
                double t = share[c] > 0 ? share[c] / change[c] : 0;
                if (leaves == ROWS_MAX || t < step || (t == step && change[c] > change[leaves])) {
                    leaves = c;
                    step = t;
                }
            }
        }
        if (leaves == ROWS_MAX) {
            break;
        }
        memcpy(before, basis, sizeof(before));
        memcpy(share_before, share, sizeof(share));
        basis[leaves] = enters;
    }
    *d = (struct draw){0};
    for (uint32_t c = 0; c <= p->n; c++) {
        if (basis[c] < COLUMN_REST(p->n) && share[c] > 0) {
            d->chance[place_of(d, basis[c])] += share[c];
        }
    }
    drop_unused(d);
    average(p, d);
    *out_value = d->x[0];
    for (uint32_t k = 1; k < p->n; k++) {
        *out_value = d->x[k] < *out_value ? d->x[k] : *out_value;
    }
}

/* All gains over the most of them, which is returned: tolerances are for numbers up to 1. */
static double shrink(struct pool *p)
{
    double most = 0;
    for (size_t i = 0; i < p->count * p->n; i++) {
        most = p->gain[i] > most ? p->gain[i] : most;
    }
    for (size_t i = 0; most > 0 && i < p->count * p->n; i++) {
        p->gain[i] /= most;
    }
    return most;
}

bool mix_best(const struct frontier *f, const int64_t *d, const int64_t *ideal,
              enum bargain_rule rule, const struct budget *budget, struct arena *mem, bool *out_any,
              struct mix *out, struct err *err)
{
    struct pool p = {.budget = budget};
    struct draw draw;
    double value;
    double most;
    *out_any = false;
    if (!pool_init(&p, f, d, ideal, rule, mem, err)) {
        return false;
    }
    if (p.count == 0 || p.n == 0 || rule == BARGAIN_UTILITARIAN) {
        return true;
    }
    if (rule == BARGAIN_NASH) {
        if (!fair_gain(&p, &draw, &value, &most)) {
            return true;
        }
    } else {
        double scale = shrink(&p);
        if (scale <= 0) {
            return true; /* nobody gains anything */
        }
        largest_smallest(&p, &draw, &value, &most);
        value *= scale;
        most *= scale;
    }
    size_t *point = ARENA_NEW(mem, size_t, draw.count);
    double *chance = ARENA_NEW(mem, double, draw.count);
    if (mem->failed) {
        return err_memory(err, "the lotteries");
    }
    for (uint32_t s = 0; s < draw.count; s++) {
        uint32_t at = s;
        while (at > 0 && point[at - 1] > p.point[draw.at[s]]) {
            point[at] = point[at - 1];
            chance[at] = chance[at - 1];
            at--;
        }
        point[at] = p.point[draw.at[s]];
        chance[at] = draw.chance[s];
    }
    *out_any = true;
    *out = (struct mix){.count = draw.count,
                        .point = point,
                        .chance = chance,
                        .value = value,
                        .at_most = most > value ? most : value};
    return true;
}
