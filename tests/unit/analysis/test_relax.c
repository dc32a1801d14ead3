/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/relax.h"
#include "lib/problems.h"

/* The same problem, its boxes that make a worth 0 turned into such that add. */
static struct problem adding(const struct problem *p, struct arena *mem)
{
    struct problem q = *p;
    struct problem_box *boxes = ARENA_NEW(mem, struct problem_box, p->box_count);
    assert_non_null(boxes);
    memcpy(boxes, p->boxes, p->box_count * sizeof(*boxes));
    for (uint32_t b = 0; b < p->box_count; b++) {
        if (boxes[b].kind == PROBLEM_BOX_ZERO) {
            boxes[b].kind = PROBLEM_BOX_ADDS;
        }
    }
    q.boxes = boxes;
    return q;
}

static double weighted(const struct problem *p, const double *weight, const int64_t *u)
{
    double sum = 0;
    for (uint32_t k = 0; k < p->parties; k++) {
        sum += weight[k] * (double)u[k];
    }
    return sum;
}

/* Over random parts: never below the best package of the part, never above what each party could
 * have by itself; and of a part of one package, its worth. */
static void test_between(void **state)
{
    static const struct problem_plan plans[] = {
        {.parties = 2, .issues = 4, .worth_max = 20, .boxes = 8},
        {.parties = 3, .issues = 4, .worth_max = 20, .boxes = 12, .caps = true},
        {.parties = 1, .issues = 5, .worth_max = 9, .boxes = 6},
    };
    struct arena mem = test_arena(1u << 20);
    struct prop prop;
    size_t tighter = 0;
    (void)state;
    prop_init(&prop, "relax");
    for (size_t round = 0; round < prop_rounds(300); round++) {
        struct err err = {0};
        struct relax r;
        bool applies = false;
        double weight[PROBLEM_PARTIES_MAX];
        int64_t most[PROBLEM_PARTIES_MAX];
        uint32_t low[8];
        uint32_t high[8];
        uint64_t size = 1;
        const struct problem *made = problem_make(&plans[round % COUNT_OF(plans)], &prop, &mem);
        const struct problem p = adding(made, &mem);
        struct problem capless = p;
        capless.cap = NULL;
        assert_true(relax_init(&r, &p, &mem, &applies, &err));
        assert_true(applies);
        for (uint32_t i = 0; i < p.issues; i++) {
            low[i] = (uint32_t)prop_below(&prop, p.options[i]);
            high[i] = (uint32_t)prop_between(&prop, low[i], p.options[i] - 1);
            size *= p.options[i];
        }
        for (uint32_t k = 0; k < p.parties; k++) {
            int64_t least;
            weight[k] = (double)prop_below(&prop, 100) / 16;
            problem_bounds(&capless, k, low, high, &least, &most[k]);
        }
        double bound = relax_most(&r, weight, low, high);
        double best = -1e300;
        bool one = true;
        for (uint32_t i = 0; i < p.issues; i++) {
            one = one && low[i] == high[i];
        }
        for (uint64_t n = 0; n < size; n++) {
            uint32_t package[8];
            int64_t u[PROBLEM_PARTIES_MAX];
            bool in = true;
            problem_package(&p, n, package);
            for (uint32_t i = 0; i < p.issues; i++) {
                in = in && package[i] >= low[i] && package[i] <= high[i];
            }
            if (in) {
                (void)problem_eval(&capless, package, u);
                double v = weighted(&p, weight, u);
                best = v > best ? v : best;
            }
        }
        double apart = weighted(&p, weight, most);
        assert_true(bound >= best - 1e-9);
        assert_true(bound <= apart + 1e-9);
        assert_true(!one || bound <= best + 1e-9);
        tighter += bound < apart - 1e-9;
        arena_rewind(&mem, 0);
    }
    assert_true(tighter > 50);
    test_arena_free(&mem);
}

static void test_not_for_zeros_and_tables(void **state)
{
    static const struct problem_plan plan = {
        .parties = 2, .issues = 3, .worth_max = 9, .boxes = 3, .tables = true};
    struct arena mem = test_arena(1u << 20);
    struct err err = {0};
    struct relax r;
    struct prop prop;
    bool applies = true;
    (void)state;
    prop_init(&prop, "relax not");
    struct problem *p = problem_make(&plan, &prop, &mem);
    assert_true(relax_init(&r, p, &mem, &applies, &err));
    assert_false(applies);
    struct problem_box box = {.kind = PROBLEM_BOX_ZERO};
    p->table = NULL;
    p->boxes = &box;
    p->box_count = 1;
    assert_true(relax_init(&r, p, &mem, &applies, &err));
    assert_false(applies);
    box.kind = PROBLEM_BOX_FORBIDS;
    assert_true(relax_init(&r, p, &mem, &applies, &err));
    assert_true(applies);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_between),
        cmocka_unit_test(test_not_for_zeros_and_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
