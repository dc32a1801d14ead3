/* SPDX-License-Identifier: Apache-2.0
 *
 * Fixed-width big-endian fields off bytes.  The first short read sticks: later reads give zero or
 * an empty view, and reader_done tells.  Read straight down, ask once.
 */
#ifndef ENTENTE_BASE_READER_H
#define ENTENTE_BASE_READER_H

#include "base/bytes.h"

struct reader {
    struct bytes in;
    size_t at;
    bool short_read;
};

void reader_init(struct reader *r, struct bytes in);
uint8_t read_u8(struct reader *r);
uint16_t read_be16(struct reader *r);
uint32_t read_be32(struct reader *r);
uint64_t read_be64(struct reader *r);
struct bytes read_bytes(struct reader *r, size_t n); /* a view into the input */

/* The bytes up to and without the next LF, which is passed over; a short read when none follows. */
struct bytes read_line(struct reader *r);

size_t reader_left(const struct reader *r);

/* True iff nothing was short and nothing is left. */
MUST_CHECK bool reader_done(const struct reader *r);

#endif
