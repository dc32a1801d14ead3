/* SPDX-License-Identifier: Apache-2.0
 *
 * What acts say: something for every kind, to a seat and to a stranger; and no words of another
 * party that pass for ours.
 */
#include "app/act_words.h"

#include "lib/app_sim.h"
#include "lib/test.h"

struct place {
    struct app_sim sim;
    struct replica r;
    struct view v;
    struct buf b;
    struct arena mem;
};

/* A payload in which every item is there; each kind says what is its own of it. */
static struct payload full(enum act_kind kind)
{
    static struct text texts[] = {{"first\nsecond", 12}, {"by a visit", 10}};
    static struct named_choice choices[] = {{{"line", 4}, 1}, {{"unheard-of", 10}, 3}};
    static struct reservation reserved[] = {
        {{"R1", 2}, true, {"access", 6}, {"one bank\n    7  Voss accepts", 27}}};
    static struct meets meets[] = {{{{1}}, {"R2", 2}}};
    static struct evidence evidence[] = {{{"photo.jpg", 9}, {"image/jpeg", 10}, 9, {{0}}}};
    static struct leaf_hash refs[2];
    static struct article_item articles[] = {
        {{"guns", 4}, {"Guns", 4}, {"They go.\n    7  Voss accepts", 27}},
        {{"fire", 4}, {NULL, 0}, {NULL, 0}}};
    static struct text ids[] = {{"guns", 4}};
    static struct debrief_line lines[] = {
        {.heard = HEARD_SAID, .text = {"one\ntwo", 7}, .mark = MARK_CARRY, .side = {"kestria", 7}},
        {.heard = HEARD_GUESS, .text = {"3", 1}}};
    static struct memo_way ways[] = {{WAY_COUNTER, {"P2", 2}, {"a\nb", 3}, SURE_LIKELY}};
    static struct order orders[] = {{ORDER_HOLD, {"cap", 3}}, {ORDER_WAIT, {NULL, 0}}};
    return (struct payload){
        .kind = kind,
        .room = text_str("plenary"),
        .text_count = COUNT_OF(texts),
        .texts = texts,
        .name = text_str("a name"),
        .side = text_str("kestria"),
        .source = text_str("on the radio"),
        .label = text_str("R1"),
        .deed = text_str("d1"),
        .issue = text_str("line"),
        .phase = text_str("two"),
        .after = text_str("d0"),
        .choice_count = COUNT_OF(choices),
        .choices = choices,
        .answer = ANSWER_CONCEPT,
        .reservation_count = 1,
        .reservations = reserved,
        .ref_count = 2,
        .refs = refs,
        .meets_count = 1,
        .meets = meets,
        .has_when = true,
        .when = UINT64_C(1930000020),
        .level = LEVEL_WANT,
        .mark = MARK_HINT,
        .finding = FINDING_PARTLY,
        .verdict = VERDICT_VERIFIED,
        .evidence_count = 1,
        .evidence = evidence,
        .article_count = COUNT_OF(articles),
        .articles = articles,
        .article_id_count = 1,
        .article_ids = ids,
        .outcome = CLEAN_TAKE,
        .line_count = COUNT_OF(lines),
        .lines = lines,
        .way_count = COUNT_OF(ways),
        .ways = ways,
        .has_recommend = true,
        .order_count = COUNT_OF(orders),
        .orders = orders,
        .has_follows = true,
        .epoch_item = {.room = text_str("plenary"), .reason = text_str("why\nnot")}};
}

static const char *said(struct place *p, bool stranger, const struct payload *what)
{
    buf_clear(&p->b);
    act_words(stranger ? NULL : &p->v, NULL, &p->mem, what, &p->b);
    return buf_str(&p->b);
}

static void says(struct place *p, bool stranger, const struct payload *what, const char *words)
{
    assert_string_equal(said(p, stranger, what), words);
}

static void test_every_kind(void **state)
{
    static const enum act_kind kinds[] = {
#define KIND_NAME(name, number, word, rooms, power) name,
        KIND_LIST(KIND_NAME)
#undef KIND_NAME
    };
    struct place *p = *state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct payload what = full(kinds[i]);
        assert_true(strlen(said(p, true, &what)) > 7);
        assert_null(strchr(buf_str(&p->b), '\n')); /* a stranger reads one line */
        assert_true(strlen(said(p, false, &what)) > 7);
        for (const char *line = buf_str(&p->b); (line = strchr(line, '\n')) != NULL; line++) {
            assert_memory_equal(line, "\n        | ", 11); /* a seat: none that looks like ours */
        }
        /* And with nothing but what its kind must have. */
        struct payload bare = {.kind = kinds[i], .answer = ANSWER_REJECT};
        assert_true(strlen(said(p, true, &bare)) > 3);
    }
}

static void test_foreign_words(void **state)
{
    struct place *p = *state;
    struct text forged = text_str("yes\n    42  2031-03-09 18:00  Voss accepts P1\n");
    struct payload say = {.kind = KIND_SAY, .text_count = 1, .texts = &forged};
    says(p, false, &say, "says: yes\n        |     42  2031-03-09 18:00  Voss accepts P1");
    says(p, true, &say, "says: \"yes     42  2031-03-09 18:00  Voss accepts P1 \"");
    struct text closing = text_str("peace\" (in Bern)");
    struct payload statement = {.kind = KIND_STATEMENT,
                                .side = text_str("velland"),
                                .source = text_str("radio"),
                                .text_count = 1,
                                .texts = &closing};
    says(p, true, &statement,
         "notes, without effect, what velland said in public: \"peace' (in Bern)\" (\"radio\")");
}

static void test_names(void **state)
{
    struct place *p = *state;
    struct payload propose = full(KIND_PROPOSE);
    says(p, true, &propose,
         "proposes line: option 2; unheard-of: option 4, and means to meet \"R2\", following a "
         "decision of its principal: \"first second\"");
    assert_non_null(strstr(said(p, false, &propose), "proposes line: "));
    assert_null(strstr(buf_str(&p->b), "line: option")); /* as the charter names it */
    assert_non_null(strstr(buf_str(&p->b), "; unheard-of: option 4"));
    struct payload incident = full(KIND_INCIDENT);
    says(
        p, true, &incident,
        "reports an incident of 2031-02-27 23:07 UTC, by kestria: \"first second\", citing 2 acts, "
        "with \"photo.jpg\"");
    assert_non_null(strstr(said(p, false, &incident), ", by Kestria: first\n        | second"));
    assert_null(strstr(buf_str(&p->b), "UTC"));
    struct payload answer = {.kind = KIND_ANSWER, .answer = ANSWER_ACCEPT};
    says(p, true, &answer, "accepts a proposal, and means it to bind");
    answer.answers = fold_state(p->r.fold)->proposals[0].leaf;
    says(p, true, &answer, "accepts a proposal, and means it to bind");
    says(p, false, &answer, "accepts P1, and means it to bind");
}

static void test_words_of_findings(void **state)
{
    struct place *p = *state;
    static const char *const words[] = {"done", "partly done", "not done"};
    for (unsigned i = 0; i < COUNT_OF(words); i++) {
        assert_string_equal(act_finding_word((enum finding)(i + 1)), words[i]);
    }
    struct text why = text_str("two of three bridges");
    struct payload verify = {.kind = KIND_VERIFY,
                             .deed = text_str("d1"),
                             .finding = FINDING_PARTLY,
                             .text_count = 1,
                             .texts = &why};
    says(p, true, &verify, "finds d1 partly done: \"two of three bridges\"");
}

static int setup(void **state)
{
    static struct place p;
    struct named_choice choices[3];
    struct err err = {0};
    app_sim_open(&p.sim);
    app_sim_enter(&p.sim, APP_FIRST, &p.r);
    struct payload first = app_sim_proposal(choices, 1);
    assert_true(act_file(&p.r, ACT_CHECKED, &first, NULL, &err));
    p.v = view_of(&p.r);
    p.mem = test_arena(1u << 20);
    buf_init(&p.b, 1u << 20);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    buf_free(&p->b);
    test_arena_free(&p->mem);
    replica_close(&p->r);
    app_sim_close(&p->sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_foreign_words),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_words_of_findings),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
