/* SPDX-License-Identifier: Apache-2.0
 *
 * Levers of the charter, as the state of the table keeps them: pressure or support in reserve, which
 * its holder alone holds, readies, applies and releases.  docs/RULES.md section 15.
 */
#ifndef ENTENTE_TABLE_LEVER_H
#define ENTENTE_TABLE_LEVER_H

#include "table/consult.h"

struct lever_state {
    enum lever_move move; /* the newest; 0: its holder has said nothing yet */
    struct leaf_hash leaf;
    uint64_t index;    /* of the holder's act */
    uint64_t shown_at; /* of the act by which the table knows it: itself, or a notice */
    uint64_t review;   /* of a lever that is held: when it is looked at again */
    struct text why;   /* {NULL, 0}: not said */
    bool has_follows;
    struct digest follows; /* the seal of a decision of its holder's */
};

/* What stands in the way of readying or applying it, as an act that had seen seen_size acts at index
 * may claim. */
struct lever_standing {
    bool occurred;         /* its condition has, or it has none */
    uint32_t unheard;      /* sides that are to be asked first, and were not heard; none lapsed */
    uint32_t first_waited; /* one of them, or CHARTER_NONE */
    bool asked;            /* of that one: it was asked, and its time has not passed */
};
struct lever_standing lever_standing(const struct table_state *s, const struct witness_log *log,
                                     uint32_t lever, uint64_t seen_size, uint64_t index);

/* A deed has failed while its promise has lapsed (RULES 7.4), it is not verified done, and no dispute
 * about it waits. */
bool deed_failed(const struct table_state *s, const struct witness_log *log, uint32_t deed,
                 uint64_t seen_size, uint64_t index);

/* "held": of a move; "in reserve" where there was none. */
const char *lever_move_word(enum lever_move m);

#endif
