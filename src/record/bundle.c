/* SPDX-License-Identifier: Apache-2.0 */
#include "record/bundle.h"

#include "base/check.h"
#include "base/hex.h"

#define BLOB_PREFIX "blob/"

/* From a million tiles on, names no longer ascend with numbers (x001/x000/000 is before x002/000);
 * such a record is far above the ceiling of a bundle. */
#define BUNDLE_TILES_MAX UINT64_C(1000000)

bool bundle_name_parse(struct bytes name, struct bundle_name *out, struct err *err)
{
    struct bundle_name n = {0};
    size_t prefix = strlen(BLOB_PREFIX);
    if (bytes_eq(name, bytes_str("checkpoint"))) {
        n.part = BUNDLE_CHECKPOINT;
    } else if (bytes_eq(bytes_slice(name, 0, prefix), bytes_str(BLOB_PREFIX)) &&
               hex_decode(bytes_slice(name, prefix, name.n), n.blob.b, sizeof(n.blob.b))) {
        n.part = BUNDLE_BLOB;
    } else if (tile_parse(name, &n.tile)) {
        n.part = n.tile.entries ? BUNDLE_ENTRIES : BUNDLE_TILE;
    } else {
        return err_set(err, ERR_FORMAT, "a bundle holds a file that does not belong there");
    }
    *out = n;
    return true;
}

void bundle_name_put(const struct bundle_name *n, char *out)
{
    struct buf b;
    buf_over(&b, out, BUNDLE_NAME_MAX);
    switch (n->part) {
    case BUNDLE_CHECKPOINT:
        buf_printf(&b, "checkpoint");
        break;
    case BUNDLE_BLOB:
        buf_printf(&b, BLOB_PREFIX "%s", id_hex(n->blob.b).s);
        break;
    case BUNDLE_TILE:
    case BUNDLE_ENTRIES:
        tile_name(&n->tile, out);
        break;
    }
    CHECK(buf_ok(&b)); /* with its NUL */
}

bool bundle_tiles(uint64_t size,
                  bool (*visit)(void *ctx, const struct bundle_name *n, struct err *err), void *ctx,
                  struct err *err)
{
    if (size > BUNDLE_TILES_MAX * TILE_WIDTH) {
        return err_set(err, ERR_LIMIT, "a record of %llu acts does not fit into a bundle",
                       (unsigned long long)size);
    }
    /* Levels, then the entries: digits come before letters. */
    for (uint32_t l = 0; l <= TILE_LEVELS; l++) {
        bool entries = l == TILE_LEVELS;
        struct bundle_name n = {.part = entries ? BUNDLE_ENTRIES : BUNDLE_TILE};
        uint32_t last;
        uint64_t count = tile_count(entries ? 0 : l, size, &last);
        for (uint64_t i = 0; i < count; i++) {
            n.tile = (struct tile){.entries = entries,
                                   .level = entries ? 0 : l,
                                   .number = i,
                                   .width = i + 1 == count ? last : TILE_WIDTH};
            if (!visit(ctx, &n, err)) {
                return false;
            }
        }
    }
    return true;
}
