/* SPDX-License-Identifier: Apache-2.0
 *
 * Who lied?  Fraud proofs (record/fraud.h) made of what a seat holds: of what its host showed and
 * shows now, and of another side's record laid beside its own.
 *
 *     accuse_host(r, note)              while the liar is still there: its other tree is fetched
 *     accuse_compare(r, path, ...)      the cross-read, with a bundle of another side
 *     accuse_kept(r, ...)               proofs that are kept
 *     accuse_whose(ring, key, ...)      whose key is it?
 */
#ifndef ENTENTE_APP_ACCUSE_H
#define ENTENTE_APP_ACCUSE_H

#include "app/replica.h"
#include "base/json_out.h"
#include "record/fraud.h"

/* ---- whose key ---- */

enum accused_as { ACCUSED_UNKNOWN, ACCUSED_HOST, ACCUSED_ROOT, ACCUSED_SEAT, ACCUSED_WITNESS };

struct accused {
    enum accused_as as;
    uint32_t side; /* of a root, a seat, a witness */
    uint32_t post; /* of a seat, a witness */
    uint32_t term; /* of a host */
};

struct accused accuse_whose(const struct keyring *ring, const struct pubkey *pk);

/* "the host", "the principal's key of side 1", "a seat of side 1"; added to out. */
void accused_put(const struct accused *a, struct buf *out);

/* ---- making proofs ---- */

#define ACCUSE_PROOFS_MAX 16u

struct accuse_proof {
    struct bytes raw; /* as it goes into a file */
    struct fraud fraud;
    struct accused whom;
};

struct accuse_result {
    bool compared;   /* with a bundle; else only what was kept was looked at */
    uint64_t ours;   /* acts held here */
    uint64_t theirs; /* in the bundle */
    uint64_t split;  /* the first act that differs, INDEX_NEVER: none does */
    bool moved;      /* the two differ only in what an old host noted behind a succession */
    uint32_t count;
    struct accuse_proof proofs[ACCUSE_PROOFS_MAX];
};

/* Beside a failure that is told already: the host signed `note`, which contradicts what is held.  Its
 * other record is asked for, and where it is the one signed, a proof against the host is kept as
 * evidence. */
void accuse_host(struct replica *r, struct bytes note);

/* The proofs kept.  In mem. */
MUST_CHECK bool accuse_kept(struct replica *r, struct arena *mem, struct accuse_result *out,
                            struct err *err);

/* Another side's bundle, which must verify by itself, beside the record held here.  Where they
 * contradict each other: proofs against the host that signed both, and against each witness that
 * countersigned both; they are kept as evidence, too.  In mem. */
MUST_CHECK bool accuse_compare(struct replica *r, const char *path, struct arena *mem,
                               struct accuse_result *out, struct err *err);

/* Written to path, the second to path-2 and so on: new files. */
MUST_CHECK bool accuse_write(const struct accuse_result *found, const char *path, struct err *err);

/* Who is shown to have done what, and what to do now. */
void accuse_words(const struct accuse_result *found, const char *path, struct buf *out);
void accuse_json(const struct accuse_result *found, const char *path, struct json *j);

/* One proof: a sentence; and what to do about one who is guilty of it. */
void accuse_says(const struct fraud *f, const struct accused *whom, struct buf *out);
void accuse_mends(const struct fraud *f, struct buf *out);

#endif
