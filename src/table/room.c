/* SPDX-License-Identifier: Apache-2.0 */
#include "table/room.h"

#include <stdio.h>

static const char *prefix(enum room_kind kind)
{
    switch (kind) {
    case ROOM_HOME:
        return "home/";
    case ROOM_SHUTTLE:
        return "shuttle/";
    case ROOM_CONSULT:
        return "consult/";
    case ROOM_PLENARY:
        return "plenary";
    case ROOM_PRINCIPALS:
        return "principals";
    case ROOM_MONITORS:
        return "monitors";
    }
    return "";
}

static bool has_side_part(enum room_kind kind)
{
    return kind == ROOM_HOME || kind == ROOM_SHUTTLE || kind == ROOM_CONSULT;
}

void room_name(const struct charter *c, struct room r, char *out)
{
    if (has_side_part(r.kind)) {
        (void)snprintf(out, ROOM_NAME_MAX, "%s%.*s", prefix(r.kind), TEXT_ARG(c->sides[r.side].id));
    } else {
        (void)snprintf(out, ROOM_NAME_MAX, "%s", prefix(r.kind));
    }
}

uint32_t room_list(const struct charter *c, struct room *out)
{
    uint32_t n = 0;
    out[n++] = (struct room){ROOM_PLENARY, 0};
    out[n++] = (struct room){ROOM_PRINCIPALS, 0};
    if (c->monitor_count > 0) {
        out[n++] = (struct room){ROOM_MONITORS, 0};
    }
    for (uint32_t i = 0; i < c->side_count; i++) {
        if (!c->sides[i].present) {
            continue;
        }
        out[n++] = (struct room){ROOM_HOME, i};
        if (c->sides[i].role == ROLE_PARTY && c->sides[0].present) {
            out[n++] = (struct room){ROOM_SHUTTLE, i};
        }
        if (c->sides[i].role == ROLE_CONSULTED) {
            out[n++] = (struct room){ROOM_CONSULT, i};
        }
    }
    return n;
}

bool room_parse(const struct charter *c, struct text name, struct room *out)
{
    struct room rooms[ROOMS_MAX];
    uint32_t n = room_list(c, rooms);
    for (uint32_t i = 0; i < n; i++) {
        char s[ROOM_NAME_MAX];
        room_name(c, rooms[i], s);
        if (text_is(name, s)) {
            *out = rooms[i];
            return true;
        }
    }
    return false;
}

bool room_has_side(const struct charter *c, struct room r, uint32_t side)
{
    if (side >= c->side_count || !c->sides[side].present) {
        return false;
    }
    enum side_role role = c->sides[side].role;
    bool negotiates = role == ROLE_MEDIATION || role == ROLE_PARTY;
    switch (r.kind) {
    case ROOM_HOME:
        return side == r.side;
    case ROOM_SHUTTLE:
    case ROOM_CONSULT:
        return side == r.side || role == ROLE_MEDIATION;
    case ROOM_PLENARY:
        return negotiates;
    case ROOM_PRINCIPALS:
        return role == ROLE_PARTY;
    case ROOM_MONITORS:
        return negotiates || role == ROLE_MONITOR;
    }
    return false;
}

bool room_has_seat(const struct charter *c, struct room r, const struct ring_seat *seat)
{
    return room_has_side(c, r, seat->side) && (r.kind != ROOM_PRINCIPALS || seat->keys.post == 0);
}

uint32_t room_members(const struct charter *c, const struct keyring *ring, struct room r,
                      uint64_t at, uint32_t *out)
{
    uint32_t n = 0;
    uint32_t seats = keyring_seats(ring, at);
    for (uint32_t i = 0; i < seats && n < SEATS_MAX; i++) {
        const struct ring_seat *s = keyring_seat(ring, i);
        if (!ring_seat_active(s, at) || !room_has_seat(c, r, s)) {
            continue;
        }
        uint32_t k = n++; /* insertion: few members, and kids give the order */
        while (k > 0 && memcmp(keyring_seat(ring, out[k - 1])->kid.b, s->kid.b, 32) > 0) {
            out[k] = out[k - 1];
            k--;
        }
        out[k] = i;
    }
    return n;
}

/* Puts one more index, if it is not there yet. */
static uint32_t put_once(uint64_t *list, uint32_t n, uint64_t index)
{
    for (uint32_t i = 0; i < n; i++) {
        if (list[i] == index) {
            return n;
        }
    }
    list[n] = index;
    return n + 1;
}

uint32_t room_membership(const struct charter *c, const struct keyring *ring, struct room r,
                         uint64_t at)
{
    uint64_t changes[2 * SEATS_MAX]; /* each seat comes once and goes once */
    uint32_t n = 0;
    uint32_t seats = keyring_seats(ring, at);
    for (uint32_t i = 0; i < seats && i < SEATS_MAX; i++) {
        const struct ring_seat *s = keyring_seat(ring, i);
        if (!room_has_seat(c, r, s)) {
            continue;
        }
        n = put_once(changes, n, s->admitted_at);
        if (s->revoked_at < at) {
            n = put_once(changes, n, s->revoked_at);
        }
    }
    return n;
}
