/* SPDX-License-Identifier: Apache-2.0 */
#include "table/fold_priv.h"

#include "base/switch_off.h"

/* Who may give a room a key [3.3]: a seat that may grant, of a side that negotiates (plenary,
 * monitors), of the home's own side, or of any side in the room. */
bool fold_may_rekey(const struct fold *f, struct room room, uint32_t seat)
{
    const struct charter *c = fold_sides(f);
    const struct ring_seat *s = keyring_seat(f->ring, seat);
    return c != NULL && (s->keys.flags & (uint32_t)SEAT_MAY_GRANT) != 0 &&
           room_has_seat(c, room, s) && (!room_shared(room) || s->side < charter_groups(c));
}

bool fold_epoch_stale(const struct fold *f, const struct epoch_state *e)
{
    return e->number != room_membership(fold_sides(f), f->ring, e->room, f->size);
}

/* It lists the members of its own index and its seal has a good stanza for every one of them: an
 * epoch that only some can open is good for nobody, and whoever opens it sees that. */
static bool for_all(const struct fold *f, const struct verified_act *va, const struct opened *o,
                    const struct epoch_item *e, struct room room)
{
    uint32_t seats[SEATS_MAX];
    uint32_t n = room_members(fold_sides(f), f->ring, room, va->index, seats);
    if (CHECK_ON(EPOCH_MEMBERS) && n != e->member_count) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        bool named = i < e->member_count &&
                     ID_EQ(keyring_seat(f->ring, seats[i])->kid, e->members[i]);
        if ((CHECK_ON(EPOCH_MEMBERS) && !named) ||
            (CHECK_ON(EPOCH_SEALED) &&
             (o->sealed_to[seats[i] / 8] & (1u << (seats[i] % 8))) == 0)) {
            return false;
        }
    }
    return true;
}

static const struct epoch_state *numbered(const struct fold *f, struct room room, uint32_t number)
{
    for (uint32_t i = f->mine.epoch_count; i > 0; i--) {
        const struct epoch_state *e = &f->mine.epochs[i - 1];
        if (e->number == number && room_eq(e->room, room)) {
            return e;
        }
    }
    return NULL;
}

/* The good epoch whose key this is, below the act that is read now: the fold knows no other; NULL
 * where no room that we know has it. */
const struct epoch_state *fold_epoch_of_key(const struct fold *f, const uint8_t key[static 32])
{
    for (uint32_t i = f->mine.epoch_count; i > 0; i--) {
        const struct epoch_state *e = &f->mine.epochs[i - 1];
        if (memcmp(e->public_key, key, sizeof(e->public_key)) == 0) {
            return e;
        }
    }
    return NULL;
}

/* One key for each membership, the first noted: whoever sits in the room has seen every good epoch of
 * the present membership, so all its members say the same of each, whatever was before their time. */
bool fold_take_epoch(struct fold *f, const struct verified_act *va, const struct opened *o,
                     const struct payload *p)
{
    const struct epoch_item *e = &p->epoch_item;
    const struct charter *c = fold_sides(f);
    struct room room;
    bool good = (!CHECK_ON(EPOCH_IDENTITY) || (o->by_identity && p->epoch == 0)) && o->matches &&
                (!CHECK_ON(EPOCH_HOLDS) || o->epoch_key_holds) && va->author.type == KEY_SEAT &&
                (!CHECK_ON(EPOCH_ROOM) || text_eq(e->room, p->room)) &&
                room_parse(c, e->room, &room) &&
                (!CHECK_ON(EPOCH_MAY) || fold_may_rekey(f, room, va->author.seat)) &&
                (!CHECK_ON(EPOCH_NUMBER) ||
                 e->number == room_membership(c, f->ring, room, va->index)) &&
                (!CHECK_ON(EPOCH_FIRST) || numbered(f, room, e->number) == NULL) &&
                for_all(f, va, o, e, room);
    if (!good) {
        return true; /* passed over: whoever needs a key posts a good one */
    }
    if (!fold_grow(f->mem, &f->mine.epochs, f->mine.epoch_count, sizeof(f->mine.epochs[0]))) {
        return false;
    }
    struct epoch_state *s = &f->mine.epochs[f->mine.epoch_count++];
    *s = (struct epoch_state){.room = room,
                              .number = e->number,
                              .previous = e->previous,
                              .index = va->index,
                              .leaf = va->leaf};
    memcpy(s->public_key, e->public_key, sizeof(s->public_key));
    return true;
}

bool fold_missing_epoch(const struct fold *f, uint64_t since, struct missing_epoch *out)
{
    for (uint32_t i = 0; i < f->mine.epoch_count; i++) {
        const struct epoch_state *e = &f->mine.epochs[i];
        /* What it says of our own time we have seen ourselves: then it is a lie. */
        if (room_shared(e->room) && e->previous > 0 &&
            e->previous < room_membership(fold_sides(f), f->ring, e->room, since + 1) &&
            numbered(f, e->room, e->previous) == NULL) {
            *out = (struct missing_epoch){e->room, e->previous, e->index};
            return true;
        }
    }
    return false;
}
