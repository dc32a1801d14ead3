/* SPDX-License-Identifier: Apache-2.0
 *
 * A small table for tests of whatever works on records: sides with seats, all keys from one seed,
 * a door, and the acts that went through it.
 *
 *     struct record_sim sim;
 *     sim_open(&sim, 7, 3, 2);                 seed 7, 3 sides of 2 seats: keys, no act yet
 *     sim_start(&sim);                         found, all join, each side names its first seat
 *     sim_say(&sim, 1, 0, bytes_str("hello")); a sealed act of side 1, seat 0
 *     sim_countersign(&sim, 1, 0);             seat 0 of side 1 countersigns the whole log
 *     ... sim.items[0 .. sim.count - 1], sim.door ...
 *     sim_close(&sim);
 *
 * sim_make signs an act without posting it; sim_post admits one and fails the test where it is
 * refused; sim_refused wants it refused with a sentence.  The clock is sim.now: it moves when the
 * test moves it.
 */
#ifndef ENTENTE_TESTS_RECORD_SIM_H
#define ENTENTE_TESTS_RECORD_SIM_H

#include "lib/prop.h"
#include "record/door.h"

#define SIM_SIDES 6u
#define SIM_SEATS 4u
#define SIM_ROOT UINT32_MAX /* in place of a seat: the side's root */
#define SIM_NOW UINT64_C(1773000000)

struct sim_seat {
    struct signer *sign;
    struct signer *witness;
    uint8_t seal_secret[32]; /* X25519, of the seat's own identity */
    struct seat_keys keys;
};

struct sim_side {
    struct signer *root;
    uint32_t seat_count;
    struct sim_seat seats[SIM_SEATS];
};

struct record_sim {
    struct arena mem; /* all acts and the door live in it */
    struct prop rnd;
    uint32_t side_count;
    struct sim_side sides[SIM_SIDES];
    struct signer *host;
    struct found found; /* may be changed between sim_open and sim_start */
    struct table_id table;
    struct door *door;
    uint64_t now;
    uint32_t successors; /* how many each side names, more than half needed; set before sim_start */
    struct door_item *items; /* what was admitted, by index */
    size_t count;
    size_t cap;
};

/* Keys of so many sides of so many seats; seat posts are 0, 1, ...; the convener is side 0, every
 * side has a group, the grace is an hour. */
void sim_open(struct record_sim *sim, uint64_t seed, uint32_t sides, uint32_t seats);
void sim_close(struct record_sim *sim);

/* Posts the founding; then the slips of all sides; then of each side below groups a naming of its
 * first seat.  The three steps of it are below. */
void sim_start(struct record_sim *sim);
void sim_found(struct record_sim *sim);
void sim_join(struct record_sim *sim, uint32_t side, uint32_t seats);
void sim_name(struct record_sim *sim, uint32_t side, uint32_t needed, const uint32_t *seats,
              uint32_t count);

/* The fields of the next act of this author (seat may be SIM_ROOT), citing the whole log; kid is
 * set by signing. */
struct act sim_fields(const struct record_sim *sim, uint32_t side, uint32_t seat,
                      enum control_kind kind, struct bytes blob);

/* Signs the fields; the envelope lives in sim->mem, as blob should. */
struct door_item sim_sign(struct record_sim *sim, uint32_t side, uint32_t seat,
                          const struct act *fields, struct bytes blob);

/* sim_fields and sim_sign in one. */
struct door_item sim_make(struct record_sim *sim, uint32_t side, uint32_t seat,
                          enum control_kind kind, struct bytes blob);

/* Admits; gives the index. */
uint64_t sim_post(struct record_sim *sim, struct door_item item);
void sim_refused(struct record_sim *sim, struct door_item item, const char *why);

/* Blobs, in sim->mem.  sim_seal pads plain and seals it to the first seat of every side. */
struct bytes sim_seal(struct record_sim *sim, struct bytes plain);
struct bytes sim_slip(struct record_sim *sim, uint32_t side, uint32_t seats);
struct bytes sim_slip_blob(struct record_sim *sim, uint32_t side, uint32_t seats);
struct bytes sim_seat_slip_blob(struct record_sim *sim, uint32_t side, uint32_t seat,
                                uint32_t post);
struct bytes sim_naming_blob(struct record_sim *sim, uint32_t side, uint32_t needed,
                             const uint32_t *seats, uint32_t count);
struct bytes sim_countersign_blob(struct record_sim *sim, uint32_t side, uint32_t seat,
                                  uint64_t size, uint64_t time);

/* The host's note on the tree of this size. */
struct bytes sim_note(struct record_sim *sim, uint64_t size);

/* Posted at once; the index. */
uint64_t sim_say(struct record_sim *sim, uint32_t side, uint32_t seat, struct bytes plain);
uint64_t sim_countersign(struct record_sim *sim, uint32_t side, uint32_t seat);
uint64_t sim_revoke(struct record_sim *sim, uint32_t side, uint32_t seat);
/* The side's successors put another root and principal's seat in place; its last seat posts it.  From
 * then on sides[side] has the new keys. */
uint64_t sim_new_root(struct record_sim *sim, uint32_t side);
uint64_t sim_proceed(struct record_sim *sim, uint32_t side, uint32_t seat, uint32_t without);

/* Opens it and plays 30 acts of all kinds: three sides, k of n, a revocation, one side left out for
 * a while; final at 22. */
void sim_play(struct record_sim *sim);

/* The log as a new host would begin with it: its first acts alone, through a new door. */
void sim_cut(struct record_sim *sim, uint64_t size);

/* An act of kind 6 of side's root, not posted.  Once all have posted, sim->host is to be that
 * host's signer. */
struct door_item sim_succession(struct record_sim *sim, uint32_t side, uint64_t size,
                                const struct signer *host);

/* A new signer, the caller's to free. */
struct signer *sim_signer(struct record_sim *sim, enum key_type type);

/* A copy in sim->mem of what a buf holds; the buf is freed. */
struct bytes sim_keep(struct record_sim *sim, struct buf *b);

#endif
