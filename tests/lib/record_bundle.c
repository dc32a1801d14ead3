/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/record_bundle.h"

#include "lib/test.h"
#include "record/bundle.h"

static void file_put(const char *name, struct bytes content, struct buf *out)
{
    struct err err = {0};
    if (!tar_put(bytes_str(name), content, out, &err)) {
        fail_msg("%s", err.what);
    }
}

struct writer {
    struct record_sim *sim;
    struct buf *out;
};

static bool tile_put(void *ctx, const struct bundle_name *n, struct err *err)
{
    struct writer *w = ctx;
    struct buf content;
    char name[BUNDLE_NAME_MAX];
    buf_init(&content, 1u << 21);
    if (n->part == BUNDLE_ENTRIES) {
        for (uint32_t i = 0; i < n->tile.width; i++) {
            tile_entry_put(w->sim->items[n->tile.number * TILE_WIDTH + i].envelope, &content);
        }
    } else {
        struct node_source src = door_nodes(w->sim->door);
        if (!tile_hashes(&src, &n->tile, &content, err)) {
            return false;
        }
    }
    bundle_name_put(n, name);
    file_put(name, buf_bytes(&content), w->out);
    buf_free(&content);
    return true;
}

void record_bundle(struct record_sim *sim, struct buf *out)
{
    char names[RECORD_BUNDLE_MAX][BUNDLE_NAME_MAX];
    struct bytes blobs[RECORD_BUNDLE_MAX];
    struct err err = {0};
    assert_in_range(sim->count, 1, RECORD_BUNDLE_MAX);
    for (size_t i = 0; i < sim->count; i++) {
        struct act a;
        if (!act_decode(sim->items[i].envelope, &a, &err)) {
            fail_msg("%s", err.what);
        }
        struct bundle_name n = {.part = BUNDLE_BLOB, .blob = a.blob};
        bundle_name_put(&n, names[i]);
        size_t at = i; /* kept in order of name */
        char name[BUNDLE_NAME_MAX];
        memcpy(name, names[i], sizeof(name));
        for (; at > 0 && strcmp(names[at - 1], name) > 0; at--) {
            memcpy(names[at], names[at - 1], sizeof(names[at]));
            blobs[at] = blobs[at - 1];
        }
        memcpy(names[at], name, sizeof(name));
        blobs[at] = sim->items[i].blob;
    }
    for (size_t i = 0; i < sim->count; i++) {
        if (i == 0 || strcmp(names[i - 1], names[i]) != 0) {
            file_put(names[i], blobs[i], out);
        }
    }
    file_put("checkpoint", sim_note(sim, sim->count), out);
    struct writer w = {sim, out};
    if (!bundle_tiles(sim->count, tile_put, &w, &err)) {
        fail_msg("%s", err.what);
    }
    tar_put_end(out);
}
