/* SPDX-License-Identifier: Apache-2.0
 *
 * Where arenas come from: a reserved stretch of addresses of which the kernel gives pages as they
 * are touched.  A large cap costs nothing until it is used.
 *
 *     struct region r;
 *     region_init(&r, REGION_PLAIN, cap, err);   ... use &r.mem ...   region_free(&r);
 */
#ifndef ENTENTE_OS_REGION_H
#define ENTENTE_OS_REGION_H

#include "base/arena.h"
#include "base/err.h"

/* SECRET: held plaintext or keys: never in a core dump, zeroed before it is given back. */
enum region_kind { REGION_PLAIN, REGION_SECRET };

#define REGION_MAX ((size_t)8 << 30)

struct region {
    struct arena mem;
    enum region_kind kind;
};

/* cap is 1 .. REGION_MAX, rounded up to whole pages. */
MUST_CHECK bool region_init(struct region *r, enum region_kind kind, size_t cap, struct err *err);

/* Empty again; the pages go back to the kernel. */
void region_clear(struct region *r);

void region_free(struct region *r); /* {0} is fine */

#endif
