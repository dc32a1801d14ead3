/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/chance.h"

static bool fill_seeded(void *ctx, void *out, size_t n, struct err *err)
{
    (void)err; /* it cannot fail */
    prop_fill(ctx, out, n);
    return true;
}

struct chance chance_seeded(struct prop *p)
{
    return (struct chance){.fill = fill_seeded, .ctx = p};
}
