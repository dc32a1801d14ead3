/* SPDX-License-Identifier: Apache-2.0
 *
 * What one side fills takes nothing from another (docs/RULES.md 3.5).
 */
#include "table/ceiling.h"

#include "lib/table_sim.h"
#include "lib/test.h"

static struct table_sim sim;

static int open_sim(void **state)
{
    tsim_open(&sim, 12);
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

static struct payload park(void)
{
    static const struct text title = {"a title", 7};
    static struct text t;
    t = title;
    return (struct payload){
        .kind = KIND_PARK, .text_count = 1, .texts = &t, .phase = text_str("second")};
}

static void test_shares(void **state)
{
    struct table_sim *t = *state;
    /* Four sides sit there: the mediation, two parties, the monitor; the consulted does not. */
    assert_int_equal(ceiling_share(&t->charter, CEILING_PROPOSALS), 256);
    assert_int_equal(ceiling_share(&t->charter, CEILING_PARKED), 64);
    struct charter c = t->charter;
    struct charter_side sides[CHARTER_SIDES_MAX];
    memcpy(sides, c.sides, c.side_count * sizeof(sides[0]));
    c.sides = sides;
    sides[0].present = false;
    assert_int_equal(ceiling_share(&c, CEILING_PROPOSALS), 341);
    c.side_count = CHARTER_SIDES_MAX;
    for (uint32_t i = 0; i < c.side_count; i++) {
        sides[i] = sides[1];
    }
    for (uint32_t k = 0; k < CEILINGS; k++) {
        assert_true(ceiling_share(&c, (enum ceiling)k) >= 8);
        assert_true(ceiling_words((enum ceiling)k)[0] != '\0');
    }
}

/* Act by act: an envoy fills its side's share, its principal has the last quarter, the others have
 * all of theirs. */
static void test_one_side_fills_its_own(void **state)
{
    struct table_sim *t = *state;
    struct refusal r;
    for (unsigned i = 0; i < 48; i++) {
        assert_int_equal(tsim_try(t, 1, 1, park()), REFUSED_NOT);
    }
    assert_int_equal(tsim_try(t, 1, 1, park()), REFUSED_LIMIT);
    (void)tsim_judge(t, fold_state(t->fold), 1, 1, park(), &r);
    assert_string_equal(r.what,
                        "north has 48 parked titles; the rest of its share of 64 is for its "
                        "principal's own seat.");
    assert_string_equal(r.mend, "the President of north files it.");
    for (unsigned i = 0; i < 16; i++) {
        assert_int_equal(tsim_try(t, 1, 0, park()), REFUSED_NOT);
    }
    assert_int_equal(tsim_try(t, 1, 0, park()), REFUSED_LIMIT);
    (void)tsim_judge(t, fold_state(t->fold), 1, 0, park(), &r);
    assert_string_equal(r.what,
                        "north has 64 parked titles, and its share of what the table holds is 64.");
    assert_int_equal(tsim_try(t, 2, 1, park()), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 0, 1, park()), REFUSED_NOT);
    assert_int_equal(fold_state(t->fold)->used[CEILING_PARKED][1], 64);
    assert_int_equal(fold_state(t->fold)->used[CEILING_PARKED][2], 1);
}

/* ---- each ceiling, over a state in which a side has used all of it ---- */

struct full {
    struct table_sim *t;
    struct table_state s;
};

static void refused_for(struct full *f, enum ceiling k, uint32_t side, struct payload p)
{
    struct refusal r;
    assert_int_equal(tsim_judge(f->t, &f->s, side, 0, p, &r), REFUSED_NOT);
    f->s.used[k][side] = ceiling_share(&f->t->charter, k);
    assert_int_equal(tsim_judge(f->t, &f->s, side, 0, p, &r), REFUSED_LIMIT);
    assert_non_null(strstr(r.what, ceiling_words(k)));
    struct text name = f->t->charter.sides[side].name; /* whose it is */
    assert_memory_equal(r.what, name.p, name.n);
    f->s.used[k][side] = 0;
    /* However full the others are. */
    for (uint32_t i = 0; i < f->t->charter.side_count; i++) {
        f->s.used[k][i] = i == side ? 0 : ceiling_share(&f->t->charter, k);
    }
    assert_int_equal(tsim_judge(f->t, &f->s, side, 0, p, &r), REFUSED_NOT);
    memset(f->s.used[k], 0, sizeof(f->s.used[k]));
}

static struct payload revoke(struct table_sim *t, uint32_t side, struct bytes paper)
{
    struct object o = {.kind = OBJECT_REVOKE, .digest = object_id(paper)};
    return (struct payload){.kind = KIND_REVOKE_MANDATE, .object = tsim_sign(t, side, o)};
}

/* Proposed by the mediation, accepted by both for good, or ad referendum. */
static uint64_t accepted(struct table_sim *t, enum answer_kind kind)
{
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 0, tsim_answer(t, g, kind));
    (void)tsim_file(t, 2, 0, tsim_answer(t, g, kind));
    return g;
}

static void test_every_ceiling(void **state)
{
    struct table_sim *t = *state;
    static struct full f;
    struct text words = text_str("what happened");
    struct reservation r = {text_str("R1"), false, {NULL, 0}, text_str("not yet")};
    uint64_t now = t->rec.now;
    uint64_t g = accepted(t, ANSWER_AD_REFERENDUM);
    f = (struct full){.t = t, .s = *fold_state(t->fold)};
    refused_for(&f, CEILING_PROPOSALS, 1, tsim_propose());
    struct payload concept = tsim_answer(t, g, ANSWER_CONCEPT);
    concept.reservation_count = 1;
    concept.reservations = &r;
    refused_for(&f, CEILING_POINTS, 1, concept);
    refused_for(&f, CEILING_RATIFICATIONS, 1,
                (struct payload){
                    .kind = KIND_RATIFY, TSIM_ABOUT(t, g), .object = tsim_ratify(t, 1, g, "now")});
    refused_for(&f, CEILING_PARKED, 2, park());
    struct payload incident = {.kind = KIND_INCIDENT,
                               .room = text_str("monitors"),
                               .text_count = 1,
                               .texts = &words,
                               .has_when = true,
                               .when = now};
    refused_for(&f, CEILING_INCIDENTS, 2, incident);
    refused_for(&f, CEILING_EVIDENCE, 2, incident);
    refused_for(&f, CEILING_EVIDENCE, 3, incident);
    incident.kind = KIND_DOCUMENT;
    incident.has_when = false;
    refused_for(&f, CEILING_EVIDENCE, 1, incident);
    struct bytes paper = tsim_mandate(t, 1, 1, POWER_SPEAK, now, now + 86400);
    refused_for(&f, CEILING_MANDATES, 1, (struct payload){.kind = KIND_MANDATE, .object = paper});
    refused_for(&f, CEILING_REVOCATIONS, 1, revoke(t, 1, paper));
    struct payload confirm = {.kind = KIND_CONFIRM, .has_answers = true};
    confirm.answers = f.s.proposals[0].answers[1].leaf;
    refused_for(&f, CEILING_CONFIRMS, 2, confirm);
}

static void test_consents(void **state)
{
    struct table_sim *t = *state;
    static struct full f;
    (void)accepted(t, ANSWER_ACCEPT);
    tsim_countersign(t);
    tsim_countersign(t);
    struct leaf_hash refs[2] = {door_leaf(t->rec.door, 3), door_leaf(t->rec.door, 4)};
    struct payload consent = {.kind = KIND_CONSENT, .ref_count = 2, .refs = refs};
    f = (struct full){.t = t, .s = *fold_state(t->fold)};
    refused_for(&f, CEILING_CONSENTS, 1, consent);
    /* To join what another has begun uses nothing. */
    struct refusal r;
    (void)tsim_file(t, 2, 0, consent);
    f.s = *fold_state(t->fold);
    f.s.used[CEILING_CONSENTS][1] = ceiling_share(&t->charter, CEILING_CONSENTS);
    assert_int_equal(tsim_judge(t, &f.s, 1, 0, consent, &r), REFUSED_NOT);
    assert_int_equal(f.s.used[CEILING_CONSENTS][2], 2);
}

/* A principal can always end a mandate that was posted, though all else of his is full. */
static void test_revocation_always_counts(void **state)
{
    struct table_sim *t = *state;
    static struct full f;
    struct refusal r;
    uint64_t now = t->rec.now;
    struct bytes paper = tsim_mandate(t, 1, 1, POWER_SPEAK, now, now + 86400);
    struct bytes other = tsim_mandate(t, 1, 1, POWER_SPEAK, now, now + 2 * 86400);
    struct payload post = {.kind = KIND_MANDATE, .object = paper};
    assert_int_equal(tsim_try(t, 1, 0, post), REFUSED_NOT);
    f = (struct full){.t = t, .s = *fold_state(t->fold)};
    for (uint32_t k = 0; k < CEILINGS; k++) {
        f.s.used[k][1] = ceiling_share(&t->charter, (enum ceiling)k);
    }
    assert_int_equal(tsim_judge(t, &f.s, 1, 0, revoke(t, 1, other), &r), REFUSED_LIMIT);
    assert_int_equal(tsim_judge(t, &f.s, 1, 0, revoke(t, 1, paper), &r), REFUSED_NOT);
    /* And it holds: no second posting, and no second revocation that would take room. */
    assert_int_equal(tsim_try(t, 1, 0, revoke(t, 1, paper)), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 0, post), REFUSED_OBJECT);
    assert_int_equal(tsim_try(t, 1, 0, revoke(t, 1, paper)), REFUSED_NOT);
    assert_int_equal(fold_state(t->fold)->revoked_count, 0);
    /* Of a paper that nobody has posted. */
    assert_int_equal(tsim_try(t, 1, 0, revoke(t, 1, other)), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 0, revoke(t, 1, other)), REFUSED_NOT);
    assert_int_equal(fold_state(t->fold)->revoked_count, 1);
    post.object = other;
    assert_int_equal(tsim_try(t, 1, 0, post), REFUSED_OBJECT);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_shares),   STORY(test_one_side_fills_its_own),   STORY(test_every_ceiling),
        STORY(test_consents), STORY(test_revocation_always_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
