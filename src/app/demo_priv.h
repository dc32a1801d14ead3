/* SPDX-License-Identifier: Apache-2.0
 *
 * The stage of the demo: people, their replicas, the clock.
 */
#ifndef ENTENTE_APP_DEMO_PRIV_H
#define ENTENTE_APP_DEMO_PRIV_H

#include "app/act.h"
#include "app/demo.h"
#include "app/join.h"
#include "app/view.h"

/* FIRST and SECOND are the parties by their part in the story: Kestria and Velland, or, mirrored,
 * the other way round. */
enum who {
    RHEE,
    OKOYE,
    BRANDT,
    FIRST_PRINCIPAL,
    FIRST_ENVOY,
    SECOND_PRINCIPAL,
    SECOND_ENVOY,
    DIAZ,
    WEISS,
    CAST_COUNT
};

struct person {
    const char *name;
    const char *side; /* charter id */
    uint32_t post;
    char dir[FILE_PATH_MAX];
    struct region memory;
    struct keys *keys;
    struct replica replica;
    bool here;
};

struct stage {
    const struct demo_plan *plan;
    struct demo_result *result;
    struct clock clock;
    uint64_t day0;
    char host[FILE_PATH_MAX];
    struct person cast[CAST_COUNT];
    struct region words; /* of one step */
    unsigned step;
    /* what the story refers back to */
    struct leaf_hash p1, p2, concept, statement, incident;
    struct digest d1, d2; /* seals of the President's decisions */
    uint64_t statement_index, gate_index, size_22;
    uint64_t agreement[7]; /* P2, two acceptances, two ratifications, the gate; the charter */
};

MUST_CHECK bool stage_open(struct stage *st, const struct demo_plan *plan,
                           struct demo_result *result, struct err *err);
void stage_close(struct stage *st);

/* When the story is over: everybody's clock goes on from here. */
MUST_CHECK bool stage_play_on(struct stage *st, struct err *err);

/* A new step: its number, when it is, where, what. */
void stage_step(struct stage *st, unsigned step, unsigned day, unsigned hour, unsigned minute,
                const char *where, const char *title);
void stage_say(struct stage *st, enum demo_line kind, const char *fmt, ...) PRINTF_LIKE(3, 4);

struct replica *stage_replica(struct stage *st, enum who who);
const char *stage_name(const struct stage *st, enum who who);
/* "Kestria": the charter's name of somebody's side, and its id. */
const char *stage_side(const struct stage *st, enum who who);
const char *stage_side_id(const struct stage *st, enum who who);
uint32_t stage_seat(struct stage *st, enum who who);
struct view stage_view(struct stage *st, enum who who);

/* Founds; invites, joins and admits one more. */
MUST_CHECK bool stage_found(struct stage *st, struct bytes yaml, struct err *err);
MUST_CHECK bool stage_join(struct stage *st, enum who who, enum who inviter, struct err *err);

/* Everybody synchronises and whoever is a witness countersigns, until nothing is left to say. */
MUST_CHECK bool stage_round(struct stage *st, struct err *err);

/* Files an act and tells it; minutes pass.  out_leaf may be NULL. */
MUST_CHECK bool stage_act(struct stage *st, enum who who, const struct payload *p,
                          struct leaf_hash *out_leaf, uint64_t *out_index, struct err *err);

/* Expects the desk to stop it, tells the refusal; an act that goes through is an error. */
MUST_CHECK bool stage_stopped(struct stage *st, enum who who, const struct payload *p,
                              struct err *err);
/* The same for a call that has failed already, with what it said. */
MUST_CHECK bool stage_was_stopped(struct stage *st, enum who who, bool went_through,
                                  const struct err *said, struct err *err);

/* Files it with a tampered client and expects it to be void on every replica that can read it, with
 * the same words. */
MUST_CHECK bool stage_void(struct stage *st, enum who who, const struct payload *p,
                           struct err *err);

/* Tells who can read the act at index and who cannot, from what each has really opened. */
MUST_CHECK bool stage_readers(struct stage *st, uint64_t index, struct err *err);

/* Digests of all parties' and the mediation's replicas: told, and compared. */
MUST_CHECK bool stage_digests(struct stage *st, struct err *err);

/* The lever and the third party (app/demo_levers.c). */
const char *levers_charter(struct stage *st);
MUST_CHECK bool levers_13(struct stage *st, struct err *err);
MUST_CHECK bool levers_14(struct stage *st, struct err *err);
MUST_CHECK bool levers_ready(struct stage *st, struct err *err);      /* in step 20 */
MUST_CHECK bool levers_hold_again(struct stage *st, struct err *err); /* in step 22 */

/* Shows the table an act of the consultation, with its words or without. */
MUST_CHECK bool levers_notice(struct stage *st, uint64_t index, bool with_words, struct err *err);

/* At home (app/demo_home.c), and phase two (app/demo_second.c). */
MUST_CHECK bool home_10(struct stage *st, struct err *err);
MUST_CHECK bool home_12(struct stage *st, struct err *err);
MUST_CHECK bool home_20(struct stage *st, struct err *err); /* in step 20 */
MUST_CHECK bool second_24(struct stage *st, struct err *err);

/* The steps. */
MUST_CHECK bool story_play(struct stage *st, struct err *err);

#endif
