/* SPDX-License-Identifier: Apache-2.0
 *
 * Decision rules (docs/RULES.md 6.6) at a table of three parties: who is enough, whom it binds, who may
 * join, and that nobody takes back what he has seen complete.
 */
#include "table/decide.h"

#include "lib/table_sim.h"
#include "lib/test.h"
#include "table/gate.h"

#define DAY UINT64_C(86400)

static struct table_sim sim;

/* Three parties: the monitor becomes one. */
static void three_parties(struct charter *c)
{
    c->sides[3].role = ROLE_PARTY;
    c->party_count = 3;
    c->monitor_count = 0;
    c->deeds[0].verifier = CHARTER_NONE;
    c->arbiter = CHARTER_NONE;
}

static void qualified(struct arena *mem, struct charter *c)
{
    (void)mem;
    three_parties(c);
    c->decision = DECISION_QUALIFIED;
    c->decision_needed = 2;
    c->veto = 1u << 1;
}

static void owned(struct arena *mem, struct charter *c)
{
    qualified(mem, c);
    c->issues[0].owner = 3;
}

static void consensus(struct arena *mem, struct charter *c)
{
    (void)mem;
    three_parties(c);
    c->decision = DECISION_CONSENSUS;
}

static int open_with(void **state, void (*change)(struct arena *, struct charter *))
{
    sim.phase_seconds = 0;
    sim.change = change;
    tsim_open(&sim, 91);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static int open_qualified(void **state)
{
    return open_with(state, qualified);
}

static int open_owned(void **state)
{
    return open_with(state, owned);
}

static int open_consensus(void **state)
{
    return open_with(state, consensus);
}

static int close_sim(void **state)
{
    (void)state;
    struct err err = {0};
    struct fold *again;
    struct arena mem = test_arena((size_t)32 << 20);
    struct digest a = tsim_digest(&sim), b;
    assert_true(tsim_refold(&sim, sim.rec.count, UINT64_MAX, &mem, &again, &err));
    assert_true(state_digest(fold_state(again), &b, &err) && ID_EQ(a, b));
    test_arena_free(&mem);
    tsim_close(&sim);
    return 0;
}

static const struct proposal_state *proposal(uint64_t index)
{
    struct leaf_hash leaf = door_leaf(sim.rec.door, index);
    return state_proposal(fold_state(sim.fold), &leaf);
}

static void accept(uint32_t side, uint64_t g)
{
    assert_int_equal(tsim_try(&sim, side, 0, tsim_answer(&sim, g, ANSWER_ACCEPT)), REFUSED_NOT);
}

static struct payload reject(uint64_t g)
{
    static struct text why = {.p = "no", .n = 2};
    struct payload p = tsim_answer(&sim, g, ANSWER_REJECT);
    p.text_count = 1;
    p.texts = &why;
    return p;
}

static struct payload ratify(uint32_t side, uint64_t g)
{
    struct payload p = {.kind = KIND_RATIFY, TSIM_ABOUT(&sim, g)};
    p.object = tsim_ratify(&sim, side, g, "now");
    return p;
}

static void countersign(void)
{
    tsim_countersign(&sim);
    tsim_countersign(&sim);
}

/* Two of three, the first with a veto. */
static void test_qualified(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    accept(2, g);
    accept(3, g);
    countersign();
    assert_true(proposal(g)->agreed_at == INDEX_NEVER); /* without whom it cannot be */
    assert_int_equal(tsim_try(&sim, 3, 0, reject(g)), REFUSED_NOT);
    accept(1, g);
    assert_true(proposal(g)->complete);
    assert_int_equal(tsim_try(&sim, 2, 0, reject(g)), REFUSED_DONE); /* it has seen that */
    assert_int_equal(tsim_try(&sim, 3, 0, reject(g)), REFUSED_NOT);  /* who is not in it may */
    countersign();
    assert_true(proposal(g)->bound_at != INDEX_NEVER && proposal(g)->agreed_at != INDEX_NEVER);
    assert_int_equal(proposal(g)->bound_sides, 6);
    assert_int_equal(tsim_try(&sim, 2, 0, reject(g)), REFUSED_DONE);
    assert_int_equal(tsim_try(&sim, 0, 1, tsim_propose()), REFUSED_DONE);
    assert_int_equal(
        tsim_try(&sim, 0, 1, (struct payload){.kind = KIND_WITHDRAW, TSIM_ABOUT(&sim, g)}),
        REFUSED_DONE);
    /* The third is not bound by it, and may join, with ratification. */
    assert_int_equal(tsim_try(&sim, 3, 0, ratify(3, g)), REFUSED_NOT_AGREED);
    assert_int_equal(tsim_try(&sim, 3, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM)),
                     REFUSED_OWNER); /* its principal had answered himself */
    assert_int_equal(tsim_try(&sim, 3, 0, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM)), REFUSED_NOT);
    countersign();
    assert_int_equal(proposal(g)->bound_sides, 6);
    assert_int_equal(tsim_try(&sim, 3, 0, ratify(3, g)), REFUSED_NOT);
    countersign();
    assert_int_equal(proposal(g)->bound_sides, 14);
    assert_int_equal(tsim_try(&sim, 3, 0, reject(g)), REFUSED_DONE);
}

/* Whoever had not seen what completed it takes back in time, in either order. */
static void test_crossing(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    accept(2, g);
    uint64_t seen = sim.rec.count;
    accept(1, g);
    assert_true(proposal(g)->complete);
    sim.seen = seen;
    (void)tsim_file(&sim, 2, 0, reject(g));
    sim.seen = 0;
    assert_false(proposal(g)->complete);
    countersign();
    assert_true(proposal(g)->bound_at == INDEX_NEVER);
    accept(3, g);
    countersign();
    assert_int_equal(proposal(g)->bound_sides, 10);
}

/* The owner of an issue must accept; ad referendum is agreed, and binds with the ratification. */
static void test_owner(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    accept(1, g);
    accept(2, g);
    countersign();
    assert_true(proposal(g)->agreed_at == INDEX_NEVER);
    assert_int_equal(tsim_try(&sim, 3, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM)), REFUSED_NOT);
    countersign();
    assert_true(proposal(g)->agreed_at != INDEX_NEVER && proposal(g)->bound_at == INDEX_NEVER);
    assert_int_equal(tsim_try(&sim, 3, 0, ratify(3, g)), REFUSED_NOT);
    countersign();
    assert_int_equal(proposal(g)->bound_sides, 14);
}

/* Two accept, the third is silent: agreed once its own countersignatures show the span. */
static void test_consensus(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    accept(1, g);
    accept(2, g);
    countersign();
    assert_true(proposal(g)->agreed_at == INDEX_NEVER);
    sim.rec.now += sim.charter.silence_seconds - 300;
    countersign();
    assert_int_equal(proposal(g)->silent, 0);
    sim.rec.now += 300;
    countersign();
    assert_int_equal(proposal(g)->silent, 8);
    assert_true(proposal(g)->agreed_at != INDEX_NEVER);
    assert_int_equal(proposal(g)->bound_sides, 6); /* silence binds nobody */
    const struct gate_view v = {fold_state(sim.fold), door_witness(sim.rec.door), sim.rec.count,
                                sim.rec.count};
    struct gate_answer answer;
    struct arena mem = test_arena(1u << 20);
    gate_evaluate(&v, 0, &mem, &answer);
    assert_true(answer.holds[0] && !answer.holds[1]); /* agreed; not ratified by all */
    accept(3, g);
    countersign();
    assert_int_equal(proposal(g)->bound_sides, 14);
    gate_evaluate(&v, 0, &mem, &answer);
    test_arena_free(&mem);
}

static void test_objection(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    accept(1, g);
    accept(2, g);
    (void)tsim_file(&sim, 3, 1, reject(g));
    countersign();
    sim.rec.now += 2 * sim.charter.silence_seconds;
    countersign();
    assert_true(proposal(g)->agreed_at == INDEX_NEVER && proposal(g)->silent == 0);
    /* Who does not countersign is not silent, and who has left is not either. */
    uint64_t h = tsim_file(&sim, 0, 1, tsim_propose());
    accept(1, h);
    accept(2, h);
    for (int i = 0; i < 2; i++) {
        for (uint32_t side = 0; side < 3; side++) {
            (void)sim_countersign(&sim.rec, side, 0);
        }
        tsim_take(&sim);
        sim.rec.now += 3 * sim.charter.silence_seconds;
    }
    assert_true(proposal(h)->agreed_at == INDEX_NEVER && proposal(h)->silent == 0);
    assert_int_equal(tsim_try(&sim, 3, 0, (struct payload){.kind = KIND_LEAVE}), REFUSED_NOT);
    countersign();
    sim.rec.now += 2 * sim.charter.silence_seconds;
    countersign();
    assert_true(proposal(h)->agreed_at == INDEX_NEVER && proposal(h)->silent == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_qualified, open_qualified, close_sim),
        cmocka_unit_test_setup_teardown(test_crossing, open_qualified, close_sim),
        cmocka_unit_test_setup_teardown(test_owner, open_owned, close_sim),
        cmocka_unit_test_setup_teardown(test_consensus, open_consensus, close_sim),
        cmocka_unit_test_setup_teardown(test_objection, open_consensus, close_sim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
