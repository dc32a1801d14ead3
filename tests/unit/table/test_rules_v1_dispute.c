/* SPDX-License-Identifier: Apache-2.0
 *
 * Disputes about what was found of a deed, and their arbiter (docs/RULES.md 7.5).
 */
#include "lib/table_sim.h"
#include "lib/test.h"
#include "table/gate.h"

#define DAY UINT64_C(86400)

static struct table_sim sim;

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    sim.change = NULL;
    tsim_open(&sim, 43);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static void no_arbiter(struct arena *mem, struct charter *c)
{
    (void)mem;
    c->arbiter = CHARTER_NONE;
}

static int open_without(void **state)
{
    sim.phase_seconds = 0;
    sim.change = no_arbiter;
    tsim_open(&sim, 43);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    (void)state;
    tsim_close(&sim);
    return 0;
}

static const struct deed_state *deed(const struct table_sim *t)
{
    return &fold_state(t->fold)->deeds[0];
}

static void promise(struct table_sim *t)
{
    static struct text what;
    what = text_str("all of them");
    struct payload p = {.kind = KIND_PROMISE,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .text_count = 1,
                        .texts = &what,
                        .has_when = true,
                        .when = t->rec.now + DAY};
    assert_int_equal(tsim_try(t, 1, 1, p), REFUSED_NOT);
}

static enum refusal_code find(struct table_sim *t, uint32_t side, enum finding finding,
                              bool decides)
{
    struct payload p = {.kind = KIND_VERIFY,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .has_answers = decides,
                        .finding = finding};
    if (decides) {
        p.answers = deed(t)->dispute;
    }
    return tsim_try(t, side, 0, p);
}

static struct payload dispute_of(struct table_sim *t)
{
    static struct text why;
    why = text_str("two guns were behind the hill");
    return (struct payload){.kind = KIND_DISPUTE,
                            .room = text_str("monitors"),
                            .has_answers = true,
                            .answers = deed(t)->verification,
                            .deed = text_str("north-guns"),
                            .text_count = 1,
                            .texts = &why};
}

static enum refusal_code dispute(struct table_sim *t, uint32_t side)
{
    return tsim_try(t, side, 1, dispute_of(t));
}

static void pass(struct table_sim *t, uint64_t seconds)
{
    tsim_countersign(t);
    t->rec.now += seconds;
    tsim_countersign(t);
}

static bool waits(struct table_sim *t)
{
    return deed_dispute_waits(fold_state(t->fold), door_witness(t->rec.door), 0, t->rec.count,
                              t->rec.count);
}

static void test_who_and_what(void **state)
{
    struct table_sim *t = *state;
    assert_int_equal(dispute(t, 2), REFUSED_UNKNOWN); /* nothing was found yet */
    promise(t);
    assert_int_equal(dispute(t, 2), REFUSED_UNKNOWN);
    assert_int_equal(find(t, 3, FINDING_DONE, false), REFUSED_NOT);
    struct payload p = dispute_of(t);
    p.answers = door_leaf(t->rec.door, 3);
    assert_int_equal(tsim_try(t, 2, 1, p), REFUSED_UNKNOWN); /* another verification */
    p = dispute_of(t);
    p.deed = text_str("no-such-thing");
    assert_int_equal(tsim_try(t, 2, 1, p), REFUSED_UNKNOWN);
    assert_int_equal(dispute(t, 3), REFUSED_OWNER); /* whose finding it is */
    assert_false(waits(t));
    assert_int_equal(dispute(t, 2), REFUSED_NOT);
    assert_true(waits(t) && deed(t)->disputed && deed(t)->disputed_by == 2);
    assert_int_equal(deed(t)->verified, FINDING_DONE); /* the ledger keeps what was found */
    assert_int_equal(dispute(t, 1), REFUSED_DISPUTE);  /* one about each */
}

static void test_too_late(void **state)
{
    struct table_sim *t = *state;
    promise(t);
    (void)find(t, 3, FINDING_DONE, false);
    pass(t, 2 * DAY - 600);
    assert_int_equal(dispute(t, 2), REFUSED_NOT);
    (void)find(t, 3, FINDING_DONE, false); /* looked at again: a new one, which may be disputed */
    assert_false(deed(t)->disputed);
    pass(t, 3 * DAY);
    assert_int_equal(dispute(t, 2), REFUSED_DISPUTE);
}

/* The arbiter's word takes the place of the finding, as of when that was made, and ends it. */
static void test_arbiter(void **state)
{
    struct table_sim *t = *state;
    promise(t);
    (void)find(t, 3, FINDING_PARTLY, false);
    uint64_t found_at = deed(t)->verified_index;
    assert_int_equal(dispute(t, 1), REFUSED_NOT);
    assert_int_equal(find(t, 2, FINDING_DONE, true), REFUSED_VERIFIER);
    assert_int_equal(find(t, 3, FINDING_DONE, true), REFUSED_VERIFIER); /* nor who found it */
    pass(t, 2 * DAY); /* after the hour of the promise: it was done before */
    assert_int_equal(find(t, 0, FINDING_DONE, true), REFUSED_NOT);
    assert_true(deed(t)->decided && deed(t)->verified == FINDING_DONE && !waits(t));
    assert_false(deed(t)->verified_late);
    assert_int_equal(deed(t)->done_since, found_at);
    assert_int_equal(dispute(t, 2), REFUSED_DISPUTE); /* that stands */
    assert_int_equal(find(t, 0, FINDING_DONE, false), REFUSED_VERIFIER);
}

/* Decided by nobody, a dispute holds for 48 hours and no more. */
static void test_it_does_not_hold_for_ever(void **state)
{
    struct table_sim *t = *state;
    promise(t);
    (void)find(t, 3, FINDING_DONE, false);
    assert_int_equal(dispute(t, 2), REFUSED_NOT);
    assert_int_equal(find(t, 0, FINDING_NOT_DONE, true), REFUSED_VERIFIER);
    pass(t, DAY);
    assert_true(waits(t));
    pass(t, DAY);
    assert_false(waits(t));
    assert_true(deed(t)->disputed && deed(t)->verified == FINDING_DONE);
}

/* A gate that waits for the deed stays closed as long. */
static void test_gate(void **state)
{
    struct table_sim *t = *state;
    struct arena mem = test_arena((size_t)1 << 16);
    const struct charter_phase *first = &fold_state(t->fold)->charter.phases[0];
    uint32_t k = 0;
    while (first->conditions[k].kind != CONDITION_VERIFIED) {
        k++;
    }
    promise(t);
    (void)find(t, 3, FINDING_DONE, false);
    for (unsigned i = 0; i < 3; i++) {
        const struct gate_view v = {fold_state(t->fold), door_witness(t->rec.door), t->rec.count,
                                    t->rec.count};
        struct gate_answer g;
        gate_evaluate(&v, 0, &mem, &g);
        assert_int_equal(g.holds[k], i != 1);
        if (i == 0) {
            assert_int_equal(dispute(t, 2), REFUSED_NOT);
        } else if (i == 1) {
            assert_non_null(strstr(g.words[k].p, "(so far: done, and disputed)"));
            pass(t, 2 * DAY);
        }
    }
    test_arena_free(&mem);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_who_and_what),
        STORY(test_too_late),
        STORY(test_arbiter),
        cmocka_unit_test_setup_teardown(test_it_does_not_hold_for_ever, open_without, close_sim),
        STORY(test_gate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
