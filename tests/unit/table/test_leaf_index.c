/* SPDX-License-Identifier: Apache-2.0 */
#include "table/leaf_index.h"

#include "lib/prop.h"
#include "lib/test.h"

#define ITEMS 3000u

struct item {
    uint32_t before;
    struct leaf_hash leaf;
};

static struct leaf_list list_of(const struct item *items, uint32_t count)
{
    return LEAF_LIST(items, count, struct item, leaf);
}

static void test_finds_what_was_added(void **state)
{
    static struct item items[ITEMS];
    struct arena mem = test_arena(1u << 20);
    struct leaf_index x = {0};
    struct prop rnd;
    struct leaf_hash none = {{0}};
    (void)state;
    prop_init_seed(&rnd, 5);
    assert_int_equal(leaf_index_find(&x, list_of(NULL, 0), &none), LEAF_NONE);
    for (uint32_t i = 0; i < ITEMS; i++) {
        prop_fill(&rnd, items[i].leaf.b, sizeof(items[i].leaf.b));
        if (i % 3 == 0) { /* many that begin alike, and so want one slot */
            memset(items[i].leaf.b, 7, 8);
        }
        assert_int_equal(leaf_index_find(&x, list_of(items, i), &items[i].leaf), LEAF_NONE);
        assert_true(leaf_index_add(&x, list_of(items, i + 1), &mem));
    }
    for (uint32_t i = 0; i < ITEMS; i++) {
        assert_int_equal(leaf_index_find(&x, list_of(items, ITEMS), &items[i].leaf), i);
        /* Of a list that ends before it, it is no item. */
        assert_int_equal(leaf_index_find(&x, list_of(items, i), &items[i].leaf), LEAF_NONE);
    }
    prop_fill(&rnd, none.b, sizeof(none.b));
    assert_int_equal(leaf_index_find(&x, list_of(items, ITEMS), &none), LEAF_NONE);
    test_arena_free(&mem);
}

static bool add_many(struct arena *mem, void *ctx)
{
    struct leaf_index x = {0};
    for (uint32_t i = 1; i <= 200; i++) {
        if (!leaf_index_add(&x, list_of(ctx, i), mem)) {
            return false;
        }
    }
    return true;
}

static void test_memory_ends(void **state)
{
    static struct item items[200];
    (void)state;
    for (uint32_t i = 0; i < COUNT_OF(items); i++) {
        items[i].leaf.b[3] = (uint8_t)i;
    }
    assert_true(test_faults(add_many, items, 1u << 16) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_what_was_added),
        cmocka_unit_test(test_memory_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
