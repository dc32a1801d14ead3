/* SPDX-License-Identifier: Apache-2.0
 *
 * Every refusal of docs/RULES.md section 10: stopped at the desk and void on the record in the same
 * words (tsim_try asks both), and lawful acts beside it that are not.
 */
#include "table/rules_v1.h"

#include "lib/table_sim.h"
#include "lib/test.h"
#include "table/limits.h"

#define DAY UINT64_C(86400)

static struct table_sim sim;
static bool told[REFUSED_PUBLICATION + 1]; /* at the desk and on the record */

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    sim.change = NULL;
    tsim_open(&sim, 61);
    *state = &sim;
    return 0;
}

static int open_begun(void **state)
{
    (void)open_sim(state);
    tsim_begin(&sim, 365);
    return 0;
}

/* In force, and nobody has a mandate. */
static int open_signed(void **state)
{
    (void)open_sim(state);
    for (uint32_t side = 0; side < 3; side++) {
        (void)tsim_file(
            &sim, side, 0,
            (struct payload){.kind = KIND_SIGN_CHARTER, .object = tsim_sign_charter(&sim, side)});
    }
    return 0;
}

static int close_sim(void **state)
{
    (void)state;
    tsim_close(&sim);
    return 0;
}

/* This act of that seat is refused so, in words that begin with these and with a mend that does. */
static void no(uint32_t side, uint32_t seat, struct payload p, enum refusal_code code,
               const char *what, const char *mend)
{
    struct refusal r;
    enum refusal_code got = tsim_judge(&sim, fold_state(sim.fold), side, seat, p, &r);
    if (got != code || strncmp(r.what, what, strlen(what)) != 0 ||
        strncmp(r.mend, mend, strlen(mend)) != 0) {
        fail_msg("refusal %u: \"%s\" mend \"%s\"\nwanted %u: \"%s\" mend \"%s\"", got, r.what,
                 r.mend, code, what, mend);
    }
    assert_int_equal(tsim_try(&sim, side, seat, p), code);
    told[code] = true;
}

static void yes(uint32_t side, uint32_t seat, struct payload p)
{
    assert_int_equal(tsim_try(&sim, side, seat, p), REFUSED_NOT);
}

static struct text words = {.p = "in so many words", .n = 16};

static struct payload with_words(enum act_kind kind)
{
    return (struct payload){.kind = kind, .text_count = 1, .texts = &words};
}

static struct payload in_monitors(enum act_kind kind, const char *deed)
{
    return (struct payload){.kind = kind, .room = text_str("monitors"), .deed = text_str(deed)};
}

static struct payload promise(const char *deed, uint64_t days)
{
    struct payload p = in_monitors(KIND_PROMISE, deed);
    p.text_count = 1;
    p.texts = &words;
    p.has_when = true;
    p.when = sim.rec.now + days * DAY;
    return p;
}

static struct payload found(enum act_kind kind, const char *deed, enum finding finding)
{
    struct payload p = in_monitors(kind, deed);
    p.finding = finding;
    return p;
}

static struct payload about(enum act_kind kind, uint64_t index)
{
    return (struct payload){.kind = kind, TSIM_ABOUT(&sim, index)};
}

static struct payload ratify(uint32_t side, uint64_t g, const char *text)
{
    struct payload p = about(KIND_RATIFY, g);
    p.object = tsim_ratify(&sim, side, g, text);
    return p;
}

static struct payload reserve(uint64_t g, struct reservation *r, uint32_t count)
{
    struct payload p = tsim_answer(&sim, g, ANSWER_CONCEPT);
    p.reservation_count = count;
    p.reservations = r;
    return p;
}

static struct reservation labelled(const char *label)
{
    return (struct reservation){text_str(label), false, {NULL, 0}, words};
}

/* ---- what every act must meet [3] ---- */

static void test_provisional(void **state)
{
    (void)state;
    no(1, 1, tsim_propose(), REFUSED_PROVISIONAL, "The table is provisional: not every side has",
       "Wait until every principal has signed (entente sign charter)");
    no(3, 0, promise("north-guns", 3), REFUSED_PROVISIONAL, "The table is provisional", "Wait");
    struct payload p = {.kind = KIND_INTRODUCE, .name = text_str("Ilin"), .has_seat = true};
    p.seat = signer_kid(sim.rec.sides[1].seats[1].sign);
    yes(1, 1, p);
}

static void test_rooms(void **state)
{
    (void)state;
    struct payload p = with_words(KIND_POSITION);
    p.issue = text_str("line");
    p.level = LEVEL_MUST;
    p.mark = MARK_KEEP;
    no(1, 1, p, REFUSED_ROOM,
       "An act of kind \"position\" counts in a shuttle room or at home only, not in plenary.",
       "File it in a shuttle room or at home.");
    p = tsim_propose();
    p.room = text_str("monitors");
    no(1, 1, p, REFUSED_ROOM, "An act of kind \"propose\" counts in the plenary only, not in monit",
       "File it in the plenary.");
    no(3, 0, with_words(KIND_SAY), REFUSED_MEMBER,
       "the President of watch does not sit in plenary.",
       "Write in a room where you sit: entente rooms.");
    no(4, 1, with_words(KIND_SAY), REFUSED_MEMBER, "the envoy of club does not sit in plenary.",
       "");
    p = promise("north-guns", 3);
    p.room = text_str("plenary");
    yes(1, 1, p);
}

/* Under a key that no room had: of the record alone, for no desk seals so. */
static void test_another_key(void **state)
{
    (void)state;
    uint32_t was = sim.epochs[0];
    sim.epochs[0] = was + 100;
    uint64_t i = tsim_file(&sim, 1, 1, tsim_propose());
    sim.epochs[0] = was;
    const struct void_note *v = fold_void(sim.fold, i);
    assert_non_null(v);
    assert_int_equal(v->code, REFUSED_EPOCH);
    assert_true(text_is(v->mend, "Its author synchronises and files it again."));
    yes(1, 1, tsim_propose());
    told[REFUSED_EPOCH] = true;
}

static void test_form(void **state)
{
    (void)state;
    struct named_choice twice[2] = {{text_str("line"), 0}, {text_str("line"), 1}};
    struct payload p = {.kind = KIND_PROPOSE, .choice_count = 2, .choices = twice};
    no(1, 1, p, REFUSED_FORM, "The issues of a package stand once each, in the charter's order.",
       "");
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    struct reservation r = labelled("R1");
    p = tsim_answer(&sim, g, ANSWER_AD_REFERENDUM);
    p.reservation_count = 1;
    p.reservations = &r;
    no(1, 1, p, REFUSED_FORM, "An acceptance has no reservations.", "Agree in concept, or accept");
    no(1, 1, reserve(g, NULL, 0), REFUSED_FORM, "Agreeing in concept names what is still open",
       "Add --reserve");
    no(1, 1, tsim_answer(&sim, g, ANSWER_REJECT), REFUSED_FORM, "A rejection needs a reason.",
       "Say why: --reason TEXT.");
    struct text lines = text_str("two\nlines");
    p = with_words(KIND_PARK);
    p.phase = text_str("second");
    p.texts = &lines;
    no(1, 1, p, REFUSED_FORM, "Only a title may be parked: one line, at most 128 bytes.",
       "Keep the figures at home.");
    p = promise("north-guns", 3);
    p.after = text_str("north-guns");
    no(1, 1, p, REFUSED_FORM, "north-guns cannot wait for itself.", "Name another deed, or none.");
}

/* ---- charter, papers, authority [4] ---- */

static void test_papers(void **state)
{
    (void)state;
    uint64_t now = sim.rec.now;
    /* Another charter, sealed under the room's key. */
    struct payload p = {.kind = KIND_CHARTER, .charter = bytes_str("x"), .has_salt = true};
    no(0, 0, p, REFUSED_CHARTER, "The table has its charter already.", "");
    p = (struct payload){.kind = KIND_MANDATE, .object = bytes_str("no paper")};
    no(1, 0, p, REFUSED_OBJECT, "The signed paper in this act does not verify.",
       "The principal signs it again: entente sign.");
    p.object = tsim_mandate(&sim, 2, 1, POWER_SPEAK, now, now + DAY);
    no(1, 0, p, REFUSED_OBJECT, "The signed paper is south's, not north's.",
       "A seat of the side that signed it posts it.");
    struct object o = {.kind = OBJECT_MANDATE,
                       .delegate = signer_kid(sim.rec.sides[2].seats[1].sign),
                       .powers = 1,
                       .all_issues = true,
                       .not_before = now,
                       .expires = now + DAY};
    p.object = tsim_sign(&sim, 1, o);
    no(1, 0, p, REFUSED_OBJECT, "The mandate is for somebody who is no seat of north.",
       "Admit the seat first: entente seat admit.");
    struct text issue = text_str("guarantees");
    o.delegate = signer_kid(sim.rec.sides[1].seats[1].sign);
    o.all_issues = false;
    o.issue_count = 1;
    o.issues = &issue;
    p.object = tsim_sign(&sim, 1, o);
    no(1, 0, p, REFUSED_UNKNOWN,
       "The mandate names the issue guarantees, which the charter has not",
       "The principal signs one");
    p.object = tsim_mandate(&sim, 1, 1, POWER_SPEAK, now, now + DAY);
    yes(1, 0, p);
    no(1, 0, p, REFUSED_DONE, "This mandate has been posted already.", "It holds as it is");
    o = (struct object){.kind = OBJECT_REVOKE, .digest = object_id(p.object)};
    yes(1, 0, (struct payload){.kind = KIND_REVOKE_MANDATE, .object = tsim_sign(&sim, 1, o)});
    no(1, 0, p, REFUSED_OBJECT, "This mandate has been revoked.", "The principal signs a new one.");
    struct digest roster = {{1}};
    o = (struct object){.kind = OBJECT_SIGN_CHARTER, .digest = roster};
    no(1, 0, (struct payload){.kind = KIND_SIGN_CHARTER, .object = tsim_sign(&sim, 1, o)},
       REFUSED_OBJECT,
       "What was signed is not this charter with the sides that had joined by then.",
       "Synchronise, look at who has joined, and sign again.");
    p = (struct payload){.kind = KIND_INTRODUCE, .name = text_str("Somebody"), .has_seat = true};
    p.seat = signer_kid(sim.rec.sides[2].seats[1].sign);
    no(1, 0, p, REFUSED_UNKNOWN, "Only seats of one's own side can be introduced.", "");
    p.seat = signer_kid(sim.rec.sides[1].seats[0].sign);
    no(1, 1, p, REFUSED_OWNER, "A seat introduces itself, or its principal does.", "Ask whoever");
}

static void test_authority(void **state)
{
    (void)state;
    uint64_t now = sim.rec.now;
    uint64_t g = tsim_file(&sim, 0, 0, tsim_propose());
    no(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM), REFUSED_AUTHORITY,
       "the envoy of north has no mandate at this table.",
       "the President of north signs one: entente mandate.");
    struct payload m = {.kind = KIND_MANDATE};
    m.object = tsim_mandate(&sim, 1, 1, POWER_SPEAK, now - DAY, now + DAY);
    yes(1, 0, m);
    no(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM), REFUSED_AUTHORITY,
       "the envoy of north may not accept this (mandate of 2026-03-07).",
       "the President of north does it, or signs a wider mandate.");
    no(1, 1, tsim_answer(&sim, g, ANSWER_COUNTER), REFUSED_AUTHORITY,
       "the envoy of north may not counter", "");
    no(1, 1, promise("north-guns", 3), REFUSED_AUTHORITY, "the envoy of north may not promise", "");
    m.object = tsim_mandate(&sim, 1, 1, POWER_ACCEPT_AD_REFERENDUM, now - DAY, now + DAY);
    yes(1, 0, m);
    no(1, 1, tsim_answer(&sim, g, ANSWER_ACCEPT), REFUSED_AUTHORITY,
       "the envoy of north may accept ad referendum only (mandate of 2026-03-07).",
       "Accept ad referendum, or the President of north accepts.");
    yes(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    tsim_countersign(&sim);
    sim.rec.now += 3 * DAY;
    tsim_countersign(&sim);
    no(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM), REFUSED_AUTHORITY,
       "the envoy of north's mandate of 2026-03-07 has expired.",
       "the President of north signs a new one: entente mandate.");
}

/* Private limits: the desk's alone, and never a word of them on the record. */
static void test_limits(void **state)
{
    (void)state;
    struct limit line = {.issue = text_str("line"), .options = {1}};
    struct limits l = {1, &line};
    struct choice there = {0, 1}, here = {0, 0};
    struct refusal r = {0};
    struct text who = text_str("the President of north");
    struct package p = {1, &there};
    assert_false(limits_allow(&l, &sim.charter, &p, who, &r));
    assert_int_equal(r.code, REFUSED_LIMITS);
    assert_string_equal(r.what, "Your instructions do not allow \"there\" for line.");
    assert_string_equal(r.mend, "Ask the President of north to widen them, or leave that out.");
    p.choices = &here;
    assert_true(limits_allow(&l, &sim.charter, &p, who, &r));
    told[REFUSED_LIMITS] = true;
}

/* ---- phases [5] ---- */

static void test_phases(void **state)
{
    (void)state;
    no(1, 1, with_words(KIND_SAY), REFUSED_PAPERS_ONLY,
       "The table is not sitting yet: until gate first opens, the plenary takes papers only",
       "Tell the mediation in shuttle/north.");
    no(0, 1, with_words(KIND_SAY), REFUSED_PAPERS_ONLY, "The table is not sitting yet",
       "Use the shuttle rooms.");
    struct named_choice unknown = {text_str("guarantees"), 0};
    struct payload p = {.kind = KIND_PROPOSE, .choice_count = 1, .choices = &unknown};
    no(1, 1, p, REFUSED_PHASE, "Phase second is closed: 4 conditions of gate first are not met.",
       "Prepare it in home/north; the title alone may be parked: entente park.");
    p = with_words(KIND_PARK);
    p.phase = text_str("first");
    no(1, 1, p, REFUSED_PHASE, "Phase first is open; nothing needs parking.", "Propose it.");
    p.phase = text_str("third");
    no(1, 1, p, REFUSED_UNKNOWN, "The charter has no phase third.", "Name a phase of the charter");
    p.phase = text_str("second");
    yes(1, 1, p);
}

static int open_short(void **state)
{
    sim.phase_seconds = 7200;
    sim.change = NULL;
    tsim_open(&sim, 62);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static void test_deadline(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    yes(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    yes(2, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    sim.rec.now += 3 * 7200;
    tsim_countersign(&sim);
    const char *mend = "All parties together can set a later one: entente date.";
    no(1, 1, tsim_propose(), REFUSED_DEADLINE, "The deadline of phase first was 2026-03-", mend);
    no(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM), REFUSED_DEADLINE, "The deadline", mend);
    no(1, 0, ratify(1, g, "late"), REFUSED_DEADLINE, "The deadline of phase first", mend);
    yes(1, 1, tsim_answer(&sim, g, ANSWER_COUNTER)); /* what agrees to nothing has no deadline */
}

/* ---- proposals [6] ---- */

static void test_offers(void **state)
{
    (void)state;
    struct named_choice line = {text_str("line"), 9};
    struct payload p = {.kind = KIND_PROPOSE, .choice_count = 1, .choices = &line};
    no(1, 1, p, REFUSED_UNKNOWN, "Issue line has no option number 10.", "Name one of its options");
    p = tsim_propose();
    struct meets m = {{{1}}, text_str("R9")};
    p.meets_count = 1;
    p.meets = &m;
    no(1, 1, p, REFUSED_UNKNOWN, "There is no open point R9.", "Name an open point");
    no(1, 1, about(KIND_WITHDRAW, 3), REFUSED_UNKNOWN,
       "The proposal that it names is not at this table.", "Synchronise, then name one of");
    no(1, 1, about(KIND_CONFIRM, 3), REFUSED_UNKNOWN, "There is nothing of that name to confirm.",
       "Name an answer or a ratification that waits");
    uint64_t g = tsim_file(&sim, 1, 1, tsim_propose());
    no(2, 1, about(KIND_WITHDRAW, g), REFUSED_OWNER, "P1 is north's; only they withdraw it.",
       "Reject it, or ask them.");
    no(0, 1, tsim_answer(&sim, g, ANSWER_COUNTER), REFUSED_OWNER, "Only parties answer a proposal.",
       "A party answers; the mediation files a new proposal.");
    no(0, 0, ratify(0, g, "x"), REFUSED_OWNER, "Only parties ratify.", "Each party's principal");
    struct reservation r[2] = {labelled("R1"), labelled("R1")};
    no(2, 1, reserve(g, r, 2), REFUSED_LABEL, "Two reservations are both called R1.", "");
    uint64_t a = tsim_file(&sim, 2, 1, reserve(g, r, 1));
    no(1, 1, reserve(g, r, 1), REFUSED_LABEL, "An open point is called R1 already.",
       "Give the reservation another label.");
    no(1, 0, ratify(1, g, "x"), REFUSED_NOT_AGREED,
       "P1 is not agreed at the table: agreeing in concept is not accepting. Open: R1; only south "
       "can close it.",
       "A new version that meets it, or ask in the shuttle what would.");
    p = about(KIND_CLOSE, a);
    p.label = text_str("R1");
    no(1, 1, p, REFUSED_OWNER, "Only south can close its own reservation R1.", "Ask south what");
    p.ref_count = 1;
    p.refs = &(struct leaf_hash){{7}};
    no(2, 1, p, REFUSED_UNKNOWN, "The version that meets it is not at this table.", "");
    p.ref_count = 0;
    yes(2, 1, p);
    no(2, 1, p, REFUSED_DONE, "R1 is closed already.", "");
    no(1, 0, ratify(1, g, "x"), REFUSED_NOT_AGREED,
       "P1 is not agreed at the table: south agreed in concept, which is not accepting.", "south");
    yes(2, 0, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    no(2, 1, tsim_answer(&sim, g, ANSWER_COUNTER), REFUSED_OWNER,
       "the President of south has answered P1 himself; only he changes that.", "Ask the Pres");
    no(2, 0, ratify(2, g, "x"), REFUSED_NOT_AGREED,
       "P1 is not agreed at the table: north has not answered.", "Wait for north, or file");
    yes(1, 1, about(KIND_WITHDRAW, g));
    no(1, 1, about(KIND_WITHDRAW, g), REFUSED_DONE, "P1 is withdrawn already.", "");
    no(2, 0, tsim_answer(&sim, g, ANSWER_COUNTER), REFUSED_WITHDRAWN, "P1 was withdrawn by north.",
       "Answer another proposal, or file one.");
}

static void test_ratifying(void **state)
{
    (void)state;
    uint64_t g = tsim_file(&sim, 0, 1, tsim_propose());
    uint64_t other = tsim_file(&sim, 0, 1, tsim_propose());
    yes(1, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    yes(2, 1, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    struct payload p = ratify(1, g, "x"), q = ratify(1, other, "x");
    q.answers = p.answers;
    no(1, 0, q, REFUSED_OBJECT, "What was signed is not P1.",
       "The principal signs this very version: entente ratify P1.");
    yes(1, 0, p);
    no(1, 0, ratify(1, g, "again"), REFUSED_DONE, "north has ratified P1 already.", "");
    yes(1, 0, tsim_answer(&sim, g, ANSWER_AD_REFERENDUM));
    no(1, 0, p, REFUSED_DONE, "This very paper has counted once already.",
       "The principal signs anew: entente ratify P1.");
    yes(1, 0, ratify(1, g, "anew"));
    yes(2, 0, ratify(2, g, "x"));
    no(1, 0, tsim_answer(&sim, g, ANSWER_COUNTER), REFUSED_DONE,
       "Every party has accepted P1 for good or ratified it; nobody takes that back.",
       "Synchronise; what comes on top of phase first");
    tsim_countersign(&sim);
    tsim_countersign(&sim);
    no(1, 0, tsim_answer(&sim, other, ANSWER_COUNTER), REFUSED_DONE,
       "P1 is agreed and ratified; it stands.", "Phase first is settled and not opened again");
    no(1, 1, tsim_propose(), REFUSED_DONE, "P1 is agreed and ratified; it stands.", "Phase first");
}

/* ---- deeds, incidents, gates, publication [7, 8, 9] ---- */

static void test_deeds(void **state)
{
    (void)state;
    no(1, 1, promise("no-guns", 1), REFUSED_UNKNOWN, "The charter has no deed no-guns.", "Name a");
    no(2, 1, promise("north-guns", 1), REFUSED_OWNER,
       "north-guns is north's to promise, not south's.", "Ask north.");
    no(1, 1, found(KIND_REPORT, "north-guns", FINDING_DONE), REFUSED_UNKNOWN,
       "north-guns has not been promised yet.", "north promises it first: entente promise.");
    yes(1, 1, promise("north-guns", 1));
    no(1, 1, promise("north-guns", 1), REFUSED_DONE, "north-guns has been promised already.", "");
    no(1, 1, found(KIND_VERIFY, "north-guns", FINDING_DONE), REFUSED_SELF,
       "No side verifies itself. Verifier: watch.", "Wait for, or ask for, their visit.");
    no(2, 1, found(KIND_VERIFY, "north-guns", FINDING_DONE), REFUSED_VERIFIER,
       "north-guns is verified by watch, not by south.", "Ask watch.");
    no(0, 1, in_monitors(KIND_LAPSE, "north-guns"), REFUSED_NOT_DUE, "north-guns is due by 2026-",
       "Wait until more than half of the sides have countersigned after that hour.");
    yes(2, 1, promise("south-guns", 1));
    no(0, 1, found(KIND_VERIFY, "south-guns", FINDING_DONE), REFUSED_VERIFIER,
       "south-guns is verified by the other parties, not by m.", "Ask the other parties.");
    yes(1, 1, found(KIND_VERIFY, "south-guns", FINDING_DONE));
    yes(3, 0, found(KIND_VERIFY, "north-guns", FINDING_DONE));
    no(0, 1, in_monitors(KIND_LAPSE, "north-guns"), REFUSED_DONE,
       "north-guns is verified done already.", "");
}

static void test_incidents(void **state)
{
    (void)state;
    struct payload s = with_words(KIND_STATEMENT);
    s.side = text_str("north");
    s.source = text_str("press");
    uint64_t i = tsim_file(&sim, 2, 1, s);
    struct leaf_hash cited = door_leaf(sim.rec.door, i), nothing = {{3}};
    struct payload p = with_words(KIND_INCIDENT);
    p.room = text_str("monitors");
    p.has_when = true;
    p.when = sim.rec.now;
    p.side = text_str("nobody");
    no(1, 1, p, REFUSED_UNKNOWN, "There is no side nobody at this table.", "Name a side");
    p.side = text_str("south");
    p.ref_count = 1;
    p.refs = &nothing;
    no(1, 1, p, REFUSED_EVIDENCE, "What it cites is no evidence at this table.", "Cite a report");
    /* The words are kinder where it was a statement: those of desk and record alike. */
    p.refs = &cited;
    assert_int_equal(tsim_try(&sim, 1, 1, p), REFUSED_EVIDENCE);
    const struct void_note *v = fold_void(sim.fold, sim.rec.count - 1);
    assert_true(text_is(v->what, "Words outside the table are evidence of nothing here."));
    p.ref_count = 0;
    i = tsim_file(&sim, 1, 1, p);
    struct payload a = about(KIND_ASSESS, i);
    a.room = text_str("monitors");
    a.verdict = VERDICT_VERIFIED;
    no(1, 1, a, REFUSED_SELF, "No side assesses a report of its own, or about itself.", "A monit");
    no(2, 1, a, REFUSED_SELF, "No side assesses a report of its own, or about itself.", "A monit");
    no(0, 1, a, REFUSED_VERIFIER, "Incidents are assessed by the monitors, not by m.", "Ask them.");
    a.answers = nothing;
    no(3, 0, a, REFUSED_UNKNOWN, "The incident that it names is not at this table.", "Synchronise");
}

static void test_gate(void **state)
{
    (void)state;
    struct payload p = {.kind = KIND_GATE, .phase = text_str("first")};
    no(1, 1, p, REFUSED_GATE, "Gate first stays closed: 1 of 5 hold. Missing: ",
       "See what is missing and who can supply it: entente journey.");
    p.phase = text_str("second");
    no(1, 1, p, REFUSED_PHASE, "Phase second is closed: 4 conditions of gate first are not met.",
       "");
}

static void test_publication(void **state)
{
    (void)state;
    struct leaf_hash ref = door_leaf(sim.rec.door, 3);
    struct payload c = {.kind = KIND_CONSENT, .ref_count = 1, .refs = &ref};
    struct payload p = {.kind = KIND_PUBLISHED, .ref_count = 1, .refs = &ref};
    no(1, 0, c, REFUSED_PUBLICATION,
       "Nothing is agreed yet; the charter publishes on agreement only.",
       "Wait until a package is ratified.");
    no(1, 0, p, REFUSED_PUBLICATION, "m has not consented to publish every one of these acts.",
       "Ask m: entente consent.");
    struct table_state s = *fold_state(sim.fold);
    struct refusal r;
    s.charter.publication = PUBLICATION_NEVER;
    assert_int_equal(tsim_judge(&sim, &s, 1, 0, c, &r), REFUSED_PUBLICATION);
    assert_string_equal(r.what, "The charter says that nothing is published.");
}

static void test_ceiling(void **state)
{
    (void)state;
    struct table_state s = *fold_state(sim.fold);
    struct refusal r;
    s.used[CEILING_PROPOSALS][1] = 256; /* act by act: test_ceiling.c */
    assert_int_equal(tsim_judge(&sim, &s, 1, 0, tsim_propose(), &r), REFUSED_LIMIT);
    assert_string_equal(r.what,
                        "north has 256 proposals, and its share of what the table holds is 256.");
    told[REFUSED_LIMIT] = true;
}

/* The last: none was forgotten. */
static void test_all_were_told(void **state)
{
    (void)state;
    for (unsigned i = 1; i < COUNT_OF(told); i++) {
        if (!told[i]) {
            fail_msg("refusal %u (rule %s) was never met", i, refusal_rule((enum refusal_code)i));
        }
    }
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_begun, close_sim)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_provisional, open_sim, close_sim),
        STORY(test_rooms),
        STORY(test_another_key),
        STORY(test_form),
        STORY(test_papers),
        cmocka_unit_test_setup_teardown(test_authority, open_signed, close_sim),
        STORY(test_limits),
        STORY(test_phases),
        cmocka_unit_test_setup_teardown(test_deadline, open_short, close_sim),
        STORY(test_offers),
        STORY(test_ratifying),
        STORY(test_deeds),
        STORY(test_incidents),
        STORY(test_gate),
        STORY(test_publication),
        STORY(test_ceiling),
        cmocka_unit_test(test_all_were_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
