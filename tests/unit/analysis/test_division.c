/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/division.h"
#include "lib/json.h"
#include "lib/problems.h"

/* The published example; three of its cells are unconfirmed, the result is not. */
static void test_published(void **state)
{
    struct arena mem = test_arena(1u << 16);
    struct err err = {0};
    struct adjusted_winner w;
    int64_t points[8];
    (void)state;
    json_t *file = json_shared_or_skip("cases/adjusted_winner_example.json");
    for (size_t g = 0; g < 4; g++) {
        points[2 * g] = json_integer_value(json_array_get(json_object_get(file, "alice"), g));
        points[2 * g + 1] = json_integer_value(json_array_get(json_object_get(file, "bob"), g));
    }
    const struct division d = {.parties = 2, .goods = 4, .points = points};
    assert_true(division_check(&d, &err));
    assert_true(division_adjusted_winner(&d, &mem, &w, &err));
    assert_int_equal(w.first[0], 86);
    assert_int_equal(w.first[1], 181);
    assert_int_equal(w.split, 1);
    assert_int_equal(w.owner[1], 1);
    assert_int_equal(w.keeps.n, 61); /* Bob keeps 61/156, Alice gets 95/156 */
    assert_int_equal(w.keeps.d, 156);
    double each = (double)w.each.n / (double)w.each.d * 200;
    const json_t *expected = json_object_get(json_object_get(file, "expected"), "final_each");
    double off = each - json_real_value(expected);
    assert_true(off < 1e-9 && off > -1e-9);
    json_decref(file);
    test_arena_free(&mem);
}

static struct division random_division(struct prop *prop, uint32_t parties, uint32_t goods,
                                       struct arena *mem)
{
    int64_t *points = ARENA_NEW(mem, int64_t, (size_t)parties * goods);
    assert_non_null(points);
    for (uint32_t i = 0; i < parties * goods; i++) {
        points[i] = (int64_t)prop_below(prop, 12) + (i < parties ? 1 : 0);
    }
    return (struct division){.parties = parties, .goods = goods, .points = points};
}

/* Both end with the same share, at least a half: neither envies, and one good is split at most. */
static void test_adjusted_winner(void **state)
{
    struct arena mem = test_arena(1u << 18);
    struct prop prop;
    (void)state;
    prop_init(&prop, "adjusted winner");
    for (size_t round = 0; round < prop_rounds(2000); round++) {
        struct err err = {0};
        struct adjusted_winner w;
        struct division d = random_division(&prop, 2, 1 + (uint32_t)prop_below(&prop, 7), &mem);
        double share[2] = {0, 0};
        double all[2] = {0, 0};
        assert_true(division_check(&d, &err));
        assert_true(division_adjusted_winner(&d, &mem, &w, &err));
        for (uint32_t g = 0; g < d.goods; g++) {
            for (uint32_t k = 0; k < 2; k++) {
                double part = w.owner[g] == k ? 1 : 0;
                if (g == w.split) {
                    double keeps = (double)w.keeps.n / (double)w.keeps.d;
                    part = w.owner[g] == k ? keeps : 1 - keeps;
                }
                share[k] += part * (double)d.points[2 * g + k];
                all[k] += (double)d.points[2 * g + k];
            }
        }
        double each = (double)w.each.n / (double)w.each.d;
        assert_true(each >= 0.5 - 1e-12);
        for (uint32_t k = 0; k < 2; k++) {
            double off = share[k] / all[k] - each;
            assert_true(off < 1e-9 && off > -1e-9);
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

static void shares_of(const struct division *d, uint64_t number, int64_t *has)
{
    memset(has, 0, d->parties * sizeof(*has));
    for (uint32_t g = 0; g < d->goods; g++) {
        uint32_t k = (uint32_t)(number % d->parties);
        number /= d->parties;
        has[k] += d->points[g * d->parties + k];
    }
}

/* {how many have something, the product}, or shares ascending. */
static void merit(const struct division *d, enum division_rule rule, const int64_t *has,
                  const int64_t *all, double *out)
{
    for (uint32_t k = 0; k < d->parties; k++) {
        double v = (double)has[k] / (double)all[k];
        if (rule == DIVISION_NASH) {
            out[0] = k == 0 ? 0 : out[0];
            out[1] = k == 0 ? 1 : out[1];
            out[0] += has[k] > 0 ? 1 : 0;
            out[1] *= has[k] > 0 ? v : 1;
            continue;
        }
        uint32_t at = k;
        while (at > 0 && out[at - 1] > v) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = v;
    }
}

static void test_whole_goods(void **state)
{
    struct arena mem = test_arena(1u << 18);
    struct prop prop;
    (void)state;
    prop_init(&prop, "whole goods");
    for (size_t round = 0; round < prop_rounds(200); round++) {
        struct err err = {0};
        struct allocation a;
        uint32_t parties = 2 + (uint32_t)prop_below(&prop, 2);
        struct division d = random_division(&prop, parties, 5, &mem);
        enum division_rule rule = round % 2 == 0 ? DIVISION_NASH : DIVISION_LEXIMIN;
        uint32_t fields = rule == DIVISION_NASH ? 2 : parties;
        int64_t all[3] = {0};
        double got[3];
        uint64_t count = 1;
        for (uint32_t g = 0; g < d.goods; g++) {
            count *= parties;
            for (uint32_t k = 0; k < parties; k++) {
                all[k] += d.points[g * parties + k];
            }
        }
        assert_true(division_solve(&d, rule, &no_limit, &mem, &a, &err));
        assert_true(a.exact && a.value >= a.at_most && a.value <= a.at_most);
        merit(&d, rule, a.has, all, got);
        for (uint64_t n = 0; n < count; n++) {
            int64_t has[3];
            double other[3];
            shares_of(&d, n, has);
            merit(&d, rule, has, all, other);
            for (uint32_t i = 0; i < fields; i++) {
                assert_true(other[i] <= got[i] + 1e-12);
                if (other[i] < got[i] - 1e-12) {
                    break;
                }
            }
        }
        if (rule == DIVISION_NASH) { /* such divisions leave envy of one good at most */
            for (uint32_t i = 0; i < parties; i++) {
                for (uint32_t j = 0; j < parties; j++) {
                    assert_true(division_envies(&d, a.owner, i, j) != DIVISION_ENVY);
                }
            }
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* Cut short, the answer is a division, and what it says cannot be had cannot. */
static void test_cut_short(void **state)
{
    struct arena mem = test_arena(1u << 20);
    struct prop prop;
    size_t open = 0;
    (void)state;
    prop_init(&prop, "divisions cut short");
    for (size_t round = 0; round < prop_rounds(200); round++) {
        static const struct budget brief = {.work = 1};
        struct err err = {0};
        struct allocation cut;
        struct allocation best;
        struct division d = random_division(&prop, 2 + (uint32_t)prop_below(&prop, 4),
                                            1 + (uint32_t)prop_below(&prop, 9), &mem);
        enum division_rule rule = round % 2 == 0 ? DIVISION_NASH : DIVISION_LEXIMIN;
        assert_true(division_solve(&d, rule, &brief, &mem, &cut, &err));
        assert_true(division_solve(&d, rule, &no_limit, &mem, &best, &err));
        assert_true(cut.value <= best.value + 1e-12 && best.value <= cut.at_most + 1e-12);
        assert_true(cut.at_most <= 1 + 1e-9);
        for (uint32_t k = 0; k < d.parties; k++) {
            int64_t has = 0;
            for (uint32_t g = 0; g < d.goods; g++) {
                assert_true(cut.owner[g] < d.parties);
                has += cut.owner[g] == k ? d.points[g * d.parties + k] : 0;
            }
            assert_int_equal(has, cut.has[k]);
        }
        open += !cut.exact;
        arena_rewind(&mem, 0);
    }
    assert_true(open > 0);
    test_arena_free(&mem);
}

/* Thirty goods: no search by hand, but the bound meets the division found. */
static void test_many_goods(void **state)
{
    struct arena mem = test_arena(1u << 20);
    struct prop prop;
    struct err err = {0};
    struct allocation a;
    (void)state;
    prop_init(&prop, "thirty goods");
    struct division d = random_division(&prop, 3, 30, &mem);
    for (unsigned r = 0; r < 2; r++) {
        assert_true(division_solve(&d, (enum division_rule)r, &no_limit, &mem, &a, &err));
        assert_true(a.exact && a.work < 10000000);
    }
    test_arena_free(&mem);
}

/* Who gives, in which order; what neither wants is not moved about. */
static void test_moves(void **state)
{
    static const int64_t points[8] = {30, 10, 0, 0, 30, 20, 40, 70};
    static const int64_t even[4] = {1, 1, 1, 1};
    const struct division d = {.parties = 2, .goods = 4, .points = points};
    struct arena mem = test_arena(1u << 16);
    struct err err = {0};
    struct adjusted_winner w;
    (void)state;
    assert_true(division_adjusted_winner(&d, &mem, &w, &err));
    /* 60 to 70: the last good is split, 160 / 210 ... the richer gives of what differs least. */
    assert_int_equal(w.rich, 1);
    assert_int_equal(w.move_count, 1);
    assert_int_equal(w.moves[0], 3);
    assert_int_equal(w.split, 3);
    assert_true(w.each.n * 11 == w.each.d * 7);
    assert_true(division_adjusted_winner(&(struct division){2, 2, even}, &mem, &w, &err));
    assert_true(w.rich == 0 && w.move_count == 1 && w.split == DIVISION_NONE);
    assert_true(w.each.n == 1 && w.each.d == 2);
    test_arena_free(&mem);
}

static void test_refused(void **state)
{
    static const int64_t nothing[4] = {1, 0, 2, 0};
    static const int64_t below[2] = {1, -1};
    struct err err = {0};
    (void)state;
    assert_false(division_check(&(struct division){2, 2, nothing}, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    assert_false(division_check(&(struct division){2, 1, below}, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(division_check(&(struct division){99, 1, below}, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),   cmocka_unit_test(test_adjusted_winner),
        cmocka_unit_test(test_whole_goods), cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_many_goods),  cmocka_unit_test(test_moves),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
