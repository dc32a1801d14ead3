/* SPDX-License-Identifier: Apache-2.0
 *
 * Each reader on small files: what they mean, what is refused and with which words, no memory.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lib/test.h"

#include "formats/scenario.h"
#include "lib/shared.h"

#define MEM_BYTES (24u << 20)
#define FILES_MAX 4u

struct pair {
    const char *name, *text;
};

static size_t files_of(const struct pair *pairs, struct scenario_file *out)
{
    size_t n = 0;
    for (; n < FILES_MAX && pairs[n].name != NULL; n++) {
        out[n] = (struct scenario_file){.name = pairs[n].name, .bytes = bytes_str(pairs[n].text)};
    }
    return n;
}

static struct scenario read_good(const struct pair *pairs, struct arena *mem)
{
    struct scenario_file files[FILES_MAX];
    struct scenario s;
    struct err err = {0};
    if (!scenario_read(files, files_of(pairs, files), "here", mem, &s, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    return s;
}

/* The utility of a package, as a decimal of so many units of 1e-6. */
static long micro(const struct scenario *s, uint32_t party, const int64_t *values)
{
    const struct utility *u = &s->parties[party].utility;
    double v = utility_double(u, utility_units(u, &s->domain, values)) * 1e6;
    return (long)(v < 0 ? v - 0.5 : v + 0.5);
}

#define DOMAIN_XML                                                                                 \
    "\n <negotiation_template><utility_space><objective name=\"root\">"                            \
    "<issue index=\"1\" name=\"a\" type=\"discrete\"><item value=\"x\"/><item value=\"y\"/>"       \
    "</issue><issue index=\"2\" name=\"n\" vtype=\"integer\" lowerbound=\"2\" upperbound=\"6\"/>"  \
    "<issue index=\"3\" name=\"r\" etype=\"real\"><range lowerbound=\"0\" upperbound=\"10\"/>"     \
    "</issue></objective></utility_space></negotiation_template>"

static const struct pair genius[FILES_MAX] = {
    {"d.xml", DOMAIN_XML},
    {"p.xml",
     "<utility_space><objective><weight index=\"1\" value=\"2\"/><weight index=\"2\" value=\".5\"/>"
     "<weight index=\"3\" value=\"1.5\"/><issue index=\"1\" name=\"a\"><item value=\"x\" "
     "evaluation=\"3\"/><item value=\"y\" evaluation=\"12\"/></issue>"
     "<issue index=\"2\" name=\"n\" lowerbound=\"1\" upperbound=\"6\"><evaluator slope=\"0.25\" "
     "offset=\"-0.5\"/></issue><issue index=\"3\" name=\"r\"><evaluator ftype=\"linear\" "
     "parameter1=\"-0.25\" parameter0=\"2\"/></issue></objective>"
     "<reservation value=\"0.3\"/><discount_factor value=\"0\"/></utility_space>"},
    {"points.xml", "0.1, 0.2\n"},
};

static void test_genius(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(genius, &mem);
    assert_int_equal(s.format, SCENARIO_GENIUS);
    assert_true(text_is(s.name, "here") && text_is(s.parties[0].name, "p"));
    assert_int_equal(s.domain.issues[2].decimals, 12);
    const int64_t unit = INT64_C(1000000000000);
    /* Weights 1/2, 1/8, 3/8.  n: 0.25 (v - 1) - 0.5, cut at 0; r: 2 - x / 4, cut at 1 and 0. */
    const struct {
        int64_t values[3];
        long micro;
    } cases[] = {
        {{1, 4, 0}, 500000 + 93750 + 375000},
        {{0, 0, 10 * unit}, 125000},
        {{0, 1, 8 * unit}, 125000 + 0},
        {{0, 2, 6 * unit}, 125000 + 31250 + 187500},
        {{1, 3, 4 * unit}, 500000 + 62500 + 375000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(micro(&s, 0, cases[i].values), cases[i].micro);
    }
    const struct utility *u = &s.parties[0].utility;
    assert_true(u->exact && u->discount == UTILITY_DISCOUNT_ONE);
    assert_int_equal(u->parts[2].knot_count, 4); /* 0, 4, 8, 10 */
    assert_int_equal(u->reservation * 10, u->one * 3);
    test_arena_free(&mem);
}

static void test_genius_latin(void **state)
{
    (void)state;
    static const struct pair latin[FILES_MAX] = {
        {"p.xml", "<utility_space><weight index=\"1\" value=\"1\"/><issue index=\"1\" "
                  "name=\"caf\xe9\" type=\"discrete\"><item value=\"x\" evaluation=\"1\"/></issue>"
                  "</utility_space>"}};
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(latin, &mem);
    assert_true(text_is(s.domain.issues[0].name, "caf\xc3\xa9"));
    assert_int_equal(s.note_count, 1);
    test_arena_free(&mem);
}

#define RULES_HEAD                                                                                 \
    "<utility_space type=\"constraint\"><objective>"                                               \
    "<issue index=\"1\" name=\"a\" type=\"discrete\"><item value=\"-1\"/><item value=\"0\"/>"      \
    "<item value=\"2\"/></issue><issue index=\"2\" name=\"b\" type=\"discrete\">"                  \
    "<item value=\"k=low\"/><item value=\"k=high\"/></issue><rules><ranks>"                        \
    "<issue index=\"1\"><item value=\"-1\" rank=\"1\"/><item value=\"0\" rank=\"2\"/>"             \
    "<item value=\"2\" rank=\"4\"/></issue><issue index=\"2\"><item value=\"k=low\" rank=\"1\"/>"  \
    "<item value=\"k=high\" rank=\"2\"/></issue></ranks><constraints>"
#define RULES_TAIL "</constraints></rules></objective></utility_space>"

static void test_rules(void **state)
{
    (void)state;
    static const struct pair rules[FILES_MAX] = {
        {"p.xml",
         RULES_HEAD "<constraint type=\"zeroConstraint\" index=\"1\"><valueassignment index=\"1\" "
                    "value=\"2\"/><valueassignment index=\"2\" value=\"k=low\"/></constraint>"
                    "<constraint type=\"sumZeroConstraint\" index=\"1\" value=\"2\" min=\"2\" "
                    "max=\"9\"><item index=\"1\"/></constraint>"
                    "<constraint type=\"conditionalZeroOutcomeConstraint\"><checkassignment "
                    "index=\"1\" condition=\"numeric=negative\"/><checkassignment index=\"2\" "
                    "condition=\"high\"/></constraint>" RULES_TAIL}};
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(rules, &mem);
    /* a: 1/4, 1/2, 1 halved; b: 1/2, 1 halved.  a = 2 is silenced by both rules, once. */
    static const long want[3][2] = {{0, 625000}, {500000, 750000}, {250000, 500000}};
    for (int64_t a = 0; a < 3; a++) {
        for (int64_t b = 0; b < 2; b++) {
            const int64_t values[] = {a, b};
            /* -1 with "high" is no zero; -1 with "low" is. */
            assert_int_equal(micro(&s, 0, values), want[a][b]);
        }
    }
    assert_int_equal(utility_kind(&s.parties[0].utility, &s.domain), UTILITY_BOXES);
    test_arena_free(&mem);
}

static void test_rectangles(void **state)
{
    (void)state;
    static const struct pair boxes[FILES_MAX] = {
        {"p.xml",
         "<utility_space type=\"nonlinear\"><objective><issue index=\"1\" name=\"a\" "
         "type=\"integer\" lowerbound=\"0\" upperbound=\"9\"/><utility maxutility=\"10\">"
         "<ufun aggregation=\"sum\" weight=\"1\"><hyperRectangle utility=\"8\"><INCLUDES "
         "index=\"1\" "
         "min=\"3\" max=\"20\"/></hyperRectangle><hyperRectangle utility=\"4\"><EXCLUDES "
         "index=\"1\" min=\"0\" max=\"6\"/></hyperRectangle><hyperRectangle utility=\"1\"/>"
         "</ufun></utility></objective></utility_space>"}};
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(boxes, &mem);
    static const long want[] = {100000, 100000, 100000, 900000, 900000, 900000, 900000, 1000000};
    for (int64_t a = 0; a < (int64_t)COUNT_OF(want); a++) {
        assert_int_equal(micro(&s, 0, &a), want[a]);
    }
    test_arena_free(&mem);
}

static const struct pair geniusweb[FILES_MAX] = {
    {"p.json",
     "{\"LinearAdditiveUtilitySpace\": {\"name\": \"Ann\", \"issueWeights\": {\"a\": 0.5, \"n\": "
     "0.5}, \"issueUtilities\": {\"a\": {\"discreteutils\": {\"valueUtilities\": {\"x\": 1, \"y\": "
     "0.25}}}, \"n\": {\"numberutils\": {\"lowValue\": 1, \"lowUtility\": 0, \"highValue\": 4, "
     "\"highUtility\": 1}}}, \"reservationBid\": {\"issuevalues\": {\"a\": \"y\", \"n\": 2}}, "
     "\"domain\": {\"name\": \"D \\u00e9\", \"issuesValues\": {\"a\": {\"values\": [\"x\", "
     "\"y\"]}, \"n\": {\"range\": [1, 4, 1]}}}}}"}};

static void test_geniusweb(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(geniusweb, &mem);
    const int64_t best[] = {0, 3}, other[] = {1, 1};
    assert_true(text_is(s.name, "D \xc3\xa9") && text_is(s.parties[0].name, "Ann"));
    assert_int_equal(s.domain.issues[1].kind, DOMAIN_INTEGER);
    assert_int_equal(micro(&s, 0, best), 1000000);
    assert_int_equal(micro(&s, 0, other), 125000 + 166667);
    const struct utility *u = &s.parties[0].utility;
    assert_int_equal(u->reservation, utility_units(u, &s.domain, other));
    test_arena_free(&mem);
}

static const struct pair negmas[FILES_MAX] = {
    {"d.yml", "name: d\nissues:\n- {name: a, type: CategoricalIssue, values: [x, y]}\n"
              "- {name: n, type: negmas.outcomes.ContiguousIssue, values: [2, 4]}\n"
              "- {name: r, type: ContinuousIssue, values: [0, 4]}\n"},
    {"u.yml",
     "type: LinearAdditiveUtilityFunction\nreserved_value: -.inf\nweights: [0.5, 0.25, 2]\n"
     "values:\n- {type: TableFun, mapping: {y: 1, x: 0.5}}\n- {type: AffineFun, slope: 2, "
     "bias: -1}\n- {type: TriangularFun, start: 1, middle: 2, end: 4}\nbias: 0.125\n"}};

static void test_negmas(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(negmas, &mem);
    const int64_t unit = INT64_C(1000000000000);
    const int64_t one[] = {0, 0, 3 * unit}, two[] = {1, 2, 3 * unit / 2};
    assert_true(text_is(s.parties[0].name, "u") && !s.parties[0].utility.has_reservation);
    assert_int_equal(micro(&s, 0, one), 125000 + 250000 + 750000 + 1000000);
    assert_int_equal(micro(&s, 0, two), 125000 + 500000 + 1750000 + 1000000);
    test_arena_free(&mem);
}

static const struct pair negolog[FILES_MAX] = {
    {"A.json",
     "{\"reservationValue\": 0.4, \"issueWeights\": {\"a\": 0.7, \"b\": 0.3}, \"issues\": "
     "{\"a\": {\"x\": 1.0, \"y\": 0.1}, \"b\": {\"z\": 1}}}"},
    {"B.json", "{\"issueWeights\": {\"b\": 0.5, \"a\": 0.5}, \"issues\": {\"b\": {\"z\": 0.2}, "
               "\"a\": {\"y\": 1, \"x\": 0}}}"},
    {"specs.json", "{\"Name\": \"d\"}"}};

static void test_negolog(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(negolog, &mem);
    const int64_t y[] = {1, 0};
    assert_int_equal(s.party_count, 2);
    assert_int_equal(micro(&s, 0, y), 370000);
    assert_int_equal(micro(&s, 1, y), 600000);
    assert_true(s.parties[0].utility.has_reservation && !s.parties[1].utility.has_reservation);
    test_arena_free(&mem);
}

static const struct pair sheet[FILES_MAX] = {
    {"s.csv", "\xef\xbb\xbfissue;option;Ruth;\"Dan \"\"D\"\"\"\r\nhouse;Ruth;30;0\r\n;sold, soon;"
              "18,5;\r\n\r\nno deal;;10;\r\nout of;;50;1\r\n"}};

static void test_csv(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(sheet, &mem);
    const int64_t sold = 1;
    assert_true(text_is(s.parties[1].name, "Dan \"D\""));
    assert_true(text_is(s.domain.issues[0].options[1], "sold, soon"));
    assert_int_equal(micro(&s, 0, &sold), 370000);
    assert_int_equal(micro(&s, 1, &sold), 0);
    assert_true(s.parties[0].utility.has_reservation && !s.parties[1].utility.has_reservation);
    test_arena_free(&mem);
}

static const struct pair own[FILES_MAX] = {
    {"o.yaml", "scenario: Ours\nissues:\n  a: [x, y, z]\n  n: {from: -1, to: 5}\n"
               "  r: {from: 0, to: 1, real: yes}\nforbidden: [{a: x..y, n: 5}]\nparties:\n"
               "  P:\n    out-of: 10\n    no-deal: 2\n    weights: {n: 3}\n    discount: 0.9\n"
               "    worth:\n      a: {x: 4, y: 1, z: 0}\n      n: {-1: 0, 2: 1, 4: 0}\n"
               "      r: {0: 0, 0.5: 2}\n    together: [{when: {a: y, r: 0.25..1}, worth: -1.5}]\n"
               "    never: [{n: 0..1}]\n    at-most: 7\n    worthless: [{a: z, n: 4..5}]\n"}};

static void test_own(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct scenario s = read_good(own, &mem);
    const struct utility *u = &s.parties[0].utility;
    assert_true(text_is(s.name, "Ours") && u->exact);
    const struct {
        int64_t values[3];
        long micro;
    } cases[] = {
        {{0, 0, 0}, 400000},       {{0, 1, 0}, 400000 + 100000},
        {{0, 3, 250000}, 700000},  {{0, 3, 0}, 700000},
        {{1, 4, 1000000}, 300000}, {{1, 6, 249999}, 100000 + 99999 + 1},
        {{2, 5, 500000}, 0},       {{2, 6, 0}, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        long got = micro(&s, 0, cases[i].values);
        assert_in_range(got + 1, cases[i].micro, cases[i].micro + 2);
    }
    assert_true(domain_forbids(&s.domain, cases[5].values));
    assert_false(utility_accepts(u, &s.domain, cases[1].values));
    assert_true(utility_accepts(u, &s.domain, cases[2].values));
    test_arena_free(&mem);
}

#define OWN(parties) "scenario: s\nissues: {a: [x, y]}\nparties:\n" parties
#define PROFILE(inner)                                                                             \
    "<utility_space>\n<weight index=\"1\" value=\"1\"/>\n<issue index=\"1\" name=\"a\" "           \
    "type=\"discrete\">\n<item value=\"x\" evaluation=\"1\"/>\n</issue>\n" inner                   \
    "</utility_space>"

static const struct {
    struct pair files[FILES_MAX];
    const char *what, *where, *mend;
} broken[] = {
    {{{"readme.txt", "nothing"}},
     "there is no scenario in here",
     "",
     "give a folder or files of GENIUS, GeniusWeb, NegMAS, NegoLog, a CSV score sheet, or "
     "entente's "
     "own YAML"},
    {{{"a.xml", "\n\n<utility_space>\n<issue>\n</utility_space>"}},
     "the XML is broken: \"Opening and ending tag mismatch: issue line 2 and utility_space\"",
     "a.xml, line 5",
     "mend the tag or the quotes at that line, or above it"},
    {{{"a.xml", "<!DOCTYPE x [<!ENTITY y \"z\">]><utility_space/>"}},
     "the file defines a document type or entities",
     "a.xml",
     "take the <!DOCTYPE ...> away"},
    {{{"a.xml", "<negotiation_template/>"}},
     "there are no issues",
     "a.xml",
     "name at least one issue and its options"},
    {{{"d.xml", DOMAIN_XML}},
     "there is a GENIUS domain, but no profile",
     "",
     "give the folder, or the profiles (<utility_space>) as well"},
    {{{"a.xml", PROFILE("<reservation value=\"half\"/>\n")}},
     "\"half\" is no number for value of <reservation>",
     "a.xml, line 6",
     "write digits with a point, if any: 12.5"},
    {{{"a.xml", "<utility_space><issue name=\"a\" type=\"colour\"/></utility_space>"}},
     "the issue \"a\" has the unknown type \"colour\"",
     "a.xml, line 1",
     "GENIUS knows discrete, integer and real"},
    {{{"a.xml", "<utility_space><issue name=\"a\" type=\"integer\" lowerbound=\"1\" "
                "upperbound=\"9999999\"/></utility_space>"}},
     "a range holds more than 262144 whole numbers",
     "a.xml, line 1",
     "use a larger unit, or make the issue real"},
    {{{"a.xml", RULES_HEAD "<constraint type=\"magic\"/>" RULES_TAIL}},
     "the rule \"magic\" is not known",
     "a.xml, line 1",
     "take it away, or write its meaning as entente's own YAML"},
    {{{"a.json", "{\"issueWeights\": {},\n \"issues\": {\"a\": {\"x\": 1,}}}"}},
     "a comma stands before the end",
     "a.json, line 2, column 26",
     "take the comma away"},
    {{{"a.json", "{\"issueWeights\": {\"a\": \"much\"},\n \"issues\": {\"a\": {\"x\": 1}}}"}},
     "\"much\" is no number for a weight",
     "a.json, line 1, column 24",
     "write digits with a point, if any: 12.5"},
    {{{"a.json", "{\"PartialOrdering\": 1, \"issuesValues\": {}}"}},
     "there are no issues",
     "a.json",
     "name at least one issue and its options"},
    {{{"a.json", "{\"SumOfGroupsUtilitySpace\": {}}"}},
     "there is no domain in the profile, nor beside it",
     "a.json, line 1, column 1",
     "give the domain's file as well; of profiles, those of the kind LinearAdditiveUtilitySpace "
     "are "
     "read"},
    {{{"d.yml", "issues:\n- name: a\n  type: CategoricalIssue\n  values: [x]\n"},
      {"u.yml", "reserved_value: 0\ntype: RandomUtilityFunction\n"}},
     "the utility function \"RandomUtilityFunction\" is not read",
     "u.yml, line 1, column 1",
     "LinearAdditiveUtilityFunction, LinearUtilityFunction and AffineUtilityFunction are"},
    {{{"s.csv", "issue,option\n"}},
     "the first row is not issue, option and the parties' names",
     "s.csv, line 1",
     "begin with: issue,option,Ana,Ben"},
    {{{"s.csv", "issue,option,A\na,x,1\na,y,much\n"}},
     "a cell is no number",
     "s.csv, line 3",
     "write digits with a point, if any: 12.5"},
    {{{"s.csv", "issue,option,A\na,\"x,1\n"}},
     "a quote has no end",
     "s.csv, line 2",
     "close it with \""},
    {{{"o.yaml", OWN("  P: {wort: {a: {x: 1, y: 0}}}\n")}},
     "there is no key \"wort\" in a party",
     "o.yaml, line 4, column 7",
     "did you mean \"worth\"?"},
    {{{"o.yaml", OWN("  P: {worth: {b: {x: 1}}}\n")}},
     "\"b\" is no issue",
     "o.yaml, line 4, column 15",
     "write one of these: a"},
    {{{"o.yaml", OWN("  P: {worth: {a: {x: 1, why: 0}}}\n")}},
     "\"why\" is no option",
     "o.yaml, line 4, column 25",
     "write one of these: x, y"},
    {{{"o.yaml", OWN("  P: {worth: {a: {x: 1}}, never: [{a: y..x}]}\n")}},
     "\"y..x\" is no value of the issue \"a\"",
     "o.yaml, line 4, column 39",
     "write one of its values, or two with .. between, the lower first"},
    {{{"o.yaml", OWN("  P: {worth: {a: {x: 1e30}}}\n")}},
     "utilities are too large to be added exactly",
     "o.yaml, party P",
     "divide all numbers by the same amount"},
    {{{"a.xml", PROFILE("")}, {"s.csv", "issue,option,A\na,x,1\n"}},
     "the files are of two formats: GENIUS XML and CSV score sheet",
     "",
     "name the files of one: s.csv is one of the second"},
    {{{"o.yaml", "scenario: s\nissues: {a: [x, y}\n"}}, NULL, "o.yaml, line 2, column 18", NULL},
};

static void test_broken(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct scenario_file files[FILES_MAX];
        struct scenario s;
        struct err err = {0};
        size_t n = files_of(broken[i].files, files);
        assert_false(scenario_read(files, n, "here", &mem, &s, &err));
        if (broken[i].what != NULL) {
            assert_string_equal(err.what, broken[i].what);
            assert_string_equal(err.mend, broken[i].mend);
        }
        assert_string_equal(err.where, broken[i].where);
        assert_true(err.mend[0] != 0);
        arena_wipe(&mem);
    }
    test_arena_free(&mem);
}

/* ---- all of them: no memory; there and back ---- */

static const struct pair *const good[] = {genius, geniusweb, negmas, negolog, sheet, own};

static bool read_once(struct arena *mem, void *ctx)
{
    struct scenario_file files[FILES_MAX];
    struct scenario s;
    struct err err = {0};
    bool ok = scenario_read(files, files_of(ctx, files), "here", mem, &s, &err);
    assert_true(ok || err.code == ERR_MEMORY);
    return ok;
}

static bool go_round(const struct scenario *s, enum scenario_format format, struct arena *mem,
                     struct scenario *out, struct err *err)
{
    struct scenario_out *files = ARENA_NEW(mem, struct scenario_out, SCENARIO_FILES_MAX);
    struct scenario_file in[FILES_MAX];
    size_t n = 0;
    if (files == NULL) {
        return err_memory(err, "test");
    }
    bool ok = scenario_write(s, format, mem, files, &n, err);
    for (size_t i = 0; ok && i < n; i++) {
        in[i].name = arena_printf(mem, "%.*s", TEXT_ARG(files[i].name));
        in[i].bytes = buf_bytes(&files[i].bytes);
        ok = in[i].name != NULL || err_memory(err, "test");
    }
    ok = ok && scenario_read(in, n, "here", mem, out, err);
    for (size_t i = 0; i < SCENARIO_FILES_MAX; i++) {
        buf_free(&files[i].bytes);
    }
    return ok;
}

static void test_there_and_back(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct scenario s = read_good(good[i], &mem), t;
        struct err err = {0};
        if (!go_round(&s, SCENARIO_YAML, &mem, &t, &err)) {
            fail_msg("%s: %s (%s)", good[i][0].name, err.what, err.where);
        }
        assert_true(scenario_eq(&s, &t));
        for (enum scenario_format f = SCENARIO_GENIUS; f <= SCENARIO_CSV; f++) {
            err_clear(&err);
            if (!go_round(&s, f, &mem, &t, &err)) {
                if (err.code != ERR_RULE) {
                    fail_msg("%s as %s: %s (%s)", good[i][0].name, scenario_format_word(f),
                             err.what, err.where);
                }
                assert_non_null(strstr(err.what, "cannot say that"));
                continue;
            }
            assert_true(domain_eq(&s.domain, &t.domain));
            assert_int_equal(s.party_count, t.party_count);
        }
        arena_wipe(&mem);
    }
    test_arena_free(&mem);
}

static bool write_once(struct arena *mem, void *ctx)
{
    struct scenario t;
    struct err err = {0};
    return go_round(ctx, SCENARIO_YAML, mem, &t, &err);
}

static void test_memory(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        union {
            const struct pair *read;
            void *ctx;
        } p = {.read = good[i]};
        assert_true(test_faults(read_once, p.ctx, 1u << 20) > 10);
    }
    struct scenario s = read_good(own, &mem);
    assert_true(test_faults(write_once, &s, 1u << 20) > 10);
    test_arena_free(&mem);
}

/* The examples of this project. */
static void test_examples(void **state)
{
    (void)state;
    static const struct {
        const char *name, *packages;
        uint32_t parties;
    } examples[] = {
        {"water.yaml", "45387", 3}, {"wage.yaml", "infinite", 2}, {"ceasefire.yaml", "3348", 2},
        {"divorce.csv", "162", 2},  {"merger.yaml", "324", 2},    {"coalition.yaml", "5796036", 4},
    };
    struct arena mem = test_arena(MEM_BYTES);
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        char rel[128], path[SHARED_PATH_MAX];
        struct scenario s;
        struct err err = {0};
        snprintf(rel, sizeof(rel), "examples/scenarios/%s", examples[i].name);
        project_path(rel, path);
        struct bytes v = read_whole(path);
        struct scenario_file file = {.name = examples[i].name, .bytes = v};
        if (!scenario_read(&file, 1, "examples", &mem, &s, &err)) {
            fail_msg("%s: %s (%s)", examples[i].name, err.what, err.where);
        }
        assert_int_equal(s.party_count, examples[i].parties);
        assert_true(text_is(domain_count_words(&s.domain, &mem), examples[i].packages));
        assert_true(scenario_exact(&s));
        assert_int_equal(s.note_count, 0);
        union {
            const uint8_t *read;
            void *owned;
        } p = {.read = v.p};
        free(p.owned);
        arena_wipe(&mem);
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_genius),    cmocka_unit_test(test_genius_latin),
        cmocka_unit_test(test_rules),     cmocka_unit_test(test_rectangles),
        cmocka_unit_test(test_geniusweb), cmocka_unit_test(test_negmas),
        cmocka_unit_test(test_negolog),   cmocka_unit_test(test_csv),
        cmocka_unit_test(test_own),       cmocka_unit_test(test_broken),
        cmocka_unit_test(test_memory),    cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
