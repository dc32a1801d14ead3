/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/sweep.h"
#include "lib/problems.h"

/* Each row is what the package with that option is worth. */
static void test_rows(void **state)
{
    static const struct problem_plan plan = {
        .parties = 3, .issues = 5, .worth_max = 50, .boxes = 10};
    struct arena mem = test_arena(1u << 20);
    struct prop prop;
    size_t applied = 0;
    (void)state;
    prop_init(&prop, "sweep");
    for (size_t round = 0; round < prop_rounds(200); round++) {
        struct err err = {0};
        struct sweep s;
        bool applies = false;
        uint32_t package[5];
        int64_t now[PROBLEM_PARTIES_MAX];
        int64_t then[PROBLEM_PARTIES_MAX];
        struct problem *p = problem_make(&plan, &prop, &mem);
        struct problem_box boxes[10];
        bool adds = true;
        memcpy(boxes, p->boxes, sizeof(boxes));
        for (uint32_t b = 0; b < p->box_count; b++) {
            boxes[b].kind = round % 4 != 0 ? PROBLEM_BOX_ADDS : boxes[b].kind;
            boxes[b].party %= p->parties; /* nobody adds anything */
            adds = adds && boxes[b].kind == PROBLEM_BOX_ADDS;
        }
        p->boxes = boxes;
        assert_true(sweep_init(&s, p, &mem, &applies, &err));
        assert_int_equal(applies, adds);
        for (uint32_t i = 0; i < p->issues; i++) {
            package[i] = (uint32_t)prop_below(&prop, p->options[i]);
        }
        for (uint32_t i = 0; applies && i < p->issues; i++) {
            sweep_worth(&s, package, now);
            assert_true(problem_eval(p, package, then));
            assert_memory_equal(now, then, p->parties * sizeof(*now));
            const int64_t *rows = sweep_issue(&s, package, now, i);
            for (uint32_t o = 0; o < p->options[i]; o++) {
                package[i] = o;
                assert_true(problem_eval(p, package, then));
                assert_memory_equal(rows + (size_t)o * p->parties, then,
                                    p->parties * sizeof(*then));
            }
            applied += p->box_count > 1;
        }
        arena_rewind(&mem, 0);
    }
    assert_true(applied > 20);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
