/* SPDX-License-Identifier: Apache-2.0
 *
 * Names made by hashing (docs/FORMAT.md section 2): one struct type a meaning, so that a leaf hash
 * is never passed for a root.  All are public.  Layers above hash only through here.
 */
#ifndef ENTENTE_RECORD_ID_H
#define ENTENTE_RECORD_ID_H

#include "base/bytes.h"

struct digest {
    uint8_t b[32];
};
struct table_id {
    uint8_t b[32];
};
struct kid {
    uint8_t b[32];
};
struct kid16 { /* the first 16 bytes of a kid, as an envelope carries them */
    uint8_t b[16];
};
struct leaf_hash { /* the name of an act */
    uint8_t b[32];
};
struct root_hash { /* the root of a tree, or an inner node of one */
    uint8_t b[32];
};
struct pubkey { /* Ed25519 or X25519 */
    uint8_t b[32];
};
struct signature {
    uint8_t b[64];
};
struct act_tag {
    uint8_t b[16];
};

/* The type byte is hashed into the kid: no key serves two types. */
enum key_type { KEY_ROOT = 1, KEY_SEAT = 2, KEY_WITNESS = 3, KEY_HOST = 4 };

/* Equality, and a view, of any of the above. */
#define ID_EQ(x, y) (memcmp((x).b, (y).b, sizeof(x).b) == 0)
#define ID_BYTES(a) bytes_of((a).b, sizeof(a).b)
#define ID_IS_ZERO(a) id_all_zero((a).b, sizeof(a).b)

bool id_all_zero(const uint8_t *p, size_t n);

/* SHA-256 of v. */
struct digest digest_plain(struct bytes v);

/* H(tag; part...) = SHA-256(tag || 0x00 || part...). */
struct digest digest_tagged(const char *tag, const struct bytes *parts, size_t count);

struct kid kid_of(enum key_type type, const struct pubkey *pk);
struct kid16 kid_short(const struct kid *kid);

/* H("entente/v1/table"; F). */
struct table_id table_id_of(struct bytes founding);

/* SHA-256(0x00 || envelope). */
struct leaf_hash leaf_hash_of(struct bytes envelope);

/* SHA-256(0x01 || left || right); SHA-256 of nothing. */
struct root_hash node_hash_of(const struct root_hash *left, const struct root_hash *right);
struct root_hash empty_root(void);

/* H("entente/v1/charter"; salt || charter). */
struct digest charter_digest(const uint8_t salt[static 32], struct bytes charter);

/* H("entente/v1/charter-signature"; leaf || roster digest). */
struct digest charter_signature_digest(const struct leaf_hash *leaf, const struct digest *roster);

/* H("entente/v1/limits"; salt || CBOR of the private limits). */
struct digest limits_digest(const uint8_t salt[static 32], struct bytes limits);

/* Hexadecimal of all of it, and a NUL; the first 10 digits tell one from another in an error. */
struct id_hex {
    char s[65];
};
struct id_hex id_hex(const uint8_t id[static 32]);

#define ID_SHOWN 10 /* printf("%.*s", ID_SHOWN, id_hex(x.b).s) */

/* What two people compare aloud: the first 20 digits (80 bits: nobody can make a key that has the
 * same), in groups of four.  The only form in which a fingerprint is shown to be compared. */
#define ID_SPOKEN_DIGITS 20u
struct id_spoken {
    char s[ID_SPOKEN_DIGITS + ID_SPOKEN_DIGITS / 4]; /* blanks between the groups, and a NUL */
};
struct id_spoken id_spoken(const uint8_t id[static 32]);

/* Do these words begin the fingerprint, with the blanks or without?  Six digits at least. */
bool id_spoken_begins(const uint8_t id[static 32], const char *words, size_t n);

#endif
