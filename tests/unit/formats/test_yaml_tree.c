/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/yaml_tree.h"

#include "base/buf.h"

#include "lib/test.h"

static void test_shape(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 16);
    struct yaml_node *root;
    struct err err = {0};
    assert_true(yaml_tree_read(bytes_str("a: [x, 'y: z']\nb:\n  c:\n"), "t", &mem, &root, &err));
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 2);
    const struct yaml_node *a = root->first, *list = a->next, *b = list->next, *map = b->next;
    assert_true(text_is(a->text, "a") && text_is(b->text, "b"));
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->count, 2);
    assert_true(text_is(list->first->next->text, "y: z"));
    assert_null(list->first->next->next);
    assert_int_equal(list->first->next->line, 1);
    assert_int_equal(list->first->next->column, 8);
    assert_int_equal(map->kind, YAML_MAP);
    assert_int_equal(map->count, 1);
    assert_int_equal(map->line, 3);
    assert_int_equal(map->first->next->text.n, 0);
    assert_null(map->next);
    test_arena_free(&mem);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *what, *where;
    } bad[] = {
        {"", "empty", "t"},
        {"a: &x 1", "anchors", "t, line 1, column 4"},
        {"a: &x [1]", "anchors", "t, line 1, column 4"},
        {"a: *x", "anchors", "t, line 1, column 4"},
        {"a: !!int 1", "tags", "t, line 1, column 4"},
        {"a: ! 1", "tags", "t, line 1, column 4"},
        {"a: !x {b: c}", "tags", "t, line 1, column 4"},
        {"%YAML 1.1\n---\na: b\n", "directives", "t, line 1, column 1"},
        {"%TAG ! x\n---\na: b\n", "directives", "t, line 1, column 1"},
        {"a: b\n---\nc: d\n", "second document", "t, line 2, column 1"},
        {"{[a]: b}", "a key is a list", "t, line 1, column 2"},
        {"a: b: c", "not YAML", "t, line 1, column 5"},
        {"a:\n\tb: c", "not YAML", "t, line 2, column 1"},
        {"[[[[[[[[[1]]]]]]]]]", "nested", "t, line 1, column 9"},
        {"a: b\nc: \x01", "not YAML", "t, line 2, column 4"},
        {"a: \xff", "UTF-8", "t"},
        {"a: \xe2\x80\xae", "turns the order", "t, line 1, column 4"},
        {"a: \"\\0\"", "control", "t, line 1, column 4"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct arena mem = test_arena(1u << 16);
        struct yaml_node *root = NULL;
        struct err err = {0};
        assert_false(yaml_tree_read(bytes_str(bad[i].yaml), "t", &mem, &root, &err));
        assert_null(root);
        if (strstr(err.what, bad[i].what) == NULL || strcmp(err.where, bad[i].where) != 0) {
            fail_msg("%s: %s (%s)", bad[i].yaml, err.what, err.where);
        }
        test_arena_free(&mem);
    }
}

static void test_nodes_ceiling(void **state)
{
    (void)state;
    struct arena mem = test_arena(4u << 20);
    struct yaml_node *root;
    struct err err = {0};
    struct buf b;
    buf_init(&b, 1u << 20);
    buf_add_str(&b, "[");
    for (size_t i = 0; i + 2 < YAML_NODES_MAX; i++) {
        buf_add_str(&b, "a,");
    }
    size_t n = b.n;
    buf_add_str(&b, "a]");
    assert_true(yaml_tree_read(buf_bytes(&b), "t", &mem, &root, &err)); /* with the list itself */
    arena_wipe(&mem);
    b.n = n;
    buf_add_str(&b, "a,a]");
    assert_false(yaml_tree_read(buf_bytes(&b), "t", &mem, &root, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_free(&b);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shape),
                                       cmocka_unit_test(test_refusals),
                                       cmocka_unit_test(test_nodes_ceiling)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
