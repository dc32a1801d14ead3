/* SPDX-License-Identifier: Apache-2.0
 *
 * The fold's parts among themselves: fold.c reads and places an act, fold_keys.c takes in keys of
 * rooms, fold_apply.c and fold_text.c change the state by an act that counts, settle.c looks again at what waited
 * for countersign acts.
 */
#ifndef ENTENTE_TABLE_FOLD_PRIV_H
#define ENTENTE_TABLE_FOLD_PRIV_H

#include "table/fold.h"
#include "table/rules_v1.h"

/* Words of a side's newest void acts, as a refusal has them. */
#define VOID_WORDS_MAX 64u
#define VOID_MEND "Its words are kept for the newest void acts of its side alone."
struct void_words {
    uint32_t note; /* place in beside.voids */
    char what[sizeof(((struct refusal *)0)->what)];
    char mend[sizeof(((struct refusal *)0)->mend)];
};
struct void_ring {
    uint32_t used; /* since ever: the next one goes to used % VOID_WORDS_MAX */
    struct void_words *slot[VOID_WORDS_MAX];
};

struct fold {
    struct arena *mem;
    const struct keyring *ring;
    const struct witness_log *log;
    uint64_t size;
    uint64_t final; /* when proposals were last looked at */
    bool broken;    /* memory ran out inside a step: what is half done is not to be built upon */
    const struct charter *told; /* the sides alone, of an invitation; NULL: not told */
    bool never_charter;         /* this seat judges by its rooms alone */
    struct table_state state;
    struct beside beside;
    struct private_state mine;
    struct void_ring void_words[CHARTER_SIDES_MAX];
};

/* Room for one more in an array that doubles at 8, 16, 32...; array is the address of the pointer
 * to its items.  False with mem->failed set. */
MUST_CHECK bool fold_grow(struct arena *mem, void *array, uint32_t count, size_t size);

/* The good epoch whose key this is; NULL where no room that we know has it. */
const struct epoch_state *fold_epoch_of_key(const struct fold *f, const uint8_t key[static 32]);

/* Takes in a room's key, or passes over one that is not good.  False: memory. */
MUST_CHECK bool fold_take_epoch(struct fold *f, const struct verified_act *va,
                                const struct opened *o, const struct payload *p);

/* Remembers that the act at index, of that side, is void; shared: in a room that every party and the
 * mediation read, where it enters the state.  False: memory. */
MUST_CHECK bool fold_note_void(struct fold *f, uint64_t index, uint32_t side, bool shared,
                               const struct refusal *r);

/* The charter that was founded; any other is passed over.  False: memory. */
MUST_CHECK bool fold_take_charter(struct fold *f, const struct verified_act *va,
                                  const struct payload *p);

/* What rooms that not all read tell this seat: minutes, positions, memos, decisions.  It changes
 * nothing but what is kept beside (table/beside.h: private_state).  False: memory. */
MUST_CHECK bool fold_take_home(struct fold *f, const struct verified_act *va,
                               const struct judged_act *a);

/* What an act that counts changes.  False: memory. */
MUST_CHECK bool fold_apply(struct fold *f, const struct verified_act *va, const struct opened *o,
                           const struct judged_act *a, const struct findings *found);

/* For what changes the state in other files: a text that stays, one more of a side's share [3.5]. */
struct text fold_keep(struct fold *f, struct text t);
void fold_use(struct fold *f, enum ceiling k, uint32_t side);

/* Disputes, consultations, levers (fold_consult.c).  False: memory. */
MUST_CHECK bool fold_apply_consult(struct fold *f, const struct judged_act *a,
                                   const struct findings *found, const struct leaf_hash *leaf);

/* Who is at the table, and dates (fold_parties.c): as they begin; what an act changes; deadlines that
 * all have agreed to by acts below final, true where one has moved. */
MUST_CHECK bool fold_standing_new(struct fold *f, const struct charter *c);
MUST_CHECK bool fold_apply_parties(struct fold *f, const struct judged_act *a,
                                   const struct findings *found);
bool fold_settle_dates(struct fold *f, uint64_t final);
/* A side's acceptance of a proposal, and its ratification, are gone. */
void fold_take_back(struct proposal_state *p, uint32_t side);

/* Acts on a text (fold_text.c).  False: memory. */
MUST_CHECK bool fold_begin_texts(struct fold *f);
MUST_CHECK bool fold_apply_text(struct fold *f, const struct judged_act *a,
                                const struct findings *found, const struct leaf_hash *leaf);
/* What an act that counts shows its side to have seen. */
void fold_texts_seen(struct fold *f, const struct judged_act *a);

/* Verdicts on proposals as of the prefix that ends here: on those that this control act, or an act
 * about that proposal, answer or ratification, can have changed; on all of them.  The last is what
 * the rules say (RULES, "What is settled when"); the others come to the same. */
void fold_settle_control(struct fold *f, const struct verified_act *va);
void fold_settle_about(struct fold *f, const struct leaf_hash *about);
void fold_settle_all(struct fold *f);

#endif
