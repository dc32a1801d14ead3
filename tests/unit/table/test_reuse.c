/* SPDX-License-Identifier: Apache-2.0
 *
 * Words that repeat what is to be kept, and words that do not.
 */
#include "table/reuse.h"

#include "lib/test.h"

#include <stdio.h>

#define ROOM ((size_t)8 << 20)

/* What of kept is repeated in said: "" for nothing. */
static const char *repeats(const char *kept, const char *said)
{
    static char out[256];
    struct arena mem = test_arena(ROOM);
    struct text texts[2] = {text_str("before"), text_str(said)}, run = {"", 0};
    struct reuse r;
    assert_true(reuse_of(texts, 2, &mem, &r));
    bool found = reuse_find(&r, text_str(kept), &run);
    assert_true(found == (run.n > 0));
    (void)snprintf(out, sizeof(out), "%.*s", TEXT_ARG(run));
    test_arena_free(&mem);
    return out;
}

static void test_runs(void **state)
{
    (void)state;
    assert_string_equal(repeats("we could go 5 km back", "Let both sides go 5 KM, back!"),
                        "go 5 km");
    assert_string_equal(repeats("we could go 5 km back", "5 km back"), "5 km back");
    assert_string_equal(repeats("we could go 5 km back", "5 km away"), "");
    assert_string_equal(repeats("all prisoners back", "back, prisoners all"), "");
    assert_string_equal(repeats("all prisoners back", "ALL prisoners... back"),
                        "all prisoners back");
    /* Small change: no two words of four bytes, and no digit. */
    assert_string_equal(repeats("it is in the air", "it is in the sea"), "");
    /* The run does not go over the end of a text, nor over its beginning. */
    assert_string_equal(repeats("before nightfall guns", "nightfall guns"), "");
}

static void test_short_lines(void **state)
{
    (void)state;
    assert_string_equal(repeats("monitors", "We accept Monitors."), "monitors");
    assert_string_equal(repeats("joint patrols", "no joint patrols here"), "joint patrols");
    assert_string_equal(repeats("joint patrols", "joint work"), "");
    assert_string_equal(repeats("10", "not 100"), "");
    assert_string_equal(repeats("10", "10!"), "10");
    assert_string_equal(repeats("", "anything"), "");
    assert_string_equal(repeats("?!", "?!"), "");
    assert_string_equal(repeats("monitors", ""), "");
    /* Letters above ASCII are letters. */
    assert_string_equal(repeats("Straße gesperrt", "die STRAße gesperrt"), "Straße gesperrt");
}

/* Nothing to say, and no room. */
static void test_edges(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM), none = test_arena(16);
    struct text one = text_str("a b c d e f g h"), run;
    struct reuse r;
    assert_true(reuse_of(NULL, 0, &mem, &r));
    assert_false(reuse_find(&r, text_str("monitors"), &run));
    assert_false(reuse_of(&one, 1, &none, &r));
    test_arena_free(&mem);
    test_arena_free(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_short_lines),
        cmocka_unit_test(test_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
