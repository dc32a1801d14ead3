/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/bargain.h"

#include "base/check.h"

void bargain_disagreement(const struct problem *p, int64_t *out)
{
    uint32_t low[PROBLEM_ISSUES_MAX] = {0};
    uint32_t high[PROBLEM_ISSUES_MAX];
    for (uint32_t i = 0; i < p->issues; i++) {
        high[i] = p->options[i] - 1;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t most;
        out[k] = p->reserve[k];
        if (out[k] == PROBLEM_NONE) {
            problem_bounds(p, k, low, high, &out[k], &most);
        }
    }
}

bool bargain_reach(const struct frontier *f, const int64_t *d, int64_t *out)
{
    uint32_t parties = f->problem->parties;
    bool any = false;
    for (size_t r = 0; r < f->count; r++) {
        const int64_t *row = f->u + r * parties;
        if (!row_covers(row, d, parties)) {
            continue;
        }
        for (uint32_t k = 0; k < parties; k++) {
            out[k] = !any || row[k] > out[k] ? row[k] : out[k];
        }
        any = true;
    }
    return any;
}

/* A fraction; the denominator is above 0. */
struct share {
    int64_t n;
    int64_t d;
};

static int share_cmp(struct share a, struct share b)
{
    wide_signed x = (wide_signed)a.n * b.d;
    wide_signed y = (wide_signed)b.n * a.d;
    return (x > y) - (x < y);
}

struct contest {
    const struct problem *p;
    const int64_t *d;
    int64_t hope[PROBLEM_PARTIES_MAX]; /* ideal - d */
    enum bargain_rule rule;
};

/* What decides between two points: a large number, or shares in ascending order. */
struct merit {
    struct big number;
    uint32_t count;
    struct share share[PROBLEM_PARTIES_MAX];
};

static void share_insert(struct merit *m, struct share s)
{
    uint32_t at = m->count++;
    while (at > 0 && share_cmp(m->share[at - 1], s) > 0) {
        m->share[at] = m->share[at - 1];
        at--;
    }
    m->share[at] = s;
}

static void weigh(const struct contest *c, const int64_t *row, struct merit *out)
{
    uint32_t parties = c->p->parties;
    struct big part;
    out->count = 0;
    big_set(&out->number, c->rule == BARGAIN_NASH ? 1 : 0);
    for (uint32_t k = 0; k < parties; k++) {
        int64_t gain = row[k] - c->d[k]; /* not negative */
        switch (c->rule) {
        case BARGAIN_NASH:
            big_mul(&out->number, (uint64_t)gain);
            break;
        case BARGAIN_KS:
            if (c->hope[k] > 0) {
                share_insert(out, (struct share){gain, c->hope[k]});
            }
            break;
        case BARGAIN_EGALITARIAN:
            share_insert(out, (struct share){gain, c->p->unit[k]});
            break;
        case BARGAIN_UTILITARIAN:
            /* The sum of gain / unit, times all units. */
            big_set(&part, (uint64_t)gain);
            for (uint32_t j = 0; j < parties; j++) {
                if (j != k) {
                    big_mul(&part, (uint64_t)c->p->unit[j]);
                }
            }
            big_add(&out->number, &part);
            break;
        }
    }
}

static int merit_cmp(const struct contest *c, const struct merit *a, const struct merit *b)
{
    if (c->rule == BARGAIN_NASH || c->rule == BARGAIN_UTILITARIAN) {
        return big_cmp(&a->number, &b->number);
    }
    /* Equal share of hopes looks at the smallest alone. */
    uint32_t count = c->rule == BARGAIN_KS && a->count > 1 ? 1 : a->count;
    for (uint32_t i = 0; i < count; i++) {
        int order = share_cmp(a->share[i], b->share[i]);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

bool bargain_solve(const struct frontier *f, const int64_t *d, const int64_t *ideal,
                   enum bargain_rule rule, struct arena *mem, struct bargain *out, struct err *err)
{
    struct contest c = {.p = f->problem, .d = d, .rule = rule};
    uint32_t parties = f->problem->parties;
    struct merit *merits = ARENA_NEW(mem, struct merit, 2);
    size_t *point = ARENA_NEW(mem, size_t, f->count);
    size_t count = 0;
    if (mem->failed) {
        return err_memory(err, "the packages worth naming");
    }
    for (uint32_t k = 0; k < parties; k++) {
        c.hope[k] = ideal[k] - d[k];
    }
    struct merit *best = &merits[0];
    struct merit *now = &merits[1];
    for (size_t r = 0; r < f->count; r++) {
        const int64_t *row = f->u + r * parties;
        if (!row_covers(row, d, parties)) {
            continue;
        }
        weigh(&c, row, now);
        int order = count == 0 ? 1 : merit_cmp(&c, now, best);
        if (order < 0) {
            continue;
        }
        if (order > 0) {
            struct merit *t = best;
            best = now;
            now = t;
            count = 0;
        }
        point[count++] = r;
    }
    *out = (struct bargain){.count = count, .point = point};
    return true;
}

/* ---- lotteries ---- */

/* Above 0: c lies to the left of the way from a to b. */
static int turn(const int64_t *a, const int64_t *b, const int64_t *c)
{
    wide_signed x = (wide_signed)(b[0] - a[0]) * (c[1] - a[1]);
    wide_signed y = (wide_signed)(b[1] - a[1]) * (c[0] - a[0]);
    return (x > y) - (x < y);
}

/* Corners of the upper right hull, descending by the first worth. */
static size_t hull(const struct frontier *f, const int64_t *d, size_t *corner)
{
    size_t count = 0;
    for (size_t r = 0; r < f->count; r++) {
        const int64_t *row = f->u + r * 2;
        if (!row_covers(row, d, 2)) {
            continue;
        }
        while (count >= 2 &&
               turn(f->u + corner[count - 2] * 2, f->u + corner[count - 1] * 2, row) <= 0) {
            count--;
        }
        corner[count++] = r;
    }
    return count;
}

/* On the edge from a to b: which way does merit grow at a (b == a's neighbour)?  The share of b at
 * which it is largest; 0 or less: at a or before; 1 or more: at b or after. */
static double best_share(const struct contest *c, const int64_t *a, const int64_t *b)
{
    wide_signed ga = a[0] - c->d[0];
    wide_signed gb = a[1] - c->d[1];
    wide_signed da = b[0] - a[0]; /* below 0 */
    wide_signed db = b[1] - a[1]; /* above 0 */
    wide_signed n;
    wide_signed m;
    if (c->rule == BARGAIN_NASH) {
        /* (ga + t da)(gb + t db): the slope at 0 is ga db + gb da; it falls by 2 da db a unit. */
        n = ga * db + gb * da;
        double fall = -2.0 * (double)da * (double)db;
        wide_signed at_end = (ga + da) * db + (gb + db) * da;
        return n <= 0 ? 0 : (at_end >= 0 ? 1 : (double)n / fall);
    }
    /* ga / x + t da / x == gb / y + t db / y */
    wide_signed x = c->rule == BARGAIN_KS ? c->hope[0] : c->p->unit[0];
    wide_signed y = c->rule == BARGAIN_KS ? c->hope[1] : c->p->unit[1];
    n = ga * y - gb * x;
    m = db * x - da * y;
    return n <= 0 ? 0 : (n >= m ? 1 : (double)n / (double)m);
}

bool bargain_lottery(const struct frontier *f, const int64_t *d, const int64_t *ideal,
                     enum bargain_rule rule, struct arena *mem, bool *out_any,
                     struct bargain_mix *out, struct err *err)
{
    struct contest c = {.p = f->problem, .d = d, .rule = rule};
    int64_t reach[PROBLEM_PARTIES_MAX];
    struct bargain best;
    CHECK(f->problem->parties == 2);
    if (!bargain_reach(f, d, reach)) {
        *out_any = false;
        return true;
    }
    for (uint32_t k = 0; k < 2; k++) {
        c.hope[k] = ideal[k] - d[k];
    }
    size_t *corner = ARENA_NEW(mem, size_t, f->count);
    if (corner == NULL || !bargain_solve(f, d, ideal, rule, mem, &best, err)) {
        return err_memory(err, "the lotteries");
    }
    struct bargain_mix mix = {.first = best.point[0], .second = best.point[0]};
    if (rule != BARGAIN_UTILITARIAN && (rule != BARGAIN_KS || (c.hope[0] > 0 && c.hope[1] > 0))) {
        size_t count = hull(f, d, corner);
        /* Merit rises along the hull and then falls: the first edge that does not rise to its end
         * has the largest. */
        mix.first = mix.second = corner[count - 1];
        for (size_t i = 0; i + 1 < count; i++) {
            double share = best_share(&c, f->u + corner[i] * 2, f->u + corner[i + 1] * 2);
            if (share < 1) {
                mix.first = corner[i];
                mix.second = share > 0 ? corner[i + 1] : corner[i];
                mix.share = share > 0 ? share : 0;
                break;
            }
        }
    }
    *out_any = true;
    *out = mix;
    return true;
}
