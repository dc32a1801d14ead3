/* SPDX-License-Identifier: Apache-2.0
 *
 * What the fold keeps beside the state of the table (table/state.h), in no digest: statements and
 * reasons of void acts, which are shown and which no rule reads; and what only members of a room
 * know: keys of rooms, private instructions.
 */
#ifndef ENTENTE_TABLE_BESIDE_H
#define ENTENTE_TABLE_BESIDE_H

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

struct private_state {
    uint32_t epoch_count;
    struct epoch_state *epochs;
    uint32_t instruction_count;
    struct instruction *instructions;
};

#endif
