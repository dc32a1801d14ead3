/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever the bids are, an answer shows no number of a round that did not settle.
 */
#include "lib/test.h"

#include "app/bid.h"
#include "lib/prop.h"
#include "lib/scratch.h"

#include <stdio.h>

enum { ROUNDS = 3 };

/* Numbers of five digits that stand nowhere else: 11117, 22227 ... */
static int number_of(uint64_t level, unsigned round, unsigned side)
{
    return (int)(level * 10000 + 1000 * (round + 1) + 100 * (side + 1) + 17);
}

static void write_bids(const char *path, const int *demands, const int *offers, bool midpoint)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "within: 5 %%\ncrossed: %s\n", midpoint ? "midpoint" : "demand");
    fprintf(f, "demand: {by: Ann, rounds: [%d, %d, %d]}\n", demands[0], demands[1], demands[2]);
    fprintf(f, "offer: {by: Ben, rounds: [%d, %d, %d]}\n", offers[0], offers[1], offers[2]);
    assert_int_equal(fclose(f), 0);
}

static bool shows(const char *text, int number)
{
    char digits[16];
    snprintf(digits, sizeof(digits), "%d", number);
    return strstr(text, digits) != NULL;
}

static void test_hidden(void **state)
{
    struct arena mem = test_arena(1u << 18);
    struct prop prop;
    char path[SCRATCH_PATH_MAX];
    unsigned settled = 0;
    (void)state;
    struct scratch scratch = scratch_new();
    prop_init(&prop, "sealed numbers");
    scratch_path(&scratch, "bids.yaml", path);
    for (size_t round = 0; round < prop_rounds(200); round++) {
        struct bid_answer a;
        struct err err = {0};
        struct buf words;
        struct buf text;
        struct json j;
        int demands[ROUNDS];
        int offers[ROUNDS];
        bool midpoint = prop_one_in(&prop, 2);
        for (unsigned i = 0; i < ROUNDS; i++) {
            demands[i] = number_of(2 + prop_below(&prop, 7), i, 0);
            offers[i] = number_of(1 + prop_below(&prop, 6), i, 1);
        }
        write_bids(path, demands, offers, midpoint);
        assert_true(bid(path, &mem, &a, &err));
        buf_init(&words, 1u << 16);
        buf_init(&text, 1u << 16);
        bid_words(&a, 80, &words);
        json_init(&j, &text);
        json_put_object(&j);
        bid_json(&a, &j);
        json_put_end(&j);
        json_done(&j);
        for (unsigned i = 0; i < ROUNDS; i++) {
            bool close = (demands[i] - offers[i]) * 20 <= demands[i];
            if (a.round == i + 1) {
                int64_t want = offers[i] >= demands[i] && !midpoint ? 2 * demands[i]
                                                                    : demands[i] + offers[i];
                assert_true(close);
                assert_int_equal(a.amount, want * (BID_AMOUNT_ONE / 2));
                assert_int_equal(a.end, offers[i] < demands[i] ? BID_MEAN
                                        : midpoint             ? BID_MIDPOINT
                                                               : BID_DEMAND);
                settled++;
                break;
            }
            assert_false(close);
        }
        for (unsigned i = 0; i < ROUNDS; i++) {
            bool demand_shown = a.end == BID_DEMAND && a.round == i + 1;
            assert_int_equal(shows(buf_str(&words), demands[i]), demand_shown);
            assert_int_equal(shows(buf_str(&text), demands[i]), demand_shown);
            assert_false(shows(buf_str(&words), offers[i]));
            assert_false(shows(buf_str(&text), offers[i]));
        }
        buf_free(&words);
        buf_free(&text);
        arena_rewind(&mem, 0);
    }
    assert_true(settled > 20);
    scratch_free(&scratch);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
