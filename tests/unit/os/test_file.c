/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "os/file.h"
#include "os/file_test.h"
#include "os/folder.h"

struct place {
    struct scratch folder;
    char a[SCRATCH_PATH_MAX];
    struct arena mem;
    struct err err;
};

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new(), .mem = test_arena(1 << 20)};
    scratch_path(&p.folder, "a", p.a);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    file_faults_set(NULL);
    scratch_free(&p->folder);
    test_arena_free(&p->mem);
    return 0;
}

static void assert_content(struct place *p, const char *path, const char *want)
{
    struct bytes got = {0};
    assert_true(file_read(path, 1000, &p->mem, &got, &p->err));
    assert_true(bytes_eq(got, bytes_str(want)));
}

static size_t names_in(struct place *p)
{
    struct folder_list list;
    assert_true(folder_list(p->folder.path, &p->mem, &list, &p->err));
    return list.count;
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static void test_replace_and_read(void **state)
{
    struct place *p = *state;
    mode_t before = umask(022);
    assert_true(file_replace(p->a, FILE_SECRET, bytes_str("one"), &p->err));
    assert_content(p, p->a, "one");
    assert_int_equal(mode_of(p->a), 0600);
    assert_true(file_replace(p->a, FILE_PLAIN, bytes_str("two, longer"), &p->err));
    assert_content(p, p->a, "two, longer");
    assert_int_equal(mode_of(p->a), 0644);
    assert_true(file_replace(p->a, FILE_SECRET, bytes_str(""), &p->err));
    assert_content(p, p->a, "");
    assert_int_equal(names_in(p), 1); /* no temporary file is left */
    (void)umask(before);
}

static void test_read_refuses(void **state)
{
    struct place *p = *state;
    struct bytes got = {.n = 77};
    assert_false(file_read(p->a, 10, &p->mem, &got, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_non_null(strstr(p->err.what, "no such file"));
    assert_true(p->err.mend[0] != 0);
    assert_true(file_replace(p->a, FILE_PLAIN, bytes_str("0123456789"), &p->err));
    assert_true(file_read(p->a, 10, &p->mem, &got, &p->err));
    got.n = 77;
    assert_false(file_read(p->a, 9, &p->mem, &got, &p->err));
    assert_int_equal(p->err.code, ERR_LIMIT);
    assert_int_equal(got.n, 77);
    assert_false(file_read(p->folder.path, 10, &p->mem, &got, &p->err));
    assert_int_equal(p->err.code, ERR_IO);
    struct arena none = {0};
    assert_false(file_read(p->a, 10, &none, &got, &p->err));
    assert_int_equal(p->err.code, ERR_MEMORY);
}

static void test_read_into_adds_or_leaves(void **state)
{
    struct place *p = *state;
    struct buf b;
    buf_init(&b, 8);
    buf_add_str(&b, "ab");
    assert_true(file_replace(p->a, FILE_PLAIN, bytes_str("cdefgh"), &p->err));
    assert_true(file_read_into(p->a, &b, &p->err));
    assert_string_equal(buf_str(&b), "abcdefgh");
    assert_false(file_read_into(p->a, &b, &p->err));
    assert_int_equal(b.n, 8);
    buf_free(&b);
}

static void test_descriptors(void **state)
{
    struct place *p = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_true(file_write_all(ends[1], "the pipe", bytes_str("through"), &p->err));
    assert_int_equal(close(ends[1]), 0);
    struct buf b;
    buf_init(&b, 100);
    assert_true(file_read_all(ends[0], "the pipe", &b, &p->err));
    assert_string_equal(buf_str(&b), "through");
    buf_free(&b);
    assert_int_equal(close(ends[0]), 0);
    assert_false(file_write_all(-1, "nothing", bytes_str("x"), &p->err));
    assert_int_equal(p->err.code, ERR_IO);
}

static void test_create_refuses_a_taken_name(void **state)
{
    struct place *p = *state;
    assert_true(file_create(p->a, FILE_SECRET, bytes_str("first"), &p->err));
    assert_int_equal(mode_of(p->a), 0600);
    assert_false(file_create(p->a, FILE_SECRET, bytes_str("second"), &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_content(p, p->a, "first");
    assert_int_equal(names_in(p), 1);
    char link[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "dangling", link);
    assert_int_equal(symlink("/nowhere/at/all", link), 0);
    assert_false(file_create(link, FILE_SECRET, bytes_str("second"), &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
}

static void test_kind_and_remove(void **state)
{
    struct place *p = *state;
    assert_int_equal(file_kind(p->a), FILE_NOTHING);
    assert_true(file_remove(p->a, &p->err));
    assert_true(file_replace(p->a, FILE_PLAIN, bytes_str("x"), &p->err));
    assert_int_equal(file_kind(p->a), FILE_REGULAR);
    assert_int_equal(file_kind(p->folder.path), FILE_FOLDER);
    assert_int_equal(file_kind("/dev/null"), FILE_OTHER);
    assert_true(file_remove(p->a, &p->err));
    assert_false(file_exists(p->a));
    assert_false(file_remove(p->folder.path, &p->err));
}

static void test_missing_folder_and_long_names(void **state)
{
    struct place *p = *state;
    char deep[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "no/such", deep);
    assert_false(file_replace(deep, FILE_PLAIN, bytes_str("x"), &p->err));
    assert_int_equal(p->err.code, ERR_IO);
    assert_true(p->err.mend[0] != 0);
    char longest[FILE_PATH_MAX + 10];
    memset(longest, 'x', sizeof(longest));
    longest[sizeof(longest) - 1] = 0;
    assert_false(file_replace(longest, FILE_PLAIN, bytes_str("x"), &p->err));
    assert_non_null(strstr(p->err.what, "too long"));
}

static void test_fixed(void **state)
{
    struct place *p = *state;
    struct file_fixed f = FILE_FIXED_CLOSED;
    assert_false(file_fixed_open(p->a, 128, &f, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(file_fixed_create(p->a, 128, &p->err));
    assert_false(file_fixed_create(p->a, 128, &p->err));
    assert_int_equal(mode_of(p->a), 0600);
    assert_false(file_fixed_open(p->a, 127, &f, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(file_fixed_open(p->a, 128, &f, &p->err));
    assert_true(file_fixed_write(&f, 64, bytes_str("slot two"), &p->err));
    char got[128];
    assert_true(file_fixed_read(&f, 0, got, sizeof(got), &p->err));
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(got[i], 0);
    }
    assert_memory_equal(got + 64, "slot two", 8);
    assert_int_equal(truncate(p->a, 100), 0);
    assert_false(file_fixed_read(&f, 0, got, sizeof(got), &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    file_fixed_close(&f);
    file_fixed_close(&f);
    assert_int_equal(f.fd, -1);
}

/* Every step fails in turn: the file is the old one, or, when only the last flush failed, the new
 * one; the disk-full mend is there; no temporary file is left. */
static void test_every_step_of_replace_fails(void **state)
{
    struct place *p = *state;
    uint64_t n = 0;
    for (bool done = false; !done;) {
        assert_true(file_replace(p->a, FILE_SECRET, bytes_str("old content"), &p->err));
        struct file_faults faults = {
            .steps = FILE_STEP_ANY, .fault_in = ++n, .with_errno = ENOSPC, .stays = true};
        file_faults_set(&faults);
        done = file_replace(p->a, FILE_SECRET, bytes_str("new"), &p->err);
        file_faults_set(NULL);
        assert_int_equal(names_in(p), 1);
        if (!done) {
            assert_int_equal(p->err.code, ERR_IO);
            assert_non_null(strstr(p->err.what, "disk is full"));
            assert_content(p, p->a, faults.fault_in == 5 ? "new" : "old content");
        } else {
            assert_content(p, p->a, "new");
        }
    }
    assert_int_equal(n, 6); /* create, write, sync, rename, sync of the folder, none */
}

/* A child is killed at step n of a replacement. */
static void kill_at(const struct place *p, uint64_t n, bool *out_done)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err err;
        struct file_faults faults = {.steps = FILE_STEP_ANY, .fault_in = n};
        file_faults_set(&faults);
        _exit(file_replace(p->a, FILE_SECRET, bytes_str("new"), &err) ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    *out_done = WIFEXITED(status);
    assert_true(*out_done ? WEXITSTATUS(status) == 0 : WTERMSIG(status) == SIGKILL);
}

static void test_killed_at_every_step_of_replace(void **state)
{
    struct place *p = *state;
    uint64_t n = 0;
    for (bool done = false; !done;) {
        assert_true(file_replace(p->a, FILE_SECRET, bytes_str("old content"), &p->err));
        kill_at(p, ++n, &done);
        assert_content(p, p->a, n > 4 ? "new" : "old content");
    }
    assert_int_equal(n, 6);
}

static void test_create_leaves_nothing_behind(void **state)
{
    struct place *p = *state;
    for (uint64_t n = 1; n <= 4; n++) {
        struct file_faults faults = {.steps = FILE_STEP_ANY, .fault_in = n, .with_errno = EIO};
        file_faults_set(&faults);
        assert_false(file_create(p->a, FILE_SECRET, bytes_str("x"), &p->err));
        file_faults_set(NULL);
        assert_int_equal(names_in(p), 0);
    }
}

static void test_piece_by_piece(void **state)
{
    struct place *p = *state;
    struct file_out o;
    struct file_in in;
    char got[8];
    assert_true(file_out_open(p->a, FILE_SECRET, &o, &p->err));
    assert_true(file_out_put(&o, bytes_str("first "), &p->err));
    assert_false(file_exists(p->a)); /* not before it is whole */
    assert_true(file_out_put(&o, bytes_str("second"), &p->err));
    assert_true(file_out_finish(&o, &p->err));
    file_out_drop(&o);
    assert_content(p, p->a, "first second");
    assert_int_equal(mode_of(p->a), 0600);
    assert_int_equal(names_in(p), 1);
    assert_false(file_out_open(p->a, FILE_SECRET, &o, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(file_in_open(p->a, &in, &p->err));
    assert_int_equal(in.size, 12);
    assert_true(file_in_read(&in, 6, got, 6, &p->err));
    assert_memory_equal(got, "second", 6);
    assert_false(file_in_read(&in, 7, got, 6, &p->err));
    assert_int_equal(p->err.code, ERR_FORMAT);
    file_in_close(&in);
    file_in_close(&in);
    assert_false(file_in_open(p->folder.path, &in, &p->err));
    assert_true(file_remove(p->a, &p->err));
    assert_false(file_in_open(p->a, &in, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    /* Taken meanwhile by somebody else: his stays. */
    assert_true(file_out_open(p->a, FILE_PLAIN, &o, &p->err));
    char his[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "his", his);
    assert_true(file_create(his, FILE_PLAIN, bytes_str("his"), &p->err));
    assert_int_equal(rename(his, p->a), 0);
    assert_false(file_out_finish(&o, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_content(p, p->a, "his");
    assert_int_equal(names_in(p), 1);
}

static void test_piece_by_piece_faults(void **state)
{
    struct place *p = *state;
    for (uint64_t n = 1; n <= 4; n++) { /* make, write, flush, name */
        struct file_out o = FILE_OUT_CLOSED;
        struct file_faults faults = {.steps = FILE_STEP_ANY, .fault_in = n, .with_errno = ENOSPC};
        file_faults_set(&faults);
        assert_false(file_out_open(p->a, FILE_PLAIN, &o, &p->err) &&
                     file_out_put(&o, bytes_str("x"), &p->err) && file_out_finish(&o, &p->err));
        file_faults_set(NULL);
        file_out_drop(&o);
        assert_int_equal(p->err.code, ERR_IO);
        assert_int_equal(names_in(p), 0);
    }
}

static void test_fixed_faults(void **state)
{
    struct place *p = *state;
    struct file_fixed f;
    char got[8];
    assert_true(file_fixed_create(p->a, 8, &p->err));
    assert_true(file_fixed_open(p->a, 8, &f, &p->err));
    struct file_faults faults = {.steps = FILE_STEP_WRITE, .fault_in = 1, .with_errno = EIO};
    file_faults_set(&faults);
    assert_false(file_fixed_write(&f, 0, bytes_str("abcdefgh"), &p->err));
    file_faults_set(NULL);
    assert_true(file_fixed_read(&f, 0, got, 8, &p->err));
    assert_memory_equal(got, "abcd\0\0\0\0", 8); /* torn, as a crash would leave it */
    faults = (struct file_faults){.steps = FILE_STEP_SYNC, .fault_in = 1, .with_errno = EIO};
    file_faults_set(&faults);
    assert_false(file_fixed_write(&f, 0, bytes_str("abcdefgh"), &p->err));
    assert_int_equal(faults.seen, 1);
    file_fixed_close(&f);
}

static void test_closed_on_exec(void **state)
{
    struct place *p = *state;
    struct file_fixed f;
    assert_true(file_fixed_create(p->a, 8, &p->err));
    assert_true(file_fixed_open(p->a, 8, &f, &p->err));
    assert_true((fcntl(f.fd, F_GETFD) & FD_CLOEXEC) != 0);
    file_fixed_close(&f);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_replace_and_read),
        CASE(test_read_refuses),
        CASE(test_read_into_adds_or_leaves),
        CASE(test_descriptors),
        CASE(test_create_refuses_a_taken_name),
        CASE(test_kind_and_remove),
        CASE(test_missing_folder_and_long_names),
        CASE(test_fixed),
        CASE(test_every_step_of_replace_fails),
        CASE(test_killed_at_every_step_of_replace),
        CASE(test_create_leaves_nothing_behind),
        CASE(test_piece_by_piece),
        CASE(test_piece_by_piece_faults),
        CASE(test_fixed_faults),
        CASE(test_closed_on_exec),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
