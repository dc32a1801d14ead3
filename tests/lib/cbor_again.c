/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/cbor_again.h"

static void one(struct cbor *c, struct buf *out)
{
    switch (cbor_peek(c)) {
    case CBOR_UINT:
        cbor_put_uint(out, cbor_uint(c));
        return;
    case CBOR_NINT:
        cbor_put_int(out, cbor_int(c));
        return;
    case CBOR_BSTR:
        cbor_put_bstr(out, cbor_bstr(c));
        return;
    case CBOR_TSTR: {
        struct bytes v = cbor_tstr(c);
        cbor_put_tstr(out, (struct text){.p = (const char *)v.p, .n = v.n});
        return;
    }
    case CBOR_ARRAY: {
        size_t n = cbor_array(c, SIZE_MAX);
        cbor_put_array(out, n);
        for (size_t i = 0; i < n && cbor_ok(c); i++) {
            one(c, out);
        }
        return;
    }
    case CBOR_MAP: {
        size_t n = cbor_map(c, SIZE_MAX);
        cbor_put_map(out, n);
        for (size_t i = 0; i < n && cbor_ok(c); i++) {
            cbor_put_uint(out, cbor_key(c));
            one(c, out);
        }
        return;
    }
    case CBOR_TAG:
        cbor_tag18(c);
        cbor_put_tag18(out);
        one(c, out);
        return;
    case CBOR_FALSE:
    case CBOR_TRUE:
        cbor_put_bool(out, cbor_bool(c));
        return;
    case CBOR_NULL:
        if (cbor_take_null(c)) {
            cbor_put_null(out);
        }
        return;
    case CBOR_NOTHING:
        cbor_refuse(c, "nothing that the profile knows");
        return;
    }
}

bool cbor_again(struct bytes in, struct buf *out)
{
    struct cbor c;
    struct err err;
    cbor_init(&c, in);
    one(&c, out);
    return cbor_done(&c, "item", &err) && buf_ok(out);
}
