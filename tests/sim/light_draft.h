/* SPDX-License-Identifier: Apache-2.0
 *
 * One act being written by somebody at a light table; shared by who is honest (light_acts.c) and who
 * is not (light_foul.c).
 */
#ifndef ENTENTE_TESTS_SIM_LIGHT_DRAFT_H
#define ENTENTE_TESTS_SIM_LIGHT_DRAFT_H

#include "sim/light.h"

#define DAY UINT64_C(86400)
#define CHOICES 8u
#define WORDS 12u

/* One act being written: views borrow it. */
struct draft {
    struct light *l;
    struct machine *m;
    uint32_t machine;
    const struct table_state
        *s; /* what the person looks at: his own, or what stands on the record */
    struct payload p;
    struct named_choice choices[CHOICES];
    struct text texts[2];
    struct reservation reserved[1];
    struct meets meets[1];
    struct leaf_hash refs[2];
    struct evidence evidence[1];
    struct kid kids[1];
    char words[WORDS][ID_MAX_BYTES + 1];
    uint32_t word_count;
    bool accepts; /* signs an acceptance */
};

static inline struct prop *rnd(struct draft *d)
{
    return &d->l->rnd;
}

static inline uint64_t below(struct draft *d, uint64_t n)
{
    return prop_below(&d->l->rnd, n);
}

static inline bool one_in(struct draft *d, uint64_t n)
{
    return prop_one_in(&d->l->rnd, n);
}

static inline struct text keep(struct draft *d, struct text t)
{
    size_t n = t.n < ID_MAX_BYTES ? t.n : ID_MAX_BYTES;
    char *to = d->words[d->word_count++ % WORDS];
    memcpy(to, t.p, n);
    return (struct text){.p = to, .n = n};
}

/* An empty one, for the plenary. */
void draft_begin(struct light *l, uint32_t machine, struct draft *d);
/* Through the desk, sealed as an honest program seals; false: an invariant.  What the desk refuses is
 * told in the story. */
bool draft_file(struct draft *d, const char *what);
/* In the plenary under its newest key, past the desk: it may not count. */
bool draft_forged(struct draft *d, const char *what);
bool draft_control(struct draft *d, bool root, enum control_kind kind, struct buf *blob);
bool draft_is_principal(const struct draft *d);
/* A ratification of that proposal by that side's root: another paper each time. */
struct bytes draft_ratification(struct draft *d, uint32_t side, const struct leaf_hash *leaf);
/* An honest habit, drawn by its weight; out: something was done.  False: an invariant. */
bool draft_try(struct light *l, uint32_t machine, bool *out);
/* Does it sit at the table, as its own record has it? */
bool draft_is_seated(const struct light *l, uint32_t machine);

#endif
