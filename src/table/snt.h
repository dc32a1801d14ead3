/* SPDX-License-Identifier: Apache-2.0
 *
 * The single negotiating text of each phase, as the state of the table keeps it: articles by their
 * ids and digests, brackets (other words for a passage, or a new article) and who supports what.
 * The words themselves are in the acts (table/snt_words.h puts them together).  docs/RULES.md
 * section 13.
 *
 * A wording is named by a digest that follows from the acts alone: of an article as it was drafted
 * its title and text; of one into which a bracket was taken the wording before and what was put
 * where.  What is said of a wording never carries over to another.
 */
#ifndef ENTENTE_TABLE_SNT_H
#define ENTENTE_TABLE_SNT_H

#include "record/id.h"
#include "table/payload.h"

struct proposal_state;
struct table_state;
struct witness_log;
struct buf;

#define SNT_BYTES_MAX (1u << 20) /* of all articles of a version: titles are not counted */

struct article_id {
    uint8_t n;
    char p[ID_MAX_BYTES];
};

struct article_state {
    struct article_id id;
    struct digest wording;
    uint32_t length;   /* of its text, in bytes */
    uint64_t since;    /* index of the act that gave it this wording */
    uint32_t supports; /* bits of groups */
    uint32_t objects;
};

/* Silence that was asked for.  It runs from the act with which the last party has shown that it has
 * seen the question; a reasoned objection breaks it. */
struct silence_state {
    uint64_t asked_at;  /* index, or INDEX_NEVER: not asked (any more) */
    uint32_t seen;      /* bits of parties that have filed an act that has seen it */
    uint64_t from;      /* index of the act that made them all, or INDEX_NEVER */
    uint32_t broken_by; /* the side whose objection broke the last one, or CHARTER_NONE */
};

struct text_version {
    struct leaf_hash leaf; /* of the draft, or of the clean that made it */
    uint64_t index;
    uint32_t number; /* within the phase, from 1 */
    uint32_t phase;
    uint32_t side;
    uint32_t seat;
    struct digest digest; /* of the phase and all its wordings in order */
};

enum bracket_end { BRACKET_OPEN, BRACKET_TAKEN, BRACKET_DROPPED, BRACKET_OVERTAKEN };

struct bracket_state {
    struct leaf_hash leaf;
    uint64_t index;
    uint32_t number; /* B1, B2, ... at the table */
    uint32_t phase;
    uint32_t side;
    uint32_t seat;
    bool is_new; /* a new article; else other words for [from, to) of one */
    struct article_id article;
    struct article_id after; /* of a new one: behind that; n 0: at the end */
    uint32_t from, to;
    struct digest words;        /* of its text; of a new article its wording */
    uint32_t length;            /* of its text */
    uint32_t supports, objects; /* bits of groups */
    enum bracket_end end;
    uint64_t ended_at; /* index, or INDEX_NEVER */
    struct silence_state silence;
};

/* One a phase. */
struct snt_state {
    uint32_t version; /* place in versions of the newest, or CHARTER_NONE: no text yet */
    uint32_t article_count;
    struct article_state *articles; /* ARTICLES_MAX, once there is a text */
    uint32_t bytes;
    struct silence_state silence; /* on the wording of the newest version */
};

/* Of the whole table. */
struct texts_state {
    struct snt_state *of_phase; /* one a phase */
    uint32_t version_count;
    struct text_version *versions;
    uint32_t bracket_count;
    struct bracket_state *brackets;
    uint32_t silences; /* that were asked and have not begun to run.  Follows from the rest */
};

/* ---- names ---- */

struct article_id article_id_of(struct text id);
struct text article_id_text(const struct article_id *id);
bool article_id_eq(const struct article_id *a, const struct article_id *b);
/* Place of an article, or UINT32_MAX. */
uint32_t snt_article(const struct snt_state *t, const struct article_id *id);
/* NULL where there is none. */
struct text_version *snt_version(const struct texts_state *t, const struct leaf_hash *leaf);
struct bracket_state *snt_bracket(const struct texts_state *t, const struct leaf_hash *leaf);
const struct text_version *snt_newest(const struct texts_state *t, uint32_t phase);

/* ---- digests ---- */

struct digest words_digest(struct text words);
struct digest wording_digest(struct text title, struct text text);
/* After [from, to) gave place to other words. */
struct digest wording_edited(const struct digest *was, uint32_t from, uint32_t to,
                             const struct digest *words);
struct digest version_digest(struct text phase, const struct article_state *articles,
                             uint32_t count);

/* ---- standing ---- */

/* "B2, B5": brackets of a phase that are open; their number through out. */
struct text snt_open_brackets(const struct texts_state *t, uint32_t phase, struct arena *mem,
                              uint32_t *out_count);

/* The proposal that stands for the newest version since somebody adopted it, or NULL. */
struct proposal_state *snt_proposal(const struct table_state *s, uint32_t phase);
/* Have all parties adopted the newest version, as far as is noted?  Then nobody changes it. */
bool snt_all_adopted(const struct table_state *s, uint32_t phase);
/* Is it adopted: by all, countersigned, in time (RULES, "What is settled when")? */
bool snt_adopted(const struct table_state *s, uint32_t phase);

enum silence_stage {
    SILENCE_NONE,
    SILENCE_UNSEEN, /* asked; not every party has filed an act that has seen it */
    SILENCE_RUNS,
    SILENCE_OVER, /* surely elapsed, and nobody objected */
};
/* As an act at index may say whose author had seen seen_size.  due: its last second, 0 where that
 * is not known (yet). */
enum silence_stage snt_silence(const struct table_state *s, const struct witness_log *log,
                               const struct silence_state *silence, uint64_t seen_size,
                               uint64_t index, uint64_t *due);

/* Bits of all parties. */
uint32_t snt_parties(const struct table_state *s);

/* Its part of the state's digest: one entry (RULES 11). */
void snt_put(struct buf *b, const struct table_state *s);

#endif
