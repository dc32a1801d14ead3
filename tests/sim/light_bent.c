/* SPDX-License-Identifier: Apache-2.0
 *
 * A cheat that knows what it does: a paper or a key of a room that is right but for one thing.  The
 * card says so (`forged`), and no honest fold may let it count.
 */
#include "sim/light_draft.h"

/* In the plenary, under its newest key. */
static bool post(struct draft *d, const char *what, bool forged)
{
    struct light_seal seal = {0};
    const struct room plenary = {ROOM_PLENARY, 0};
    const struct epoch_state *e = fold_epoch(d->m->v.fold, plenary, d->m->v.count);
    bool ok = false;
    if (e == NULL) {
        return true;
    }
    seal.key_card = d->m->v.log[e->index];
    d->p.epoch = e->number;
    d->p.room = text_str("plenary");
    d->p.claimed_time = d->l->now;
    story_add(&d->l->story, "%s", what);
    uint32_t card = light_sealed(d->l, d->machine, &d->p, seal, false, &ok);
    if (!ok) {
        story_add(&d->l->story, " -> %s", d->l->err.what);
        return true;
    }
    d->l->cards[card].forged = forged;
    return light_post(d->l, d->machine, card);
}

static bool post_bent(struct draft *d, const char *what)
{
    return post(d, what, true);
}

bool draft_forged(struct draft *d, const char *what)
{
    return post_bent(d, what);
}

/* A paper of this kind that was signed in this run, and what is in it. */
static bool old_paper(struct draft *d, enum object_kind kind, struct object *out)
{
    struct light *l = d->l;
    for (int tries = 0; tries < 24 && l->object_count > 0; tries++) {
        struct err untold = {0};
        struct bytes raw = l->objects[below(d, l->object_count)];
        if (object_decode(kind, raw, &l->cards_mem, out, &untold)) {
            d->p.object = raw;
            return true;
        }
    }
    return false;
}

static uint32_t side_of_paper(const struct light *l, const struct object *o)
{
    for (uint32_t side = 0; side < l->charter.side_count; side++) {
        struct kid root = signer_kid(l->rec.sides[side].root);
        if (ID_EQ(root, o->principal)) {
            return side;
        }
    }
    return SIDE_NONE;
}

/* For somebody of another side. */
static bool mandate_abroad(struct draft *d)
{
    struct light *l = d->l;
    uint32_t k = (uint32_t)below(d, l->machine_count);
    if (l->machines[k].side == d->m->side) {
        return true;
    }
    struct object o = {.kind = OBJECT_MANDATE,
                       .delegate = l->machines[k].kid,
                       .powers = POWERS_ALL,
                       .all_issues = true,
                       .not_before = l->now - 60,
                       .expires = l->now + DAY};
    d->p.kind = KIND_MANDATE;
    d->p.object = light_paper(l, d->m->side, o);
    return post_bent(d, "mandates somebody of another side");
}

/* One that was posted, or revoked, before. */
static bool mandate_again(struct draft *d)
{
    struct object o;
    if (!old_paper(d, OBJECT_MANDATE, &o) || side_of_paper(d->l, &o) != d->m->side) {
        return true;
    }
    struct digest id = object_id(d->p.object);
    bool posted = state_mandate(d->s, d->m->side, &id) != NULL;
    d->p.kind = KIND_MANDATE;
    if (posted || state_revoked(d->s, d->m->side, &id)) {
        return post_bent(d, posted ? "posts a mandate again" : "posts a revoked mandate");
    }
    return true;
}

/* A paper that revokes a mandate which nobody has posted: it may never be. */
static bool revoke_unposted(struct draft *d)
{
    struct light *l = d->l;
    struct object m = {.kind = OBJECT_MANDATE,
                       .delegate = d->m->kid,
                       .powers = POWERS_ALL,
                       .all_issues = true,
                       .not_before = l->now - 60,
                       .expires = l->now + DAY};
    struct object r = {.kind = OBJECT_REVOKE};
    r.digest = object_id(light_paper(l, d->m->side, m));
    d->p.kind = KIND_REVOKE_MANDATE;
    d->p.object = light_paper(l, d->m->side, r);
    return post(d, "revokes a mandate that was never posted", false); /* that is his right */
}

static bool all_accept(const struct draft *d, const struct proposal_state *p)
{
    for (uint32_t g = 1; g <= d->s->charter.party_count; g++) {
        if (!answer_accepts(&p->answers[g])) {
            return false;
        }
    }
    return true;
}

/* A ratification of another version, of another side, or one that has counted before. */
static bool ratify_bent(struct draft *d)
{
    struct object o;
    for (uint32_t i = d->s->proposal_count; i > 0; i--) {
        const struct proposal_state *p = &d->s->proposals[i - 1];
        const struct leaf_hash other = d->s->charter_leaf;
        if (p->bound_at != INDEX_NEVER || p->ratified[d->m->side].given || !all_accept(d, p)) {
            continue;
        }
        d->p.kind = KIND_RATIFY;
        d->p.has_answers = true;
        d->p.answers = p->leaf;
        if (one_in(d, 2)) {
            d->p.object = draft_ratification(d, d->m->side, &other);
            return post_bent(d, "ratifies another version");
        }
        if (!old_paper(d, OBJECT_RATIFY, &o)) {
            return true;
        }
        memcpy(d->p.answers.b, o.digest.b, sizeof(o.digest.b));
        bool foreign = side_of_paper(d->l, &o) != d->m->side;
        struct digest id = object_id(d->p.object);
        bool spent = false;
        for (uint32_t k = 0; k < d->s->spent_count; k++) {
            spent = spent || ID_EQ(d->s->spent[k], id);
        }
        return (foreign || spent) ? post_bent(d, foreign ? "shows another side's ratification"
                                                         : "shows a ratification again")
                                  : true;
    }
    return true;
}

/* A charter signature over something else. */
static bool sign_bent(struct draft *d)
{
    struct object o = {.kind = OBJECT_SIGN_CHARTER};
    o.digest.b[0] = 1;
    d->p.kind = KIND_SIGN_CHARTER;
    d->p.object = light_paper(d->l, d->m->side, o);
    return post_bent(d, "signs another charter");
}

bool light_bend_paper(struct light *l, uint32_t machine)
{
    struct draft d;
    draft_begin(l, machine, &d);
    if (!d.s->has_charter || d.m->side > l->charter.party_count) {
        return true;
    }
    switch (below(&d, 6)) {
    case 0:
        return mandate_abroad(&d);
    case 1:
        return mandate_again(&d);
    case 2:
        return revoke_unposted(&d);
    case 3:
        return sign_bent(&d);
    default:
        return ratify_bent(&d);
    }
}

/* ---- keys of rooms ---- */

enum key_lie {
    LIE_NUMBER,  /* of no membership that there was */
    LIE_MEMBERS, /* one is left out of the list */
    LIE_ROOM,    /* the header names another room */
    LIE_SECOND,  /* the membership has a key already */
    LIE_MAY,     /* by somebody who may give none */
    LIE_HOLDS,   /* its public key is not that of its secret */
    LIE_EPOCH,   /* the header says that it is sealed to a room's key */
    KEY_LIES
};

static bool bend_key(struct light *l, uint32_t machine, enum key_lie lie, bool monitors)
{
    const struct machine *m = &l->machines[machine];
    const struct keyring *ring = door_keyring(m->v.door);
    const struct room room = {monitors ? ROOM_MONITORS : ROOM_PLENARY, 0};
    const char *name = monitors ? "monitors" : "plenary";
    uint32_t seats[SEATS_MAX];
    struct kid members[SEATS_MAX];
    uint64_t size = door_size(m->v.door);
    uint32_t own = keyring_find_seat(ring, &m->kid);
    bool ok = false;
    if (own == SEAT_NONE || fold_may_rekey(m->v.fold, room, own) == (lie == LIE_MAY) ||
        (lie == LIE_ROOM && !l->shape->monitors)) {
        return true;
    }
    uint32_t n = room_members(&l->charter, ring, room, size, seats);
    const struct epoch_state *e = fold_epoch(m->v.fold, room, size);
    bool stale = e == NULL || fold_epoch_stale(m->v.fold, e);
    if ((lie == LIE_SECOND) == stale && lie != LIE_NUMBER) {
        return true; /* another rule would stand against it, too */
    }
    for (uint32_t i = 0; i < n; i++) {
        members[i] = keyring_seat(ring, seats[i])->kid;
    }
    struct payload p = {.kind = KIND_EPOCH,
                        .room = text_str(lie != LIE_ROOM ? name
                                         : monitors      ? "plenary"
                                                         : "monitors"),
                        .epoch = lie == LIE_EPOCH ? 1 : 0,
                        .claimed_time = l->now,
                        .epoch_item = {.room = text_str(name),
                                       .number = room_membership(&l->charter, ring, room, size),
                                       .member_count = n - (lie == LIE_MEMBERS ? 1 : 0),
                                       .members = members,
                                       .reason = text_str("members")}};
    p.epoch_item.number += lie == LIE_NUMBER ? 1 + (uint32_t)prop_below(&l->rnd, 3) : 0;
    prop_fill(&l->rnd, p.epoch_item.public_key, sizeof(p.epoch_item.public_key));
    struct light_seal seal = {.by_identity = true, .sealed_to = light_members(l, &m->v, room)};
    uint32_t card = light_sealed(l, machine, &p, seal, false, &ok);
    if (!ok) {
        return true;
    }
    story_add(&l->story, "gives a room a key with lie %u", (unsigned)lie);
    l->cards[card].forged = true;
    l->cards[card].epoch_key_holds = lie != LIE_HOLDS;
    return light_post(l, machine, card);
}

bool light_bend_key(struct light *l, uint32_t machine)
{
    enum key_lie lie = (enum key_lie)prop_below(&l->rnd, KEY_LIES);
    return bend_key(l, machine, lie, l->shape->monitors && prop_one_in(&l->rnd, 3));
}

bool light_forge_key(struct light *l, uint32_t machine, bool monitors)
{
    const struct machine *m = &l->machines[machine];
    const struct room room = {monitors ? ROOM_MONITORS : ROOM_PLENARY, 0};
    uint32_t own = keyring_find_seat(door_keyring(m->v.door), &m->kid);
    bool may = own != SEAT_NONE && fold_may_rekey(m->v.fold, room, own);
    return bend_key(l, machine, may ? LIE_EPOCH : LIE_MAY, monitors);
}
