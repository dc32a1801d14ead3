/* SPDX-License-Identifier: Apache-2.0
 *
 * A desk of keys that are kept: what it has read is not read again, and what anybody has written since is.
 */
#include "app/desk.h"

#include "app/act.h"
#include "lib/app_place.h"

static bool passphrase(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)ctx;
    (void)prompt;
    buf_add_str(out, "for tests");
    return buf_done(out, "a passphrase", err);
}

static struct desk_keys *opened(struct place *p)
{
    struct desk_keys *k = NULL;
    const struct keys_ask ask = {passphrase, NULL};
    must(desk_keys_open(p->sim.people[APP_FIRST].dir, &ask, &k, &p->err), p);
    return k;
}

static struct desk *sit(struct place *p, struct desk_keys *k)
{
    const struct desk_person who = {.keys = k, .clock = &p->sim.clock, .chance = &p->sim.chance};
    struct desk *d = NULL;
    must(desk_open(p->sim.people[APP_FIRST].dir, &who, "test", &d, &p->err), p);
    return d;
}

static void file_words(struct place *p, enum app_who who)
{
    struct replica r;
    struct text words = text_str("good morning");
    app_sim_enter(&p->sim, who, &r);
    struct payload said = app_sim_words(who == APP_FIRST ? "home/kestria" : "home/velland", &words);
    must(act_file(&r, ACT_CHECKED, &said, NULL, &p->err), p);
    replica_close(&r);
}

static void test_is_kept(void **state)
{
    struct place *p = *state;
    struct desk_keys *k = opened(p);
    struct desk *first = sit(p, k);
    uint64_t acts = desk_acts(first);
    desk_close(first);
    struct desk *again = sit(p, k);
    assert_ptr_equal(again, first); /* nobody has read it anew */
    assert_int_equal(desk_acts(again), acts);
    desk_close(again);
    desk_keys_free(k);
}

static void test_sees_what_others_write(void **state)
{
    struct place *p = *state;
    struct desk_keys *k = opened(p);
    struct desk *d = sit(p, k);
    uint64_t acts = desk_acts(d);
    desk_close(d);
    file_words(p, APP_FIRST); /* by another program, in this folder: the lock is free */
    d = sit(p, k);
    assert_true(desk_acts(d) > acts);
    desk_close(d);
    desk_keys_free(k);
}

static void test_sees_what_it_writes_itself(void **state)
{
    struct place *p = *state;
    struct desk_keys *k = opened(p);
    file_words(p, APP_SECOND);
    struct desk *d = sit(p, k);
    uint64_t acts = desk_acts(d);
    must(desk_take_in(d, &p->err), p);
    assert_true(desk_acts(d) > acts);
    acts = desk_acts(d);
    desk_close(d);
    d = sit(p, k);
    assert_int_equal(desk_acts(d), acts);
    desk_close(d);
    desk_keys_free(k);
}

/* A backup is put in its place while it rests. */
static void test_sees_another_file(void **state)
{
    struct place *p = *state;
    struct desk_keys *k = opened(p);
    struct desk *d = sit(p, k);
    uint64_t before = desk_acts(d);
    desk_close(d);
    file_words(p, APP_FIRST);
    d = sit(p, k);
    desk_close(d);
    d = sit(p, k);
    assert_true(desk_acts(d) > before);
    desk_close(d);
    app_sim_back(&p->sim);
    d = sit(p, k);
    assert_int_equal(desk_acts(d), before);
    desk_close(d);
    desk_keys_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(test_is_kept),
        SCENE(test_sees_what_others_write),
        SCENE(test_sees_what_it_writes_itself),
        SCENE(test_sees_another_file),
    };
    return PLACE_RUN(tests);
}
