/* SPDX-License-Identifier: Apache-2.0
 *
 * See pool.h.  One job at a time; threads take unit numbers from an atomic counter and sleep
 * between jobs.  Under the mutex: which job it is, how many threads are still in it.
 */
#include "os/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/check.h"
#include "os/system_priv.h"

struct pool {
    pthread_mutex_t mutex;
    pthread_cond_t begun; /* a job, or the end */
    pthread_cond_t left;  /* the last thread has left the job */
    unsigned threads;     /* with the caller's */
    unsigned started;
    pthread_t *ids;
    uint64_t job; /* +1 for each */
    unsigned inside;
    bool ending;
    atomic_size_t next;
    size_t units;
    void (*unit)(void *arg, size_t i);
    void *arg;
};

static void take_units(struct pool *pool, size_t units, void (*unit)(void *arg, size_t i),
                       void *arg)
{
    for (;;) {
        size_t i = atomic_fetch_add(&pool->next, 1);
        if (i >= units) {
            return;
        }
        unit(arg, i);
    }
}

static void *work(void *given)
{
    struct pool *pool = given;
    uint64_t done = 0;
    CHECK(pthread_mutex_lock(&pool->mutex) == 0);
    for (;;) {
        while (!pool->ending && pool->job == done) {
            CHECK(pthread_cond_wait(&pool->begun, &pool->mutex) == 0);
        }
        if (pool->ending) {
            break;
        }
        done = pool->job;
        size_t units = pool->units;
        void (*unit)(void *arg, size_t i) = pool->unit;
        void *arg = pool->arg;
        CHECK(pthread_mutex_unlock(&pool->mutex) == 0);
        take_units(pool, units, unit, arg);
        CHECK(pthread_mutex_lock(&pool->mutex) == 0);
        pool->inside--;
        if (pool->inside == 0) {
            CHECK(pthread_cond_signal(&pool->left) == 0);
        }
    }
    CHECK(pthread_mutex_unlock(&pool->mutex) == 0);
    return NULL;
}

static unsigned cores_online(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > (long)POOL_THREADS_MAX ? POOL_THREADS_MAX : (unsigned)n;
}

bool pool_new(struct arena *mem, unsigned threads, struct pool **out, struct err *err)
{
    threads = threads == 0 ? cores_online() : threads;
    CHECK(threads <= POOL_THREADS_MAX);
    struct pool *pool = ARENA_NEW(mem, struct pool, 1);
    pthread_t *ids = ARENA_NEW(mem, pthread_t, threads);
    if (pool == NULL || ids == NULL) {
        return err_memory(err, "worker threads");
    }
    pool->threads = threads;
    pool->ids = ids;
    atomic_init(&pool->next, 0);
    CHECK(pthread_mutex_init(&pool->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&pool->begun, NULL) == 0);
    CHECK(pthread_cond_init(&pool->left, NULL) == 0);
    for (unsigned i = 0; i + 1 < threads; i++) {
        int number = pthread_create(&ids[i], NULL, work, pool);
        if (number != 0) {
            pool_free(pool);
            return system_error(err, number, "a worker thread cannot be started");
        }
        pool->started++;
    }
    *out = pool;
    return true;
}

void pool_free(struct pool *pool)
{
    if (pool == NULL) {
        return;
    }
    CHECK(pthread_mutex_lock(&pool->mutex) == 0);
    pool->ending = true;
    CHECK(pthread_cond_broadcast(&pool->begun) == 0);
    CHECK(pthread_mutex_unlock(&pool->mutex) == 0);
    for (unsigned i = 0; i < pool->started; i++) {
        CHECK(pthread_join(pool->ids[i], NULL) == 0);
    }
    CHECK(pthread_cond_destroy(&pool->left) == 0);
    CHECK(pthread_cond_destroy(&pool->begun) == 0);
    CHECK(pthread_mutex_destroy(&pool->mutex) == 0);
}

unsigned pool_threads(const struct pool *pool)
{
    return pool->threads;
}

void pool_run(void *ctx, size_t units, void (*unit)(void *arg, size_t i), void *arg)
{
    struct pool *pool = ctx;
    if (units < 2 || pool->started == 0) {
        for (size_t i = 0; i < units; i++) {
            unit(arg, i);
        }
        return;
    }
    CHECK(units <= SIZE_MAX - POOL_THREADS_MAX); /* next runs past units by one for each thread */
    CHECK(pthread_mutex_lock(&pool->mutex) == 0);
    CHECK(pool->inside == 0);
    pool->units = units;
    pool->unit = unit;
    pool->arg = arg;
    atomic_store(&pool->next, 0);
    pool->inside = pool->started;
    pool->job++;
    CHECK(pthread_cond_broadcast(&pool->begun) == 0);
    CHECK(pthread_mutex_unlock(&pool->mutex) == 0);

    take_units(pool, units, unit, arg);

    CHECK(pthread_mutex_lock(&pool->mutex) == 0);
    while (pool->inside > 0) {
        CHECK(pthread_cond_wait(&pool->left, &pool->mutex) == 0);
    }
    CHECK(pthread_mutex_unlock(&pool->mutex) == 0);
}
