/* SPDX-License-Identifier: Apache-2.0 */
#include "table/charter.h"

#include <stdlib.h>

#include "base/cbor.h"
#include "lib/charters.h"
#include "lib/test.h"

#define MEM_BYTES (1u << 20)

static void test_small(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem);
    struct err err = {0};
    assert_true(charter_check(&c, &err));
    assert_int_equal(charter_find_side(&c, text_str("m")), 0);
    assert_int_equal(charter_find_side(&c, text_str("club")), 4);
    assert_int_equal(charter_find_side(&c, text_str("clu")), CHARTER_NONE);
    assert_int_equal(charter_find_phase(&c, text_str("second")), 1);
    assert_int_equal(charter_find_phase(&c, text_str("third")), CHARTER_NONE);
    assert_int_equal(charter_find_deed(&c, text_str("south-guns")), 1);
    assert_int_equal(charter_find_deed(&c, text_str("")), CHARTER_NONE);
    assert_int_equal(charter_find_lever(&c, text_str("cap")), 0);
    assert_int_equal(charter_find_lever(&c, text_str("line")), CHARTER_NONE);
    assert_int_equal(charter_groups(&c), 3);
    test_arena_free(&mem);
}

/* An empty place has no id that anybody could name. */
static void test_no_mediation(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem);
    struct err err = {0};
    c.sides[0] = (struct charter_side){.role = ROLE_MEDIATION};
    c.levers[0].holder = 2;
    c.arbiter = CHARTER_NONE;
    assert_true(charter_check(&c, &err));
    assert_int_equal(charter_find_side(&c, (struct text){0}), CHARTER_NONE);
    test_arena_free(&mem);
}

/* One change each of the small charter; what is then refused. */
static struct text long_words(char *room, size_t n)
{
    memset(room, 'a', n);
    return (struct text){.p = room, .n = n};
}

static char room[1024];

#define CHANGES(X)                                                                                 \
    X(no_sides, PART_WHOLE, "sides", c->side_count = 0)                                            \
    X(many_sides, PART_WHOLE, "sides", c->side_count = 33)                                         \
    X(many_parties, PART_WHOLE, "more than all sides", c->party_count = 5)                         \
    X(many_monitors, PART_WHOLE, "more than all sides", c->monitor_count = 3)                      \
    X(no_party, PART_WHOLE, "two sides", c->party_count = 0)                                       \
    X(large_earlier, PART_WHOLE, "the earlier table has", c->earlier.size = UINT64_MAX)            \
    X(no_table, PART_TABLE, "the name of the table is empty", c->table.n = 0)                      \
    X(long_table, PART_TABLE, "129 bytes", c->table = long_words(room, 129))                       \
    X(long_goal, PART_GOAL, "513 bytes", c->goal = long_words(room, 513))                          \
    X(goal_lines, PART_GOAL, "more than one line", c->goal = text_str("a\nb"))                     \
    X(goal_blank, PART_GOAL, "blank", c->goal = text_str(" a"))                                    \
    X(goal_control, PART_GOAL, "control", c->goal = text_str("a\x1b[31m"))                         \
    X(no_phases, PART_WHOLE, "phases", c->phase_count = 0)                                         \
    X(many_phases, PART_WHOLE, "phases", c->phase_count = 17)                                      \
    X(many_issues, PART_WHOLE, "issues", c->issue_count = 257)                                     \
    X(many_deeds, PART_WHOLE, "deeds", c->deed_count = 129)                                        \
    X(many_levers, PART_WHOLE, "levers", c->lever_count = 65)                                      \
    X(wrong_role, PART_SIDE, "another role", c->sides[3].role = ROLE_CONSULTED)                    \
    X(absent_party, PART_SIDE, "missing", c->sides[2].present = false)                             \
    X(full_absence, PART_SIDE, "not empty", c->sides[0].present = false)                           \
    X(bad_id, PART_SIDE, "\"North\" is no id", c->sides[1].id = text_str("North"))                 \
    X(all_id, PART_SIDE, "\"all\"", c->sides[1].id = text_str("all"))                              \
    X(same_side, PART_SIDE, "two sides have the id north", c->sides[4].id = text_str("north"))     \
    X(no_name, PART_SIDE, "the name of a side is empty", c->sides[1].name.n = 0)                   \
    X(no_seat, PART_SIDE, "seats of a side", c->sides[1].seat_count = 0)                           \
    X(many_seats, PART_SIDE, "seats of a side", c->sides[1].seat_count = 33)                       \
    X(no_title, PART_SIDE, "title", c->sides[1].seats[1].n = 0)                                    \
    X(nine_keys, PART_SIDE, "9 successor keys", c->sides[1].successor_count = 9)                   \
    X(four_of_three, PART_SIDE, "4 of 3", c->sides[1].successors_needed = 4)                       \
    X(none_of_three, PART_SIDE, "0 of 3", c->sides[1].successors_needed = 0)                       \
    X(party_stake, PART_SIDE, "only who is consulted", c->sides[1].phase_count = 1)                \
    X(no_stake, PART_SIDE, "in no phase", c->sides[4].phase_count = 0)                             \
    X(far_stake, PART_SIDE, "ascending", c->sides[4].phases[0] = 2)                                \
    X(stake_twice, PART_SIDE, "ascending",                                                         \
      (c->sides[4].phase_count = 2, c->sides[4].phases[1] = 1))                                    \
    X(decision, PART_PROCEDURE, "decision rule 0", c->decision = (enum decision_rule)0)            \
    X(minority, PART_PROCEDURE, "1 of 2 parties is not more than half",                            \
      (c->decision = DECISION_QUALIFIED, c->decision_needed = 1))                                  \
    X(too_many, PART_PROCEDURE, "3 of 2 parties",                                                  \
      (c->decision = DECISION_QUALIFIED, c->decision_needed = 3))                                  \
    X(veto_monitor, PART_PROCEDURE, "who is no party",                                             \
      (c->decision = DECISION_QUALIFIED, c->decision_needed = 2, c->veto = 8))                     \
    X(veto_alone, PART_PROCEDURE, "where no qualified rule is", c->veto = 2)                       \
    X(publication, PART_PROCEDURE, "rule 3", c->publication = (enum publication)3)                 \
    X(silence, PART_PROCEDURE, "silence", c->silence_seconds = 59)                                 \
    X(grace, PART_PROCEDURE, "the grace is 59s, and at least 1m", c->grace_seconds = 59)           \
    X(arbiter_party, PART_PROCEDURE, "neither the mediation nor a monitor", c->arbiter = 1)        \
    X(arbiter_nobody, PART_PROCEDURE, "neither", c->arbiter = 5)                                   \
    X(long_grace, PART_PROCEDURE, "the grace is", c->grace_seconds = 31536001)                     \
    X(phase_id, PART_PHASE, "is no id", c->phases[0].id = text_str("1st"))                         \
    X(same_phase, PART_PHASE, "two phases", c->phases[1].id = text_str("first"))                   \
    X(long_wish, PART_PHASE, "wish", c->phases[0].wish_seconds = CHARTER_SPAN_MAX + 1)             \
    X(long_deadline, PART_PHASE, "deadline", c->phases[0].deadline_seconds = UINT64_MAX)           \
    X(no_gate, PART_PHASE, "no gate", c->phases[0].condition_count = 0)                            \
    X(many_conditions, PART_PHASE, "33 conditions", c->phases[0].condition_count = 33)             \
    X(kind_0, PART_PHASE, "kind 0", c->phases[0].conditions[0].kind = (enum condition_kind)0)      \
    X(kind_10, PART_PHASE, "kind 10", c->phases[0].conditions[0].kind = (enum condition_kind)10)   \
    X(gate_deed, PART_PHASE, "deed 2", c->phases[0].conditions[2].deed = 2)                        \
    X(no_quiet, PART_PHASE, "quiet", c->phases[0].conditions[3].seconds = 0)                       \
    X(gate_twice, PART_PHASE, "twice", c->phases[0].conditions[1].kind = CONDITION_AGREED)         \
    X(settled_twice, PART_PHASE, "twice", c->phases[1].conditions[1].side = 1)                     \
    X(settled_monitor, PART_PHASE, "watch, which is not a party",                                  \
      c->phases[1].conditions[0].side = 3)                                                         \
    X(consulted_party, PART_PHASE, "not one of those", c->phases[1].conditions[2].side = 1)        \
    X(undertaken_party, PART_PHASE, "third party", c->phases[1].conditions[3].side = 1)            \
    X(settled_nobody, PART_PHASE, "side 5", c->phases[1].conditions[0].side = 5)                   \
    X(issue_id, PART_ISSUE, "is no id", c->issues[0].id.n = 0)                                     \
    X(issue_phase, PART_ISSUE, "phase 2", c->issues[0].phase = 2)                                  \
    X(issue_owner, PART_ISSUE, "its owner is no party", c->issues[0].owner = 3)                    \
    X(no_option, PART_ISSUE, "no options", c->issues[0].option_count = 0)                          \
    X(many_options, PART_ISSUE, "257 options", c->issues[0].option_count = 257)                    \
    X(same_option, PART_ISSUE, "\"here\" twice", c->issues[0].options[1] = text_str("here"))       \
    X(long_option, PART_ISSUE, "257 bytes", c->issues[0].options[0] = long_words(room, 257))       \
    X(deed_id, PART_DEED, "is no id", c->deeds[0].id = text_str("guns!"))                          \
    X(same_deed, PART_DEED, "two deeds", c->deeds[1].id = text_str("north-guns"))                  \
    X(deed_by, PART_DEED, "side 5", c->deeds[0].by = 5)                                            \
    X(deed_by_club, PART_DEED, "does not sit", c->deeds[0].by = 4)                                 \
    X(deed_self, PART_DEED, "verify its own", c->deeds[0].verifier = 1)                            \
    X(deed_verifier, PART_DEED, "side 9", c->deeds[0].verifier = 9)                                \
    X(deed_club, PART_DEED, "does not sit", c->deeds[0].verifier = 4)                              \
    X(lever_id, PART_LEVER, "is no id", c->levers[0].id = text_str("-"))                           \
    X(lever_holder, PART_LEVER, "side 5", c->levers[0].holder = 5)                                 \
    X(lever_touches, PART_LEVER, "side 7", c->levers[0].touches = 7)                               \
    X(lever_self, PART_LEVER, "its own holder", c->levers[0].touches = 0)                          \
    X(lever_deed, PART_LEVER, "deed 2", c->levers[0].permitted_when_failed = 2)                    \
    X(lever_ask, PART_LEVER, "not one of those consulted", c->levers[0].ask[0] = 1)                \
    X(lever_ask_holder, PART_LEVER, "its holder", c->levers[0].holder = 4)                         \
    X(lever_asks, PART_LEVER, "ascending", (c->levers[0].ask_count = 2, c->levers[0].ask[1] = 4))  \
    X(lever_many, PART_LEVER, "33 sides", c->levers[0].ask_count = 33)                             \
    X(weights, PART_QUIET, "weigh more", c->weight_minor = 6)                                      \
    X(heavy, PART_QUIET, "above 1000", c->weight_serious = 1001)                                   \
    X(half_life, PART_QUIET, "half-life", c->half_life_seconds = 0)

#define CHANGE_FUNCTION(name, part, fault, change)                                                 \
    static void change_##name(struct charter *c)                                                   \
    {                                                                                              \
        (void)(change);                                                                            \
    }
CHANGES(CHANGE_FUNCTION)

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*change)(struct charter *c);
        enum charter_part part;
        const char *fault;
    } cases[] = {
#define CHANGE_ROW(name, part, fault, change) {#name, change_##name, part, fault},
        CHANGES(CHANGE_ROW)
#undef CHANGE_ROW
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena mem = test_arena(MEM_BYTES);
        struct charter c = charter_small(&mem);
        struct charter_place place = {0};
        struct err err = {0};
        cases[i].change(&c);
        if (charter_check_next(&c, NULL, &place, &err)) {
            fail_msg("%s was taken", cases[i].name);
        }
        if (strstr(err.what, cases[i].fault) == NULL || place.part != cases[i].part ||
            (err.code != ERR_FORMAT && err.code != ERR_LIMIT)) {
            fail_msg("%s: part %d, %s", cases[i].name, (int)place.part, err.what);
        }
        struct buf out;
        buf_init(&out, CHARTER_CBOR_MAX);
        assert_false(charter_encode(&c, &out, &err));
        assert_int_equal(out.n, 0);
        buf_free(&out);
        test_arena_free(&mem);
    }
}

static void test_parts_are_named(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem);
    struct charter_place place = {0};
    struct err err = {0};
    c.phases[0].conditions[3].seconds = 0;
    assert_false(charter_check_next(&c, NULL, &place, &err));
    assert_int_equal(place.index, 0);
    assert_int_equal(place.condition, 3);
    assert_string_equal(err.where, "phase first");
    c = charter_small(&mem);
    c.deeds[1].verifier = 2;
    assert_false(charter_check_next(&c, NULL, &place, &err));
    assert_int_equal(place.index, 1);
    assert_int_equal(place.condition, CHARTER_NONE);
    assert_string_equal(err.where, "deed south-guns");
    assert_non_null(strstr(err.mend, "no side verifies itself"));
    test_arena_free(&mem);
}

/* Decodes from memory that is gone afterwards, and encodes again. */
static bool again(struct bytes raw, struct buf *out)
{
    struct arena mem = test_arena(MEM_BYTES * 2);
    struct charter c;
    struct err err = {0};
    uint8_t *copy = malloc(raw.n == 0 ? 1 : raw.n);
    assert_non_null(copy);
    memcpy(copy, raw.p, raw.n);
    bool ok = charter_decode(bytes_of(copy, raw.n), &mem, &c, &err);
    memset(copy, 0xff, raw.n);
    free(copy);
    if (ok) {
        assert_true(charter_encode(&c, out, &err));
    } else {
        assert_true(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
    }
    test_arena_free(&mem);
    return ok;
}

static void flip_bytes(struct prop *rnd, struct bytes raw)
{
    uint8_t *copy = malloc(raw.n);
    assert_non_null(copy);
    for (int i = 0; i < 40; i++) {
        struct buf out;
        buf_init(&out, CHARTER_CBOR_MAX);
        memcpy(copy, raw.p, raw.n);
        copy[prop_below(rnd, raw.n)] ^= (uint8_t)(1u << prop_below(rnd, 8));
        size_t n = prop_one_in(rnd, 4) ? prop_below(rnd, raw.n) : raw.n;
        if (again(bytes_of(copy, n), &out)) {
            assert_true(bytes_eq(buf_bytes(&out), bytes_of(copy, n)));
        }
        buf_free(&out);
    }
    free(copy);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "charter");
    for (size_t i = 0, n = prop_rounds(60); i < n; i++) {
        struct arena mem = test_arena(MEM_BYTES);
        struct charter c = charter_random(&rnd, &mem);
        struct err err = {0};
        struct buf out, twice;
        buf_init(&out, CHARTER_CBOR_MAX);
        buf_init(&twice, CHARTER_CBOR_MAX);
        if (!charter_encode(&c, &out, &err)) {
            fail_msg("%s (%s)", err.what, err.where);
        }
        assert_true(cbor_valid(buf_bytes(&out)));
        assert_true(again(buf_bytes(&out), &twice));
        assert_true(bytes_eq(buf_bytes(&out), buf_bytes(&twice)));
        flip_bytes(&rnd, buf_bytes(&out));
        buf_free(&out);
        buf_free(&twice);
        test_arena_free(&mem);
    }
}

/* Field by field for one charter: a codec that forgot a field would still go round. */
static void test_fields_survive(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem), d;
    struct err err = {0};
    struct buf out;
    c.publication = PUBLICATION_NEVER;
    c.phases[0].wish_seconds = 7;
    c.phases[0].deadline_seconds = 8;
    c.issues[0].owner = 2;
    buf_init(&out, CHARTER_CBOR_MAX);
    assert_true(charter_encode(&c, &out, &err));
    assert_true(charter_decode(buf_bytes(&out), &mem, &d, &err));
    buf_free(&out);
    assert_true(text_eq(c.table, d.table) && text_eq(c.goal, d.goal));
    assert_int_equal(d.side_count, 5);
    assert_int_equal(d.party_count, 2);
    assert_int_equal(d.monitor_count, 1);
    assert_int_equal(d.arbiter, 0);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(d.sides[i].role, c.sides[i].role);
        assert_true(text_eq(d.sides[i].id, c.sides[i].id));
        assert_true(text_is(d.sides[i].seats[1], "envoy"));
    }
    assert_int_equal(d.sides[1].successors_needed, 2);
    assert_int_equal(d.sides[1].successor_count, 3);
    assert_int_equal(d.sides[4].phases[0], 1);
    assert_int_equal(d.decision, DECISION_UNANIMITY);
    assert_int_equal(d.silence_seconds, 172800);
    assert_int_equal(d.grace_seconds, 86400);
    assert_int_equal(d.publication, PUBLICATION_NEVER);
    assert_true(d.phases[0].papers_only && !d.phases[1].papers_only);
    assert_int_equal(d.phases[0].wish_seconds, 7);
    assert_int_equal(d.phases[0].deadline_seconds, 8);
    for (uint32_t i = 0; i < 10; i++) {
        const struct condition *x = &c.phases[i / 5].conditions[i % 5];
        const struct condition *y = &d.phases[i / 5].conditions[i % 5];
        assert_true(x->kind == y->kind && x->deed == y->deed && x->side == y->side &&
                    x->seconds == y->seconds);
    }
    assert_int_equal(d.issues[0].owner, 2);
    assert_true(text_is(d.issues[0].options[1], "there"));
    assert_int_equal(d.deeds[0].verifier, 3);
    assert_int_equal(d.deeds[1].verifier, CHARTER_NONE);
    assert_int_equal(d.levers[0].touches, 1);
    assert_int_equal(d.levers[0].permitted_when_failed, 0);
    assert_int_equal(d.levers[0].ask[0], 4);
    assert_true(d.weight_minor == 1 && d.weight_serious == 5 && d.half_life_seconds == 172800);
    test_arena_free(&mem);
}

/* The table that this one follows: there and back, absent where there is none, never empty. */
static void test_earlier(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 20);
    struct charter c = charter_small(&mem), d;
    struct err err = {0};
    struct buf with, without;
    buf_init(&with, CHARTER_CBOR_MAX);
    buf_init(&without, CHARTER_CBOR_MAX);
    assert_true(charter_encode(&c, &without, &err));
    memset(c.earlier.table.b, 7, 32);
    memset(c.earlier.root.b, 9, 32);
    c.earlier.size = 23;
    assert_true(charter_encode(&c, &with, &err));
    assert_true(charter_decode(buf_bytes(&without), &mem, &d, &err));
    assert_int_equal(d.earlier.size, 0);
    assert_true(charter_decode(buf_bytes(&with), &mem, &d, &err));
    assert_int_equal(d.earlier.size, 23);
    assert_true(ID_EQ(d.earlier.table, c.earlier.table) && ID_EQ(d.earlier.root, c.earlier.root));
    /* The size is the byte before the last bstr(32). */
    struct bytes raw = arena_copy(&mem, buf_bytes(&with));
    uint8_t *bytes = (uint8_t *)(uintptr_t)raw.p;
    assert_int_equal(bytes[raw.n - 35], 23);
    bytes[raw.n - 35] = 0;
    assert_false(charter_decode(raw, &mem, &d, &err));
    assert_non_null(strstr(err.what, "the earlier table has no acts"));
    buf_free(&with);
    buf_free(&without);
    test_arena_free(&mem);
}

static void test_ceiling(void **state)
{
    (void)state;
    struct arena mem = test_arena(4u << 20);
    struct charter c = charter_small(&mem);
    struct err err = {0};
    c.issue_count = TERMS_ISSUES_MAX;
    c.issues = ARENA_NEW(&mem, struct issue, TERMS_ISSUES_MAX);
    for (uint32_t i = 0; i < TERMS_ISSUES_MAX; i++) {
        const char *id = arena_printf(&mem, "issue-%u", i);
        const char *option = arena_printf(&mem, "%0250u", i);
        c.issues[i] = (struct issue){.id = text_str(id),
                                     .owner = CHARTER_NONE,
                                     .option_count = 1,
                                     .options = ARENA_NEW(&mem, struct text, 1)};
        c.issues[i].options[0] = text_str(option);
    }
    struct buf out;
    buf_init(&out, 1u << 20);
    assert_false(charter_encode(&c, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(out.n, 0);
    c.issue_count = 200;
    assert_true(charter_encode(&c, &out, &err));
    buf_add_fill(&out, 0, CHARTER_CBOR_MAX);
    struct charter d;
    assert_false(charter_decode(buf_bytes(&out), &mem, &d, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_free(&out);
    test_arena_free(&mem);
}

static bool decode_in(struct arena *mem, void *ctx)
{
    const struct buf *raw = ctx;
    struct charter c;
    struct err err = {0};
    return charter_decode(buf_bytes(raw), mem, &c, &err) || err.code != ERR_MEMORY; /* no other */
}

static void test_memory_faults(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem);
    struct err err = {0};
    struct buf out;
    buf_init(&out, CHARTER_CBOR_MAX);
    assert_true(charter_encode(&c, &out, &err));
    assert_true(test_faults(decode_in, &out, MEM_BYTES) > 10);
    buf_free(&out);
    test_arena_free(&mem);
}

static void test_condition_words(void **state)
{
    (void)state;
    static const char *const words[2][5] = {
        {"a package is agreed at the table", "all parties have ratified",
         "north-guns is verified done", "no incident for 72 hours",
         "no report waits to be assessed"},
        {"settled within north", "settled within south", "club has been consulted",
         "club has undertaken its part", "the text is adopted"},
    };
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem);
    for (uint32_t i = 0; i < 2; i++) {
        for (uint32_t k = 0; k < 5; k++) {
            assert_true(
                text_is(condition_words(&c, &c.phases[i].conditions[k], &mem), words[i][k]));
        }
    }
    struct condition odd = {.kind = CONDITION_QUIET, .seconds = 90};
    assert_true(text_is(condition_words(&c, &odd, &mem), "no incident for 90s"));
    struct arena none = {0};
    assert_true(text_is(condition_words(&c, &odd, &none), "?"));
    test_arena_free(&mem);
}

/* True iff some warning of the charter has these words. */
static bool warned(const struct charter *c, const char *words)
{
    struct arena mem = test_arena(MEM_BYTES);
    struct text out[32];
    size_t n = charter_warnings(c, &mem, out, COUNT_OF(out));
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        char *s = arena_str(&mem, text_bytes(out[i]));
        assert_non_null(s);
        found = found || strstr(s, words) != NULL;
    }
    test_arena_free(&mem);
    return found;
}

static void test_warnings(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem);
    struct text out[8];
    c.phase_count = 1;
    c.side_count = 4; /* the club has a stake in a phase that is gone */
    c.levers[0].ask_count = 0;
    assert_int_equal(charter_warnings(&c, &mem, out, COUNT_OF(out)), 0);

    c = charter_small(&mem);
    c.deeds[0].verifier = 0;
    assert_true(warned(&c, "A dispute about north-guns would not be decided: the arbiter verifies "
                           "it."));
    c.deeds[0].verifier = 3;
    c.phases[0].conditions[2].deed = 1;
    assert_true(warned(&c, "Gate first waits for south-guns, which nobody is named to verify"));
    c.issue_count = 0;
    assert_true(warned(&c, "Gate first can never open: it waits for a package"));
    c.phases[0].conditions[1].kind = CONDITION_ADOPTED;
    assert_true(warned(&c, "Gate first can never open: quiet counts from"));
    c.phases[0].wish_seconds = 2;
    c.phases[0].deadline_seconds = 1;
    assert_true(warned(&c, "Phase first is wished for later"));
    c.sides[4].phases[0] = 0;
    assert_true(warned(&c, "waits for club to be consulted, which is not consulted in that phase"));
    assert_false(warned(&c, "without a mediation"));
    c.sides[0].present = false;
    assert_true(
        warned(&c, "can never open: it waits for club, and without a mediation nobody asks"));

    c = charter_small(&mem);
    c.phases[0].conditions[0].kind = CONDITION_QUIET;
    c.phases[0].conditions[0].seconds = 1;
    c.phases[0].condition_count = 2;
    assert_true(warned(&c, "for nothing that would be ratified"));
    assert_false(warned(&c, "no monitor"));
    c.monitor_count = 0;
    assert_true(warned(&c, "no monitor"));
    assert_int_equal(charter_warnings(&c, &mem, out, 1), 1);
    struct arena none = {0};
    assert_int_equal(charter_warnings(&c, &none, out, 8), 0);
    test_arena_free(&mem);
}

/* The same words for each side. */
static void test_warnings_of_security(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem);
    c.issues[0].id = text_str("security-north");
    assert_true(warned(&c, "The security of north is an issue, and the security of south is not."));
    c.issues[0].id = text_str("south-security");
    assert_true(warned(&c, "The security of south is an issue, and the security of north is not."));
    c.issues[0].id = text_str("security-northern");
    assert_false(warned(&c, "The security"));
    c.issues[0].id = text_str("security-north-south");
    assert_false(warned(&c, "The security"));
    test_arena_free(&mem);
}

static void test_warning_of_two_groups(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = charter_small(&mem);
    assert_false(warned(&c, "Only two sides"));
    c.sides[0].present = false;
    assert_true(warned(&c, "Only two sides"));
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_no_mediation),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_parts_are_named),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_fields_survive),
        cmocka_unit_test(test_earlier),
        cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_memory_faults),
        cmocka_unit_test(test_condition_words),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_warnings_of_security),
        cmocka_unit_test(test_warning_of_two_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
