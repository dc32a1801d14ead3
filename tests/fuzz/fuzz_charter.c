/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever charter is decoded encodes again to the same bytes, and can be spoken of.
 */
#include "base/check.h"
#include "table/charter.h"
#include "lib/fuzz_arena.h"

#define MEM_BYTES (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void speak(const struct charter *c, struct arena *mem)
{
    struct text out[64];
    size_t n = charter_warnings(c, mem, out, COUNT_OF(out));
    for (size_t i = 0; i < n; i++) {
        CHECK(utf8_valid(text_bytes(out[i])));
    }
    for (uint32_t i = 0; i < c->phase_count; i++) {
        for (uint32_t k = 0; k < c->phases[i].condition_count; k++) {
            CHECK(condition_words(c, &c->phases[i].conditions[k], mem).n > 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    struct err err = {0};
    struct charter c;
    struct arena *mem = fuzz_arena(MEM_BYTES);
    if (charter_decode(in, mem, &c, &err)) {
        struct buf out;
        buf_init(&out, CHARTER_CBOR_MAX);
        CHECK(charter_encode(&c, &out, &err));
        CHECK(bytes_eq(buf_bytes(&out), in));
        buf_free(&out);
        speak(&c, mem);
    } else {
        CHECK(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
    }
    return 0;
}
