/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "os/clock.h"
#include "os/lock.h"

static void test_one_holder(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    char path[SCRATCH_PATH_MAX];
    scratch_path(&s, "lock", path);
    struct err err;
    struct lock a = LOCK_NONE, b = LOCK_NONE;
    assert_true(lock_take(path, "sync", 0, &a, &err));
    assert_true(lock_held(&a));
    assert_false(lock_take(path, "page", 0, &b, &err));
    assert_false(lock_held(&b));
    assert_int_equal(err.code, ERR_STATE);
    char want[100];
    (void)snprintf(want, sizeof(want), "sync (process %ld) is at work in this folder",
                   (long)getpid());
    assert_string_equal(err.what, want);
    assert_true(err.mend[0] != 0);
    lock_drop(&a);
    lock_drop(&a);
    assert_true(lock_take(path, "page", 0, &b, &err));
    lock_drop(&b);
    scratch_free(&s);
}

/* The holder is killed: the next one gets the lock. */
static void test_ends_with_its_holder(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    char path[SCRATCH_PATH_MAX];
    scratch_path(&s, "lock", path);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err err;
        struct lock held;
        char c = lock_take(path, "child", 0, &held, &err) ? 'y' : 'n';
        (void)!write(ends[1], &c, 1);
        (void)pause();
        _exit(0);
    }
    char c = 0;
    assert_int_equal(read(ends[0], &c, 1), 1);
    assert_int_equal(c, 'y');
    struct err err;
    struct lock mine;
    uint64_t start = clock_monotonic_us();
    assert_false(lock_take(path, "parent", 50, &mine, &err));
    assert_true(clock_monotonic_us() - start >= 50000);
    assert_non_null(strstr(err.what, "child (process "));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(lock_take(path, "parent", 0, &mine, &err));
    lock_drop(&mine);
    (void)close(ends[0]);
    (void)close(ends[1]);
    scratch_free(&s);
}

/* A file with foreign words in it is not shown raw. */
static void test_strange_content(void **state)
{
    (void)state;
    struct scratch s = scratch_new();
    char path[SCRATCH_PATH_MAX];
    scratch_path(&s, "lock", path);
    struct err err;
    struct lock a, b;
    assert_true(lock_take(path, "sync", 0, &a, &err));
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs("\033[2Jboo", f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_false(lock_take(path, "page", 0, &b, &err));
    assert_non_null(strstr(err.what, "another program"));
    lock_drop(&a);
    scratch_path(&s, "no/folder/lock", path);
    assert_false(lock_take(path, "page", 0, &b, &err));
    assert_int_equal(err.code, ERR_IO);
    scratch_free(&s);
}

static void refuse_and_keep(const char *path, const char *kept, const char *content)
{
    struct err err = {0};
    struct lock a = LOCK_NONE;
    char have[100] = {0};
    assert_false(lock_take(path, "host", 0, &a, &err));
    assert_false(lock_held(&a));
    assert_int_equal(err.code, ERR_STATE);
    assert_non_null(strstr(err.what, "no lock of entente"));
    FILE *f = fopen(kept, "r");
    assert_non_null(f);
    assert_int_equal(fread(have, 1, sizeof(have) - 1, f), strlen(content));
    assert_int_equal(fclose(f), 0);
    assert_string_equal(have, content);
}

static void put(const char *path, const char *content)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(content, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* Whoever may write to the folder of a host leads nobody to empty another file. */
static void test_no_other_file_is_emptied(void **state)
{
    (void)state;
    static const char letter[] = "my only copy of a letter";
    static const char much[] = "more than a lock has ever said: one, two, three, four, five, six, "
                               "seven";
    struct scratch s = scratch_new();
    char path[SCRATCH_PATH_MAX], other[SCRATCH_PATH_MAX];
    scratch_path(&s, "lock", path);
    scratch_path(&s, "letter", other);
    put(other, letter);
    assert_int_equal(symlink(other, path), 0);
    refuse_and_keep(path, other, letter);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(link(other, path), 0);
    refuse_and_keep(path, other, letter);
    assert_int_equal(unlink(path), 0);
    put(path, much);
    refuse_and_keep(path, path, much);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    struct err err = {0};
    struct lock a = LOCK_NONE;
    assert_false(lock_take(path, "host", 0, &a, &err));
    assert_int_equal(err.code, ERR_STATE);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_holder),
        cmocka_unit_test(test_ends_with_its_holder),
        cmocka_unit_test(test_strange_content),
        cmocka_unit_test(test_no_other_file_is_emptied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
