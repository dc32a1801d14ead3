/* SPDX-License-Identifier: Apache-2.0
 *
 * What is settled when: crossed, complete, agreed, bound (docs/RULES.md section 6).
 */
#include "lib/table_sim.h"
#include "lib/test.h"

static struct table_sim sim;

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    sim.change = NULL;
    tsim_open(&sim, 21);
    tsim_begin(&sim, 90);
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    (void)state;
    tsim_close(&sim);
    return 0;
}

static const struct proposal_state *proposal(struct table_sim *t, uint64_t g)
{
    struct leaf_hash leaf = door_leaf(t->rec.door, g);
    const struct proposal_state *p = state_proposal(fold_state(t->fold), &leaf);
    assert_non_null(p);
    return p;
}

static struct payload ratify(struct table_sim *t, uint32_t side, uint64_t g, const char *text)
{
    return (struct payload){
        .kind = KIND_RATIFY, TSIM_ABOUT(t, g), .object = tsim_ratify(t, side, g, text)};
}

static struct payload withdraw(struct table_sim *t, uint64_t g)
{
    return (struct payload){.kind = KIND_WITHDRAW, TSIM_ABOUT(t, g)};
}

static struct payload reject(struct table_sim *t, uint64_t g)
{
    static struct text why;
    why = text_str("changed my mind");
    struct payload no = tsim_answer(t, g, ANSWER_REJECT);
    no.text_count = 1;
    no.texts = &why;
    return no;
}

static struct payload confirm(struct table_sim *t, uint64_t about)
{
    return (struct payload){.kind = KIND_CONFIRM, TSIM_ABOUT(t, about)};
}

static void finish(struct table_sim *t)
{
    tsim_countersign(t);
    tsim_countersign(t);
}

/* Proposed by the mediation, accepted ad referendum by both; the last answer's index. */
static uint64_t agree(struct table_sim *t, uint64_t *out_last)
{
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    *out_last = tsim_file(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    return g;
}

/* ---- complete ---- */

/* Once the last ratification is noted nobody takes it back, though nothing is countersigned yet. */
static void test_complete_stands(void **state)
{
    struct table_sim *t = *state;
    uint64_t last;
    uint64_t g = agree(t, &last);
    assert_int_equal(tsim_try(t, 1, 0, ratify(t, 1, g, "a")), REFUSED_NOT);
    assert_false(proposal(t, g)->complete);
    assert_int_equal(tsim_try(t, 2, 0, ratify(t, 2, g, "b")), REFUSED_NOT);
    assert_true(proposal(t, g)->complete);
    assert_true(proposal(t, g)->agreed_at == INDEX_NEVER); /* not countersigned */
    assert_int_equal(tsim_try(t, 0, 1, withdraw(t, g)), REFUSED_DONE);
    assert_int_equal(tsim_try(t, 1, 0, reject(t, g)), REFUSED_DONE);
    assert_int_equal(tsim_try(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT)), REFUSED_DONE);
    finish(t);
    assert_true(proposal(t, g)->bound_at != INDEX_NEVER);
}

/* Before that it is taken back as ever: by a new answer, and by a withdrawal. */
static void test_incomplete_is_taken_back(void **state)
{
    struct table_sim *t = *state;
    uint64_t last;
    uint64_t g = agree(t, &last);
    assert_int_equal(tsim_try(t, 1, 0, ratify(t, 1, g, "a")), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 2, 1, reject(t, g)), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 0, 1, withdraw(t, g)), REFUSED_NOT);
    finish(t);
    assert_true(proposal(t, g)->agreed_at == INDEX_NEVER);
    assert_int_equal(proposal(t, g)->crossed, 0);
}

/* A binding acceptance of each is complete without any ratification. */
static void test_binding_acceptances_complete(void **state)
{
    struct table_sim *t = *state;
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    assert_int_equal(tsim_try(t, 1, 0, reject(t, g)), REFUSED_NOT);
    (void)tsim_file(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    (void)tsim_file(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    assert_int_equal(tsim_try(t, 1, 0, reject(t, g)), REFUSED_DONE);
    finish(t);
    assert_true(proposal(t, g)->bound_at != INDEX_NEVER);
}

/* A rejection whose author had not seen what completed the proposal counts, as it would have counted
 * had the host noted it first. */
static void test_unseen_is_taken_back(void **state)
{
    struct table_sim *t = *state;
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    uint64_t seen = t->rec.count;
    (void)tsim_file(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    assert_true(proposal(t, g)->complete);
    t->seen = seen;
    (void)tsim_file(t, 1, 0, reject(t, g));
    t->seen = 0;
    assert_int_equal(proposal(t, g)->answers[1].kind, ANSWER_REJECT);
    assert_false(proposal(t, g)->complete);
    finish(t);
    assert_true(proposal(t, g)->bound_at == INDEX_NEVER);
}

/* A mandate that had not begun makes no complete proposal: the side may answer anew. */
static void test_not_begun_is_not_complete(void **state)
{
    struct table_sim *t = *state;
    uint64_t now = t->rec.now;
    struct bytes paper = tsim_mandate(t, 1, 1, POWER_SPEAK | POWER_ACCEPT_BINDING, now + 9 * 86400,
                                      now + 200 * UINT64_C(86400));
    (void)tsim_file(t, 1, 0, (struct payload){.kind = KIND_MANDATE, .object = paper});
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    (void)tsim_file(t, 1, 1, tsim_answer(t, g, ANSWER_ACCEPT));
    finish(t);
    assert_false(proposal(t, g)->complete);
    assert_true(proposal(t, g)->bound_at == INDEX_NEVER);
    assert_int_equal(tsim_try(t, 1, 1, reject(t, g)), REFUSED_NOT);
}

static void two_issues(struct arena *mem, struct charter *c)
{
    struct issue *issues = ARENA_NEW(mem, struct issue, 2);
    issues[0] = c->issues[0];
    issues[1] = c->issues[0];
    issues[1].id = text_str("prisoners");
    c->issues = issues;
    c->issue_count = 2;
}

/* A package that leaves an issue out never binds, and so nobody is held by it. */
static void test_part_is_not_complete(void **state)
{
    (void)state;
    struct table_sim *t = &sim;
    tsim_close(t);
    t->change = two_issues;
    tsim_open(t, 22);
    tsim_begin(t, 90);
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    (void)tsim_file(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    finish(t);
    assert_true(proposal(t, g)->agreed_at != INDEX_NEVER);
    assert_false(proposal(t, g)->complete);
    assert_true(proposal(t, g)->bound_at == INDEX_NEVER);
    assert_int_equal(tsim_try(t, 1, 0, reject(t, g)), REFUSED_NOT);
}

/* ---- crossed ---- */

/* A withdrawal whose author had not seen the last ratification is no late one: they cross. */
static void test_withdrawal_crosses_completion(void **state)
{
    struct table_sim *t = *state;
    uint64_t last;
    uint64_t g = agree(t, &last);
    uint64_t a = tsim_file(t, 1, 0, ratify(t, 1, g, "a"));
    uint64_t b = tsim_file(t, 2, 0, ratify(t, 2, g, "b"));
    assert_true(proposal(t, g)->complete);
    t->seen = a + 1; /* all but the second ratification */
    uint64_t w = tsim_file(t, 0, 1, withdraw(t, g));
    t->seen = 0;
    assert_null(fold_void(t->fold, w));
    assert_int_equal(proposal(t, g)->crossed, 1u << 2);
    assert_false(proposal(t, g)->complete);
    finish(t);
    assert_true(proposal(t, g)->bound_at == INDEX_NEVER);
    /* Both confirm that ratification: the withdrawal is undone for that side alone. */
    assert_int_equal(tsim_try(t, 0, 1, confirm(t, b)), REFUSED_NOT);
    assert_int_equal(proposal(t, g)->crossed, 1u << 2);
    assert_int_equal(tsim_try(t, 2, 0, confirm(t, b)), REFUSED_NOT);
    assert_int_equal(proposal(t, g)->crossed, 0);
    assert_true(proposal(t, g)->withdrawn_at == INDEX_NEVER);
    assert_true(proposal(t, g)->ratified[2].given);
    assert_int_equal(proposal(t, g)->answers[1].kind, 0); /* properly withdrawn from: asked anew */
    assert_int_equal(tsim_try(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT)), REFUSED_NOT);
    finish(t);
    assert_true(proposal(t, g)->bound_at != INDEX_NEVER);
}

/* A ratification by a side that had not seen the withdrawal noted before it. */
static void test_ratification_crosses_withdrawal(void **state)
{
    struct table_sim *t = *state;
    uint64_t last;
    uint64_t g = agree(t, &last);
    (void)tsim_file(t, 1, 0, ratify(t, 1, g, "a"));
    uint64_t seen = t->rec.count;
    (void)tsim_file(t, 0, 1, withdraw(t, g));
    assert_int_equal(proposal(t, g)->crossed, 0);
    t->seen = seen;
    uint64_t b = tsim_file(t, 2, 0, ratify(t, 2, g, "b"));
    t->seen = 0;
    assert_null(fold_void(t->fold, b));
    assert_int_equal(proposal(t, g)->crossed, 1u << 2);
    /* Whoever has seen it cannot: no crossing of his own making. */
    assert_int_equal(tsim_try(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT)), REFUSED_WITHDRAWN);
    finish(t);
    assert_true(proposal(t, g)->agreed_at == INDEX_NEVER);
    (void)tsim_file(t, 2, 0, confirm(t, b));
    (void)tsim_file(t, 0, 1, confirm(t, b));
    assert_int_equal(proposal(t, g)->crossed, 0);
    assert_true(proposal(t, g)->withdrawn_at == INDEX_NEVER);
}

/* Acceptance and withdrawal, in either order; only a confirmation by both ends it. */
static void test_acceptance_crosses_withdrawal(void **state)
{
    struct table_sim *t = *state;
    for (unsigned withdrawn_first = 0; withdrawn_first < 2; withdrawn_first++) {
        uint64_t g = tsim_file(t, 1, 1, tsim_propose());
        uint64_t seen = t->rec.count, a;
        if (withdrawn_first == 1) {
            (void)tsim_file(t, 1, 1, withdraw(t, g));
            t->seen = seen;
            a = tsim_file(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
        } else {
            a = tsim_file(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
            t->seen = seen;
            (void)tsim_file(t, 1, 1, withdraw(t, g));
        }
        t->seen = 0;
        assert_int_equal(proposal(t, g)->crossed, 1u << 2);
        (void)tsim_file(t, 2, 1, confirm(t, a));
        assert_int_equal(proposal(t, g)->crossed, 1u << 2);
        (void)tsim_file(t, 1, 1, confirm(t, a));
        assert_int_equal(proposal(t, g)->crossed, 0);
        assert_true(proposal(t, g)->withdrawn_at == INDEX_NEVER);
        assert_int_equal(proposal(t, g)->answers[2].kind, ANSWER_AD_REFERENDUM);
    }
}

/* Undone is the withdrawal, and whose acceptance stood before it; not what came upon it. */
static void test_uncrossing_keeps_later_answers(void **state)
{
    struct table_sim *t = *state;
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    uint64_t seen = t->rec.count;
    (void)tsim_file(t, 0, 1, withdraw(t, g));
    t->seen = seen;
    uint64_t a = tsim_file(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    uint64_t no = tsim_file(t, 1, 1, reject(t, g));
    t->seen = 0;
    assert_null(fold_void(t->fold, no));
    assert_int_equal(proposal(t, g)->crossed, 1u << 2);
    (void)tsim_file(t, 2, 1, confirm(t, a));
    (void)tsim_file(t, 0, 1, confirm(t, a));
    assert_int_equal(proposal(t, g)->crossed, 0);
    assert_true(proposal(t, g)->withdrawn_at == INDEX_NEVER);
    assert_int_equal(proposal(t, g)->answers[2].kind, ANSWER_AD_REFERENDUM);
    assert_int_equal(proposal(t, g)->answers[1].kind, ANSWER_REJECT);
}

/* ---- contested ---- */

static int open_short(void **state)
{
    sim.phase_seconds = 7200;
    sim.change = NULL;
    tsim_open(&sim, 23);
    tsim_begin(&sim, 90);
    *state = &sim;
    return 0;
}

/* Neither surely in time nor surely late: it binds nothing and holds nobody, until all confirm. */
static void test_contested_is_not_complete(void **state)
{
    struct table_sim *t = *state;
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    uint64_t a = tsim_file(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    uint64_t b = tsim_file(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    assert_true(proposal(t, g)->complete);
    t->rec.now += 3 * 7200; /* countersigned after the deadline only */
    finish(t);
    assert_true(proposal(t, g)->contested);
    assert_false(proposal(t, g)->complete);
    (void)tsim_file(t, 1, 0, confirm(t, a));
    (void)tsim_file(t, 2, 0, confirm(t, a));
    assert_true(proposal(t, g)->contested);
    (void)tsim_file(t, 1, 0, confirm(t, b));
    (void)tsim_file(t, 2, 0, confirm(t, b));
    assert_true(proposal(t, g)->bound_at != INDEX_NEVER);
    assert_int_equal(tsim_try(t, 1, 1, tsim_propose()), REFUSED_DEADLINE);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_complete_stands),
        STORY(test_incomplete_is_taken_back),
        STORY(test_binding_acceptances_complete),
        STORY(test_unseen_is_taken_back),
        STORY(test_not_begun_is_not_complete),
        STORY(test_part_is_not_complete),
        STORY(test_withdrawal_crosses_completion),
        STORY(test_ratification_crosses_withdrawal),
        STORY(test_acceptance_crosses_withdrawal),
        STORY(test_uncrossing_keeps_later_answers),
        cmocka_unit_test_setup_teardown(test_contested_is_not_complete, open_short, close_sim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
