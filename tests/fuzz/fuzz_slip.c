/* SPDX-License-Identifier: Apache-2.0
 *
 * A slip, or seat slip by the first byte, that is read is written again byte for byte.
 */
#include "lib/again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) {
        (void)again_same(slip_again, data[0] % 3, bytes_of(data + 1, size - 1));
    }
    return 0;
}
