/* SPDX-License-Identifier: Apache-2.0
 *
 * Worker threads for independent units of work.  The result must not depend on which thread runs
 * which unit, nor on the order.
 */
#ifndef ENTENTE_OS_POOL_H
#define ENTENTE_OS_POOL_H

#include "base/arena.h"
#include "base/err.h"

struct pool;

#define POOL_THREADS_MAX 256u

/* threads 0 = as many as there are cores online; at most POOL_THREADS_MAX.  The calling thread is
 * one of them.  In mem, which must outlive it. */
MUST_CHECK bool pool_new(struct arena *mem, unsigned threads, struct pool **out, struct err *err);
void pool_free(struct pool *pool); /* ends the threads; NULL is fine */

unsigned pool_threads(const struct pool *pool);

/* Runs unit(arg, 0) .. unit(arg, units - 1), each once; returns when all are done.  ctx is the
 * struct pool *: so this function and the pool are a struct door_workers (record/door.h).  Not from
 * within a unit, and from one thread at a time. */
void pool_run(void *ctx, size_t units, void (*unit)(void *arg, size_t i), void *arg);

#endif
