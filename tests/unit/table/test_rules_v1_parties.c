/* SPDX-License-Identifier: Apache-2.0
 *
 * Parties come and go, suspend, conclude, and move dates (docs/RULES.md sections 16 and 17): each
 * refusal at the desk and on the record in the same words, and what counts beside it.
 */
#include "table/rules_v1.h"

#include "lib/table_sim.h"
#include "lib/test.h"

#define DAY UINT64_C(86400)
#define HOUR UINT64_C(3600)

static struct table_sim sim;
static bool told[REFUSED_DATE + 1];

static int open_long(void **state, uint32_t seconds)
{
    sim.phase_seconds = seconds;
    sim.change = NULL;
    tsim_open(&sim, 77);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static int open_sim(void **state)
{
    return open_long(state, 0);
}

static int open_short(void **state)
{
    return open_long(state, 10 * (uint32_t)DAY);
}

/* However the record is read, it comes to one state: whole, and from every prefix on. */
static int close_sim(void **state)
{
    (void)state;
    struct err err = {0};
    struct fold *again;
    struct arena mem = test_arena((size_t)32 << 20);
    struct digest a = tsim_digest(&sim), b;
    assert_true(tsim_refold(&sim, sim.rec.count, UINT64_MAX, &mem, &again, &err));
    assert_true(state_digest(fold_state(again), &b, &err) && ID_EQ(a, b));
    test_arena_free(&mem);
    tsim_close(&sim);
    return 0;
}

static void no(uint32_t side, uint32_t seat, struct payload p, enum refusal_code code,
               const char *what)
{
    struct refusal r;
    enum refusal_code got = tsim_judge(&sim, fold_state(sim.fold), side, seat, p, &r);
    if (got != code || strstr(r.what, what) == NULL || r.mend[0] == 0) {
        fail_msg("refusal %u: \"%s\" mend \"%s\"\nwanted %u: \"%s\"", got, r.what, r.mend, code,
                 what);
    }
    assert_int_equal(tsim_try(&sim, side, seat, p), code);
    told[code] = true;
}

static void yes(uint32_t side, uint32_t seat, struct payload p)
{
    struct refusal r;
    if (tsim_judge(&sim, fold_state(sim.fold), side, seat, p, &r) != REFUSED_NOT) {
        fail_msg("refused: %s", r.what);
    }
    assert_int_equal(tsim_try(&sim, side, seat, p), REFUSED_NOT);
}

static struct payload bare(enum act_kind kind)
{
    return (struct payload){.kind = kind};
}

static struct payload until(enum act_kind kind, uint64_t when)
{
    return (struct payload){.kind = kind, .has_when = true, .when = when};
}

static struct payload date(enum date_kind kind, const char *phase, uint64_t when)
{
    return (struct payload){.kind = KIND_DATE,
                            .date = kind,
                            .phase = text_str(phase),
                            .has_when = when != 0,
                            .when = when};
}

static struct payload because(struct leaf_hash *cause)
{
    return (struct payload){.kind = KIND_SUSPEND, .ref_count = 1, .refs = cause};
}

static struct payload reject(uint64_t g)
{
    static struct text why = {.p = "no", .n = 2};
    struct payload p = tsim_answer(&sim, g, ANSWER_REJECT);
    p.text_count = 1;
    p.texts = &why;
    return p;
}

static const struct proposal_state *proposal(uint64_t index)
{
    struct leaf_hash leaf = door_leaf(sim.rec.door, index);
    return state_proposal(fold_state(sim.fold), &leaf);
}

/* ---- a new government [16.3] ---- */

static int open_succeeding(void **state)
{
    sim.successors = 3;
    (void)open_long(state, 0);
    sim.successors = 0; /* of the next one */
    return 0;
}

static struct payload mandate(uint32_t seat)
{
    return (struct payload){
        .kind = KIND_MANDATE,
        .object = tsim_mandate(&sim, 1, seat, POWERS_ALL, sim.rec.now - DAY, sim.rec.now + DAY)};
}

static void test_new_root(void **state)
{
    (void)state;
    struct payload old = mandate(1);
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    yes(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    (void)sim_new_root(&sim.rec, 1);
    tsim_take(&sim);
    (void)tsim_epoch(&sim, 0); /* the members have changed */
    no(1, 1, tsim_propose(), REFUSED_PROVISIONAL,
       "north has another principal, who has not signed the charter yet.");
    no(1, 0, mandate(1), REFUSED_PROVISIONAL, "another principal");
    yes(2, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM)); /* the others sign nothing anew */
    yes(1, 0, (struct payload){.kind = KIND_SIGN_CHARTER, .object = tsim_sign_charter(&sim, 1)});
    no(1, 0, old, REFUSED_OBJECT, "The signed paper in this act does not verify.");
    yes(1, 0, mandate(1));
    /* What the side had accepted stands, and the new principal ratifies it. */
    assert_int_equal(proposal(g)->answers[1].kind, ANSWER_AD_REFERENDUM);
    yes(1, 0,
        (struct payload){
            .kind = KIND_RATIFY, TSIM_ABOUT(&sim, g), .object = tsim_ratify(&sim, 1, g, "new")});
    yes(1, 1, tsim_propose()); /* the envoy's old mandate, too */
}

/* ---- leave, return [16.5] ---- */

static void test_leave(void **state)
{
    (void)state;
    no(1, 1, bare(KIND_LEAVE), REFUSED_PRINCIPAL, "Only the President of north leaves for north.");
    no(1, 0, bare(KIND_RETURN), REFUSED_LEFT, "north is at the table.");
    yes(1, 0, bare(KIND_LEAVE));
    no(1, 0, bare(KIND_LEAVE), REFUSED_LEFT, "north has left the table.");
    no(1, 1, tsim_propose(), REFUSED_LEFT, "north has left the table.");
    no(2, 1, tsim_propose(), REFUSED_CONCLUDED,
       "north has left, and fewer than two parties are at the table");
    no(1, 1, bare(KIND_RETURN), REFUSED_PRINCIPAL, "returns for north");
    /* Deeds go on. */
    struct text words = text_str("as promised");
    yes(1, 1,
        (struct payload){.kind = KIND_DOCUMENT,
                         .room = text_str("monitors"),
                         .name = text_str("a"),
                         .media = text_str("b"),
                         .content = bytes_str("c")});
    no(1, 1,
       (struct payload){.kind = KIND_PROMISE,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .text_count = 1,
                        .texts = &words,
                        .has_when = true,
                        .when = sim.rec.now + DAY},
       REFUSED_LEFT, "north has left the table.");
    yes(1, 0, bare(KIND_RETURN));
    yes(1, 1, tsim_propose());
    yes(2, 1, tsim_propose());
    /* Who remains may make the end final. */
    yes(2, 0, bare(KIND_LEAVE));
    yes(1, 0, bare(KIND_CONCLUDE));
    no(2, 0, bare(KIND_RETURN), REFUSED_CONCLUDED, "The table is concluded.");
}

/* What is not complete, whoever leaves takes back; what he has seen complete binds him. */
static void test_leave_and_agreement(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    (void)tsim_file(&sim, 1, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    tsim_countersign(&sim);
    yes(1, 0, bare(KIND_LEAVE));
    assert_int_equal(proposal(g)->answers[1].kind, 0);
    yes(1, 0, bare(KIND_RETURN));
    (void)tsim_file(&sim, 2, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    tsim_countersign(&sim);
    assert_true(proposal(g)->bound_at == INDEX_NEVER && !proposal(g)->complete);
    /* It crosses what would complete it: neither had seen the other, whichever is noted first. */
    uint64_t seen = sim.rec.count;
    (void)tsim_file(&sim, 1, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    assert_true(proposal(g)->complete);
    sim.seen = seen;
    (void)tsim_file(&sim, 2, 0, bare(KIND_LEAVE));
    sim.seen = 0;
    assert_int_equal(proposal(g)->answers[2].kind, 0);
    assert_false(proposal(g)->complete);
    tsim_countersign(&sim);
    tsim_countersign(&sim);
    assert_true(proposal(g)->bound_at == INDEX_NEVER);
    yes(2, 0, bare(KIND_RETURN));
    (void)tsim_file(&sim, 2, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    assert_true(proposal(g)->complete);
    yes(2, 0, bare(KIND_LEAVE)); /* and has seen it */
    assert_int_equal(proposal(g)->answers[2].kind, ANSWER_ACCEPT);
    tsim_countersign(&sim);
    tsim_countersign(&sim);
    assert_true(proposal(g)->bound_at != INDEX_NEVER);
}

/* Who has left is bound by what was complete; where it turns out to be contested, by nothing. */
static void test_left_and_contested(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    tsim_countersign(&sim);
    sim.rec.now += 9 * DAY;
    (void)tsim_file(&sim, 1, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    tsim_countersign(&sim);
    (void)tsim_file(&sim, 2, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    assert_true(proposal(g)->complete);
    yes(2, 0, bare(KIND_LEAVE)); /* and has seen it */
    assert_int_equal(proposal(g)->answers[2].kind, ANSWER_ACCEPT);
    sim.rec.now += 2 * DAY; /* nobody countersigns before the deadline */
    tsim_countersign(&sim);
    tsim_countersign(&sim);
    assert_false(proposal(g)->complete || proposal(g)->contested);
    assert_int_equal(proposal(g)->answers[2].kind, 0);
    assert_true(proposal(g)->bound_at == INDEX_NEVER);
}

/* ---- suspend, resume [16.6] ---- */

static void test_suspend(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    no(1, 1, bare(KIND_RESUME), REFUSED_SUSPENDED, "Nothing is suspended, and north has asked");
    yes(1, 1, bare(KIND_SUSPEND));
    no(1, 1, bare(KIND_SUSPEND), REFUSED_DONE, "north has asked for that already.");
    yes(2, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM)); /* one alone suspends nothing */
    yes(0, 1, bare(KIND_SUSPEND));                         /* nor does the mediation's wish */
    uint64_t seen = sim.rec.count;
    yes(2, 1, bare(KIND_SUSPEND));
    no(1, 1, bare(KIND_SUSPEND), REFUSED_SUSPENDED, "Agreeing is suspended already.");
    no(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM), REFUSED_SUSPENDED,
       "Agreeing is suspended, by all parties at the table.");
    no(1, 1, (struct payload){.kind = KIND_GATE, .phase = text_str("first")}, REFUSED_SUSPENDED,
       "Agreeing is suspended");
    yes(2, 1, reject(g));
    yes(2, 1, tsim_propose());
    /* Whoever had not seen it crosses it. */
    sim.seen = seen;
    (void)tsim_file(&sim, 1, 0, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    sim.seen = 0;
    assert_int_equal(proposal(g)->answers[1].kind, ANSWER_AD_REFERENDUM);
    no(3, 0, bare(KIND_RESUME), REFUSED_MEMBER, "does not sit in plenary");
    yes(2, 1, bare(KIND_RESUME)); /* any of them ends it */
    yes(1, 0, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    /* With an hour: both the same, and then it ends by itself. */
    uint64_t hour = sim.rec.now + DAY;
    no(1, 1, until(KIND_SUSPEND, SIM_NOW - DAY), REFUSED_DATE, "has passed.");
    yes(1, 1, until(KIND_SUSPEND, hour));
    yes(2, 1, until(KIND_SUSPEND, hour + 1));
    yes(1, 0, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    yes(2, 1, until(KIND_SUSPEND, hour));
    no(1, 0, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM), REFUSED_SUSPENDED, "suspended");
    sim.rec.now = hour + 1;
    tsim_countersign(&sim);
    yes(1, 0, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
}

static struct leaf_hash incident_by(const char *side, enum verdict verdict)
{
    struct text words = text_str("fire");
    uint64_t i = tsim_file(&sim, 1, 1,
                           (struct payload){.kind = KIND_INCIDENT,
                                            .room = text_str("monitors"),
                                            .text_count = 1,
                                            .texts = &words,
                                            .side = text_str(side),
                                            .has_when = true,
                                            .when = sim.rec.now});
    (void)tsim_file(&sim, 3, 0,
                    (struct payload){.kind = KIND_ASSESS,
                                     .room = text_str("monitors"),
                                     TSIM_ABOUT(&sim, i),
                                     .verdict = verdict});
    return door_leaf(sim.rec.door, i);
}

static void test_cause(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    struct leaf_hash true_one = incident_by("south", VERDICT_VERIFIED);
    struct leaf_hash false_one = incident_by("south", VERDICT_NOT_VERIFIED);
    no(1, 1, because(&false_one), REFUSED_SUSPENDED, "no verified incident of another side");
    no(2, 1, because(&true_one), REFUSED_SUSPENDED, "no verified incident of another side");
    no(0, 1, because(&true_one), REFUSED_OWNER, "Only a party suspends alone.");
    struct payload both = because(&true_one);
    both.has_when = true;
    both.when = sim.rec.now + DAY;
    no(1, 1, both, REFUSED_FORM, "A suspension for cause has no hour of its own.");
    yes(1, 1, because(&true_one));
    no(2, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM), REFUSED_SUSPENDED,
       "Agreeing is suspended, by north.");
    no(2, 1, bare(KIND_RESUME), REFUSED_OWNER, "Only north ends this suspension.");
    yes(1, 1, bare(KIND_RESUME));
    no(1, 1, because(&true_one), REFUSED_SUSPENDED, "That has served for a suspension already.");
    struct leaf_hash another = incident_by("south", VERDICT_VERIFIED);
    yes(1, 1, because(&another));
    tsim_countersign(&sim);
    sim.rec.now += 6 * DAY;
    tsim_countersign(&sim);
    no(2, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM), REFUSED_SUSPENDED, "by north.");
    sim.rec.now += DAY;
    tsim_countersign(&sim);
    yes(2, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM)); /* a week, and no longer */
}

/* A deed that lapsed is a cause, too; done in the end it is none. */
static void test_deed_as_cause(void **state)
{
    (void)state;
    struct text words = text_str("guns");
    struct payload p = {.kind = KIND_PROMISE,
                        .room = text_str("monitors"),
                        .deed = text_str("north-guns"),
                        .text_count = 1,
                        .texts = &words,
                        .has_when = true,
                        .when = sim.rec.now + DAY};
    struct leaf_hash promise = door_leaf(sim.rec.door, tsim_file(&sim, 1, 1, p));
    no(2, 1, because(&promise), REFUSED_SUSPENDED, "no deed of another that lapsed");
    tsim_countersign(&sim);
    sim.rec.now += 2 * DAY;
    tsim_countersign(&sim);
    yes(2, 1,
        (struct payload){
            .kind = KIND_LAPSE, .room = text_str("monitors"), .deed = text_str("north-guns")});
    struct payload verify = {.kind = KIND_VERIFY,
                             .room = text_str("monitors"),
                             .deed = text_str("north-guns"),
                             .finding = FINDING_NOT_DONE};
    struct leaf_hash finding = door_leaf(sim.rec.door, tsim_file(&sim, 3, 0, verify));
    yes(2, 1, because(&promise));
    yes(2, 1, bare(KIND_RESUME));
    yes(2, 1, because(&finding));
    yes(2, 1, bare(KIND_RESUME));
    verify.finding = FINDING_DONE;
    finding = door_leaf(sim.rec.door, tsim_file(&sim, 3, 0, verify));
    no(2, 1, because(&finding), REFUSED_SUSPENDED, "no deed of another that lapsed");
}

/* ---- conclude [16.7] ---- */

static void test_conclude(void **state)
{
    (void)state;
    no(1, 1, bare(KIND_CONCLUDE), REFUSED_PRINCIPAL, "concludes for north");
    yes(1, 0, bare(KIND_CONCLUDE));
    no(1, 0, bare(KIND_CONCLUDE), REFUSED_DONE, "north has asked for that already.");
    yes(0, 0, bare(KIND_CONCLUDE));
    yes(1, 1, bare(KIND_RESUME)); /* takes it back */
    yes(2, 0, bare(KIND_CONCLUDE));
    yes(2, 1, tsim_propose());
    yes(1, 0, bare(KIND_CONCLUDE));
    no(2, 1, tsim_propose(), REFUSED_CONCLUDED, "The table is concluded.");
    no(1, 0, bare(KIND_LEAVE), REFUSED_CONCLUDED, "The table is concluded.");
    struct text words = text_str("thank you");
    struct payload said = {.kind = KIND_STATEMENT,
                           .text_count = 1,
                           .texts = &words,
                           .side = text_str("south"),
                           .source = words};
    yes(1, 1, said);
}

/* ---- dates [17] ---- */

static struct deadline deadline_now(void)
{
    return standing_deadline(fold_state(sim.fold), door_witness(sim.rec.door), 0, sim.rec.count);
}

static void test_deadline(void **state)
{
    (void)state;
    struct deadline d = deadline_now();
    assert_true(d.known && !d.none);
    uint64_t later = d.seconds + 5 * DAY;
    no(1, 1, date(DATE_DEADLINE, "first", later), REFUSED_AUTHORITY, "move a deadline");
    no(1, 0, date(DATE_DEADLINE, "third", later), REFUSED_UNKNOWN, "no phase third");
    no(1, 0, date(DATE_DEADLINE, "second", later), REFUSED_PHASE, "Phase second is closed");
    no(1, 0, date(DATE_DEADLINE, "first", SIM_NOW - DAY), REFUSED_DATE, "has passed.");
    no(1, 0, date(DATE_DEADLINE, "first", d.seconds), REFUSED_DONE,
       "That is the deadline already.");
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    yes(1, 0, date(DATE_DEADLINE, "first", later));
    no(1, 0, date(DATE_DEADLINE, "first", later), REFUSED_DONE, "has asked for that deadline");
    yes(0, 0, date(DATE_DEADLINE, "first", later + DAY)); /* the mediation's proposal */
    yes(2, 0, date(DATE_DEADLINE, "first", later + HOUR));
    tsim_countersign(&sim);
    assert_true(deadline_now().seconds == d.seconds); /* two dates are no agreement */
    yes(2, 0, date(DATE_DEADLINE, "first", later));
    assert_true(deadline_now().seconds == d.seconds); /* not countersigned yet */
    tsim_countersign(&sim);
    assert_true(deadline_now().seconds == later);
    assert_int_equal(fold_state(sim.fold)->dates[0].asked_by, 1);
    /* What would have been late is in time. */
    sim.rec.now = d.seconds + DAY;
    tsim_countersign(&sim);
    yes(1, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    yes(2, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    tsim_countersign(&sim);
    tsim_countersign(&sim);
    assert_true(proposal(g)->bound_at != INDEX_NEVER);
    no(1, 0, date(DATE_DEADLINE, "first", later + DAY), REFUSED_DATE, "Phase first is settled");
}

/* A deadline that has passed can be moved; one can be taken away; who left is not asked. */
static void test_passed_and_gone(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    sim.rec.now += 11 * DAY;
    tsim_countersign(&sim);
    no(1, 0, tsim_answer(&sim, g, ANSWER_ACCEPT), REFUSED_DEADLINE, "The deadline of phase first");
    yes(1, 0, date(DATE_DEADLINE, "first", 0));
    yes(2, 0, date(DATE_DEADLINE, "first", 0));
    tsim_countersign(&sim);
    assert_true(deadline_now().none);
    yes(1, 0, tsim_answer(&sim, g, ANSWER_ACCEPT));
    no(1, 0, date(DATE_DEADLINE, "first", 0), REFUSED_DONE, "That is the deadline already.");
    yes(1, 0, date(DATE_DEADLINE, "first", sim.rec.now + DAY));
    yes(2, 0, bare(KIND_LEAVE));
    tsim_countersign(&sim);
    assert_true(deadline_now().seconds == fold_state(sim.fold)->dates[0].deadline);
    assert_false(deadline_now().none);
}

static void test_wishes(void **state)
{
    (void)state;
    uint64_t when = sim.rec.now + DAY;
    const struct phase_dates *d = &fold_state(sim.fold)->dates[0];
    yes(0, 1, date(DATE_WISH, "first", when));
    yes(2, 1, date(DATE_REVIEW, "first", when + DAY));
    assert_true(d->wishes[0].when == when && d->reviews[2].when == when + DAY);
    yes(0, 1, date(DATE_WISH, "first", 0));
    assert_true(d->wishes[0].when == 0 && d->reviews[2].when == when + DAY);
    assert_true(deadline_now().none);
}

/* The last: none was forgotten. */
static void test_all_were_told(void **state)
{
    (void)state;
    for (unsigned i = REFUSED_PRINCIPAL; i < COUNT_OF(told); i++) {
        if (!told[i]) {
            fail_msg("refusal %u (rule %s) was never met", i, refusal_rule((enum refusal_code)i));
        }
    }
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
#define DATED(f) cmocka_unit_test_setup_teardown(f, open_short, close_sim)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_new_root, open_succeeding, close_sim),
        STORY(test_leave),
        STORY(test_leave_and_agreement),
        DATED(test_left_and_contested),
        STORY(test_suspend),
        STORY(test_cause),
        STORY(test_deed_as_cause),
        STORY(test_conclude),
        DATED(test_deadline),
        DATED(test_passed_and_gone),
        STORY(test_wishes),
        cmocka_unit_test(test_all_were_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
