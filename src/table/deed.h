/* SPDX-License-Identifier: Apache-2.0
 *
 * Deeds that were promised and incidents that were reported, as the state of the table keeps them
 * (table/state.h): what is said of each, and what was found.
 */
#ifndef ENTENTE_TABLE_DEED_H
#define ENTENTE_TABLE_DEED_H

#include "table/payload.h"

struct deed_state {
    bool promised;
    struct leaf_hash promise;
    uint64_t promise_index;
    uint32_t promise_seat;
    struct text what;
    struct text how; /* it is verified */
    uint64_t due;
    uint32_t after;    /* deed that must be verified done first, or CHARTER_NONE */
    enum finding says; /* 0: has not reported */
    struct leaf_hash report;
    uint64_t report_index;
    uint64_t waits_from;   /* index of the first report that no verification has followed, or
                            INDEX_NEVER: later reports do not begin its hours anew */
    enum finding verified; /* 0: not yet looked at */
    struct leaf_hash verification;
    uint64_t verified_index;
    uint64_t done_since; /* index of the verification since which it is done, or INDEX_NEVER */
    bool verified_late;  /* when it was found done, its hour had surely passed */
    bool lapsed;
    uint64_t lapsed_index;
    uint32_t verified_by; /* side */
    bool hour_passed;     /* surely, when it was verified, and it counted */
    bool disputed;        /* the newest verification is; there is one dispute about each */
    struct leaf_hash dispute;
    uint64_t dispute_index;
    uint32_t disputed_by;
    struct text dispute_text;
    bool decided; /* that dispute, by the arbiter, whose finding `verified` is */
    uint64_t decided_index;
};

#define DISPUTE_SECONDS (UINT64_C(48) * 3600)

struct incident_state {
    struct leaf_hash leaf;
    uint64_t index;
    uint32_t number; /* I1, I2, ... */
    uint32_t side;   /* that reported it */
    uint32_t by;     /* whom it names, or CHARTER_NONE */
    uint64_t when;
    struct text text;
    enum verdict verdict;   /* 0: not yet assessed */
    enum severity severity; /* as found; 0: not said, which weighs as minor */
    uint32_t found_by;      /* side that it was found to come from, or CHARTER_NONE */
    uint64_t found_when;
    uint64_t assessed_index;
};

#endif
