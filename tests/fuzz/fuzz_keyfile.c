/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame of a key file and the two parts in it.  A public part that decodes encodes to the same
 * bytes.  The passphrase is tried only where the file asks for next to nothing.
 */
#include "base/check.h"
#include "crypto/init.h"
#include "crypto/keyset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void public_again(struct bytes part)
{
    struct keyset_public p;
    struct err err = {0};
    if (!keyset_public_decode(part, &p, &err)) {
        return;
    }
    struct buf out;
    buf_init(&out, part.n + 16);
    keyset_public_encode(&p, &out);
    CHECK(bytes_eq(buf_bytes(&out), part));
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size), part;
    struct keyfile_cost cost;
    struct err err = {0};
    CHECK(crypto_init(&err)); /* after the first time it does nothing */
    public_again(in);
    if (!keyfile_public(in, &part, &cost, &err)) {
        CHECK(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
        return 0;
    }
    CHECK(cost.t >= 1 && cost.t <= KEYFILE_T_MAX && cost.m_kib <= KEYFILE_M_KIB_MAX);
    public_again(part);
    struct keyset *k = NULL;
    if (cost.m_kib <= 16 && cost.t <= 2 && keyset_open(in, bytes_str("p"), &k, &err)) {
        keyset_free(k);
    }
    return 0;
}
