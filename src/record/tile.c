/* SPDX-License-Identifier: Apache-2.0 */
#include "record/tile.h"

#include "base/check.h"
#include "base/fixed.h"

#define NUMBER_MAX (LEAVES_MAX / TILE_WIDTH)

void tile_name(const struct tile *t, char *out)
{
    CHECK(t->number <= NUMBER_MAX && t->width >= 1 && t->width <= TILE_WIDTH);
    uint64_t n = t->number;
    struct buf b;
    buf_over(&b, out, TILE_NAME_MAX);
    if (t->entries) {
        buf_add_str(&b, "tile/entries/");
    } else {
        buf_printf(&b, "tile/%u/", t->level);
    }
    uint64_t unit = 1;
    while (n / unit >= 1000) {
        unit *= 1000;
    }
    for (; unit > 1; unit /= 1000) {
        buf_printf(&b, "x%03u/", (unsigned)(n / unit % 1000));
    }
    buf_printf(&b, "%03u", (unsigned)(n % 1000));
    if (t->width < TILE_WIDTH) {
        buf_printf(&b, ".p/%u", t->width);
    }
    CHECK(buf_ok(&b)); /* with its NUL */
}

/* Takes what stands before the next sep, or all. */
static struct bytes word_next(struct bytes *rest, char sep)
{
    const uint8_t *p = rest->n == 0 ? NULL : memchr(rest->p, sep, rest->n);
    size_t n = p == NULL ? rest->n : (size_t)(p - rest->p);
    struct bytes word = bytes_slice(*rest, 0, n);
    *rest = bytes_slice(*rest, n + 1, rest->n);
    return word;
}

static bool number_of(struct bytes digits, uint64_t *out)
{
    struct text t = {.p = (const char *)digits.p, .n = digits.n}; /* only digits pass */
    return u64_parse(t, out);
}

/* 000..999. */
static bool group_of(struct bytes digits, uint64_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9') {
            return false;
        }
        v = v * 10 + (uint64_t)(digits.p[i] - '0');
    }
    *out = v;
    return digits.n == 3;
}

/* Reads freely, then asks whether tile_name would have written that: so there is one name a tile. */
bool tile_parse(struct bytes name, struct tile *out)
{
    if (name.n >= TILE_NAME_MAX) {
        return false;
    }
    struct bytes rest = name;
    struct tile t = {.width = TILE_WIDTH};
    uint64_t v;
    if (!bytes_eq(word_next(&rest, '/'), bytes_str("tile"))) {
        return false;
    }
    struct bytes level = word_next(&rest, '/');
    t.entries = bytes_eq(level, bytes_str("entries"));
    if (!t.entries) {
        if (!number_of(level, &v) || v >= TILE_LEVELS) {
            return false;
        }
        t.level = (uint32_t)v;
    }
    while (rest.n > 0 && rest.p[0] == 'x') {
        struct bytes word = word_next(&rest, '/');
        if (!group_of(bytes_slice(word, 1, word.n), &v) || t.number > NUMBER_MAX) {
            return false;
        }
        t.number = (t.number + v) * 1000;
    }
    if (!group_of(word_next(&rest, '.'), &v) || t.number > NUMBER_MAX) {
        return false;
    }
    t.number += v;
    if (rest.n > 0) {
        if (!bytes_eq(word_next(&rest, '/'), bytes_str("p")) || !number_of(rest, &v) || v == 0 ||
            v >= TILE_WIDTH) {
            return false;
        }
        t.width = (uint32_t)v;
    }
    unsigned shift = 8 * t.level;
    if (t.number > NUMBER_MAX || t.number * TILE_WIDTH + t.width > LEAVES_MAX >> shift) {
        return false;
    }
    char again[TILE_NAME_MAX];
    tile_name(&t, again);
    if (!bytes_eq(name, bytes_str(again))) {
        return false;
    }
    *out = t;
    return true;
}

uint64_t tile_count(uint32_t level, uint64_t size, uint32_t *out_last_width)
{
    uint64_t hashes = level < TILE_LEVELS ? size >> (8 * level) : 0;
    uint32_t rest = (uint32_t)(hashes % TILE_WIDTH);
    *out_last_width = hashes == 0 ? 0 : rest == 0 ? TILE_WIDTH : rest;
    return hashes / TILE_WIDTH + (rest > 0 ? 1 : 0);
}

bool tile_hashes(const struct node_source *src, const struct tile *t, struct buf *out,
                 struct err *err)
{
    CHECK(!t->entries && t->level < TILE_LEVELS && t->width <= TILE_WIDTH);
    struct root_hash hash[TILE_WIDTH];
    for (uint32_t i = 0; i < t->width; i++) {
        if (!src->get(src->ctx, 8 * t->level, t->number * TILE_WIDTH + i, &hash[i], err)) {
            return false;
        }
    }
    buf_add(out, bytes_of(hash, t->width * sizeof(hash[0])));
    return buf_done(out, "a tile", err);
}

void tile_entry_put(struct bytes envelope, struct buf *out)
{
    CHECK(envelope.n <= ENVELOPE_MAX);
    buf_add_u8(out, (uint8_t)(envelope.n >> 8)); /* below 2^16 */
    buf_add_u8(out, (uint8_t)envelope.n);
    buf_add(out, envelope);
}

bool tile_entry_next(struct bytes *rest, struct bytes *out)
{
    if (rest->n < 2) {
        return false;
    }
    size_t n = (size_t)rest->p[0] << 8 | rest->p[1];
    if (n > ENVELOPE_MAX || n > rest->n - 2) {
        return false;
    }
    *out = bytes_slice(*rest, 2, n);
    *rest = bytes_slice(*rest, 2 + n, rest->n);
    return true;
}
