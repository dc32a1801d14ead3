/* SPDX-License-Identifier: Apache-2.0
 *
 * Levers: whose, in which order, and what stands in the way (docs/RULES.md section 15).
 */
#include "lib/consult_sim.h"
#include "lib/test.h"

#define DAY UINT64_C(86400)

static struct table_sim sim;

/* "cap" is the mediation's, "sanctions" the consulted side's. */
static void two_levers(struct arena *mem, struct charter *c)
{
    struct charter_lever *l = ARENA_NEW(mem, struct charter_lever, 2);
    l[0] = c->levers[0];
    l[1] = (struct charter_lever){.id = text_str("sanctions"),
                                  .holder = 4,
                                  .touches = 1,
                                  .permitted_when_failed = CHARTER_NONE};
    c->levers = l;
    c->lever_count = 2;
}

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    sim.change = two_levers;
    tsim_open(&sim, 47);
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

static struct payload move(struct table_sim *t, const char *lever, enum lever_move m)
{
    return (struct payload){.kind = KIND_LEVER,
                            .lever = text_str(lever),
                            .move = m,
                            .has_when = m == LEVER_HOLD,
                            .when = t->rec.now + 5 * DAY};
}

static enum refusal_code cap(struct table_sim *t, uint32_t seat, enum lever_move m)
{
    return tsim_try(t, 0, seat, move(t, "cap", m));
}

static const struct lever_state *lever(const struct table_sim *t, uint32_t i)
{
    return &fold_state(t->fold)->levers[i];
}

static void pass(struct table_sim *t, uint64_t seconds)
{
    tsim_countersign(t);
    t->rec.now += seconds;
    tsim_countersign(t);
}

/* north's guns are promised and their hour passes. */
static void fail_deed(struct table_sim *t)
{
    struct text what = text_str("all of them");
    struct payload p = {.kind = KIND_PROMISE,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .text_count = 1,
                        .texts = &what,
                        .has_when = true,
                        .when = t->rec.now + DAY};
    assert_int_equal(tsim_try(t, 1, 1, p), REFUSED_NOT);
    pass(t, 2 * DAY);
    p = (struct payload){
        .kind = KIND_LAPSE, .room = text_str("monitors"), .deed = text_str("north-guns")};
    assert_int_equal(tsim_try(t, 0, 1, p), REFUSED_NOT);
}

static uint64_t ask(struct table_sim *t, uint64_t hours)
{
    uint64_t q = csim_file(t, 0, 1, csim_ask(t, NULL, NULL, "cap", hours));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, q, true)), REFUSED_NOT);
    return q;
}

static void test_whose(void **state)
{
    struct table_sim *t = *state;
    assert_int_equal(tsim_try(t, 1, 0, move(t, "cap", LEVER_HOLD)), REFUSED_OWNER);
    assert_int_equal(tsim_try(t, 0, 0, move(t, "undeclared", LEVER_HOLD)), REFUSED_UNKNOWN);
    assert_int_equal(tsim_try(t, 0, 0, move(t, "sanctions", LEVER_HOLD)), REFUSED_OWNER);
    struct payload p = move(t, "cap", LEVER_HOLD);
    p.has_when = false;
    assert_int_equal(tsim_try(t, 0, 1, p), REFUSED_FORM); /* no day to look at it again */
    p = move(t, "cap", LEVER_HOLD);
    p.room = text_str("monitors");
    assert_int_equal(tsim_try(t, 0, 1, p), REFUSED_ROOM);
    assert_int_equal(cap(t, 1, LEVER_HOLD), REFUSED_NOT);
    assert_int_equal(lever(t, 0)->move, LEVER_HOLD);
    assert_int_equal(lever(t, 0)->review, t->rec.now + 5 * DAY);
    assert_int_equal(cap(t, 1, LEVER_HOLD), REFUSED_NOT); /* another day */
}

/* All that stands in the way is told at once. */
static void test_faults_together(void **state)
{
    struct table_sim *t = *state;
    struct refusal r;
    assert_int_equal(cap(t, 1, LEVER_APPLY), REFUSED_LEVER);
    (void)tsim_judge(t, fold_state(t->fold), 0, 1, move(t, "cap", LEVER_APPLY), &r);
    assert_string_equal(r.what, "cap is not to be applied: only the President of m decides this; "
                                "its condition has not occurred (north-guns failed); club has not "
                                "been asked.");
    assert_int_equal(cap(t, 0, LEVER_READY), REFUSED_LEVER);
    uint64_t q = ask(t, 0);
    fail_deed(t);
    (void)tsim_judge(t, fold_state(t->fold), 0, 0, move(t, "cap", LEVER_APPLY), &r);
    assert_string_equal(r.what, "cap is not to be applied: club has not answered yet.");
    uint64_t o = csim_file(t, 4, 0, csim_opinion(t, q, false));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, o, true)), REFUSED_NOT);
    assert_int_equal(cap(t, 0, LEVER_APPLY), REFUSED_MOVE); /* it was never held */
    assert_int_equal(cap(t, 1, LEVER_HOLD), REFUSED_NOT);
    assert_int_equal(cap(t, 1, LEVER_READY), REFUSED_NOT);
    assert_int_equal(cap(t, 1, LEVER_APPLY), REFUSED_AUTHORITY); /* the principal's alone */
    assert_int_equal(cap(t, 0, LEVER_APPLY), REFUSED_NOT);
    assert_int_equal(cap(t, 0, LEVER_HOLD), REFUSED_MOVE);
    assert_int_equal(cap(t, 1, LEVER_RELEASE), REFUSED_AUTHORITY);
    assert_int_equal(cap(t, 0, LEVER_RELEASE), REFUSED_NOT);
    assert_int_equal(cap(t, 0, LEVER_READY), REFUSED_MOVE); /* held anew first */
    assert_int_equal(cap(t, 1, LEVER_HOLD), REFUSED_NOT);
}

/* Done after all, even late, nothing has failed any more; in dispute, not either. */
static void test_condition_goes(void **state)
{
    struct table_sim *t = *state;
    uint64_t q = ask(t, 0);
    uint64_t o = csim_file(t, 4, 0, csim_opinion(t, q, false));
    (void)tsim_file(t, 0, 1, csim_notice(t, o, true));
    (void)cap(t, 1, LEVER_HOLD);
    fail_deed(t);
    struct payload p = {.kind = KIND_VERIFY,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .finding = FINDING_PARTLY};
    (void)tsim_file(t, 3, 0, p);
    struct text why = text_str("they are gone");
    (void)tsim_file(t, 1, 1,
                    (struct payload){.kind = KIND_DISPUTE,
                                     .room = text_str("monitors"),
                                     .has_answers = true,
                                     .answers = fold_state(t->fold)->deeds[0].verification,
                                     .deed = text_str("north-guns"),
                                     .text_count = 1,
                                     .texts = &why});
    assert_int_equal(cap(t, 0, LEVER_READY), REFUSED_LEVER);
    pass(t, 2 * DAY);
    assert_int_equal(cap(t, 0, LEVER_READY), REFUSED_NOT);
    p.finding = FINDING_DONE;
    (void)tsim_file(t, 3, 0, p);
    assert_int_equal(cap(t, 0, LEVER_APPLY), REFUSED_LEVER);
    assert_int_equal(cap(t, 1, LEVER_HOLD), REFUSED_NOT); /* back in reserve */
}

/* A question that nobody answered lapses, and no earlier than the charter's silence. */
static void test_lapsed_question(void **state)
{
    struct table_sim *t = *state;
    fail_deed(t);
    (void)cap(t, 1, LEVER_HOLD);
    (void)ask(t, 1);
    pass(t, DAY); /* its hour has passed, and not the silence of 48 h since t of the question */
    assert_int_equal(cap(t, 0, LEVER_READY), REFUSED_LEVER);
    pass(t, DAY);
    assert_int_equal(cap(t, 0, LEVER_READY), REFUSED_NOT);
}

/* The lever of who has no seat at the plenary is known by notices, in the order of its own acts. */
static void test_third_party(void **state)
{
    struct table_sim *t = *state;
    uint64_t held = csim_file(t, 4, 0, move(t, "sanctions", LEVER_HOLD));
    uint64_t applied = csim_file(t, 4, 0, move(t, "sanctions", LEVER_APPLY));
    uint64_t wrong = csim_file(t, 4, 0, move(t, "cap", LEVER_HOLD));
    uint64_t posed = csim_file(t, 0, 0, move(t, "sanctions", LEVER_RELEASE));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, applied, false)), REFUSED_MOVE);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, held, false)), REFUSED_NOT);
    assert_int_equal(lever(t, 1)->index, held);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, applied, false)), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, held, false)), REFUSED_DONE);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, wrong, false)), REFUSED_OWNER);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, posed, false)), REFUSED_PROOF);
    assert_int_equal(lever(t, 1)->move, LEVER_APPLY);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_whose),           STORY(test_faults_together), STORY(test_condition_goes),
        STORY(test_lapsed_question), STORY(test_third_party),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
