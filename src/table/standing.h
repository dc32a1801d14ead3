/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is at the table, whether it is suspended or concluded, and its dates (docs/RULES.md sections 16
 * and 17), as the state of the table keeps them (table/state.h).
 */
#ifndef ENTENTE_TABLE_STANDING_H
#define ENTENTE_TABLE_STANDING_H

#include "record/witness.h"
#include "table/charter.h"

/* What one side has asked for, and what takes effect once all parties at the table have asked for the
 * same. */
struct motion {
    bool given;
    uint64_t index;
    uint64_t when; /* seconds, or TIME_UNKNOWN: without an hour */
};

/* A suspension for cause holds so long from t of its act, and no longer. */
#define SUSPENSION_SECONDS (UINT64_C(7) * 24 * 3600)

struct table_standing {
    uint64_t *left_at;      /* one a group: index of the act by which it left, or INDEX_NEVER */
    struct motion *suspend; /* one a group */
    struct motion *conclude;
    uint64_t suspended_at; /* index of the act that made it so, or INDEX_NEVER */
    uint32_t suspended_by; /* for cause: that side alone; CHARTER_NONE: all parties at the table */
    uint64_t suspended_until; /* of a suspension by all: seconds, or TIME_UNKNOWN */
    uint32_t cause_count;     /* violations that have served for a suspension: each once */
    struct leaf_hash *causes;
    uint64_t concluded_at; /* index of the act that made it so, or INDEX_NEVER */
};

/* Numbers are those of FORMAT 10. */
enum date_kind { DATE_WISH = 1, DATE_REVIEW = 2, DATE_DEADLINE = 3 };

/* A side's own date, shown and without effect. */
struct date_note {
    uint64_t when;  /* 0: none */
    uint64_t index; /* of the act that set it */
    struct text text;
};

struct phase_dates {
    bool moved;                /* the deadline is no longer that of the charter */
    uint64_t deadline;         /* then: seconds, or TIME_UNKNOWN: none any more */
    uint64_t moved_at;         /* number of acts that had been read when it was */
    uint32_t asked_by;         /* the side that asked for it first */
    struct motion *asked;      /* one a group: a deadline that it asks for, or has agreed to */
    struct date_note *wishes;  /* one a group */
    struct date_note *reviews; /* one a group */
};

struct table_state;

/* Parties that have not left. */
uint32_t standing_at_table(const struct table_state *s);

static inline bool standing_left(const struct table_standing *s, uint32_t side)
{
    return s->left_at[side] != INDEX_NEVER;
}

/* Is agreeing suspended for an act at index, whose author had seen seen_size? */
bool standing_suspended(const struct table_state *s, const struct witness_log *log,
                        uint64_t seen_size, uint64_t index);

/* The deadline of an open phase as of `at`: none, not known yet, or an hour. */
struct deadline {
    bool none;
    bool known;
    uint64_t seconds;
};
struct deadline standing_deadline(const struct table_state *s, const struct witness_log *log,
                                  uint32_t phase, uint64_t at);

#endif
