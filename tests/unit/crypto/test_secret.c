/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/init.h"
#include "lib/test.h"

static int start(void **state)
{
    (void)state;
    struct err err = {0};
    return crypto_init(&err) ? 0 : -1;
}

static void test_holds_a_copy(void **state)
{
    (void)state;
    struct err err = {0};
    uint8_t v[48];
    memset(v, 0x5a, sizeof(v));
    struct secret *s = NULL;
    assert_true(secret_new(bytes_of(v, sizeof(v)), &s, &err));
    bytes_wipe(v, sizeof(v));
    for (int round = 0; round < 2; round++) {
        struct bytes got = secret_open(s);
        assert_int_equal(got.n, 48);
        assert_int_equal(got.p[0], 0x5a);
        assert_int_equal(got.p[47], 0x5a);
        secret_close(s);
    }
    secret_free(s);
    secret_free(NULL);
}

static void test_empty(void **state)
{
    (void)state;
    struct err err = {0};
    struct secret *s = NULL;
    assert_true(secret_new((struct bytes){0}, &s, &err));
    assert_int_equal(secret_open(s).n, 0);
    secret_close(s);
    secret_free(s);
}

enum misuse { READ_CLOSED, WRITE_OPEN, OPEN_TWICE, CLOSE_TWICE, READ_BEYOND };

/* In a child, which must die of it. */
static void assert_kills(enum misuse misuse)
{
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = {0};
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)signal(SIGSEGV, SIG_DFL);
        (void)signal(SIGABRT, SIG_DFL);
        (void)!freopen("/dev/null", "w", stderr);
        struct err err = {0};
        struct secret *s = NULL;
        static const uint8_t v[64] = {1};
        if (!secret_new(bytes_of(v, sizeof(v)), &s, &err)) {
            _exit(0);
        }
        volatile const uint8_t *p = secret_open(s).p;
        volatile uint8_t *w = (volatile uint8_t *)(uintptr_t)p;
        uint8_t seen = 0;
        switch (misuse) {
        case READ_CLOSED:
            secret_close(s);
            seen = p[0];
            break;
        case WRITE_OPEN:
            w[0] = 2;
            break;
        case OPEN_TWICE:
            (void)secret_open(s);
            break;
        case CLOSE_TWICE:
            secret_close(s);
            secret_close(s);
            break;
        case READ_BEYOND:
            seen = p[64];
            break;
        }
        _exit(seen == 255 ? 1 : 0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    /* A sanitizer turns the signal into an exit of its own. */
    assert_true(WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) != 0));
}

static void test_misuse_kills(void **state)
{
    (void)state;
    assert_kills(READ_CLOSED);
    assert_kills(WRITE_OPEN);
    assert_kills(OPEN_TWICE);
    assert_kills(CLOSE_TWICE);
    assert_kills(READ_BEYOND);
}

static void test_can_lock_tells_the_limit(void **state)
{
    (void)state;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
    if (limit.rlim_cur >= 65536) {
        assert_true(secret_can_lock());
    }
    if (geteuid() == 0) {
        (void)printf("# skipped: root may lock beyond any limit\n");
        return;
    }
    struct rlimit none = {.rlim_cur = 0, .rlim_max = limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
    assert_false(secret_can_lock());
    struct err err = {0};
    struct secret *s = NULL;
    assert_true(secret_new(bytes_str("x"), &s, &err)); /* it works all the same */
    secret_free(s);
    assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holds_a_copy),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_misuse_kills),
        cmocka_unit_test(test_can_lock_tells_the_limit),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
