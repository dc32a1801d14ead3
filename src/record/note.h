/* SPDX-License-Identifier: Apache-2.0
 *
 * C2SP signed-note: a body of text, an empty line, then signature lines
 *
 *     — <name> <base64 of key id(4) || signature>
 *
 * and vkeys, the text form of a public key: <name>+<hex key id>+<base64 of type || key>.
 */
#ifndef ENTENTE_RECORD_NOTE_H
#define ENTENTE_RECORD_NOTE_H

#include "base/buf.h"
#include "record/id.h"
#include "record/limits.h"

enum note_key { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

#define NOTE_SIGNATURE_MAX 128u /* bytes behind the key id; more is not ours */

struct note_line {
    struct bytes line; /* whole, without its LF */
    struct bytes name;
    struct bytes base64; /* of key id and signature */
    uint8_t key_id[4];
};

struct note {
    struct bytes body; /* with its last LF, without the empty line */
    uint32_t count;
    struct note_line line[NOTE_LINES_MAX];
};

/* Strict: UTF-8, no control character but LF, at least one line.  Borrows raw. */
MUST_CHECK bool note_decode(struct bytes raw, struct note *out, struct err *err);

/* The signature bytes behind the key id; out holds NOTE_SIGNATURE_MAX.  False where it is longer. */
MUST_CHECK bool note_line_signature(const struct note_line *line, uint8_t *out, size_t *out_n);

/* Appends "— name base64\n". */
void note_line_put(struct bytes name, const uint8_t key_id[static 4], struct bytes signature,
                   struct buf *out);

/* First 4 bytes of SHA-256(name || 0x0A || type || pk). */
void note_key_id(struct bytes name, enum note_key type, const struct pubkey *pk,
                 uint8_t out[static 4]);

/* Appends the vkey, without LF. */
void vkey_put(struct bytes name, enum note_key type, const struct pubkey *pk, struct buf *out);

struct vkey {
    struct bytes name; /* borrows the text */
    enum note_key type;
    struct pubkey pk;
};
MUST_CHECK bool vkey_parse(struct bytes text, struct vkey *out);

#endif
