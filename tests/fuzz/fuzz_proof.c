/* SPDX-License-Identifier: Apache-2.0
 *
 * A proof that is read is written again byte for byte.
 */
#include "base/check.h"
#include "record/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    struct proof p;
    struct err err = {0};
    if (!proof_decode(in, &p, &err)) {
        CHECK(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
        return 0;
    }
    CHECK(p.path.count <= MERKLE_PATH_MAX && p.index < LEAVES_MAX);
    struct buf out;
    buf_init(&out, size + 16);
    proof_put(p.index, &p.path, p.note, &out);
    CHECK(bytes_eq(buf_bytes(&out), in));
    buf_free(&out);
    struct leaf_hash leaf = {{0}};
    struct pubkey host = {{0}};
    struct checkpoint cp;
    CHECK(!proof_check(&p, &leaf, &host, &cp, &err)); /* nobody signs with this key */
    return 0;
}
