/* SPDX-License-Identifier: Apache-2.0
 *
 * A header that parses is the one an encoder writes: put together again from what was parsed, the
 * stanzas that are ours are the same bytes.  Opening with some key gives nothing away on failure.
 */
#include "base/check.h"
#include "base/hex.h"
#include "crypto/age.h"
#include "crypto/dh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* For headers of X25519 stanzas alone. */
static void write_again(const struct age_header *h, struct buf *out)
{
    buf_add_str(out, "age-encryption.org/v1\n");
    for (uint32_t i = 0; i < h->count; i++) {
        const struct age_stanza *s = &h->stanza[i];
        buf_add_str(out, "-> X25519 ");
        base64_encode(bytes_of(s->share, 32), BASE64_BARE, out);
        buf_add_str(out, "\n");
        base64_encode(bytes_of(s->body, 32), BASE64_BARE, out);
        buf_add_str(out, "\n");
    }
    buf_add_str(out, "--- ");
    base64_encode(bytes_of(h->mac, 32), BASE64_BARE, out);
    buf_add_str(out, "\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    struct age_header h;
    struct err err = {0};
    if (!age_header_parse(in, &h, &err)) {
        CHECK(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
        return 0;
    }
    CHECK(h.count >= 1 && h.count <= AGE_STANZAS_MAX);
    CHECK(h.payload.p + h.payload.n == data + size && h.payload.n >= AGE_NONCE_BYTES);
    bool ours = true;
    for (uint32_t i = 0; i < h.count; i++) {
        ours = ours && h.stanza[i].x25519;
        CHECK(!h.stanza[i].x25519 || !dh_low_order(h.stanza[i].share));
    }
    struct buf out;
    buf_init(&out, size + 64);
    if (ours) {
        write_again(&h, &out);
        CHECK(buf_ok(&out));
        CHECK(bytes_eq(buf_bytes(&out), bytes_slice(in, 0, size - h.payload.n)));
    }
    buf_clear(&out);
    static const uint8_t secret[32] = {0x42};
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    if (h.count <= 4 && age_unwrap(&h, secret, file_key, &err)) {
        bool good = age_open_payload(&h, file_key, &out, &err);
        CHECK(good || out.n == 0);
    }
    buf_free(&out);
    return 0;
}
