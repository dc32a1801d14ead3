/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/rest.h"

enum { LOOKS_MAX = 1 << 22 }; /* at points, for all parts together, about */

struct rest {
    const struct frontier *f;
    size_t step; /* every so many points are tried */
    int64_t epsilon[PROBLEM_PARTIES_MAX];
    uint32_t low[PROBLEM_ISSUES_MAX];
    uint32_t high[PROBLEM_ISSUES_MAX];
};

/* The most that any party is better off with `most` than at the point, in utility. */
static double distance(const struct problem *p, const int64_t *most, const int64_t *row)
{
    double worst = 0;
    for (uint32_t k = 0; k < p->parties; k++) {
        double d = (double)(most[k] - row[k]) / (double)p->unit[k];
        worst = d > worst ? d : worst;
    }
    return worst;
}

/* False: there is no point. */
static bool add_part(struct rest *r)
{
    const struct frontier *f = r->f;
    const struct problem *p = f->problem;
    int64_t most[PROBLEM_PARTIES_MAX];
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t least;
        problem_bounds(p, k, r->low, r->high, &least, &most[k]);
        if (f->scope == FRONTIER_ABOVE_RESERVE && most[k] < p->reserve[k]) {
            return true; /* somebody would sign none of it */
        }
    }
    size_t near = 0;
    double nearest = 0;
    for (size_t i = 0; i < f->count; i += r->step) {
        double d = distance(p, most, f->u + i * p->parties);
        if (i == 0 || d < nearest) {
            near = i;
            nearest = d;
        }
    }
    if (f->count == 0) {
        return false;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t more = most[k] - f->u[near * p->parties + k];
        r->epsilon[k] = more > r->epsilon[k] ? more : r->epsilon[k];
    }
    return true;
}

bool rest_gap(const struct frontier *f, uint64_t from, int64_t *epsilon)
{
    const struct problem *p = f->problem;
    struct rest r = {.f = f};
    uint32_t package[PROBLEM_ISSUES_MAX];
    size_t parts = 1;
    problem_package(p, from, package);
    memcpy(r.epsilon, epsilon, p->parties * sizeof(*epsilon));
    for (uint32_t i = 0; i < p->issues; i++) {
        parts += p->options[i] - 1 - package[i];
        r.low[i] = 0;
        r.high[i] = p->options[i] - 1;
    }
    r.step = 1 + f->count / (LOOKS_MAX / parts + 1);
    /* Behind the first issues as they are, a later option; and the package itself at last. */
    for (uint32_t i = 0; i < p->issues; i++) {
        for (uint32_t o = package[i] + 1; o < p->options[i]; o++) {
            r.low[i] = r.high[i] = o;
            if (!add_part(&r)) {
                return false;
            }
        }
        r.low[i] = r.high[i] = package[i];
    }
    if (!add_part(&r)) {
        return false;
    }
    memcpy(epsilon, r.epsilon, p->parties * sizeof(*epsilon));
    return true;
}
