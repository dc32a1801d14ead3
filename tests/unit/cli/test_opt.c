/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "cli/opt.h"

static const struct opt options[] = {
    {"table", OPT_VALUE, "NAME", "which table"},
    {"yes", OPT_FLAG, NULL, "do not ask"},
    {"note", OPT_LIST, "TEXT", "a note"},
    {"for", OPT_VALUE, "N", "how long"},
};
static const struct opt_spec spec = {.options = options,
                                     .option_count = COUNT_OF(options),
                                     .words = "FILE [NAME]",
                                     .words_min = 1,
                                     .words_max = 2};

/* Splits a line at blanks ("" stays one empty word) and parses it. */
static bool parse(struct arena *mem, const char *line, struct opts *out, struct err *err)
{
    char **argv = ARENA_NEW(mem, char *, 20);
    size_t argc = 0;
    while (*line != 0) {
        size_t n = strcspn(line, " ");
        argv[argc++] = arena_str(mem, bytes_of(line, n));
        line += n + (line[n] == ' ' ? 1 : 0);
    }
    return opt_parse(&spec, argc, argv, mem, out, err);
}

static void test_all_forms(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct opts o;
    struct err err;
    assert_true(parse(&mem, "a --table x --yes --note=one=1 b --note two --json -- ", &o, &err));
    assert_int_equal(o.word_count, 2);
    assert_string_equal(opt_word(&o, 0), "a");
    assert_string_equal(opt_word(&o, 1), "b");
    assert_null(opt_word(&o, 2));
    assert_string_equal(opt_value(&o, "table"), "x");
    assert_true(opt_has(&o, "yes"));
    assert_true(opt_has(&o, "json"));
    assert_false(opt_has(&o, "for"));
    assert_null(opt_value(&o, "for"));
    assert_string_equal(opt_list(&o, "note", 0), "one=1");
    assert_string_equal(opt_list(&o, "note", 1), "two");
    assert_null(opt_list(&o, "note", 2));
    assert_true(parse(&mem, "-- --yes", &o, &err));
    assert_string_equal(opt_word(&o, 0), "--yes");
    assert_false(opt_has(&o, "yes"));
    assert_true(parse(&mem, "--table= a", &o, &err));
    assert_string_equal(opt_value(&o, "table"), "");
    assert_true(parse(&mem, "- -5", &o, &err)); /* standard input, and a number */
    assert_int_equal(o.word_count, 2);
    assert_true(parse(&mem, "--table=--yes a", &o, &err)); /* a value may look like an option */
    assert_string_equal(opt_value(&o, "table"), "--yes");
    assert_true(parse(&mem, "--help", &o, &err)); /* nothing is missing then */
    assert_true(parse(&mem, "-h", &o, &err));
    assert_true(opt_has(&o, "help"));
    test_arena_free(&mem);
}

static void test_mistakes_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *line, *what, *mend;
    } cases[] = {
        {"", "this command wants FILE [NAME]", "--help"},
        {"a b c", "\"c\" is a word too many", "between quotes"},
        {"a --tabel x", "there is no option --tabel here", "did you mean --table?"},
        {"a --jsn", "there is no option --jsn here", "did you mean --json?"},
        {"a --quite-other", "there is no option --quite-other here", "add --help"},
        {"a --table", "--table wants a value", "write --table NAME"},
        {"a --table --yes", "--table wants a value, and \"--yes\" is an option", "--table=VALUE"},
        {"a --note --", "--note wants a value", "write --note TEXT"},
        {"a --for -h", "--for wants a value", "write --for N"},
        {"a --yes=1", "--yes takes no value", ""},
        {"a --table x --table y", "--table is given twice", ""},
        {"a --yes --yes", "--yes is given twice", ""},
        {"a -y", "options are written with two dashes: \"-y\"", "write --"},
        {"a \xff", "", ""},
        {"a --table \x1b[2J", "control character", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena mem = test_arena(1 << 16);
        struct opts o = {.word_count = 77};
        struct err err = {0};
        assert_false(parse(&mem, cases[i].line, &o, &err));
        assert_int_equal(err.code, ERR_USE);
        assert_int_equal(o.word_count, 77);
        assert_non_null(strstr(err.what, cases[i].what));
        assert_non_null(strstr(err.mend, cases[i].mend));
        test_arena_free(&mem);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 17);
    struct opts o;
    struct err err;
    uint64_t v = 0;
    assert_true(parse(&mem, "a --for 8", &o, &err));
    assert_true(opt_u64(&o, "for", 1, 1, 10, &v, &err));
    assert_int_equal(v, 8);
    assert_false(opt_u64(&o, "for", 1, 9, 10, &v, &err));
    assert_int_equal(err.code, ERR_USE);
    assert_false(opt_u64(&o, "for", 1, 1, 7, &v, &err));
    assert_int_equal(v, 8);
    assert_true(parse(&mem, "a --for eight", &o, &err));
    assert_false(opt_u64(&o, "for", 1, 1, 10, &v, &err));
    assert_true(parse(&mem, "a", &o, &err));
    assert_true(opt_u64(&o, "for", 3, 1, 10, &v, &err));
    assert_int_equal(v, 3);
    test_arena_free(&mem);
}

static bool parse_once(struct arena *mem, void *ctx)
{
    (void)ctx;
    struct opts o;
    struct err err;
    char file[] = "a", flag[] = "--yes";
    char *argv[] = {file, flag};
    return opt_parse(&spec, COUNT_OF(argv), argv, mem, &o, &err);
}

static void test_no_room(void **state)
{
    (void)state;
    assert_int_equal(test_faults(parse_once, NULL, 1 << 16), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_forms),
        cmocka_unit_test(test_mistakes_are_named),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
