/* SPDX-License-Identifier: Apache-2.0
 *
 * The table as a value: what all parties and the mediation know alike, because it follows from the
 * control acts and from the rooms in which they all sit (plenary, monitors).  Changed by the fold
 * alone (table/fold.h); read by rules and views.
 * What is kept beside it, in no digest, is in table/beside.h.
 */
#ifndef ENTENTE_TABLE_STATE_H
#define ENTENTE_TABLE_STATE_H

#include "record/object.h"
#include "record/witness.h"
#include "table/beside.h"
#include "table/ceiling.h"
#include "table/deed.h"
#include "table/leaf_index.h"
#include "table/lever.h"
#include "table/offer.h"
#include "table/snt.h"
#include "table/standing.h"

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

/* A side's word that a mandate of its own which nobody has posted yet shall never hold: no other
 * side's word about the same paper counts. */
struct revoked_mandate {
    uint32_t side;
    struct digest id;
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
    uint32_t revoked_count; /* of papers not posted (yet): named by hash all the same */
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
    uint32_t
        monitors_act_count; /* acts that count in the monitors' room, but statements: to publish
                                    one the monitors, too, consent.  In no digest */
    struct leaf_hash *monitors_acts;
    uint32_t parked_count;
    struct parked_title *parked;
    uint32_t question_count;
    struct question_state *questions;
    uint32_t undertaking_count;
    struct undertaking_state *undertakings;
    uint32_t settled_count;
    struct settled_state *settled;
    struct lever_state *levers; /* one a lever of the charter */
    uint64_t *phase_opened_at;  /* one a phase: index, or INDEX_NEVER */
    uint64_t *gate_opened_at;   /* one a phase: index of the act that opened its gate */
    struct table_standing standing;
    struct phase_dates *dates; /* one a phase */
    struct texts_state texts;

    /* Where in these lists a leaf stands.  Follows from the rest; in no digest. */
    struct leaf_index by_proposal, by_incident, by_evidence, by_confirm, by_consent,
        by_monitors_act;

    /* How much of each ceiling a side has used.  Follows from the rest; in no digest. */
    uint32_t used[CEILINGS][CHARTER_SIDES_MAX];

    uint32_t void_count; /* acts void on the record, in shared rooms */
    struct digest voids; /* H' = SHA-256(H || I8 index || I4 code) */
};

/* H("entente/v1/state"; canonical encoding).  Covers what the table has agreed, owes and knows;
 * neither the size of the log nor its head nor anybody's counters. */
MUST_CHECK bool state_digest(const struct table_state *s, struct digest *out, struct err *err);

/* The lists that have an index, as it wants them. */
struct leaf_list state_proposals(const struct table_state *s);
struct leaf_list state_incidents(const struct table_state *s);
struct leaf_list state_evidence(const struct table_state *s);
struct leaf_list state_confirms(const struct table_state *s);
struct leaf_list state_consents(const struct table_state *s);
struct leaf_list state_monitors_acts(const struct table_state *s);

/* Lookups; NULL or CHARTER_NONE where there is none. */
struct mandate_state *state_mandate(const struct table_state *s, uint32_t side,
                                    const struct digest *id);
struct proposal_state *state_proposal(const struct table_state *s, const struct leaf_hash *leaf);
struct incident_state *state_incident(const struct table_state *s, const struct leaf_hash *leaf);
const struct confirm_state *state_confirm(const struct table_state *s,
                                          const struct leaf_hash *about);
const struct consent_state *state_consent(const struct table_state *s, const struct leaf_hash *act);
/* Did that side revoke a paper of its own that nobody has posted? */
bool state_revoked(const struct table_state *s, uint32_t side, const struct digest *id);
/* May that act be cited as evidence? */
bool state_citable(const struct table_state *s, const struct leaf_hash *act);
bool state_of_monitors(const struct table_state *s, const struct leaf_hash *act);
struct open_point *state_open_point(const struct table_state *s, const struct leaf_hash *answer,
                                    struct text label);

/* Does the hour of a promised deed count, as of index?  Not while it waits for another deed that is
 * not verified done, and not where that one was found done after the hour only. */
bool state_hour_counts(const struct table_state *s, const struct witness_log *log, uint32_t deed,
                       uint64_t index);

/* Does a dispute about the newest verification of this deed wait?  48 hours at most from t of it, then
 * the finding stands, disputed. */
bool deed_dispute_waits(const struct table_state *s, const struct witness_log *log, uint32_t deed,
                        uint64_t seen_size, uint64_t index);

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

/* Labels of the open points of a proposal that are still open, of one side or of all
 * (CHARTER_NONE): "R1, R2"; the count through out. */
struct text state_open_labels(const struct table_state *s, uint32_t proposal, uint32_t side,
                              struct arena *mem, uint32_t *out_count);

#endif
