/* SPDX-License-Identifier: Apache-2.0
 *
 * The charter: who negotiates what, in which phases, by which procedure (docs/RULES.md section 2).
 * People write it as YAML (formats/charter_yaml); the record holds its canonical CBOR, which every
 * principal signs.  A charter value has been checked: every reference points somewhere, every
 * count is within its ceiling.
 *
 * Sides are numbered in this order: 0 the mediation (an empty place where there is none), then the
 * parties, the monitors, the consulted.
 */
#ifndef ENTENTE_TABLE_CHARTER_H
#define ENTENTE_TABLE_CHARTER_H

#include "base/buf.h"
#include "record/id.h"
#include "terms/issue.h"

#define CHARTER_CBOR_MAX 65536u
#define CHARTER_SIDES_MAX 32u
#define CHARTER_SEATS_MAX 32u
#define CHARTER_PHASES_MAX 16u
#define CHARTER_DEEDS_MAX 128u
#define CHARTER_LEVERS_MAX 64u
#define CHARTER_CONDITIONS_MAX 32u
#define CHARTER_GOAL_MAX 512u                 /* bytes */
#define CHARTER_SPAN_MAX UINT64_C(3155760000) /* 100 years: no span of time here is longer */
#define CHARTER_WEIGHT_MAX 1000u
#define CHARTER_EARLIER_MAX (UINT64_C(1) << 40) /* acts of an earlier table */
#define CHARTER_NONE UINT32_MAX

enum side_role { ROLE_MEDIATION = 0, ROLE_PARTY = 1, ROLE_MONITOR = 2, ROLE_CONSULTED = 3 };

struct charter_side {
    bool present; /* false only for place 0 of a charter without mediation */
    enum side_role role;
    struct text id;
    struct text name;
    uint32_t seat_count;  /* posts: 0 is the principal (monitors, consulted: the first seat) */
    struct text *seats;   /* title of each post: "President", "envoy" */
    uint32_t phase_count; /* consulted: the phases it has a stake in */
    uint32_t *phases;
    uint32_t successors_needed; /* of the successor keys in its slip; 0 = none */
    uint32_t successor_count;   /* how many its slip brings; 0 = none */
};

/* Numbers are those of the canonical CBOR. */
enum condition_kind {
    CONDITION_AGREED = 1,   /* a package of the phase is agreed at the table */
    CONDITION_RATIFIED = 2, /* by the sides listed (all founding parties) */
    CONDITION_VERIFIED = 3, /* a deed, verified done; one condition a deed */
    CONDITION_QUIET = 4,    /* seconds of verified quiet */
    CONDITION_NO_REPORT_WAITING = 5,
    CONDITION_SETTLED_WITHIN = 6,
    CONDITION_CONSULTED = 7,
    CONDITION_UNDERTAKEN = 8,
    CONDITION_ADOPTED = 9,
};

struct condition {
    enum condition_kind kind;
    uint32_t deed;    /* VERIFIED */
    uint32_t side;    /* SETTLED_WITHIN, CONSULTED, UNDERTAKEN: one condition a side */
    uint64_t seconds; /* QUIET */
};

struct charter_phase {
    struct text id;
    bool papers_only;          /* until its gate opens the plenary takes every act but say */
    uint64_t wish_seconds;     /* 0 = none; no effect, shown */
    uint64_t deadline_seconds; /* 0 = none; from the moment the phase opens */
    uint32_t condition_count;  /* 0: the last phase may have no gate */
    struct condition *conditions;
};

struct charter_deed {
    struct text id;
    uint32_t by;       /* side */
    uint32_t verifier; /* side, or CHARTER_NONE: then the beneficiary confirms */
};

struct charter_lever {
    struct text id;
    uint32_t holder;
    uint32_t touches;               /* side, or CHARTER_NONE */
    uint32_t permitted_when_failed; /* deed, or CHARTER_NONE */
    uint32_t ask_count;             /* sides to be asked first */
    uint32_t *ask;
};

/* The beginning of another table that this one follows, a first contact say: its first `size` acts.
 * Nothing at this table rests on it; who sat there can compare. */
struct charter_earlier {
    struct table_id table;
    uint64_t size; /* 0: there is none */
    struct root_hash root;
};

enum decision_rule {
    DECISION_UNANIMITY = 1, /* every party accepts */
    DECISION_CONSENSUS = 2, /* two at least accept, nobody objects within the silence */
    DECISION_QUALIFIED = 3, /* so many accept, and whoever has a veto */
};
enum publication { PUBLICATION_ON_AGREEMENT = 1, PUBLICATION_NEVER = 2 };

struct charter {
    struct text table;
    struct text goal;
    uint32_t side_count; /* sides[0] is the mediation's place */
    struct charter_side *sides;
    uint32_t party_count;   /* parties are sides 1 .. party_count */
    uint32_t monitor_count; /* behind them, then the consulted */
    enum decision_rule decision;
    uint32_t decision_needed; /* QUALIFIED: how many parties, more than half; else 0 */
    uint32_t veto;            /* QUALIFIED: bits of parties that must accept; else 0 */
    uint64_t silence_seconds;
    uint32_t grace_seconds;
    enum publication publication;
    uint32_t arbiter; /* side that decides disputes about deeds, or CHARTER_NONE */
    uint32_t phase_count;
    struct charter_phase *phases;
    uint32_t issue_count;
    struct issue *issues;
    uint32_t deed_count;
    struct charter_deed *deeds;
    uint32_t lever_count;
    struct charter_lever *levers;
    uint32_t weight_minor, weight_serious;
    uint64_t half_life_seconds;
    struct charter_earlier earlier;
};

/* Every rule of docs/RULES.md section 2.3 that makes a charter a charter.  ERR_FORMAT or ERR_LIMIT,
 * with mend; where: the part, as "phase ceasefire". */
MUST_CHECK bool charter_check(const struct charter *c, struct err *err);

/* The same, telling which part failed, so that whoever read the charter from a file can name the
 * line.  index: the part's place in its list; condition: its place in the phase's gate, or
 * CHARTER_NONE. */
enum charter_part {
    PART_WHOLE,
    PART_TABLE, /* its name */
    PART_GOAL,
    PART_SIDE,
    PART_PROCEDURE,
    PART_PHASE,
    PART_ISSUE,
    PART_DEED,
    PART_LEVER,
    PART_QUIET,
};
struct charter_place {
    enum charter_part part;
    uint32_t index;
    uint32_t condition;
};
/* after: a fault that was told already, to go on behind its part; NULL: from the start.  Behind a
 * fault of PART_WHOLE nothing is looked at. */
MUST_CHECK bool charter_check_next(const struct charter *c, const struct charter_place *after,
                                   struct charter_place *place, struct err *err);

/* Who may draft the text [13.1]: the mediation; where there is none, every party. */
static inline bool charter_has_pen(const struct charter *c, uint32_t side)
{
    return side < c->side_count && (!c->sides[0].present || side == 0);
}

/* What is lawful and yet probably not meant (RULES.md 2.4): a gate that can never open, a deed of a
 * gate without verifier, two groups only, one side's security alone among the issues.  c has been
 * checked.  Up to max sentences, in mem, into out; returns how many. */
size_t charter_warnings(const struct charter *c, struct arena *mem, struct text *out, size_t max);

/* The canonical CBOR; decode(encode(c)) == c and the other way round.  Both check all.  What was
 * decoded lives in mem alone, texts too. */
MUST_CHECK bool charter_encode(const struct charter *c, struct buf *out, struct err *err);
MUST_CHECK bool charter_decode(struct bytes raw, struct arena *mem, struct charter *out,
                               struct err *err);

/* Places by id; CHARTER_NONE where there is none. */
uint32_t charter_find_side(const struct charter *c, struct text id);
uint32_t charter_find_phase(const struct charter *c, struct text id);
uint32_t charter_find_deed(const struct charter *c, struct text id);
uint32_t charter_find_lever(const struct charter *c, struct text id);

/* Sides with a policy group and a voice: the mediation and the parties. */
static inline uint32_t charter_groups(const struct charter *c)
{
    return 1 + c->party_count;
}

/* One condition as the thing wanted: "no incident for 72 hours", "kestria-guns is verified done".  In the arena; "?"
 * when it is full. */
struct text condition_words(const struct charter *c, const struct condition *k, struct arena *mem);

#endif
