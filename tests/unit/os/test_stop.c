/* SPDX-License-Identifier: Apache-2.0
 *
 * Each case in a child, for the flag and the limits stay with a process.
 */
#include "lib/test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/stop.h"

static int in_child(int (*play)(int number), int number)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(play(number));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int first_signal(int number)
{
    struct err err = {0};
    bool good = stop_on_signals(&err) && !stop_asked() && stop_check(&err);
    good = good && raise(number) == 0 && stop_asked() && !stop_check(&err);
    return good && err.code == ERR_STATE ? 7 : 8;
}

static int second_signal(int number)
{
    struct err err;
    if (!stop_on_signals(&err) || raise(number) != 0) {
        return 8;
    }
    (void)raise(number); /* ends the process */
    return 9;
}

static void test_flag(void **state)
{
    (void)state;
    assert_int_equal(in_child(first_signal, SIGINT), 7);
    assert_int_equal(in_child(first_signal, SIGTERM), 7);
    assert_int_equal(in_child(second_signal, SIGINT), 128 + SIGINT);
    assert_int_equal(in_child(second_signal, SIGTERM), 128 + SIGTERM);
    assert_false(stop_asked());
}

static int no_core(int number)
{
    (void)number;
    struct err err;
    struct rlimit limit = {.rlim_cur = 1, .rlim_max = 1};
    bool good = stop_core_dumps(&err) && getrlimit(RLIMIT_CORE, &limit) == 0;
    return good && limit.rlim_cur == 0 && limit.rlim_max == 0 ? 7 : 8;
}

static void test_core_dumps(void **state)
{
    (void)state;
    assert_int_equal(in_child(no_core, 0), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flag),
        cmocka_unit_test(test_core_dumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
