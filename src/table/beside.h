/* SPDX-License-Identifier: Apache-2.0
 *
 * What the fold keeps beside the state of the table (table/state.h), in no digest: statements and
 * reasons of void acts, which are shown and which no rule reads; and what only members of a room
 * know: keys of rooms, private instructions; minutes, positions, memos and decisions of the rooms that
 * this seat reads.
 */
#ifndef ENTENTE_TABLE_BESIDE_H
#define ENTENTE_TABLE_BESIDE_H

#include "table/home.h"
#include "table/payload.h"
#include "table/room.h"

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
    uint32_t statements_of[CHARTER_SIDES_MAX]; /* that each side logged */
    uint32_t void_count;
    struct void_note *voids;
};

struct epoch_state {
    struct room room;
    uint32_t number;   /* of the membership that it is for: room_membership */
    uint32_t previous; /* as its author says; 0: none */
    uint64_t index;
    struct leaf_hash leaf;
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

/* Of each kind so many are listed, the first ones; what comes later counts and is not listed. */
#define HOME_NOTES_MAX 4096u

/* What a side has told: its place in the record, and who may hear it. */
struct position_note {
    uint64_t index;
    struct room room;
    uint32_t side; /* whose it is */
    enum level level;
    enum mark mark;
    struct text issue;
    struct text text; /* its first KEPT_TEXT_MAX bytes */
};

/* A line of a debrief or a minute that bears a mark. */
struct carry_note {
    uint64_t index;
    struct room room;
    uint32_t side; /* whose words: as it says, or the party of its shuttle; else CHARTER_NONE */
    enum heard heard;
    enum mark mark;
    struct text text; /* its first KEPT_TEXT_MAX bytes */
};

/* What an option is to this seat's side, and which issue matters more: the newest word on each, in
 * the order in which they were said. */
struct interest_note {
    uint64_t index;
    uint32_t issue, option;
    enum interest interest;
};
struct prefer_note {
    uint64_t index;
    uint32_t more, less;
    enum preference preference; /* PREFER_NOT: taken back */
};

struct minute_note {
    struct leaf_hash leaf;
    uint64_t index;
    struct room room;
    uint32_t seat; /* its author */
    uint32_t present_count;
    struct kid *present;
    uint64_t confirmed; /* bit i: the i-th of those present has confirmed it */
    struct text text;   /* the first of its texts */
};

struct memo_note {
    struct leaf_hash leaf;
    uint64_t index;
    uint64_t claimed_time;
};

struct decision_note {
    struct digest seal; /* id of the signed paper */
    struct leaf_hash leaf;
    uint64_t index;
    uint64_t claimed_time;
    uint32_t side;
    struct text label; /* D1, D2, ... */
    struct text text;
    bool has_memo;
    struct leaf_hash memo;
    bool has_review;
    uint64_t review;
    uint32_t order_count;
    struct order *orders;
};

struct private_state {
    uint32_t epoch_count;
    struct epoch_state *epochs;
    uint32_t instruction_count;
    struct instruction *instructions;
    uint32_t position_count;
    struct position_note *positions;
    uint32_t carry_count;
    struct carry_note *carries;
    uint32_t interest_count;
    struct interest_note *interests;
    uint32_t prefer_count;
    struct prefer_note *prefers;
    uint32_t minute_count;
    struct minute_note *minutes;
    uint32_t memo_count;
    struct memo_note *memos;
    uint32_t decision_count;
    struct decision_note *decisions;
};

/* The decision of that seal, or of that label (the newest), that this seat has read; NULL: none. */
const struct decision_note *decision_of_seal(const struct private_state *m,
                                             const struct digest *seal);
const struct decision_note *decision_of_label(const struct private_state *m, struct text label);

/* The newest of its orders that is about this subject ("hold" for a lever, say), with the decision it
 * stands in; NULL: none.  any: whether one of these kinds. */
const struct order *decision_order(const struct private_state *m, const enum order_kind *any,
                                   size_t count, struct text subject,
                                   const struct decision_note **out);

/* The decision whose review has come and that nobody has decided upon since; NULL: none. */
const struct decision_note *decision_due(const struct private_state *m, uint64_t now);

/* Minute of that name, or NULL. */
const struct minute_note *minute_of(const struct private_state *m, const struct leaf_hash *leaf);

/* Has everybody else who was present confirmed it? */
bool minute_confirmed(const struct minute_note *m, const struct kid *author);

#endif
