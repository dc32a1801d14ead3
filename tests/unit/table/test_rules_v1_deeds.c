/* SPDX-License-Identifier: Apache-2.0
 *
 * Promises that wait for others, and what may be published (docs/RULES.md sections 7 and 9).
 */
#include "lib/table_sim.h"
#include "lib/test.h"

#define DAY UINT64_C(86400)

static struct table_sim sim;

/* Three deeds: two of north's, one of south's; the monitor verifies all. */
static void three_deeds(struct arena *mem, struct charter *c)
{
    struct charter_deed *d = ARENA_NEW(mem, struct charter_deed, 3);
    d[0] = (struct charter_deed){.id = text_str("north-guns"), .by = 1, .verifier = 3};
    d[1] = (struct charter_deed){.id = text_str("south-guns"), .by = 2, .verifier = 3};
    d[2] = (struct charter_deed){.id = text_str("north-men"), .by = 1, .verifier = 3};
    c->deeds = d;
    c->deed_count = 3;
}

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    sim.change = three_deeds;
    tsim_open(&sim, 41);
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

static enum refusal_code promise(struct table_sim *t, const char *deed, const char *after,
                                 uint64_t days)
{
    static struct text what;
    what = text_str("all of them");
    struct payload p = {.kind = KIND_PROMISE,
                        .room = text_str("monitors"),
                        .deed = text_str(deed),
                        .text_count = 1,
                        .texts = &what,
                        .has_when = true,
                        .when = t->rec.now + days * DAY};
    if (after != NULL) {
        p.after = text_str(after);
    }
    return tsim_try(t, deed[0] == 'n' ? 1 : 2, 1, p);
}

static void find(struct table_sim *t, const char *deed, enum finding finding)
{
    struct payload p = {.kind = KIND_VERIFY,
                        .room = text_str("monitors"),
                        .deed = text_str(deed),
                        .finding = finding};
    assert_int_equal(tsim_try(t, 3, 0, p), REFUSED_NOT);
}

static enum refusal_code lapse(struct table_sim *t, const char *deed)
{
    return tsim_try(
        t, 0, 1,
        (struct payload){.kind = KIND_LAPSE, .room = text_str("monitors"), .deed = text_str(deed)});
}

static void pass(struct table_sim *t, uint64_t seconds)
{
    tsim_countersign(t);
    t->rec.now += seconds;
    tsim_countersign(t);
}

static const struct deed_state *deed(const struct table_sim *t, uint32_t i)
{
    return &fold_state(t->fold)->deeds[i];
}

/* ---- a promise after another deed ---- */

static void test_no_two_wait_for_each_other(void **state)
{
    struct table_sim *t = *state;
    assert_int_equal(promise(t, "north-guns", "nothing-such", 3), REFUSED_UNKNOWN);
    assert_int_equal(promise(t, "north-guns", "north-guns", 3), REFUSED_FORM);
    assert_int_equal(promise(t, "north-guns", "south-guns", 3), REFUSED_NOT);
    assert_int_equal(promise(t, "south-guns", "north-guns", 3), REFUSED_FORM);
    assert_int_equal(promise(t, "south-guns", "north-men", 3), REFUSED_NOT);
    assert_int_equal(promise(t, "north-men", "north-guns", 3), REFUSED_FORM); /* a ring of three */
    assert_int_equal(promise(t, "north-men", NULL, 3), REFUSED_NOT);
    assert_int_equal(deed(t, 0)->after, 1);
    assert_int_equal(deed(t, 1)->after, 2);
    assert_int_equal(deed(t, 2)->after, CHARTER_NONE);
}

/* In time: the other is done before the hour, so the hour counts. */
static void test_owed_when_the_other_is_done(void **state)
{
    struct table_sim *t = *state;
    (void)promise(t, "north-guns", NULL, 1);
    (void)promise(t, "south-guns", "north-guns", 5);
    find(t, "north-guns", FINDING_DONE);
    pass(t, 4 * DAY);
    assert_int_equal(lapse(t, "south-guns"), REFUSED_NOT_DUE);
    pass(t, 2 * DAY);
    assert_int_equal(lapse(t, "south-guns"), REFUSED_NOT);
    find(t, "south-guns", FINDING_DONE);
    assert_true(deed(t, 1)->verified_late);
}

/* Its hour does not run while the other side has not done its part, nor is it late then. */
static void test_not_owed_before(void **state)
{
    struct table_sim *t = *state;
    struct refusal r;
    (void)promise(t, "north-guns", NULL, 1);
    (void)promise(t, "south-guns", "north-guns", 5);
    find(t, "north-guns", FINDING_PARTLY);
    pass(t, 9 * DAY);
    assert_int_equal(lapse(t, "south-guns"), REFUSED_NOT_DUE);
    (void)tsim_judge(t, fold_state(t->fold), 0, 1,
                     (struct payload){.kind = KIND_LAPSE,
                                      .room = text_str("monitors"),
                                      .deed = text_str("south-guns")},
                     &r);
    assert_string_equal(
        r.what, "south-guns is owed after north-guns, which was not verified done by then.");
    assert_int_equal(lapse(t, "north-guns"), REFUSED_NOT);
    /* Done after the hour of the other promise only: that one has no hour. */
    find(t, "north-guns", FINDING_DONE);
    pass(t, 9 * DAY);
    assert_int_equal(lapse(t, "south-guns"), REFUSED_NOT_DUE);
    find(t, "south-guns", FINDING_DONE);
    assert_false(deed(t, 1)->verified_late);
}

/* Nobody is kept from doing his part before the other; and it counts from when it is done for good. */
static void test_done_since(void **state)
{
    struct table_sim *t = *state;
    (void)promise(t, "north-guns", NULL, 1);
    (void)promise(t, "south-guns", "north-guns", 5);
    find(t, "south-guns", FINDING_DONE);
    assert_int_equal(deed(t, 1)->verified, FINDING_DONE);
    find(t, "north-guns", FINDING_DONE);
    uint64_t first = deed(t, 0)->done_since;
    find(t, "north-guns", FINDING_DONE); /* looked at again: done since the first time */
    assert_int_equal(deed(t, 0)->done_since, first);
    find(t, "north-guns", FINDING_NOT_DONE);
    assert_true(deed(t, 0)->done_since == INDEX_NEVER);
    find(t, "north-guns", FINDING_DONE);
    assert_true(deed(t, 0)->done_since > first);
}

/* ---- publication ---- */

static enum refusal_code consent(struct table_sim *t, uint32_t side, const char *room,
                                 struct leaf_hash *ref)
{
    return tsim_try(t, side, 0,
                    (struct payload){
                        .kind = KIND_CONSENT, .room = text_str(room), .ref_count = 1, .refs = ref});
}

/* An act of the monitors' room is theirs, too. */
static void test_monitors_are_asked(void **state)
{
    struct table_sim *t = *state;
    struct refusal r;
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)promise(t, "north-guns", NULL, 3);
    struct leaf_hash refs[2] = {door_leaf(t->rec.door, g),
                                door_leaf(t->rec.door, t->rec.count - 1)};
    (void)tsim_file(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    (void)tsim_file(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    pass(t, 60);
    struct payload both = {.kind = KIND_PUBLISHED, .ref_count = 2, .refs = refs};
    struct payload first = {.kind = KIND_PUBLISHED, .ref_count = 1, .refs = refs};
    for (uint32_t side = 0; side < 3; side++) {
        for (unsigned i = 0; i < 2; i++) {
            assert_int_equal(consent(t, side, "plenary", &refs[i]), REFUSED_NOT);
        }
    }
    assert_int_equal(tsim_try(t, 0, 0, first), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 0, 0, both), REFUSED_PUBLICATION);
    (void)tsim_judge(t, fold_state(t->fold), 0, 0, both, &r);
    assert_string_equal(r.what, "watch has not consented to publish every one of these acts.");
    assert_int_equal(consent(t, 3, "monitors", &refs[1]), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 0, 0, both), REFUSED_NOT);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_no_two_wait_for_each_other),
        STORY(test_owed_when_the_other_is_done),
        STORY(test_not_owed_before),
        STORY(test_done_since),
        STORY(test_monitors_are_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
