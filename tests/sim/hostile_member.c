/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/hostile_member.h"

#include "crypto/dh.h"
#include "lib/app_sim.h"
#include "record/cosign.h"
#include "record/room_key.h"
#include "sim/behave.h"
#include "sim/forge.h"
#include "table/kind.h"

#define DAY UINT64_C(86400)

/* What a cheat has in hands. */
struct hand {
    struct world *w;
    struct seat_sim *s;
    struct replica *r;
    const struct table_state *state;
    uint32_t seat;
    struct payload p;
    struct forgery f;
    struct named_choice choices[8];
    struct text texts[2];
    struct reservation reserved[1];
    struct leaf_hash refs[1];
    struct grant_act grants[1];
    struct kid members[SEATS_MAX];
    uint8_t identities[SEATS_MAX][32];
    char home[ROOM_NAME_MAX];
};

static struct prop *rnd(struct hand *h)
{
    return &h->w->rnd;
}

static bool one_in(struct hand *h, uint64_t n)
{
    return prop_one_in(&h->w->rnd, n);
}

static struct leaf_hash some_leaf(struct hand *h)
{
    return door_leaf(h->r->door, prop_below(rnd(h), door_size(h->r->door)));
}

/* A proposal, an answer, a ratification, an incident, or anything. */
static struct leaf_hash some_matter(struct hand *h)
{
    const struct table_state *s = h->state;
    if (s->proposal_count > 0 && !one_in(h, 4)) {
        const struct proposal_state *p = &s->proposals[prop_below(rnd(h), s->proposal_count)];
        uint32_t side = (uint32_t)prop_below(rnd(h), charter_groups(&s->charter));
        return one_in(h, 3)                              ? p->answers[side].leaf
               : one_in(h, 4) && p->ratified[side].given ? p->ratified[side].leaf
                                                         : p->leaf;
    }
    if (s->incident_count > 0 && one_in(h, 2)) {
        return s->incidents[prop_below(rnd(h), s->incident_count)].leaf;
    }
    return some_leaf(h);
}

/* ---- papers ---- */

/* A paper that somebody has shown before. */
static bool old_paper(struct hand *h, struct bytes *out)
{
    struct arena *mem = &h->r->memory.mem;
    uint64_t size = door_size(h->r->door);
    for (int tries = 0; tries < 24; tries++) {
        struct act a;
        struct opened_act o;
        struct payload p;
        struct err untold = {0};
        uint64_t i = prop_below(rnd(h), size);
        if (replica_act(h->r, i, mem, &a, &o, &untold) && o.open &&
            payload_from(&o.content, mem, &p, &untold) && p.object.n > 0) {
            *out = p.object;
            h->p.kind = p.kind;
            h->p.answers = p.answers;
            h->p.has_answers = p.has_answers;
            return true;
        }
    }
    return false;
}

static bool new_paper(struct hand *h, struct bytes *out)
{
    static const enum object_kind kinds[] = {OBJECT_MANDATE, OBJECT_SIGN_CHARTER, OBJECT_REVOKE,
                                             OBJECT_RATIFY};
    static const enum act_kind acts[] = {KIND_MANDATE, KIND_SIGN_CHARTER, KIND_REVOKE_MANDATE,
                                         KIND_RATIFY};
    const struct signer *root = keys_signer(h->r->keys, KEY_ROOT);
    const struct keyring *ring = door_keyring(h->r->door);
    struct buf b;
    struct err untold = {0};
    if (root == NULL) {
        return old_paper(h, out);
    }
    size_t k = (size_t)prop_below(rnd(h), COUNT_OF(kinds));
    uint32_t seat = (uint32_t)prop_below(rnd(h), keyring_seats(ring, door_size(h->r->door)));
    struct object o = {.kind = kinds[k],
                       .table = h->r->table,
                       .delegate = keyring_seat(ring, seat)->kid,
                       .powers = (uint32_t)prop_between(rnd(h), 1, 63),
                       .all_issues = true,
                       .not_before = h->w->now - prop_below(rnd(h), 2 * DAY),
                       .expires = h->w->now + prop_below(rnd(h), 4 * DAY)};
    h->p.kind = acts[k];
    h->p.answers = some_matter(h);
    h->p.has_answers = kinds[k] == OBJECT_RATIFY;
    memcpy(o.digest.b, h->p.answers.b, sizeof(o.digest.b));
    if (kinds[k] == OBJECT_REVOKE && h->state->mandate_count > 0) {
        o.digest = h->state->mandates[prop_below(rnd(h), h->state->mandate_count)].id;
    }
    buf_init(&b, ENVELOPE_MAX);
    bool ok = object_sign(&o, root, &b, &untold);
    *out = ok ? arena_copy(&h->r->memory.mem, buf_bytes(&b)) : (struct bytes){0};
    buf_free(&b);
    return ok;
}

/* ---- any act ---- */

static void some_room(struct hand *h)
{
    static const char *const rooms[] = {"plenary",         "plenary",      "plenary",    "monitors",
                                        "shuttle/kestria", "home/velland", "principals", "home"};
    uint64_t k = prop_below(rnd(h), COUNT_OF(rooms));
    h->p.room = text_str(rooms[k]);
    if (k == COUNT_OF(rooms) - 1) {
        room_name(&h->state->charter, (struct room){ROOM_HOME, h->r->side}, h->home);
        h->p.room = text_str(h->home);
    }
}

static const enum act_kind kinds[] = {
    KIND_PROPOSE, KIND_PROPOSE,   KIND_ANSWER,    KIND_ANSWER,  KIND_ANSWER,     KIND_WITHDRAW,
    KIND_CLOSE,   KIND_CONFIRM,   KIND_CONFIRM,   KIND_PROMISE, KIND_REPORT,     KIND_VERIFY,
    KIND_LAPSE,   KIND_INCIDENT,  KIND_ASSESS,    KIND_GATE,    KIND_PARK,       KIND_CONSENT,
    KIND_SAY,     KIND_STATEMENT, KIND_INTRODUCE, KIND_VOID,    KIND_CANNOT_OPEN};

/* Fields for any kind, drawn wildly from what is there; payload_items takes those of the kind. */
static bool any_act(struct hand *h)
{
    const struct charter *c = &h->state->charter;
    struct payload *p = &h->p;
    bool paper = one_in(h, 4);
    some_room(h);
    if (paper) {
        return one_in(h, 2) ? old_paper(h, &p->object) : new_paper(h, &p->object);
    }
    p->kind = kinds[prop_below(rnd(h), COUNT_OF(kinds))];
    bool about = p->kind == KIND_ANSWER || p->kind == KIND_WITHDRAW || p->kind == KIND_CLOSE ||
                 p->kind == KIND_CONFIRM || p->kind == KIND_ASSESS || p->kind == KIND_VOID ||
                 p->kind == KIND_CANNOT_OPEN || (p->kind == KIND_VERIFY && one_in(h, 2));
    p->has_answers = about != one_in(h, 30);
    p->answers = some_matter(h);
    h->texts[0] = h->texts[1] = text_str("forged");
    p->texts = h->texts;
    p->text_count = p->kind == KIND_SAY || p->kind == KIND_STATEMENT || p->kind == KIND_PROMISE ||
                            p->kind == KIND_INCIDENT || p->kind == KIND_PARK
                        ? 1
                        : 0;
    uint32_t phase = (uint32_t)prop_below(rnd(h), c->phase_count);
    p->choice_count = 0;
    for (uint32_t i = 0; p->kind == KIND_PROPOSE && i < c->issue_count && i < 8; i++) {
        if (c->issues[i].phase == phase || one_in(h, 12)) {
            h->choices[p->choice_count++] = (struct named_choice){
                c->issues[i].id, (uint32_t)prop_below(rnd(h), c->issues[i].option_count)};
        }
    }
    p->choices = h->choices;
    p->answer = (enum answer_kind)prop_between(rnd(h), 1, 5);
    h->reserved[0] = (struct reservation){.label = text_str("R1"), .text = text_str("forged")};
    p->reservations = h->reserved;
    p->reservation_count = p->kind == KIND_ANSWER && p->answer == ANSWER_CONCEPT ? 1 : 0;
    if (p->kind == KIND_ANSWER && p->answer == ANSWER_REJECT) {
        p->text_count = 1;
    }
    h->refs[0] = some_leaf(h);
    p->refs = h->refs;
    p->ref_count = p->kind == KIND_CONSENT ? 1 : 0;
    p->label = p->kind == KIND_CLOSE ? text_str("R1") : (struct text){0};
    bool deed = p->kind == KIND_PROMISE || p->kind == KIND_REPORT || p->kind == KIND_VERIFY ||
                p->kind == KIND_LAPSE;
    p->deed = deed && c->deed_count > 0 ? c->deeds[prop_below(rnd(h), c->deed_count)].id
                                        : (struct text){0};
    p->phase = p->kind == KIND_GATE || p->kind == KIND_PARK ? c->phases[phase].id
                                                            : (struct text){0};
    p->side = p->kind == KIND_STATEMENT ? c->sides[c->party_count].id : (struct text){0};
    p->source = p->kind == KIND_STATEMENT ? text_str("nobody") : (struct text){0};
    p->name = p->kind == KIND_INTRODUCE ? text_str("Somebody") : (struct text){0};
    p->has_seat = p->kind == KIND_INTRODUCE;
    p->seat = keyring_seat(door_keyring(h->r->door),
                           (uint32_t)prop_below(rnd(h), keyring_seats(door_keyring(h->r->door),
                                                                      door_size(h->r->door))))
                  ->kid;
    p->has_file_key = p->kind == KIND_VOID;
    p->has_when = p->kind == KIND_PROMISE || p->kind == KIND_INCIDENT;
    p->when = h->w->now + prop_below(rnd(h), 4 * DAY) - 2 * DAY;
    p->finding = (enum finding)prop_between(rnd(h), 1, 3);
    p->verdict = (enum verdict)prop_between(rnd(h), 1, 2);
    return true;
}

/* ---- seals ---- */

/* To the identities of some or all seats. */
static void to_some(struct hand *h, bool all)
{
    const struct keyring *ring = door_keyring(h->r->door);
    uint32_t seats = keyring_seats(ring, door_size(h->r->door));
    h->f.key = NULL;
    h->f.identity_count = 0;
    for (uint32_t i = 0; i < seats; i++) {
        if (all || one_in(h, 2) || i == h->r->seat) {
            memcpy(h->identities[h->f.identity_count++], keyring_seat(ring, i)->keys.seal.b, 32);
        }
    }
    h->f.identities = h->identities[0];
    h->f.shown = !one_in(h, 3);
}

static void some_seal(struct hand *h)
{
    struct room room;
    const struct epoch_state *e = NULL;
    if (room_parse(&h->state->charter, h->p.room, &room)) {
        e = fold_epoch(h->r->fold, room, door_size(h->r->door));
    }
    const struct room_key *right = e == NULL ? NULL : opening_key(&h->r->openings, e->public_key);
    uint64_t draw = prop_below(rnd(h), 12);
    h->f.epoch = e == NULL ? 1 : e->number;
    h->f.key = right;
    if (draw < 2 && h->r->openings.key_count > 0) {
        /* An old key, or another room's. */
        h->f.key = &h->r->openings.keys_held[prop_below(rnd(h), h->r->openings.key_count)];
    } else if (draw == 2 || h->f.key == NULL) {
        to_some(h, one_in(h, 2));
        h->f.epoch = one_in(h, 2) ? 0 : h->f.epoch;
    } else if (draw == 3) {
        h->f.epoch += (uint32_t)prop_between(rnd(h), 1, 2);
    }
}

/* ---- keys of rooms ---- */

/* A room whose members have changed since it got its key: there a forged one would be the first. */
static bool room_without_key(struct hand *h, struct text *out)
{
    static const char *const rooms[] = {"plenary", "monitors"};
    uint64_t size = door_size(h->r->door);
    for (size_t i = 0; i < COUNT_OF(rooms); i++) {
        struct room room;
        if (!room_parse(&h->state->charter, text_str(rooms[i]), &room)) {
            continue;
        }
        const struct epoch_state *e = fold_epoch(h->r->fold, room, size);
        if (e == NULL || fold_epoch_stale(h->r->fold, e)) {
            *out = text_str(rooms[i]);
            return true;
        }
    }
    return false;
}

static bool forged_epoch(struct hand *h)
{
    const struct charter *c = &h->state->charter;
    const struct keyring *ring = door_keyring(h->r->door);
    uint64_t size = door_size(h->r->door);
    struct epoch_item *e = &h->p.epoch_item;
    struct room room;
    uint32_t seats[SEATS_MAX];
    uint8_t key[ROOM_KEY_BYTES];
    if (!room_without_key(h, &h->p.room) || one_in(h, 4)) {
        some_room(h);
    }
    h->p.kind = KIND_EPOCH;
    if (!room_parse(c, h->p.room, &room)) {
        return false;
    }
    uint32_t n = room_members(c, ring, room, size, seats);
    uint64_t lie = prop_below(rnd(h), 8);
    h->f.identity_count = 0;
    e->member_count = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool out = lie < 2 && one_in(h, 3);
        if (!out || lie == 0) {
            h->members[e->member_count++] = keyring_seat(ring, seats[i])->kid;
        }
        if (!out) {
            memcpy(h->identities[h->f.identity_count++], keyring_seat(ring, seats[i])->keys.seal.b,
                   32);
        }
    }
    *e = (struct epoch_item){.room = h->p.room,
                             .number = room_membership(c, ring, room, size),
                             .previous = (uint32_t)prop_below(rnd(h), 3),
                             .member_count = e->member_count,
                             .members = h->members,
                             .reason = text_str("forged")};
    if (lie == 2) {
        e->number += (uint32_t)prop_between(rnd(h), 1, 2);
    }
    if (lie == 3 && e->number > 1) {
        e->number--;
    }
    prop_fill(rnd(h), e->secret, sizeof(e->secret));
    room_key_of(e->secret, &h->r->table, h->p.room, e->number, key);
    dh_public(key, e->public_key);
    if (lie == 4) {
        e->public_key[3] ^= 1;
    }
    if (lie == 5) {
        some_room(h); /* of the header: perhaps another */
    }
    h->f.identities = h->identities[0];
    h->f.shown = lie != 6;
    h->f.key = NULL;
    h->f.epoch = 0;
    return h->f.identity_count > 0;
}

static bool forged_grant(struct hand *h)
{
    h->p.kind = KIND_GRANT;
    h->p.room = text_str("plenary");
    h->grants[0].leaf = some_leaf(h);
    prop_fill(rnd(h), h->grants[0].file_key, sizeof(h->grants[0].file_key));
    h->p.grant_acts = h->grants;
    h->p.grant_act_count = 1;
    to_some(h, true);
    h->f.shown = true;
    h->f.epoch = 0;
    return true;
}

/* ---- what it does ---- */

static bool forge(struct hand *h, const char *what)
{
    struct world *w = h->w;
    struct err err = {0};
    uint64_t size = door_size(h->r->door);
    uint64_t least = forge_least_seen(w, h->seat, KEY_SEAT);
    h->f.p = &h->p;
    h->f.seen_size = one_in(h, 2) ? size : least + prop_below(rnd(h), size - least + 1);
    h->f.claimed_time = w->now + prop_below(rnd(h), 2 * DAY) - DAY;
    h->f.has_state = one_in(h, 4);
    h->f.state_size = prop_below(rnd(h), size + 1);
    h->f.wrong_n = one_in(h, 40);
    story_add(&w->story, "CHEATS: %s, kind %s in %.*s, seen %llu", what, kind_word(h->p.kind),
              TEXT_ARG(h->p.room), (unsigned long long)h->f.seen_size);
    if (!forge_sealed(w, h->seat, &h->f, &err)) {
        story_add(&w->story, " -> %s", err.what);
    }
    return true;
}

static void false_countersign(struct hand *h)
{
    struct world *w = h->w;
    struct replica *r = h->r;
    struct bytes note = {0};
    struct buf blob;
    struct err err = {0};
    const struct signer *signer = keys_signer(r->keys, KEY_WITNESS);
    uint32_t number = r->seat == SEAT_NONE ? WITNESS_NONE
                                           : keyring_seat(door_keyring(r->door), r->seat)->witness;
    uint64_t time = w->now + prop_below(rnd(h), 20 * DAY) - 10 * DAY;
    if (number == WITNESS_NONE || signer == NULL ||
        !store_note(r->store, &r->scratch.mem, &note, &err)) {
        return;
    }
    buf_init(&blob, COUNTERSIGN_BLOB_MAX);
    story_add(&w->story, "CHEATS: countersigns with a false time");
    if (!countersign_make(note, &r->table, number, time, signer, &blob, &err) ||
        !forge_control(w, h->seat, KEY_SEAT, CONTROL_COUNTERSIGN, buf_bytes(&blob),
                       door_size(r->door), &err)) {
        story_add(&w->story, " -> %s", err.what);
    }
    arena_wipe(&r->scratch.mem);
    buf_free(&blob);
}

static void look(struct world *w, uint32_t seat)
{
    struct err untold = {0};
    bool ok = sync_take(&w->seats[seat].r, &untold); /* it withholds its countersignature */
    story_add(&w->story, "looks, and countersigns nothing%s%s", ok ? "" : " -> ", untold.what);
}

bool member_misbehaves(struct world *w, uint32_t seat)
{
    struct seat_sim *s = &w->seats[seat];
    struct hand *h = ARENA_NEW(&s->r.memory.mem, struct hand, 1);
    if (h == NULL || s->r.seat == SEAT_NONE || !replica_has_charter(&s->r) ||
        prop_one_in(&w->rnd, 3)) {
        enum outcome o = prop_one_in(&w->rnd, 3) ? behave_sync(w, seat) : behave(w, seat);
        (void)o; /* whatever becomes of it */
        return true;
    }
    *h = (struct hand){.w = w, .s = s, .r = &s->r, .seat = seat};
    struct err untold = {0};
    story_tell(&w->story, "%s ", s->cast->name);
    if (!sync_take(&s->r, &untold)) {
        story_add(&w->story, "sees nothing: %s", untold.what);
        return true;
    }
    h->state = fold_state(s->r.fold);
    struct text bare;
    if (room_without_key(h, &bare) && prop_one_in(&w->rnd, 2)) {
        return !forged_epoch(h) || forge(h, "a key of a room");
    }
    switch (prop_below(&w->rnd, 8)) {
    case 0:
        look(w, seat);
        return true;
    case 1:
        false_countersign(h);
        return true;
    case 2:
        return !forged_epoch(h) || forge(h, "a key of a room");
    case 3:
        if (prop_one_in(&w->rnd, 2)) {
            return !forged_grant(h) || forge(h, "a grant");
        }
        return !forged_epoch(h) || forge(h, "a key of a room");
    default:
        if (!any_act(h)) {
            story_add(&w->story, "has nothing to forge");
            return true;
        }
        some_seal(h);
        return forge(h, "an act");
    }
}

uint32_t member_clone(struct world *w, uint32_t seat)
{
    struct seat_sim *of = &w->seats[seat];
    if (w->count == WORLD_SEATS) {
        return WORLD_SEAT_NONE;
    }
    uint32_t n = w->count;
    struct seat_sim *s = &w->seats[n];
    struct region none = {0};
    *s = (struct seat_sim){.cast = of->cast, .keys = of->keys, .memory = none, .joined = true};
    s->clock = of->clock;
    char name[32];
    struct buf b;
    buf_over(&b, name, sizeof(name));
    buf_printf(&b, "live/clone%u", n);
    scratch_path(&w->folder, buf_str(&b), s->dir);
    app_sim_copy(of->dir, s->dir);
    w->count++;
    port_begin(&s->port, w, n);
    return world_start(w, n) ? n : WORLD_SEAT_NONE;
}

bool members_begin(struct world *w)
{
    uint32_t seat = (uint32_t)prop_below(&w->rnd, w->count);
    while (!w->seats[seat].joined) {
        seat = (seat + 1) % w->count;
    }
    w->seats[seat].honest = false;
    w->cheats = true;
    story_tell(&w->story, "%s is going to cheat", w->seats[seat].cast->name);
    if (prop_one_in(&w->rnd, 4) && member_clone(w, seat) != WORLD_SEAT_NONE) {
        story_add(&w->story, ", with two machines");
    }
    return true;
}
