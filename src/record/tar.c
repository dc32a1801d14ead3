/* SPDX-License-Identifier: Apache-2.0
 *
 * The fields of a ustar header (POSIX.1-1988), offset and length; what is not named is zero:
 *
 *     name 0,100  mode 100,8  uid 108,8  gid 116,8  size 124,12  mtime 136,12  checksum 148,8
 *     type 156,1  link 157,100  magic 257,6  version 263,2  ... 512
 */
#include "record/tar.h"

#include "record/limits.h"

#define SIZE_AT 124u
#define SIZE_DIGITS 11u
#define SUM_AT 148u
#define SUM_BYTES 8u
#define SUM_DIGITS 6u

static bool name_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
}

/* Relative, of the few characters that we use, without empty, "." or ".." parts. */
static bool name_ok(struct bytes name)
{
    if (name.n == 0 || name.n > TAR_NAME_MAX) {
        return false;
    }
    size_t from = 0;
    for (size_t i = 0; i <= name.n; i++) {
        if (i < name.n && !name_char(name.p[i])) {
            return false;
        }
        if (i == name.n || name.p[i] == '/') {
            struct bytes part = bytes_slice(name, from, i - from);
            if (part.n == 0 || bytes_eq(part, bytes_str(".")) || bytes_eq(part, bytes_str(".."))) {
                return false;
            }
            from = i + 1;
        }
    }
    return true;
}

static void field(uint8_t *block, size_t at, const char *text)
{
    memcpy(block + at, text, strlen(text));
}

/* v in so many octal digits, which the caller knows to be enough. */
static void octal_put(uint8_t *p, unsigned digits, uint64_t v)
{
    for (unsigned i = digits; i-- > 0; v >>= 3) {
        p[i] = (uint8_t)('0' + (v & 7));
    }
}

bool tar_header_put(struct bytes name, uint64_t size, uint8_t out[static TAR_BLOCK],
                    struct err *err)
{
    if (!name_ok(name)) {
        return err_set(err, ERR_FORMAT, "a file's name in an archive is not allowed");
    }
    if (size > TAR_FILE_MAX) {
        return err_set(err, ERR_LIMIT, "a file in an archive has %llu bytes, at most %llu",
                       (unsigned long long)size, (unsigned long long)TAR_FILE_MAX);
    }
    uint8_t block[TAR_BLOCK] = {0};
    memcpy(block, name.p, name.n);
    field(block, 100, "0000644");
    field(block, 108, "0000000");
    field(block, 116, "0000000");
    octal_put(block + SIZE_AT, SIZE_DIGITS, size);
    field(block, 136, "00000000000");
    block[156] = '0';
    field(block, 257, "ustar");
    field(block, 263, "00");
    /* The sum is over the block with blanks in its own place. */
    memset(block + SUM_AT, ' ', SUM_BYTES);
    unsigned sum = 0;
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        sum += block[i];
    }
    octal_put(block + SUM_AT, SUM_DIGITS, sum); /* at most 512 * 255 */
    block[SUM_AT + SUM_DIGITS] = 0;
    memcpy(out, block, sizeof(block));
    return true;
}

size_t tar_padding(uint64_t size)
{
    return (size_t)(-size & (TAR_BLOCK - 1)); /* below 512 */
}

void tar_reader_init(struct tar_reader *r)
{
    *r = (struct tar_reader){0};
}

static bool all_zero(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Octal digits; anything else is caught by the comparison with what a writer would write. */
static uint64_t octal(const uint8_t *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        v = v << 3 | (p[i] & 7u);
    }
    return v;
}

bool tar_header_next(struct tar_reader *r, const uint8_t block[static TAR_BLOCK],
                     struct tar_entry *out, bool *out_end, struct err *err)
{
    if (r->zero_blocks == 2) {
        return err_set(err, ERR_FORMAT, "an archive has bytes after its end");
    }
    if (all_zero(block, TAR_BLOCK)) {
        r->zero_blocks++;
        *out_end = true;
        return true;
    }
    if (r->zero_blocks > 0) {
        return err_set(err, ERR_FORMAT, "an archive goes on after one block of zeros");
    }
    struct tar_entry e = {.size = octal(block + SIZE_AT, SIZE_DIGITS)};
    memcpy(e.name, block, TAR_NAME_MAX);
    uint8_t want[TAR_BLOCK];
    if (!tar_header_put(bytes_str(e.name), e.size, want, err)) {
        return false;
    }
    if (memcmp(want, block, TAR_BLOCK) != 0) {
        return err_set(err, ERR_FORMAT, "a header in an archive is not as entente writes it");
    }
    if (strcmp(e.name, r->last) <= 0) {
        return err_set(err, ERR_FORMAT, "the names in an archive do not ascend at %s", e.name);
    }
    uint64_t total = r->total + TAR_BLOCK + e.size + tar_padding(e.size); /* each at most 2^33 */
    if (total > BUNDLE_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "an archive has more than %llu bytes",
                       (unsigned long long)BUNDLE_BYTES_MAX);
    }
    r->total = total;
    memcpy(r->last, e.name, sizeof(r->last));
    *out = e;
    *out_end = false;
    return true;
}

bool tar_reader_done(const struct tar_reader *r)
{
    return r->zero_blocks == 2;
}

bool tar_put(struct bytes name, struct bytes content, struct buf *out, struct err *err)
{
    uint8_t block[TAR_BLOCK];
    if (!tar_header_put(name, content.n, block, err)) {
        return false;
    }
    buf_add(out, bytes_of(block, sizeof(block)));
    buf_add(out, content);
    buf_add_fill(out, 0, tar_padding(content.n));
    return buf_done(out, "an archive", err);
}

void tar_put_end(struct buf *out)
{
    buf_add_fill(out, 0, (size_t)2 * TAR_BLOCK);
}

/* The next whole block of an archive in memory, or NULL. */
static const uint8_t *block_next(struct bytes archive, size_t *at)
{
    if (*at > archive.n || archive.n - *at < TAR_BLOCK) {
        return NULL;
    }
    const uint8_t *p = archive.p + *at;
    *at += TAR_BLOCK;
    return p;
}

bool tar_next(struct tar_reader *r, struct bytes archive, size_t *at, struct tar_file *out,
              bool *out_end, struct err *err)
{
    struct tar_file f = {0};
    bool end = false;
    size_t here = *at;
    const uint8_t *block = block_next(archive, &here);
    if (block == NULL) {
        return err_set(err, ERR_FORMAT, "an archive is cut short");
    }
    if (!tar_header_next(r, block, &f.entry, &end, err)) {
        return false;
    }
    if (end) {
        block = block_next(archive, &here);
        if (block == NULL) {
            return err_set(err, ERR_FORMAT, "an archive is cut short at its end");
        }
        if (!tar_header_next(r, block, &f.entry, &end, err)) {
            return false;
        }
        if (here != archive.n) {
            return err_set(err, ERR_FORMAT, "an archive has bytes after its end");
        }
        *at = here;
        *out_end = true;
        return true;
    }
    size_t padding = tar_padding(f.entry.size);
    if (f.entry.size > archive.n - here || padding > archive.n - here - f.entry.size) {
        return err_set(err, ERR_FORMAT, "an archive is cut short inside %s", f.entry.name);
    }
    f.content = bytes_slice(archive, here, (size_t)f.entry.size); /* fits: it is there */
    here += f.content.n;
    if (!all_zero(archive.p + here, padding)) {
        return err_set(err, ERR_FORMAT, "the bytes behind %s in an archive are not zero",
                       f.entry.name);
    }
    *at = here + padding;
    *out = f;
    *out_end = false;
    return true;
}
