/* SPDX-License-Identifier: Apache-2.0
 *
 * Consultations, what a party has settled within itself, and notices with their proof
 * (docs/RULES.md section 14).
 */
#include "lib/consult_sim.h"
#include "lib/test.h"
#include "table/gate.h"
#include "table/notice.h"

#define DAY UINT64_C(86400)

static struct table_sim sim;

/* The first gate waits for what the second one of charter_small does. */
static void gates(struct arena *mem, struct charter *c)
{
    static const struct condition want[] = {{.kind = CONDITION_SETTLED_WITHIN, .side = 1},
                                            {.kind = CONDITION_CONSULTED, .side = 4},
                                            {.kind = CONDITION_UNDERTAKEN, .side = 4}};
    c->sides[4].phases[0] = 0;
    c->sides[4].phases[1] = 1;
    c->sides[4].phase_count = 2;
    c->phases[0].conditions = ARENA_NEW(mem, struct condition, COUNT_OF(want));
    c->phases[0].condition_count = COUNT_OF(want);
    memcpy(c->phases[0].conditions, want, sizeof(want));
}

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    sim.change = gates;
    tsim_open(&sim, 53);
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

static void pass(struct table_sim *t, uint64_t seconds)
{
    tsim_countersign(t);
    t->rec.now += seconds;
    tsim_countersign(t);
}

/* Bits of the conditions that hold now. */
static uint32_t gate(struct table_sim *t)
{
    struct arena mem = test_arena((size_t)1 << 16);
    const struct gate_view v = {fold_state(t->fold), door_witness(t->rec.door), t->rec.count,
                                t->rec.count};
    struct gate_answer g;
    uint32_t bits = 0;
    gate_evaluate(&v, 0, &mem, &g);
    for (uint32_t i = 0; i < g.count; i++) {
        bits |= g.holds[i] ? 1u << i : 0;
    }
    test_arena_free(&mem);
    return bits;
}

static enum refusal_code settle(struct table_sim *t, uint32_t side, uint32_t seat,
                                const char *phase)
{
    return tsim_try(t, side, seat,
                    (struct payload){.kind = KIND_SETTLED, .phase = text_str(phase)});
}

static void test_settled(void **state)
{
    struct table_sim *t = *state;
    assert_int_equal(settle(t, 1, 0, "no-such"), REFUSED_UNKNOWN);
    assert_int_equal(settle(t, 0, 0, "first"), REFUSED_OWNER); /* the mediation is no party */
    assert_int_equal(settle(t, 1, 0, "second"), REFUSED_PHASE);
    assert_int_equal(settle(t, 1, 1, "first"), REFUSED_AUTHORITY);
    assert_int_equal(gate(t), 0);
    assert_int_equal(settle(t, 2, 0, "first"), REFUSED_NOT);
    assert_int_equal(gate(t), 0); /* another party's word */
    assert_int_equal(settle(t, 1, 0, "first"), REFUSED_NOT);
    assert_int_equal(gate(t), 1);
    assert_int_equal(settle(t, 1, 0, "first"), REFUSED_DONE);
}

static void test_heard(void **state)
{
    struct table_sim *t = *state;
    uint64_t other = csim_file(t, 0, 1, csim_ask(t, "second", NULL, NULL, 0));
    uint64_t q = csim_file(t, 0, 1, csim_ask(t, "first", NULL, NULL, 0));
    uint64_t o = csim_file(t, 4, 0, csim_opinion(t, q, false));
    uint64_t carried = csim_file(t, 4, 1, csim_opinion(t, other, true));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, o, true)), REFUSED_UNKNOWN); /* of what? */
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, other, true)), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, q, false)), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, q, true)), REFUSED_DONE);
    assert_int_equal(gate(t), 0);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, o, false)), REFUSED_KEPT);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, o, true)), REFUSED_NOT);
    assert_int_equal(gate(t), 2);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, carried, false)), REFUSED_NOT);
    const struct question_state *s = fold_state(t->fold)->questions;
    assert_false(text_present(s[0].text));
    assert_true(text_is(s[0].opinion_text, "in so many words"));
    assert_true(text_is(s[1].text, "in so many words") && !text_present(s[1].opinion_text));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, o, true)), REFUSED_DONE);
}

/* An hour is never shorter than the charter's silence; a question without one never lapses. */
static void test_lapse(void **state)
{
    struct table_sim *t = *state;
    uint64_t open = csim_file(t, 0, 1, csim_ask(t, "first", NULL, NULL, 0));
    (void)tsim_file(t, 0, 1, csim_notice(t, open, true));
    pass(t, 90 * DAY);
    assert_int_equal(gate(t), 0);
    uint64_t q = csim_file(t, 0, 1, csim_ask(t, "first", NULL, NULL, 1));
    (void)tsim_file(t, 0, 1, csim_notice(t, q, true));
    pass(t, DAY);
    assert_int_equal(gate(t), 0);
    pass(t, DAY);
    assert_int_equal(gate(t), 2);
}

static void test_undertaken(void **state)
{
    struct table_sim *t = *state;
    uint64_t u = csim_file(t, 4, 0, csim_undertake(t, "first"));
    uint64_t own = csim_file(t, 0, 0, csim_undertake(t, "first"));
    uint64_t none = csim_file(t, 4, 0, csim_undertake(t, NULL));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, u, true)), REFUSED_PROOF); /* whole */
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, own, false)), REFUSED_PROOF);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, none, false)), REFUSED_FORM);
    assert_int_equal(gate(t), 0);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, u, false)), REFUSED_NOT);
    assert_int_equal(gate(t), 4);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, u, false)), REFUSED_DONE);
}

/* ---- proofs ---- */

/* Void on the record: the desk makes its own path and would not look at it. */
static void void_on_the_record(struct table_sim *t, struct payload p, enum refusal_code code)
{
    uint64_t index = tsim_file(t, 0, 1, p);
    const struct void_note *v = fold_void(t->fold, index);
    assert_non_null(v);
    assert_int_equal(v->code, code);
}

/* Whatever of a notice is changed, it proves nothing: not what it was before, nor something else. */
static void test_forged(void **state)
{
    struct table_sim *t = *state;
    uint64_t q = csim_file(t, 0, 1, csim_ask(t, "first", NULL, NULL, 0));
    (void)tsim_file(t, 0, 1, csim_notice(t, q, false));
    uint64_t o = csim_file(t, 4, 0, csim_opinion(t, q, true));
    tsim_countersign(t);

    struct payload p = csim_notice(t, o, false); /* other words than were signed */
    struct bytes copy = p.shown.shown[1].raw;
    uint8_t *changed = ARENA_NEW(&t->rec.mem, uint8_t, copy.n);
    memcpy(changed, copy.p, copy.n);
    changed[copy.n - 1] ^= 1;
    p.shown.shown[1].raw = bytes_of(changed, copy.n);
    void_on_the_record(t, p, REFUSED_PROOF);

    p = csim_notice(t, o, false); /* a mark that was not signed, from another act */
    uint64_t kept = csim_file(t, 4, 0, csim_opinion(t, q, false));
    struct payload other = csim_notice(t, kept, false);
    other.shown.shown[2].raw = p.shown.shown[2].raw;
    void_on_the_record(t, other, REFUSED_PROOF);

    p = csim_notice(t, o, false); /* another place in the record */
    p.shown.index--;
    void_on_the_record(t, p, REFUSED_PROOF);
    p = csim_notice(t, o, false);
    p.shown.index = t->rec.count + 5;
    void_on_the_record(t, p, REFUSED_PROOF);
    p = csim_notice(t, o, false); /* another path */
    p.shown.path[0].b[0] ^= 1;
    void_on_the_record(t, p, REFUSED_PROOF);
    p = csim_notice(t, o, false); /* the header of another act */
    p.shown.shown[0] = csim_notice(t, q, false).shown.shown[0];
    void_on_the_record(t, p, REFUSED_PROOF);
    p = csim_notice(t, o, false); /* a shorter act than it is */
    p.shown.entries--;
    p.shown.shown_count--;
    void_on_the_record(t, p, REFUSED_PROOF);
    p = csim_notice(t, o, true); /* the mark kept back, so that words might be shown */
    p.shown.shown_count--;
    void_on_the_record(t, p, REFUSED_PROOF);
    assert_false(fold_state(t->fold)->questions[0].answered);
    p = csim_notice(t, o, false);
    assert_int_equal(tsim_try(t, 0, 1, p), REFUSED_NOT);
}

/* The mediation cannot pass its own words for the other's, nor a statement for an opinion. */
static void test_invented(void **state)
{
    struct table_sim *t = *state;
    uint64_t q = csim_file(t, 0, 1, csim_ask(t, "first", NULL, NULL, 0));
    (void)tsim_file(t, 0, 1, csim_notice(t, q, false));
    uint64_t mine = csim_file(t, 0, 1, csim_opinion(t, q, true));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, mine, false)), REFUSED_PROOF);
    struct payload party = csim_opinion(t, q, true);
    uint64_t theirs = csim_file(t, 2, 1, party);
    assert_int_equal(tsim_try(t, 2, 1, csim_notice(t, theirs, false)), REFUSED_PROOF);
    struct payload away = csim_opinion(t, q, true);
    away.room = text_str("shuttle/south");
    uint64_t elsewhere = csim_file(t, 4, 0, away);
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, elsewhere, false)), REFUSED_PROOF);
    struct text words = text_str("what a day");
    uint64_t said = csim_file(t, 4, 0,
                              (struct payload){.kind = KIND_SAY, .text_count = 1, .texts = &words});
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, said, false)), REFUSED_PROOF);
    uint64_t asked = csim_file(t, 4, 0, csim_ask(t, "first", NULL, NULL, 0));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, asked, false)), REFUSED_PROOF);
    uint64_t unknown = csim_file(t, 0, 1, csim_ask(t, "no-such", NULL, NULL, 0));
    assert_int_equal(tsim_try(t, 0, 1, csim_notice(t, unknown, false)), REFUSED_UNKNOWN);
    assert_int_equal(fold_state(t->fold)->question_count, 1);
}

/* What those judge who sit in the room. */
static void test_in_the_room(void **state)
{
    struct table_sim *t = *state;
    struct refusal r;
    struct payload p = csim_ask(t, "first", NULL, NULL, 0);
    p.room = text_str("consult/club");
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 0, 1, p, &r), REFUSED_NOT);
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 4, 0, p, &r), REFUSED_OWNER);
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 1, 0, p, &r), REFUSED_MEMBER);
    p.phase = (struct text){0};
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 0, 1, p, &r), REFUSED_FORM);
    p.deed = text_str("no-such");
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 0, 1, p, &r), REFUSED_UNKNOWN);
    p.deed = (struct text){0};
    p.lever = text_str("no-such");
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 0, 1, p, &r), REFUSED_UNKNOWN);
    p = csim_opinion(t, 3, false);
    p.room = text_str("consult/club");
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 4, 0, p, &r), REFUSED_NOT);
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 0, 0, p, &r), REFUSED_OWNER);
    p = csim_undertake(t, "second");
    p.room = text_str("consult/club");
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 4, 0, p, &r), REFUSED_NOT);
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 0, 0, p, &r), REFUSED_OWNER);
    p.room = text_str("plenary");
    assert_int_equal(tsim_judge(t, fold_state(t->fold), 0, 0, p, &r), REFUSED_ROOM);
}

/* A state of a prefix is that of the prefix, with notices in it, too. */
static void test_prefix(void **state)
{
    struct table_sim *t = *state;
    struct arena mem = test_arena((size_t)8 << 20);
    struct err err = {0};
    uint64_t q = csim_file(t, 0, 1, csim_ask(t, "first", NULL, "cap", 50));
    (void)tsim_file(t, 0, 1, csim_notice(t, q, true));
    uint64_t o = csim_file(t, 4, 0, csim_opinion(t, q, true));
    (void)tsim_file(t, 0, 1, csim_notice(t, o, false));
    struct digest whole = tsim_digest(t), again;
    struct fold *f;
    assert_true(tsim_refold(t, t->rec.count, UINT64_MAX, &mem, &f, &err));
    assert_true(state_digest(fold_state(f), &again, &err));
    assert_true(ID_EQ(whole, again));
    test_arena_free(&mem);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_settled), STORY(test_heard),    STORY(test_lapse),       STORY(test_undertaken),
        STORY(test_forged),  STORY(test_invented), STORY(test_in_the_room), STORY(test_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
