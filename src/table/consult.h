/* SPDX-License-Identifier: Apache-2.0
 *
 * Consultations as the state of the table keeps them (table/state.h): questions that were put to
 * third parties and what came back, their undertakings, and what a party has settled within itself.
 * Of a consultation the table knows what notices have shown.  docs/RULES.md section 14.
 */
#ifndef ENTENTE_TABLE_CONSULT_H
#define ENTENTE_TABLE_CONSULT_H

#include "record/witness.h"
#include "table/payload.h"

/* What a question or an undertaking is about: places in the charter, or CHARTER_NONE. */
struct subject {
    uint32_t phase;
    uint32_t deed;
    uint32_t lever;
};

struct question_state {
    struct leaf_hash leaf;
    uint64_t index;    /* of the question itself */
    uint64_t shown_at; /* of the notice that showed it */
    uint32_t side;     /* that was asked */
    struct subject about;
    bool has_when;
    uint64_t when;    /* an answer is wanted by then */
    struct text text; /* {NULL, 0}: kept back */
    bool answered;
    struct leaf_hash opinion;
    uint64_t opinion_index;
    uint64_t answer_shown_at;
    struct text opinion_text; /* {NULL, 0}: kept back */
};

struct undertaking_state {
    struct leaf_hash leaf;
    uint64_t index;
    uint64_t shown_at;
    uint32_t side; /* that is bound by it */
    struct subject about;
    uint64_t when;
    struct text text;
};

struct settled_state {
    uint32_t phase;
    uint32_t side;
    uint64_t index;
};

/* How far a consultation is; the further of several questions about the same. */
enum consulted {
    CONSULTED_NOT = 0,   /* not asked */
    CONSULTED_WAITS = 1, /* asked, its time has not passed, no answer */
    CONSULTED_LAPSED = 2,
    CONSULTED_HEARD = 3,
};

struct table_state;

/* One question, as an act that had seen seen_size acts at index may claim.  It lapses when its hour
 * and the charter's silence since t of the question have both surely passed; without an hour never. */
enum consulted question_standing(const struct table_state *s, const struct witness_log *log,
                                 const struct question_state *q, uint64_t seen_size,
                                 uint64_t index);

/* When it lapses; unknown where it has no hour, or t of the question is not known yet. */
struct moment question_lapses(const struct table_state *s, const struct witness_log *log,
                              const struct question_state *q, uint64_t index);

/* The furthest of the questions put to that side about that phase, or that lever (the other is
 * CHARTER_NONE). */
enum consulted consulted_on(const struct table_state *s, const struct witness_log *log,
                            uint32_t side, struct subject about, uint64_t seen_size,
                            uint64_t index);

/* Lookups; NULL where there is none. */
struct question_state *state_question(const struct table_state *s, const struct leaf_hash *leaf);
const struct undertaking_state *state_undertaking(const struct table_state *s,
                                                  const struct leaf_hash *leaf);
const struct settled_state *state_settled(const struct table_state *s, uint32_t phase,
                                          uint32_t side);

/* Has that side undertaken its part in this phase? */
bool state_undertaken(const struct table_state *s, uint32_t phase, uint32_t side);

#endif
