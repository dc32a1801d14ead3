/* SPDX-License-Identifier: Apache-2.0
 *
 * What the writers of kinds share (write.c, write_offers.c, write_words.c).  One draw a statement: the
 * order of two in one expression is each compiler's own.
 */
#ifndef ENTENTE_TESTS_FOLD_WRITE_PRIV_H
#define ENTENTE_TESTS_FOLD_WRITE_PRIV_H

#include "fold/play.h"

static inline uint32_t below(struct writing *w, uint64_t n)
{
    return (uint32_t)prop_below(w->rnd, n == 0 ? 1 : n);
}

static inline bool one_in(struct writing *w, uint64_t n)
{
    return prop_one_in(w->rnd, n);
}

/* Mostly true; always where the table is to be brought on. */
static inline bool rightly(struct writing *w)
{
    return w->aims || !one_in(w, 6);
}

static inline uint64_t now(const struct writing *w)
{
    return w->g->t.rec.now;
}

static inline struct text words(struct writing *w, const char *prefix)
{
    char *s = arena_printf(w->mem, "%s %u", prefix, below(w, 40));
    return text_str(s == NULL ? "words" : s);
}

static inline void put_words(struct writing *w, uint32_t count)
{
    w->p.texts = ARENA_NEW(w->mem, struct text, count);
    w->p.text_count = count;
    for (uint32_t i = 0; i < count; i++) {
        w->p.texts[i] = words(w, "what was said");
    }
}

static inline void maybe_words(struct writing *w)
{
    if (one_in(w, 2)) {
        put_words(w, 1);
    }
}

/* ---- who and what there is ---- */

static inline uint32_t party(struct writing *w)
{
    return 1 + below(w, w->c->party_count);
}

static inline void by_party(struct writing *w)
{
    if (rightly(w) && !w->aims) {
        w->side = party(w);
    }
}

static inline uint32_t phase_open_now(struct writing *w)
{
    for (uint32_t i = 0; i < w->c->phase_count; i++) {
        if (phase_open(w->s, i) && w->s->gate_opened_at[i] == INDEX_NEVER) {
            return i;
        }
    }
    return 0;
}

static inline struct text phase_id(struct writing *w)
{
    return w->c->phases[rightly(w) ? phase_open_now(w) : below(w, w->c->phase_count)].id;
}

static inline struct leaf_hash leaf_at(const struct writing *w, uint64_t index)
{
    return door_leaf(w->g->t.rec.door, index);
}

static inline struct leaf_hash any_leaf(struct writing *w)
{
    return leaf_at(w, below(w, door_size(w->g->t.rec.door)));
}

static inline void about(struct writing *w, const struct leaf_hash *leaf)
{
    w->p.has_answers = true;
    w->p.answers = *leaf;
}

/* A proposal that stands, the newest first; NULL: there is none. */
static inline const struct proposal_state *a_proposal(struct writing *w)
{
    const struct table_state *s = w->s;
    if (s->proposal_count == 0) {
        return NULL;
    }
    for (uint32_t i = s->proposal_count; rightly(w) && i > 0; i--) {
        const struct proposal_state *p = &s->proposals[i - 1];
        if (p->withdrawn_at == INDEX_NEVER && (w->aims || one_in(w, 2))) {
            return p;
        }
    }
    return &s->proposals[below(w, s->proposal_count)];
}

static inline struct bytes some_paper(struct writing *w)
{
    const struct play *g = w->g;
    uint32_t have = g->paper_count < PLAY_PAPERS ? g->paper_count : PLAY_PAPERS;
    return have == 0 ? bytes_str("no paper") : g->papers[below(w, have)];
}

static inline struct text home_of(struct writing *w)
{
    char *s = arena_printf(w->mem, "home/%.*s", TEXT_ARG(w->c->sides[w->side].id));
    return text_str(s == NULL ? "plenary" : s);
}

static inline struct text shared_room(struct writing *w)
{
    return text_str(one_in(w, 2) ? "plenary" : "monitors");
}

bool write_offer(struct writing *w);   /* offers, deeds, phases, standing, publication */
bool write_wording(struct writing *w); /* texts, consultations, levers */

#endif
