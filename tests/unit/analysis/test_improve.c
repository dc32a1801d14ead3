/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/improve.h"
#include "lib/problems.h"

static const struct problem_plan plans[] = {
    {.parties = 2, .issues = 4, .worth_max = 9},
    {.parties = 3, .issues = 4, .worth_max = 30},
    {.parties = 2, .issues = 4, .worth_max = 9, .boxes = 4},
};

static uint32_t changes_between(const uint32_t *a, const uint32_t *b, uint32_t issues)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < issues; i++) {
        n += a[i] != b[i];
    }
    return n;
}

/* Each is an improvement with so many changes; and of every improvement there is, one with no more
 * changes that is as good for all is in the list. */
static void test_all_are_found(void **state)
{
    struct arena mem = test_arena(1u << 23);
    struct prop prop;
    (void)state;
    prop_init(&prop, "improve");
    for (size_t round = 0; round < prop_rounds(300); round++) {
        struct err err = {0};
        struct improvements found;
        uint32_t from[4];
        uint32_t package[4];
        int64_t start[PROBLEM_PARTIES_MAX];
        int64_t u[PROBLEM_PARTIES_MAX];
        bool any = false;
        const struct problem *p = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        struct big size;
        uint64_t count = 0;
        problem_size(p, &size);
        assert_true(big_u64(&size, &count));
        problem_package(p, prop_below(&prop, count), from);
        (void)problem_eval(p, from, start);
        assert_true(improve(p, from, 256, &no_limit, &mem, &found, &err));
        assert_int_equal(found.searched, p->issues);
        for (size_t i = 0; i < found.count; i++) {
            const struct improvement *m = &found.all[i];
            assert_int_equal(changes_between(from, m->package, p->issues), m->changes);
            assert_true(problem_eval(p, m->package, u));
            assert_memory_equal(u, m->worth, p->parties * sizeof(*u));
            assert_true(row_covers(u, start, p->parties));
            assert_true(row_cmp(u, start, p->parties) != 0);
            assert_true(i == 0 || found.all[i - 1].changes <= m->changes);
        }
        for (uint64_t n = 0; n < count; n++) {
            problem_package(p, n, package);
            if (!problem_eval(p, package, u) || !row_covers(u, start, p->parties) ||
                row_cmp(u, start, p->parties) == 0) {
                continue;
            }
            bool covered = false;
            any = true;
            for (size_t i = 0; i < found.count; i++) {
                covered = covered ||
                          (found.all[i].changes <= changes_between(from, package, p->issues) &&
                           row_covers(found.all[i].worth, u, p->parties));
            }
            assert_true(covered);
        }
        assert_int_equal(found.best, !any);
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
