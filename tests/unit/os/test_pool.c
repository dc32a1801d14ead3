/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <stdatomic.h>

#include "os/pool.h"

#define UNITS 5000

struct job {
    atomic_uint ran[UNITS];
    uint64_t result[UNITS];
};

static void unit(void *arg, size_t i)
{
    struct job *job = arg;
    atomic_fetch_add(&job->ran[i], 1);
    uint64_t x = i;
    for (size_t k = 0; k < 50; k++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
    }
    job->result[i] = x;
}

static struct job first, again;

static void test_each_unit_once_with_any_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNITS; i++) {
        unit(&first, i);
    }
    unsigned threads[] = {1, 2, 3, 16};
    for (size_t t = 0; t < COUNT_OF(threads); t++) {
        struct arena mem = test_arena(1 << 16);
        struct pool *pool;
        struct err err;
        assert_true(pool_new(&mem, threads[t], &pool, &err));
        assert_int_equal(pool_threads(pool), threads[t]);
        size_t counts[] = {0, 1, 2, 7, UNITS, UNITS};
        for (size_t c = 0; c < COUNT_OF(counts); c++) {
            memset(&again, 0, sizeof(again));
            pool_run(pool, counts[c], unit, &again);
            for (size_t i = 0; i < UNITS; i++) {
                assert_int_equal(atomic_load(&again.ran[i]), i < counts[c] ? 1 : 0);
                assert_int_equal(again.result[i], i < counts[c] ? first.result[i] : 0);
            }
        }
        pool_free(pool);
        test_arena_free(&mem);
    }
}

/* Many small jobs in a row: a thread that is late for one must not disturb the next. */
static void test_many_jobs(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct pool *pool;
    struct err err;
    assert_true(pool_new(&mem, 4, &pool, &err));
    memset(&again, 0, sizeof(again));
    for (unsigned round = 0; round < 500; round++) {
        pool_run(pool, 3, unit, &again);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(atomic_load(&again.ran[i]), i < 3 ? 500 : 0);
    }
    pool_free(pool);
    test_arena_free(&mem);
}

static void test_default_and_no_room(void **state)
{
    (void)state;
    struct arena mem = test_arena(1 << 16);
    struct pool *pool;
    struct err err;
    assert_true(pool_new(&mem, 0, &pool, &err));
    assert_true(pool_threads(pool) >= 1);
    pool_free(pool);
    pool_free(NULL);
    struct arena small = test_arena(16);
    assert_false(pool_new(&small, 2, &pool, &err));
    assert_int_equal(err.code, ERR_MEMORY);
    test_arena_free(&small);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_unit_once_with_any_number),
        cmocka_unit_test(test_many_jobs),
        cmocka_unit_test(test_default_and_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
