/* SPDX-License-Identifier: Apache-2.0
 *
 * What is written at home: words and bytes of decisions; the rules for memos and decisions; that
 * nothing of it changes the shared state; what is kept beside.
 */
#include "table/home.h"

#include "base/cbor.h"
#include "lib/table_sim.h"
#include "lib/test.h"
#include "table/payload_priv.h"

/* ---- words and bytes ---- */

static void test_words(void **state)
{
    (void)state;
    static const char *const ways[] = {"accept", "counter", "wait", "consult", "lever", "leave"};
    static const char *const orders[] = {"accept", "counter", "wait",    "consult", "hold",
                                         "ready",  "apply",   "release", "leave"};
    enum way_kind w;
    enum order_kind o;
    enum heard h;
    enum sure s;
    for (unsigned i = 0; i < COUNT_OF(ways); i++) {
        assert_true(way_of(text_str(ways[i]), &w) && w == (enum way_kind)(i + 1));
    }
    for (unsigned i = 0; i < COUNT_OF(orders); i++) {
        assert_true(order_of(text_str(orders[i]), &o) && o == (enum order_kind)(i + 1));
        assert_string_equal(order_word(o), orders[i]);
    }
    assert_true(heard_of(text_str("guess"), &h) && h == HEARD_GUESS);
    assert_string_equal(heard_word(h), "my guess");
    assert_true(sure_of(text_str("open"), &s) && s == SURE_OPEN);
    assert_string_equal(sure_word(s), "cannot be told");
    assert_string_equal(way_word(WAY_LEVER), "Use a lever");
    assert_false(way_of(text_str("Accept"), &w) || order_of(text_str(""), &o) ||
                 heard_of(text_str("my guess"), &h) || sure_of(text_str("perhaps"), &s));
    assert_string_equal(order_word((enum order_kind)99), "?");
}

static void test_labels(void **state)
{
    (void)state;
    uint32_t n = 0;
    assert_true(decision_label(text_str("D1"), &n) && n == 1);
    assert_true(decision_label(text_str("D9999"), &n) && n == 9999);
    static const char *const bad[] = {"D", "D0", "D01", "d1", "D1x", "D10000", "1", "", "D-1"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(decision_label(text_str(bad[i]), &n));
    }
}

static struct payload decision(struct text *words, struct order *orders, uint32_t count)
{
    return (struct payload){.kind = KIND_DECIDE,
                            .room = text_str("home/m"),
                            .label = text_str("D1"),
                            .text_count = 1,
                            .texts = words,
                            .has_when = true,
                            .when = 1930000000,
                            .order_count = count,
                            .orders = orders};
}

static struct bytes bytes_in(struct arena *mem, const struct payload *p)
{
    struct buf b;
    buf_init(&b, DECISION_BYTES_MAX);
    decision_put(p, &b);
    assert_true(buf_ok(&b));
    struct bytes raw = arena_copy(mem, buf_bytes(&b));
    buf_free(&b);
    return raw;
}

static void test_bytes(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 20);
    struct text words = text_str("Counter with P2.\nHold the cap.");
    struct order orders[] = {{ORDER_COUNTER, {"P2", 2}}, {ORDER_WAIT, {"", 0}}};
    struct payload p = decision(&words, orders, 2), back = {.kind = KIND_DECIDE};
    struct err err = {0};
    struct bytes raw = bytes_in(&mem, &p);
    assert_true(decision_take(raw, &mem, &back, &err));
    assert_true(text_is(back.label, "D1") && text_eq(back.texts[0], words) && back.when == p.when &&
                back.has_when && !back.has_answers && back.order_count == 2 &&
                back.orders[1].kind == ORDER_WAIT && text_is(back.orders[0].subject, "P2"));
    assert_true(bytes_eq(bytes_in(&mem, &back), raw));
    struct digest d = decision_digest(raw), plain = digest_plain(raw);
    assert_false(ID_EQ(d, plain));
    /* Cut anywhere, or with something behind it, it is none. */
    for (size_t n = 0; n < raw.n; n++) {
        assert_false(decision_take(bytes_slice(raw, 0, n), &mem, &back, &err));
    }
    p.label = text_str("E1");
    assert_false(decision_take(bytes_in(&mem, &p), &mem, &back, &err));
    p.label = text_str("D1");
    p.when = SECONDS_MAX + 1;
    assert_false(decision_take(bytes_in(&mem, &p), &mem, &back, &err));
    test_arena_free(&mem);
}

/* ---- at a table ---- */

static struct table_sim sim;

static int open_begun(void **state)
{
    sim.phase_seconds = 0;
    sim.change = NULL;
    tsim_open(&sim, 77);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static void two_issues(struct arena *mem, struct charter *c)
{
    struct issue *issues = ARENA_NEW(mem, struct issue, 2);
    assert_non_null(issues);
    issues[0] = issues[1] = c->issues[0];
    issues[1].id = text_str("water");
    c->issues = issues;
    c->issue_count = 2;
}

static int open_two(void **state)
{
    sim.phase_seconds = 0;
    sim.change = two_issues;
    tsim_open(&sim, 77);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    (void)state;
    tsim_close(&sim);
    return 0;
}

static struct bytes signed_by(uint32_t side, const struct payload *p)
{
    struct object o = {.kind = OBJECT_DECIDE, .has_text = true, .text = text_str("now")};
    o.digest = decision_digest(bytes_in(&sim.rec.mem, p));
    return tsim_sign(&sim, side, o);
}

static struct text where = {.p = "P1 is met in part", .n = 17};

static struct payload memo(struct memo_way *ways, uint32_t count)
{
    return (struct payload){.kind = KIND_MEMO,
                            .room = text_str("home/m"),
                            .text_count = 1,
                            .texts = &where,
                            .way_count = count,
                            .ways = ways,
                            .has_recommend = true};
}

static const struct private_state *mine(void)
{
    return fold_private(sim.fold);
}

static void no(uint32_t side, uint32_t seat, struct payload p, enum refusal_code code,
               const char *what)
{
    struct refusal r;
    assert_int_equal(tsim_judge(&sim, fold_state(sim.fold), side, seat, p, &r), code);
    if (strncmp(r.what, what, strlen(what)) != 0) {
        fail_msg("\"%s\", not \"%s\"", r.what, what);
    }
    assert_int_equal(tsim_try(&sim, side, seat, p), code);
}

static void test_rules(void **state)
{
    (void)state;
    struct memo_way ways[] = {{WAY_WAIT, {"", 0}, {"nothing", 7}, SURE_OPEN}};
    struct order orders[] = {{ORDER_HOLD, {"cap", 3}}};
    struct text words = text_str("Hold it.");
    struct payload m = memo(ways, 1), d = decision(&words, orders, 1);
    m.recommend = 1;
    no(0, 1, m, REFUSED_FORM, "The memo recommends option 2, and has 1.");
    m.recommend = 0;
    m.room = text_str("plenary");
    no(0, 1, m, REFUSED_ROOM, "An act of kind \"memo\" counts at home only, not in plenary.");
    m.room = text_str("home/north");
    no(0, 1, m, REFUSED_MEMBER, "");
    d.object = signed_by(0, &d);
    d.label = text_str("decision");
    no(0, 0, d, REFUSED_FORM, "A decision is named D and a number.");
    d.label = text_str("D2"); /* not what was signed */
    no(0, 0, d, REFUSED_OBJECT, "What was signed is not this decision.");
    d.label = text_str("D1");
    d.order_count = 0;
    no(0, 0, d, REFUSED_OBJECT, "What was signed is not this decision.");
    d.order_count = 1;
    d.object = signed_by(1, &d);
    no(0, 0, d, REFUSED_OBJECT, "The signed paper is ");
    d.object = bytes_str("no paper");
    no(0, 1, d, REFUSED_OBJECT, "The signed paper in this act does not verify.");
    d.object = signed_by(0, &d);
    assert_int_equal(tsim_try(&sim, 0, 1, d), REFUSED_NOT); /* any seat of the side carries it */
}

/* Whatever is written at home and in shuttles, sound or void, the state and its digest stay. */
static void test_state_stays(void **state)
{
    (void)state;
    struct digest before = tsim_digest(&sim);
    struct debrief_line lines[] = {{.heard = HEARD_SAID, .text = {"one bank", 8}}};
    struct memo_way ways[] = {{WAY_COUNTER, {"P2", 2}, {"both points close", 17}, SURE_LIKELY}};
    struct order orders[] = {{ORDER_COUNTER, {"P2", 2}}};
    struct text words = text_str("Counter.");
    struct payload d = decision(&words, orders, 1);
    struct payload report = {
        .kind = KIND_DEBRIEF, .room = text_str("home/m"), .line_count = 1, .lines = lines};
    assert_int_equal(tsim_try(&sim, 0, 1, report), REFUSED_NOT);
    uint64_t at = tsim_file(&sim, 0, 1, memo(ways, 1));
    d.has_answers = true;
    d.answers = door_leaf(sim.rec.door, at);
    d.object = signed_by(0, &d);
    assert_int_equal(tsim_try(&sim, 0, 0, d), REFUSED_NOT);
    assert_int_equal(tsim_try(&sim, 0, 1, d), REFUSED_NOT); /* the same paper says nothing new */
    struct payload bad = memo(ways, 1);
    bad.recommend = 9;
    assert_int_equal(tsim_try(&sim, 0, 1, bad), REFUSED_FORM);
    struct digest after = tsim_digest(&sim);
    assert_true(ID_EQ(before, after));
    assert_true(mine()->memo_count == 1 && mine()->decision_count == 1);
    const struct decision_note *n = decision_of_label(mine(), text_str("D1"));
    struct digest seal = object_id(d.object);
    assert_true(n != NULL && ID_EQ(n->seal, seal) && n == decision_of_seal(mine(), &seal));
    assert_true(n->has_memo && ID_EQ(n->memo, d.answers) && text_is(n->text, "Counter."));
    /* What follows it: the seal alone, which is no leaf of the log. */
    struct payload p = tsim_propose();
    p.has_follows = true;
    p.follows = seal;
    uint64_t index = tsim_file(&sim, 0, 0, p);
    assert_null(fold_void(sim.fold, index));
    for (uint64_t i = 0; i < sim.rec.count; i++) {
        struct leaf_hash leaf = door_leaf(sim.rec.door, i);
        assert_memory_not_equal(leaf.b, seal.b, 32);
    }
}

static void test_orders_and_reviews(void **state)
{
    (void)state;
    struct order first[] = {{ORDER_HOLD, {"cap", 3}}, {ORDER_COUNTER, {"P2", 2}}};
    struct order second[] = {{ORDER_READY, {"cap", 3}}};
    struct text words = text_str("So be it.");
    const enum order_kind of_levers[] = {ORDER_HOLD, ORDER_READY, ORDER_APPLY, ORDER_RELEASE};
    const struct decision_note *in = NULL;
    struct payload d = decision(&words, first, 2);
    assert_null(decision_due(mine(), UINT64_MAX));
    d.when = sim.rec.now + 1000;
    d.object = signed_by(0, &d);
    (void)tsim_file(&sim, 0, 0, d);
    const struct order *o = decision_order(mine(), of_levers, 4, text_str("cap"), &in);
    assert_true(o != NULL && o->kind == ORDER_HOLD && text_is(in->label, "D1"));
    assert_null(decision_order(mine(), of_levers, 4, text_str("P2"), &in));
    assert_null(decision_due(mine(), d.when - 1));
    assert_non_null(decision_due(mine(), d.when));
    uint64_t due = d.when;
    /* One of before the hour does not settle the review; one at it does. */
    d = decision(&words, second, 1);
    d.label = text_str("D2");
    d.has_when = false;
    d.object = signed_by(0, &d);
    (void)tsim_file(&sim, 0, 0, d);
    o = decision_order(mine(), of_levers, 4, text_str("cap"), &in);
    assert_true(o != NULL && o->kind == ORDER_READY && text_is(in->label, "D2"));
    assert_non_null(decision_due(mine(), due));
    sim.rec.now = due;
    d.label = text_str("D3");
    d.object = signed_by(0, &d);
    (void)tsim_file(&sim, 0, 0, d);
    assert_null(decision_due(mine(), due + 1));
}

/* A minute is confirmed by those who were there, and by nobody else. */
static void test_minutes(void **state)
{
    (void)state;
    struct kid author = signer_kid(sim.rec.sides[0].seats[1].sign);
    struct kid other = signer_kid(sim.rec.sides[1].seats[1].sign);
    bool after = memcmp(author.b, other.b, 32) < 0;
    struct kid present[] = {after ? author : other, after ? other : author};
    struct text words = text_str("One hour.");
    char room[ROOM_NAME_MAX];
    room_name(&sim.charter, (struct room){ROOM_SHUTTLE, 1}, room);
    struct payload p = {.kind = KIND_MEET,
                        .room = text_str(room),
                        .text_count = 1,
                        .texts = &words,
                        .present_count = 2,
                        .present = present};
    uint64_t at = tsim_file(&sim, 0, 1, p);
    struct leaf_hash leaf = door_leaf(sim.rec.door, at);
    const struct minute_note *m = minute_of(mine(), &leaf);
    assert_non_null(m);
    assert_false(minute_confirmed(m, &author));
    struct payload yes = {.kind = KIND_CONFIRM, .room = text_str(room), TSIM_ABOUT(&sim, at)};
    (void)tsim_file(&sim, 1, 0, yes); /* was not there */
    assert_false(minute_confirmed(minute_of(mine(), &leaf), &author));
    (void)tsim_file(&sim, 1, 1, yes);
    assert_true(minute_confirmed(minute_of(mine(), &leaf), &author));
}

/* Marked lines are kept with whose words they are; those without a mark are not listed. */
static void test_marked_lines(void **state)
{
    (void)state;
    char room[ROOM_NAME_MAX];
    room_name(&sim.charter, (struct room){ROOM_SHUTTLE, 1}, room);
    struct kid present = signer_kid(sim.rec.sides[0].seats[1].sign);
    struct text words = text_str("One hour.");
    struct debrief_line said[] = {
        {.heard = HEARD_SAID, .text = text_str("five km back"), .mark = MARK_KEEP},
        {.heard = HEARD_SAID, .text = text_str("nothing of it")},
        {.heard = HEARD_GUESS,
         .text = text_str("they are tired"),
         .mark = MARK_HINT,
         .side = text_str("south")},
        {.heard = HEARD_READ,
         .text = text_str("a map"),
         .mark = MARK_CARRY,
         .side = text_str("nobody-here")}};
    struct payload meet = {.kind = KIND_MEET,
                           .room = text_str(room),
                           .text_count = 1,
                           .texts = &words,
                           .present_count = 1,
                           .present = &present,
                           .line_count = COUNT_OF(said),
                           .lines = said};
    struct payload report = {
        .kind = KIND_DEBRIEF, .room = text_str("home/m"), .line_count = 1, .lines = said};
    struct digest before = tsim_digest(&sim);
    uint64_t first = tsim_file(&sim, 0, 1, meet);
    uint64_t second = tsim_file(&sim, 0, 1, report);
    struct digest after = tsim_digest(&sim);
    assert_true(ID_EQ(before, after));
    const struct carry_note *n = mine()->carries;
    assert_int_equal(mine()->carry_count, 4);
    assert_true(n[0].mark == MARK_KEEP && n[0].side == 1 && n[0].index == first);
    assert_true(n[0].room.kind == ROOM_SHUTTLE && text_is(n[0].text, "five km back"));
    assert_true(n[1].mark == MARK_HINT && n[1].side == 2 && n[1].heard == HEARD_GUESS);
    assert_true(n[2].mark == MARK_CARRY && n[2].side == CHARTER_NONE);
    assert_true(n[3].side == CHARTER_NONE && n[3].index == second);
    assert_int_equal(n[3].room.kind, ROOM_HOME);
}

/* What matters: of the charter's issues and options; the newest word counts; nothing in the state. */
static void test_interests(void **state)
{
    (void)state;
    const struct issue *issues = sim.charter.issues;
    struct interest_item said[] = {{issues[0].id, 0, INTEREST_WANT},
                                   {issues[0].id, 1, INTEREST_NEVER}};
    struct prefer_item prefers[] = {{issues[0].id, issues[1].id, PREFER_MORE}};
    struct payload p = {.kind = KIND_INTERESTS,
                        .room = text_str("home/m"),
                        .interest_count = 2,
                        .interests = said,
                        .prefer_count = 1,
                        .prefers = prefers};
    struct payload bad = p;
    bad.interest_count = bad.prefer_count = 0;
    no(0, 1, bad, REFUSED_FORM, "It says nothing of what matters.");
    bad = p;
    bad.room = text_str("plenary");
    no(0, 1, bad, REFUSED_ROOM,
       "An act of kind \"interests\" counts at home only, not in plenary.");
    bad = p;
    said[1].issue = text_str("fish");
    no(0, 1, bad, REFUSED_UNKNOWN, "The charter has no issue fish.");
    said[1] = (struct interest_item){issues[0].id, issues[0].option_count, INTEREST_NICE};
    no(0, 1, bad, REFUSED_UNKNOWN, "Issue ");
    said[1] = (struct interest_item){issues[0].id, 1, INTEREST_NEVER};
    prefers[0].less = issues[0].id;
    no(0, 1, bad, REFUSED_FORM, "It compares ");
    prefers[0].less = issues[1].id;
    struct digest before = tsim_digest(&sim);
    assert_int_equal(tsim_try(&sim, 0, 1, p), REFUSED_NOT);
    assert_true(mine()->interest_count == 2 && mine()->prefer_count == 1);
    assert_true(mine()->interests[1].interest == INTEREST_NEVER && mine()->prefers[0].less == 1);
    said[1].interest = INTEREST_NONE;
    prefers[0] = (struct prefer_item){issues[1].id, issues[0].id, PREFER_SAME};
    assert_int_equal(tsim_try(&sim, 0, 1, p), REFUSED_NOT);
    assert_true(mine()->interest_count == 2 && mine()->prefer_count == 1);
    assert_true(mine()->interests[1].interest == INTEREST_NONE && mine()->prefers[0].more == 1);
    struct digest after = tsim_digest(&sim);
    assert_true(ID_EQ(before, after));
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_begun, close_sim)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_bytes),
        STORY(test_rules),
        STORY(test_state_stays),
        STORY(test_orders_and_reviews),
        STORY(test_minutes),
        STORY(test_marked_lines),
        cmocka_unit_test_setup_teardown(test_interests, open_two, close_sim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
