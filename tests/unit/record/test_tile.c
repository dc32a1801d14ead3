/* SPDX-License-Identifier: Apache-2.0 */
#include "record/tile.h"

#include "lib/prop.h"
#include "lib/test.h"

static void test_names(void **state)
{
    (void)state;
    static const struct {
        struct tile tile;
        const char *name;
    } good[] = {
        {{false, 0, 0, 256}, "tile/0/000"},
        {{false, 0, 1234067, 256}, "tile/0/x001/x234/067"},
        {{false, 2, 999, 1}, "tile/2/999.p/1"},
        {{false, 5, 0, 1}, "tile/5/000.p/1"},
        {{true, 0, 1000, 255}, "tile/entries/x001/000.p/255"},
        {{true, 0, 4294967295u, 256}, "tile/entries/x004/x294/x967/295"},
    };
    char name[TILE_NAME_MAX];
    struct tile t;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        tile_name(&good[i].tile, name);
        assert_string_equal(name, good[i].name);
        assert_true(tile_parse(bytes_str(name), &t));
        assert_true(t.entries == good[i].tile.entries && t.level == good[i].tile.level);
        assert_true(t.number == good[i].tile.number && t.width == good[i].tile.width);
        /* Neither a byte less nor one more. */
        size_t n = strlen(name);
        bool shorter = tile_parse(bytes_of(name, n - 1), &t);
        assert_int_equal(shorter, i == 4); /* .p/25 */
        name[n] = '/';
        assert_false(tile_parse(bytes_of(name, n + 1), &t));
    }
    static const char *const bad[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/6/000",
        "tile/-1/000",
        "Tile/0/000",
        "tile/0/x000/000",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/x01/001",
        "tile/0/x0001/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.q/1",
        "tile/0/000.p/1/2",
        "tile/entries",
        "tile/entry/000",
        "/tile/0/000",
        "tile//000",
        "tile/5/000",
        "tile/5/001.p/1",
        "tile/4/001.p/1",
        "tile/0/x004/x294/x967/296",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/00a",
        "tile/0/xx01/001",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (tile_parse(bytes_str(bad[i]), &t)) {
            fail_msg("taken: %s", bad[i]);
        }
    }
}

static void test_counts(void **state)
{
    (void)state;
    uint32_t last;
    /* The example of C2SP tlog-tiles: 70,000 leaves. */
    assert_int_equal(tile_count(0, 70000, &last), 274);
    assert_int_equal(last, 112);
    assert_int_equal(tile_count(1, 70000, &last), 2);
    assert_int_equal(last, 17);
    assert_int_equal(tile_count(2, 70000, &last), 1);
    assert_int_equal(last, 1);
    assert_int_equal(tile_count(3, 70000, &last), 0);
    assert_int_equal(last, 0);
    assert_int_equal(tile_count(0, 256, &last), 1);
    assert_int_equal(last, 256);
    assert_int_equal(tile_count(1, 256, &last), 1);
    assert_int_equal(last, 1);
    assert_int_equal(tile_count(0, 0, &last), 0);
    assert_int_equal(tile_count(5, LEAVES_MAX, &last), 1);
    assert_int_equal(last, 1);
    assert_int_equal(tile_count(6, LEAVES_MAX, &last), 0);
}

static void test_hashes(void **state)
{
    (void)state;
    struct merkle m;
    struct err err = {0};
    struct buf b;
    merkle_init(&m);
    buf_init(&b, TILE_WIDTH * 32);
    for (uint64_t i = 0; i < 600; i++) {
        struct leaf_hash leaf = leaf_hash_of(bytes_of(&i, sizeof(i)));
        assert_true(merkle_append(&m, &leaf, &err));
    }
    struct node_source src = merkle_source(&m);
    struct tile t = {.number = 1, .width = TILE_WIDTH};
    assert_true(tile_hashes(&src, &t, &b, &err));
    assert_int_equal(b.n, 8192);
    struct leaf_hash leaf = merkle_leaf(&m, 256 + 77);
    assert_memory_equal(b.p + 32 * 77, leaf.b, 32);
    buf_clear(&b);
    t = (struct tile){.level = 1, .width = 2};
    assert_true(tile_hashes(&src, &t, &b, &err));
    struct root_hash first = merkle_root_at(&m, 256);
    assert_int_equal(b.n, 64);
    assert_memory_equal(b.p, first.b, 32);
    t.width = 3; /* the third is not whole */
    assert_false(tile_hashes(&src, &t, &b, &err));
    assert_int_equal(b.n, 64);
    buf_free(&b);
    merkle_free(&m);
}

static void test_entries(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "entries");
    static uint8_t envelope[ENVELOPE_MAX];
    prop_fill(&rnd, envelope, sizeof(envelope));
    struct buf b;
    buf_init(&b, 100000);
    static const size_t sizes[] = {1, 300, ENVELOPE_MAX, 255, 256, 0};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        tile_entry_put(bytes_of(envelope, sizes[i]), &b);
    }
    struct bytes rest = buf_bytes(&b), e;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_true(tile_entry_next(&rest, &e));
        assert_true(bytes_eq(e, bytes_of(envelope, sizes[i])));
    }
    assert_int_equal(rest.n, 0);
    assert_false(tile_entry_next(&rest, &e));
    rest = bytes_str("\x01");
    assert_false(tile_entry_next(&rest, &e));
    rest = bytes_of("\x00\x03"
                    "ab",
                    4);
    assert_false(tile_entry_next(&rest, &e));
    assert_int_equal(rest.n, 4);
    buf_clear(&b);
    buf_add(&b, bytes_of("\x10\x01", 2));
    buf_add_fill(&b, 'x', ENVELOPE_MAX + 1);
    rest = buf_bytes(&b);
    assert_false(tile_entry_next(&rest, &e));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
