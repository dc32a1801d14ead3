/* SPDX-License-Identifier: Apache-2.0
 *
 * Is this record authentic?  For anybody, without keys: the folder of a replica, a bundle, or an
 * excerpt, checked from the bytes alone.  What was stored is believed as little as what was sent.
 */
#ifndef ENTENTE_APP_CHECK_H
#define ENTENTE_APP_CHECK_H

#include "app/accuse.h"
#include "base/json_out.h"
#include "record/witness.h"

enum check_kind { CHECK_REPLICA, CHECK_BUNDLE, CHECK_EXCERPT, CHECK_FRAUD };

/* An act of an excerpt. */
struct check_act {
    uint64_t index;
    struct leaf_hash leaf;
    uint32_t side;
    bool sealed; /* shown for what it says; the others are there to prove it */
    const char *kind;
    const char *room; /* of a sealed act; safe for a terminal */
    const char *says; /* likewise; "" where it says nothing that can be shown in words */
    struct moment not_before;
    struct moment not_after;
    bool final;
};

struct check_result {
    enum check_kind kind;
    struct table_id table;
    uint64_t size; /* of the record, or of the one that the excerpt is taken from */
    struct root_hash root;
    uint64_t final;
    bool has_note;  /* the host has signed it; a new replica may have nothing signed yet */
    uint64_t shown; /* acts that are shown: all, or the sealed ones of an excerpt */
    uint32_t sides; /* bits: who wrote them */
    uint32_t out;   /* bits: groups that count as left out */
    bool named;     /* an excerpt that holds the charter on which the table was founded */
    struct text names[SIDES_MAX]; /* of its sides; empty where not named */
    struct moment earliest;       /* between which hours: known only where it holds for all shown */
    struct moment latest;
    struct {
        bool joined;
        struct kid kid;
    } roots[SIDES_MAX];
    size_t act_count; /* of an excerpt */
    struct check_act *acts;
    struct fraud fraud;  /* of a fraud proof; of the above it has kind and table alone */
    struct accused whom; /* as far as the caller knows: check_path does not */
};

/* Texts in mem.  ERR_VERIFY: it does not verify; where: which act.  Other errors: it cannot be
 * read, or is no record. */
MUST_CHECK bool check_path(const char *path, struct arena *mem, struct check_result *out,
                           struct err *err);

/* A fraud proof (record/fraud.h); ERR_VERIFY where it convicts nobody.  Borrows raw. */
MUST_CHECK bool check_fraud(struct bytes raw, struct check_result *out, struct err *err);

/* The same of an excerpt that is held in memory. */
MUST_CHECK bool check_excerpt(struct bytes raw, struct arena *mem, struct check_result *out,
                              struct err *err);

/* The beginning of a record: its first `size` acts, or, size 0, those that every side has
 * countersigned (ERR_STATE where there are none).  The path is a replica's folder or a bundle, and is
 * checked whole.  table: ERR_VERIFY where it is of another; or NULL. */
struct check_tree {
    struct table_id table;
    uint64_t size;
    struct root_hash root;
};
MUST_CHECK bool check_tree(const char *path, const struct table_id *table, uint64_t size,
                           struct check_tree *out, struct err *err);

/* Three sentences for the reader of a newspaper, the acts of an excerpt, and the fingerprints to
 * compare.  JSON: the same facts, members of the object that is open. */
void check_words(const struct check_result *r, struct buf *out);
void check_json(const struct check_result *r, struct json *j);

/* "between 2031-03-09 18:00 and 2031-03-09 19:30 UTC", "not after ...", "at a time that nobody has
 * witnessed"; added to out. */
void check_bracket(struct moment not_before, struct moment not_after, struct buf *out);

#endif
