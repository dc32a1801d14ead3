/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/hostile.h"

#include "app/sync.h"
#include "crypto/dh.h"
#include "lib/test.h"
#include "record/room_key.h"

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", err->what, err->where, err->mend);
    }
}

static struct room room_of(const struct replica *r, const char *name)
{
    struct room room;
    if (!room_parse(fold_sides(r->fold), text_str(name), &room)) {
        fail_msg("there is no room %s", name);
    }
    return room;
}

void hostile_key(const struct replica *r, const char *room, uint32_t number,
                 const uint8_t secret[32], struct room_key *out)
{
    *out = (struct room_key){.index = 0};
    room_key_of(secret, &r->table, text_str(room), number, out->secret);
    dh_public(out->secret, out->public_key);
    tag_key_of(out->secret, &out->tag);
}

uint64_t hostile_post(struct replica *r, const struct payload *p, uint32_t epoch,
                      const struct envelope_seal *to)
{
    struct content_header h = {.claimed_time = clock_now(r->clock),
                               .kind = (uint32_t)p->kind,
                               .room = p->room,
                               .epoch = epoch,
                               .has_answers = p->has_answers,
                               .answers = p->answers};
    struct content_item *items;
    struct err err = {0};
    size_t count;
    uint64_t index = 0;
    must(sync_take(r, &err) && payload_items(p, &r->scratch.mem, &items, &count, &err) &&
             envelope_post_sealed(r, &h, items, count, to, &index, &err),
         &err);
    arena_wipe(&r->scratch.mem);
    return index;
}

uint64_t hostile_to(struct replica *r, const struct payload *p, const uint32_t *seats,
                    uint32_t count)
{
    static uint8_t to[SEATS_MAX][32];
    for (uint32_t i = 0; i < count; i++) {
        memcpy(to[i], keyring_seat(door_keyring(r->door), seats[i])->keys.seal.b, 32);
    }
    const struct envelope_seal seal = {.identity_count = count, .identities = to[0]};
    return hostile_post(r, p, 0, &seal);
}

uint32_t hostile_number(const struct replica *r, const char *room)
{
    return room_membership(fold_sides(r->fold), door_keyring(r->door), room_of(r, room),
                           door_size(r->door));
}

struct room_key hostile_held(const struct replica *r, const char *room)
{
    const struct epoch_state *e = fold_epoch(r->fold, room_of(r, room), door_size(r->door));
    assert_non_null(e);
    const struct room_key *k = opening_key(&r->openings, e->public_key);
    assert_non_null(k);
    return *k;
}

uint64_t hostile_epoch(struct replica *r, const struct hostile_epoch *e, struct room_key *out_key)
{
    static const uint8_t plain[32] = {0x5e};
    struct err err = {0};
    must(sync_take(r, &err), &err);
    const struct keyring *ring = door_keyring(r->door);
    uint32_t seats[SEATS_MAX];
    struct kid members[SEATS_MAX];
    struct room room;
    uint32_t n = 0;
    if (room_parse(fold_sides(r->fold), text_str(e->room), &room)) {
        n = room_members(fold_sides(r->fold), ring, room, door_size(r->door), seats);
    }
    const uint32_t *to = e->to != NULL ? e->to : seats;
    uint32_t to_count = e->to != NULL ? e->to_count : n;
    const uint32_t *listed = e->lists_to ? to : seats;
    uint32_t listed_count = e->lists_to ? to_count : n;
    for (uint32_t i = 0; i < listed_count; i++) {
        members[i] = keyring_seat(ring, listed[i])->kid;
        for (uint32_t k = i; k > 0 && memcmp(members[k - 1].b, members[k].b, 32) > 0; k--) {
            struct kid t = members[k];
            members[k] = members[k - 1];
            members[k - 1] = t;
        }
    }
    struct room_key key;
    uint32_t number = e->number != 0 ? e->number : hostile_number(r, e->room);
    const uint8_t *secret = e->secret != NULL ? e->secret : plain;
    hostile_key(r, e->room, number, secret, &key);
    struct payload p = {.kind = KIND_EPOCH,
                        .room = text_str(e->header_room != NULL ? e->header_room : e->room),
                        .epoch_item = {.room = text_str(e->room),
                                       .number = number,
                                       .previous = e->previous,
                                       .member_count = listed_count,
                                       .members = members,
                                       .reason = text_str("because")}};
    memcpy(p.epoch_item.secret, secret, 32);
    memcpy(p.epoch_item.public_key, key.public_key, 32);
    p.epoch_item.public_key[3] ^= e->other_key ? 1 : 0;
    if (out_key != NULL) {
        *out_key = key;
    }
    return hostile_to(r, &p, to, to_count);
}
