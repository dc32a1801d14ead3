/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever file is read as a charter is one: it encodes, and decodes to the same.  Whatever is
 * refused is refused with a place.
 */
#include "base/check.h"
#include "formats/charter_yaml.h"
#include "lib/fuzz_arena.h"

#define MEM_BYTES (6u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void go_round(const struct charter *c, struct arena *mem)
{
    struct err err = {0};
    struct charter d;
    struct buf out, twice;
    buf_init(&out, CHARTER_CBOR_MAX);
    buf_init(&twice, CHARTER_CBOR_MAX);
    if (charter_encode(c, &out, &err)) {
        CHECK(charter_decode(buf_bytes(&out), mem, &d, &err));
        CHECK(charter_encode(&d, &twice, &err));
        CHECK(bytes_eq(buf_bytes(&out), buf_bytes(&twice)));
    } else {
        CHECK(err.code == ERR_LIMIT);
    }
    buf_free(&out);
    buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct charter c;
    struct arena *mem = fuzz_arena(MEM_BYTES);
    if (charter_from_yaml(bytes_of(data, size), "f.yaml", mem, &c, &err)) {
        go_round(&c, mem);
    } else {
        CHECK(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
        CHECK(strncmp(err.where, "f.yaml", 6) == 0);
        CHECK(utf8_valid(bytes_str(err.what)) && utf8_valid(bytes_str(err.mend)));
    }
    return 0;
}
