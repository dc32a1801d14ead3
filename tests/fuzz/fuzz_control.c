/* SPDX-License-Identifier: Apache-2.0
 *
 * A control act that is read is written again byte for byte; the first byte picks its kind.
 */
#include "lib/again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) {
        (void)again_same(control_again, data[0] % 7, bytes_of(data + 1, size - 1));
    }
    return 0;
}
