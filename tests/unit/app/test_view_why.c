/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a gate is closed: every seat is told the same, what is missing names who supplies it and how,
 * and words and JSON tell the same things.
 */
#include "app/view_why.h"

#include <jansson.h>

#include "app/act.h"
#include "lib/app_sim.h"
#include "lib/test.h"

struct place {
    struct app_sim sim;
    struct buf words, json;
    struct err err;
};

static void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

/* As that seat is told it; the caller frees the JSON. */
static json_t *told(struct place *p, enum app_who who, uint32_t phase)
{
    struct replica r;
    struct json j;
    json_error_t why;
    app_sim_enter(&p->sim, who, &r);
    must(sync_take(&r, &p->err), p);
    struct view v = view_of(&r);
    buf_clear(&p->words);
    buf_clear(&p->json);
    view_why(&v, phase, &p->words);
    json_init(&j, &p->json);
    json_put_object(&j);
    view_why_json(&v, phase, &j);
    json_put_end(&j);
    assert_true(buf_ok(&p->words) && buf_ok(&p->json));
    json_t *all = json_loadb((const char *)p->json.p, p->json.n, JSON_REJECT_DUPLICATES, &why);
    assert_non_null(all);
    replica_close(&r);
    return all;
}

static const char *string_of(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    assert_non_null(s);
    return s;
}

/* What is missing of a condition: the first whose command is this one, else NULL. */
static json_t *missing(const json_t *condition, const char *command)
{
    size_t at;
    json_t *m;
    json_array_foreach(json_object_get(condition, "missing"), at, m)
    {
        if (strcmp(string_of(m, "command"), command) == 0) {
            return m;
        }
    }
    return NULL;
}

static json_t *condition_of(const json_t *all, size_t at)
{
    return json_array_get(json_object_get(all, "conditions"), at);
}

/* Each thing of the JSON stands in the words, and what is missing says from whom. */
static void same_in_words(struct place *p, const json_t *all)
{
    size_t at, k;
    json_t *c, *m;
    const char *words = buf_str(&p->words);
    json_array_foreach(json_object_get(all, "conditions"), at, c)
    {
        assert_non_null(strstr(words, string_of(c, "words")));
        json_array_foreach(json_object_get(c, "there"), k, m)
        {
            assert_non_null(strstr(words, json_string_value(m)));
        }
        json_array_foreach(json_object_get(c, "missing"), k, m)
        {
            assert_true(string_of(m, "who")[0] != 0);
            assert_non_null(strstr(words, string_of(m, "what")));
            assert_non_null(strstr(words, string_of(m, "command")));
        }
        /* What does not hold says what would make it hold; what holds asks for nothing more. */
        assert_int_equal(json_array_size(json_object_get(c, "missing")) == 0,
                         json_is_true(json_object_get(c, "holds")));
    }
}

static void test_nothing_yet(void **state)
{
    struct place *p = *state;
    json_t *all = told(p, APP_FIRST, 0);
    assert_string_equal(string_of(all, "standing"), "closed: 1 of 6 conditions hold");
    assert_true(json_is_false(json_object_get(all, "can_open")));
    json_t *package = condition_of(all, 0);
    assert_non_null(missing(package, "entente propose line=OPTION prisoners=OPTION access=OPTION"));
    json_t *deed = condition_of(all, 2);
    json_t *promise = missing(deed, "entente promise kestria-guns --what \"...\" --by 48h");
    assert_non_null(promise);
    assert_string_equal(string_of(promise, "who"), "Kestria");
    assert_true(json_is_true(json_object_get(promise, "yours")));
    json_t *look = missing(deed, "entente verify kestria-guns done|partly|not-done");
    assert_string_equal(string_of(look, "who"), "Joint Monitoring Group");
    assert_true(json_is_false(json_object_get(look, "yours")));
    same_in_words(p, all);
    json_decref(all);
}

/* Only the mark of one's own side differs from seat to seat. */
static void test_same_for_all(void **state)
{
    struct place *p = *state;
    char first[8192] = {0};
    for (int who = APP_MEDIATOR; who <= APP_SECOND; who++) {
        json_decref(told(p, (enum app_who)who, 0));
        char plain[8192] = {0};
        size_t n = 0;
        for (const char *s = buf_str(&p->words); *s != 0 && n + 1 < sizeof(plain);) {
            if (strncmp(s, " (your side)", 12) == 0) {
                s += 12;
            } else {
                plain[n++] = *s++;
            }
        }
        assert_true(n > 500);
        if (who == APP_MEDIATOR) {
            memcpy(first, plain, sizeof(first));
        }
        assert_string_equal(plain, first);
    }
}

static void file(struct place *p, enum app_who who, struct payload act)
{
    struct replica r;
    app_sim_enter(&p->sim, who, &r);
    must(sync_take(&r, &p->err) && act_file(&r, ACT_CHECKED, &act, NULL, &p->err), p);
    replica_close(&r);
    app_sim_round(&p->sim);
}

static struct leaf_hash last_proposal(struct place *p)
{
    struct replica r;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    const struct table_state *s = fold_state(r.fold);
    struct leaf_hash leaf = s->proposals[s->proposal_count - 1].leaf;
    replica_close(&r);
    return leaf;
}

static struct payload answer(struct place *p, enum answer_kind kind)
{
    return (struct payload){.kind = KIND_ANSWER,
                            .room = text_str("plenary"),
                            .has_answers = true,
                            .answers = last_proposal(p),
                            .answer = kind};
}

static void test_package(void **state)
{
    struct place *p = *state;
    struct named_choice choices[3];
    struct reservation r = {.label = text_str("R1"), .text = text_str("the north bank")};
    file(p, APP_FIRST, app_sim_proposal(choices, 1));
    json_t *all = told(p, APP_SECOND, 0);
    json_t *m = missing(condition_of(all, 0), "entente answer P1 --accept ad-referendum");
    assert_string_equal(string_of(m, "who"), "Kestria"); /* its own proposal, not yet its answer */
    same_in_words(p, all);
    json_decref(all);

    struct payload concept = answer(p, ANSWER_CONCEPT);
    concept.reservation_count = 1;
    concept.reservations = &r;
    file(p, APP_SECOND, concept);
    all = told(p, APP_MEDIATOR, 0);
    m = missing(condition_of(all, 0), "entente close R1");
    assert_non_null(m);
    assert_string_equal(string_of(m, "who"), "Velland");
    assert_non_null(strstr(string_of(m, "what"), "the north bank"));
    assert_non_null(missing(condition_of(all, 1), "entente proposals"));
    same_in_words(p, all);
    json_decref(all);

    file(p, APP_FIRST, answer(p, ANSWER_AD_REFERENDUM));
    file(p, APP_SECOND, answer(p, ANSWER_ACCEPT));
    app_sim_round(&p->sim);
    all = told(p, APP_SECOND, 0);
    assert_true(json_is_true(json_object_get(condition_of(all, 0), "holds")));
    m = missing(condition_of(all, 1), "entente ratify P1");
    assert_string_equal(string_of(m, "who"), "President Voss of Kestria");
    assert_non_null(strstr(buf_str(&p->words), "Velland accepts P1 for good"));
    same_in_words(p, all);
    json_decref(all);
    app_sim_back(&p->sim);
}

static void test_deed(void **state)
{
    struct place *p = *state;
    struct text words = text_str("six batteries");
    struct payload promise = {.kind = KIND_PROMISE,
                              .room = text_str("monitors"),
                              .deed = text_str("kestria-guns"),
                              .text_count = 1,
                              .texts = &words,
                              .has_when = true,
                              .when = clock_now(&p->sim.clock) + 48 * 3600};
    file(p, APP_FIRST, promise);
    struct payload found = {.kind = KIND_VERIFY,
                            .room = text_str("monitors"),
                            .deed = text_str("kestria-guns"),
                            .finding = FINDING_PARTLY};
    file(p, APP_MONITOR, found);
    json_t *all = told(p, APP_FIRST, 0);
    json_t *deed = condition_of(all, 2);
    assert_non_null(strstr(buf_str(&p->words), "found partly done, which is not done"));
    assert_non_null(missing(deed, "entente report kestria-guns done"));
    same_in_words(p, all);
    json_decref(all);
    found.finding = FINDING_DONE;
    file(p, APP_MONITOR, found);
    all = told(p, APP_FIRST, 0);
    assert_true(json_is_true(json_object_get(condition_of(all, 2), "holds")));
    same_in_words(p, all);
    json_decref(all);
    app_sim_back(&p->sim);
}

/* Of a phase that is a title only: its conditions, and the gate before it. */
static void test_later_phase(void **state)
{
    struct place *p = *state;
    json_t *all = told(p, APP_MEDIATOR, 1);
    assert_string_equal(string_of(all, "standing"), "closed: its phase is a title only");
    json_t *first = json_object_get(all, "first");
    assert_non_null(missing(first, "entente journey --why ceasefire"));
    assert_int_equal(json_array_size(json_object_get(condition_of(all, 0), "missing")), 0);
    assert_non_null(strstr(buf_str(&p->words), "Before any of its conditions"));
    json_decref(all);
}

/* ---- */

static int setup(void **state)
{
    static struct place p;
    app_sim_open(&p.sim);
    buf_init(&p.words, 1u << 20);
    buf_init(&p.json, 1u << 20);
    app_sim_keep(&p.sim);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    buf_free(&p->words);
    buf_free(&p->json);
    app_sim_close(&p->sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_yet), cmocka_unit_test(test_same_for_all),
        cmocka_unit_test(test_package),     cmocka_unit_test(test_deed),
        cmocka_unit_test(test_later_phase),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
