/* SPDX-License-Identifier: Apache-2.0
 *
 * A table for tests of whole use cases: a host's directory and four seats' folders on one machine,
 * founded and joined as people do it; a clock that the test moves and chance that can be repeated.
 *
 *     struct app_sim sim;
 *     app_sim_open(&sim);              the charter of examples/lake; all have signed it
 *     app_sim_keep(&sim);              what the folders hold now ...
 *     app_sim_enter(&sim, APP_FIRST, &r);  ...  replica_close(&r);
 *     app_sim_back(&sim);              ... is put back, host and all
 *     app_sim_close(&sim);
 *
 * Keys are opened once and stay open, so a child made by fork has them too.  No replica is open
 * between calls.
 */
#ifndef ENTENTE_TESTS_APP_SIM_H
#define ENTENTE_TESTS_APP_SIM_H

#include "app/join.h"
#include "lib/chance.h"
#include "lib/scratch.h"

enum app_who {
    APP_MEDIATOR, /* founds: meridia */
    APP_FIRST,    /* principal of kestria */
    APP_SECOND,   /* principal of velland */
    APP_MONITOR,  /* of the group: it does not read the charter */
    APP_WHO_COUNT
};

struct app_person {
    char dir[SCRATCH_PATH_MAX];
    struct region memory;
    struct keys *keys;
};

struct app_sim {
    struct scratch folder;
    char host[SCRATCH_PATH_MAX];
    struct clock clock;
    struct prop rnd;
    struct chance chance;
    struct table_id table;
    struct app_person people[APP_WHO_COUNT];
    struct err err;
};

void app_sim_open(struct app_sim *sim);
void app_sim_close(struct app_sim *sim);

/* Bytes that are drawn from now on are others than before: fork copies the generator. */
void app_sim_stir(struct app_sim *sim, uint64_t seed);

void app_sim_keep(struct app_sim *sim);
void app_sim_back(struct app_sim *sim);

/* Copies all files of one folder into another, which is emptied or made: a backup, put back. */
void app_sim_copy(const char *from, const char *to);

/* The path of a name in the simulation's folder. */
void app_sim_path(const struct app_sim *sim, const char *name, char out[static SCRATCH_PATH_MAX]);

/* Opens the replica of one of them; the test fails where that does. */
void app_sim_enter(struct app_sim *sim, enum app_who who, struct replica *out);

/* One more seat of a side comes to the table, invited and admitted by its principal (or, with
 * unshared, admitted by a program that gives it nothing to read).  It has synchronised. */
enum app_share { APP_SHARED, APP_UNSHARED };
void app_sim_seat(struct app_sim *sim, enum app_who principal, uint32_t post, const char *name,
                  enum app_share share, struct app_person *out);
/* The first seat of another side of the charter ("union"), invited and admitted by the mediation. */
void app_sim_side(struct app_sim *sim, const char *side, const char *name, struct app_person *out);
void app_person_free(struct app_person *p);
void app_sim_enter_as(struct app_sim *sim, const struct app_person *p, struct replica *out);

/* A principal removes a seat of his side. */
void app_sim_remove(struct app_sim *sim, enum app_who principal, const struct kid *seat);

/* How the keys of a further seat are made: the passphrase of all, a cheap key file. */
struct seat_keys_plan app_sim_plan(const char *name);

/* A seat in another folder of the simulation, made with such keys: opened, and closed again. */
struct app_guest {
    struct app_person who;
    struct replica r;
};
void app_sim_sit(struct app_sim *sim, const char *name, struct app_guest *out);
void app_sim_rise(struct app_guest *g);

/* Removes a folder of the simulation with all in it, where there is one. */
void app_sim_drop(struct app_sim *sim, const char *name);

/* Everybody synchronises until nothing is left to say. */
void app_sim_round(struct app_sim *sim);

/* A proposal in the plenary that names one option of each issue of the first phase.  choices has
 * three places and is borrowed. */
struct payload app_sim_proposal(struct named_choice *choices, uint32_t line);

/* Words in the home room of a side ("home/kestria"); borrows both. */
struct payload app_sim_words(const char *room, struct text *words);

/* How many acts wait in its outbox. */
uint64_t app_sim_waiting(struct replica *r);

/* Digest of the state that a replica has folded. */
struct digest app_sim_digest(const struct replica *r);

#endif
