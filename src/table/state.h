/* SPDX-License-Identifier: Apache-2.0
 *
 * The table as a value: what all parties and the mediation know alike, because it follows from the
 * control acts and from the rooms in which they all sit (plenary, monitors).  Changed by the fold
 * alone (table/fold.h); read by rules and views.
 *
 * Two things beside it are kept apart on purpose: `beside` (statements: shown, read by no rule,
 * in no digest), and `private_state` (epochs and minutes of rooms that only some can read).
 */
#ifndef ENTENTE_TABLE_STATE_H
#define ENTENTE_TABLE_STATE_H

#include "record/object.h"
#include "record/witness.h"
#include "table/payload.h"
#include "table/room.h"
#include "terms/package.h"

#define MANDATES_MAX 1024u
#define PROPOSALS_MAX 1024u
#define OPEN_POINTS_MAX 1024u
#define INCIDENTS_MAX 4096u
#define STATEMENTS_MAX 4096u
#define EVIDENCE_ACTS_MAX 16384u
#define CONFIRMS_MAX 4096u
#define CONSENTS_MAX 16384u
#define PARKED_MAX 256u
#define SPENT_MAX 4096u
#define KEPT_TEXT_MAX 1024u /* of a text that the state keeps; the act has all of it */
#define STATE_BYTES_MAX (16u << 20)

struct mandate_state {
    struct digest id;
    uint32_t side;
    uint32_t seat;
    uint32_t powers;
    bool all_issues;
    uint8_t issues[TERMS_ISSUES_MAX / 8]; /* bit i: issue i */
    uint64_t not_before;
    uint64_t expires;
    uint64_t index;      /* of the act that carried it */
    uint64_t revoked_at; /* index, or INDEX_NEVER */
    bool has_commit;
    struct digest commit;
};

/* A side's word that a mandate of its own holds no more, posted or not: no other side's word about
 * the same paper counts. */
struct revoked_mandate {
    uint32_t side;
    struct digest id;
};

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
    uint32_t crossed; /* bits: groups whose acceptance crossed the withdrawal, not confirmed yet */
    uint64_t
        agreed_at;     /* size of the prefix from which it is agreed at the table, or INDEX_NEVER */
    uint64_t bound_at; /* and binds */
    uint64_t bound_time; /* t of the ratification that completed it */
    bool contested; /* waits for confirmations: an act that counts is neither in time nor late */
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

struct deed_state {
    bool promised;
    struct leaf_hash promise;
    uint64_t promise_index;
    uint32_t promise_seat;
    struct text what;
    struct text how; /* it is verified */
    uint64_t due;
    uint32_t after;    /* deed that must be verified first, or CHARTER_NONE */
    enum finding says; /* 0: has not reported */
    struct leaf_hash report;
    uint64_t report_index;
    enum finding verified; /* 0: not yet looked at */
    struct leaf_hash verification;
    uint64_t verified_index;
    bool verified_late; /* when it was found done, its hour had surely passed */
    bool lapsed;
    uint64_t lapsed_index;
};

struct incident_state {
    struct leaf_hash leaf;
    uint64_t index;
    uint32_t number; /* I1, I2, ... */
    uint32_t side;   /* that reported it */
    uint32_t by;     /* whom it names, or CHARTER_NONE */
    uint64_t when;
    struct text text;
    enum verdict verdict; /* 0: not yet assessed */
    uint32_t found_by;    /* side that it was found to come from, or CHARTER_NONE */
    uint64_t found_when;
    uint64_t assessed_index;
};

struct confirm_state {
    struct leaf_hash about;
    uint32_t sides;      /* bits of groups */
    uint32_t principals; /* bits of groups whose principal's own seat did */
};

struct consent_state {
    struct leaf_hash act;
    uint32_t sides; /* bits of all sides */
};

struct parked_title {
    uint32_t phase;
    uint32_t side;
    struct text text;
};

struct charter_signature {
    bool given;
    struct digest roster; /* over which it was made */
    uint64_t index;
};

struct table_state {
    /* charter */
    bool has_charter;
    struct charter charter;
    struct leaf_hash charter_leaf;
    uint64_t charter_index;
    struct charter_signature *signatures; /* one a group */
    uint64_t in_force_at; /* index of the signature that completed it, or INDEX_NEVER */
    uint64_t roster_at; /* the same, of the newest round of signatures: sides admitted later wait */

    struct text *names; /* of seats, by number; {NULL, 0}: not introduced. SEATS_MAX */

    uint32_t mandate_count;
    struct mandate_state *mandates;
    uint32_t
        revoked_count; /* revocations of mandates not posted (yet): named by hash all the same */
    struct revoked_mandate *revoked;
    uint32_t spent_count; /* ratifications that have counted: the same paper never counts again */
    struct digest *spent;
    uint32_t proposal_count;
    struct proposal_state *proposals;
    uint32_t point_count;
    struct open_point *points;
    struct deed_state *deeds; /* one a deed of the charter */
    uint32_t incident_count;
    struct incident_state *incidents;
    uint32_t evidence_count; /* acts that may be cited as evidence */
    struct leaf_hash *evidence;
    uint32_t confirm_count;
    struct confirm_state *confirms;
    uint32_t consent_count;
    struct consent_state *consents;
    uint32_t parked_count;
    struct parked_title *parked;
    uint64_t *phase_opened_at; /* one a phase: index, or INDEX_NEVER */
    uint64_t *gate_opened_at;  /* one a phase: index of the act that opened its gate */

    uint32_t void_count; /* acts void on the record, in shared rooms */
    struct digest voids; /* H' = SHA-256(H || I8 index || I4 code) */
};

/* ---- beside the state ---- */

struct statement_note {
    struct leaf_hash leaf;
    uint64_t index;
    uint32_t number; /* S1, S2, ... */
    uint32_t logged_by;
    uint32_t side;
    struct text text;
    struct text source;
};

struct void_note {
    uint64_t index;
    uint32_t code; /* enum refusal_code */
    struct text what;
    struct text mend;
};

struct beside {
    uint32_t statement_count;
    struct statement_note *statements;
    uint32_t void_count;
    struct void_note *voids;
};

/* ---- what only members of a room know ---- */

struct epoch_state {
    struct room room;
    uint32_t number;
    uint64_t index;
    struct leaf_hash leaf;
    uint32_t member_count;
    struct kid *members;
    uint8_t public_key[32];
};

/* A principal's private limits for an envoy: read at home, enforced at the envoy's own desk. */
struct instruction {
    uint64_t index;
    uint32_t side;
    struct digest digest; /* as a mandate's commit names it */
    struct bytes limits;
    struct text text;
};

struct private_state {
    uint32_t epoch_count;
    struct epoch_state *epochs;
    uint32_t instruction_count;
    struct instruction *instructions;
};

/* H("entente/v1/state"; canonical encoding).  Covers what the table has agreed, owes and knows;
 * neither the size of the log nor its head nor anybody's counters. */
MUST_CHECK bool state_digest(const struct table_state *s, struct digest *out, struct err *err);

/* Lookups; NULL or CHARTER_NONE where there is none. */
struct proposal_state *state_proposal(const struct table_state *s, const struct leaf_hash *leaf);
struct incident_state *state_incident(const struct table_state *s, const struct leaf_hash *leaf);
const struct confirm_state *state_confirm(const struct table_state *s,
                                          const struct leaf_hash *about);
const struct consent_state *state_consent(const struct table_state *s, const struct leaf_hash *act);
struct open_point *state_open_point(const struct table_state *s, const struct leaf_hash *answer,
                                    struct text label);

static inline bool state_in_force(const struct table_state *s)
{
    return s->in_force_at != INDEX_NEVER;
}

static inline bool phase_open(const struct table_state *s, uint32_t phase)
{
    return s->phase_opened_at[phase] != INDEX_NEVER;
}

/* "Kestria"; "Ilin" or, not introduced, "the envoy of Kestria".  In the arena. */
struct text state_side_name(const struct table_state *s, uint32_t side);
struct text state_seat_name(const struct table_state *s, const struct keyring *ring, uint32_t seat,
                            struct arena *mem);
/* "President Voss" for a principal's seat of that side, by title and name; else its title. */
struct text state_principal_name(const struct table_state *s, const struct keyring *ring,
                                 uint32_t side, uint64_t at, struct arena *mem);

/* Acceptance of a proposal by a group, as far as the table shows it. */
static inline bool answer_accepts(const struct answer_state *a)
{
    return a->kind == ANSWER_ACCEPT || a->kind == ANSWER_AD_REFERENDUM;
}

/* Labels of the open points of a proposal that are still open, of one side or of all
 * (CHARTER_NONE): "R1, R2"; the count through out. */
struct text state_open_labels(const struct table_state *s, uint32_t proposal, uint32_t side,
                              struct arena *mem, uint32_t *out_count);

#endif
