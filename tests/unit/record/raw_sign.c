/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/record/raw_sign.h"

#include "lib/test.h"
#include "record/cose_priv.h"

void raw_sign(struct bytes payload, const struct signer *signer, struct buf *out)
{
    struct err err = {0};
    if (!cose_sign(payload, COSE_AAD_ACT, signer, "envelope", out, &err)) {
        fail_msg("%s", err.what);
    }
}
