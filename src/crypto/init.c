/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/init.h"

#include <sodium.h>

bool crypto_init(struct err *err)
{
    if (sodium_init() < 0) {
        return err_set(err, ERR_IO, "the cryptographic library could not be started") ||
               err_mend(err, "check that libsodium is installed and that /dev/urandom can be read");
    }
    return true;
}
