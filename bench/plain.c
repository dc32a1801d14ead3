/* SPDX-License-Identifier: Apache-2.0 */
#include "plain.h"

#include "base/sort.h"

struct list {
    const struct problem *p;
    double *u; /* [package * parties + party] */
    size_t count;
    double sum[PROBLEM_ISSUES_MAX + 1][PROBLEM_PARTIES_MAX];
};

/* Partial sums stay where they are: a package costs its last issue's addition. */
static void enumerate(struct list *l, uint32_t issue)
{
    const uint32_t parties = l->p->parties;
    const bool last = issue + 1 == l->p->issues;
    for (uint32_t o = 0; o < l->p->options[issue]; o++) {
        const int64_t *w = problem_worth(l->p, issue, o);
        double *to = last ? l->u + l->count++ * parties : l->sum[issue + 1];
        for (uint32_t k = 0; k < parties; k++) {
            to[k] = l->sum[issue][k] + (double)w[k];
        }
        if (!last) {
            enumerate(l, issue + 1);
        }
    }
}

static int descending(const void *a, const void *b, void *ctx)
{
    const double *x = a;
    const double *y = b;
    const uint32_t *parties = ctx;
    for (uint32_t k = 0; k < *parties; k++) {
        if (x[k] != y[k]) {
            return x[k] > y[k] ? -1 : 1;
        }
    }
    return 0;
}

static bool covers(const double *x, const double *y, uint32_t parties)
{
    for (uint32_t k = 0; k < parties; k++) {
        if (x[k] < y[k]) {
            return false;
        }
    }
    return true;
}

/* Sorted rows: kept where no kept one covers them; of two parties the last one knows. */
static size_t sweep(struct list *l)
{
    const uint32_t parties = l->p->parties;
    size_t kept = 0;
    for (size_t r = 0; r < l->count; r++) {
        double *row = l->u + r * parties;
        bool beaten = false;
        for (size_t i = parties == 2 && kept > 0 ? kept - 1 : 0; i < kept && !beaten; i++) {
            beaten = covers(l->u + i * parties, row, parties);
        }
        if (!beaten) {
            memmove(l->u + kept++ * parties, row, parties * sizeof(*row));
        }
    }
    return kept;
}

bool plain_analyse(const struct problem *p, const int64_t *d, struct arena *mem,
                   struct plain_answer *out, struct err *err)
{
    struct list *l = ARENA_NEW(mem, struct list, 1);
    struct big size;
    uint64_t count = 0;
    uint32_t parties = p->parties;
    double hope[PROBLEM_PARTIES_MAX] = {0};
    struct plain_answer a = {0};
    problem_size(p, &size);
    if (l == NULL || !big_u64(&size, &count) || count > SIZE_MAX / 2 ||
        (l->u = ARENA_NEW(mem, double, (size_t)count *parties)) == NULL) {
        return err_memory(err, "every package");
    }
    l->p = p;
    enumerate(l, 0);
    for (size_t r = 0; r < l->count; r++) {
        bool good = true;
        for (uint32_t k = 0; k < parties; k++) {
            good = good && l->u[r * parties + k] >= (double)d[k];
        }
        a.zone += good;
    }
    if (!sort_stable(l->u, l->count, parties * sizeof(*l->u), descending, &parties, mem)) {
        return err_memory(err, "every package, sorted");
    }
    a.points = sweep(l);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t r = 0; r < a.points; r++) {
            double product = 1;
            double sum = 0;
            double least = 1e300;
            double share = 1e300;
            for (uint32_t k = 0; k < parties; k++) {
                double g = l->u[r * parties + k] - (double)d[k];
                double unit = (double)p->unit[k];
                product = g < 0 ? -1e300 : product * g;
                sum += g / unit;
                least = g / unit < least ? g / unit : least;
                share = pass == 1 && hope[k] > 0 && g / hope[k] < share ? g / hope[k] : share;
            }
            if (least < 0) {
                continue;
            }
            for (uint32_t k = 0; k < parties && pass == 0; k++) {
                double g = l->u[r * parties + k] - (double)d[k];
                hope[k] = g > hope[k] ? g : hope[k];
            }
            a.nash = product > a.nash ? product : a.nash;
            a.utilitarian = sum > a.utilitarian ? sum : a.utilitarian;
            a.egalitarian = least > a.egalitarian ? least : a.egalitarian;
            a.kalai = pass == 1 && share > a.kalai ? share : a.kalai;
        }
    }
    *out = a;
    return true;
}
