/* SPDX-License-Identifier: Apache-2.0
 *
 * DESIGN.  A step reads the act, lets the rules judge it, and applies what they let pass.  Verdicts
 * that wait for countersign acts (is an acceptance in time, countersigned, uncrossed?) are looked
 * at again after every control act of that kind and after every confirmation: `settle`.  Arrays
 * grow in the arena by doubling; their ceilings are the rules'.  Texts that stay are copied.
 */
#include "table/fold_priv.h"

#include "base/check.h"
#include "base/switch_off.h"
#include "table/rules.h"

bool fold_new(struct arena *mem, const struct keyring *ring, const struct witness_log *log,
              struct fold **out, struct err *err)
{
    struct fold *f = ARENA_NEW(mem, struct fold, 1);
    if (f == NULL) {
        return err_memory(err, "the state of the table");
    }
    f->mem = mem;
    f->ring = ring;
    f->log = log;
    f->state.in_force_at = INDEX_NEVER;
    f->state.roster_at = INDEX_NEVER;
    f->state.names = ARENA_NEW(mem, struct text, SEATS_MAX);
    if (f->state.names == NULL) {
        return err_memory(err, "the state of the table");
    }
    *out = f;
    return true;
}

uint64_t fold_size(const struct fold *f)
{
    return f->size;
}

const struct table_state *fold_state(const struct fold *f)
{
    return &f->state;
}

const struct beside *fold_beside(const struct fold *f)
{
    return &f->beside;
}

void fold_tell_sides(struct fold *f, const struct charter *sides, bool reads_charter)
{
    f->told = sides;
    f->never_charter = !reads_charter;
}

const struct charter *fold_sides(const struct fold *f)
{
    return f->state.has_charter ? &f->state.charter : f->told;
}

const struct private_state *fold_private(const struct fold *f)
{
    return &f->mine;
}

/* ---- memory ---- */

bool fold_grow(struct arena *mem, void *array, uint32_t count, size_t size)
{
    if (count != 0 && (count < 8 || (count & (count - 1)) != 0)) {
        return true;
    }
    uint32_t cap = count == 0 ? 8 : 2 * count;
    void *p = arena_take(mem, size, 16, cap);
    if (p == NULL) {
        return false;
    }
    if (count > 0) {
        void *old; /* copied, not cast: the pointer is of the items' own type */
        memcpy(&old, array, sizeof(old));
        memcpy(p, old, size * count);
    }
    memcpy(array, &p, sizeof(p));
    return true;
}

/* ---- epochs: what key a room has ---- */

const struct epoch_state *fold_epoch(const struct fold *f, struct room room, uint64_t size)
{
    const struct epoch_state *found = NULL;
    for (uint32_t i = 0; i < f->mine.epoch_count; i++) {
        const struct epoch_state *e = &f->mine.epochs[i];
        if (room_eq(e->room, room) && e->index < size) {
            found = e;
        }
    }
    return found;
}

const struct epoch_state *fold_epoch_at(const struct fold *f, uint64_t index)
{
    for (uint32_t i = f->mine.epoch_count; i > 0 && f->mine.epochs[i - 1].index >= index; i--) {
        if (f->mine.epochs[i - 1].index == index) {
            return &f->mine.epochs[i - 1];
        }
    }
    return NULL;
}

/* ---- a step ---- */

static enum object_kind object_of(enum act_kind kind, bool *has)
{
    *has = true;
    if (kind == KIND_SIGN_CHARTER) {
        return OBJECT_SIGN_CHARTER;
    }
    if (kind == KIND_MANDATE) {
        return OBJECT_MANDATE;
    }
    if (kind == KIND_REVOKE_MANDATE) {
        return OBJECT_REVOKE;
    }
    if (kind == KIND_DECIDE) {
        return OBJECT_DECIDE;
    }
    *has = kind == KIND_RATIFY;
    return OBJECT_RATIFY;
}

/* Judges p as that seat's at that place. */
static bool judge(const struct fold *f, struct judged_act *a, struct findings *found,
                  struct verified_object *vo, struct refusal *out)
{
    bool has;
    enum object_kind kind = object_of(a->p->kind, &has);
    struct err ignored = {0};
    if (has && object_check(kind, a->p->object, f->ring, a->index, a->mem, vo, &ignored)) {
        a->object = vo;
    }
    uint32_t version = keyring_found(f->ring)->rules_version;
    const struct rules *rules = rules_find(version);
    if (rules == NULL) { /* no door of this program takes such a founding in */
        return refuse(out, REFUSED_FORM, "This table has rules of version %u.", version) ||
               refuse_mend(out, "A newer program knows them.");
    }
    return rules->judge(a, found, out);
}

/* The desk and the record say the same. */
static bool refuse_no_room(struct refusal *out)
{
    return refuse(out, REFUSED_ROOM, "The charter has no such room.") ||
           refuse_mend(out, "See the rooms where you sit: entente rooms.");
}

/* The room of the header, and whether act, seal and header agree about it [3.3]. */
static bool place(const struct fold *f, const struct verified_act *va, const struct opened *o,
                  const struct epoch_state *sealed, const struct payload *p, struct room *room,
                  struct refusal *out)
{
    if (!room_parse(fold_sides(f), p->room, room)) {
        return refuse_no_room(out);
    }
    if (o->by_identity) {
        bool of_keys = p->kind == KIND_EPOCH || p->kind == KIND_GRANT ||
                       p->kind == KIND_CANNOT_OPEN || p->kind == KIND_VOID ||
                       p->kind == KIND_CHARTER;
        if (CHECK_ON(SEAL_PERSONS) && (p->epoch != 0 || (!of_keys && room_shared(*room)))) {
            return refuse(out, REFUSED_EPOCH, "It is not sealed to its room's key.");
        }
        return true;
    }
    if (CHECK_ON(SEAL_ROOM) && (!room_eq(sealed->room, *room) || sealed->number != p->epoch)) {
        return refuse(out, REFUSED_FORM, "Its seal and its header name different rooms.");
    }
    const struct epoch_state *e = fold_epoch(f, *room, va->act.seen_size);
    if (CHECK_ON(SEAL_NEWEST) &&
        (e == NULL || memcmp(e->public_key, o->key, sizeof(o->key)) != 0)) {
        return refuse(out, REFUSED_EPOCH, "It is not sealed to the newest key of its room.") ||
               refuse_mend(out, "Synchronise and file it again.");
    }
    return true;
}

/* Without a charter nothing is judged but itself and, by the sides that we were told, keys of rooms and
 * whether an act stands in the room that it names.  False: memory. */
static bool before_charter(struct fold *f, const struct verified_act *va, const struct opened *o,
                           const struct epoch_state *sealed, const struct payload *p,
                           struct refusal *r)
{
    struct room room;
    if (p->kind == KIND_CHARTER && !f->never_charter) {
        return fold_take_charter(f, va, p);
    }
    if (f->told == NULL || !place(f, va, o, sealed, p, &room, r)) {
        return true;
    }
    if (!room_has_seat(f->told, room, keyring_seat(f->ring, va->author.seat))) {
        return refuse(r, REFUSED_MEMBER, "Its author does not sit in that room.") || true;
    }
    return p->kind != KIND_EPOCH || fold_take_epoch(f, va, o, p);
}

/* The sealed act itself; r.code tells a refusal.  False only where memory is short. */
static bool read_act(struct fold *f, const struct verified_act *va, const struct opened *o,
                     struct arena *scratch, struct refusal *r, bool *out_shared, struct err *err)
{
    struct payload p;
    struct err form = {0};
    struct room room = {ROOM_HOME, 0};
    *out_shared = false;
    const struct epoch_state *sealed = NULL;
    if (!o->by_identity && fold_sides(f) != NULL) {
        sealed = o->has_key ? fold_epoch_of_key(f, o->key) : NULL;
        if (sealed == NULL) {
            /* Told to whoever happens to have that key; others cannot see it, so it is in no digest. */
            return refuse(r, REFUSED_EPOCH, "It is sealed to a key that no room had by then.") ||
                   refuse_mend(r, "Its author synchronises and files it again.") || true;
        }
        *out_shared = f->state.has_charter && room_shared(sealed->room);
    }
    if (!o->matches) {
        (void)refuse(r, REFUSED_FORM, "Its content is not what its envelope says.");
        return true;
    }
    if (!payload_from(o->content, scratch, &p, &form)) {
        (void)refuse(r, REFUSED_FORM, "Its content is not of the form of its kind: %s", form.what);
        return form.code != ERR_MEMORY || err_memory(err, "an act");
    }
    if (!f->state.has_charter) {
        return before_charter(f, va, o, sealed, &p, r) || err_memory(err, "the state of the table");
    }
    if (!place(f, va, o, sealed, &p, &room, r)) {
        return true;
    }
    struct judged_act a = {.state = &f->state,
                           .beside = &f->beside,
                           .ring = f->ring,
                           .log = f->log,
                           .index = va->index,
                           .seen_size = va->act.seen_size,
                           .seen_root = &va->act.seen_root,
                           .side = va->author.side,
                           .seat = va->author.seat,
                           .room = room,
                           .p = &p,
                           .mem = scratch};
    struct findings found;
    struct verified_object vo;
    bool counts = judge(f, &a, &found, &vo, r);
    if (scratch->failed) {
        return err_memory(err, "an act"); /* the verdict may be of the shortage */
    }
    if (!counts) {
        return true;
    }
    return fold_apply(f, va, o, &a, &found) || err_memory(err, "the state of the table");
}

/* Acts, in a room that all parties and the mediation read, that change what waits for verdicts.
 * (One at home must not: the others do not read it, and a verdict names the size it was given at.)
 */
static bool may_settle(uint32_t kind)
{
    return kind == (uint32_t)KIND_CONFIRM || kind == (uint32_t)KIND_ANSWER ||
           kind == (uint32_t)KIND_WITHDRAW || kind == (uint32_t)KIND_RATIFY ||
           kind == (uint32_t)KIND_ADOPT;
}

/* Words and lists of one act, dropped when it has been read. */
#define SCRATCH_BYTES (512u * 1024u)

bool fold_step(struct fold *f, const struct verified_act *va, const struct opened *o,
               struct err *err)
{
    CHECK(va->index == f->size);
    if (f->broken) {
        return err_memory(err, "the state of the table");
    }
    if (va->act.control != CONTROL_SEALED || o == NULL) {
        f->size++;
        if (va->act.control != CONTROL_SEALED) {
            fold_settle_control(f, va); /* namings, too, change who has countersigned */
        }
        return true;
    }
    /* The scratch is cut from the far end of the arena's free part: what the act leaves behind
     * grows from this end. */
    if (f->mem->cap - f->mem->used < 2 * (size_t)SCRATCH_BYTES) {
        return err_memory(err, "the state of the table");
    }
    struct arena scratch;
    size_t from = (f->mem->cap - SCRATCH_BYTES) & ~(size_t)15;
    arena_init(&scratch, f->mem->p + from, f->mem->cap - from);
    size_t cap = f->mem->cap;
    f->mem->cap = from;
    struct refusal r = {0};
    bool shared = false;
    bool ok = read_act(f, va, o, &scratch, &r, &shared, err);
    /* A statement leaves no trace in the state, not even one that breaks a rule. */
    bool inert = o->content != NULL && o->content->header.kind == (uint32_t)KIND_STATEMENT;
    if (ok && r.code != REFUSED_NOT &&
        !fold_note_void(f, va->index, va->author.side, shared && !inert, &r)) {
        ok = err_memory(err, "the list of void acts");
    }
    bool settles = shared && r.code == REFUSED_NOT && may_settle(o->content->header.kind);
    arena_wipe(&scratch);
    f->mem->cap = cap;
    if (!ok) {
        f->broken = true;
        return false;
    }
    f->size++;
    if (settles) {
        fold_settle_about(f, &o->content->header.answers);
    } else if (shared && r.code == REFUSED_NOT && o->content->header.kind == (uint32_t)KIND_LEAVE) {
        fold_settle_all(f); /* its acceptances are gone; what the others ask for may be all */
    }
    return true;
}

bool fold_would_accept(const struct fold *f, uint32_t seat, const struct payload *p,
                       struct arena *mem, struct refusal *out)
{
    struct room room;
    if (!f->state.has_charter) {
        return refuse(out, REFUSED_PROVISIONAL, "This seat cannot read the charter yet.") ||
               refuse_mend(out, "Synchronise; the convener shares it when your side is admitted.");
    }
    if (!room_parse(&f->state.charter, p->room, &room)) {
        return refuse_no_room(out);
    }
    struct judged_act a = {.state = &f->state,
                           .beside = &f->beside,
                           .ring = f->ring,
                           .log = f->log,
                           .index = f->size,
                           .seen_size = f->size,
                           .side = keyring_seat(f->ring, seat)->side,
                           .seat = seat,
                           .room = room,
                           .p = p,
                           .mem = mem};
    struct findings found;
    struct verified_object vo;
    return judge(f, &a, &found, &vo, out);
}
