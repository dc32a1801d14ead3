/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed objects: a principal's word, given by the root's key, carried by an act of any seat of
 * that side (docs/FORMAT.md section 12).  A verified_object can only be had from object_check.
 */
#ifndef ENTENTE_RECORD_OBJECT_H
#define ENTENTE_RECORD_OBJECT_H

#include "base/arena.h"
#include "base/text.h"
#include "record/keyring.h"

/* name, number (local, never on the wire), kind of external_aad "entente/v1/<kind>" */
#define OBJECT_LIST(X)                                                                             \
    X(OBJECT_MANDATE, 1, "mandate")                                                                \
    X(OBJECT_SIGN_CHARTER, 2, "sign-charter")                                                      \
    X(OBJECT_REVOKE, 3, "revoke")                                                                  \
    X(OBJECT_RATIFY, 4, "ratify")                                                                  \
    X(OBJECT_DECIDE, 5, "decide")

#define OBJECT_ENUM(name, number, word) name = number,
enum object_kind { OBJECT_LIST(OBJECT_ENUM) };
#undef OBJECT_ENUM

const char *object_word(enum object_kind kind);

enum power {
    POWER_SPEAK = 1,
    POWER_PROPOSE = 2,
    POWER_ACCEPT_AD_REFERENDUM = 4,
    POWER_ACCEPT_BINDING = 8,
    POWER_SOUND = 16,
    POWER_DISCLOSE = 32,
};
#define POWERS_ALL 63u

struct object {
    enum object_kind kind;
    struct kid principal;
    struct table_id table;
    /* mandate */
    struct kid delegate;
    uint32_t powers;
    bool all_issues; /* field 6 is null */
    uint32_t issue_count;
    struct text *issues;
    uint64_t not_before;
    uint64_t expires;
    bool has_commit;
    struct digest commit;
    /* the others */
    struct digest digest;
    bool has_text;
    struct text text;
};

struct verified_object {
    struct object object;
    struct digest id; /* H("entente/v1/object"; COSE bytes) */
    uint32_t side;    /* whose root signed it */
};

/* Form only; nothing is proven.  Borrows raw; issues are in mem. */
MUST_CHECK bool object_decode(enum object_kind kind, struct bytes raw, struct arena *mem,
                              struct object *out, struct err *err);

/* Signs the object; principal is taken from the signer, a root. */
MUST_CHECK bool object_sign(const struct object *o, const struct signer *root, struct buf *out,
                            struct err *err);

struct digest object_id(struct bytes raw);

/* Decodes and verifies against the keyring as of `at`: the table is this one, the signer is a root
 * admitted below `at`, and the principal that the object names. */
MUST_CHECK bool object_check(enum object_kind kind, struct bytes raw, const struct keyring *ring,
                             uint64_t at, struct arena *mem, struct verified_object *out,
                             struct err *err);

#endif
