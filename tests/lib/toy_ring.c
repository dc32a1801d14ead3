/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/toy_ring.h"

#include "lib/test.h"

struct pubkey toy_key(enum key_type type, uint32_t side, uint32_t seat)
{
    struct pubkey pk = {{(uint8_t)type, (uint8_t)side, (uint8_t)seat, 0x5a}};
    return pk;
}

static struct act by(enum key_type type, uint32_t side, uint32_t seat)
{
    struct pubkey pk = toy_key(type, side, seat);
    struct kid kid = kid_of(type, &pk);
    return (struct act){.kid = kid_short(&kid)};
}

struct act toy_by_root(uint32_t side)
{
    return by(KEY_ROOT, side, 0);
}

struct act toy_by_seat(uint32_t side, uint32_t seat)
{
    return by(KEY_SEAT, side, seat);
}

static const char founding[] = "a toy's founding";

static struct table_id toy_table(void)
{
    return table_id_of(bytes_str(founding));
}

struct control toy_found(uint32_t groups, uint32_t convener, uint32_t grace)
{
    struct control c = {.kind = CONTROL_FOUND};
    c.as.found = (struct found){.rules_version = 1,
                                .host = toy_key(KEY_HOST, 0, 0),
                                .root = toy_key(KEY_ROOT, convener, 0),
                                .stanza_multiple = STANZA_MULTIPLE_DEFAULT,
                                .blob_limit_bytes = BLOB_LIMIT_DEFAULT,
                                .grace_seconds = grace,
                                .groups = groups,
                                .convener_side = convener};
    return c;
}

static struct seat_keys seat_keys(uint32_t side, uint32_t seat, uint32_t post)
{
    return (struct seat_keys){.sign = toy_key(KEY_SEAT, side, seat),
                              .seal = toy_key(KEY_HOST, side, seat), /* any bytes will do */
                              .witness = toy_key(KEY_WITNESS, side, seat),
                              .post = post};
}

struct control toy_slip(uint32_t side, uint32_t seats)
{
    struct control c = {.kind = CONTROL_KEYS, .verb = KEYS_ADMIT_SIDE};
    struct slip *s = &c.as.slip;
    s->table = toy_table();
    s->side = side;
    s->root = toy_key(KEY_ROOT, side, 0);
    s->seat_count = seats;
    for (uint32_t i = 0; i < seats; i++) {
        s->seats[i] = seat_keys(side, i, i);
    }
    return c;
}

struct control toy_seat_slip(uint32_t side, uint32_t seat, uint32_t post)
{
    struct control c = {.kind = CONTROL_KEYS, .verb = KEYS_ADMIT_SEAT};
    c.as.seat_slip = (struct seat_slip){
        .table = toy_table(), .side = side, .seat = seat_keys(side, seat, post)};
    return c;
}

struct control toy_revoke(uint32_t side, uint32_t seat)
{
    struct control c = {.kind = CONTROL_KEYS, .verb = KEYS_REVOKE};
    struct pubkey pk = toy_key(KEY_SEAT, side, seat);
    c.as.revoked = kid_of(KEY_SEAT, &pk);
    return c;
}

struct control toy_naming(uint32_t needed, uint32_t side, const uint32_t *seats, uint32_t count)
{
    struct control c = {.kind = CONTROL_WITNESSES};
    c.as.naming = (struct naming){.needed = needed, .count = count};
    for (uint32_t i = 0; i < count && i < GROUP_WITNESSES_MAX; i++) {
        c.as.naming.witnesses[i] = toy_key(KEY_WITNESS, side, seats[i]);
    }
    return c;
}

void toy_apply(struct keyring *ring, uint64_t index, uint32_t side, const struct control *c)
{
    struct act act = toy_by_root(side);
    struct err err = {0};
    if (!keyring_apply(ring, index, &act, bytes_str(founding), c, TRUST_STORED, &err)) {
        fail_msg("act %llu: %s", (unsigned long long)index, err.what);
    }
}

void toy_refused(struct keyring *ring, uint64_t index, const struct act *act,
                 const struct control *c, const char *why)
{
    struct err err = {0};
    if (keyring_apply(ring, index, act, bytes_str(founding), c, TRUST_STORED, &err)) {
        fail_msg("taken in, though %s", why);
    }
    if (strstr(err.what, why) == NULL) {
        fail_msg("it says \"%s\", not \"%s\"", err.what, why);
    }
}
