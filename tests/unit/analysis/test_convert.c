/* SPDX-License-Identifier: Apache-2.0
 *
 * A problem says of each package what its scenario says.
 */
#include "lib/test.h"

#include "analysis/convert.h"
#include "lib/prop.h"

#define PARTIES 3u
#define ISSUES 3u
#define VALUES 4u
#define REAL_HIGH 1200

struct made {
    struct scenario s;
    struct scenario_party parties[PARTIES];
    struct domain_issue issues[ISSUES];
    struct text options[ISSUES][VALUES];
    struct utility_part parts[PARTIES][ISSUES];
    int64_t units[PARTIES][ISSUES][VALUES];
    struct utility_knot knots[PARTIES][4];
    struct domain_limit limits[16][ISSUES];
    struct domain_box forbidden[2];
    struct domain_box red[PARTIES];
    struct domain_box zero[PARTIES];
    struct utility_term terms[PARTIES][2];
    uint32_t boxes;
};

enum extras { PLAIN = 0, BOXES = 1, LIMITS = 2, REAL = 4 };

/* Issue 0: options; 1: whole numbers from 5; 2: options, or a range 0.00 .. 12.00. */
static void make_issues(struct made *m, bool real)
{
    static const char *const words[VALUES] = {"a", "b", "c", "d"};
    for (uint32_t i = 0; i < ISSUES; i++) {
        m->issues[i] = (struct domain_issue){.name = text_str(words[i]), .value_count = VALUES};
        for (uint32_t k = 0; k < VALUES; k++) {
            m->options[i][k] = text_str(words[k]);
        }
        m->issues[i].options = m->options[i];
    }
    m->issues[1].kind = DOMAIN_INTEGER;
    m->issues[1].options = NULL;
    m->issues[1].low = 5;
    m->issues[1].high = 5 + VALUES - 1;
    if (real) {
        m->issues[2] = (struct domain_issue){
            .name = text_str("c"), .kind = DOMAIN_REAL, .high = REAL_HIGH, .decimals = 2};
    }
}

static struct domain_box make_box(struct made *m, struct prop *prop)
{
    struct domain_limit *limits = m->limits[m->boxes++];
    uint32_t n = 0;
    for (uint32_t i = 0; i < ISSUES; i++) {
        int64_t last = domain_last(&m->issues[i]) - domain_first(&m->issues[i]);
        int64_t low = (int64_t)prop_below(prop, (uint64_t)last + 1);
        int64_t high = low + (int64_t)prop_below(prop, (uint64_t)(last - low) + 1);
        if (prop_below(prop, 3) > 0) {
            int64_t first = m->issues[i].kind == DOMAIN_REAL ? m->issues[i].low : 0;
            limits[n++] = (struct domain_limit){
                .issue = i, .low = first + low, .high = first + high};
        }
    }
    return (struct domain_box){.limit_count = n, .limits = limits};
}

static void make_party(struct made *m, struct prop *prop, uint32_t k, unsigned extras)
{
    struct utility *u = &m->parties[k].utility;
    *u = (struct utility){.one = 1 + (int64_t)prop_below(prop, 50),
                          .exact = true,
                          .parts = m->parts[k],
                          .cap = INT64_MAX,
                          .discount = UTILITY_DISCOUNT_ONE};
    for (uint32_t i = 0; i < ISSUES; i++) {
        for (uint32_t o = 0; o < VALUES; o++) {
            m->units[k][i][o] = (int64_t)prop_below(prop, 60) - 10;
        }
        m->parts[k][i].units = m->units[k][i];
    }
    if ((extras & REAL) != 0) {
        int64_t bend = 1 + (int64_t)prop_below(prop, REAL_HIGH - 1);
        for (uint32_t n = 0; n < 3; n++) {
            m->knots[k][n] = (struct utility_knot){.at = n == 0   ? 0
                                                         : n == 1 ? bend
                                                                  : REAL_HIGH,
                                                   .units = (int64_t)prop_below(prop, 90) - 20};
        }
        m->parts[k][2] = (struct utility_part){.knot_count = 3, .knots = m->knots[k]};
    }
    u->has_reservation = prop_below(prop, 2) == 0;
    u->reservation = u->has_reservation ? (int64_t)prop_below(prop, 120) - 10 : 0;
    if ((extras & BOXES) != 0) {
        for (uint32_t n = 0; n < 2; n++) {
            m->terms[k][n] = (struct utility_term){.box = make_box(m, prop),
                                                   .units = (int64_t)prop_below(prop, 30) - 10};
        }
        u->terms = m->terms[k];
        u->term_count = 2;
        m->zero[k] = make_box(m, prop);
        u->zeros = &m->zero[k];
        u->zero_count = (uint32_t)prop_below(prop, 2);
        u->cap = prop_below(prop, 2) == 0 ? INT64_MAX : 40;
    }
    if ((extras & LIMITS) != 0) {
        m->red[k] = make_box(m, prop);
        u->red_lines = &m->red[k];
        u->red_line_count = 1;
    }
}

static void make(struct made *m, struct prop *prop, unsigned extras)
{
    static const char *const names[PARTIES] = {"P", "Q", "R"};
    memset(m, 0, sizeof(*m));
    make_issues(m, (extras & REAL) != 0);
    m->s = (struct scenario){.name = text_str("made"), .party_count = PARTIES};
    m->s.parties = m->parties;
    m->s.domain = (struct domain){.issue_count = ISSUES, .issues = m->issues};
    for (uint32_t k = 0; k < PARTIES; k++) {
        m->parties[k].name = text_str(names[k]);
        make_party(m, prop, k, extras);
    }
    if ((extras & LIMITS) != 0) {
        m->forbidden[0] = make_box(m, prop);
        m->s.domain.forbidden = m->forbidden;
        m->s.domain.forbidden_count = 1;
    }
}

/* All of the problem's packages: what both say. */
static void same_packages(const struct made *m, const struct converted *c)
{
    const struct problem *p = &c->problem;
    uint32_t package[ISSUES];
    int64_t values[ISSUES];
    int64_t worth[PROBLEM_PARTIES_MAX];
    for (package[0] = 0; package[0] < p->options[0]; package[0]++) {
        for (package[1] = 0; package[1] < p->options[1]; package[1]++) {
            for (package[2] = 0; package[2] < p->options[2]; package[2]++) {
                for (uint32_t i = 0; i < ISSUES; i++) {
                    values[i] = convert_value(c, i, package[i]);
                    assert_int_equal(convert_option(c, i, values[i]), package[i]);
                }
                bool forbidden = domain_forbids(&m->s.domain, values);
                uint32_t refusals = 0;
                (void)problem_eval(p, package, worth);
                for (uint32_t k = 0; k < PARTIES; k++) {
                    const struct utility *u = &m->parties[k].utility;
                    int64_t units = utility_units(u, &m->s.domain, values);
                    if (c->scale[k] == 1) {
                        assert_int_equal(worth[k], units);
                    }
                    assert_int_equal(p->unit[k], u->one * c->scale[k]);
                    refusals |= utility_accepts(u, &m->s.domain, values) ? 0 : UINT32_C(1) << k;
                }
                if (c->scale[0] == 1 && c->scale[1] == 1 && c->scale[2] == 1) {
                    assert_int_equal(problem_refusals(p, package),
                                     forbidden ? (UINT32_C(1) << PARTIES) - 1 : refusals);
                }
            }
        }
    }
}

static void test_same(void **state)
{
    static const unsigned kinds[] = {PLAIN,          BOXES,        LIMITS,
                                     BOXES | LIMITS, BOXES | REAL, BOXES | LIMITS | REAL};
    struct arena mem = test_arena(8u << 20);
    struct prop prop;
    (void)state;
    prop_init(&prop, "scenarios as problems");
    for (size_t round = 0; round < prop_rounds(300); round++) {
        struct made m;
        struct converted c;
        struct err err = {0};
        make(&m, &prop, kinds[round % COUNT_OF(kinds)]);
        if (!scenario_check(&m.s, &err) || !convert_scenario(&m.s, 6, NULL, &mem, &c, &err)) {
            fail_msg("%s (%s)", err.what, err.where);
        }
        assert_ptr_equal(c.scenario, &m.s);
        same_packages(&m, &c);
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* n / d in units of the scenario, at any place between two knots. */
static void exact_at(const struct utility_part *part, int64_t v, wide_signed *n, wide_signed *d)
{
    uint32_t k = 0;
    while (k + 2 < part->knot_count && part->knots[k + 1].at <= v) {
        k++;
    }
    const struct utility_knot *a = &part->knots[k];
    *d = a[1].at - a[0].at;
    *n = a[0].units * *d + (wide_signed)(a[1].units - a[0].units) * (v - a[0].at);
}

/* Where all adds up, a party's units are fine enough for everybody's knots: nothing is rounded there;
 * between two values of the list a worth is at most `grid` away from one of theirs. */
static void test_ranges(void **state)
{
    struct arena mem = test_arena(8u << 20);
    struct prop prop;
    (void)state;
    prop_init(&prop, "ranges as lists");
    for (size_t round = 0; round < prop_rounds(300); round++) {
        struct made m;
        struct converted c;
        struct err err = {0};
        make(&m, &prop, REAL);
        assert_true(scenario_check(&m.s, &err));
        assert_true(convert_scenario(&m.s, 5, NULL, &mem, &c, &err));
        assert_int_equal(c.values[2][0], 0);
        assert_int_equal(c.values[2][c.problem.options[2] - 1], REAL_HIGH);
        assert_null(c.values[0]);
        for (uint32_t k = 0; k < PARTIES; k++) {
            const struct utility_part *part = &m.parts[k][2];
            wide_signed n;
            wide_signed d;
            assert_int_equal(c.slack[k], 0);
            for (uint32_t j = 0; j < PARTIES; j++) {
                uint32_t o = convert_option(&c, 2, m.knots[j][1].at);
                assert_int_equal(c.values[2][o], m.knots[j][1].at);
                exact_at(part, m.knots[j][1].at, &n, &d);
                assert_true(n * c.scale[k] == problem_worth(&c.problem, 2, o)[k] * d);
            }
            for (int64_t v = 0; v <= REAL_HIGH; v += 7) {
                int64_t near = problem_worth(&c.problem, 2, convert_option(&c, 2, v))[k];
                exact_at(part, v, &n, &d);
                wide_signed off = n * c.scale[k] - near * d;
                assert_true((off < 0 ? -off : off) <= c.grid[k] * d);
            }
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* A table has the same order in both. */
static void test_table(void **state)
{
    struct arena mem = test_arena(4u << 20);
    struct prop prop;
    struct made m;
    struct converted c;
    struct err err = {0};
    int64_t table[VALUES * VALUES * VALUES];
    (void)state;
    prop_init(&prop, "tables as problems");
    make(&m, &prop, PLAIN);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        table[i] = (int64_t)prop_below(&prop, 1000) - 100;
    }
    m.parties[1].utility.parts = NULL;
    m.parties[1].utility.table = table;
    m.parties[1].utility.table_count = COUNT_OF(table);
    assert_true(scenario_check(&m.s, &err));
    assert_true(convert_scenario(&m.s, 5, NULL, &mem, &c, &err));
    assert_false(problem_additive(&c.problem));
    same_packages(&m, &c);
    test_arena_free(&mem);
}

static void test_refused(void **state)
{
    struct arena mem = test_arena(4u << 20);
    struct prop prop;
    struct made m;
    struct converted c;
    struct err err = {0};
    (void)state;
    prop_init(&prop, "too many parties");
    make(&m, &prop, PLAIN);
    m.s.party_count = PROBLEM_PARTIES_MAX + 1;
    assert_false(convert_scenario(&m.s, 5, NULL, &mem, &c, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    m.s.party_count = PARTIES;
    for (uint64_t n = 1;; n++) {
        mem.fault_in = n;
        bool good = convert_scenario(&m.s, 5, NULL, &mem, &c, &err);
        bool failed = mem.failed;
        mem.failed = false;
        mem.fault_in = 0;
        arena_rewind(&mem, 0);
        assert_int_equal(good, !failed);
        if (good) {
            assert_true(n > 5);
            break;
        }
        assert_int_equal(err.code, ERR_MEMORY);
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
