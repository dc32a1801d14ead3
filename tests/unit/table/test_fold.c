/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules and fold, as small stories.
 */
#include "table/fold.h"

#include "lib/table_sim.h"
#include "lib/test.h"
#include "table/gate.h"

static struct table_sim sim;

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    tsim_open(&sim, 11);
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    (void)state;
    tsim_close(&sim);
    return 0;
}

static struct payload words(enum act_kind kind, const char *s)
{
    static struct text t;
    t = text_str(s);
    return (struct payload){.kind = kind, .text_count = 1, .texts = &t};
}

static struct payload ratify(struct table_sim *t, uint32_t side, uint64_t g, const char *text)
{
    return (struct payload){
        .kind = KIND_RATIFY, TSIM_ABOUT(t, g), .object = tsim_ratify(t, side, g, text)};
}

static const struct proposal_state *proposal(struct table_sim *t, uint64_t g)
{
    struct leaf_hash leaf = door_leaf(t->rec.door, g);
    const struct proposal_state *p = state_proposal(fold_state(t->fold), &leaf);
    assert_non_null(p);
    return p;
}

/* Proposed by the mediation, accepted ad referendum by both. */
static uint64_t agree(struct table_sim *t)
{
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    (void)tsim_file(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    return g;
}

static uint64_t bind(struct table_sim *t)
{
    uint64_t g = agree(t);
    (void)tsim_file(t, 1, 0, ratify(t, 1, g, "a"));
    (void)tsim_file(t, 2, 0, ratify(t, 2, g, "b"));
    tsim_countersign(t);
    tsim_countersign(t);
    assert_true(proposal(t, g)->bound_at != INDEX_NEVER);
    return g;
}

static void test_provisional(void **state)
{
    struct table_sim *t = *state;
    assert_int_equal(tsim_try(t, 0, 0, tsim_propose()), REFUSED_PROVISIONAL);
    (void)tsim_file(t, 0, 0,
                    (struct payload){.kind = KIND_SIGN_CHARTER, .object = tsim_sign_charter(t, 0)});
    /* Signed for another roster than the one that stands: it does not count. */
    struct bytes old = tsim_sign_charter(t, 1);
    static const uint32_t second[] = {1};
    sim_name(&t->rec, 2, 1, second, 1);
    assert_int_equal(tsim_try(t, 1, 0, (struct payload){.kind = KIND_SIGN_CHARTER, .object = old}),
                     REFUSED_OBJECT);
    assert_false(state_in_force(fold_state(t->fold)));
    static const uint32_t first[] = {0};
    sim_name(&t->rec, 2, 1, first, 1);
    tsim_begin(t, 21);
    assert_int_equal(tsim_try(t, 0, 0, tsim_propose()), REFUSED_NOT);
}

static void test_plenary(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    assert_int_equal(tsim_try(t, 1, 1, words(KIND_SAY, "hello")), REFUSED_PAPERS_ONLY);
    assert_int_equal(tsim_try(t, 3, 0, words(KIND_SAY, "hello")), REFUSED_MEMBER);
    struct payload position = words(KIND_POSITION, "x");
    position.issue = text_str("line");
    position.level = LEVEL_MUST;
    position.mark = MARK_KEEP;
    assert_int_equal(tsim_try(t, 1, 1, position), REFUSED_ROOM);
    struct named_choice unknown = {text_str("guarantees"), 0};
    struct payload p = tsim_propose();
    p.choices = &unknown;
    assert_int_equal(tsim_try(t, 1, 1, p), REFUSED_PHASE);
    unknown = (struct named_choice){text_str("line"), 9};
    assert_int_equal(tsim_try(t, 1, 1, p), REFUSED_UNKNOWN);
    struct payload park = words(KIND_PARK, "a title");
    park.phase = text_str("second");
    assert_int_equal(tsim_try(t, 1, 1, park), REFUSED_NOT);
    park.phase = text_str("first");
    assert_int_equal(tsim_try(t, 1, 1, park), REFUSED_PHASE);
}

/* Names are what mandates are read by: nobody but a principal names another seat. */
static void test_names(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    struct payload p = {.kind = KIND_INTRODUCE, .name = text_str("Somebody"), .has_seat = true};
    p.seat = signer_kid(t->rec.sides[1].seats[0].sign);
    assert_int_equal(tsim_try(t, 1, 1, p), REFUSED_OWNER);
    assert_int_equal(tsim_try(t, 2, 0, p), REFUSED_UNKNOWN);
    assert_int_equal(tsim_try(t, 1, 0, p), REFUSED_NOT);
    p.seat = signer_kid(t->rec.sides[1].seats[1].sign);
    assert_int_equal(tsim_try(t, 1, 0, p), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 1, p), REFUSED_NOT);
}

static void test_concept(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    struct reservation r[1] = {{text_str("R1"), true, text_str("line"), text_str("not there")}};
    struct payload concept = tsim_answer(t, g, ANSWER_CONCEPT);
    assert_int_equal(tsim_try(t, 1, 1, concept), REFUSED_FORM); /* names nothing */
    concept.reservation_count = 1;
    concept.reservations = r;
    uint64_t a = tsim_file(t, 1, 1, concept);
    assert_int_equal(tsim_try(t, 2, 1, concept), REFUSED_LABEL);
    (void)tsim_file(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    assert_int_equal(tsim_try(t, 2, 0, ratify(t, 2, g, "x")), REFUSED_NOT_AGREED);
    struct payload close = {.kind = KIND_CLOSE, TSIM_ABOUT(t, a), .label = text_str("R1")};
    assert_int_equal(tsim_try(t, 2, 1, close), REFUSED_OWNER);
    assert_int_equal(tsim_try(t, 1, 1, close), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 1, close), REFUSED_DONE);
    /* Closed is not accepted. */
    assert_int_equal(tsim_try(t, 2, 0, ratify(t, 2, g, "x")), REFUSED_NOT_AGREED);
    assert_int_equal(tsim_try(t, 2, 1, tsim_answer(t, g, ANSWER_REJECT)), REFUSED_FORM);
    assert_int_equal(tsim_try(t, 0, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM)), REFUSED_OWNER);
    struct payload next = tsim_propose();
    struct meets m = {door_leaf(t->rec.door, a), text_str("R9")};
    next.meets_count = 1;
    next.meets = &m;
    assert_int_equal(tsim_try(t, 0, 1, next), REFUSED_UNKNOWN);
}

static void test_authority(void **state)
{
    struct table_sim *t = *state;
    uint64_t now = t->rec.now;
    tsim_begin(t, 2);
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    assert_int_equal(tsim_try(t, 1, 1, tsim_answer(t, g, ANSWER_ACCEPT)), REFUSED_AUTHORITY);
    assert_int_equal(tsim_try(t, 1, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM)), REFUSED_NOT);
    /* A mandate of somebody else's root. */
    struct payload p = {.kind = KIND_MANDATE,
                        .object = tsim_mandate(t, 2, 1, POWER_SPEAK, now, now + 9)};
    assert_int_equal(tsim_try(t, 1, 0, p), REFUSED_OBJECT);
    /* Expired by what stands below the act, however old its author's view. */
    t->rec.now = now + 5 * 86400;
    tsim_countersign(t);
    assert_int_equal(tsim_try(t, 1, 1, tsim_propose()), REFUSED_AUTHORITY);
    /* Renewed, used, revoked. */
    struct bytes paper = tsim_mandate(t, 1, 1, POWER_SPEAK | POWER_PROPOSE, now, now + 99 * 86400);
    assert_int_equal(tsim_try(t, 1, 0, (struct payload){.kind = KIND_MANDATE, .object = paper}),
                     REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 0, (struct payload){.kind = KIND_MANDATE, .object = paper}),
                     REFUSED_DONE);
    assert_int_equal(tsim_try(t, 1, 1, tsim_propose()), REFUSED_NOT);
    struct object revoke = {.kind = OBJECT_REVOKE, .digest = object_id(paper)};
    (void)tsim_file(
        t, 1, 0, (struct payload){.kind = KIND_REVOKE_MANDATE, .object = tsim_sign(t, 1, revoke)});
    assert_int_equal(tsim_try(t, 1, 1, tsim_propose()), REFUSED_AUTHORITY);
}

static void test_binding(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t g = agree(t);
    (void)tsim_file(t, 1, 0, ratify(t, 1, g, "a"));
    tsim_countersign(t);
    assert_true(proposal(t, g)->agreed_at != INDEX_NEVER);
    assert_true(proposal(t, g)->bound_at == INDEX_NEVER);
    (void)tsim_file(t, 2, 0, ratify(t, 2, g, "b"));
    assert_true(proposal(t, g)->bound_at == INDEX_NEVER); /* not countersigned */
    tsim_countersign(t);
    assert_true(proposal(t, g)->bound_at != INDEX_NEVER);
    assert_int_equal(tsim_try(t, 1, 1, tsim_propose()), REFUSED_DONE);
    assert_int_equal(tsim_try(t, 1, 0, tsim_answer(t, g, ANSWER_ACCEPT)), REFUSED_DONE);
}

static void test_ratification_counts_once(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t g = agree(t);
    struct payload paper = ratify(t, 1, g, "a");
    assert_int_equal(tsim_try(t, 1, 0, paper), REFUSED_NOT);
    struct payload no = tsim_answer(t, g, ANSWER_REJECT);
    struct text why = text_str("changed my mind");
    no.text_count = 1;
    no.texts = &why;
    /* What the principal said only he changes; then his old paper is worth nothing. */
    assert_int_equal(tsim_try(t, 1, 1, no), REFUSED_OWNER);
    assert_int_equal(tsim_try(t, 1, 0, no), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM)), REFUSED_OWNER);
    assert_int_equal(tsim_try(t, 1, 0, tsim_answer(t, g, ANSWER_AD_REFERENDUM)), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 1, paper), REFUSED_DONE);
    assert_int_equal(tsim_try(t, 1, 0, ratify(t, 1, g, "anew")), REFUSED_NOT);
}

/* Another side's word about a paper that is not its own is worth nothing, whenever it comes. */
static void test_revoked_by_its_own_side_alone(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t now = t->rec.now;
    struct bytes paper = tsim_mandate(t, 1, 1, POWER_SPEAK, now, now + 86400);
    struct object revoke = {.kind = OBJECT_REVOKE, .digest = object_id(paper)};
    struct payload word = {.kind = KIND_REVOKE_MANDATE, .object = tsim_sign(t, 2, revoke)};
    struct payload post = {.kind = KIND_MANDATE, .object = paper};
    assert_int_equal(tsim_try(t, 2, 0, word), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 0, post), REFUSED_NOT);
}

/* A second proposal of a phase is moot once one binds, though it was filed before. */
static void test_one_package_a_phase(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t other = agree(t);
    (void)bind(t);
    assert_int_equal(tsim_try(t, 1, 0, tsim_answer(t, other, ANSWER_ACCEPT)), REFUSED_DONE);
    assert_int_equal(tsim_try(t, 1, 0, ratify(t, 1, other, "x")), REFUSED_DONE);
    assert_true(proposal(t, other)->bound_at == INDEX_NEVER);
}

/* An acceptance that is taken back is no agreement from that act on. */
static void test_taken_back_at_once(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t g = agree(t);
    tsim_countersign(t);
    assert_true(proposal(t, g)->agreed_at != INDEX_NEVER);
    struct payload no = tsim_answer(t, g, ANSWER_REJECT);
    struct text why = text_str("changed my mind");
    no.text_count = 1;
    no.texts = &why;
    (void)tsim_file(t, 1, 1, no);
    assert_true(proposal(t, g)->agreed_at == INDEX_NEVER);
}

/* A statement that breaks a rule leaves no trace in the digest either. */
static void test_void_statement_is_inert(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    struct digest before = tsim_digest(t);
    struct payload p = words(KIND_STATEMENT, "we dictate");
    p.side = text_str("nobody");
    p.source = text_str("press");
    assert_int_equal(tsim_try(t, 2, 1, p), REFUSED_UNKNOWN);
    struct digest after = tsim_digest(t);
    assert_memory_equal(before.b, after.b, sizeof(before.b));
}

static void test_withdrawal(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t g = tsim_file(t, 1, 1, tsim_propose());
    assert_int_equal(tsim_try(t, 2, 1, (struct payload){.kind = KIND_WITHDRAW, TSIM_ABOUT(t, g)}),
                     REFUSED_OWNER);
    (void)tsim_file(t, 1, 1, (struct payload){.kind = KIND_WITHDRAW, TSIM_ABOUT(t, g)});
    assert_int_equal(tsim_try(t, 2, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM)), REFUSED_WITHDRAWN);
}

static void test_deeds(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 90);
    struct payload promise = words(KIND_PROMISE, "ten guns back");
    promise.room = text_str("monitors");
    promise.deed = text_str("north-guns");
    promise.has_when = true;
    promise.when = t->rec.now + 86400;
    struct payload done = {.kind = KIND_VERIFY,
                           .room = text_str("monitors"),
                           .deed = text_str("north-guns"),
                           .finding = FINDING_DONE};
    struct payload lapse = {
        .kind = KIND_LAPSE, .room = text_str("monitors"), .deed = text_str("north-guns")};
    assert_int_equal(tsim_try(t, 3, 0, done), REFUSED_UNKNOWN);
    assert_int_equal(tsim_try(t, 2, 1, promise), REFUSED_OWNER);
    assert_int_equal(tsim_try(t, 1, 1, promise), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 1, 1, promise), REFUSED_DONE);
    assert_int_equal(tsim_try(t, 1, 1, done), REFUSED_SELF);
    assert_int_equal(tsim_try(t, 2, 1, done), REFUSED_VERIFIER);
    assert_int_equal(tsim_try(t, 2, 1, lapse), REFUSED_NOT_DUE);
    done.finding = FINDING_PARTLY;
    assert_int_equal(tsim_try(t, 3, 0, done), REFUSED_NOT);
    t->rec.now += 3 * 86400;
    tsim_countersign(t);
    assert_int_equal(tsim_try(t, 2, 1, lapse), REFUSED_NOT);
    done.finding = FINDING_DONE;
    assert_int_equal(tsim_try(t, 3, 0, done), REFUSED_NOT);
    assert_true(fold_state(t->fold)->deeds[0].verified_late);
    assert_int_equal(tsim_try(t, 2, 1, lapse), REFUSED_DONE);
}

static void test_incidents(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 90);
    uint64_t s = tsim_file(t, 2, 1,
                           (struct payload){.kind = KIND_STATEMENT,
                                            .text_count = 1,
                                            .texts = &(struct text){"we dictate", 10},
                                            .side = text_str("north"),
                                            .source = text_str("press")});
    struct leaf_hash cited = door_leaf(t->rec.door, s);
    struct payload incident = words(KIND_INCIDENT, "fire");
    incident.room = text_str("monitors");
    incident.has_when = true;
    incident.when = t->rec.now;
    incident.side = text_str("south");
    incident.ref_count = 1;
    incident.refs = &cited;
    assert_int_equal(tsim_try(t, 1, 1, incident), REFUSED_EVIDENCE);
    incident.ref_count = 0;
    uint64_t i = tsim_file(t, 1, 1, incident);
    struct payload assess = {.kind = KIND_ASSESS,
                             .room = text_str("monitors"),
                             TSIM_ABOUT(t, i),
                             .verdict = VERDICT_VERIFIED};
    assert_int_equal(tsim_try(t, 1, 1, assess), REFUSED_SELF);
    assert_int_equal(tsim_try(t, 2, 1, assess), REFUSED_SELF); /* it is about them */
    assert_int_equal(tsim_try(t, 0, 1, assess), REFUSED_VERIFIER);
    assert_int_equal(tsim_try(t, 3, 0, assess), REFUSED_NOT);
    assert_int_equal(fold_state(t->fold)->incidents[0].found_by, 2);
}

/* Everything that the first gate asks for, one thing after the other. */
static void test_gate(void **state)
{
    struct table_sim *t = *state;
    struct payload gate = {.kind = KIND_GATE, .phase = text_str("first")};
    tsim_begin(t, 90);
    assert_int_equal(tsim_try(t, 1, 1, gate), REFUSED_GATE);
    assert_int_equal(
        tsim_try(t, 1, 1, (struct payload){.kind = KIND_GATE, .phase = text_str("second")}),
        REFUSED_PHASE);
    (void)bind(t);
    assert_int_equal(tsim_try(t, 1, 1, gate), REFUSED_GATE);
    struct payload promise = words(KIND_PROMISE, "ten guns back");
    promise.room = text_str("monitors");
    promise.deed = text_str("north-guns");
    promise.has_when = true;
    promise.when = t->rec.now + 99 * UINT64_C(86400);
    (void)tsim_file(t, 1, 1, promise);
    struct payload done = {.kind = KIND_VERIFY,
                           .room = text_str("monitors"),
                           .deed = text_str("north-guns"),
                           .finding = FINDING_DONE};
    (void)tsim_file(t, 3, 0, done);
    tsim_countersign(t);
    assert_int_equal(tsim_try(t, 1, 1, gate), REFUSED_GATE); /* quiet */
    t->rec.now += 4 * 86400;
    tsim_countersign(t);
    /* A report holds it for 48 hours, and then no more. */
    struct payload report = {.kind = KIND_REPORT,
                             .room = text_str("monitors"),
                             .deed = text_str("north-guns"),
                             .finding = FINDING_DONE};
    (void)tsim_file(t, 1, 1, report);
    tsim_countersign(t);
    assert_int_equal(tsim_try(t, 2, 1, gate), REFUSED_GATE);
    t->rec.now += 3 * 86400;
    tsim_countersign(t);
    assert_int_equal(tsim_try(t, 2, 1, gate), REFUSED_NOT);
    assert_true(phase_open(fold_state(t->fold), 1));
    assert_int_equal(tsim_try(t, 1, 1, gate), REFUSED_DONE);
    /* The plenary sits. */
    assert_int_equal(tsim_try(t, 1, 0, words(KIND_SAY, "good morning")), REFUSED_NOT);
    done.finding = FINDING_NOT_DONE;
    (void)tsim_file(t, 3, 0, done);
    assert_true(phase_open(fold_state(t->fold), 1)); /* opened stays open */
}

static void test_publication(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 90);
    struct leaf_hash ref = door_leaf(t->rec.door, 3);
    struct payload consent = {.kind = KIND_CONSENT, .ref_count = 1, .refs = &ref};
    struct payload published = {.kind = KIND_PUBLISHED, .ref_count = 1, .refs = &ref};
    assert_int_equal(tsim_try(t, 1, 0, consent), REFUSED_PUBLICATION);
    (void)bind(t);
    assert_int_equal(tsim_try(t, 1, 0, consent), REFUSED_NOT);
    assert_int_equal(tsim_try(t, 0, 0, published), REFUSED_PUBLICATION);
    (void)tsim_file(t, 2, 0, consent);
    (void)tsim_file(t, 0, 0, consent);
    assert_int_equal(tsim_try(t, 0, 0, published), REFUSED_NOT);
}

/* ---- keys of rooms ---- */

#define PLENARY ((struct room){ROOM_PLENARY, 0})

static void test_keys(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    struct digest before = tsim_digest(t);
    uint32_t number = t->epochs[0];
    /* Under a key that no room had: said to whoever can read it, no void act of the table. */
    t->epochs[0] = 77;
    uint64_t i = tsim_file(t, 1, 1, tsim_propose());
    assert_int_equal(fold_void(t->fold, i)->code, REFUSED_EPOCH);
    assert_non_null(strstr(fold_void(t->fold, i)->what.p, "a key that no room had"));
    assert_int_equal(fold_state(t->fold)->proposal_count, 0);
    assert_int_equal(fold_state(t->fold)->void_count, 0);
    struct digest after = tsim_digest(t);
    assert_true(ID_EQ(before, after));
    t->epochs[0] = number;
    i = tsim_file(t, 1, 1, tsim_propose());
    assert_null(fold_void(t->fold, i));
    /* The old key is void from where its author had seen the new one. */
    (void)sim_revoke(&t->rec, 2, 1);
    assert_true(fold_epoch_at(t->fold, tsim_epoch(t, 0)) != NULL);
    assert_int_equal(t->epochs[0], number + 1);
    t->epochs[0] = number;
    assert_int_equal(fold_void(t->fold, tsim_file(t, 1, 1, tsim_propose()))->code, REFUSED_EPOCH);
}

static bool good(struct table_sim *t, struct tsim_epoch_plan plan)
{
    return fold_epoch_at(t->fold, tsim_epoch_by(t, 0, plan)) != NULL;
}

/* One key for each membership: whoever gives more, or another, gives nothing. */
static void test_epochs(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint32_t number = t->epochs[0];
    const struct epoch_state *first = fold_epoch(t->fold, PLENARY, t->rec.count);
    assert_int_equal(
        number, room_membership(&t->charter, door_keyring(t->rec.door), PLENARY, t->rec.count));
    assert_false(fold_epoch_stale(t->fold, first));
    /* The members are the same: by whomever, under whatever number. */
    assert_false(good(t, (struct tsim_epoch_plan){.side = 0}));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 1, .number = number + 1}));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 2, .number = 60000}));
    assert_int_equal(fold_private(t->fold)->epoch_count, 2);

    (void)sim_revoke(&t->rec, 2, 1);
    tsim_countersign(t);
    assert_true(fold_epoch_stale(t->fold, fold_epoch(t->fold, PLENARY, t->rec.count)));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 3})); /* a monitor: no seat there */
    assert_false(good(t, (struct tsim_epoch_plan){.side = 1, .number = number}));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 1, .number = number + 2}));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 1, .left_out = 1}));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 1, .left_out = 5}));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 1, .unlisted = 3}));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 1, .wrong_key = true}));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 1, .other_room = true}));
    assert_true(good(t, (struct tsim_epoch_plan){.side = 1, .previous = 9}));
    assert_int_equal(t->epochs[0], number + 1);
    assert_false(fold_epoch_stale(t->fold, fold_epoch(t->fold, PLENARY, t->rec.count)));
    assert_false(good(t, (struct tsim_epoch_plan){.side = 0})); /* the first noted stands */
    assert_int_equal(fold_state(t->fold)->void_count, 0);

    /* Who came when can be counted by all; who was no member yet may lack what was before him. */
    struct missing_epoch missing = {.number = 0};
    assert_false(fold_missing_epoch(t->fold, 2, &missing)); /* of its own time it knows better */
    assert_int_equal(missing.number, 0);
}

/* Of two seats that came at other times each finds the same epochs good. */
static void test_newcomer(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t old = fold_epoch(t->fold, PLENARY, t->rec.count)->index;
    uint32_t number = t->epochs[0];
    uint64_t change = sim_revoke(&t->rec, 2, 1);
    tsim_countersign(t);
    uint64_t fresh = tsim_epoch_by(t, 0, (struct tsim_epoch_plan){.side = 1, .previous = number});
    struct arena mem = test_arena((size_t)16 << 20);
    struct fold *f;
    struct err err = {0};
    /* One act passed over is the old key, which he was not given. */
    assert_true(tsim_refold(t, t->rec.count, old, &mem, &f, &err));
    assert_null(fold_epoch_at(f, old));
    assert_non_null(fold_epoch_at(f, fresh));
    struct missing_epoch missing;
    assert_true(fold_missing_epoch(f, change, &missing));
    assert_int_equal(missing.number, number);
    assert_int_equal(missing.named_at, fresh);
    assert_true(room_eq(missing.room, PLENARY));
    assert_false(fold_missing_epoch(t->fold, change, &missing));
    test_arena_free(&mem);
}

/* A seat without charter judges keys by the sides that it was told, and by the same rule. */
static void test_told(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    struct arena mem = test_arena((size_t)16 << 20);
    struct fold *f;
    struct err err = {0};
    assert_true(fold_new(&mem, door_keyring(t->rec.door), door_witness(t->rec.door), &f, &err));
    assert_null(fold_sides(f));
    fold_tell_sides(f, &t->charter, false);
    uint64_t high = tsim_epoch_by(t, 1, (struct tsim_epoch_plan){.side = 1, .number = 60000});
    (void)sim_revoke(&t->rec, 2, 1);
    tsim_countersign(t);
    uint64_t higher = tsim_epoch_by(t, 1, (struct tsim_epoch_plan){.side = 1, .number = 60001});
    uint64_t fine = tsim_epoch(t, 1);
    assert_true(tsim_refold_into(t, f, t->rec.count, INDEX_NEVER, &err));
    assert_false(fold_state(f)->has_charter); /* though it could open it */
    assert_null(fold_epoch_at(f, high));
    assert_null(fold_epoch_at(f, higher));
    assert_non_null(fold_epoch_at(f, fine));
    assert_int_equal(fold_private(f)->epoch_count, fold_private(t->fold)->epoch_count);
    for (uint32_t i = 0; i < fold_private(f)->epoch_count; i++) {
        const struct epoch_state *a = &fold_private(f)->epochs[i];
        const struct epoch_state *b = &fold_private(t->fold)->epochs[i];
        assert_true(a->index == b->index && a->number == b->number && room_eq(a->room, b->room));
    }
    test_arena_free(&mem);
}

/* Who floods the table with void acts shortens his own words, and nobody else's; the digest counts
 * them all. */
static void test_void_words(void **state)
{
    struct table_sim *t = *state;
    tsim_begin(t, 21);
    uint64_t other = tsim_file(t, 2, 1, words(KIND_SAY, "the plenary does not sit"));
    uint64_t first = tsim_file(t, 1, 1, words(KIND_SAY, "the plenary does not sit"));
    uint64_t second = tsim_file(t, 1, 1, words(KIND_SAY, "the plenary does not sit"));
    for (unsigned i = 0; i < 63; i++) {
        (void)tsim_file(t, 1, 1, words(KIND_SAY, "nor now"));
    }
    assert_int_equal(fold_state(t->fold)->void_count, 66);
    assert_int_equal(fold_beside(t->fold)->void_count, 66);
    const struct void_note *v = fold_void(t->fold, first);
    assert_int_equal(v->code, REFUSED_PAPERS_ONLY);
    assert_string_equal(v->what.p, "It breaks rule 5.1 (docs/RULES.md).");
    assert_string_equal(v->what.p, refusal_words(REFUSED_PAPERS_ONLY));
    assert_true(v->mend.n > 0);
    assert_non_null(strstr(fold_void(t->fold, second)->what.p, "not sitting yet"));
    assert_non_null(strstr(fold_void(t->fold, other)->what.p, "not sitting yet"));
    assert_null(fold_void(t->fold, first + 1000));
}

/* ---- properties ---- */

/* A story with a bit of everything. */
static void story(struct table_sim *t)
{
    tsim_begin(t, 90);
    uint64_t s = tsim_file(t, 2, 1,
                           (struct payload){.kind = KIND_STATEMENT,
                                            .text_count = 1,
                                            .texts = &(struct text){"we dictate", 10},
                                            .side = text_str("north"),
                                            .source = text_str("press")});
    (void)s;
    (void)tsim_file(t, 1, 1, words(KIND_SAY, "void, for the plenary does not sit"));
    uint64_t g = tsim_file(t, 0, 1, tsim_propose());
    struct reservation r[1] = {{text_str("R1"), true, text_str("line"), text_str("not there")}};
    struct payload concept = tsim_answer(t, g, ANSWER_CONCEPT);
    concept.reservation_count = 1;
    concept.reservations = r;
    uint64_t a = tsim_file(t, 1, 1, concept);
    (void)tsim_file(
        t, 1, 1, (struct payload){.kind = KIND_CLOSE, TSIM_ABOUT(t, a), .label = text_str("R1")});
    (void)bind(t);
    struct payload incident = words(KIND_INCIDENT, "fire");
    incident.room = text_str("monitors");
    incident.has_when = true;
    incident.when = t->rec.now;
    (void)tsim_file(t, 1, 1, incident);
    tsim_countersign(t);
}

/* The state after s acts is a function of the first s leaves: folded with a ring and a log that hold
 * the whole record it is what it was when they held s acts and no more. */
static void test_prefixes(void **state)
{
    struct table_sim *t = *state;
    static struct digest live[TSIM_ACTS];
    story(t);
    struct arena mem = test_arena((size_t)64 << 20);
    struct fold *f;
    struct err err = {0};
    /* First, prefix by prefix, each with a door that holds just that. */
    for (uint64_t size = 1; size <= t->rec.count; size++) {
        struct door *door;
        struct arena own = test_arena((size_t)8 << 20);
        assert_true(door_new(&own, NULL, &door, &err));
        struct table_sim part = *t;
        for (uint64_t i = 0; i < size; i++) {
            struct verified_act va;
            assert_true(door_admit(door, DOOR_STORED, t->rec.items[i].envelope,
                                   t->rec.items[i].blob, &va, &err));
        }
        part.rec.door = door;
        arena_wipe(&mem);
        assert_true(tsim_refold(&part, size, INDEX_NEVER, &mem, &f, &err));
        assert_true(state_digest(fold_state(f), &live[size], &err));
        door_free(door);
        test_arena_free(&own);
    }
    for (uint64_t size = 1; size <= t->rec.count; size++) {
        struct digest d;
        arena_wipe(&mem);
        assert_true(tsim_refold(t, size, INDEX_NEVER, &mem, &f, &err));
        assert_true(state_digest(fold_state(f), &d, &err));
        if (!ID_EQ(d, live[size])) {
            fail_msg("the state after %llu acts depends on later ones", (unsigned long long)size);
        }
    }
    test_arena_free(&mem);
}

static void test_statements_are_inert(void **state)
{
    struct table_sim *t = *state;
    story(t);
    struct arena mem = test_arena((size_t)64 << 20);
    unsigned looked_at = 0;
    for (uint64_t i = 0; i < t->rec.count; i++) {
        struct fold *f;
        struct digest d;
        struct err err = {0};
        if (t->opened[i] == NULL ||
            t->opened[i]->content->header.kind != (uint32_t)KIND_STATEMENT) {
            continue;
        }
        arena_wipe(&mem);
        assert_true(tsim_refold(t, t->rec.count, i, &mem, &f, &err));
        assert_true(state_digest(fold_state(f), &d, &err));
        struct digest whole = tsim_digest(t);
        assert_true(ID_EQ(d, whole));
        looked_at++;
    }
    assert_true(looked_at > 0);
    test_arena_free(&mem);
}

/* The n-th allocation fails, for every n: no state at all, or the one that everybody has. */
static void test_memory_faults(void **state)
{
    struct table_sim *t = *state;
    story(t);
    struct digest whole = tsim_digest(t);
    struct arena mem = test_arena((size_t)64 << 20);
    unsigned faults = 0;
    for (uint64_t n = 1;; n += n < 400 || prop_rounds(1) > 1 ? 1 : 37) { /* all, in a long run */
        struct fold *f;
        struct err err = {0};
        struct digest d;
        arena_wipe(&mem);
        mem.failed = false;
        mem.fault_in = n;
        bool ok = tsim_refold(t, t->rec.count, INDEX_NEVER, &mem, &f, &err);
        bool fired = mem.fault_in == 0;
        mem.fault_in = 0;
        if (ok) {
            assert_true(state_digest(fold_state(f), &d, &err));
            assert_true(ID_EQ(d, whole));
        } else {
            assert_int_equal(err.code, ERR_MEMORY);
            faults++;
        }
        if (!fired) {
            break;
        }
    }
    assert_true(faults > 50);
    test_arena_free(&mem);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_provisional),
        STORY(test_plenary),
        STORY(test_names),
        STORY(test_concept),
        STORY(test_authority),
        STORY(test_binding),
        STORY(test_ratification_counts_once),
        STORY(test_revoked_by_its_own_side_alone),
        STORY(test_one_package_a_phase),
        STORY(test_taken_back_at_once),
        STORY(test_void_statement_is_inert),
        STORY(test_withdrawal),
        STORY(test_deeds),
        STORY(test_incidents),
        STORY(test_gate),
        STORY(test_publication),
        STORY(test_keys),
        STORY(test_void_words),
        STORY(test_epochs),
        STORY(test_newcomer),
        STORY(test_told),
        STORY(test_prefixes),
        STORY(test_statements_are_inert),
        STORY(test_memory_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
