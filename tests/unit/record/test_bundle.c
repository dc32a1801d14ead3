/* SPDX-License-Identifier: Apache-2.0 */
#include "record/bundle.h"

#include "lib/test.h"

static void test_names(void **state)
{
    (void)state;
    static const struct {
        enum bundle_part part;
        const char *name;
    } good[] = {
        {BUNDLE_CHECKPOINT, "checkpoint"},
        {BUNDLE_TILE, "tile/1/000.p/7"},
        {BUNDLE_ENTRIES, "tile/entries/x001/000"},
        {BUNDLE_BLOB, "blob/00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
    };
    char again[BUNDLE_NAME_MAX];
    struct bundle_name n;
    struct err err = {0};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(bundle_name_parse(bytes_str(good[i].name), &n, &err));
        assert_int_equal(n.part, good[i].part);
        bundle_name_put(&n, again);
        assert_string_equal(again, good[i].name);
    }
    static const char *const bad[] = {
        "",
        "checkpoint.",
        "Checkpoint",
        "blob/",
        "blob/00",
        "tile/0/0",
        "act/0000000000/blob",
        "blob/00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff",
        "excerpt",
        "blob/00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff0",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        n.part = BUNDLE_BLOB;
        assert_false(bundle_name_parse(bytes_str(bad[i]), &n, &err));
        assert_int_equal(err.code, ERR_FORMAT);
        assert_int_equal(n.part, BUNDLE_BLOB);
    }
}

struct seen {
    char last[BUNDLE_NAME_MAX];
    uint64_t leaves, entries, names, stop_at;
};

static bool visit(void *ctx, const struct bundle_name *n, struct err *err)
{
    struct seen *s = ctx;
    char name[BUNDLE_NAME_MAX];
    bundle_name_put(n, name);
    assert_true(strcmp(s->last, name) < 0); /* the order of the file */
    memcpy(s->last, name, sizeof(name));
    s->leaves += n->part == BUNDLE_TILE && n->tile.level == 0 ? n->tile.width : 0;
    s->entries += n->part == BUNDLE_ENTRIES ? n->tile.width : 0;
    return ++s->names != s->stop_at || err_set(err, ERR_IO, "full");
}

static void test_parts_of_a_size(void **state)
{
    (void)state;
    static const struct {
        uint64_t size, names;
    } cases[] = {{0, 0},
                 {1, 2},
                 {255, 2},
                 {256, 3},
                 {257, 5},
                 {70000, 274 + 2 + 1 + 274},
                 {300000, 1172 + 5 + 1 + 1172}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct seen s = {0};
        struct err err = {0};
        assert_true(bundle_tiles(cases[i].size, visit, &s, &err));
        assert_int_equal(s.leaves, cases[i].size);
        assert_int_equal(s.entries, cases[i].size);
        assert_int_equal(s.names, cases[i].names);
    }
    struct seen s = {.stop_at = 3};
    struct err err = {0};
    assert_false(bundle_tiles(70000, visit, &s, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_int_equal(s.names, 3);
    assert_false(bundle_tiles(LEAVES_MAX, visit, &s, &err));
    assert_int_equal(err.code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_parts_of_a_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
