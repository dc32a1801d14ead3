/* SPDX-License-Identifier: Apache-2.0
 *
 * What an agent is asked to sign comes from another process.  A message has one meaning: a host
 * signs none that any other key signs.
 */
#include "base/check.h"
#include "record/signer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    static const enum key_type types[] = {KEY_ROOT, KEY_SEAT, KEY_WITNESS, KEY_HOST};
    bool ok[COUNT_OF(types)];
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct err err = {0};
        ok[i] = signer_message_ok(types[i], in, &err);
        CHECK(ok[i] == (err.code == ERR_NONE));
    }
    CHECK(!ok[3] || !(ok[0] || ok[1] || ok[2]));
    return 0;
}
