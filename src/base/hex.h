/* SPDX-License-Identifier: Apache-2.0
 *
 * Lowercase hexadecimal and standard base64 (RFC 4648 section 4), both strict: one text for each
 * byte string.  Not for secrets (their timing depends on the content): crypto/secret has those.
 */
#ifndef ENTENTE_BASE_HEX_H
#define ENTENTE_BASE_HEX_H

#include "base/buf.h"

/* Writes 2n characters and a NUL; out holds at least 2n + 1. */
void hex_encode(struct bytes v, char *out);

/* Exactly n bytes from 2n lowercase digits. */
MUST_CHECK bool hex_decode(struct bytes text, uint8_t *out, size_t n);

enum base64_pad { BASE64_PADDED, BASE64_BARE };

void base64_encode(struct bytes v, enum base64_pad pad, struct buf *out);

/* Refuses white space, wrong padding, and bits set behind the last byte. */
MUST_CHECK bool base64_decode(struct bytes text, enum base64_pad pad, struct buf *out);

#endif
