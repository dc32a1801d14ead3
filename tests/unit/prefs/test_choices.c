/* SPDX-License-Identifier: Apache-2.0
 *
 * Weights from choices: against the published centroids, against all orders counted one by one, and
 * what answers change.
 */
#include "prefs/choices.h"

#include "lib/prop.h"
#include "lib/test.h"

#define ROOM ((size_t)4 << 20)

static struct choices_weights weigh(const struct choices *c)
{
    struct arena mem = test_arena(ROOM);
    struct choices_weights w;
    struct err err = {0};
    assert_true(choices_weigh(c, &mem, &w, &err));
    test_arena_free(&mem);
    return w;
}

/* Barron and Barrett (1996), table of rank order centroids: n = 2, 3, 4, 5. */
static void test_published(void **state)
{
    (void)state;
    static const uint32_t want[][5] = {
        {750, 250}, {611, 278, 111}, {521, 271, 146, 62}, {457, 257, 157, 90, 40}};
    for (uint32_t n = 2; n <= 5; n++) {
        struct choices c;
        uint32_t sum = 0;
        choices_init(&c, n);
        for (uint32_t i = 0; i + 1 < n; i++) {
            assert_true(choices_say(&c, i, i + 1, false));
        }
        struct choices_weights w = weigh(&c);
        for (uint32_t i = 0; i < n; i++) {
            assert_in_range(w.weight[i], want[n - 2][i] - 1, want[n - 2][i] + 1);
            assert_true(w.first[i] == i + 1 && w.last[i] == i + 1);
            sum += w.weight[i];
        }
        assert_int_equal(sum, CHOICES_WHOLE);
        assert_true(w.orders == 1 && w.question_count == 0);
    }
}

/* Every order one by one, for a few issues. */
struct brute {
    const struct choices *c;
    uint32_t order[6];
    uint64_t orders, before[6][6];
    double weight[6];
};

static void try_orders(struct brute *b, uint32_t at, uint32_t used)
{
    uint32_t n = b->c->count;
    if (at == n) {
        b->orders++;
        for (uint32_t r = 0; r < n; r++) {
            double w = 0;
            for (uint32_t k = r + 1; k <= n; k++) {
                w += 1.0 / k;
            }
            b->weight[b->order[r]] += w / n;
            for (uint32_t k = r + 1; k < n; k++) {
                b->before[b->order[r]][b->order[k]]++;
            }
        }
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        bool may = (used & 1u << i) == 0;
        for (uint32_t j = 0; j < n; j++) {
            may = may && ((b->c->more[j] & 1u << i) == 0 || (used & 1u << j) != 0);
        }
        if (may) {
            b->order[at] = i;
            try_orders(b, at + 1, used | 1u << i);
        }
    }
}

static void test_all_orders(void **state)
{
    (void)state;
    struct prop r;
    prop_init(&r, "choices");
    for (uint32_t round = 0; round < prop_rounds(200); round++) {
        struct choices c;
        struct brute b = {.c = &c};
        choices_init(&c, (uint32_t)prop_between(&r, 1, 6));
        for (uint64_t k = prop_below(&r, 6); k > 0; k--) {
            struct choices was = c;
            if (!choices_say(&c, (uint32_t)prop_below(&r, c.count),
                             (uint32_t)prop_below(&r, c.count), false)) {
                assert_memory_equal(&was, &c, sizeof(c));
            }
        }
        try_orders(&b, 0, 0);
        struct choices_weights w = weigh(&c);
        assert_int_equal(w.orders, b.orders);
        uint32_t sum = 0;
        for (uint32_t i = 0; i < c.count; i++) {
            double points = 1000 * b.weight[i] / (double)b.orders;
            assert_true(w.weight[i] > points - 1 && w.weight[i] < points + 1);
            sum += w.weight[i];
        }
        assert_int_equal(sum, CHOICES_WHOLE);
        /* No open pair splits the orders better than the first question. */
        uint64_t best = 0;
        for (uint32_t i = 0; i < c.count; i++) {
            for (uint32_t j = i + 1; j < c.count; j++) {
                uint64_t x = b.before[i][j], y = b.before[j][i], less = x < y ? x : y;
                best = less > best ? less : best;
            }
        }
        const struct choices_question *q = w.questions;
        assert_true((w.question_count == 0) == (best == 0));
        if (best > 0) {
            assert_int_equal(q->a_first, b.before[q->a][q->b]);
            assert_int_equal(q->a_first < q->rest ? q->a_first : q->rest, best);
        }
    }
}

static void test_answers(void **state)
{
    (void)state;
    struct choices c;
    choices_init(&c, 4);
    assert_int_equal(weigh(&c).orders, 24);
    assert_int_equal(weigh(&c).weight[3], 250);
    assert_int_equal(weigh(&c).question_count, 2);
    assert_true(choices_say(&c, 0, 1, false) && choices_say(&c, 1, 2, false));
    assert_false(choices_open(&c, 0, 2));
    assert_false(choices_say(&c, 2, 0, false)); /* round in a circle */
    assert_false(choices_say(&c, 2, 0, true));
    assert_false(choices_say(&c, 1, 1, false));
    assert_true(choices_say(&c, 1, 1, true));
    /* The same: what is known of one is known of the other. */
    assert_true(choices_say(&c, 3, 1, true));
    assert_false(choices_open(&c, 0, 3));
    assert_false(choices_say(&c, 2, 3, false));
    struct choices_weights w = weigh(&c);
    assert_true(w.weight[1] == w.weight[3] || w.weight[1] == w.weight[3] + 1);
    assert_true(w.weight[0] > w.weight[1] && w.weight[3] > w.weight[2]);
    assert_int_equal(w.orders, 1);
    assert_int_equal(w.question_count, 0);
    assert_true(w.first[1] == 2 && w.last[1] == 3);
}

/* Nothing, one, and as many as there may be, with nothing known of them. */
static void test_ends(void **state)
{
    (void)state;
    struct choices c;
    struct arena none = test_arena(64);
    struct choices_weights w;
    struct err err = {0};
    choices_init(&c, 0);
    assert_int_equal(weigh(&c).question_count, 0);
    choices_init(&c, 1);
    w = weigh(&c);
    assert_true(w.weight[0] == CHOICES_WHOLE && w.orders == 1);
    choices_init(&c, CHOICES_ISSUES_MAX);
    w = weigh(&c);
    assert_int_equal(w.orders, UINT64_C(87178291200)); /* 14! */
    assert_int_equal(w.questions[0].a_first, w.questions[0].rest);
    for (uint32_t i = 0; i < CHOICES_ISSUES_MAX; i++) {
        assert_in_range(w.weight[i], 71, 72);
    }
    assert_false(choices_weigh(&c, &none, &w, &err));
    test_arena_free(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_all_orders),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
