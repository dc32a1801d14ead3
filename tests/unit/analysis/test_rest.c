/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/outcomes.h"
#include "analysis/rest.h"
#include "lib/problems.h"

enum { EVERY = 97 };

static bool loses(const struct frontier *f, const int64_t *u)
{
    const uint32_t parties = f->problem->parties;
    for (size_t r = 0; r < f->count; r++) {
        bool near = true;
        for (uint32_t k = 0; k < parties; k++) {
            near = near && f->u[r * parties + k] + f->epsilon[k] >= u[k];
        }
        if (near) {
            return true;
        }
    }
    return false;
}

/* Packages, looked at or not, lose to some point but for epsilon: every so many of them. */
static void all_lose(const struct frontier *f)
{
    const struct problem *p = f->problem;
    uint64_t size = 0;
    uint32_t package[PROBLEM_ISSUES_MAX];
    int64_t u[PROBLEM_PARTIES_MAX];
    assert_true(outcomes_countable(p, &size));
    for (uint64_t n = size - 1; n < size; n -= EVERY) {
        problem_package(p, n, package);
        bool counts = f->scope == FRONTIER_ALL ? problem_eval(p, package, u)
                                               : problem_refusals(p, package) == 0;
        (void)problem_eval(p, package, u);
        if (counts) {
            assert_true(loses(f, u));
        }
    }
}

/* The parts behind every number, of small problems, with the frontier of all before it. */
static void test_every_cut(void **state)
{
    static const struct problem_plan plans[] = {
        {.parties = 2, .issues = 4, .worth_max = 9, .boxes = 5, .reserves = true},
        {.parties = 3, .issues = 3, .worth_max = 5, .boxes = 3, .caps = true},
        {.parties = 4, .issues = 3, .worth_max = 6, .tables = true, .reserves = true},
        {.parties = 1, .issues = 4, .worth_max = 9, .boxes = 2},
    };
    struct arena mem = test_arena(1u << 24);
    struct prop prop;
    (void)state;
    prop_init(&prop, "cuts");
    for (size_t round = 0; round < prop_rounds(40); round++) {
        struct err err = {0};
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        const enum frontier_scope scope = round / COUNT_OF(plans) % 2 == 0 ? FRONTIER_ALL
                                                                           : FRONTIER_ABOVE_RESERVE;
        uint64_t size = 0;
        uint64_t cut = 0;
        assert_true(outcomes_countable(p, &size));
        struct frontier f;
        struct outcomes counts;
        assert_true(outcomes_frontier(p, scope, &no_limit, &mem, &f, &counts, &err));
        assert_true(counts.bounded);
        /* Of its points only those that lie before the cut. */
        int64_t *kept = ARENA_NEW(&mem, int64_t, f.count * p->parties);
        for (cut = 0; cut < size; cut += 1 + size / 7) {
            struct frontier part = f;
            part.u = kept;
            part.count = 0;
            for (size_t r = 0; r < f.count; r++) {
                if (f.number[r] < cut) {
                    memcpy(kept + part.count++ * p->parties, f.u + r * p->parties,
                           p->parties * sizeof(*kept));
                }
            }
            int64_t epsilon[PROBLEM_PARTIES_MAX] = {0};
            bool bounded = rest_gap(&part, cut, epsilon);
            assert_true(bounded || part.count == 0);
            /* Points between the cut and their own first package are of the rest too. */
            memcpy(part.epsilon, epsilon, sizeof(epsilon));
            for (size_t r = 0; bounded && r < f.count; r++) {
                assert_true(loses(&part, f.u + r * p->parties));
            }
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

struct steps {
    uint64_t asked;
    uint64_t last; /* then it stops */
};

static bool count_steps(void *ctx)
{
    struct steps *s = ctx;
    return ++s->asked >= s->last;
}

/* Four parties, 24 x 24 x 24 packages of which none beats another. */
static struct problem *no_two_agree(struct arena *mem)
{
    enum { ISSUES = 3, OPTIONS = 24, PARTIES = 4 };
    struct problem *p = ARENA_NEW(mem, struct problem, 1);
    uint32_t *options = ARENA_NEW(mem, uint32_t, ISSUES);
    const int64_t **worth = ARENA_NEW(mem, const int64_t *, ISSUES);
    int64_t *unit = ARENA_NEW(mem, int64_t, PARTIES);
    int64_t *reserve = ARENA_NEW(mem, int64_t, PARTIES);
    assert_non_null(reserve);
    for (uint32_t i = 0; i < ISSUES; i++) {
        int64_t *w = ARENA_NEW(mem, int64_t, OPTIONS * PARTIES);
        assert_non_null(w);
        for (uint32_t o = 0; o < OPTIONS; o++) {
            w[o * PARTIES + i] = o;
            w[o * PARTIES + 3] = OPTIONS - 1 - o;
        }
        options[i] = OPTIONS;
        worth[i] = w;
    }
    for (uint32_t k = 0; k < PARTIES; k++) {
        unit[k] = 1;
        reserve[k] = PROBLEM_NONE;
    }
    *p = (struct problem){.parties = PARTIES,
                          .issues = ISSUES,
                          .options = options,
                          .worth = worth,
                          .unit = unit,
                          .reserve = reserve};
    return p;
}

/* Filtering a large frontier asks the budget as well, and stops where it says so: never far more
 * than the looks that one question stands for.  Whatever the moment, what is said is true. */
static void test_stops_while_filtering(void **state)
{
    struct arena mem = test_arena(1u << 25);
    struct err err = {0};
    (void)state;
    const struct problem *p = no_two_agree(&mem);
    const size_t mark = arena_mark(&mem);
    struct steps steps = {.last = UINT64_MAX};
    const struct budget budget = {.work = UINT64_MAX, .stop = count_steps, .ctx = &steps};
    struct frontier f;
    struct outcomes counts;
    assert_true(outcomes_frontier(p, FRONTIER_ALL, &budget, &mem, &f, &counts, &err));
    assert_true(f.exact);
    assert_int_equal(f.count, 24 * 24 * 24);
    /* Each row is held against the blocks of all before it, once at least. */
    const uint64_t looks = (uint64_t)f.count * f.count / 2 / 32;
    const uint64_t all = steps.asked;
    assert_true(all >= looks >> 20);
    assert_true(all >= 3);
    for (uint64_t stop = 1; stop < all; stop += 1 + all / 5) {
        arena_rewind(&mem, mark);
        steps = (struct steps){.last = stop};
        assert_true(outcomes_frontier(p, FRONTIER_ALL, &budget, &mem, &f, &counts, &err));
        assert_false(f.exact);
        assert_true(steps.asked <= stop + 2);
        assert_int_equal(counts.bounded, f.count > 0);
        if (f.count > 0) {
            all_lose(&f);
        }
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_stops_while_filtering),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
