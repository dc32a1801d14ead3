/* SPDX-License-Identifier: Apache-2.0
 *
 * What the page asks, asked without a browser: of the folder of a real seat at a real table.
 */
#include "web/api.h"

#include <jansson.h>

#include "lib/app_place.h"

/* ---- asking ---- */

struct asked {
    unsigned status;
    json_t *json;
};

static const char *parameter;
static const char *value;

static const char *query(void *ctx, const char *name)
{
    (void)ctx;
    return parameter != NULL && strcmp(parameter, name) == 0 ? value : NULL;
}

static struct asked ask(struct api *a, const char *method, const char *path, const char *body)
{
    const struct api_request q = {
        .method = method, .path = path, .query = query, .body = bytes_str(body)};
    struct buf out;
    json_error_t why;
    buf_init(&out, API_ANSWER_MAX);
    struct asked got = {.status = api_answer(a, &q, &out)};
    assert_true(buf_ok(&out));
    got.json = json_loadb((const char *)out.p, out.n, JSON_REJECT_DUPLICATES, &why);
    if (got.json == NULL) {
        fail_msg("%s: %s", why.text, buf_str(&out));
    }
    assert_int_equal(json_integer_value(json_object_get(got.json, "v")), 1);
    buf_free(&out);
    parameter = NULL;
    return got;
}

static void expect(struct api *a, const char *method, const char *path, const char *body,
                   unsigned status)
{
    struct asked got = ask(a, method, path, body);
    if (got.status != status) {
        char *text = json_dumps(got.json, 0);
        fail_msg("%s %s %s: %u, not %u: %s", method, path, body, got.status, status, text);
    }
    json_decref(got.json);
}

static struct api sitting(struct place *p, enum app_who who, bool unlock)
{
    struct api a = {.dir = p->sim.people[who].dir, .chance = &p->sim.chance, .version = 1};
    a.clock = p->sim.clock;
    if (unlock) {
        expect(&a, "POST", "/api/unlock", "{\"passphrase\":\"for tests\"}", 200);
    }
    return a;
}

static uint64_t acts_of(struct api *a)
{
    struct asked got = ask(a, "GET", "/api/view/record", "");
    uint64_t n = (uint64_t)json_integer_value(json_object_get(got.json, "size"));
    assert_int_equal(got.status, 200);
    json_decref(got.json);
    return n;
}

/* ---- scenes ---- */

static void locked_shows_nothing_of_the_table(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, false);
    struct asked self = ask(&a, "GET", "/api/self", "");
    assert_int_equal(self.status, 200);
    assert_true(json_is_true(json_object_get(self.json, "locked")));
    assert_null(json_object_get(self.json, "table"));
    assert_null(json_object_get(self.json, "side"));
    json_decref(self.json);
    expect(&a, "GET", "/api/view/journey", "", 401);
    expect(&a, "POST", "/api/sync", "{}", 401);
    expect(&a, "POST", "/api/act", "{\"do\":\"say\",\"room\":\"plenary\",\"words\":\"x\"}", 401);
    expect(&a, "POST", "/api/unlock", "{\"passphrase\":\"another one\"}", 401);
    expect(&a, "POST", "/api/unlock", "{}", 401);
    assert_null(a.keys);
}

static void unlocked_answers_until_it_is_locked(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true);
    static const char *const views[] = {"journey", "moves",  "proposals", "ledger",
                                        "rooms",   "issues", "seats",     "mandates",
                                        "charter", "since",  "noted",     "record"};
    for (size_t i = 0; i < COUNT_OF(views); i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "/api/view/%s", views[i]);
        expect(&a, "GET", path, "", 200);
    }
    struct asked self = ask(&a, "GET", "/api/self", "");
    assert_string_equal(json_string_value(json_object_get(self.json, "side_id")), "kestria");
    assert_string_equal(json_string_value(json_object_get(self.json, "role")), "party");
    assert_true(json_is_true(json_object_get(self.json, "admitted")));
    json_decref(self.json);
    parameter = "name";
    value = "plenary";
    expect(&a, "GET", "/api/view/room", "", 200);
    parameter = "name";
    value = "nowhere";
    expect(&a, "GET", "/api/view/room", "", 400);
    expect(&a, "GET", "/api/view/room", "", 400); /* which? */
    parameter = "from";
    value = "ten";
    expect(&a, "GET", "/api/view/record", "", 400);
    expect(&a, "POST", "/api/lock", "{}", 200);
    expect(&a, "GET", "/api/view/journey", "", 401);
}

static void a_monitor_is_shown_its_task_and_no_charter(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_MONITOR, true);
    struct asked moves = ask(&a, "GET", "/api/view/moves", "");
    assert_non_null(json_object_get(moves.json, "tasks"));
    json_decref(moves.json);
    struct asked self = ask(&a, "GET", "/api/self", "");
    assert_true(json_is_false(json_object_get(self.json, "charter")));
    assert_string_equal(json_string_value(json_object_get(self.json, "role")), "monitor");
    json_decref(self.json);
    expect(&a, "GET", "/api/view/charter", "", 409);
    api_close(&a);
}

static void words_are_filed_and_the_version_grows(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true);
    uint64_t before = acts_of(&a), version = a.version;
    struct asked got = ask(
        &a, "POST", "/api/act",
        "{\"do\":\"say\",\"room\":\"home/kestria\",\"words\":\"h\\u00e9 \\\"!\\\"\"}");
    assert_int_equal(got.status, 200);
    assert_non_null(
        strstr(json_string_value(json_object_get(got.json, "words")), "h\303\251 \"!\""));
    json_decref(got.json);
    assert_true(acts_of(&a) > before);
    assert_true(a.version > version);
    api_close(&a);
}

static void what_the_rules_refuse_is_told_and_not_filed(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true);
    uint64_t before = acts_of(&a);
    struct asked got = ask(&a, "POST", "/api/act",
                           "{\"do\":\"say\",\"room\":\"plenary\",\"words\":\"to all\"}");
    const json_t *e = json_object_get(got.json, "error");
    assert_int_equal(got.status, 422);
    assert_string_equal(json_string_value(json_object_get(e, "code")), "rule");
    assert_true(strlen(json_string_value(json_object_get(e, "mend"))) > 0);
    json_decref(got.json);
    assert_int_equal(acts_of(&a), before);
    api_close(&a);
}

static void what_binds_is_shown_first_and_confirmed_letter_for_letter(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true);
    static const char act[] = "{\"do\":\"propose\",\"choices\":[\"line=1\",\"prisoners=1\","
                              "\"access=1\"]}";
    static const char answer[] = "\"do\":\"answer\",\"proposal\":\"P1\",\"answer\":\"accept\"";
    char body[4096];
    expect(&a, "POST", "/api/act", act, 200);
    uint64_t before = acts_of(&a);
    (void)snprintf(body, sizeof(body), "{%s}", answer);
    struct asked got = ask(&a, "POST", "/api/act", body);
    assert_int_equal(got.status, 409);
    const char *shown = json_string_value(json_object_get(got.json, "confirm"));
    assert_non_null(shown);
    assert_null(json_object_get(got.json, "error"));
    char *word = json_dumps(json_object_get(got.json, "confirm"), JSON_ENCODE_ANY);
    (void)snprintf(body, sizeof(body), "{%s,\"confirmed\":\"yes\"}", answer);
    expect(&a, "POST", "/api/act", body, 409);
    assert_int_equal(acts_of(&a), before);
    (void)snprintf(body, sizeof(body), "{%s,\"confirmed\":%s}", answer, word);
    expect(&a, "POST", "/api/act", body, 200);
    assert_true(acts_of(&a) > before);
    free(word);
    json_decref(got.json);
    api_close(&a);
}

static void a_principal_signs_with_the_keys_that_are_held(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true);
    struct asked got = ask(&a, "POST", "/api/act", "{\"do\":\"sign-charter\"}");
    /* all have signed in this table: the desk says so, and is still there */
    assert_true(got.status == 422 || got.status == 409);
    json_decref(got.json);
    expect(&a, "GET", "/api/view/journey", "", 200);
    api_close(&a);
}

static void nonsense_is_refused_before_a_desk_is_opened(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true);
    static const struct {
        const char *path;
        const char *body;
    } calls[] = {
        {"/api/act", ""},
        {"/api/act", "{}"},
        {"/api/act", "[1]"},
        {"/api/act", "{\"do\":\"fly\"}"},
        {"/api/act", "{\"do\":[\"say\"]}"},
        {"/api/act", "{\"do\":\"say\",\"room\":\"plenary\"}"},
        {"/api/act", "{\"do\":\"say\",\"room\":\"plenary\",\"words\":\"\"}"},
        {"/api/act", "{\"do\":\"propose\",\"choices\":\"line=1\"}"},
        {"/api/act", "{\"do\":\"propose\",\"choices\":[[\"line=1\"]]}"},
        {"/api/act", "{\"do\":\"answer\",\"proposal\":\"P1\",\"answer\":\"perhaps\"}"},
        {"/api/act", "{\"do\":"},
        {"/api/act", "{\"do\":\"say\",\"room\":\"home/kestria\",\"words\":\"a\\u0007b\"}"},
        {"/api/act", "{\"do\":\"say\",\"room\":\"home/kestria\",\"words\":\"a\\u202eb\"}"},
        {"/api/nothing", "{}"},
    };
    uint64_t before = acts_of(&a);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        expect(&a, "POST", calls[i].path, calls[i].body, 400);
    }
    expect(&a, "GET", "/api/view/nothing", "", 400);
    expect(&a, "GET", "/api/act", "", 400);
    expect(&a, "DELETE", "/api/self", "", 400);
    assert_int_equal(acts_of(&a), before);
    api_close(&a);
}

static void to_read_only_files_and_countersigns_nothing(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true);
    a.read_only = true;
    uint64_t before = acts_of(&a);
    expect(&a, "POST", "/api/act", "{\"do\":\"say\",\"room\":\"home/kestria\",\"words\":\"x\"}",
           409);
    expect(&a, "POST", "/api/sync", "{}", 409);
    struct api other = sitting(p, APP_SECOND, true);
    expect(&other, "POST", "/api/act", "{\"do\":\"say\",\"room\":\"home/velland\",\"words\":\"x\"}",
           200);
    api_tick(&a);
    assert_int_equal(acts_of(&a), before);
    a.read_only = false;
    api_tick(&a);
    assert_true(acts_of(&a) > before);
    api_close(&a);
    api_close(&other);
}

static void an_act_of_another_is_seen_after_a_tick(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true), b = sitting(p, APP_SECOND, true);
    api_tick(&a);
    uint64_t version = a.version;
    expect(&b, "POST", "/api/act", "{\"do\":\"propose\",\"choices\":[\"line=1\"]}", 200);
    api_tick(&a);
    assert_true(a.version > version);
    struct asked got = ask(&a, "GET", "/api/view/proposals", "");
    assert_int_equal(json_array_size(json_object_get(got.json, "proposals")), 1);
    json_decref(got.json);
    api_close(&a);
    api_close(&b);
}

static void keys_are_forgotten_when_nobody_asks(void **state)
{
    struct place *p = *state;
    struct api a = sitting(p, APP_FIRST, true);
    api_tick(&a);
    assert_non_null(a.keys);
    a.used_us = clock_monotonic_us() - API_IDLE_US - 1;
    api_tick(&a);
    assert_null(a.keys);
    expect(&a, "GET", "/api/view/journey", "", 401);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(locked_shows_nothing_of_the_table),
        SCENE(unlocked_answers_until_it_is_locked),
        SCENE(a_monitor_is_shown_its_task_and_no_charter),
        SCENE(words_are_filed_and_the_version_grows),
        SCENE(what_the_rules_refuse_is_told_and_not_filed),
        SCENE(what_binds_is_shown_first_and_confirmed_letter_for_letter),
        SCENE(a_principal_signs_with_the_keys_that_are_held),
        SCENE(nonsense_is_refused_before_a_desk_is_opened),
        SCENE(to_read_only_files_and_countersigns_nothing),
        SCENE(an_act_of_another_is_seen_after_a_tick),
        SCENE(keys_are_forgotten_when_nobody_asks),
    };
    return PLACE_RUN(tests);
}
