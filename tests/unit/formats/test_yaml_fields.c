/* SPDX-License-Identifier: Apache-2.0
 *
 * Most of the errors are golden files of test_charter_yaml.
 */
#include "formats/yaml_fields.h"

#include "lib/prop.h"
#include "lib/test.h"

static size_t distance(const char *a, const char *b)
{
    return yaml_distance(text_str(a), text_str(b));
}

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(distance("", ""), 0);
    assert_int_equal(distance("gate", "gate"), 0);
    assert_int_equal(distance("gate", "gaet"), 1);
    assert_int_equal(distance("gate", "gat"), 1);
    assert_int_equal(distance("gate", "grate"), 1);
    assert_int_equal(distance("gate", "date"), 1);
    assert_int_equal(distance("kitten", "sitting"), 3);
    assert_int_equal(distance("", "abc"), 3);
    assert_int_equal(distance("ca", "abc"), 3);
}

/* It is 0 for the same words only, the same both ways, and no longer than the longer word. */
static void test_distance_is_one(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "distance");
    for (size_t i = 0, n = prop_rounds(2000); i < n; i++) {
        char a[50], b[50];
        struct text x = {.p = a, .n = prop_below(&rnd, 50)};
        struct text y = {.p = b, .n = prop_below(&rnd, 50)};
        for (size_t k = 0; k < 50; k++) {
            a[k] = (char)('a' + prop_below(&rnd, 3));
            b[k] = prop_one_in(&rnd, 4) ? 'c' : a[k];
        }
        size_t d = yaml_distance(x, y);
        assert_int_equal(d, yaml_distance(y, x));
        assert_true(d <= (x.n > y.n ? x.n : y.n));
        assert_true(d > 0 || x.n > 40 || text_eq(x, y));
        assert_int_equal(yaml_distance(x, x), 0);
    }
}

static void test_choice(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 16);
    struct err err = {0};
    struct yaml_reading r = {.name = "f", .mem = &mem, .err = &err};
    const struct text known[] = {text_str("open"), text_str("papers-only")};
    struct yaml_node node = {.line = 3, .column = 9, .text = text_str("papers-only")};
    uint32_t at = 7;
    assert_true(yaml_choice(&r, &node, "plenary", known, 2, &at));
    assert_int_equal(at, 1);
    node.text = text_str("paper-only");
    assert_false(yaml_choice(&r, &node, "plenary", known, 2, &at));
    assert_string_equal(err.what, "\"paper-only\" is no plenary");
    assert_string_equal(err.where, "f, line 3, column 9");
    assert_string_equal(err.mend, "did you mean \"papers-only\"?");
    node.text = text_str("shut");
    assert_false(yaml_choice(&r, &node, "plenary", known, 2, &at));
    assert_string_equal(err.mend, "write one of these: open, papers-only");
    assert_false(yaml_choice(&r, &node, "deed", known, 0, &at));
    assert_string_equal(err.mend, "the charter has no deed; add it, or leave this out");
    assert_int_equal(at, 1);
    test_arena_free(&mem);
}

/* A list that does not fit in the advice is cut at a word. */
static void test_many_choices(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 16);
    struct err err = {0};
    struct yaml_reading r = {.name = "f", .mem = &mem, .err = &err};
    struct text known[YAML_CANDIDATES_MAX];
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        known[i] = text_str("a-rather-long-id-of-32-characters");
    }
    struct yaml_node node = {.text = text_str("x")};
    uint32_t at;
    assert_false(yaml_choice(&r, &node, "deed", known, COUNT_OF(known), &at));
    size_t n = strlen(err.mend);
    assert_true(n > 200 && n < sizeof(err.mend) - 1);
    assert_string_equal(err.mend + n - 15, "characters, ...");
    test_arena_free(&mem);
}

static void test_spans_and_numbers(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 16);
    struct err err = {0};
    struct yaml_reading r = {.name = "f", .mem = &mem, .err = &err};
    struct yaml_node node = {.text = text_str("48h")};
    uint64_t seconds = 1;
    uint32_t number = 2;
    assert_true(yaml_span(&r, &node, "wish", &seconds));
    assert_int_equal(seconds, 172800);
    assert_false(yaml_number(&r, &node, "minor", &number));
    static const char *const no_span[] = {"48", "h", "0h", "", "-1h", "4 h", "99999999999999999w"};
    for (size_t i = 0; i < COUNT_OF(no_span); i++) {
        node.text = text_str(no_span[i]);
        assert_false(yaml_span(&r, &node, "wish", &seconds));
        assert_string_equal(err.where, "f, line 0, column 0");
    }
    node.text = text_str("4294967295");
    assert_true(yaml_number(&r, &node, "minor", &number));
    static const char *const no_number[] = {"4294967296", "-1", "1.0", "0x1", "01", "one", "+1"};
    for (size_t i = 0; i < COUNT_OF(no_number); i++) {
        node.text = text_str(no_number[i]);
        assert_false(yaml_number(&r, &node, "minor", &number));
    }
    assert_int_equal(seconds, 172800);
    assert_int_equal(number, 4294967295u);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_distance_is_one),
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_many_choices),
        cmocka_unit_test(test_spans_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
