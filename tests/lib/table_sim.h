/* SPDX-License-Identifier: Apache-2.0
 *
 * A table for tests of rules and fold: real acts through a real door (lib/record_sim), their
 * contents given to the fold as if this seat had opened them; nothing is sealed for real.
 *
 * Five sides of two seats as in charter_small (0 the mediation, 1 and 2 the parties, 3 the monitor, 4
 * the consulted); seat 0 is the principal.  Every act is stepped at once and kept, so that the same
 * log can be folded again.
 */
#ifndef ENTENTE_TESTS_TABLE_SIM_H
#define ENTENTE_TESTS_TABLE_SIM_H

#include "lib/charters.h"
#include "lib/record_sim.h"
#include "table/fold.h"
#include "table/rules_v1.h"

#define TSIM_ACTS 512u

struct table_sim {
    struct record_sim rec;
    struct arena folding;
    struct fold *fold;
    struct charter charter;
    uint32_t epochs[2];                       /* of plenary and monitors: the newest number */
    struct opened *opened[TSIM_ACTS];         /* NULL: a control act */
    const struct content *consult[TSIM_ACTS]; /* of consultations: lib/consult_sim.h */
    uint32_t phase_seconds;                   /* deadline of phase 1, before tsim_open; 0: none */
    uint32_t successors;                      /* that each side names, before tsim_open */
    uint32_t rules_version;                   /* of the founding, before tsim_open; 0: 1 */
    void (*change)(struct arena *mem, struct charter *c); /* or NULL; before tsim_open */
    uint64_t seen; /* size that the next acts' authors have seen; 0: all of the log */
};

/* Founded, all joined, charter posted: not yet signed by anybody. */
void tsim_open(struct table_sim *t, uint64_t seed);
void tsim_close(struct table_sim *t);

/* Keys for plenary and monitors, signatures of all, mandates for the parties' and the mediation's
 * seat 1 (all powers but to bind, all issues, `days` days), countersigned. */
void tsim_begin(struct table_sim *t, uint32_t days);

/* A payload's act, filed without any desk; its index.  What it is about is named by index. */
uint64_t tsim_file(struct table_sim *t, uint32_t side, uint32_t seat, struct payload p);
#define TSIM_ABOUT(t, index) .has_answers = true, .answers = door_leaf((t)->rec.door, (index))

/* The key of a room's present membership (0 plenary, 1 monitors), sealed to all its members, by the
 * mediation's principal.  The same with something else about it: whatever in the plan is not zero. */
struct tsim_epoch_plan {
    uint32_t side, seat; /* its author */
    uint32_t number;     /* 0: the one that is right */
    uint32_t previous;
    uint32_t left_out; /* 1 + place of a member to whom it is not sealed */
    uint32_t unlisted; /* 1 + place of a member that it does not list */
    bool wrong_key;    /* its secret is not that of its public key */
    bool other_room;   /* its header names the other room */
};
uint64_t tsim_epoch(struct table_sim *t, uint32_t room);
uint64_t tsim_epoch_by(struct table_sim *t, uint32_t room, struct tsim_epoch_plan plan);

/* Folds what was posted to the record beside this (control acts). */
void tsim_take(struct table_sim *t);

/* The three witnesses countersign at the present time. */
void tsim_countersign(struct table_sim *t);

/* Signed papers, in the memory of the sim. */
struct bytes tsim_sign(struct table_sim *t, uint32_t side, struct object o);
struct bytes tsim_mandate(struct table_sim *t, uint32_t side, uint32_t seat, uint32_t powers,
                          uint64_t not_before, uint64_t expires);
struct bytes tsim_ratify(struct table_sim *t, uint32_t side, uint64_t proposal, const char *text);
struct bytes tsim_sign_charter(struct table_sim *t, uint32_t side);

/* Common payloads. */
struct payload tsim_propose(void); /* issue line, option 0 */
struct payload tsim_answer(struct table_sim *t, uint64_t proposal, enum answer_kind kind);

/* The desk's verdict on it, and the record's: they must be the same, in the same words; the code. */
enum refusal_code tsim_try(struct table_sim *t, uint32_t side, uint32_t seat, struct payload p);

/* The verdict that rules version 1 would give over this state (a copy that a test has changed, say),
 * at the end of the log; r is set where it is a refusal. */
enum refusal_code tsim_judge(struct table_sim *t, const struct table_state *s, uint32_t side,
                             uint32_t seat, struct payload p, struct refusal *r);

/* Folds the first `size` acts anew, in mem; without: an index passed over. */
bool tsim_refold(const struct table_sim *t, uint64_t size, uint64_t without, struct arena *mem,
                 struct fold **out, struct err *err);

/* The same into a fold that the caller has made. */
bool tsim_refold_into(const struct table_sim *t, struct fold *f, uint64_t size, uint64_t without,
                      struct err *err);

struct digest tsim_digest(const struct table_sim *t);

#endif
