/* SPDX-License-Identifier: Apache-2.0
 *
 * What no program of the product does: signs as an envelope's payload whatever bytes it is given.
 */
#ifndef ENTENTE_TESTS_RAW_SIGN_H
#define ENTENTE_TESTS_RAW_SIGN_H

#include "base/buf.h"
#include "record/signer.h"

/* The whole envelope is appended to out; the test fails where it cannot be. */
void raw_sign(struct bytes payload, const struct signer *signer, struct buf *out);

#endif
