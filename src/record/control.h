/* SPDX-License-Identifier: Apache-2.0
 *
 * Control acts: the readable blobs by which the log knows keys, groups, witnesses, hosts and who
 * has countersigned what (docs/FORMAT.md sections 4 and 6).  Here are their bytes and typed form;
 * whether one is allowed is the keyring's to say (record/keyring.h).
 */
#ifndef ENTENTE_RECORD_CONTROL_H
#define ENTENTE_RECORD_CONTROL_H

#include "base/buf.h"
#include "record/control_kind.h"
#include "record/id.h"
#include "record/limits.h"
#include "record/signer.h"

/* F, the blob of leaf 0. */
struct found {
    uint32_t rules_version;
    struct pubkey host;
    struct pubkey root; /* the convener's */
    uint32_t stanza_multiple;
    uint32_t blob_limit_bytes;
    uint32_t grace_seconds;
    uint8_t nonce[32];
    struct digest charter;
    uint32_t groups;
    uint32_t convener_side;
};

enum seat_flag { SEAT_MAY_GRANT = 1u << 0 }; /* may post epochs and grants for its side */

struct seat_keys {
    struct pubkey sign;    /* Ed25519 */
    struct pubkey seal;    /* X25519 */
    struct pubkey witness; /* Ed25519 */
    uint32_t post;         /* 0 the principal, 1.. the seats in the charter's order */
    uint32_t flags;        /* enum seat_flag */
};

/* How a side joins. */
struct slip {
    struct table_id table;
    uint32_t side;
    struct pubkey root;
    uint32_t seat_count;
    struct seat_keys seats[SIDE_SEATS_MAX];
    uint32_t successor_count;
    uint32_t successors_needed;
    struct pubkey successors[SUCCESSORS_MAX];
    struct bytes body;       /* what was signed; borrows the decoded bytes */
    struct bytes signatures; /* the CBOR items of the signature array; borrows likewise */
    uint32_t signature_count;
};

/* How a later seat of a side joins. */
struct seat_slip {
    struct table_id table;
    uint32_t side;
    struct seat_keys seat;
    struct bytes body;
    struct bytes signatures;
};

/* How a side gets another principal: successors that its slip named put a new root in the place of the
 * one that was lost, with the new principal's own seat. */
struct new_root {
    struct slip slip;       /* root: the new one; seats that come with it; its own successors */
    struct pubkey replaced; /* the root in whose place it comes */
    uint32_t sponsor_count; /* successors that have signed */
    struct pubkey sponsors[SUCCESSORS_MAX]; /* ascending */
    struct bytes sponsor_items;             /* their CBOR items; borrows the decoded bytes */
};

enum keys_verb { KEYS_ADMIT_SIDE = 1, KEYS_ADMIT_SEAT = 2, KEYS_REVOKE = 3, KEYS_NEW_ROOT = 4 };

struct naming {
    uint32_t needed; /* k */
    uint32_t count;
    struct pubkey witnesses[GROUP_WITNESSES_MAX];
};

/* A countersign blob taken apart; signatures are checked by countersign_check (record/cosign.h). */
struct countersign {
    struct table_id table;
    uint64_t size;
    struct root_hash root;
    uint32_t term;
    uint64_t witness_number; /* of the name entente/<table>/w/<n> */
    uint64_t time;
};

struct succession {
    uint64_t size; /* w */
    struct root_hash root;
    struct pubkey host;
};

struct control {
    enum control_kind kind;
    enum keys_verb verb; /* of CONTROL_KEYS */
    union {
        struct found found;
        struct slip slip;           /* KEYS_ADMIT_SIDE */
        struct seat_slip seat_slip; /* KEYS_ADMIT_SEAT */
        struct kid revoked;         /* KEYS_REVOKE */
        struct new_root new_root;   /* KEYS_NEW_ROOT */
        struct naming naming;
        struct countersign countersign;
        uint32_t without; /* CONTROL_PROCEED: the side, any number (it may be no group) */
        struct succession succession;
    } as;
};

/* Decodes the blob of a control act; kind is the envelope's, not CONTROL_SEALED.  Checks form,
 * ranges and ceilings, no signature.  out borrows blob. */
MUST_CHECK bool control_decode(enum control_kind kind, struct bytes blob, struct control *out,
                               struct err *err);

/* Blobs to be posted, appended to out. */
void found_encode(const struct found *f, struct buf *out);
void keys_encode_side(struct bytes slip, struct buf *out);
void keys_encode_seat(struct bytes seat_slip, struct buf *out);
void keys_encode_revoke(const struct kid *kid, struct buf *out);
void keys_encode_new_root(struct bytes new_root, struct buf *out);
void naming_encode(const struct naming *n, struct buf *out);
void proceed_encode(uint32_t side, struct buf *out);
void succession_encode(const struct succession *s, struct buf *out);

/* A slip travels as a file of its own before it is admitted. */
MUST_CHECK bool slip_decode(struct bytes raw, struct slip *out, struct err *err);
MUST_CHECK bool seat_slip_decode(struct bytes raw, struct seat_slip *out, struct err *err);

/* Every key in it has signed it: nobody claims another's key as his own. */
MUST_CHECK bool slip_verify(const struct slip *s, struct err *err);
MUST_CHECK bool seat_slip_verify(const struct seat_slip *s, struct err *err);

/* Signs the fields of s (keys are taken from the signers and put into s; body and signatures stay
 * unset) and appends the slip to out.  seat_signers and witness_signers have s->seat_count
 * entries, successor_signers, roots to be, s->successor_count. */
MUST_CHECK bool slip_sign(struct slip *s, const struct signer *root,
                          const struct signer *const *seat_signers,
                          const struct signer *const *witness_signers,
                          const struct signer *const *successor_signers, struct buf *out,
                          struct err *err);
MUST_CHECK bool seat_slip_sign(struct seat_slip *s, const struct signer *seat,
                               const struct signer *witness, struct buf *out, struct err *err);

/* A new root's paper, from 0 successors' signatures on: it goes from one to the next. */
MUST_CHECK bool new_root_decode(struct bytes raw, struct new_root *out, struct err *err);

/* Every key in it has signed it, and every successor that it shows. */
MUST_CHECK bool new_root_verify(const struct new_root *n, struct err *err);

/* As slip_sign, in the place of that root; no successor has signed yet. */
MUST_CHECK bool new_root_sign(struct slip *s, const struct pubkey *replaced,
                              const struct signer *root, const struct signer *const *seat_signers,
                              const struct signer *const *witness_signers,
                              const struct signer *const *successor_signers, struct buf *out,
                              struct err *err);

/* The same paper with one more successor's signature.  ERR_STATE where it has signed already. */
MUST_CHECK bool new_root_sponsor(struct bytes raw, const struct signer *successor, struct buf *out,
                                 struct err *err);

#endif
