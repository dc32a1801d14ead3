/* SPDX-License-Identifier: Apache-2.0
 *
 * A pseudo terminal whose other end the test plays.
 */
#define _GNU_SOURCE
#include "lib/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/tty.h"

/* Runs play in a child whose controlling terminal, and standard output, is a new one of the given
 * width; types `typed` at it once it has shown a prompt.  What it showed is in out; its exit
 * status is returned. */
static int at_terminal(int (*play)(void), unsigned short columns, const char *typed,
                       char out[static 1000])
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int slave = setsid() < 0 ? -1 : open(ptsname(master), O_RDWR);
        if (slave < 0 || dup2(slave, 1) < 0) {
            _exit(99);
        }
        _exit(play());
    }
    size_t n = 0;
    while (n < 999) {
        ssize_t got = read(master, out + n, 999 - n);
        if (got <= 0) {
            break; /* the child has gone */
        }
        n += (size_t)got;
        out[n] = 0;
        if (typed != NULL && strstr(out, "? ") != NULL) {
            assert_true(write(master, typed, strlen(typed)) == (ssize_t)strlen(typed));
            typed = NULL;
        }
    }
    out[n] = 0;
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(close(master), 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int ask(enum tty_echo echo)
{
    struct buf b;
    struct err err;
    buf_init(&b, 20);
    bool ok = tty_ask("secret? ", echo, &b, &err);
    return !ok ? 50 + (int)err.code : strcmp(buf_str(&b), "open sesame") == 0 ? 7 : 8;
}

static int ask_hidden(void)
{
    return ask(TTY_HIDDEN);
}

static int ask_shown(void)
{
    return ask(TTY_SHOWN);
}

static void test_ask(void **state)
{
    (void)state;
    char out[1000] = "";
    assert_int_equal(at_terminal(ask_hidden, 80, "open sesame\n", out), 7);
    assert_non_null(strstr(out, "secret? "));
    assert_null(strstr(out, "sesame"));
    assert_int_equal(at_terminal(ask_shown, 80, "open sesame\n", out), 7);
    assert_non_null(strstr(out, "sesame"));
    assert_int_equal(at_terminal(ask_hidden, 80, "much longer than the ceiling\n", out),
                     50 + ERR_LIMIT);
    assert_int_equal(at_terminal(ask_hidden, 80, "\004", out), 50 + ERR_STATE);
}

static int report(void)
{
    bool good = tty_is(TTY_OUT) && tty_width(TTY_OUT) == 123;
    (void)setenv("TERM", "xterm", 1);
    (void)unsetenv("NO_COLOR");
    good = good && tty_colour(TTY_OUT);
    (void)setenv("NO_COLOR", "1", 1);
    good = good && !tty_colour(TTY_OUT);
    (void)setenv("NO_COLOR", "", 1); /* empty is unset, says no-color.org */
    good = good && tty_colour(TTY_OUT);
    (void)setenv("TERM", "dumb", 1);
    good = good && !tty_colour(TTY_OUT);
    return good ? 7 : 8;
}

static int narrow(void)
{
    return tty_width(TTY_OUT) == 20 ? 7 : 8;
}

static void test_what_it_can(void **state)
{
    (void)state;
    char out[1000] = "";
    assert_int_equal(at_terminal(report, 123, NULL, out), 7);
    assert_int_equal(at_terminal(narrow, 3, NULL, out), 7);
}

/* In a child without a terminal, with a pipe as standard output. */
static void test_without_terminal(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int ends[2];
        struct buf b;
        struct err err;
        buf_init(&b, 20);
        bool good = setsid() >= 0 && pipe(ends) == 0 && dup2(ends[1], 1) == 1;
        (void)setenv("TERM", "xterm", 1);
        (void)unsetenv("NO_COLOR");
        (void)unsetenv("COLUMNS");
        good = good && !tty_is(TTY_OUT) && !tty_colour(TTY_OUT) && tty_width(TTY_OUT) == 80;
        (void)setenv("COLUMNS", "100", 1);
        good = good && tty_width(TTY_OUT) == 100;
        (void)setenv("COLUMNS", "wide", 1);
        good = good && tty_width(TTY_OUT) == 80;
        good = good && !tty_ask("? ", TTY_HIDDEN, &b, &err) && err.code == ERR_USE;
        _exit(good ? 7 : 8);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

/* Writes `given` into a pipe and reads a passphrase from it. */
static bool passphrase(const char *given, struct buf *out, char *next, struct err *err)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_true(write(ends[1], given, strlen(given)) == (ssize_t)strlen(given));
    assert_int_equal(close(ends[1]), 0);
    bool ok = tty_passphrase_fd(ends[0], out, err);
    *next = 0;
    (void)!read(ends[0], next, 1);
    assert_int_equal(close(ends[0]), 0);
    return ok;
}

static void test_passphrase_fd(void **state)
{
    (void)state;
    struct buf b;
    struct err err;
    char next;
    buf_init(&b, 10);
    assert_true(passphrase("abc def\nrest", &b, &next, &err));
    assert_string_equal(buf_str(&b), "abc def");
    assert_int_equal(next, 'r');
    buf_wipe(&b);
    assert_true(passphrase("abc\r\n", &b, &next, &err));
    assert_string_equal(buf_str(&b), "abc");
    buf_wipe(&b);
    assert_true(passphrase("no end", &b, &next, &err));
    assert_string_equal(buf_str(&b), "no end");
    buf_wipe(&b);
    assert_false(passphrase("\n", &b, &next, &err));
    assert_int_equal(err.code, ERR_USE);
    assert_false(passphrase("", &b, &next, &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_false(passphrase("12345678901\n", &b, &next, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(b.n, 0);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ask),
        cmocka_unit_test(test_what_it_can),
        cmocka_unit_test(test_without_terminal),
        cmocka_unit_test(test_passphrase_fd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
