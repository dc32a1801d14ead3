/* SPDX-License-Identifier: Apache-2.0
 *
 * Proposals and what is said of them, as the state of the table keeps them (table/state.h): the
 * newest answer of each side, its ratification, and the open points of agreements in concept.
 */
#ifndef ENTENTE_TABLE_OFFER_H
#define ENTENTE_TABLE_OFFER_H

#include "table/payload.h"
#include "terms/package.h"

struct answer_state {
    enum answer_kind kind; /* 0: none yet */
    struct leaf_hash leaf;
    uint64_t index;
    uint64_t seen_size;
    uint32_t seat;
    uint64_t not_before; /* of the mandate that it rests on */
    uint64_t expires;    /* likewise; TIME_UNKNOWN = of the principal himself */
    uint32_t reserved;   /* how many reservations */
    struct text text;
};

struct ratification {
    bool given;
    struct leaf_hash leaf;
    uint64_t index;
    uint64_t seen_size;
};

struct proposal_state {
    struct leaf_hash leaf;
    uint64_t index;
    uint64_t newest; /* no answer or ratification of it has an index above this.  In no digest */
    uint32_t number; /* P1, P2, ... in the order noted */
    uint32_t side;
    uint32_t seat;
    uint32_t phase;
    struct package package;
    struct text text;
    bool has_follows;
    struct leaf_hash follows;
    uint32_t meets_count;
    struct meets *meets;
    struct answer_state *answers;  /* one a group */
    struct ratification *ratified; /* one a group */
    uint64_t withdrawn_at;         /* index, or INDEX_NEVER */
    struct leaf_hash withdraw_leaf;
    uint64_t withdraw_seen;
    uint32_t crossed; /* bits: groups whose acceptance or ratification crossed the withdrawal, not
                         confirmed yet */
    bool complete;    /* what binds every party is noted: nobody takes it back, it waits for
                         countersignatures and times alone.  Follows from the rest; in no digest */
    uint64_t
        agreed_at;     /* size of the prefix from which it is agreed at the table, or INDEX_NEVER */
    uint64_t bound_at; /* and binds */
    uint64_t bound_time;  /* t of the ratification that completed it */
    uint32_t bound_sides; /* bits: parties that it binds */
    uint32_t
        binding; /* bits: parties whose acts bind, settled or pending.  Likewise in no digest */
    uint32_t
        silent;     /* bits: by consensus, parties that have let the silence pass.  Follows from the
                        rest; in no digest */
    bool contested; /* waits for confirmations: an act that counts is neither in time nor late */
    bool
        is_text; /* stands for a version of the text, which its parties adopt: leaf is that version's */
    bool has_version; /* takes an adopted text with it */
    struct leaf_hash version;
};

/* A reservation is an open point: only the side that made it closes it. */
struct open_point {
    struct text label;
    uint32_t proposal; /* place in proposals */
    struct leaf_hash answer;
    uint32_t side;
    uint32_t issue; /* or CHARTER_NONE */
    struct text text;
    uint64_t closed_at; /* index, or INDEX_NEVER */
    bool has_met_by;
    struct leaf_hash met_by;
};

/* Acceptance of a proposal by a group, as far as the table shows it. */
static inline bool answer_accepts(const struct answer_state *a)
{
    return a->kind == ANSWER_ACCEPT || a->kind == ANSWER_AD_REFERENDUM;
}

#endif
