/* SPDX-License-Identifier: Apache-2.0
 *
 * C2SP tlog-tiles: names and bytes of hash tiles and entry bundles, 256 wide.
 *
 *     tile/<L>/<N>[.p/<W>]          W hashes of level 8L, from index 256N
 *     tile/entries/<N>[.p/<W>]      W entries, each a 2-byte length and its bytes
 *
 * N is written in groups of three digits, all but the last prefixed with x: x001/x234/067.
 */
#ifndef ENTENTE_RECORD_TILE_H
#define ENTENTE_RECORD_TILE_H

#include "record/merkle.h"

#define TILE_WIDTH 256u
#define TILE_LEVELS 6u /* levels of tiles of a full log of 2^40 leaves, L = 0..5 */
#define TILE_NAME_MAX 48u

struct tile {
    bool entries;   /* an entry bundle; level is 0 */
    uint32_t level; /* L */
    uint64_t number;
    uint32_t width; /* W, 1..256 */
};

/* out holds TILE_NAME_MAX bytes; NUL-terminated. */
void tile_name(const struct tile *t, char *out);
MUST_CHECK bool tile_parse(struct bytes name, struct tile *out);

/* The tiles that a tree of this size has at one level, all but the last full; the last one's
 * width through out (0 where it has none). */
uint64_t tile_count(uint32_t level, uint64_t size, uint32_t *out_last_width);

/* Appends the width hashes of t. */
MUST_CHECK bool tile_hashes(const struct node_source *src, const struct tile *t, struct buf *out,
                            struct err *err);

/* Appends one entry to a bundle. */
void tile_entry_put(struct bytes envelope, struct buf *out);

/* Walks a bundle: takes the next entry off *rest.  False at a short or oversized one; the caller
 * asks while rest->n > 0. */
MUST_CHECK bool tile_entry_next(struct bytes *rest, struct bytes *out);

#endif
