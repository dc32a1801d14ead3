/* SPDX-License-Identifier: Apache-2.0 */
#include "prefs/draft.h"

#include "lib/test.h"
#include "prefs/scenario.h"

static struct decimal dec(const char *s)
{
    struct decimal d;
    assert_true(decimal_parse(text_str(s), &d));
    return d;
}

static struct text wages[] = {{.p = "low", .n = 3}, {.p = "high", .n = 4}, {.p = "mid", .n = 3}};

static struct domain_issue issues[] = {
    {.name = {.p = "wage", .n = 4}, .kind = DOMAIN_DISCRETE, .value_count = 3, .options = wages},
    {.name = {.p = "days", .n = 4}, .kind = DOMAIN_INTEGER, .value_count = 4, .low = -1, .high = 2},
    {.name = {.p = "share", .n = 5}, .kind = DOMAIN_REAL, .low = 0, .high = 1000, .decimals = 2},
};

static const struct domain domain = {.issue_count = 3, .issues = issues};

static struct draft draft_of(struct arena *mem)
{
    struct draft dr;
    struct err err = {0};
    assert_true(draft_init(&dr, &domain, mem, &err));
    dr.parts[0].values[0] = dec("7");
    dr.parts[0].values[1] = dec("12");
    ratio_times(&dr.parts[0].weight, dec("0.3"));
    ratio_over(&dr.parts[0].weight, dec("12"));
    for (uint32_t i = 0; i < 4; i++) {
        dr.parts[1].values[i] = decimal_of((int64_t)i, -1);
    }
    dr.parts[2].knots[1].value = dec("0.25");
    dr.has_reservation = true;
    dr.reservation = dec("0.2");
    return dr;
}

static void test_exact(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct err err = {0};
    struct draft dr = draft_of(&mem);
    struct utility u;
    assert_true(draft_build(&dr, &domain, &mem, &u, &err));
    assert_true(u.exact);
    assert_int_equal(u.one, 40); /* of 7/40, 3/10, 1/10, 1/4 */
    assert_int_equal(u.parts[0].units[0], 7);
    assert_int_equal(u.parts[0].units[1], 12);
    assert_int_equal(u.parts[0].units[2], 0);
    assert_int_equal(u.parts[1].units[3], 12);
    assert_int_equal(u.reservation, 8);
    assert_true(utility_is_additive(&u));
    const int64_t best[] = {1, 3, 1000}, middle[] = {0, 1, 525}, poor[] = {0, 0, 0};
    assert_int_equal(utility_units(&u, &domain, best), 34);
    assert_int_equal(utility_units(&u, &domain, middle), 7 + 4 + 5); /* 5.25 */
    assert_true(utility_accepts(&u, &domain, middle));
    assert_false(utility_accepts(&u, &domain, poor));
    int64_t least, most;
    utility_part_range(&u.parts[2], &issues[2], &least, &most);
    assert_true(least == 0 && most == 10);
    assert_true(utility_double(&u, 34) == 0.85);
    test_arena_free(&mem);
}

/* Numbers that are printed doubles: a power of ten, and at most slack off. */
static void test_rounded(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct err err = {0};
    struct draft dr = draft_of(&mem);
    dr.parts[0].values[2] = dec("0.270617396059117051");
    struct utility u;
    assert_true(draft_build(&dr, &domain, &mem, &u, &err));
    assert_false(u.exact);
    assert_int_equal(u.one, INT64_C(1000000000000000));
    assert_in_range(u.slack, 1, 10);
    assert_int_equal(u.parts[0].units[0], INT64_C(175000000000000));
    assert_int_equal(u.parts[0].units[2], INT64_C(6765434901478)); /* 0.025 of it: .926 */
    /* As it is when the file says so itself. */
    struct draft said = draft_of(&mem);
    said.rounded = true;
    assert_true(draft_build(&said, &domain, &mem, &u, &err));
    assert_false(u.exact);
    /* The scale gives way to large numbers, and refuses what no scale holds. */
    dr.parts[1].values[0] = dec("123456789.5");
    assert_true(draft_build(&dr, &domain, &mem, &u, &err));
    assert_int_equal(u.one, INT64_C(1000000000));
    dr.parts[1].values[0] = dec("1e30");
    assert_false(draft_build(&dr, &domain, &mem, &u, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    test_arena_free(&mem);
}

static void test_terms(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct err err = {0};
    struct draft dr = draft_of(&mem);
    struct domain_limit pair[] = {{.issue = 0, .low = 1, .high = 1},
                                  {.issue = 1, .low = 2, .high = 2}};
    struct domain_limit wide_pair[] = {{.issue = 0, .low = 0, .high = 1}};
    struct draft_term term = {.box = {.limit_count = 2, .limits = pair}, .value = dec("0.5")};
    dr.term_count = 1;
    dr.terms = &term;
    struct utility u;
    assert_true(draft_build(&dr, &domain, &mem, &u, &err));
    assert_int_equal(utility_kind(&u, &domain), UTILITY_PAIRWISE);
    const int64_t in[] = {1, 2, 0}, out[] = {1, 1, 0};
    assert_int_equal(utility_units(&u, &domain, in), 12 + 8 + 20);
    assert_int_equal(utility_units(&u, &domain, out), 12 + 4);
    dr.capped = true;
    dr.cap = dec("0.75");
    struct domain_box line = {.limit_count = 1, .limits = wide_pair};
    dr.red_line_count = 1;
    dr.red_lines = &line;
    assert_true(draft_build(&dr, &domain, &mem, &u, &err));
    assert_int_equal(utility_kind(&u, &domain), UTILITY_BOXES);
    assert_int_equal(utility_units(&u, &domain, in), 30);
    assert_false(utility_accepts(&u, &domain, in));
    dr.zero_count = 1;
    dr.zeros = &line;
    assert_true(draft_build(&dr, &domain, &mem, &u, &err));
    assert_int_equal(utility_units(&u, &domain, in), 0);
    wide_pair[0].high = 3;
    assert_false(draft_build(&dr, &domain, &mem, &u, &err));
    assert_string_equal(err.what, "a combination goes beyond the values of the issue \"wage\"");
    test_arena_free(&mem);
}

static void test_table(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct err err = {0};
    const struct domain two = {.issue_count = 2, .issues = issues};
    struct decimal table[12] = {0};
    table[7] = dec("2.5");
    struct draft dr = {.table = table, .table_count = 12};
    struct utility u;
    assert_true(draft_build(&dr, &two, &mem, &u, &err));
    assert_int_equal(utility_kind(&u, &two), UTILITY_TABLE);
    const int64_t at[] = {1, 3};
    assert_int_equal(u.one, 2);
    assert_int_equal(utility_units(&u, &two, at), 5);
    dr.table_count = 11;
    assert_false(draft_build(&dr, &two, &mem, &u, &err));
    assert_string_equal(err.what, "a table has 11 entries for 12 packages");
    test_arena_free(&mem);
}

static void test_equal(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct err err = {0};
    struct draft dr = draft_of(&mem);
    struct utility a, b;
    assert_true(draft_build(&dr, &domain, &mem, &a, &err));
    dr.reservation = dec("0.125"); /* its own scale: 40 becomes 40 still, 5 units */
    assert_true(draft_build(&dr, &domain, &mem, &b, &err));
    assert_false(utility_eq(&a, &b, &domain));
    dr.reservation = dec("0.2");
    dr.parts[1].values[0] = dec("0.001");
    assert_true(draft_build(&dr, &domain, &mem, &b, &err));
    assert_int_equal(b.one, 1000);
    assert_false(utility_eq(&a, &b, &domain));
    b.parts[1].units[0] = 0;
    assert_true(utility_eq(&a, &b, &domain));
    test_arena_free(&mem);
}

static bool build_once(struct arena *mem, void *ctx)
{
    (void)ctx;
    struct err err = {0};
    struct draft dr;
    struct utility u;
    return draft_init(&dr, &domain, mem, &err) && draft_build(&dr, &domain, mem, &u, &err);
}

static void test_memory(void **state)
{
    (void)state;
    assert_true(test_faults(build_once, NULL, 1 << 16) > 5);
}

static void test_domain(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct err err = {0};
    uint64_t n;
    const struct domain two = {.issue_count = 2, .issues = issues};
    assert_true(domain_check(&domain, &err));
    assert_true(domain_count(&two, &n));
    assert_int_equal(n, 12);
    assert_false(domain_count(&domain, &n));
    assert_true(text_is(domain_count_words(&domain, &mem), "infinite"));
    assert_true(text_is(domain_count_words(&two, &mem), "12"));
    assert_true(text_is(domain_value_words(&issues[0], 1, &mem), "high"));
    assert_true(text_is(domain_value_words(&issues[1], 0, &mem), "-1"));
    assert_true(text_is(domain_value_words(&issues[2], 250, &mem), "2.5"));
    int64_t v;
    assert_true(domain_value_parse(&issues[1], text_str("2"), &v) && v == 3);
    assert_false(domain_value_parse(&issues[1], text_str("3"), &v));
    assert_true(domain_value_parse(&issues[2], text_str("2.5"), &v) && v == 250);
    assert_false(domain_value_parse(&issues[2], text_str("10.01"), &v));
    assert_false(domain_value_parse(&issues[0], text_str("lo"), &v));

    struct domain_issue many[100];
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        many[i] = issues[1];
        many[i].value_count = 10;
        many[i].high = 8;
        many[i].name = text_str(arena_printf(&mem, "i%zu", i));
    }
    const struct domain large = {.issue_count = 100, .issues = many};
    struct text words = domain_count_words(&large, &mem);
    assert_int_equal(words.n, 101);
    assert_memory_equal(words.p, "1000000000", 10);
    many[7].name = many[3].name;
    assert_false(domain_check(&large, &err));
    assert_string_equal(err.what, "two issues have the name \"i3\"");
    struct text options[100];
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        options[i] = text_str(arena_printf(&mem, "o%zu", i == 99 ? 42 : i));
    }
    struct domain_issue wide_issue = {
        .name = text_str("w"), .value_count = 100, .options = options};
    const struct domain wide_domain = {.issue_count = 1, .issues = &wide_issue};
    assert_false(domain_check(&wide_domain, &err));
    assert_string_equal(err.what, "the option \"o42\" stands twice in the issue \"w\"");
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),  cmocka_unit_test(test_rounded),
        cmocka_unit_test(test_terms),  cmocka_unit_test(test_table),
        cmocka_unit_test(test_equal),  cmocka_unit_test(test_memory),
        cmocka_unit_test(test_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
