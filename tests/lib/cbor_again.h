/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads one CBOR item with the typed reads and writes it again: the other half of
 * encode(decode(x)) == x.
 */
#ifndef ENTENTE_TESTS_CBOR_AGAIN_H
#define ENTENTE_TESTS_CBOR_AGAIN_H

#include "base/cbor.h"

/* True iff the whole of in was read without a fault; out then holds what was written. */
bool cbor_again(struct bytes in, struct buf *out);

#endif
