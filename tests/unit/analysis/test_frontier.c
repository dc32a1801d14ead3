/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/outcomes.h"
#include "lib/problems.h"

static const struct problem_plan plans[] = {
    {.parties = 1, .issues = 3, .worth_max = 5},
    {.parties = 2, .issues = 4, .worth_max = 4, .reserves = true},
    {.parties = 2, .issues = 4, .worth_max = 1000, .reserves = true},
    {.parties = 3, .issues = 4, .worth_max = 3, .reserves = true},
    {.parties = 3, .issues = 4, .worth_max = 1000},
    {.parties = 4, .issues = 4, .worth_max = 4, .reserves = true},
    {.parties = 5, .issues = 3, .worth_max = 9},
    {.parties = 6, .issues = 3, .worth_max = 2, .reserves = true},
};

static void same_as_brute(const struct problem *p, enum frontier_scope scope, struct arena *mem)
{
    struct err err = {0};
    struct frontier f;
    int64_t *u;
    uint64_t *ties;
    size_t count = brute_frontier(p, scope, mem, &u, &ties);
    assert_true(problem_check(p, &err));
    assert_true(frontier_merge(p, scope, &no_limit, mem, &f, &err));
    assert_true(f.exact);
    assert_int_equal(f.count, count);
    assert_memory_equal(f.u, u, count * p->parties * sizeof(*u));
    assert_memory_equal(f.ties, ties, count * sizeof(*ties));
    for (size_t i = 0; i < count; i++) {
        uint32_t packages[256 * 4];
        int64_t w[PROBLEM_PARTIES_MAX];
        size_t n = frontier_packages(&f, i, 256, packages);
        assert_int_equal(n, ties[i]);
        for (size_t j = 0; j < n; j++) {
            assert_true(problem_eval(p, packages + j * p->issues, w));
            assert_memory_equal(w, u + i * p->parties, p->parties * sizeof(*w));
            for (size_t e = 0; e < j; e++) {
                assert_memory_not_equal(packages + j * p->issues, packages + e * p->issues,
                                        p->issues * sizeof(*packages));
            }
        }
    }
}

/* 10,000 and more in a long run. */
static void test_merge_is_brute_force(void **state)
{
    struct arena mem = test_arena(1u << 22);
    struct prop prop;
    (void)state;
    prop_init(&prop, "merge");
    for (size_t round = 0; round < prop_rounds(1000); round++) {
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        same_as_brute(p, FRONTIER_ALL, &mem);
        same_as_brute(p, FRONTIER_ABOVE_RESERVE, &mem);
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* Any frontier of a large problem: nothing random beats a point of it, and what is beaten is; 10^5
 * packages of each in a long run. */
static void test_random_packages_beat_nothing(void **state)
{
    static const struct problem_plan large[] = {
        {.parties = 2, .issues = 30, .options = 8, .worth_max = 1000000},
        {.parties = 3, .issues = 8, .options = 5, .worth_max = 1000000},
        {.parties = 4, .issues = 6, .options = 3, .worth_max = 1000},
    };
    struct arena mem = test_arena(1u << 26);
    struct prop prop;
    (void)state;
    prop_init(&prop, "random packages");
    for (size_t round = 0; round < COUNT_OF(large); round++) {
        struct err err = {0};
        struct frontier f;
        const struct problem *p = problem_make(&large[round], &prop, &mem);
        assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &f, &err));
        for (size_t n = 0; n < prop_rounds(5000); n++) {
            uint32_t package[30];
            int64_t w[PROBLEM_PARTIES_MAX];
            bool covered = false;
            for (uint32_t i = 0; i < p->issues; i++) {
                package[i] = (uint32_t)prop_below(&prop, p->options[i]);
            }
            assert_true(problem_eval(p, package, w));
            for (size_t r = 0; r < f.count; r++) {
                const int64_t *row = f.u + r * p->parties;
                bool equal = row_cmp(row, w, p->parties) == 0;
                assert_true(equal || !row_covers(w, row, p->parties));
                covered = covered || row_covers(row, w, p->parties);
            }
            assert_true(covered);
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

static void shuffled(struct prop *prop, uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = (uint32_t)prop_below(prop, i + 1);
        out[i] = out[at];
        out[at] = i;
    }
}

/* Issues, options and parties in another order. */
static struct problem turned(const struct problem *p, struct prop *prop, uint32_t *party_from,
                             struct arena *mem)
{
    struct problem q = *p;
    uint32_t *options = ARENA_NEW(mem, uint32_t, p->issues);
    uint32_t *issue_from = ARENA_NEW(mem, uint32_t, p->issues);
    const int64_t **worth = ARENA_NEW(mem, const int64_t *, p->issues);
    int64_t *reserve = ARENA_NEW(mem, int64_t, p->parties);
    int64_t *unit = ARENA_NEW(mem, int64_t, p->parties);
    uint32_t option_from[16];
    assert_false(mem->failed);
    shuffled(prop, p->parties, party_from);
    shuffled(prop, p->issues, issue_from);
    for (uint32_t i = 0; i < p->issues; i++) {
        uint32_t n = p->options[issue_from[i]];
        int64_t *w = ARENA_NEW(mem, int64_t, (size_t)n * p->parties);
        assert_non_null(w);
        assert_true(n <= COUNT_OF(option_from));
        shuffled(prop, n, option_from);
        for (uint32_t o = 0; o < n; o++) {
            for (uint32_t k = 0; k < p->parties; k++) {
                w[o * p->parties + k] = problem_worth(p, issue_from[i],
                                                      option_from[o])[party_from[k]];
            }
        }
        options[i] = n;
        worth[i] = w;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        reserve[k] = p->reserve[party_from[k]];
        unit[k] = p->unit[party_from[k]];
    }
    q.options = options;
    q.worth = worth;
    q.reserve = reserve;
    q.unit = unit;
    return q;
}

/* The same points, whichever way they are found. */
static void test_order_changes_nothing(void **state)
{
    struct arena mem = test_arena(1u << 24);
    struct prop prop;
    (void)state;
    prop_init(&prop, "order");
    for (size_t round = 0; round < prop_rounds(300); round++) {
        struct err err = {0};
        struct frontier f;
        struct frontier g;
        struct outcomes counts;
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        const enum frontier_scope scope = round % 3 == 0 ? FRONTIER_ABOVE_RESERVE : FRONTIER_ALL;
        uint32_t d = p->parties;
        uint32_t party_from[PROBLEM_PARTIES_MAX];
        struct problem q = turned(p, &prop, party_from, &mem);
        struct arena second = test_arena(1u << 22);
        assert_true(frontier_merge(p, scope, &no_limit, &mem, &f, &err));
        if (round % 2 == 0) {
            assert_true(frontier_merge(&q, scope, &no_limit, &second, &g, &err));
        } else {
            assert_true(outcomes_frontier(&q, scope, &no_limit, &second, &g, &counts, &err));
        }
        assert_int_equal(f.count, g.count);
        for (size_t r = 0; r < f.count; r++) {
            int64_t row[PROBLEM_PARTIES_MAX];
            for (uint32_t k = 0; k < d; k++) {
                row[k] = f.u[r * d + party_from[k]];
            }
            size_t at = frontier_find(g.u, g.count, d, row);
            assert_true(at != SIZE_MAX);
            assert_int_equal(f.ties[r], g.ties[at]);
        }
        test_arena_free(&second);
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

static bool stop_at_once(void *ctx)
{
    (void)ctx;
    return true;
}

/* Whatever the frontier that was thinned lacks comes within its epsilon of what it has.  With half
 * the memory again and again, until it has to be thinned. */
static void thinned(const struct problem *p, const struct budget *budget, size_t cap,
                    struct arena *mem)
{
    struct err err = {0};
    struct frontier whole;
    struct frontier f;
    struct arena little = test_arena(cap);
    assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, mem, &whole, &err));
    assert_true(whole.exact);
    assert_true(frontier_merge(p, FRONTIER_ALL, budget, &little, &f, &err));
    while (f.exact) {
        test_arena_free(&little);
        cap /= 2;
        little = test_arena(cap);
        assert_true(frontier_merge(p, FRONTIER_ALL, budget, &little, &f, &err));
    }
    assert_true(f.count > 0 && f.count < whole.count);
    for (size_t r = 0; r < whole.count; r++) {
        bool near = false;
        for (size_t s = 0; s < f.count && !near; s++) {
            near = true;
            for (uint32_t k = 0; k < p->parties; k++) {
                near = near &&
                       f.u[s * p->parties + k] + f.epsilon[k] >= whole.u[r * p->parties + k];
            }
        }
        assert_true(near);
    }
    for (size_t r = 0; r < f.count; r++) {
        uint32_t package[PROBLEM_ISSUES_MAX];
        int64_t w[PROBLEM_PARTIES_MAX];
        frontier_package(&f, r, package);
        assert_true(problem_eval(p, package, w));
        assert_int_equal(row_cmp(w, f.u + r * p->parties, p->parties), 0);
    }
    test_arena_free(&little);
}

static void test_thinned(void **state)
{
    static const struct problem_plan large = {
        .parties = 2, .issues = 100, .options = 9, .worth_max = 1u << 30};
    static const struct problem_plan three = {
        .parties = 3, .issues = 9, .options = 5, .worth_max = 1u << 30};
    static const struct budget stopped = {.work = UINT64_MAX, .stop = stop_at_once};
    struct arena mem = test_arena(1u << 26);
    struct prop prop;
    (void)state;
    prop_init(&prop, "thinned");
    const struct problem *two = problem_make(&large, &prop, &mem);
    thinned(two, &no_limit, 1u << 17, &mem);
    thinned(problem_make(&three, &prop, &mem), &no_limit, 1u << 15, &mem);
    thinned(two, &stopped, 1u << 24, &mem);
    test_arena_free(&mem);
}

struct fuse {
    uint64_t left;
};

static bool fuse_blown(void *ctx)
{
    struct fuse *f = ctx;
    return f->left == 0 || --f->left == 0;
}

/* Told to stop at any moment: what it says of its epsilon is true. */
static void test_stopped_anywhere(void **state)
{
    static const struct problem_plan large[] = {
        {.parties = 2, .issues = 40, .options = 9, .worth_max = 1u << 30},
        {.parties = 3, .issues = 11, .options = 5, .worth_max = 1u << 30},
        {.parties = 4, .issues = 8, .options = 4, .worth_max = 1u << 20},
        {.parties = 6, .issues = 7, .options = 3, .worth_max = 1u << 20},
    };
    struct arena mem = test_arena(1u << 25);
    struct arena second = test_arena(1u << 25);
    struct prop prop;
    size_t cut = 0;
    (void)state;
    prop_init(&prop, "stopped");
    for (size_t round = 0; round < prop_rounds(12); round++) {
        struct err err = {0};
        struct frontier whole;
        struct frontier f;
        const struct problem *p = problem_make(&large[round % COUNT_OF(large)], &prop, &mem);
        struct fuse fuse = {.left = 1 + prop_below(&prop, p->issues + 4)};
        const struct budget budget = {.work = UINT64_MAX, .stop = fuse_blown, .ctx = &fuse};
        assert_true(frontier_merge(p, FRONTIER_ALL, &no_limit, &mem, &whole, &err));
        assert_true(frontier_merge(p, FRONTIER_ALL, &budget, &second, &f, &err));
        cut += !f.exact;
        for (size_t r = 0; r < whole.count; r++) {
            bool near = false;
            for (size_t s = 0; s < f.count && !near; s++) {
                near = true;
                for (uint32_t k = 0; k < p->parties; k++) {
                    near = near &&
                           f.u[s * p->parties + k] + f.epsilon[k] >= whole.u[r * p->parties + k];
                }
            }
            assert_true(near);
        }
        assert_true(!f.exact || f.count == whole.count);
        arena_rewind(&mem, 0);
        arena_rewind(&second, 0);
    }
    assert_true(cut > 0);
    test_arena_free(&second);
    test_arena_free(&mem);
}

static void test_too_little_memory(void **state)
{
    static const struct problem_plan plan = {.parties = 2, .issues = 4, .worth_max = 9};
    struct arena mem = test_arena(1u << 20);
    struct arena none = test_arena(1u << 10);
    struct err err = {0};
    struct frontier f;
    struct prop prop;
    (void)state;
    prop_init(&prop, "memory");
    assert_false(
        frontier_merge(problem_make(&plan, &prop, &mem), FRONTIER_ALL, &no_limit, &none, &f, &err));
    assert_int_equal(err.code, ERR_MEMORY);
    test_arena_free(&none);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merge_is_brute_force),
        cmocka_unit_test(test_random_packages_beat_nothing),
        cmocka_unit_test(test_order_changes_nothing),
        cmocka_unit_test(test_thinned),
        cmocka_unit_test(test_stopped_anywhere),
        cmocka_unit_test(test_too_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
