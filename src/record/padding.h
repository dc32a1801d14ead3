/* SPDX-License-Identifier: Apache-2.0
 *
 * Padding of what is sealed (docs/FORMAT.md section 8): content || 0x80 || zeros up to a bucket:
 * multiples of 1,024 up to 4,096, then Padme.
 */
#ifndef ENTENTE_RECORD_PADDING_H
#define ENTENTE_RECORD_PADDING_H

#include "base/buf.h"

/* The bucket of n bytes: content and its 0x80.  UINT64_MAX where no 64-bit size is one. */
uint64_t padding_bucket(uint64_t n);

/* Is this a size that a padded content can have? */
bool padding_is_bucket(uint64_t size);

/* Appends 0x80 and zeros so that what follows byte `from` fills a bucket. */
void padding_put(struct buf *b, size_t from);

/* The content without its padding; ERR_FORMAT where that is wrong or not the bucket of it. */
MUST_CHECK bool padding_strip(struct bytes padded, struct bytes *out, struct err *err);

#endif
