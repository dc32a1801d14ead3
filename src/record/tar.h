/* SPDX-License-Identifier: Apache-2.0
 *
 * A deterministic ustar archive (docs/FORMAT.md section 13): plain files only, mode 0644, owner 0,
 * time 0, names of at most 100 bytes in ascending order, two zero blocks at the end and nothing
 * behind them.  The reader refuses whatever the writer would not have written, byte by byte.
 *
 * Streaming: the caller moves the bytes; here are headers, and the sizes between them.
 */
#ifndef ENTENTE_RECORD_TAR_H
#define ENTENTE_RECORD_TAR_H

#include "base/buf.h"
#include "base/err.h"

#define TAR_BLOCK 512u
#define TAR_NAME_MAX 100u
#define TAR_FILE_MAX UINT64_C(4294967296)

/* A header block for a name of [a-z0-9./] characters and a size. */
MUST_CHECK bool tar_header_put(struct bytes name, uint64_t size, uint8_t out[static TAR_BLOCK],
                               struct err *err);

/* Zeros behind a file of this size. */
size_t tar_padding(uint64_t size);

struct tar_entry {
    char name[TAR_NAME_MAX + 1];
    uint64_t size;
};

struct tar_reader {
    char last[TAR_NAME_MAX + 1]; /* names ascend */
    uint64_t total;
    uint32_t zero_blocks;
};

void tar_reader_init(struct tar_reader *r);

/* The next header block.  out_end: it was one of the two zero blocks at the end. */
MUST_CHECK bool tar_header_next(struct tar_reader *r, const uint8_t block[static TAR_BLOCK],
                                struct tar_entry *out, bool *out_end, struct err *err);

/* The end was reached: both zero blocks were read. */
bool tar_reader_done(const struct tar_reader *r);

/* In memory: appends a file, the end; walks an archive (at starts at 0). */
MUST_CHECK bool tar_put(struct bytes name, struct bytes content, struct buf *out, struct err *err);
void tar_put_end(struct buf *out);
struct tar_file {
    struct tar_entry entry;
    struct bytes content;
};
MUST_CHECK bool tar_next(struct tar_reader *r, struct bytes archive, size_t *at,
                         struct tar_file *out, bool *out_end, struct err *err);

#endif
