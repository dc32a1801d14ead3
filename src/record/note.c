/* SPDX-License-Identifier: Apache-2.0 */
#include "record/note.h"

#include "base/hex.h"
#include "base/text.h"
#include "crypto/hash.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a space */
#define DASH_BYTES 4u
#define KEY_ID_BYTES 4u
#define VKEY_BYTES (1 + sizeof(struct pubkey))

/* A code point of v that counts as a space (White_Space of Unicode), v being valid UTF-8. */
static bool space_at(struct bytes v, size_t i)
{
    static const char *const spaces[] = {
        " ",
        "\xc2\x85",
        "\xc2\xa0",
        "\xe1\x9a\x80",
        "\xe2\x80\xa8",
        "\xe2\x80\xa9",
        "\xe2\x80\xaf",
        "\xe2\x81\x9f",
        "\xe3\x80\x80",
    };
    for (size_t k = 0; k < COUNT_OF(spaces); k++) {
        struct bytes s = bytes_str(spaces[k]);
        if (bytes_eq(bytes_slice(v, i, s.n), s)) {
            return true;
        }
    }
    return v.n - i >= 3 && v.p[i] == 0xe2 && v.p[i + 1] == 0x80 && v.p[i + 2] >= 0x80 &&
           v.p[i + 2] <= 0x8a; /* U+2000..200A */
}

/* Valid UTF-8, not empty, without controls, spaces and plus. */
static bool name_ok(struct bytes name)
{
    if (name.n == 0 || !utf8_valid(name)) {
        return false;
    }
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] < 0x20 || name.p[i] == '+' || space_at(name, i)) {
            return false;
        }
    }
    return true;
}

/* Decodes to at most cap bytes, nowhere but on the stack. */
static bool base64_small(struct bytes text, uint8_t *out, size_t cap, size_t *out_n)
{
    uint8_t room[KEY_ID_BYTES + NOTE_SIGNATURE_MAX + 8];
    struct buf b;
    buf_over(&b, room, sizeof(room));
    bool ok = base64_decode(text, BASE64_PADDED, &b) && b.n <= cap;
    if (ok) {
        if (b.n > 0) {
            memcpy(out, b.p, b.n);
        }
        *out_n = b.n;
    }
    buf_free(&b);
    return ok;
}

/* Canonical base64 of any length that begins with a key id and has something behind it.  Taken in
 * pieces of 16 digits: signatures of other people's kinds may be long. */
static bool base64_key_id(struct bytes text, uint8_t out[static KEY_ID_BYTES])
{
    uint8_t piece[12];
    size_t n = 0, total = 0;
    for (size_t at = 0; at < text.n; at += 16) {
        struct bytes part = bytes_slice(text, at, 16);
        if (!base64_small(part, piece, sizeof(piece), &n)) {
            return false;
        }
        if (n < sizeof(piece) && at + part.n < text.n) {
            return false; /* padding before the end */
        }
        if (at == 0 && n > KEY_ID_BYTES) {
            memcpy(out, piece, KEY_ID_BYTES);
        }
        total += n;
    }
    return total > KEY_ID_BYTES;
}

static bool line_decode(struct bytes line, struct note_line *out)
{
    struct note_line l = {.line = line};
    if (!bytes_eq(bytes_slice(line, 0, DASH_BYTES), bytes_str(DASH))) {
        return false;
    }
    struct bytes rest = bytes_slice(line, DASH_BYTES, line.n);
    const uint8_t *space = rest.n == 0 ? NULL : memchr(rest.p, ' ', rest.n);
    if (space == NULL) {
        return false;
    }
    l.name = bytes_of(rest.p, (size_t)(space - rest.p));
    l.base64 = bytes_slice(rest, l.name.n + 1, rest.n);
    if (!name_ok(l.name) || !base64_key_id(l.base64, l.key_id)) {
        return false;
    }
    *out = l;
    return true;
}

/* Where the last empty line begins: the offset of its LF. */
static bool last_empty_line(struct bytes raw, size_t *out)
{
    for (size_t i = raw.n; i-- > 1;) {
        if (raw.p[i] == '\n' && raw.p[i - 1] == '\n') {
            *out = i;
            return true;
        }
    }
    return false;
}

bool note_decode(struct bytes raw, struct note *out, struct err *err)
{
    if (raw.n > NOTE_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "a note has %zu bytes, at most %u", raw.n, NOTE_BYTES_MAX);
    }
    if (!utf8_valid(raw)) {
        return err_set(err, ERR_FORMAT, "a note is not UTF-8");
    }
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] < 0x20 && raw.p[i] != '\n') {
            return err_set(err, ERR_FORMAT, "a note has a control character at byte %zu", i);
        }
    }
    size_t gap;
    if (raw.n == 0 || raw.p[raw.n - 1] != '\n' || !last_empty_line(raw, &gap)) {
        return err_set(err, ERR_FORMAT, "a note has no empty line before its signatures");
    }
    uint32_t count = 0;
    for (size_t at = gap + 1; at < raw.n;) {
        const uint8_t *lf = memchr(raw.p + at, '\n', raw.n - at); /* the last byte is one */
        struct bytes line = bytes_slice(raw, at, (size_t)(lf - raw.p) - at);
        if (count == NOTE_LINES_MAX) {
            return err_set(err, ERR_LIMIT, "a note has more than %u signatures", NOTE_LINES_MAX);
        }
        if (!line_decode(line, &out->line[count])) {
            return err_set(err, ERR_FORMAT, "signature line %u of a note is malformed", count + 1);
        }
        count++;
        at += line.n + 1;
    }
    if (count == 0) {
        return err_set(err, ERR_FORMAT, "a note has no signature");
    }
    out->body = bytes_slice(raw, 0, gap);
    out->count = count;
    return true;
}

bool note_line_signature(const struct note_line *line, uint8_t *out, size_t *out_n)
{
    uint8_t all[KEY_ID_BYTES + NOTE_SIGNATURE_MAX];
    size_t n;
    if (!base64_small(line->base64, all, sizeof(all), &n) || n < KEY_ID_BYTES) {
        return false;
    }
    memcpy(out, all + KEY_ID_BYTES, n - KEY_ID_BYTES);
    *out_n = n - KEY_ID_BYTES;
    return true;
}

void note_line_put(struct bytes name, const uint8_t key_id[static 4], struct bytes signature,
                   struct buf *out)
{
    uint8_t room[KEY_ID_BYTES + NOTE_SIGNATURE_MAX + 1];
    struct buf all;
    buf_over(&all, room, sizeof(room));
    buf_add(&all, bytes_of(key_id, KEY_ID_BYTES));
    buf_add(&all, signature);
    out->failed = out->failed || !buf_ok(&all);
    buf_add_str(out, DASH);
    buf_add(out, name);
    buf_add_u8(out, ' ');
    base64_encode(buf_bytes(&all), BASE64_PADDED, out);
    buf_add_u8(out, '\n');
    buf_free(&all);
}

void note_key_id(struct bytes name, enum note_key type, const struct pubkey *pk,
                 uint8_t out[static 4])
{
    const uint8_t middle[] = {'\n', (uint8_t)type}; /* one byte: 1 or 4 */
    const struct bytes parts[] = {name, bytes_of(middle, sizeof(middle)), ID_BYTES(*pk)};
    uint8_t hash[HASH_BYTES];
    hash_sha256_parts(parts, COUNT_OF(parts), hash);
    memcpy(out, hash, KEY_ID_BYTES);
}

void vkey_put(struct bytes name, enum note_key type, const struct pubkey *pk, struct buf *out)
{
    uint8_t id[KEY_ID_BYTES], key[VKEY_BYTES];
    char hex[2 * KEY_ID_BYTES + 1];
    note_key_id(name, type, pk, id);
    hex_encode(bytes_of(id, sizeof(id)), hex);
    key[0] = (uint8_t)type;
    memcpy(key + 1, pk->b, sizeof(pk->b));
    buf_add(out, name);
    buf_printf(out, "+%s+", hex);
    base64_encode(bytes_of(key, sizeof(key)), BASE64_PADDED, out);
}

bool vkey_parse(struct bytes text, struct vkey *out)
{
    const uint8_t *plus = text.n == 0 ? NULL : memchr(text.p, '+', text.n);
    if (plus == NULL) {
        return false;
    }
    struct vkey v = {.name = bytes_of(text.p, (size_t)(plus - text.p))};
    struct bytes rest = bytes_slice(text, v.name.n + 1, text.n);
    uint8_t id[KEY_ID_BYTES], want[KEY_ID_BYTES], key[VKEY_BYTES];
    size_t n;
    if (!name_ok(v.name) || rest.n < 2 * KEY_ID_BYTES + 1 || rest.p[2 * KEY_ID_BYTES] != '+' ||
        !hex_decode(bytes_slice(rest, 0, 2 * KEY_ID_BYTES), id, KEY_ID_BYTES) ||
        !base64_small(bytes_slice(rest, 2 * KEY_ID_BYTES + 1, rest.n), key, sizeof(key), &n) ||
        n != sizeof(key) || (key[0] != NOTE_ED25519 && key[0] != NOTE_COSIGNATURE)) {
        return false;
    }
    v.type = key[0] == NOTE_ED25519 ? NOTE_ED25519 : NOTE_COSIGNATURE;
    memcpy(v.pk.b, key + 1, sizeof(v.pk.b));
    note_key_id(v.name, v.type, &v.pk, want);
    if (memcmp(id, want, sizeof(id)) != 0) {
        return false;
    }
    *out = v;
    return true;
}
