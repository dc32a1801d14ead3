/* SPDX-License-Identifier: Apache-2.0 */
#include "app/office.h"

#include "app/act.h"

static bool post(struct replica *r, enum key_type author, enum control_kind kind,
                 const struct buf *blob, const char *what, struct err *err)
{
    return buf_done(blob, what, err) &&
           envelope_post_control(r, author, kind, buf_bytes(blob), err);
}

/* ---- witnesses ---- */

bool office_is_witness(const struct replica *r, uint32_t seat)
{
    const struct keyring *ring = door_keyring(r->door);
    const struct ring_seat *s = keyring_seat(ring, seat);
    const struct ring_naming *n = keyring_naming(ring, s->side, door_size(r->door));
    for (uint32_t i = 0; n != NULL && i < n->count; i++) {
        if (n->witnesses[i] == s->witness) {
            return true;
        }
    }
    return false;
}

/* The witnesses of the naming that are in office, but for that seat (SEAT_NONE: all). */
static void keep_in_office(const struct replica *r, const struct ring_naming *now, uint32_t without,
                           struct naming *out)
{
    const struct keyring *ring = door_keyring(r->door);
    for (uint32_t i = 0; i < now->count; i++) {
        uint32_t seat = keyring_witness(ring, now->witnesses[i])->seat;
        const struct ring_seat *s = keyring_seat(ring, seat);
        if (seat != without && ring_seat_active(s, door_size(r->door))) {
            out->witnesses[out->count++] = s->keys.witness;
        }
    }
}

/* As many as before are needed, or all that there are: more than half, as the list is no longer. */
static void set_needed(struct naming *n, uint32_t before)
{
    n->needed = before < n->count ? before : n->count;
}

static bool name(struct replica *r, const struct naming *n, struct err *err)
{
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    naming_encode(n, &b);
    bool ok = post(r, KEY_ROOT, CONTROL_WITNESSES, &b, "the naming of a witness", err);
    buf_free(&b);
    return ok;
}

bool office_name_witness(struct replica *r, struct err *err)
{
    const struct keyring *ring = door_keyring(r->door);
    const struct found *found = keyring_found(ring);
    if (found == NULL || r->side >= found->groups || r->seat == SEAT_NONE ||
        keys_signer(r->keys, KEY_ROOT) == NULL) {
        return true;
    }
    const struct pubkey *own = &keyring_seat(ring, r->seat)->keys.witness;
    const struct ring_naming *now = keyring_naming(ring, r->side, door_size(r->door));
    struct naming n = {.count = 0};
    if (now != NULL) {
        keep_in_office(r, now, SEAT_NONE, &n);
        if (n.count >= now->needed || office_is_witness(r, r->seat)) {
            return true;
        }
    }
    n.witnesses[n.count++] = *own; /* one of those before is missing */
    set_needed(&n, now == NULL ? 1 : now->needed);
    return name(r, &n, err);
}

/* ---- a seat that goes ---- */

static bool name_others(struct replica *r, uint32_t seat, struct err *err)
{
    const struct keyring *ring = door_keyring(r->door);
    const struct ring_naming *now = keyring_naming(ring, r->side, door_size(r->door));
    struct naming n = {.count = 0};
    if (!office_is_witness(r, seat)) {
        return true;
    }
    keep_in_office(r, now, seat, &n);
    if (n.count == 0 && r->seat != SEAT_NONE && r->seat != seat) {
        n.witnesses[n.count++] = keyring_seat(ring, r->seat)->keys.witness;
    }
    if (n.count == 0) {
        return true; /* nobody is left: the next seat of the principal names itself */
    }
    set_needed(&n, now->needed);
    return name(r, &n, err);
}

/* Fresh keys for the rooms where that seat sat.  What makes one fail is mended by the next act in that
 * room, which asks for a fresh key first: the revocation stands. */
static bool rekey(struct replica *r, uint32_t seat, struct err *err)
{
    struct room rooms[ROOMS_MAX];
    const struct charter *c = fold_sides(r->fold);
    uint32_t n = c == NULL ? 0 : room_list(c, rooms);
    for (uint32_t i = 0; i < n; i++) {
        const struct ring_seat *gone = keyring_seat(door_keyring(r->door), seat);
        if (room_has_seat(fold_sides(r->fold), rooms[i], gone) && !act_rekey(r, rooms[i], err)) {
            return err_mend(err, "the seat is revoked; \"entente sync\" goes on with the rest");
        }
    }
    return true;
}

bool office_revoke(struct replica *r, uint32_t seat, struct err *err)
{
    struct buf b;
    struct kid kid = keyring_seat(door_keyring(r->door), seat)->kid;
    bool own = seat == r->seat;
    if (!name_others(r, seat, err)) {
        return false;
    }
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_revoke(&kid, &b);
    bool ok = post(r, KEY_ROOT, CONTROL_KEYS, &b, "the revocation of a seat", err);
    buf_free(&b);
    return ok && (own || rekey(r, seat, err));
}

/* ---- a side that is silent ---- */

bool office_proceed(struct replica *r, uint32_t side, struct err *err)
{
    struct buf b;
    const struct witness_log *log = door_witness(r->door);
    uint64_t size = door_size(r->door);
    if (witness_out(log, side, size)) {
        return err_set(err, ERR_STATE, "the record goes on without that side already");
    }
    if (!witness_would_proceed(log, size, r->side, side)) {
        return err_set(err, ERR_STATE,
                       "it cannot be gone on without that side yet: two other sides must have "
                       "countersigned twice, a grace of %u hours apart, since it last did",
                       keyring_found(door_keyring(r->door))->grace_seconds / 3600) ||
               err_mend(err, "let the others synchronise (entente sync), wait, and try again");
    }
    buf_init(&b, CONTROL_BLOB_MAX);
    proceed_encode(side, &b);
    bool ok = post(r, KEY_SEAT, CONTROL_PROCEED, &b, "going on without a side", err);
    buf_free(&b);
    return ok;
}
