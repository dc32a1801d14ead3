/* SPDX-License-Identifier: Apache-2.0 */
#include "table/fold_priv.h"

/* Who may give a room a key [3.3]: a seat that may grant, of a side that negotiates (plenary,
 * monitors), of the home's own side, or of any side in the room. */
static bool may_rekey(const struct fold *f, struct room room, uint32_t seat)
{
    const struct ring_seat *s = keyring_seat(f->ring, seat);
    if ((s->keys.flags & (uint32_t)SEAT_MAY_GRANT) == 0 ||
        !room_has_side(&f->state.charter, room, s->side)) {
        return false;
    }
    return !room_shared(room) || s->side < charter_groups(&f->state.charter);
}

/* Its seal has a good stanza for every member: an epoch that only some can open is good for nobody,
 * and whoever opens it sees that. */
static bool sealed_to_all(const struct fold *f, const struct opened *o, struct room room,
                          uint64_t at)
{
    uint32_t seats[SEATS_MAX];
    uint32_t n = room_members(&f->state.charter, f->ring, room, at, seats);
    for (uint32_t i = 0; i < n; i++) {
        if ((o->sealed_to[seats[i] / 8] & (1u << (seats[i] % 8))) == 0) {
            return false;
        }
    }
    return true;
}

/* The good epoch below index whose key this is; NULL where no room that we know has it. */
const struct epoch_state *fold_epoch_of_key(const struct fold *f, const uint8_t key[static 32],
                                            uint64_t index)
{
    for (uint32_t i = f->mine.epoch_count; i > 0; i--) {
        const struct epoch_state *e = &f->mine.epochs[i - 1];
        if (e->index < index && memcmp(e->public_key, key, sizeof(e->public_key)) == 0) {
            return e;
        }
    }
    return NULL;
}

bool fold_take_epoch(struct fold *f, const struct verified_act *va, const struct opened *o,
                     const struct payload *p, struct room room)
{
    const struct epoch_item *e = &p->epoch_item;
    struct room named;
    bool good = o->by_identity && o->epoch_key_holds &&
                room_parse(&f->state.charter, e->room, &named) && room_eq(named, room) &&
                may_rekey(f, room, va->author.seat) &&
                e->number == fold_newest_number(f, room) + 1 && e->previous == e->number - 1 &&
                fold_members_are(f, room, va->index, e->members, e->member_count) &&
                sealed_to_all(f, o, room, va->index);
    if (!good) {
        return true; /* passed over: whoever needs a key posts a good one */
    }
    if (!fold_grow(f->mem, &f->mine.epochs, f->mine.epoch_count, sizeof(f->mine.epochs[0]))) {
        return false;
    }
    struct epoch_state *s = &f->mine.epochs[f->mine.epoch_count];
    *s = (struct epoch_state){.room = room,
                              .number = e->number,
                              .index = va->index,
                              .leaf = va->leaf,
                              .member_count = e->member_count};
    s->members = ARENA_NEW(f->mem, struct kid, e->member_count);
    if (s->members == NULL) {
        return false;
    }
    if (e->member_count > 0) {
        memcpy(s->members, e->members, e->member_count * sizeof(s->members[0]));
    }
    memcpy(s->public_key, e->public_key, sizeof(s->public_key));
    f->mine.epoch_count++;
    return true;
}
