/* SPDX-License-Identifier: Apache-2.0
 *
 * A charter by questions: what comes out is a sound charter that says what was answered; what cannot
 * be is refused and asked again; going back to the first and on again changes nothing.
 */
#include "app/questions.h"

#include "formats/charter_yaml.h"
#include "lib/test.h"

#define MEM_BYTES ((size_t)8 << 20)

static void say(struct questions *q, const char *prompt, const char *answer)
{
    struct err err = {0};
    const char *asked = questions_ask(q);
    assert_non_null(asked);
    if (strstr(asked, prompt) == NULL) {
        fail_msg("asked \"%s\", expected \"%s\"", asked, prompt);
    }
    if (!questions_answer(q, text_str(answer), &err)) {
        fail_msg("%s: %s", asked, err.what);
    }
}

static void refused(struct questions *q, const char *answer, const char *mend)
{
    struct err err = {0};
    const char *before = questions_ask(q);
    if (questions_answer(q, text_str(answer), &err)) {
        fail_msg("\"%s\" was taken for: %s", answer, before);
    }
    assert_int_equal(err.code, ERR_USE);
    assert_non_null(strstr(err.mend, mend));
    assert_string_equal(questions_ask(q), before);
}

static void answer_all(struct questions *q)
{
    say(q, "called", "Weir \\ \"talks\"");
    say(q, "goal", "Rebuild: all of it # soon");
    say(q, "mediates", "");
    say(q, "decides", "Warden");
    say(q, "Party 1", "Upper Mill");
    say(q, "decides", "");
    refused(q, "", "North");
    refused(q, "UPPER mill", "another name");
    refused(q, "44", "begin with a letter");
    say(q, "Party 2", "Lower Mill");
    say(q, "decides", "Widow");
    refused(q, "The Mediation", "another name");
    say(q, "Party 3", "");
    say(q, "promises are kept", "Gauge");
    say(q, "first phase", "build");
    say(q, "Phase 2", "share");
    say(q, "Phase 3", "none");
    refused(q, "none", "package, ratified");
    refused(q, "ratified", "package, ratified");
    say(q, "build", "package,text settled, ratified, deeds, quiet");
    say(q, "share", "");
    say(q, "first issue", "cost");
    refused(q, "rebuild", "build");
    say(q, "which phase", "");
    refused(q, "", "; between");
}

static void test_to_the_end(void **state)
{
    struct arena mem = test_arena(MEM_BYTES);
    struct questions *q = questions_new(&mem);
    struct charter c;
    struct err err = {0};
    struct buf first, again;
    (void)state;
    assert_non_null(q);
    assert_false(questions_back(q));
    answer_all(q);
    say(q, "agreed about cost", "half each; by water, as drawn");
    say(q, "Issue 2", "");
    refused(q, "", "leave deeds out");
    say(q, "Deed 1", "sluice");
    refused(q, "nobody", "one of: the-mediation, upper-mill, lower-mill, gauge");
    say(q, "Who does", "lower-mill");
    refused(q, "lower-mill", "another side");
    say(q, "Who says", "");
    say(q, "Deed 2", "");
    assert_null(questions_ask(q));
    assert_true(text_is(questions_convener(q), "the-mediation"));
    assert_true(text_is(questions_title(q), "Warden"));
    buf_init(&first, 1u << 16);
    buf_init(&again, 1u << 16);
    questions_yaml(q, &first);
    assert_true(buf_ok(&first));
    if (!charter_from_yaml(buf_bytes(&first), "asked.yaml", &mem, &c, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    assert_true(text_is(c.table, "Weir \\ \"talks\""));
    assert_true(text_is(c.goal, "Rebuild: all of it # soon"));
    assert_int_equal(c.party_count, 2);
    assert_int_equal(c.phases[0].condition_count, 8);
    assert_int_equal(c.phases[1].condition_count, 0);
    assert_true(text_is(c.issues[0].options[1], "by water, as drawn"));
    assert_int_equal(c.deeds[0].by, 2);
    assert_int_equal(c.deeds[0].verifier, 3);
    /* Back to the first, and on by what stands in brackets: the same. */
    while (questions_back(q)) {
    }
    assert_non_null(strstr(questions_ask(q), "[Weir"));
    while (questions_ask(q) != NULL) {
        if (!questions_answer(q, text_str(""), &err)) {
            fail_msg("%s: %s", questions_ask(q), err.what);
        }
    }
    questions_yaml(q, &again);
    assert_string_equal(buf_str(&again), buf_str(&first));
    buf_free(&first);
    buf_free(&again);
    test_arena_free(&mem);
}

/* Without mediation, monitor and deeds. */
static void test_small(void **state)
{
    struct arena mem = test_arena(MEM_BYTES);
    struct questions *q = questions_new(&mem);
    struct charter c;
    struct err err = {0};
    struct buf yaml;
    (void)state;
    assert_non_null(q);
    say(q, "called", "Quay");
    say(q, "goal", "Share it.");
    say(q, "mediates", "none");
    say(q, "Party 1", "Ana");
    say(q, "decides", "herself");
    say(q, "Party 2", "Bo");
    say(q, "decides", "himself");
    say(q, "Party 3", "none");
    say(q, "promises are kept", "");
    say(q, "first phase", "lease");
    say(q, "Phase 2", "");
    refused(q, "package, ratified, quiet", "leave quiet out");
    refused(q, "package, peace", "with commas");
    say(q, "lease", "");
    say(q, "first issue", "rent");
    refused(q, "1; 1", "once");
    say(q, "agreed about rent", "1; 2");
    say(q, "Issue 2", "");
    say(q, "Deed 1", "");
    assert_null(questions_ask(q));
    assert_true(text_is(questions_convener(q), "ana"));
    buf_init(&yaml, 1u << 16);
    questions_yaml(q, &yaml);
    if (!charter_from_yaml(buf_bytes(&yaml), "asked.yaml", &mem, &c, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    assert_false(c.sides[0].present);
    assert_int_equal(c.deed_count, 0);
    buf_free(&yaml);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_to_the_end),
        cmocka_unit_test(test_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
