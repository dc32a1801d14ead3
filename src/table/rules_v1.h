/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules version 1: may this act be?  One function judges for the desk and for the record alike; it
 * reads the state and changes nothing.  The text is docs/RULES.md; sections are cited in the code.
 * A new rule set is a new file; this one stays for ever.
 */
#ifndef ENTENTE_TABLE_RULES_V1_H
#define ENTENTE_TABLE_RULES_V1_H

#include "table/refusal.h"
#include "table/state.h"

struct judged_act {
    const struct table_state *state;
    const struct beside *beside; /* for words only: no verdict depends on it */
    const struct keyring *ring;
    const struct witness_log *log;
    uint64_t index; /* where it stands; the desk: where it would */
    uint64_t seen_size;
    const struct root_hash *seen_root; /* NULL at the desk: its own program sees its own record */
    uint32_t side;
    uint32_t seat;
    struct room room;
    const struct payload *p;
    const struct verified_object
        *object; /* of kinds that carry one; NULL where it did not verify */
    struct arena *mem;
};

struct shown_act; /* table/notice.h */

/* Of acts on a text. */
struct text_findings {
    uint32_t article_count;
    struct article_state *articles; /* of the version that a draft or a clean would make */
    uint32_t bytes;
    struct digest digest;
    struct text_version *version;  /* that it names, directly or with its bracket */
    struct bracket_state *bracket; /* that it names, or NULL */
    uint32_t article;              /* place in the newest version, or UINT32_MAX */
};

/* What the judging found out and the fold needs to apply it. */
struct findings {
    struct package package; /* of a propose: places instead of names */
    uint32_t phase;
    uint64_t not_before; /* of the mandate that the act rests on */
    uint64_t expires;    /* of the mandate that the act rests on, TIME_UNKNOWN without one */
    uint32_t deed;
    uint32_t side; /* that the act names, or CHARTER_NONE */
    struct proposal_state *proposal;
    struct open_point *point;
    struct incident_state *incident;
    uint32_t lever;                  /* or CHARTER_NONE */
    struct subject about;            /* of a question or an undertaking */
    struct question_state *question; /* that an opinion answers */
    const struct shown_act *shown;   /* by a notice; in the judged act's memory */
    bool decides;                    /* a verification that decides a dispute */
    struct text_findings text;
};

/* True: it counts.  False: out says why not. */
MUST_CHECK bool rules_v1_judge(const struct judged_act *a, struct findings *found,
                               struct refusal *out);

/* Has the seat these powers at this place, over these issues (NULL: whatever issues)?  Principals'
 * seats and those of monitors and consulted have all.  The mandate that gives them goes into found:
 * not_before, expires. */
MUST_CHECK bool rules_v1_authority(const struct judged_act *a, uint32_t need,
                                   const struct package *package, struct findings *found);

#endif
