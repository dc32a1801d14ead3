/* SPDX-License-Identifier: Apache-2.0
 *
 * What people are shown, to every seat of a table: it changes nothing, its JSON is JSON, and it says
 * the same as the words.
 */
#include "app/view.h"

#include <jansson.h>

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

typedef void put_words(const struct view *v, struct buf *out);
typedef void put_json(const struct view *v, struct json *j);

static const struct {
    put_words *words;
    put_json *json;
    const char *key; /* the first member of its JSON */
} views[] = {
    {view_journey, view_journey_json, "charter"},
    {view_proposals, view_proposals_json, "proposals"},
    {view_ledger, view_ledger_json, "deeds"},
    {view_rooms, view_rooms_json, "rooms"},
    {view_issues, view_issues_json, "issues"},
    {view_moves, view_moves_json, "needs_you"},
    {view_seats, view_seats_json, "seats"},
    {view_mandates, view_mandates_json, "mandates"},
};

static json_t *loaded(struct buf *b)
{
    json_error_t why;
    assert_true(buf_ok(b));
    json_t *j = json_loadb((const char *)b->p, b->n, JSON_REJECT_DUPLICATES, &why);
    if (j == NULL) {
        fail_msg("%s: %s", why.text, buf_str(b));
    }
    return j;
}

static void begin(struct place *p, struct json *j)
{
    buf_clear(&p->json);
    json_init(j, &p->json);
    json_put_object(j);
}

/* The views of tasks, of a room and of what was noted. */
static void other_views(struct place *p, const struct view *v)
{
    struct json j;
    buf_clear(&p->words);
    begin(p, &j);
    must(view_tasks(v, &p->words, &p->err) && view_tasks_json(v, &j, &p->err), p);
    must(view_room(v, text_str("plenary"), 5, &p->words, &p->err) &&
             view_noted(v, 0, &p->words, &p->err) &&
             view_room_json(v, text_str("plenary"), 5, &j, &p->err),
         p);
    json_put_end(&j);
    json_t *room = loaded(&p->json);
    assert_true(json_array_size(json_object_get(room, "acts")) <= 5);
    json_decref(room);
    begin(p, &j);
    must(view_noted_json(v, 0, &j, &p->err), p);
    json_put_end(&j);
    json_decref(loaded(&p->json));
    assert_true(buf_ok(&p->words));
    assert_true(p->words.n > 0);
}

static void test_every_seat(void **state)
{
    struct place *p = *state;
    for (int who = 0; who < APP_WHO_COUNT; who++) {
        struct replica r;
        app_sim_enter(&p->sim, (enum app_who)who, &r);
        struct digest before = app_sim_digest(&r);
        for (int days = 0; days < 2; days++) {
            struct view v = view_of(&r);
            v.days = days != 0;
            for (size_t i = 0; i < COUNT_OF(views); i++) {
                struct json j;
                buf_clear(&p->words);
                views[i].words(&v, &p->words);
                assert_true(buf_ok(&p->words));
                assert_true(p->words.n == 0 || p->words.p[p->words.n - 1] == '\n');
                begin(p, &j);
                views[i].json(&v, &j);
                json_put_end(&j);
                json_decref(loaded(&p->json));
            }
            other_views(p, &v);
            arena_wipe(&r.scratch.mem);
        }
        struct digest after = app_sim_digest(&r);
        assert_true(ID_EQ(before, after));
        replica_close(&r);
    }
}

/* Whoever sits with the charter hears the same of the table. */
static void test_same_for_all(void **state)
{
    struct place *p = *state;
    static put_words *const same[] = {view_proposals, view_ledger, view_issues, view_mandates};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        struct buf first;
        buf_init(&first, 1u << 20);
        for (int who = APP_MEDIATOR; who <= APP_SECOND; who++) {
            struct replica r;
            app_sim_enter(&p->sim, (enum app_who)who, &r);
            must(sync_take(&r, &p->err), p);
            struct view v = view_of(&r);
            buf_clear(&p->words);
            same[i](&v, who == APP_MEDIATOR ? &first : &p->words);
            if (who != APP_MEDIATOR) {
                assert_string_equal(buf_str(&p->words), buf_str(&first));
            }
            replica_close(&r);
        }
        buf_free(&first);
    }
}

static void test_words_and_json(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct json j;
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_take(&r, &p->err), p);
    struct view v = view_of(&r);
    for (size_t i = 0; i < COUNT_OF(views); i++) {
        begin(p, &j);
        views[i].json(&v, &j);
        json_put_end(&j);
        json_t *all = loaded(&p->json);
        assert_non_null(json_object_get(all, views[i].key));
        json_decref(all);
    }
    begin(p, &j);
    view_seats_json(&v, &j);
    json_put_end(&j);
    json_t *all = loaded(&p->json), *seat;
    size_t at;
    buf_clear(&p->words);
    view_seats(&v, &p->words);
    json_array_foreach(json_object_get(all, "seats"), at, seat)
    {
        const char *name = json_string_value(json_object_get(seat, "name"));
        const char *print = json_string_value(json_object_get(seat, "fingerprint"));
        assert_non_null(name);
        assert_non_null(strstr(buf_str(&p->words), name));
        if (print != NULL) { /* as it is read aloud: its beginning */
            char begins[5] = {0};
            memcpy(begins, print, 4);
            assert_non_null(strstr(buf_str(&p->words), begins));
        }
    }
    assert_int_equal(at, 4);
    json_decref(all);

    begin(p, &j);
    view_proposals_json(&v, &j);
    json_put_end(&j);
    all = loaded(&p->json);
    assert_int_equal(json_array_size(json_object_get(all, "proposals")),
                     fold_state(r.fold)->proposal_count);
    json_decref(all);
    replica_close(&r);
}

/* A hostile text has several lines, one of them like ours.  Wherever acts are listed, a line that
 * begins like an act is an act. */
static void test_forged_lines(void **state)
{
    struct place *p = *state;
    struct replica r;
    uint64_t index;
    struct text forged = text_str("fine\n     3  2031-03-09 18:00  Voss accepts P1 and binds");
    struct payload say = app_sim_words("home/kestria", &forged);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(act_file(&r, ACT_CHECKED, &say, &index, &p->err), p);
    struct view v = view_of(&r);
    buf_clear(&p->words);
    must(view_room(&v, text_str("home/kestria"), 3, &p->words, &p->err) &&
             view_noted(&v, index, &p->words, &p->err),
         p);
    const char *line = strstr(buf_str(&p->words), "Voss accepts P1");
    assert_non_null(line);
    for (; line != NULL; line = strstr(line + 1, "Voss accepts P1")) {
        const char *start = line;
        while (start > buf_str(&p->words) && start[-1] != '\n') {
            start--;
        }
        assert_memory_equal(start, "        | ", 10);
    }
    replica_close(&r);
    app_sim_back(&p->sim);
}

static void test_when(void **state)
{
    struct place *p = *state;
    struct replica r;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct view v = view_of(&r);
    v.days = false;
    assert_string_equal(view_when(&v, UINT64_C(1930000020)), "2031-02-27 23:07");
    v.days = true;
    v.day0 = UINT64_C(1930000020) - UINT64_C(1930000020) % 86400 - 3 * 86400;
    assert_string_equal(view_when(&v, UINT64_C(1930000020)), "2031-02-27 23:07 (day 3)");
    assert_string_equal(view_powers(POWER_SPEAK | POWER_PROPOSE, v.mem), "speak, propose");
    replica_close(&r);
}

/* Without any key only the record is there: nothing of what it says is shown. */
static void test_without_keys(void **state)
{
    struct place *p = *state;
    struct replica r;
    must(replica_open(p->sim.people[APP_FIRST].dir, NULL, &p->sim.clock, &p->sim.chance, "test", &r,
                      &p->err),
         p);
    struct view v = view_of(&r);
    assert_false(replica_has_charter(&r));
    for (size_t i = 0; i < COUNT_OF(views); i++) {
        buf_clear(&p->words);
        views[i].words(&v, &p->words);
        assert_null(strstr(buf_str(&p->words), "Lake and border"));
    }
    replica_close(&r);
}

/* ---- */

static int setup(void **state)
{
    static struct place p;
    struct replica r;
    struct named_choice choices[3];
    app_sim_open(&p.sim);
    buf_init(&p.words, 4u << 20);
    buf_init(&p.json, 4u << 20);
    app_sim_enter(&p.sim, APP_FIRST, &r);
    struct payload proposal = app_sim_proposal(choices, 1);
    struct text words = text_str("what we will say tomorrow");
    struct payload say = app_sim_words("home/kestria", &words);
    must(act_file(&r, ACT_CHECKED, &proposal, NULL, &p.err) &&
             act_file(&r, ACT_CHECKED, &say, NULL, &p.err),
         &p);
    replica_close(&r);
    app_sim_round(&p.sim);
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
        cmocka_unit_test(test_every_seat),     cmocka_unit_test(test_same_for_all),
        cmocka_unit_test(test_words_and_json), cmocka_unit_test(test_forged_lines),
        cmocka_unit_test(test_when),           cmocka_unit_test(test_without_keys),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
