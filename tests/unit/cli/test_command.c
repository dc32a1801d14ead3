/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "cli/command_list.h"

static const struct command table_new = {.name = "table new", .help = "a"};
static const struct command table_show = {.name = "table show", .help = "b"};
static const struct command sign = {.name = "sign", .help = "c"};
static const struct command *const all[] = {&table_new, &table_show, &sign};
static const struct command_table table = {.all = all, .count = COUNT_OF(all)};

static bool find(const char *one, const char *two, const struct command **out, size_t *words,
                 struct err *err)
{
    static char a[100], b[100];
    char *argv[] = {a, b};
    size_t argc = two != NULL ? 2 : one != NULL ? 1 : 0;
    memcpy(a, one == NULL ? "" : one, one == NULL ? 1 : strlen(one) + 1);
    memcpy(b, two == NULL ? "" : two, two == NULL ? 1 : strlen(two) + 1);
    return command_find(table, argc, argv, out, words, err);
}

static void test_find(void **state)
{
    (void)state;
    const struct command *got = NULL;
    size_t words = 0;
    struct err err;
    assert_true(find("table", "show", &got, &words, &err));
    assert_ptr_equal(got, &table_show);
    assert_int_equal(words, 2);
    assert_true(find("table show", NULL, &got, &words, &err));
    assert_ptr_equal(got, &table_show);
    assert_int_equal(words, 1);
    assert_true(find("sign", "table", &got, &words, &err));
    assert_ptr_equal(got, &sign);
    assert_int_equal(words, 1);
}

static void test_mistakes(void **state)
{
    (void)state;
    const struct command *got = NULL;
    size_t words = 0;
    struct err err;
    assert_false(find("table", NULL, &got, &words, &err));
    assert_int_equal(err.code, ERR_USE);
    assert_string_equal(err.what, "\"table\" wants a second word");
    assert_string_equal(err.mend, "choose of: table new, table show");
    assert_false(find("table", "shwo", &got, &words, &err));
    assert_string_equal(err.what, "there is no command \"table shwo\"");
    assert_string_equal(err.mend, "choose of: table new, table show");
    assert_false(find("sing", NULL, &got, &words, &err));
    assert_string_equal(err.what, "there is no command \"sing\"");
    assert_non_null(strstr(err.mend, "did you mean \"sign\"?"));
    assert_false(find("tab", NULL, &got, &words, &err));
    assert_non_null(strstr(err.what, "no command"));
    assert_false(find("\033[2J", NULL, &got, &words, &err));
    assert_int_equal(err.code, ERR_USE);
    assert_null(strchr(err.what, 033));
    assert_false(find(NULL, NULL, &got, &words, &err));
    assert_null(got);
}

/* The product's own table: names are unlike, helps are one line, groups have titles. */
static void test_the_table(void **state)
{
    (void)state;
    struct command_table own = command_table();
    assert_true(own.count >= 2);
    for (size_t i = 0; i < own.count; i++) {
        const struct command *c = own.all[i];
        assert_non_null(c->run);
        assert_non_null(c->example);
        assert_true(strlen(c->help) > 0 && strlen(c->help) < 78);
        assert_null(strchr(c->help, '\n'));
        assert_true(c->help[strlen(c->help) - 1] != '.');
        assert_true(command_group_title(c->group)[0] != 0);
        assert_true(c->spec.words_max == 0 || c->spec.words != NULL);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(c->name, own.all[k]->name);
        }
        for (size_t k = 0; k < c->spec.option_count; k++) {
            assert_true((c->spec.options[k].value != NULL) ==
                        (c->spec.options[k].kind != OPT_FLAG));
        }
    }
}

/* An example is what somebody may type: its words are those of the command. */
static void test_examples(void **state)
{
    (void)state;
    struct command_table own = command_table();
    for (size_t i = 0; i < own.count; i++) {
        struct arena mem = test_arena(1 << 17);
        char *argv[32];
        size_t argc = 0, words = 0;
        const struct command *got = NULL;
        struct opts opts;
        struct err err = {0};
        for (const char *s = own.all[i]->example; *s != 0; s += *s == ' ' ? 1 : 0) {
            bool quoted = *s == '"'; /* and nothing but a whole word */
            s += quoted ? 1 : 0;
            size_t n = strcspn(s, quoted ? "\"" : " ");
            assert_true(argc < COUNT_OF(argv));
            argv[argc++] = arena_str(&mem, bytes_of(s, n));
            s += n + (quoted ? 1 : 0);
        }
        assert_string_equal(argv[0], "entente");
        assert_true(command_find(own, argc - 1, argv + 1, &got, &words, &err));
        assert_ptr_equal(got, own.all[i]);
        if (!opt_parse(&got->spec, argc - 1 - words, argv + 1 + words, &mem, &opts, &err)) {
            fail_msg("%s: %s", own.all[i]->example, err.what);
        }
        test_arena_free(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_the_table),
        cmocka_unit_test(test_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
