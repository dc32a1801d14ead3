/* SPDX-License-Identifier: Apache-2.0
 *
 * An envelope that is read is written again byte for byte.
 */
#include "lib/again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)again_same(act_again, 0, bytes_of(data, size));
    return 0;
}
