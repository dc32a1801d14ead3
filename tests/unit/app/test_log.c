/* SPDX-License-Identifier: Apache-2.0
 *
 * The record as a list: every act once, in order, to each seat what it may read of it.
 */
#include "app/log.h"

#include <jansson.h>

#include "lib/app_sim.h"
#include "lib/test.h"

#define SECRET "what we will say tomorrow"

struct place {
    struct app_sim sim;
    struct err err;
    uint64_t home; /* the act that says SECRET */
};

static void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

struct seen {
    struct replica *r;
    uint64_t next;
    uint64_t readable;
    uint64_t secrets;
    uint64_t stop_at;
};

static bool look(void *ctx, const struct log_line *line, struct err *err)
{
    struct seen *s = ctx;
    struct buf words, json;
    struct json j;
    json_error_t why;
    assert_int_equal(line->index, s->next++);
    if (s->stop_at != 0 && s->next == s->stop_at) {
        return err_set(err, ERR_STATE, "enough");
    }
    buf_init(&words, 1u << 20);
    buf_init(&json, 1u << 20);
    log_words(line, &words);
    json_init(&j, &json);
    log_json(line, &j);
    assert_true(buf_ok(&words) && buf_ok(&json));
    assert_non_null(strstr(buf_str(&words), line->words));
    assert_int_equal(words.p[words.n - 1], '\n');
    json_t *v = json_loadb((const char *)json.p, json.n, JSON_REJECT_DUPLICATES, &why);
    assert_non_null(v);
    assert_int_equal(json_integer_value(json_object_get(v, "index")), line->index);
    assert_string_equal(json_string_value(json_object_get(v, "says")), line->words);
    assert_string_equal(json_string_value(json_object_get(v, "kind")), line->kind);
    assert_int_equal(json_is_true(json_object_get(v, "final")), line->final);
    assert_int_equal(json_is_true(json_object_get(v, "readable")), line->readable);
    json_decref(v);
    assert_int_equal(strstr(buf_str(&words), "not countersigned by every side") == NULL,
                     line->final);
    s->readable += line->readable;
    s->secrets += strstr(buf_str(&words), SECRET) != NULL;
    assert_true(!line->not_before.known || !line->not_after.known ||
                line->not_before.seconds <= line->not_after.seconds);
    buf_free(&words);
    buf_free(&json);
    return true;
}

static void test_every_seat(void **state)
{
    struct place *p = *state;
    uint64_t readable[APP_WHO_COUNT];
    for (int who = 0; who < APP_WHO_COUNT; who++) {
        struct replica r;
        app_sim_enter(&p->sim, (enum app_who)who, &r);
        must(sync_take(&r, &p->err), p);
        struct view v = view_of(&r);
        struct seen s = {.r = &r};
        must(log_each(&v, 0, UINT64_MAX, look, &s, &p->err), p);
        assert_int_equal(s.next, door_size(r.door));
        assert_int_equal(s.secrets, who == APP_FIRST); /* in the room of his side alone */
        readable[who] = s.readable;
        replica_close(&r);
    }
    assert_true(readable[APP_MONITOR] < readable[APP_SECOND]);
    assert_true(readable[APP_SECOND] < readable[APP_FIRST]);
}

static void test_ranges(void **state)
{
    struct place *p = *state;
    struct replica r;
    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct view v = view_of(&r);
    uint64_t size = door_size(r.door);
    struct seen s = {.r = &r, .next = 3};
    must(log_each(&v, 3, 7, look, &s, &p->err), p);
    assert_int_equal(s.next, 7);
    s.next = size - 1;
    must(log_each(&v, size - 1, size + 50, look, &s, &p->err), p);
    assert_int_equal(s.next, size);
    must(log_each(&v, size, size + 1, look, &s, &p->err) && log_each(&v, 5, 5, look, &s, &p->err) &&
             log_each(&v, 9, 2, look, &s, &p->err),
         p);
    assert_int_equal(s.next, size); /* there was none to see */
    s = (struct seen){.r = &r, .stop_at = 4};
    assert_false(log_each(&v, 0, size, look, &s, &p->err));
    assert_string_equal(p->err.what, "enough");
    assert_int_equal(s.next, 4);
    replica_close(&r);
}

/* What the desk would have stopped is listed, as void; and is no more than that. */
static bool find_void(void *ctx, const struct log_line *line, struct err *err)
{
    uint64_t *n = ctx;
    (void)err;
    *n += line->is_void;
    return true;
}

static void test_void(void **state)
{
    struct place *p = *state;
    struct replica r;
    uint64_t index, voids = 0, before = 0;
    struct text words = text_str("to all");
    struct payload say = app_sim_words("plenary", &words); /* papers only until a gate opens */
    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct view v = view_of(&r);
    must(log_each(&v, 0, UINT64_MAX, find_void, &before, &p->err), p);
    assert_false(act_file(&r, ACT_CHECKED, &say, &index, &p->err));
    assert_int_equal(p->err.code, ERR_RULE);
    p->err = (struct err){0};
    must(act_file(&r, ACT_UNCHECKED, &say, &index, &p->err), p);
    v = view_of(&r);
    must(log_each(&v, 0, UINT64_MAX, find_void, &voids, &p->err), p);
    assert_int_equal(voids, before + 1);
    struct seen s = {.r = &r, .next = index};
    must(log_each(&v, index, index + 1, look, &s, &p->err), p);
    replica_close(&r);
}

static int setup(void **state)
{
    static struct place p;
    struct replica r;
    struct text words = text_str(SECRET);
    struct payload say = app_sim_words("home/kestria", &words);
    app_sim_open(&p.sim);
    app_sim_enter(&p.sim, APP_FIRST, &r);
    must(act_file(&r, ACT_CHECKED, &say, &p.home, &p.err), &p);
    replica_close(&r);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    app_sim_close(&p->sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_seat),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_void),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
