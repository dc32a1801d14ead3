/* SPDX-License-Identifier: Apache-2.0
 *
 * Seats that go, and sides that come and go.
 */
#include "app/desk_priv.h"
#include "app/office.h"

/* ---- a lost device, a replaced envoy ---- */

static bool may_revoke(struct desk *d, uint32_t seat, struct err *err)
{
    const struct ring_seat *s = keyring_seat(door_keyring(d->replica.door), seat);
    struct text side = state_side_name(desk_state(d), s->side);
    if (s->side != d->replica.side) {
        return err_set(err, ERR_USE, "only %.*s revokes a seat of %.*s", TEXT_ARG(side),
                       TEXT_ARG(side)) ||
               err_mend(err, "ask its principal to do it");
    }
    if (keys_signer(d->keys, KEY_ROOT) == NULL) {
        return err_set(err, ERR_KEY,
                       "only the principal of %.*s can revoke a seat, and his key is not here",
                       TEXT_ARG(side)) ||
               err_mend(err, "he does it at his own seat: entente seat revoke SEAT");
    }
    return true;
}

/* What goes with the seat, and what stands. */
static void put_revocation(struct desk *d, uint32_t seat, struct buf *out)
{
    struct view v = desk_view(d);
    const struct table_state *s = desk_state(d);
    const struct keyring *ring = door_keyring(d->replica.door);
    const struct ring_seat *r = keyring_seat(ring, seat);
    uint32_t mandates = 0;
    buf_printf(out, "You end the seat of %.*s, whose own key begins with %s.\n",
               TEXT_ARG(state_seat_name(s, ring, seat, v.mem)), id_spoken(r->kid.b).s);
    buf_add_str(out,
                "  What it has filed stands: proposals, answers and promises are your side's.\n"
                "  From now on nothing that it signs is taken, and the host shows it nothing "
                "new.\n");
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        const struct mandate_state *m = &s->mandates[i];
        if (m->seat == seat && m->revoked_at == INDEX_NEVER && m->expires > v.now) {
            buf_printf(out, "%s M%u", mandates++ == 0 ? "  With it ends mandate" : ",", i + 1);
        }
    }
    buf_add_str(out, mandates > 0 ? ".\n" : "");
    if (office_is_witness(&d->replica, seat)) {
        buf_add_str(out, seat == d->replica.seat
                             ? "  It countersigns for your side: until another seat of yours is "
                               "named, your side countersigns nothing.\n"
                             : "  It countersigns for your side: from now on others of yours do, "
                               "or this seat.\n");
    }
    buf_add_str(out,
                "  The rooms where it sat get fresh keys. What it has read it may have kept.\n");
}

#define NEXT_REVOKED "entente seat invite SIDE --post TITLE, for whoever comes in its place"

bool desk_revoke_seat(struct desk *d, struct text name, const struct desk_say *say, struct err *err)
{
    uint32_t seat;
    struct buf shown;
    if (!desk_take(d, err) || !desk_find_seat(d, name, &seat, err) || !may_revoke(d, seat, err)) {
        return false;
    }
    struct text who = state_seat_name(desk_state(d), door_keyring(d->replica.door), seat,
                                      &d->mem.mem);
    /* Of the state, which the acts that follow may have made anew. */
    const char *kept = arena_printf(&d->mem.mem, "%.*s", TEXT_ARG(who));
    struct id_hex kid = id_hex(keyring_seat(door_keyring(d->replica.door), seat)->kid.b);
    buf_init(&shown, 1u << 20);
    put_revocation(d, seat, &shown);
    bool ok = d->who.confirm(d->who.ctx, buf_str(&shown), err) &&
              office_revoke(&d->replica, seat, err);
    buf_free(&shown);
    if (!ok) {
        return false;
    }
    if (say->json != NULL) {
        json_put_key(say->json, "seat");
        json_put_str(say->json, kept == NULL ? "?" : kept);
        json_put_key(say->json, "key");
        json_put_str(say->json, kid.s);
        json_put_key(say->json, "next");
        json_put_str(say->json, NEXT_REVOKED);
    } else {
        buf_printf(say->words, "Revoked: %s. What it has filed stands.\nNext: %s\n",
                   kept == NULL ? "?" : kept, NEXT_REVOKED);
    }
    return true;
}

/* ---- going on without a side ---- */

bool desk_proceed(struct desk *d, struct text name, const struct desk_say *say, struct err *err)
{
    if (!desk_take(d, err) || !desk_has_charter(d, err)) {
        return false;
    }
    const struct charter *c = &desk_state(d)->charter;
    uint32_t side = charter_find_side(c, desk_side_id(d, name));
    if (side >= charter_groups(c) || side == d->replica.side) {
        return err_set(err, ERR_USE, "%.*s is no other side that countersigns", TEXT_ARG(name)) ||
               err_mend(err, "name a party or the mediation: entente table show");
    }
    struct arena *mem = &d->mem.mem;
    const char *who = arena_printf(mem, "%.*s", TEXT_ARG(c->sides[side].name));
    const char *shown = arena_printf(
        mem,
        "You put on the record that it goes on without %s.\n"
        "  Until it countersigns again, nothing waits for its countersignature.\n"
        "  Its silence is no consent: no step that only it can take is presumed.\n",
        who);
    if (mem->failed) {
        return err_memory(err, "the answer");
    }
    if (!d->who.confirm(d->who.ctx, shown, err) || !office_proceed(&d->replica, side, err)) {
        return false;
    }
    const char *next = "entente journey";
    if (say->json != NULL) {
        json_put_key(say->json, "without");
        json_put_str(say->json, who);
        json_put_key(say->json, "next");
        json_put_str(say->json, next);
    } else {
        buf_printf(say->words,
                   "The record goes on without %s until it countersigns again.\nNext: %s\n", who,
                   next);
    }
    return true;
}
