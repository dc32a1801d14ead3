/* SPDX-License-Identifier: Apache-2.0
 *
 * What is inside a seal (docs/FORMAT.md section 8): CBOR [header, item...], each entry with a salt
 * of its own, and the commit that binds them to the envelope.  Items stay CBOR here: their types
 * and meaning are table's.
 */
#ifndef ENTENTE_RECORD_CONTENT_H
#define ENTENTE_RECORD_CONTENT_H

#include "base/arena.h"
#include "base/text.h"
#include "record/act.h"
#include "record/limits.h"
#include "record/merkle.h"

#define SALT_BYTES 16u

struct content_header {
    struct table_id table;
    struct kid author;
    uint64_t n;
    uint64_t claimed_time;
    uint32_t kind; /* registry of FORMAT 10; any number passes here */
    struct text room;
    uint32_t epoch; /* 0 = sealed to seats' own identities */
    bool has_answers;
    struct leaf_hash answers;
    uint32_t term;
    bool has_state;
    uint64_t state_size;
    struct digest state_digest;
};

struct content_item {
    uint32_t type;
    struct bytes value; /* one CBOR item */
};

struct content {
    struct content_header header;
    uint32_t count;
    struct content_item *items;
    struct bytes *entries; /* count + 1 raw entries, the header's first: what commit is over */
};

/* Borrows raw; arrays are in mem. */
MUST_CHECK bool content_decode(struct bytes raw, struct arena *mem, struct content *out,
                               struct err *err);

/* salts: (count + 1) * SALT_BYTES of fresh randomness. */
MUST_CHECK bool content_encode(const struct content_header *header,
                               const struct content_item *items, size_t count, struct bytes salts,
                               struct buf *out, struct err *err);

/* The commit of entries, for the author, term and n that the header names. */
struct digest content_commit(const struct content *c);

/* A reader's check of FORMAT 8: table, author, n and term are the envelope's, commit is its root.
 * ERR_VERIFY: the act is void for all, and its file key proves it. */
MUST_CHECK bool content_match(const struct content *c, const struct act *act,
                              const struct kid *author, struct err *err);

/* Disclosure of parts: the path of entry p (0 = header) to commit, and its check.  A disclosure
 * always shows the header too. */
MUST_CHECK bool content_path(const struct content *c, uint32_t p, struct merkle_path *out,
                             struct err *err);
MUST_CHECK bool content_path_check(const struct content_header *header, uint32_t p,
                                   uint32_t entries, struct bytes entry,
                                   const struct merkle_path *path, const struct digest *commit);

/* One header entry alone, for a disclosure. */
MUST_CHECK bool content_header_decode(struct bytes entry, struct content_header *out,
                                      struct err *err);

#endif
