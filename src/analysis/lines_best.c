/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/lines_best.h"

/* Compared from the first on; each a number over another. */
struct line_merit {
    uint32_t count;
    struct big over[2];
    struct big below[2];
};

struct line_contest {
    const struct lines *l;
    const int64_t *d;
    int64_t hope[2]; /* what a gain is measured by: hopes, or units */
    enum bargain_rule rule;
};

static void merit_of(const struct line_contest *c, const struct line_point *at,
                     struct line_merit *out)
{
    const struct line_piece *s = line_piece_at(c->l, at);
    const int64_t *unit = c->l->problem->unit;
    struct big gain[2];
    struct big below;
    for (uint32_t k = 0; k < 2; k++) {
        line_gain(s, at->at, k, c->d[k], &gain[k]);
    }
    big_set_wide(&below, at->at.d);
    switch (c->rule) {
    case BARGAIN_NASH:
        out->count = 1;
        big_times(&out->over[0], &gain[0], &gain[1]);
        big_times(&out->below[0], &below, &below);
        return;
    case BARGAIN_UTILITARIAN:
        out->count = 1;
        big_mul(&gain[0], (uint64_t)unit[1]);
        big_mul(&gain[1], (uint64_t)unit[0]);
        big_copy(&out->over[0], &gain[0]);
        big_add(&out->over[0], &gain[1]);
        big_copy(&out->below[0], &below);
        return;
    case BARGAIN_KS:
    case BARGAIN_EGALITARIAN:
        break;
    }
    /* Shares, the smaller first; of hopes the smaller alone, and who has none does not count. */
    out->count = 0;
    for (uint32_t k = 0; k < 2; k++) {
        if (c->hope[k] > 0) {
            uint32_t at_share = out->count++;
            big_copy(&out->over[at_share], &gain[k]);
            big_copy(&out->below[at_share], &below);
            big_mul(&out->below[at_share], (uint64_t)c->hope[k]);
        }
    }
    if (out->count == 2 &&
        ratio_big_cmp(&out->over[0], &out->below[0], &out->over[1], &out->below[1]) > 0) {
        struct big t;
        big_copy(&t, &out->over[0]);
        big_copy(&out->over[0], &out->over[1]);
        big_copy(&out->over[1], &t);
        big_copy(&t, &out->below[0]);
        big_copy(&out->below[0], &out->below[1]);
        big_copy(&out->below[1], &t);
    }
    out->count = c->rule == BARGAIN_KS && out->count > 1 ? 1 : out->count;
}

static int merit_cmp(const struct line_merit *a, const struct line_merit *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        int order = ratio_big_cmp(&a->over[i], &a->below[i], &b->over[i], &b->below[i]);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/* Where on the run, between its ends, merit may be larger than at both.  False: nowhere. */
static bool summit(const struct line_contest *c, const struct line_run *r, struct ratio *out)
{
    const struct line_piece *s = line_piece_at(c->l, &r->from);
    const wide_signed dx = s->b[0] - s->a[0];
    const wide_signed dy = s->a[1] - s->b[1];
    const wide_signed g = s->a[0] - c->d[0];
    const wide_signed h = s->a[1] - c->d[1];
    wide_signed n = 0;
    wide_signed m = 0;
    switch (c->rule) {
    case BARGAIN_NASH:
        /* (g + t dx) (h - t dy): its slope dx h - dy g - 2 t dx dy is 0. */
        n = dx * h - dy * g;
        m = 2 * dx * dy;
        break;
    case BARGAIN_KS:
    case BARGAIN_EGALITARIAN:
        /* (g + t dx) / x == (h - t dy) / y */
        if (c->hope[0] <= 0 || c->hope[1] <= 0) {
            return false;
        }
        n = h * c->hope[0] - g * c->hope[1];
        m = dx * c->hope[1] + dy * c->hope[0];
        break;
    case BARGAIN_UTILITARIAN:
        return false;
    }
    if (m <= 0 || n <= 0 || n >= m) {
        return false;
    }
    *out = ratio_make(n, m);
    return ratio_cmp(*out, r->from.at) > 0 && ratio_cmp(*out, r->to.at) < 0;
}

bool lines_solve(const struct lines *l, const int64_t *d, const int64_t *ideal,
                 enum bargain_rule rule, struct arena *mem, struct line_best *out, struct err *err)
{
    struct line_contest c = {.l = l, .d = d, .rule = rule};
    struct line_merit *merits = ARENA_NEW(mem, struct line_merit, 2);
    struct line_point *point = ARENA_NEW(mem, struct line_point, 3 * l->count);
    size_t count = 0;
    if (mem->failed) {
        return err_memory(err, "the packages worth naming");
    }
    for (uint32_t k = 0; k < 2; k++) {
        c.hope[k] = rule == BARGAIN_KS ? ideal[k] - d[k] : l->problem->unit[k];
    }
    struct line_merit *best = &merits[0];
    struct line_merit *now = &merits[1];
    for (size_t i = 0; i < l->count; i++) {
        const struct line_run *r = &l->runs[i];
        struct line_point tried[3];
        uint32_t tries = 0;
        struct ratio at;
        if (!r->from_open) {
            tried[tries++] = r->from;
        }
        if (summit(&c, r, &at)) {
            tried[tries++] = (struct line_point){.piece = r->from.piece, .at = at};
        }
        if (!r->to_open && lines_point_cmp(l, &r->from, &r->to) != 0) {
            tried[tries++] = r->to;
        }
        for (uint32_t t = 0; t < tries; t++) {
            merit_of(&c, &tried[t], now);
            int order = count == 0 ? 1 : merit_cmp(now, best);
            if (order < 0 ||
                (order == 0 && lines_point_cmp(l, &point[count - 1], &tried[t]) == 0)) {
                continue; /* less, or where two runs meet */
            }
            if (order > 0) {
                struct line_merit *swap = best;
                best = now;
                now = swap;
                count = 0;
            }
            point[count++] = tried[t];
        }
    }
    *out = (struct line_best){.count = count, .point = point};
    return true;
}
