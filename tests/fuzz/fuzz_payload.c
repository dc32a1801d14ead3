/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever content is taken in as a payload is written again item by item as it came.
 */
#include "base/check.h"
#include "table/payload.h"
#include "lib/fuzz_arena.h"

#define MEM_BYTES (8u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const struct content *c, const struct payload *p, struct arena *mem)
{
    struct content_item *items;
    size_t n;
    struct err err = {0};
    CHECK(payload_items(p, mem, &items, &n, &err));
    CHECK(n == c->count);
    for (size_t i = 0; i < n; i++) {
        CHECK(items[i].type == c->items[i].type && bytes_eq(items[i].value, c->items[i].value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct content c;
    struct payload p;
    struct err err = {0};
    if (size > (1u << 20)) {
        return 0;
    }
    struct arena *mem = fuzz_arena(MEM_BYTES);
    if (content_decode(bytes_of(data, size), mem, &c, &err)) {
        if (payload_from(&c, mem, &p, &err)) {
            write_again(&c, &p, mem);
        } else {
            CHECK(err.code == ERR_FORMAT);
        }
    }
    return 0;
}
