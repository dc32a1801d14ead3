/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle: the whole record in one file, under the names of the host's HTTP paths
 * (docs/FORMAT.md section 13).  Here is the whitelist of names; app moves the bytes, and the door
 * verifies them like any other source.
 *
 *     blob/<hex sha256>   checkpoint   tile/<L>/<N>[.p/<W>]   tile/entries/<N>[.p/<W>]
 */
#ifndef ENTENTE_RECORD_BUNDLE_H
#define ENTENTE_RECORD_BUNDLE_H

#include "record/tar.h"
#include "record/tile.h"

enum bundle_part { BUNDLE_CHECKPOINT, BUNDLE_TILE, BUNDLE_ENTRIES, BUNDLE_BLOB };

struct bundle_name {
    enum bundle_part part;
    struct tile tile;   /* BUNDLE_TILE, BUNDLE_ENTRIES */
    struct digest blob; /* BUNDLE_BLOB */
};

MUST_CHECK bool bundle_name_parse(struct bytes name, struct bundle_name *out, struct err *err);

#define BUNDLE_NAME_MAX (TAR_NAME_MAX + 1)
void bundle_name_put(const struct bundle_name *n, char *out); /* holds BUNDLE_NAME_MAX */

/* Visits, in the order of the file, the names of all parts that the record of this size has:
 * blobs first (ascending; digests are sorted by the caller), checkpoint, then tiles.  Gives the
 * tile part: false ends the walk. */
MUST_CHECK bool bundle_tiles(uint64_t size,
                             bool (*visit)(void *ctx, const struct bundle_name *n, struct err *err),
                             void *ctx, struct err *err);

#endif
