/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of a phase's text: put together, version by version, from the acts that count.  What the
 * state knows by digests (table/snt.h) stands here to be read; no rule reads it.
 *
 *     snt_history_init(&h, state, phase, mem);
 *     for each opened act in log order:  snt_history_take(&h, index, &leaf, &payload);
 *     h.versions[n - 1] is version n.
 */
#ifndef ENTENTE_TABLE_SNT_WORDS_H
#define ENTENTE_TABLE_SNT_WORDS_H

#include "table/state.h"

struct snt_article {
    struct text id;
    struct text title;
    struct text text;
};

struct snt_words {
    uint32_t count;
    struct snt_article *articles;
};

struct snt_alternative {
    struct leaf_hash leaf;
    struct snt_article words; /* title {NULL, 0}: of no new article */
    struct text after;
    struct text reason; /* or {NULL, 0} */
};

struct snt_history {
    const struct table_state *state;
    uint32_t phase;
    struct arena *mem; /* owns all words */
    uint32_t count;
    struct snt_words *versions;
    uint32_t bracket_count;
    struct snt_alternative *brackets;
};

/* The state is of all the acts that will come, and more; it must outlive the history. */
void snt_history_init(struct snt_history *h, const struct table_state *state, uint32_t phase,
                      struct arena *mem);

/* An act that this seat has opened; any kind.  What does not count is passed over.  False: memory. */
MUST_CHECK bool snt_history_take(struct snt_history *h, const struct leaf_hash *leaf,
                                 const struct payload *p);

/* The words of a bracket, or NULL. */
const struct snt_alternative *snt_alternative_of(const struct snt_history *h,
                                                 const struct leaf_hash *leaf);

const struct snt_article *snt_words_find(const struct snt_words *w, struct text id);

/* Whole characters that [from, to) touches, within the text. */
void snt_passage(struct text t, uint32_t from, uint32_t to, size_t *out_from, size_t *out_to);

/* The text with other words in place of that passage, in mem; {NULL, 0} where memory is short. */
struct text snt_replaced(struct text t, uint32_t from, uint32_t to, struct text words,
                         struct arena *mem);

#endif
