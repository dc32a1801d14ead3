/* SPDX-License-Identifier: Apache-2.0 */
#include "os/watch.h"

#include "lib/scratch.h"
#include "lib/test.h"
#include "os/clock.h"
#include "os/file.h"

#define PLENTY_MS 20000

struct seen {
    int numbers[16];
    size_t count;
};

static void note(void *ctx, int number)
{
    struct seen *s = ctx;
    if (s->count < COUNT_OF(s->numbers)) {
        s->numbers[s->count++] = number;
    }
}

static void write_to(const struct scratch *s, const char *name)
{
    char path[SCRATCH_PATH_MAX];
    struct err err = {0};
    scratch_path(s, name, path);
    assert_true(file_replace(path, FILE_SECRET, bytes_str("something"), &err));
}

static void what_is_written_is_noticed_by_its_name(void **state)
{
    struct scratch s = scratch_new();
    struct watch w = WATCH_CLOSED;
    struct err err = {0};
    struct seen seen = {.count = 0};
    int number = 0, again = 0;
    (void)state;
    assert_true(watch_open(&w, &err));
    assert_true(watch_folder(&w, s.path, &number, &err));
    assert_true(watch_folder(&w, s.path, &again, &err));
    assert_int_equal(number, again);
    watch_take(&w, "record", note, &seen);
    assert_int_equal(seen.count, 0);
    write_to(&s, "guard");
    watch_take(&w, "record", note, &seen);
    assert_int_equal(seen.count, 0);
    write_to(&s, "record-wal");
    watch_wait(&w, -1, PLENTY_MS);
    watch_take(&w, "record", note, &seen);
    assert_true(seen.count > 0);
    for (size_t i = 0; i < seen.count; i++) {
        assert_int_equal(seen.numbers[i], number);
    }
    seen.count = 0;
    watch_forget(&w, number);
    write_to(&s, "record-wal");
    watch_take(&w, "record", note, &seen);
    assert_int_equal(seen.count, 0);
    watch_close(&w);
    watch_close(&w);
    scratch_free(&s);
}

static void a_wait_ends_by_itself_and_a_folder_must_be_there(void **state)
{
    struct watch w = WATCH_CLOSED;
    struct err err = {0};
    int number = 0;
    (void)state;
    assert_true(watch_open(&w, &err));
    uint64_t before = clock_monotonic_us();
    watch_wait(&w, -1, 20);
    assert_true(clock_monotonic_us() - before >= 19000);
    assert_false(watch_folder(&w, "/no/such/folder", &number, &err));
    assert_int_equal(err.code, ERR_STATE);
    watch_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_noticed_by_its_name),
        cmocka_unit_test(a_wait_ends_by_itself_and_a_folder_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
