/* SPDX-License-Identifier: Apache-2.0
 *
 * Gates: each condition, by itself and in words (docs/RULES.md section 8).
 */
#include "table/gate.h"

#include "lib/table_sim.h"
#include "lib/test.h"

#define HOUR UINT64_C(3600)
#define DAY (24 * HOUR)

enum place {
    AGREED,
    RATIFIED,
    VERIFIED,
    QUIET,
    NO_REPORT
}; /* in the first gate of charter_small */

static struct table_sim sim;
static struct arena words_mem;

static int open_with(void **state, void (*change)(struct arena *, struct charter *))
{
    sim.phase_seconds = 0;
    sim.change = change;
    tsim_open(&sim, 31);
    tsim_begin(&sim, 365);
    words_mem = test_arena(1u << 20);
    *state = &sim;
    return 0;
}

static int open_sim(void **state)
{
    return open_with(state, NULL);
}

static int close_sim(void **state)
{
    (void)state;
    test_arena_free(&words_mem);
    tsim_close(&sim);
    return 0;
}

/* As an act would be judged now that has seen everything. */
static struct gate_view now(const struct table_sim *t)
{
    return (struct gate_view){fold_state(t->fold), door_witness(t->rec.door), t->rec.count,
                              t->rec.count};
}

static struct gate_answer gate(const struct table_sim *t, uint32_t phase)
{
    struct gate_view v = now(t);
    struct gate_answer g;
    arena_wipe(&words_mem);
    gate_evaluate(&v, phase, &words_mem, &g);
    uint32_t met = 0;
    for (uint32_t i = 0; i < g.count; i++) {
        met += g.holds[i] ? 1 : 0;
    }
    assert_int_equal(met, g.met);
    return g;
}

static void says(const struct table_sim *t, enum place at, bool holds, const char *words)
{
    struct gate_answer g = gate(t, 0);
    char got[256] = "";
    assert_true(g.words[at].n < sizeof(got));
    memcpy(got, g.words[at].p, g.words[at].n);
    assert_string_equal(got, words);
    assert_int_equal(g.holds[at], holds);
}

static uint32_t waiting(const struct table_sim *t)
{
    struct gate_view v = now(t);
    return gate_reports_waiting(&v);
}

static void pass(struct table_sim *t, uint64_t seconds)
{
    tsim_countersign(t);
    t->rec.now += seconds;
    tsim_countersign(t);
}

/* A package accepted for good by both parties; not countersigned. */
static uint64_t accept(struct table_sim *t, struct payload package)
{
    uint64_t g = tsim_file(t, 0, 1, package);
    (void)tsim_file(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    (void)tsim_file(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    return g;
}

static void promise(struct table_sim *t)
{
    static struct text what;
    what = text_str("ten guns back");
    struct payload p = {.kind = KIND_PROMISE,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .text_count = 1,
                        .texts = &what,
                        .has_when = true,
                        .when = t->rec.now + 300 * DAY};
    assert_int_equal(tsim_try(t, 1, 1, p), REFUSED_NOT);
}

static void find(struct table_sim *t, enum finding finding)
{
    struct payload p = {.kind = KIND_VERIFY,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .finding = finding};
    assert_int_equal(tsim_try(t, 3, 0, p), REFUSED_NOT);
}

static void report(struct table_sim *t)
{
    struct payload p = {.kind = KIND_REPORT,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .finding = FINDING_DONE};
    assert_int_equal(tsim_try(t, 1, 1, p), REFUSED_NOT);
}

static uint64_t incident(struct table_sim *t, uint32_t side, uint64_t when)
{
    static struct text what;
    what = text_str("fire");
    return tsim_file(t, side, 1,
                     (struct payload){.kind = KIND_INCIDENT,
                                      .room = text_str("monitors"),
                                      .text_count = 1,
                                      .texts = &what,
                                      .has_when = true,
                                      .when = when});
}

static void assess(struct table_sim *t, uint64_t about, enum verdict verdict)
{
    struct payload p = {.kind = KIND_ASSESS,
                        .room = text_str("monitors"),
                        TSIM_ABOUT(t, about),
                        .verdict = verdict};
    assert_int_equal(tsim_try(t, 3, 0, p), REFUSED_NOT);
}

/* ---- agreed, ratified ---- */

static void test_agreed(void **state)
{
    struct table_sim *t = *state;
    says(t, AGREED, false, "a package is agreed at the table (so far: none)");
    says(t, RATIFIED, false, "all parties have ratified (so far: 0 of 2)");
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    (void)tsim_file(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    says(t, AGREED, false,
         "a package is agreed at the table (so far: none)"); /* not countersigned */
    tsim_countersign(t);
    tsim_countersign(t);
    says(t, AGREED, true, "a package is agreed at the table: P1");
    says(t, RATIFIED, false, "all parties have ratified (so far: 0 of 2)");
    (void)accept(t, tsim_propose());
    tsim_countersign(t);
    tsim_countersign(t);
    /* The one that binds is the package of the phase, though another was agreed before it. */
    says(t, AGREED, true, "a package is agreed at the table: P2");
    says(t, RATIFIED, true, "all parties have ratified: P2");
}

static void two_issues(struct arena *mem, struct charter *c)
{
    struct issue *issues = ARENA_NEW(mem, struct issue, 2);
    issues[0] = c->issues[0];
    issues[1] = c->issues[0];
    issues[1].id = text_str("prisoners");
    c->issues = issues;
    c->issue_count = 2;
}

static int open_two(void **state)
{
    return open_with(state, two_issues);
}

/* Of two that are agreed the gate looks for one that leaves nothing out. */
static void test_first_whole_package(void **state)
{
    struct table_sim *t = *state;
    struct named_choice both[2] = {{text_str("line"), 0}, {text_str("prisoners"), 1}};
    struct payload whole = {.kind = KIND_PROPOSE, .choice_count = 2, .choices = both};
    (void)accept(t, tsim_propose()); /* a part of it */
    tsim_countersign(t);
    tsim_countersign(t);
    says(t, AGREED, false,
         "a package is agreed at the table (so far: P1, which leaves out 1 issue of this phase)");
    uint64_t g = tsim_file(t, 0, 1, whole);
    (void)tsim_file(t, 1, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    (void)tsim_file(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    tsim_countersign(t);
    tsim_countersign(t);
    says(t, AGREED, true, "a package is agreed at the table: P2");
    says(t, RATIFIED, false, "all parties have ratified (so far: 0 of 2)");
    struct gate_view v = now(t);
    assert_false(gate_quiet_since(&v, 0).known);
    (void)accept(t, whole);
    tsim_countersign(t);
    tsim_countersign(t);
    says(t, AGREED, true, "a package is agreed at the table: P3");
    says(t, RATIFIED, true, "all parties have ratified: P3");
}

/* ---- verified ---- */

static void test_verified(void **state)
{
    struct table_sim *t = *state;
    says(t, VERIFIED, false, "north-guns is verified done (so far: not promised)");
    promise(t);
    says(t, VERIFIED, false, "north-guns is verified done (so far: not looked at)");
    report(t);
    says(t, VERIFIED, false, "north-guns is verified done (so far: not looked at)");
    find(t, FINDING_PARTLY);
    says(t, VERIFIED, false, "north-guns is verified done (so far: partly)");
    find(t, FINDING_DONE);
    says(t, VERIFIED, true, "north-guns is verified done");
    find(t, FINDING_NOT_DONE); /* the newest counts, against an earlier one, too */
    says(t, VERIFIED, false, "north-guns is verified done (so far: not done)");
    pass(t, 301 * DAY);
    find(t, FINDING_DONE);
    says(t, VERIFIED, true, "north-guns is verified done (late)");
}

/* ---- quiet ---- */

static void test_quiet(void **state)
{
    struct table_sim *t = *state;
    says(t, QUIET, false, "no incident for 72 hours (so far: 0; they count from the ratification)");
    (void)accept(t, tsim_propose());
    pass(t, 60);
    struct gate_view v = now(t);
    uint64_t bound = gate_quiet_since(&v, 0).seconds;
    assert_int_equal(bound, fold_state(t->fold)->proposals[0].bound_time);
    pass(t, 70 * HOUR);
    struct gate_answer g = gate(t, 0);
    assert_false(g.holds[QUIET]);
    static const char soon[] = "no incident for 72 hours (so far: 70; full after ";
    assert_true(g.words[QUIET].n > sizeof(soon));
    assert_memory_equal(g.words[QUIET].p, soon, sizeof(soon) - 1);
    pass(t, 3 * HOUR);
    says(t, QUIET, true, "no incident for 72 hours: 73");
    /* An incident counts once it is verified, from its own hour, and no later than t of its report. */
    uint64_t i = incident(t, 2, t->rec.now + 900 * DAY);
    tsim_countersign(t);
    says(t, QUIET, true, "no incident for 72 hours: 73");
    assess(t, i, VERDICT_NOT_VERIFIED);
    says(t, QUIET, true, "no incident for 72 hours: 73");
    assess(t, i, VERDICT_VERIFIED);
    assert_false(gate(t, 0).holds[QUIET]);
    v = now(t);
    uint64_t since = gate_quiet_since(&v, 0).seconds;
    assert_int_equal(since, witness_t(v.log, i, v.index).seconds);
    assert_true(since > bound);
    /* One before the ratification changes nothing. */
    i = incident(t, 2, bound - DAY);
    assess(t, i, VERDICT_VERIFIED);
    v = now(t);
    assert_int_equal(gate_quiet_since(&v, 0).seconds, since);
}

/* ---- no report waiting ---- */

/* Reports of one deed: the first that waits counts; a second does not begin its 48 hours anew. */
static void test_reports_wait_once(void **state)
{
    struct table_sim *t = *state;
    promise(t);
    says(t, NO_REPORT, true, "no report waits to be assessed");
    report(t);
    says(t, NO_REPORT, false, "no report waits to be assessed (1 waits)");
    pass(t, 40 * HOUR);
    assert_int_equal(waiting(t), 1);
    report(t);
    assert_int_equal(waiting(t), 1);
    pass(t, 9 * HOUR);
    says(t, NO_REPORT, true, "no report waits to be assessed"); /* 49 hours after the first */
    report(t);
    tsim_countersign(t);
    assert_int_equal(waiting(t), 0);
    /* Answered: the next one is a first one again. */
    find(t, FINDING_PARTLY);
    report(t);
    assert_int_equal(waiting(t), 1);
    find(t, FINDING_DONE);
    assert_int_equal(waiting(t), 0);
}

static void test_incidents_wait_once_a_side(void **state)
{
    struct table_sim *t = *state;
    uint64_t a = incident(t, 1, t->rec.now);
    tsim_countersign(t);
    assert_int_equal(waiting(t), 1);
    t->rec.now += 40 * HOUR;
    (void)incident(t, 1, t->rec.now);
    assert_int_equal(waiting(t), 1);
    uint64_t b = incident(t, 2, t->rec.now); /* another side's word is its own */
    assert_int_equal(waiting(t), 2);
    pass(t, 9 * HOUR);
    assert_int_equal(waiting(t), 1);
    assess(t, b, VERDICT_NOT_VERIFIED);
    assert_int_equal(waiting(t), 0);
    assess(t, a,
           VERDICT_NOT_VERIFIED); /* now the second of the first side is its first that waits */
    assert_int_equal(waiting(t), 1);
    pass(t, 49 * HOUR);
    assert_int_equal(waiting(t), 0);
}

/* ---- what nobody has done yet ---- */

static void test_nothing_yet(void **state)
{
    struct table_sim *t = *state;
    struct gate_answer g = gate(t, 1);
    assert_int_equal(g.count, 5);
    assert_int_equal(g.met, 0);
    assert_true(text_is(g.words[4], "the text is adopted (so far: no text)"));
}

/* Times are those that the asking act had seen: nobody opens by what he does not know. */
static void test_as_seen(void **state)
{
    struct table_sim *t = *state;
    (void)accept(t, tsim_propose());
    pass(t, 60);
    uint64_t before = t->rec.count;
    pass(t, 80 * HOUR);
    assert_true(gate(t, 0).holds[QUIET]);
    struct gate_view v = now(t);
    struct gate_answer g;
    v.seen_size = before;
    arena_wipe(&words_mem);
    gate_evaluate(&v, 0, &words_mem, &g);
    assert_false(g.holds[QUIET]);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_agreed),
        cmocka_unit_test_setup_teardown(test_first_whole_package, open_two, close_sim),
        STORY(test_verified),
        STORY(test_quiet),
        STORY(test_reports_wait_once),
        STORY(test_incidents_wait_once_a_side),
        STORY(test_nothing_yet),
        STORY(test_as_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
