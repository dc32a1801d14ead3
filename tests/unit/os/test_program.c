/* SPDX-License-Identifier: Apache-2.0 */
#include "os/program.h"

#include "lib/scratch.h"
#include "lib/test.h"
#include "os/clock.h"
#include "os/file.h"

static void a_program_is_started_and_not_waited_for(void **state)
{
    (void)state;
    struct scratch folder = scratch_new();
    char path[SCRATCH_PATH_MAX];
    struct err err = {0};
    scratch_path(&folder, "made", path);
    const char *const argv[] = {"touch", path, NULL};
    assert_true(program_start(argv, &err));
    for (unsigned i = 0; i < 500 && !file_exists(path); i++) {
        clock_pause_ms(10);
    }
    assert_true(file_exists(path));
    scratch_free(&folder);
}

static void one_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct err err = {0};
    const char *const argv[] = {"no-such-program-anywhere", NULL};
    assert_false(program_start(argv, &err));
    assert_int_equal(err.code, ERR_STATE);
}

static void what_one_says_is_read(void **state)
{
    (void)state;
    struct err err = {0};
    struct buf out;
    const char *const echo[] = {"echo", "Guns go back.", NULL};
    const char *const false_one[] = {"false", NULL};
    const char *const yes[] = {"yes", NULL}; /* without end: its reader is not */
    const char *const none[] = {"no-such-program-anywhere", NULL};
    buf_init(&out, 4096);
    assert_true(program_read(echo, &out, &err));
    assert_string_equal(buf_str(&out), "Guns go back.\n");
    assert_false(program_read(false_one, &out, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    assert_false(program_read(none, &out, &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_false(program_read(yes, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_is_started_and_not_waited_for),
        cmocka_unit_test(one_that_is_not_there_is_told),
        cmocka_unit_test(what_one_says_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
