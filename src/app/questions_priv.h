/* SPDX-License-Identifier: Apache-2.0
 *
 * What was answered so far: shared by who asks and who writes the file.
 */
#ifndef ENTENTE_APP_QUESTIONS_PRIV_H
#define ENTENTE_APP_QUESTIONS_PRIV_H

#include "app/questions.h"

#define PASSED_MAX 160u

enum question {
    ASK_TABLE,
    ASK_GOAL,
    ASK_MEDIATION,
    ASK_MEDIATION_HEAD,
    ASK_PARTY,
    ASK_PARTY_HEAD,
    ASK_MONITOR,
    ASK_PHASE,
    ASK_GATE,
    ASK_ISSUE,
    ASK_ISSUE_PHASE,
    ASK_OPTIONS,
    ASK_DEED,
    ASK_DEED_BY,
    ASK_DEED_VERIFIER,
    ASK_NOTHING,
};

/* What can stand in a gate; bits. */
enum gate_part {
    GATE_PACKAGE = 1,
    GATE_RATIFIED = 2,
    GATE_DEEDS = 4,
    GATE_QUIET = 8,
    GATE_SETTLED = 16,
    GATE_TEXT = 32,
};

struct named {
    struct text name;
    struct text id;
    struct text head;    /* of a side: title of its principal */
    struct text options; /* of an issue, as typed: "a; b" */
    uint32_t phase;      /* of an issue */
    uint32_t by;         /* of a deed: place of a side, 0 the mediation */
    uint32_t verifier;   /* likewise; UINT32_MAX: none */
    uint32_t gate;       /* of a phase: bits */
    bool gate_said;
};

struct place {
    enum question q;
    uint32_t at;
};

struct questions {
    struct arena *mem;
    struct text table, goal;
    struct named mediation, monitor;
    struct named parties[QUESTIONS_MANY];
    struct named phases[QUESTIONS_MANY];
    struct named issues[QUESTIONS_MANY];
    struct named deeds[QUESTIONS_MANY];
    bool no_mediation, no_monitor;
    uint32_t party_count, phase_count, issue_count, deed_count;
    struct place now;
    uint32_t passed_count;
    struct place passed[PASSED_MAX];
};

struct question_gate {
    const char *word;
    enum gate_part part;
    const char *yaml;
};
#define QUESTION_GATES 6u
extern const struct question_gate question_gates[QUESTION_GATES];

static inline const char *question_shown(struct text t)
{
    return t.p == NULL ? "" : t.p;
}

static inline struct text question_trim(struct text t)
{
    while (t.n > 0 && t.p[0] == ' ') {
        t.p++;
        t.n--;
    }
    while (t.n > 0 && t.p[t.n - 1] == ' ') {
        t.n--;
    }
    return t;
}

/* By place: 0 the mediation, the parties, the monitor. */
static inline const struct named *question_side(const struct questions *q, uint32_t at)
{
    return at == 0 ? &q->mediation : at <= q->party_count ? &q->parties[at - 1] : &q->monitor;
}

/* The next of "a; b; c"; false at the end. */
static inline bool question_option(struct text *rest, struct text *out)
{
    size_t n = 0;
    if (rest->p == NULL) {
        return false;
    }
    while (n < rest->n && rest->p[n] != ';') {
        n++;
    }
    *out = question_trim((struct text){.p = rest->p, .n = n});
    *rest = n < rest->n ? (struct text){.p = rest->p + n + 1, .n = rest->n - n - 1}
                        : (struct text){0};
    return true;
}

#endif
