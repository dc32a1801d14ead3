/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include "lib/prop.h"
#include "lib/test.h"

struct item {
    uint32_t key;
    uint32_t place;
};

static int by_key(const void *a, const void *b, void *ctx)
{
    const struct item *x = a, *y = b;
    (*(size_t *)ctx)++;
    return (x->key > y->key) - (x->key < y->key);
}

/* Sorted, stable, and the same items: keys ascend, places ascend among equals, each place once. */
static void check_sorted(const struct item *items, const struct item *before, size_t n,
                         uint8_t *seen)
{
    memset(seen, 0, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(items[i].place < n);
        assert_int_equal(before[items[i].place].key, items[i].key);
        assert_int_equal(seen[items[i].place]++, 0);
        if (i > 0) {
            assert_true(items[i - 1].key < items[i].key ||
                        (items[i - 1].key == items[i].key && items[i - 1].place < items[i].place));
        }
    }
}

static void test_random_lists(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "sort");
    struct arena mem = test_arena(1u << 16);
    for (size_t round = 0, rounds = prop_rounds(400); round < rounds; round++) {
        size_t n = (size_t)prop_below(&rnd, round % 10 == 0 ? 1000 : 40);
        uint64_t keys = prop_between(&rnd, 1, 50);
        struct item *items = ARENA_NEW(&mem, struct item, n);
        struct item *before = ARENA_NEW(&mem, struct item, n);
        uint8_t *seen = ARENA_NEW(&mem, uint8_t, n);
        for (size_t i = 0; i < n; i++) {
            items[i] = (struct item){(uint32_t)prop_below(&rnd, keys), (uint32_t)i};
            before[i] = items[i];
        }
        size_t mark = arena_mark(&mem), compared = 0;
        assert_true(sort_stable(items, n, sizeof(items[0]), by_key, &compared, &mem));
        assert_int_equal(arena_mark(&mem), mark);
        check_sorted(items, before, n, seen);
        arena_wipe(&mem);
    }
    test_arena_free(&mem);
}

static void test_sorted_list_is_cheap(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 16);
    struct item *items = ARENA_NEW(&mem, struct item, 1024);
    for (uint32_t i = 0; i < 1024; i++) {
        items[i] = (struct item){i, i};
    }
    size_t compared = 0;
    assert_true(sort_stable(items, 1024, sizeof(items[0]), by_key, &compared, &mem));
    assert_true(compared < 1024);
    test_arena_free(&mem);
}

static void test_no_room(void **state)
{
    (void)state;
    struct item items[3] = {{3, 0}, {2, 1}, {1, 2}};
    struct arena none = {0};
    size_t compared = 0;
    assert_false(sort_stable(items, 3, sizeof(items[0]), by_key, &compared, &none));
    assert_int_equal(items[0].key, 3);
    assert_true(sort_stable(items, 1, sizeof(items[0]), by_key, &compared, &none));
    assert_true(sort_stable(NULL, 0, sizeof(items[0]), by_key, &compared, &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_lists),
        cmocka_unit_test(test_sorted_list_is_cheap),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
