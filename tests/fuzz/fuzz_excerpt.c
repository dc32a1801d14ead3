/* SPDX-License-Identifier: Apache-2.0
 *
 * An excerpt that is read is written again byte for byte, and one that holds is of its own form.
 */
#include "base/check.h"
#include "crypto/init.h"
#include "record/excerpt.h"
#include "lib/fuzz_arena.h"

#define ROOM (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size), policy;
    struct excerpt_act *acts;
    struct excerpt e;
    struct err err;
    size_t count;
    struct arena *mem = fuzz_arena(ROOM);
    CHECK(crypto_init(&err));
    bool form = excerpt_decode(in, mem, &policy, &acts, &count, &err);
    if (form) {
        struct buf out;
        buf_init(&out, size);
        CHECK(excerpt_encode(policy, acts, count, &out, &err));
        CHECK(bytes_eq(buf_bytes(&out), in));
        buf_free(&out);
    }
    if (excerpt_check(in, mem, &e, &err)) {
        CHECK(form && e.count == count && e.final <= e.size);
        excerpt_free(&e);
    }
    return 0;
}
