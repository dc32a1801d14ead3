/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads an encoding of the record layer and writes it again from the typed fields alone: the other
 * half of encode(decode(x)) == x, for unit tests and fuzzers alike.
 */
#ifndef ENTENTE_TESTS_AGAIN_H
#define ENTENTE_TESTS_AGAIN_H

#include "base/buf.h"

/* True iff in was accepted; out then holds what was written.  sub picks the kind where there are
 * several: of a control act, of an object, slip (0) or seat slip (1). */
typedef bool again_fn(uint32_t sub, struct bytes in, struct buf *out);

again_fn act_again;
again_fn control_again; /* a countersign act is a note: its own tests write it again */
again_fn slip_again;
again_fn content_again;
again_fn object_again;
again_fn fraud_again;

/* Is v accepted, and if so, written again byte for byte?  Stops the program where it is not. */
bool again_same(again_fn *again, uint32_t sub, struct bytes v);

/* For cmocka: v is accepted; each cut and each byte behind the end is refused; each flip of one
 * bit (of some thousand, where v is long) is refused or is written again as it came. */
void again_holds(again_fn *again, uint32_t sub, struct bytes v);

#endif
