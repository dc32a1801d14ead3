/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/problems.h"

#include "lib/test.h"

const struct budget no_limit = {.work = UINT64_MAX};

static uint32_t small(struct prop *prop, uint32_t low, uint32_t high)
{
    return (uint32_t)prop_between(prop, low, high);
}

static void make_box(struct problem_box *b, const struct problem *p, uint64_t worth_max,
                     struct prop *prop, struct arena *mem)
{
    struct problem_range *ranges = ARENA_NEW(mem, struct problem_range, p->issues);
    b->kind = (enum problem_box_kind)prop_below(prop, 3);
    b->party = small(prop, 0, p->parties - 1);
    if (b->kind == PROBLEM_BOX_FORBIDS && prop_one_in(prop, 2)) {
        b->party = PROBLEM_NOBODY;
    }
    b->worth = (int64_t)prop_below(prop, 2 * worth_max + 1) - (int64_t)worth_max;
    for (uint32_t i = 0; i < p->issues; i++) {
        if (prop_one_in(prop, 2)) {
            uint32_t low = small(prop, 0, p->options[i] - 1);
            ranges[b->range_count++] = (struct problem_range){
                .issue = i, .low = low, .high = small(prop, low, p->options[i] - 1)};
        }
    }
    b->ranges = ranges;
}

struct problem *problem_make(const struct problem_plan *plan, struct prop *prop, struct arena *mem)
{
    struct problem *p = ARENA_NEW(mem, struct problem, 1);
    uint32_t *options = ARENA_NEW(mem, uint32_t, plan->issues);
    const int64_t **worth = ARENA_NEW(mem, const int64_t *, plan->issues);
    int64_t *unit = ARENA_NEW(mem, int64_t, plan->parties);
    int64_t *reserve = ARENA_NEW(mem, int64_t, plan->parties);
    int64_t *cap = ARENA_NEW(mem, int64_t, plan->parties);
    const int64_t **table = ARENA_NEW(mem, const int64_t *, plan->parties);
    struct problem_box *boxes = ARENA_NEW(mem, struct problem_box, plan->boxes);
    uint64_t size = 1;
    *p = (struct problem){.parties = plan->parties,
                          .issues = plan->issues,
                          .options = options,
                          .worth = worth,
                          .unit = unit,
                          .reserve = reserve};
    for (uint32_t i = 0; i < plan->issues; i++) {
        options[i] = plan->options != 0 ? plan->options : small(prop, 1, 4);
        size *= options[i];
        int64_t *w = ARENA_NEW(mem, int64_t, (size_t)options[i] * plan->parties);
        assert_non_null(w);
        for (uint32_t n = 0; n < options[i] * plan->parties; n++) {
            w[n] = (int64_t)prop_below(prop, plan->worth_max + 1);
        }
        worth[i] = w;
    }
    for (uint32_t k = 0; k < plan->parties; k++) {
        unit[k] = 1 + (int64_t)prop_below(prop, 3);
        reserve[k] = plan->reserves && prop_one_in(prop, 2)
                         ? (int64_t)prop_below(prop, plan->worth_max * plan->issues / 2 + 1)
                         : PROBLEM_NONE;
        cap[k] = prop_one_in(prop, 2) ? INT64_MAX
                                      : (int64_t)prop_below(prop, plan->worth_max * plan->issues);
        if (plan->tables && prop_one_in(prop, 2)) {
            int64_t *t = ARENA_NEW(mem, int64_t, size);
            for (uint64_t n = 0; n < size; n++) {
                t[n] = (int64_t)prop_below(prop, plan->worth_max + 1);
            }
            table[k] = t;
        }
    }
    p->cap = plan->caps ? cap : NULL;
    p->table = plan->tables ? table : NULL;
    p->boxes = boxes;
    for (uint32_t b = 0; b < plan->boxes; b++) {
        make_box(&boxes[b], p, plan->worth_max, prop, mem);
    }
    p->box_count = plan->boxes;
    assert_false(mem->failed);
    return p;
}

size_t brute_frontier(const struct problem *p, enum frontier_scope scope, struct arena *mem,
                      int64_t **out_u, uint64_t **out_ties)
{
    uint64_t size = 1;
    uint32_t package[PROBLEM_ISSUES_MAX];
    size_t all = 0;
    size_t kept = 0;
    uint32_t d = p->parties;
    for (uint32_t i = 0; i < p->issues; i++) {
        size *= p->options[i];
    }
    int64_t *u = ARENA_NEW(mem, int64_t, size * d);
    int64_t *best = ARENA_NEW(mem, int64_t, size * d);
    uint64_t *ties = ARENA_NEW(mem, uint64_t, size);
    assert_false(mem->failed);
    for (uint64_t n = 0; n < size; n++) {
        problem_package(p, n, package);
        bool good = problem_eval(p, package, u + all * d);
        for (uint32_t k = 0; k < d; k++) {
            good = good && (scope == FRONTIER_ALL || u[all * d + k] >= p->reserve[k]);
        }
        all += good;
    }
    for (size_t i = 0; i < all; i++) {
        bool beaten = false;
        size_t at = kept;
        for (size_t j = 0; j < all && !beaten; j++) {
            beaten = row_covers(u + j * d, u + i * d, d) && row_cmp(u + j * d, u + i * d, d) != 0;
        }
        if (beaten) {
            continue;
        }
        while (at > 0 && row_cmp(best + (at - 1) * d, u + i * d, d) >= 0) {
            at--;
        }
        if (at < kept && row_cmp(best + at * d, u + i * d, d) == 0) {
            ties[at]++;
            continue;
        }
        memmove(best + (at + 1) * d, best + at * d, (kept - at) * d * sizeof(*best));
        memmove(ties + at + 1, ties + at, (kept - at) * sizeof(*ties));
        memcpy(best + at * d, u + i * d, d * sizeof(*best));
        ties[at] = 1;
        kept++;
    }
    *out_u = best;
    *out_ties = ties;
    return kept;
}
