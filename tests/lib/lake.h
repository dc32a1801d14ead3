/* SPDX-License-Identifier: Apache-2.0
 *
 * The sample negotiation as a record to test on: played once into a folder, its seats opened with
 * the passphrase of all demo keys, hours after it ended.
 */
#ifndef ENTENTE_TESTS_LIB_LAKE_H
#define ENTENTE_TESTS_LIB_LAKE_H

#include "app/replica.h"

struct lake_seat {
    struct replica replica;
    struct region memory;
    struct keys *keys;
};

/* Plays it into a new folder. */
void lake_play(const char *dir, const struct chance *chance, struct clock *clock);

/* who: "kestria-voss".  The clock is borrowed. */
void lake_open(const char *dir, const char *who, struct clock *clock, const struct chance *chance,
               struct lake_seat *out);
void lake_close(struct lake_seat *s);

/* The first act of this kind in this room that the seat has opened, at `from` or behind it. */
uint64_t lake_find(struct lake_seat *s, uint32_t kind, const char *room, uint64_t from);

/* The seat's delegation agrees to publish these acts; said in `room`, and synchronised. */
void lake_consent(struct lake_seat *s, const char *room, const uint64_t *acts, uint32_t count);

#endif
