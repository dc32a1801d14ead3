/* SPDX-License-Identifier: Apache-2.0
 *
 * Besides the known answers: whole small random logs, each question answered a second time straight
 * from the words of FORMAT 9, by counting over all acts.
 */
#include "record/witness.h"

#include <jansson.h>
#include <stdlib.h>

#include "lib/prop.h"
#include "lib/shared.h"
#include "lib/test.h"
#include "lib/toy_ring.h"

#define ROOM (1u << 20)
#define SIDES 5u
#define SEATS 4u /* of each side */
#define EVENTS_MAX 64u
#define WITNESSES_MAX (SIDES * SEATS)

enum what { NAMING, COUNTERSIGN, PROCEED, OTHER };

/* One act of a small log; its place is its index. */
struct event {
    enum what what;
    uint32_t side; /* that names, that countersigns, that is named by a proceed act */
    uint32_t by;   /* PROCEED: the author's side */
    uint32_t seat;
    uint32_t needed, count, seats[SEATS]; /* NAMING */
    uint64_t size, time;
};

struct log {
    uint64_t grace;
    uint64_t n;
    struct event e[EVENTS_MAX];
};

/* ---- straight from the words ---- */

static const struct event *naming_below(const struct log *log, uint32_t side, uint64_t at)
{
    const struct event *found = NULL;
    for (uint64_t i = 0; i < at && i < log->n; i++) {
        if (log->e[i].what == NAMING && log->e[i].side == side) {
            found = &log->e[i];
        }
    }
    return found;
}

static bool signs(const struct event *e, uint32_t side, uint32_t seat)
{
    return e->what == COUNTERSIGN && e->side == side && e->seat == seat;
}

/* How many of the side's witnesses in g countersigned in [0, below) a size >= least at a time in
 * [from, to], reading, as `first` says, only the first act of a size >= least, or the last act. */
enum which { ANY_ACT, FIRST_ACT, LAST_ACT };
static uint32_t count_witnesses(const struct log *log, const struct event *g, uint64_t below,
                                enum which which, uint64_t least, uint64_t from, uint64_t to)
{
    uint32_t n = 0;
    for (uint32_t w = 0; w < g->count; w++) {
        bool yes = false, met = false;
        for (uint64_t i = 0; i < below && i < log->n; i++) {
            const struct event *e = &log->e[i];
            if (!signs(e, g->side, g->seats[w]) || e->size < least) {
                continue;
            }
            bool in = e->time >= from && e->time <= to;
            yes = which == ANY_ACT ? yes || in : which == LAST_ACT ? in : met ? yes : in;
            met = true;
        }
        n += yes;
    }
    return n;
}

static bool ref_valid(const struct log *log, uint64_t p)
{
    const struct event *act = &log->e[p];
    if (act->what != PROCEED || act->by == act->side || naming_below(log, act->side, p) == NULL ||
        naming_below(log, act->by, p) == NULL) {
        return false;
    }
    uint64_t from = 0;
    for (uint64_t i = 0; i < p; i++) {
        if (log->e[i].what == COUNTERSIGN && log->e[i].side == act->side) {
            from = i + 1;
        }
    }
    uint32_t groups = 0, others = 0;
    for (uint32_t g = 0; g < SIDES; g++) {
        if (naming_below(log, g, p) == NULL) {
            continue;
        }
        groups++;
        bool apart = false;
        for (uint64_t i = from; i < p; i++) {
            for (uint64_t j = from; j < p; j++) {
                const struct event *a = &log->e[i], *b = &log->e[j];
                apart = apart ||
                        (a->what == COUNTERSIGN && b->what == COUNTERSIGN && a->side == g &&
                         b->side == g && a->seat == b->seat && b->time >= a->time + log->grace);
            }
        }
        others += g != act->side && apart;
    }
    return groups == 2 ? others >= 1 : others >= 2;
}

static bool ref_out(const struct log *log, uint32_t side, uint64_t s)
{
    bool out = false;
    for (uint64_t i = 0; i < s && i < log->n; i++) {
        const struct event *e = &log->e[i];
        if (e->side != side) {
            continue;
        }
        if (e->what == COUNTERSIGN) {
            out = false;
        } else if (e->what == PROCEED && ref_valid(log, i)) {
            out = true;
        }
    }
    return out;
}

/* Do more than half of the groups that are not out have a first time above i that is <= T, or a
 * last time below seen that is >= T? */
static bool ref_majority(const struct log *log, uint64_t at, enum which which, uint64_t bound,
                         uint64_t time)
{
    uint32_t groups = 0, yes = 0;
    for (uint32_t side = 0; side < SIDES; side++) {
        const struct event *g = naming_below(log, side, at);
        if (g == NULL || ref_out(log, side, at)) {
            continue;
        }
        groups++;
        uint32_t n = which == FIRST_ACT ? count_witnesses(log, g, at, which, bound + 1, 0, time)
                                        : count_witnesses(log, g, bound < at ? bound : at, which, 0,
                                                          time, UINT64_MAX);
        yes += n >= g->needed;
    }
    return yes * 2 > groups;
}

/* The T of the definitions is always some act's time: try each. */
static struct moment ref_moment(const struct log *log, uint64_t at, enum which which,
                                uint64_t bound)
{
    struct moment best = {0};
    for (uint64_t i = 0; i < log->n; i++) {
        uint64_t t = log->e[i].time;
        if (log->e[i].what == COUNTERSIGN && ref_majority(log, at, which, bound, t) &&
            (!best.known || (which == FIRST_ACT ? t < best.seconds : t > best.seconds))) {
            best = (struct moment){true, t};
        }
    }
    return best;
}

static bool ref_covers(const struct log *log, uint32_t side, uint64_t s, uint64_t at)
{
    const struct event *g = naming_below(log, side, s);
    return ref_out(log, side, s) ||
           count_witnesses(log, g, at, ANY_ACT, s, 0, UINT64_MAX) >= g->needed;
}

static uint64_t ref_final(const struct log *log, uint64_t at)
{
    bool any = false;
    for (uint32_t side = 0; side < SIDES; side++) {
        any = any || naming_below(log, side, at) != NULL;
    }
    for (uint64_t s = any ? at : 0; s > 0; s--) {
        bool all = true;
        for (uint32_t side = 0; side < SIDES; side++) {
            all = all && (naming_below(log, side, s) == NULL || ref_covers(log, side, s, at));
        }
        if (all) {
            return s;
        }
    }
    return 0;
}

static uint64_t ref_saw(const struct log *log, uint32_t side, uint64_t seen, uint64_t index)
{
    const struct event *g = naming_below(log, side, index);
    uint64_t size = index;
    while (g != NULL && size > seen) {
        if (count_witnesses(log, g, index, ANY_ACT, size, 0, UINT64_MAX) >= g->needed) {
            return size;
        }
        size--;
    }
    return seen;
}

/* ---- the log as the layer sees it ---- */

struct table {
    struct arena mem;
    struct keyring *ring;
    struct witness_log *log;
};

static void table_open(struct table *t, uint64_t grace)
{
    struct err err;
    t->mem = test_arena(ROOM);
    assert_true(keyring_new(&t->mem, &t->ring, &err));
    assert_true(witness_log_new(&t->mem, t->ring, &t->log, &err));
    struct control c = toy_found(SIDES, 0, (uint32_t)grace);
    toy_apply(t->ring, 0, 0, &c);
    for (uint32_t side = 0; side < SIDES; side++) {
        c = toy_slip(side, SEATS);
        toy_apply(t->ring, 1 + side, 0, &c);
    }
}

static void table_close(struct table *t)
{
    witness_log_free(t->log);
    keyring_free(t->ring);
    test_arena_free(&t->mem);
}

static uint32_t number_of(const struct table *t, uint32_t side, uint32_t seat)
{
    return keyring_seat(t->ring, side * SEATS + seat)->witness;
}

static void table_take(struct table *t, uint64_t i, const struct event *e)
{
    struct err err = {0};
    switch (e->what) {
    case NAMING: {
        struct control c = toy_naming(e->needed, e->side, e->seats, e->count);
        toy_apply(t->ring, i, e->side, &c);
        return;
    }
    case COUNTERSIGN:
        if (!witness_countersign(t->log, i, number_of(t, e->side, e->seat), e->size, e->time,
                                 &err)) {
            fail_msg("act %llu: %s", (unsigned long long)i, err.what);
        }
        return;
    case PROCEED: {
        bool valid;
        assert_true(witness_proceed(t->log, i, e->by, e->side, &valid, &err));
        return;
    }
    case OTHER:
        return;
    }
}

/* Logs of times like 100, 110, ...: some witnesses' clocks are off, some stay silent. */
static void random_log(struct prop *rnd, struct log *log)
{
    *log = (struct log){.grace = 60};
    log->n = prop_between(rnd, 1 + SIDES, EVENTS_MAX);
    uint64_t now = 1000, last_size[SIDES][SEATS] = {{0}}, last_time[SIDES][SEATS] = {{0}};
    bool named[SIDES][SEATS] = {{false}};
    uint64_t step = prop_between(rnd, 1, 60), sides = prop_between(rnd, 1, SIDES);
    uint64_t seats = prop_between(rnd, 1, SEATS), silent = prop_below(rnd, 2 * SIDES);
    for (uint64_t i = 0; i < 1 + SIDES; i++) {
        log->e[i].what = OTHER;
        log->e[i].side = SIDES;
    }
    for (uint64_t i = 1 + SIDES; i < log->n; i++) {
        struct event *e = &log->e[i];
        now += prop_below(rnd, step);
        e->side = (uint32_t)prop_below(rnd, sides);
        uint64_t dice = prop_below(rnd, 20);
        if (dice < 3) {
            e->what = NAMING;
            e->count = (uint32_t)prop_between(rnd, 1, 3);
            e->needed = (uint32_t)prop_between(rnd, e->count / 2 + 1, e->count);
            uint32_t first = (uint32_t)prop_below(rnd, seats);
            for (uint32_t w = 0; w < e->count; w++) {
                e->seats[w] = (first + w) % SEATS;
                named[e->side][e->seats[w]] = true;
            }
        } else if (dice < 15) {
            e->seat = (uint32_t)prop_below(rnd, seats);
            uint64_t *size = &last_size[e->side][e->seat], *time = &last_time[e->side][e->seat];
            if (!named[e->side][e->seat] || (e->side == silent && i > 20)) {
                e->what = OTHER;
                continue;
            }
            e->what = COUNTERSIGN;
            e->size = prop_one_in(rnd, 3) ? i : prop_between(rnd, *size, i);
            e->time = prop_one_in(rnd, 5) ? now + prop_below(rnd, 500) : now;
            e->time = e->time < *time ? *time : e->time;
            *size = e->size;
            *time = e->time;
        } else if (dice < 18) {
            e->what = PROCEED;
            e->by = (uint32_t)prop_below(rnd, sides);
        } else {
            e->what = OTHER;
        }
    }
}

static void same_moment(struct moment got, struct moment want, const char *what, uint64_t index,
                        uint64_t at)
{
    if (got.known != want.known || (got.known && got.seconds != want.seconds)) {
        fail_msg("%s of act %llu as of %llu: %d %llu, not %d %llu", what, (unsigned long long)index,
                 (unsigned long long)at, got.known, (unsigned long long)got.seconds, want.known,
                 (unsigned long long)want.seconds);
    }
}

static enum timing ref_timing(const struct log *log, uint64_t index, uint64_t seen,
                              uint64_t deadline, uint64_t at)
{
    if (ref_majority(log, at, FIRST_ACT, index, deadline)) {
        return TIMING_IN_TIME;
    }
    if (ref_majority(log, at, LAST_ACT, seen, deadline + 1)) {
        return TIMING_LATE;
    }
    return ref_moment(log, at, FIRST_ACT, index).known ? TIMING_CONTESTED : TIMING_PENDING;
}

/* Some questions as of at, both ways. */
static void compare(const struct table *t, const struct log *log, struct prop *rnd, uint64_t at)
{
    uint64_t want = ref_final(log, at), got = witness_final(t->log, at);
    if (want != got) {
        fail_msg("final(%llu) is %llu, not %llu", (unsigned long long)at, (unsigned long long)want,
                 (unsigned long long)got);
    }
    for (uint32_t side = 0; side < SIDES; side++) {
        assert_int_equal(witness_out(t->log, side, at), ref_out(log, side, at));
        uint64_t s = prop_between(rnd, 0, at);
        assert_int_equal(witness_covers(t->log, side, s, at),
                         naming_below(log, side, s) != NULL && ref_covers(log, side, s, at));
    }
    if (at == 0) {
        return;
    }
    uint64_t index = prop_below(rnd, at), seen = prop_between(rnd, 0, index);
    uint32_t side = (uint32_t)prop_below(rnd, SIDES);
    same_moment(witness_t(t->log, index, at), ref_moment(log, at, FIRST_ACT, index), "t", index,
                at);
    same_moment(witness_b(t->log, seen, at), ref_moment(log, at, LAST_ACT, seen), "b", index, at);
    uint64_t deadline = 1000 + prop_below(rnd, 1500);
    assert_int_equal(witness_timing(t->log, index, seen, deadline, at),
                     ref_timing(log, index, seen, deadline, at));
    assert_int_equal(witness_surely_passed(t->log, seen, deadline, at),
                     ref_majority(log, at, LAST_ACT, seen, deadline));
    assert_int_equal(witness_saw(t->log, side, seen, index), ref_saw(log, side, seen, index));
}

static void test_as_the_words_say(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "witness");
    uint64_t outs = 0, finals = 0;
    for (size_t round = 0, rounds = prop_rounds(2500); round < rounds; round++) {
        struct log log;
        struct table t;
        random_log(&rnd, &log);
        table_open(&t, log.grace);
        uint64_t live[EVENTS_MAX + 1];
        for (uint64_t i = 0; i < log.n; i++) {
            live[i] = witness_final(t.log, i);
            table_take(&t, i, &log.e[i]);
        }
        live[log.n] = witness_final(t.log, log.n);
        for (int k = 0; k < 3; k++) {
            compare(&t, &log, &rnd, prop_between(&rnd, 0, log.n));
        }
        compare(&t, &log, &rnd, log.n);
        for (uint64_t i = 0; i <= log.n; i++) {
            /* What was final stays so, and later acts change no answer about a prefix. */
            assert_int_equal(witness_final(t.log, i), live[i]);
            assert_true(i == 0 || live[i] >= live[i - 1]);
            finals += live[i] > 0;
        }
        for (uint32_t side = 0; side < SIDES; side++) {
            outs += witness_out(t.log, side, log.n);
        }
        table_close(&t);
    }
    /* The logs do hold what they are to show. */
    assert_true(outs > 50 && finals > 1000);
}

/* A stranger with only the acts of witness_bounds finds the same. */
static void test_bounds_are_enough(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "bounds");
    for (size_t round = 0, rounds = prop_rounds(800); round < rounds; round++) {
        struct log log;
        struct table all, part;
        random_log(&rnd, &log);
        table_open(&all, log.grace);
        table_open(&part, log.grace);
        for (uint64_t i = 0; i < log.n; i++) {
            table_take(&all, i, &log.e[i]);
        }
        uint64_t index = prop_below(&rnd, log.n), seen = prop_between(&rnd, 0, index);
        uint64_t need[EVENTS_MAX];
        size_t n = witness_bounds(all.log, index, seen, log.n, need, COUNT_OF(need)), at = 0;
        for (uint64_t i = 0; i < log.n; i++) {
            bool listed = at < n && need[at] == i;
            at += listed;
            if (listed || log.e[i].what != COUNTERSIGN) {
                table_take(&part, i, &log.e[i]);
            }
        }
        assert_int_equal(at, n);
        same_moment(witness_t(part.log, index, log.n), witness_t(all.log, index, log.n), "t", index,
                    log.n);
        same_moment(witness_b(part.log, seen, log.n), witness_b(all.log, seen, log.n), "b", index,
                    log.n);
        for (uint32_t side = 0; side < SIDES; side++) {
            assert_int_equal(witness_out(part.log, side, log.n), witness_out(all.log, side, log.n));
        }
        table_close(&all);
        table_close(&part);
    }
}

static const uint32_t all_seats[] = {0, 1, 2, 3};

static void test_rules_of_the_log(void **state)
{
    (void)state;
    struct table t;
    struct err err = {0};
    table_open(&t, 60);
    assert_false(witness_countersign(t.log, 9, 0, 5, 100, &err));
    assert_string_equal(err.what, "its witness key has not been named by its side");
    assert_false(witness_countersign(t.log, 9, WITNESS_NONE, 5, 100, &err));
    struct control c = toy_naming(2, 0, all_seats, 2);
    toy_apply(t.ring, 9, 0, &c);
    assert_false(witness_countersign(t.log, 9, 0, 5, 100, &err)); /* named at 9, not below it */
    assert_true(witness_countersign(t.log, 10, 0, 5, 100, &err));
    assert_true(witness_countersign(t.log, 11, 0, 5, 100, &err));
    assert_false(witness_countersign(t.log, 12, 0, 4, 100, &err));
    assert_string_equal(err.what, "witness 0 countersigns size 4 after size 5: sizes never fall");
    assert_false(witness_countersign(t.log, 12, 0, 5, 99, &err));
    assert_string_equal(err.what, "witness 0 countersigns at time 99 after 100: times never fall");
    assert_int_equal(witness_count(t.log, 0, INDEX_NEVER), 2);
    assert_true(witness_countersign(t.log, 12, 1, 3, 50, &err)); /* another key, another clock */
    assert_int_equal(witness_group_size(t.log, 0, 13), 3);
    assert_int_equal(witness_group_size(t.log, 0, 12), 0);
    /* Before a side names witnesses it has no times. */
    assert_true(witness_side_first(t.log, 0, 2, 13).known && witness_side_last(t.log, 0, 13).known);
    assert_false(witness_side_first(t.log, 0, 2, 9).known || witness_side_last(t.log, 0, 9).known);
    /* No longer named, it may still countersign. */
    c = toy_naming(1, 0, all_seats + 2, 1);
    toy_apply(t.ring, 13, 0, &c);
    assert_true(witness_countersign(t.log, 14, 0, 6, 101, &err));
    struct countersigned last;
    assert_true(witness_last(t.log, 0, 14, &last));
    assert_int_equal(last.index, 11);
    assert_int_equal(witness_get(t.log, 0, 2).size, 6);
    assert_true(witness_first_above(t.log, 0, 5, 20, &last));
    assert_int_equal(last.index, 14);
    assert_false(witness_first_above(t.log, 0, 5, 14, &last));
    table_close(&t);
}

/* 2 of 3: one witness may sleep, and one that lies moves nothing. */
static void test_k_of_n(void **state)
{
    (void)state;
    struct table t;
    struct err err;
    table_open(&t, 60);
    struct control c = toy_naming(2, 0, all_seats, 3);
    toy_apply(t.ring, 6, 0, &c);
    assert_true(witness_countersign(t.log, 7, 0, 7, 100, &err));
    assert_int_equal(witness_final(t.log, 8), 6); /* below its naming nothing is missing */
    assert_true(witness_countersign(t.log, 8, 1, 7, 900, &err));
    assert_int_equal(witness_final(t.log, 9), 7);
    assert_true(witness_t(t.log, 6, 9).known);
    assert_int_equal(witness_t(t.log, 6, 9).seconds, 900); /* the second of the first two */
    assert_true(witness_countersign(t.log, 9, 2, 8, 110, &err));
    assert_int_equal(witness_t(t.log, 6, 10).seconds, 110);
    assert_int_equal(witness_b(t.log, 10, 10).seconds, 110);
    assert_false(witness_t(t.log, 7, 10).known);
    table_close(&t);
}

static void test_proceed_without(void **state)
{
    (void)state;
    struct table t;
    struct err err;
    bool valid;
    table_open(&t, 60);
    for (uint32_t side = 0; side < 3; side++) {
        struct control c = toy_naming(1, side, all_seats, 1);
        toy_apply(t.ring, 6 + side, side, &c);
    }
    /* Groups 0 and 1 go on, 2 is silent. */
    assert_true(witness_countersign(t.log, 9, 0, 9, 1000, &err));
    assert_true(witness_countersign(t.log, 10, 1, 9, 1000, &err));
    assert_true(witness_countersign(t.log, 11, 0, 11, 1060, &err));
    assert_true(witness_proceed(t.log, 12, 0, 2, &valid, &err));
    assert_false(valid); /* of the others only one has gone on for a grace */
    assert_true(witness_countersign(t.log, 13, 1, 12, 1059, &err));
    assert_true(witness_proceed(t.log, 14, 0, 2, &valid, &err));
    assert_false(valid);
    assert_true(witness_countersign(t.log, 15, 1, 15, 1060, &err));
    assert_false(witness_would_proceed(t.log, 16, 2, 2));
    assert_false(witness_would_proceed(t.log, 16, 4, 2)); /* of no group */
    assert_false(witness_would_proceed(t.log, 16, 0, 4)); /* no group */
    assert_true(witness_would_proceed(t.log, 16, 1, 2));
    assert_int_equal(witness_final(t.log, 16), 8);
    assert_true(witness_proceed(t.log, 16, 1, 2, &valid, &err));
    assert_true(valid);
    assert_false(witness_out(t.log, 2, 16));
    assert_true(witness_out(t.log, 2, 17));
    assert_true(witness_countersign(t.log, 17, 0, 17, 1070, &err));
    assert_int_equal(witness_final(t.log, 18), 8);
    assert_true(witness_countersign(t.log, 18, 1, 17, 1070, &err));
    assert_int_equal(witness_final(t.log, 19), 17);
    /* Two groups are left: both times count. */
    assert_int_equal(witness_t(t.log, 16, 19).seconds, 1070);
    /* It answers: back in above 20. */
    assert_true(witness_countersign(t.log, 20, 2, 20, 1080, &err));
    assert_true(witness_out(t.log, 2, 20));
    assert_false(witness_out(t.log, 2, 21));
    assert_int_equal(witness_final(t.log, 21), 17);
    assert_int_equal(witness_proceeds(t.log), 3);
    assert_true(witness_proceed_at(t.log, 2).valid);
    /* What names no side is noted, and counts for nothing; a stranger needs nothing for it. */
    uint64_t before[EVENTS_MAX], after[EVENTS_MAX], few[1], early[EVENTS_MAX];
    size_t n = witness_bounds(t.log, 16, 16, 21, before, COUNT_OF(before));
    assert_false(witness_would_proceed(t.log, 21, 0, SIDES_MAX));
    assert_false(witness_would_proceed(t.log, 21, SIDES_MAX, 2));
    assert_true(witness_proceed(t.log, 21, 0, UINT32_MAX, &valid, &err));
    assert_false(valid);
    assert_int_equal(witness_bounds(t.log, 16, 16, 22, after, COUNT_OF(after)), n);
    assert_memory_equal(before, after, n * sizeof(before[0]));
    /* There is room for one alone; what was noted later decides nothing. */
    assert_int_equal(witness_bounds(t.log, 16, 16, 21, few, COUNT_OF(few)), 1);
    n = witness_bounds(t.log, 8, 8, 12, early, COUNT_OF(early));
    assert_true(n > 0 && early[n - 1] < 12);
    table_close(&t);
}

/* ---- known answers of tools/make_time_vectors.py ---- */

static uint64_t get_u(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    assert_true(json_is_integer(v));
    return (uint64_t)json_integer_value(v);
}

static struct moment get_moment(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    assert_non_null(v);
    return json_is_null(v) ? (struct moment){0}
                           : (struct moment){true, (uint64_t)json_integer_value(v)};
}

static void read_event(const json_t *o, struct event *e)
{
    const char *what = json_string_value(json_object_get(o, "act"));
    assert_non_null(what);
    *e = (struct event){.what = OTHER, .side = SIDES};
    if (strcmp(what, "other") == 0) {
        return;
    }
    e->side = (uint32_t)get_u(o, "side");
    if (strcmp(what, "witnesses") == 0) {
        e->what = NAMING;
        e->needed = (uint32_t)get_u(o, "k");
        const json_t *seats = json_object_get(o, "seats");
        e->count = (uint32_t)json_array_size(seats);
        assert_true(e->count <= SEATS);
        for (uint32_t i = 0; i < e->count; i++) {
            e->seats[i] = (uint32_t)json_integer_value(json_array_get(seats, i));
        }
    } else if (strcmp(what, "countersign") == 0) {
        e->what = COUNTERSIGN;
        e->seat = (uint32_t)get_u(o, "seat");
        e->size = get_u(o, "size");
        e->time = get_u(o, "time");
    } else {
        assert_string_equal(what, "proceed-without");
        e->what = PROCEED;
        e->by = (uint32_t)get_u(o, "by");
    }
}

static void check_question(const struct table *t, const json_t *q)
{
    static const char *const words[] = {
        [TIMING_IN_TIME] = "in-time",
        [TIMING_LATE] = "late",
        [TIMING_PENDING] = "pending",
        [TIMING_CONTESTED] = "contested",
    };
    uint64_t at = get_u(q, "at"), index = get_u(q, "index"), seen = get_u(q, "seen_size");
    uint64_t deadline = get_u(q, "deadline");
    uint32_t side = (uint32_t)get_u(q, "side");
    same_moment(witness_t(t->log, index, at), get_moment(q, "t"), "t", index, at);
    same_moment(witness_b(t->log, seen, at), get_moment(q, "b"), "b", index, at);
    assert_string_equal(words[witness_timing(t->log, index, seen, deadline, at)],
                        json_string_value(json_object_get(q, "timing")));
    assert_int_equal(witness_surely_passed(t->log, seen, deadline, at),
                     json_is_true(json_object_get(q, "surely_passed")));
    assert_int_equal(witness_final(t->log, at), get_u(q, "final"));
    assert_int_equal(witness_saw(t->log, side, seen, index), get_u(q, "saw"));
    const json_t *out = json_object_get(q, "out");
    uint32_t listed = 0;
    for (uint32_t s = 0; s < SIDES; s++) {
        if (witness_out(t->log, s, at)) {
            assert_int_equal(json_integer_value(json_array_get(out, listed)), s);
            listed++;
        }
    }
    assert_int_equal(json_array_size(out), listed);
}

static void test_known_answers(void **state)
{
    (void)state;
    char path[SHARED_PATH_MAX];
    project_path("tests/vectors/times.json", path);
    struct bytes raw = read_whole(path);
    assert_non_null(raw.p);
    json_t *root = json_loadb((const char *)raw.p, raw.n, 0, NULL);
    assert_non_null(root);
    const json_t *logs = json_object_get(root, "logs");
    assert_true(json_array_size(logs) >= 50);
    for (size_t i = 0; i < json_array_size(logs); i++) {
        const json_t *o = json_array_get(logs, i), *acts = json_object_get(o, "acts");
        const json_t *questions = json_object_get(o, "questions");
        struct table t;
        table_open(&t, get_u(o, "grace"));
        for (size_t k = 0; k < json_array_size(acts); k++) {
            struct event e;
            read_event(json_array_get(acts, k), &e);
            table_take(&t, k, &e);
        }
        for (size_t k = 0; k < json_array_size(questions); k++) {
            check_question(&t, json_array_get(questions, k));
        }
        table_close(&t);
    }
    json_decref(root);
    free((void *)(uintptr_t)raw.p); /* read_whole gave it to us; the view is const */
}

/* After 20,000 appends, a question after each: no question walks the log. */
static void test_long_log(void **state)
{
    (void)state;
    struct table t;
    struct err err;
    table_open(&t, 60);
    for (uint32_t side = 0; side < SIDES; side++) {
        struct control c = toy_naming(1, side, all_seats, 1);
        toy_apply(t.ring, 6 + side, side, &c);
    }
    uint64_t at = 6 + SIDES, countersigned = 0, end = at + 20000;
    for (; at < end; at++) {
        if (at % 2 == 0) {
            uint32_t w = (uint32_t)(at / 2 % SIDES);
            assert_true(witness_countersign(t.log, at, w, at, at * 10, &err));
            countersigned++;
        }
        uint64_t final = witness_final(t.log, at + 1);
        assert_true(at < 40 || (final >= at - 2 * SIDES && final <= at));
        struct moment m = witness_t(t.log, at / 2, at + 1);
        assert_true(at < 40 || (m.known && m.seconds / 10 >= at / 2));
    }
    assert_true(witness_memory(t.log) <= 2 * 24 * countersigned + 64 * SEATS_MAX);
    table_close(&t);
}

static void test_no_room(void **state)
{
    (void)state;
    struct arena none = {0};
    struct witness_log *log = NULL;
    struct err err;
    assert_false(witness_log_new(&none, NULL, &log, &err));
    assert_null(log);
    witness_log_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_the_words_say), cmocka_unit_test(test_bounds_are_enough),
        cmocka_unit_test(test_rules_of_the_log), cmocka_unit_test(test_k_of_n),
        cmocka_unit_test(test_proceed_without),  cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_long_log),         cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
