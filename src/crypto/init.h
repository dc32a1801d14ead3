/* SPDX-License-Identifier: Apache-2.0
 *
 * libsodium made ready.  Call once before anything else of this layer or of record.
 */
#ifndef ENTENTE_CRYPTO_INIT_H
#define ENTENTE_CRYPTO_INIT_H

#include "base/err.h"

MUST_CHECK bool crypto_init(struct err *err);

#endif
