/* SPDX-License-Identifier: Apache-2.0 */
#include "table/tension.h"

#include <math.h>

#include "lib/prop.h"
#include "lib/table_sim.h"
#include "lib/test.h"

#define DAY UINT64_C(86400)

/* The bound of the header, against the library's floating point (53 bits: far finer). */
static void test_error_bound(void **state)
{
    struct prop r;
    (void)state;
    prop_init(&r, "tension");
    double worst = 0;
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t half = prop_between(&r, 60, CHARTER_SPAN_MAX);
        uint64_t age = prop_one_in(&r, 3) ? prop_below(&r, half) : prop_below(&r, 40 * half);
        double want = exp2(-(double)age / (double)half);
        double got = (double)tension_decay(age, half) / (double)TENSION_ONE;
        worst = fabs(want - got) > worst ? fabs(want - got) : worst;
    }
    assert_true(worst < ldexp(1, -26));
}

static void test_known(void **state)
{
    (void)state;
    assert_int_equal(tension_decay(0, 60), TENSION_ONE);
    assert_int_equal(tension_decay(60, 60), TENSION_ONE / 2);
    assert_int_equal(tension_decay(120, 60), TENSION_ONE / 4);
    assert_int_equal(tension_decay(30, 60), UINT64_C(3037000500));
    assert_int_equal(tension_decay(32 * 60, 60), 1);
    assert_int_equal(tension_decay(34 * 60, 60), 0);
    assert_int_equal(tension_decay(UINT64_MAX, CHARTER_SPAN_MAX), 0);
    for (uint64_t age = 0; age < 400; age++) { /* never rises */
        assert_true(tension_decay(age + 1, 97) <= tension_decay(age, 97));
    }
}

/* Two incidents, one serious: their weights, then half after the half-life; what is not verified, or
 * lies ahead, weighs nothing. */
static void test_table(void **state)
{
    static struct table_sim sim;
    struct table_sim *t = &sim;
    struct text what = text_str("fire from the other bank");
    (void)state;
    tsim_open(t, 59);
    tsim_begin(t, 365);
    uint64_t now = t->rec.now;
    for (unsigned i = 0; i < 3; i++) {
        struct payload p = {.kind = KIND_INCIDENT,
                            .room = text_str("monitors"),
                            .text_count = 1,
                            .texts = &what,
                            .has_when = true,
                            .when = now};
        uint64_t n = tsim_file(t, 1, 1, p);
        p = (struct payload){.kind = KIND_ASSESS,
                             .room = text_str("monitors"),
                             TSIM_ABOUT(t, n),
                             .verdict = i < 2 ? VERDICT_VERIFIED : VERDICT_NOT_VERIFIED,
                             .severity = i == 1 ? SEVERITY_SERIOUS : (enum severity)0};
        (void)tsim_file(t, 3, 0, p);
    }
    const struct table_state *s = fold_state(t->fold);
    const struct witness_log *log = door_witness(t->rec.door);
    uint64_t half = s->charter.half_life_seconds;
    assert_int_equal(tension_at(s, log, t->rec.count, now - 1), 0);
    assert_int_equal(tension_at(s, log, t->rec.count, now), 6000);
    assert_int_equal(tension_at(s, log, t->rec.count, now + half), 3000);
    assert_int_equal(tension_at(s, log, t->rec.count, now + 3 * half), 750);
    assert_int_equal(tension_at(s, log, t->rec.count, now + 50 * half), 0);
    tsim_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_bound),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
