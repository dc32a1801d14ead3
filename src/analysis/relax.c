/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/relax.h"

#include "base/sort.h"

enum { OPTIONS_MOST = 1 << 14 };

static int size_cmp(const void *a, const void *b, void *ctx)
{
    const struct problem *p = ctx;
    const uint32_t *x = a;
    const uint32_t *y = b;
    const struct problem_box *u = &p->boxes[*x];
    const struct problem_box *v = &p->boxes[*y];
    double left = (double)u->worth / (double)p->unit[u->party];
    double right = (double)v->worth / (double)p->unit[v->party];
    return (left < right) - (left > right);
}

bool relax_init(struct relax *r, const struct problem *p, struct arena *mem, bool *out_applies,
                struct err *err)
{
    size_t options = 0;
    *out_applies = p->table == NULL;
    for (uint32_t i = 0; i < p->issues; i++) {
        options += p->options[i];
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        *out_applies = *out_applies && p->boxes[b].kind != PROBLEM_BOX_ZERO;
    }
    *out_applies = *out_applies && options <= OPTIONS_MOST;
    if (!*out_applies) {
        return true;
    }
    *r = (struct relax){.p = p, .options = options};
    r->order = ARENA_NEW(mem, uint32_t, p->box_count);
    r->from = ARENA_NEW(mem, size_t, p->issues);
    r->profile = ARENA_NEW(mem, double, options);
    r->peak = ARENA_NEW(mem, double, p->issues);
    if (mem->failed) {
        return err_memory(err, "the search");
    }
    size_t at = 0;
    for (uint32_t i = 0; i < p->issues; i++) {
        r->from[i] = at;
        at += p->options[i];
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        if (p->boxes[b].kind == PROBLEM_BOX_ADDS) {
            r->order[r->count++] = b;
        }
    }
    union {
        const struct problem *p;
        void *ctx;
    } context = {.p = p}; /* the sort's context has no const; size_cmp writes nothing */
    return sort_stable(r->order, r->count, sizeof(*r->order), size_cmp, context.ctx, mem) ||
           err_memory(err, "the search");
}

/* What is to be booked, and where it costs least. */
struct booking {
    double cost;
    uint32_t issue;
    uint32_t low;
    uint32_t high;
};

/* False: the box does not meet the part.  A cost below 0 is never found: issue stays UINT32_MAX where
 * the box holds the whole part. */
static bool book(const struct relax *r, const struct problem_box *b, double weight,
                 const uint32_t *low, const uint32_t *high, struct booking *out)
{
    out->issue = UINT32_MAX;
    for (uint32_t n = 0; n < b->range_count; n++) {
        const struct problem_range *g = &b->ranges[n];
        if (g->high < low[g->issue] || g->low > high[g->issue]) {
            return false;
        }
    }
    for (uint32_t n = 0; n < b->range_count; n++) {
        const struct problem_range *g = &b->ranges[n];
        if (g->low <= low[g->issue] && g->high >= high[g->issue]) {
            continue;
        }
        uint32_t from = g->low > low[g->issue] ? g->low : low[g->issue];
        uint32_t to = g->high < high[g->issue] ? g->high : high[g->issue];
        const double *profile = r->profile + r->from[g->issue];
        double most = profile[from];
        for (uint32_t o = from + 1; o <= to; o++) {
            most = profile[o] > most ? profile[o] : most;
        }
        double cost = most + weight - r->peak[g->issue];
        cost = cost > 0 ? cost : 0;
        if (out->issue == UINT32_MAX || cost < out->cost) {
            *out = (struct booking){.cost = cost, .issue = g->issue, .low = from, .high = to};
        }
    }
    return true;
}

double relax_most(struct relax *r, const double *weight, const uint32_t *low, const uint32_t *high)
{
    const struct problem *p = r->p;
    double sum = 0;
    for (uint32_t i = 0; i < p->issues; i++) {
        double *profile = r->profile + r->from[i];
        double peak = 0;
        for (uint32_t o = low[i]; o <= high[i]; o++) {
            const int64_t *w = problem_worth(p, i, o);
            double v = 0;
            for (uint32_t k = 0; k < p->parties; k++) {
                v += weight[k] * (double)w[k];
            }
            profile[o] = v;
            peak = o == low[i] || v > peak ? v : peak;
        }
        r->peak[i] = peak;
    }
    for (uint32_t n = 0; n < r->count; n++) {
        const struct problem_box *b = &p->boxes[r->order[n]];
        double w = weight[b->party] * (double)b->worth;
        struct booking at = {0};
        if (!book(r, b, w, low, high, &at)) {
            continue;
        }
        if (at.issue == UINT32_MAX) {
            sum += w; /* all packages of the part are in it */
        } else if (w > 0) {
            double *profile = r->profile + r->from[at.issue];
            for (uint32_t o = at.low; o <= at.high; o++) {
                profile[o] += w;
            }
            r->peak[at.issue] += at.cost;
        }
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        sum += r->peak[i];
    }
    return sum;
}
