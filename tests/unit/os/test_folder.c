/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "os/file.h"
#include "os/folder.h"

static void test_make_with_parents(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    struct err err;
    char path[SCRATCH_PATH_MAX], middle[SCRATCH_PATH_MAX];
    scratch_path(&s, "a/b/c//", path);
    scratch_path(&s, "a/b", middle);
    assert_true(folder_make(path, &err));
    assert_true(folder_make(path, &err));
    assert_int_equal(file_kind(path), FILE_FOLDER);
    struct stat st;
    assert_int_equal(stat(middle, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    scratch_path(&s, "file", middle);
    assert_true(file_replace(middle, FILE_PLAIN, bytes_str("x"), &err));
    assert_false(folder_make(middle, &err));
    assert_int_equal(err.code, ERR_IO);
    scratch_path(&s, "file/below", middle);
    assert_false(folder_make(middle, &err));
    assert_false(folder_make("", &err));
    scratch_free(&s);
}

static void test_make_in_the_working_folder(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    struct err err;
    char before[SCRATCH_PATH_MAX];
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(s.path), 0);
    assert_true(folder_make("x/y", &err));
    assert_int_equal(file_kind("x/y"), FILE_FOLDER);
    assert_int_equal(chdir(before), 0);
    scratch_free(&s);
}

static void test_list_is_sorted(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    struct arena mem = test_arena(1 << 16);
    struct err err;
    struct folder_list list;
    const char *names[] = {"b", "a", "C", "aa", ".hidden", "10", "9"};
    const char *want[] = {".hidden", "10", "9", "C", "a", "aa", "b"};
    assert_true(folder_list(s.path, &mem, &list, &err));
    assert_int_equal(list.count, 0);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[SCRATCH_PATH_MAX];
        scratch_path(&s, names[i], path);
        assert_true(file_replace(path, FILE_PLAIN, bytes_str(""), &err));
    }
    assert_true(folder_list(s.path, &mem, &list, &err));
    assert_int_equal(list.count, COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_string_equal(list.names[i], want[i]);
    }
    struct arena small = test_arena(64);
    assert_false(folder_list(s.path, &small, &list, &err));
    assert_int_equal(err.code, ERR_MEMORY);
    test_arena_free(&small);
    test_arena_free(&mem);
    scratch_free(&s);
}

static void test_list_and_remove_refuse(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    struct arena mem = test_arena(1 << 16);
    struct err err;
    struct folder_list list;
    char path[SCRATCH_PATH_MAX], inner[SCRATCH_PATH_MAX];
    scratch_path(&s, "f", path);
    scratch_path(&s, "f/g", inner);
    assert_false(folder_list(path, &mem, &list, &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_true(folder_remove(path, &err));
    assert_true(folder_make(inner, &err));
    assert_false(folder_remove(path, &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_true(folder_remove(inner, &err));
    assert_true(folder_remove(path, &err));
    assert_false(file_exists(path));
    test_arena_free(&mem);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_make_with_parents),
        cmocka_unit_test(test_make_in_the_working_folder),
        cmocka_unit_test(test_list_is_sorted),
        cmocka_unit_test(test_list_and_remove_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
