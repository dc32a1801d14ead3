/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever the reader accepts, the writer writes again byte for byte.
 */
#include "base/cbor.h"
#include "base/check.h"
#include "lib/cbor_again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    struct buf out;
    buf_init(&out, size + 16);
    bool again = cbor_again(in, &out);
    CHECK(again == cbor_valid(in));
    CHECK(!again || bytes_eq(buf_bytes(&out), in));
    buf_free(&out);
    return 0;
}
