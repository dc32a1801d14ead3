/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* getsid, getppid */
#include "lib/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "os/daemon.h"

/* What the process in the background finds, told over its socket. */
static void serve_once(struct socket *listener, int leaked)
{
    struct socket caller;
    struct err err;
    char cwd[10] = "", text[200];
    if (!socket_accept(listener, 5000, &caller, &err) || !socket_is_open(&caller)) {
        _exit(1);
    }
    (void)!getcwd(cwd, sizeof(cwd));
    int n = snprintf(text, sizeof(text), "%s %d %d %d %ld", cwd, fcntl(leaked, F_GETFD) < 0,
                     isatty(0), fcntl(0, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0, (long)getsid(0));
    _exit(socket_send(&caller, bytes_of(text, (size_t)n), 5000, &err) ? 0 : 1);
}

/* The split is made in a child, for the parent side of it then ends as a command does. */
static void split(const char *path, int leaked)
{
    struct socket listener;
    struct err err;
    enum daemon_side side;
    if (!socket_listen(path, &listener, &err) || !daemon_split(&listener, &side, &err)) {
        _exit(1);
    }
    if (side == DAEMON_CHILD) {
        serve_once(&listener, leaked);
    }
    _exit(0);
}

static void test_stays(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    char path[SCRATCH_PATH_MAX];
    scratch_path(&s, "s", path);
    int leaked = fcntl(1, F_DUPFD, 40);
    assert_true(leaked >= 40);
    pid_t command = fork();
    assert_true(command >= 0);
    if (command == 0) {
        split(path, leaked);
    }
    int status;
    assert_int_equal(waitpid(command, &status, 0), command);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    struct socket to;
    struct err err;
    struct buf b;
    buf_init(&b, 200);
    assert_true(socket_connect(path, &to, &err)); /* it listened before the command ended */
    assert_true(socket_receive(&to, 200, 5000, &b, &err));
    assert_non_null(strstr(buf_str(&b), "/ 1 0 1 "));
    char mine[30];
    (void)snprintf(mine, sizeof(mine), " %ld", (long)getsid(0));
    assert_null(strstr(buf_str(&b), mine));
    buf_free(&b);
    socket_close(&to);
    assert_int_equal(close(leaked), 0);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
