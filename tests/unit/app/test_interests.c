/* SPDX-License-Identifier: Apache-2.0
 *
 * From what a side has said to worths, weights and a scenario.
 */
#include "app/interests.h"

#include "formats/scenario.h"
#include "lib/test.h"

#define ROOM ((size_t)16 << 20)

static struct text line[] = {{"here", 4}, {"5 km", 4}, {"10 km", 5}};
static struct text two[] = {{"all", 3}, {"some", 4}};
static struct issue issues[] = {{.id = {"line", 4}, .option_count = 3, .options = line},
                                {.id = {"prisoners", 9}, .option_count = 2, .options = two},
                                {.id = {"access", 6}, .option_count = 2, .options = two}};
static const struct charter charter = {.table = {"Lake", 4}, .issue_count = 3, .issues = issues};

static struct interests of(struct arena *mem, struct interest_note *said, uint32_t said_count,
                           struct prefer_note *prefers, uint32_t prefer_count)
{
    const struct private_state m = {.interest_count = said_count,
                                    .interests = said,
                                    .prefer_count = prefer_count,
                                    .prefers = prefers};
    struct interests n;
    struct err err = {0};
    assert_true(interests_of(&charter, &m, mem, &n, &err));
    return n;
}

static void test_worths(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct interest_note said[] = {{0, 0, 0, INTEREST_WANT},
                                   {0, 0, 1, INTEREST_NICE},
                                   {0, 1, 0, INTEREST_MUST},
                                   {0, 2, 1, INTEREST_NICE},
                                   {0, 2, 0, INTEREST_NEVER}};
    struct interests n = of(&mem, said, 5, NULL, 0);
    assert_true(n.issues[0].worth[0] == 100 && n.issues[0].worth[1] == 50 &&
                n.issues[0].worth[2] == 0);
    assert_true(n.issues[0].weighed && n.issues[0].best == 0 && n.issues[0].worst == 2);
    /* A must is a condition; beside a never only one option is left. */
    assert_true(n.issues[1].barred[1] && !n.issues[1].barred[0] && !n.issues[1].weighed);
    assert_true(n.issues[2].barred[0] && !n.issues[2].weighed);
    assert_true(n.weighed_count == 1 && n.weights.weight[0] == CHOICES_WHOLE);
    said[4].interest = INTEREST_NONE;
    n = of(&mem, said, 5, NULL, 0);
    assert_int_equal(n.issues[2].worth[1], 100); /* the best that was named */
    /* What one would like comes before what one would not mind. */
    assert_true(n.weighed_count == 2 && n.weights.weight[0] == 750 && n.weights.weight[1] == 250);
    assert_int_equal(n.weights.question_count, 0);
    n = of(&mem, NULL, 0, NULL, 0);
    assert_true(n.weighed_count == 0 && !n.issues[0].said);
    test_arena_free(&mem);
}

static void test_answers(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct interest_note said[] = {
        {0, 0, 0, INTEREST_WANT}, {0, 1, 0, INTEREST_NICE}, {0, 2, 1, INTEREST_WANT}};
    struct prefer_note prefers[] = {
        {0, 0, 2, PREFER_MORE}, {0, 1, 0, PREFER_MORE}, {0, 2, 1, PREFER_MORE}};
    /* An answer stands above the words; the oldest goes round in a circle with the newer two. */
    struct interests n = of(&mem, said, 3, prefers, 3);
    assert_true(n.weights.weight[2] > n.weights.weight[1] &&
                n.weights.weight[1] > n.weights.weight[0]);
    assert_true(n.aside_count == 1 && n.aside[0] == 0);
    prefers[2].preference = PREFER_NOT;
    prefers[1].preference = PREFER_SAME;
    n = of(&mem, said, 3, prefers, 3);
    assert_int_equal(n.aside_count, 0);
    assert_true(n.weights.weight[0] > n.weights.weight[2]);
    assert_in_range(n.weights.weight[0] - n.weights.weight[1], 0, 1);
    test_arena_free(&mem);
}

static void test_scenario(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct interest_note said[] = {
        {0, 0, 0, INTEREST_WANT}, {0, 0, 2, INTEREST_NEVER}, {0, 2, 1, INTEREST_NICE}};
    struct interests n = of(&mem, said, 3, NULL, 0);
    struct buf out;
    struct err err = {0};
    struct scenario s;
    buf_init(&out, 1u << 16);
    assert_true(interests_scenario(&n, text_str("Kestria"), &mem, &out, &err));
    const struct scenario_file file = {"mine.yaml", buf_bytes(&out)};
    assert_true(scenario_read(&file, 1, "mine", &mem, &s, &err));
    assert_true(s.party_count == 1 && text_is(s.parties[0].name, "Kestria"));
    const struct utility *u = &s.parties[0].utility;
    const int64_t best[] = {0, 0, 1}, barred[] = {2, 0, 1}, middle[] = {0, 1, 0};
    assert_int_equal(utility_units(u, &s.domain, best), 1000 * u->one);
    assert_int_equal(utility_units(u, &s.domain, middle), 750 * u->one);
    assert_true(utility_accepts(u, &s.domain, best) && !utility_accepts(u, &s.domain, barred));
    n.too_many = true;
    assert_false(interests_scenario(&n, text_str("Kestria"), &mem, &out, &err));
    buf_free(&out);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worths),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_scenario),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
