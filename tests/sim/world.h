/* SPDX-License-Identifier: Apache-2.0
 *
 * A table in one process: machines with real keys, real replicas and real folders, a real host, a
 * clock and a link each.  The founding is played once for each shape; a run begins with a copy of
 * its folders, and everything in the run follows from its seed.
 *
 *     world_open(&w, shape)     founds the table, all but the late seats join, all sign
 *     world_begin(&w, seed)     a new run
 *     world_end(&w)
 *     world_close(&w)
 */
#ifndef ENTENTE_TESTS_SIM_WORLD_H
#define ENTENTE_TESTS_SIM_WORLD_H

#include "app/act.h"
#include "lib/chance.h"
#include "lib/scratch.h"
#include "sim/clock.h"
#include "sim/net.h"
#include "sim/story.h"

#define WORLD_SEATS 12u
#define WORLD_SEAT_NONE UINT32_MAX

struct cast_seat {
    const char *name;
    const char *side;
    uint32_t post;
    bool late; /* joins during the run, or never */
};

struct shape {
    const char *name;
    const char *yaml;
    bool monitors; /* there is a monitors' room */
    uint32_t count;
    struct cast_seat cast[WORLD_SEATS];
};

extern const struct shape shapes[];
extern const uint32_t shape_count;
const struct shape *shape_find(const char *name); /* NULL: there is none */

struct seat_sim {
    const struct cast_seat *cast;
    char dir[SCRATCH_PATH_MAX];
    struct region memory;
    struct keys *keys;
    bool of_run; /* its keys were made in this run */
    bool joined; /* it has a folder */
    bool open;
    bool honest;
    bool gone;      /* its machine is lost for good */
    bool backup;    /* a copy of its folder was kept */
    bool elsewhere; /* its link goes to the host that its replica names */
    struct replica r;
    struct sim_clock clock;
    struct port port;
};

/* What people have really done: nobody is bound by anything else. */
enum deed_done { DONE_ACCEPT, DONE_RATIFY };
struct done {
    enum deed_done what;
    uint32_t side;
    struct leaf_hash proposal;
};
#define WORLD_DONE_MAX 1024u

struct invariants;
struct hostile_host;
struct leaving;

struct world {
    const struct shape *shape;
    struct scratch folder;
    char base[SCRATCH_PATH_MAX], live[SCRATCH_PATH_MAX], host_dir[SCRATCH_PATH_MAX];
    struct table_id table;
    struct pubkey host_pk;
    uint64_t seed;
    uint64_t began; /* true time at which every run begins */
    uint64_t now;   /* true time */
    struct prop rnd;
    struct chance chance;
    struct seat_sim seats[WORLD_SEATS];
    uint32_t count;
    struct host *host;
    struct net net;
    struct story story;
    uint32_t done_count;
    struct done done[WORLD_DONE_MAX];
    struct invariants *inv;
    const char *proofs; /* folder for the fraud proofs that are tried; NULL: none is kept */
    uint32_t proof_count;
    bool cheats;               /* some seat does */
    bool disks;                /* they fail now and then */
    bool colludes;             /* some seats are with the host */
    struct leaving *leaving;   /* NULL: the table stays where it is */
    struct hostile_host *liar; /* NULL: the host is honest */
    struct err err;
};

/* False: it cannot be set up; err says why. */
bool world_open(struct world *w, const struct shape *shape);
void world_close(struct world *w);

bool world_begin(struct world *w, uint64_t seed);
void world_end(struct world *w);

/* Chance of this step alone: another step left out changes nothing in it. */
void world_stir(struct world *w, uint32_t step);

/* The true time goes on, and all clocks. */
void world_wait(struct world *w, uint64_t seconds);
void world_clocks(struct world *w);

/* A machine is started (its replica opened), stopped. */
bool world_start(struct world *w, uint32_t seat);
void world_stop(struct world *w, uint32_t seat);

/* A copy of its folder is kept; is put back, all but the guards, which no backup has. */
bool world_keep_backup(struct world *w, uint32_t seat);
bool world_put_back(struct world *w, uint32_t seat);

/* A late seat makes its keys and is admitted by `by`, a seat of its side's principal or, for post
 * 0, of the convener. */
bool world_join(struct world *w, uint32_t seat, uint32_t by);

/* Likewise, with these flags, and it is given nothing that it could read (enum seat_flag). */
bool world_join_bare(struct world *w, uint32_t seat, uint32_t by, uint32_t flags);

/* The seat at the table of this signing key, or WORLD_SEAT_NONE. */
uint32_t world_find(const struct world *w, const struct kid *kid);

void world_did(struct world *w, enum deed_done what, uint32_t side,
               const struct leaf_hash *proposal);

/* The newest state that an honest machine holds; NULL: none does. */
struct replica *world_newest(struct world *w);

#endif
