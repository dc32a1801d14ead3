/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "os/file.h"
#include "os/place.h"

static const char *data_of(struct arena *mem)
{
    struct err err;
    const char *out = NULL;
    assert_true(place_data(mem, &out, &err));
    return out;
}

static void test_data(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    (void)setenv("HOME", "/home/ana", 1);
    (void)unsetenv("XDG_DATA_HOME");
    (void)unsetenv("ENTENTE_HOME");
    assert_string_equal(data_of(&mem), "/home/ana/.local/share/entente");
    (void)setenv("XDG_DATA_HOME", "relative", 1);
    assert_string_equal(data_of(&mem), "/home/ana/.local/share/entente");
    (void)setenv("XDG_DATA_HOME", "/data/", 1);
    assert_string_equal(data_of(&mem), "/data/entente");
    (void)setenv("ENTENTE_HOME", "here", 1);
    assert_string_equal(data_of(&mem), "here");
    (void)unsetenv("ENTENTE_HOME");
    (void)unsetenv("XDG_DATA_HOME");
    (void)setenv("HOME", "", 1);
    struct err err;
    const char *out;
    assert_false(place_data(&mem, &out, &err));
    assert_int_equal(err.code, ERR_USE);
    assert_true(err.mend[0] != 0);
    struct arena small = test_arena(4);
    (void)setenv("HOME", "/home/ana", 1);
    assert_false(place_data(&small, &out, &err));
    assert_int_equal(err.code, ERR_MEMORY);
    test_arena_free(&small);
    test_arena_free(&mem);
}

static void test_runtime(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    struct arena mem = test_arena(1 << 16);
    struct err err;
    const char *out;
    char path[SCRATCH_PATH_MAX];
    (void)setenv("XDG_RUNTIME_DIR", s.path, 1);
    scratch_path(&s, "entente", path);
    assert_true(place_runtime(&mem, &out, &err));
    assert_string_equal(out, path);
    assert_int_equal(file_kind(path), FILE_FOLDER);
    assert_int_equal(chmod(path, 0755), 0);
    assert_false(place_runtime(&mem, &out, &err));
    assert_int_equal(err.code, ERR_STATE);
    (void)unsetenv("XDG_RUNTIME_DIR");
    (void)setenv("ENTENTE_HOME", s.path, 1);
    scratch_path(&s, "run", path);
    assert_true(place_runtime(&mem, &out, &err));
    assert_string_equal(out, path);
    (void)unsetenv("ENTENTE_HOME");
    test_arena_free(&mem);
    scratch_free(&s);
}

static void test_join_and_env(void **state)
{
    (void)state;
    struct arena mem = test_arena(100);
    assert_string_equal(place_join(&mem, "a", "b"), "a/b");
    assert_string_equal(place_join(&mem, "/", "b"), "/b");
    (void)setenv("ENTENTE_X", "", 1);
    assert_null(place_env("ENTENTE_X"));
    (void)setenv("ENTENTE_X", "1", 1);
    assert_string_equal(place_env("ENTENTE_X"), "1");
    test_arena_free(&mem);
}

static void test_absolute(void **state)
{
    (void)state;
    struct arena mem = test_arena(3 * FILE_PATH_MAX);
    struct err err;
    const char *out;
    char here[FILE_PATH_MAX];
    assert_non_null(getcwd(here, sizeof(here)));
    assert_true(place_absolute(&mem, "/var/host", &out, &err));
    assert_string_equal(out, "/var/host");
    assert_true(place_absolute(&mem, "host", &out, &err));
    assert_string_equal(out, place_join(&mem, here, "host"));
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_runtime),
        cmocka_unit_test(test_join_and_env),
        cmocka_unit_test(test_absolute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
