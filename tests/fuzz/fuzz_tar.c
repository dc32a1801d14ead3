/* SPDX-License-Identifier: Apache-2.0
 *
 * An archive that is read to its end is written again byte for byte, and each name of a bundle in
 * it has one form.  Entry bundles are walked to where they end or break.
 */
#include "base/check.h"
#include "record/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void name_again(const char *name)
{
    struct bundle_name n;
    struct err err = {0};
    char again[BUNDLE_NAME_MAX];
    if (bundle_name_parse(bytes_str(name), &n, &err)) {
        bundle_name_put(&n, again);
        CHECK(strcmp(name, again) == 0);
    }
}

static void entries_again(struct bytes content)
{
    struct buf out;
    struct bytes rest = content, entry;
    buf_init(&out, content.n + 16);
    while (rest.n > 0 && tile_entry_next(&rest, &entry)) {
        tile_entry_put(entry, &out);
    }
    CHECK(bytes_eq(buf_bytes(&out), bytes_slice(content, 0, content.n - rest.n)));
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    struct tar_reader r;
    struct tar_file f;
    struct err err = {0};
    struct buf out;
    size_t at = 0;
    bool end = false;
    buf_init(&out, size + 16);
    tar_reader_init(&r);
    while (tar_next(&r, in, &at, &f, &end, &err)) {
        if (end) {
            CHECK(tar_reader_done(&r));
            tar_put_end(&out);
            CHECK(bytes_eq(buf_bytes(&out), in));
            break;
        }
        name_again(f.entry.name);
        entries_again(f.content);
        CHECK(tar_put(bytes_str(f.entry.name), f.content, &out, &err));
    }
    CHECK(end || err.code == ERR_FORMAT || err.code == ERR_LIMIT);
    buf_free(&out);
    if (size < TAR_NAME_MAX) {
        char name[TAR_NAME_MAX + 1] = {0};
        if (size > 0) {
            memcpy(name, data, size);
        }
        name_again(name);
    }
    return 0;
}
