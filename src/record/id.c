/* SPDX-License-Identifier: Apache-2.0 */
#include "record/id.h"

#include "base/check.h"
#include "base/hex.h"
#include "crypto/hash.h"

#define TAG_PARTS_MAX 8u

bool id_all_zero(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0) {
            return false;
        }
    }
    return true;
}

struct digest digest_plain(struct bytes v)
{
    struct digest d;
    hash_sha256(v, d.b);
    return d;
}

struct digest digest_tagged(const char *tag, const struct bytes *parts, size_t count)
{
    CHECK(count <= TAG_PARTS_MAX);
    struct bytes all[TAG_PARTS_MAX + 1];
    all[0] = bytes_of(tag, strlen(tag) + 1); /* with its NUL: the 0x00 of H */
    for (size_t i = 0; i < count; i++) {
        all[i + 1] = parts[i];
    }
    struct digest d;
    hash_sha256_parts(all, count + 1, d.b);
    return d;
}

struct kid kid_of(enum key_type type, const struct pubkey *pk)
{
    uint8_t byte = (uint8_t)type; /* 1..4 */
    const struct bytes parts[] = {bytes_of(&byte, 1), ID_BYTES(*pk)};
    struct digest d = digest_tagged("entente/v1/kid", parts, COUNT_OF(parts));
    struct kid kid;
    memcpy(kid.b, d.b, sizeof(kid.b));
    return kid;
}

struct kid16 kid_short(const struct kid *kid)
{
    struct kid16 s;
    memcpy(s.b, kid->b, sizeof(s.b));
    return s;
}

struct table_id table_id_of(struct bytes founding)
{
    struct digest d = digest_tagged("entente/v1/table", &founding, 1);
    struct table_id id;
    memcpy(id.b, d.b, sizeof(id.b));
    return id;
}

struct leaf_hash leaf_hash_of(struct bytes envelope)
{
    static const uint8_t leaf_prefix = 0x00;
    const struct bytes parts[] = {bytes_of(&leaf_prefix, 1), envelope};
    struct leaf_hash h;
    hash_sha256_parts(parts, COUNT_OF(parts), h.b);
    return h;
}

/* One call over one piece of stack: as many of these are made as there are acts. */
struct root_hash node_hash_of(const struct root_hash *left, const struct root_hash *right)
{
    uint8_t in[1 + 2 * HASH_BYTES];
    in[0] = 0x01;
    memcpy(in + 1, left->b, HASH_BYTES);
    memcpy(in + 1 + HASH_BYTES, right->b, HASH_BYTES);
    struct root_hash h;
    hash_sha256(bytes_of(in, sizeof(in)), h.b);
    return h;
}

struct root_hash empty_root(void)
{
    struct root_hash h;
    hash_sha256((struct bytes){0}, h.b);
    return h;
}

struct digest charter_digest(const uint8_t salt[static 32], struct bytes charter)
{
    const struct bytes parts[] = {bytes_of(salt, 32), charter};
    return digest_tagged("entente/v1/charter", parts, COUNT_OF(parts));
}

struct digest charter_signature_digest(const struct leaf_hash *leaf, const struct digest *roster)
{
    const struct bytes parts[] = {ID_BYTES(*leaf), ID_BYTES(*roster)};
    return digest_tagged("entente/v1/charter-signature", parts, COUNT_OF(parts));
}

struct digest limits_digest(const uint8_t salt[static 32], struct bytes limits)
{
    const struct bytes parts[] = {bytes_of(salt, 32), limits};
    return digest_tagged("entente/v1/limits", parts, COUNT_OF(parts));
}

#define ID_NAMED_LEAST 6u /* digits: fewer could be several */

struct id_hex id_hex(const uint8_t id[static 32])
{
    struct id_hex h;
    hex_encode(bytes_of(id, 32), h.s);
    return h;
}

struct id_spoken id_spoken(const uint8_t id[static 32])
{
    const struct id_hex h = id_hex(id);
    struct id_spoken out;
    size_t n = 0;
    for (size_t i = 0; i < ID_SPOKEN_DIGITS; i++) {
        if (i > 0 && i % 4 == 0) {
            out.s[n++] = ' ';
        }
        out.s[n++] = h.s[i];
    }
    out.s[n] = '\0';
    return out;
}

bool id_spoken_begins(const uint8_t id[static 32], const char *words, size_t n)
{
    const struct id_hex h = id_hex(id);
    size_t digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (words[i] == ' ') {
            continue;
        }
        if (digits == sizeof(h.s) - 1 || words[i] != h.s[digits]) {
            return false;
        }
        digits++;
    }
    return digits >= ID_NAMED_LEAST;
}
