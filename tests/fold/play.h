/* SPDX-License-Identifier: Apache-2.0
 *
 * Sequences of acts for the fold, each from one seed: what people would file, the same with one thing
 * wrong about it, and what only a tampered program would make.  Envelopes are signed and noted through
 * a door; nothing is sealed for real, the fold is told what each reader could open.
 *
 *     fold_tables_open(tables)                the tables to play at: founded once
 *     play_sequence(tables, seed, &tally, &p) one sequence at one of them
 *     play_deliver(p, ...)                    the same record in other deliveries: one state
 *     fold_tables_close(tables)
 *
 * Who writes: write.c (each kind as it should be), aim.c (what brings the table on), bend.c (one thing
 * wrong), spoil.c (bytes).
 */
#ifndef ENTENTE_TESTS_FOLD_PLAY_H
#define ENTENTE_TESTS_FOLD_PLAY_H

#include "lib/table_sim.h"

#define FOLD_TABLES 6u
#define PLAY_ACTS 220u    /* of a sequence, at most */
#define PLAY_BASE 64u     /* acts of a founding, at most */
#define PLAY_KINDS 128u   /* kinds are below it */
#define PLAY_REFUSALS 64u /* and numbers of refusals below this */
#define PLAY_PAPERS 32u   /* that were signed in this sequence: to be shown again */
#define PLAY_NEWCOMER 2u  /* the seat of each side that is not there from the beginning */
#define DAY UINT64_C(86400)

/* What came up in all sequences so far. */
struct tally {
    uint64_t sequences, acts, voids, deliveries;
    uint64_t counted[PLAY_KINDS];    /* acts that counted, by kind */
    uint64_t refused[PLAY_REFUSALS]; /* void on the record, by number */
    uint64_t stopped[PLAY_REFUSALS]; /* at the desk */
};

struct play {
    struct table_sim t;
    size_t mark;            /* of the record's memory: the founding lies below */
    uint64_t base;          /* so many acts has the founding */
    uint64_t unsigned_base; /* so many before the first signature under the charter */
    uint64_t base_now;
    struct door_item founding[PLAY_BASE];
    struct opened *founding_opened[PLAY_BASE];
    struct charter charter;
    struct bytes blob; /* what every seal looks like from outside */
    struct prop rnd;
    uint64_t seed;
    struct arena words; /* of the act that is being written */
    struct tally *tally;
    bool private[TSIM_ACTS]; /* in a room that not all parties read */
    uint32_t paper_count;
    struct bytes papers[PLAY_PAPERS];
    uint32_t papers_made;
    uint64_t consult_last[3]; /* index of the newest question, opinion and undertaking; 0: none */
    struct digest verdicts;   /* running hash of the verdicts, rooms that not all read included */
    bool story;               /* a line an act */
    bool failed;
    char why[512];
};

/* One act being written. */
struct writing {
    struct play *g;
    const struct table_state *s;
    const struct charter *c;
    struct prop *rnd;
    struct arena *mem;
    uint32_t side, seat; /* who signs it */
    struct payload p;
    bool aims;         /* it is to bring the table on, not to be tried */
    uint64_t seen;     /* what its author says to have seen; UINT64_MAX: all */
    bool old_key;      /* sealed to another key than the room's newest */
    bool to_persons;   /* sealed to persons where it should not be */
    bool wrong_header; /* the header names another number than the seal's */
    uint32_t spoil;    /* 0: not; else which way (spoil.c) */
};

MUST_CHECK bool fold_tables_open(struct play *tables);
void fold_tables_close(struct play *tables);

/* Plays one sequence; the state's digest at its end and the verdicts in one.  False: something that must
 * hold does not; tables[..].why says what. */
MUST_CHECK bool play_sequence(struct play *tables, uint64_t seed, struct tally *tally,
                              struct play **out, struct digest *out_digest);

/* Folds the record again: with all of it known beforehand, as somebody reads it who opens the rooms of
 * all parties alone, from a bundle through a door that checks everything, and as after a restart at each
 * size.  False: a digest differs. */
MUST_CHECK bool play_deliver(struct play *g);

/* ---- for those who write ---- */

/* Keys of the seats that are not there from the beginning. */
void play_newcomers(struct record_sim *rec);
/* A payload for that kind; false: there is nothing here to write it about. */
bool write_kind(struct writing *w, enum act_kind kind);
/* The next thing that brings the table on; *out_control: it was a control act, and is done. */
bool write_aim(struct writing *w, bool *out_control);
/* One thing about it is wrong. */
void bend(struct writing *w);
/* Items as bytes, spoilt. */
void spoil_items(struct writing *w, struct content_item *items, size_t *count, size_t room);
#define SPOIL_WAYS 9u

/* Signs, notes and folds it.  False: it could not be written at all (nothing was noted). */
bool play_file(struct play *g, struct writing *w);
bool play_control(struct play *g, uint32_t side, uint32_t seat, enum control_kind kind,
                  struct bytes blob);
bool play_countersign(struct play *g, uint32_t side, uint32_t seat);
struct bytes play_paper(struct play *g, uint32_t side, struct object o);
void play_fail(struct play *g, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
