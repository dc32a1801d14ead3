/* SPDX-License-Identifier: Apache-2.0
 *
 * A note that is read is written again byte for byte, from its body and its lines' parts; so is
 * the body of a checkpoint; and what passes for a countersign act is two lines over one.
 */
#include "base/check.h"
#include "record/cosign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void lines_again(const struct note *n, struct buf *out)
{
    for (uint32_t i = 0; i < n->count; i++) {
        uint8_t sig[NOTE_SIGNATURE_MAX];
        size_t len;
        if (note_line_signature(&n->line[i], sig, &len)) {
            note_line_put(n->line[i].name, n->line[i].key_id, bytes_of(sig, len), out);
        } else {
            CHECK(n->line[i].base64.n > NOTE_SIGNATURE_MAX);
            buf_add(out, n->line[i].line);
            buf_add_u8(out, '\n');
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    struct note n;
    struct err err = {0};
    struct checkpoint cp;
    struct countersign c;
    struct vkey key;
    struct buf out;
    buf_init(&out, size + 16);
    if (vkey_parse(in, &key)) {
        vkey_put(key.name, key.type, &key.pk, &out);
        CHECK(bytes_eq(buf_bytes(&out), in));
        buf_clear(&out);
    }
    bool counter = countersign_parse(in, &c, &err);
    if (note_decode(in, &n, &err)) {
        CHECK(n.count >= 1 && n.count <= NOTE_LINES_MAX);
        buf_add(&out, n.body);
        buf_add_u8(&out, '\n');
        lines_again(&n, &out);
        CHECK(bytes_eq(buf_bytes(&out), in));
        if (checkpoint_parse(n.body, &cp, &err)) {
            buf_clear(&out);
            checkpoint_body(&cp, &out);
            CHECK(bytes_eq(buf_bytes(&out), n.body));
        }
        CHECK(!counter || n.count == 2);
    } else {
        CHECK(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
        CHECK(!counter);
    }
    buf_free(&out);
    return 0;
}
