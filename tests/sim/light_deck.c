/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/light.h"

#include <stdlib.h>

#include "base/cbor.h"
#include "base/check.h"
#include "formats/charter_yaml.h"
#include "record/cosign.h"
#include "record/roster.h"

#define VIEW_BYTES ((size_t)6 << 20)
#define CARDS_BYTES ((size_t)24 << 20)
#define CHARTER_BYTES ((size_t)1 << 20)
#define SCRATCH_BYTES ((size_t)1 << 20)
#define FIRST_DAY UINT64_C(1930000000)
#define SEALED_LENGTH 2048u /* what a blob would have; no door of this tier is shown one */

/* ---- records ---- */

static bool arena_new(struct arena *mem, size_t cap)
{
    void *p = mem->p != NULL ? mem->p : calloc(cap, 1);
    if (p == NULL) {
        return false;
    }
    if (mem->p == NULL) {
        arena_init(mem, p, cap);
    } else {
        arena_wipe(mem);
    }
    return true;
}

void light_view_open(struct light *l, struct view *v, uint32_t reader)
{
    bool ok = arena_new(&v->mem, VIEW_BYTES) && door_new(&v->mem, &l->table, &v->door, &l->err) &&
              fold_new(&v->mem, door_keyring(v->door), door_witness(v->door), &v->fold, &l->err);
    CHECK(ok); /* a simulator without memory plays nothing */
    v->reader = reader;
    v->count = 0;
    memset(v->keys, 0, l->card_count * sizeof(v->keys[0]));
    /* Monitors are told the sides by their invitation and read no charter. */
    if (reader != LIGHT_READER_ALL && l->machines[reader].side > l->charter.party_count) {
        fold_tell_sides(v->fold, &l->charter, false);
    }
}

void light_view_close(struct view *v)
{
    door_free(v->door);
    v->door = NULL;
    v->fold = NULL;
    v->count = 0;
}

const struct table_state *light_state(const struct view *v)
{
    return fold_state(v->fold);
}

/* A newcomer was given the charter and the keys that stand in the record below his admission. */
static bool granted(const struct light *l, const struct view *v, const struct card *c,
                    uint64_t index)
{
    uint32_t kind = c->content->header.kind;
    struct room room;
    if (kind != (uint32_t)KIND_CHARTER && kind != (uint32_t)KIND_EPOCH) {
        return false;
    }
    const struct keyring *ring = door_keyring(v->door);
    const struct machine *m = &l->machines[v->reader];
    uint32_t seat = keyring_find_seat(ring, &m->kid);
    return seat != SEAT_NONE && index < keyring_seat(ring, seat)->admitted_at &&
           room_parse(&l->charter, c->content->header.room, &room) &&
           room_has_side(&l->charter, room, m->side);
}

static bool opens(struct light *l, struct view *v, uint32_t card, uint64_t index,
                  struct opened *out)
{
    const struct card *c = &l->cards[card];
    bool all = v->reader == LIGHT_READER_ALL;
    *out = (struct opened){.content = c->content,
                           .by_identity = c->by_identity,
                           .has_key = !c->by_identity,
                           .epoch_key_holds = c->epoch_key_holds,
                           .matches = c->matches};
    if (!c->by_identity) {
        memcpy(out->key, l->cards[c->key_card].key, sizeof(out->key));
        return all || v->keys[c->key_card];
    }
    out->granted = !all && granted(l, v, c, index);
    if (!all && !out->granted && (c->sealed_to >> v->reader & 1u) == 0) {
        return false;
    }
    const struct keyring *ring = door_keyring(v->door);
    for (uint32_t i = 0; i < l->machine_count; i++) {
        uint32_t seat = (c->sealed_to >> i & 1u) != 0 ? keyring_find_seat(ring, &l->machines[i].kid)
                                                      : SEAT_NONE;
        if (seat != SEAT_NONE) {
            out->sealed_to[seat / 8] |= (uint8_t)(1u << (seat % 8));
        }
    }
    if (c->content->header.kind == (uint32_t)KIND_EPOCH) {
        v->keys[card] = true;
    }
    return true;
}

bool light_view_take(struct light *l, struct view *v, const uint16_t *cards, uint32_t count)
{
    CHECK(v->count + count <= LIGHT_LOG);
    for (uint32_t i = 0; i < count; i++) {
        const struct card *c = &l->cards[cards[i]];
        /* What a door asks of the bytes and is not asked for here: that the tree cited is this. */
        struct root_hash root;
        if (c->act.seen_size <= door_size(v->door)) {
            root = door_root(v->door, c->act.seen_size);
            if (!ID_EQ(root, c->act.seen_root)) {
                return err_set(&l->err, ERR_VERIFY, "the root that it cites is not this log's");
            }
        }
        if (!door_admit(v->door, DOOR_STORED, c->envelope, c->blob, &l->batch[i], &l->err)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        struct opened o;
        uint64_t index = v->count;
        bool open = l->cards[cards[i]].content != NULL && opens(l, v, cards[i], index, &o);
        v->log[v->count++] = cards[i];
        if (!fold_step(v->fold, &l->batch[i], open ? &o : NULL, &l->err)) {
            return false;
        }
    }
    return true;
}

/* ---- cards ---- */

struct bytes light_keep(struct light *l, struct buf *b)
{
    struct bytes v = arena_copy(&l->cards_mem, buf_bytes(b));
    CHECK(buf_ok(b) && !l->cards_mem.failed);
    buf_free(b);
    return v;
}

static const struct kid16 *author_kid(const struct light *l, struct light_author who)
{
    const struct machine *m = &l->machines[who.machine];
    return who.root ? &m->root16 : &m->kid16;
}

struct act light_fields(struct light *l, struct light_author who, enum control_kind kind,
                        struct bytes blob)
{
    const struct machine *m = &l->machines[who.machine];
    uint64_t size = door_size(m->v.door);
    struct act a = {.kid = *author_kid(l, who),
                    .table = l->table,
                    .seen_size = size,
                    .seen_root = door_root(m->v.door, size),
                    .blob = digest_plain(blob),
                    .blob_length = kind == CONTROL_SEALED ? SEALED_LENGTH : blob.n,
                    .term = door_term(m->v.door),
                    .control = kind};
    struct ring_author author;
    struct err untold;
    a.commit = a.blob;
    a.tag.b[0] = kind == CONTROL_SEALED ? 1 : 0;
    if (keyring_author(door_keyring(m->v.door), size, &a.kid, &author, &untold)) {
        struct chain c = door_chain(m->v.door, &author);
        a.n = c.n;
        a.prev = c.prev;
        if (m->pretends > 0) {
            a.seen_size = size - c.seen_size > m->pretends ? size - m->pretends : c.seen_size;
            a.seen_root = door_root(m->v.door, a.seen_size);
        }
    }
    for (uint32_t i = 0; i < m->outbox_count; i++) {
        const struct card *c = &l->cards[m->outbox[i]];
        if (ID_EQ(c->act.kid, a.kid) && c->act.n >= a.n) {
            a.n = c->act.n + 1;
            a.prev = c->leaf;
        }
    }
    return a;
}

/* The frame of an envelope; a signature that nobody looks at. */
static void frame(const struct act *a, struct buf *out)
{
    uint8_t room[ENVELOPE_MAX], of_kid[64];
    struct signature sig = {{0}};
    struct buf payload, protected;
    buf_over(&payload, room, sizeof(room));
    buf_over(&protected, of_kid, sizeof(of_kid));
    act_encode_payload(a, &payload);
    cbor_put_map(&protected, 2);
    cbor_put_uint(&protected, 1);
    cbor_put_int(&protected, -8);
    cbor_put_uint(&protected, 4);
    cbor_put_bstr(&protected, ID_BYTES(a->kid));
    cbor_put_tag18(out);
    cbor_put_array(out, 4);
    cbor_put_bstr(out, buf_bytes(&protected));
    cbor_put_map(out, 0);
    cbor_put_bstr(out, buf_bytes(&payload));
    cbor_put_bstr(out, ID_BYTES(sig));
}

uint32_t light_card(struct light *l, struct light_author who, const struct act *fields,
                    struct bytes blob)
{
    uint8_t room[ENVELOPE_MAX];
    struct buf b;
    CHECK(l->card_count < LIGHT_CARDS);
    uint32_t id = l->card_count++;
    struct card *c = &l->cards[id];
    buf_over(&b, room, sizeof(room));
    frame(fields, &b);
    *c = (struct card){.blob = blob, .by = who.machine, .root = who.root, .matches = true};
    c->envelope = arena_copy(&l->cards_mem, buf_bytes(&b));
    bool ok = !l->cards_mem.failed && act_decode(c->envelope, &c->act, &l->err);
    CHECK(ok);
    c->leaf = leaf_hash_of(c->envelope);
    /* In a record of another run this place may have been a key. */
    for (uint32_t i = 0; i < l->machine_count; i++) {
        l->machines[i].v.keys[id] = false;
    }
    for (uint32_t i = 0; i < LIGHT_BRANCHES; i++) {
        l->branches[i].v.keys[id] = false;
    }
    return id;
}

/* One item too few, too many or of another type. */
static void spoil_items(struct light *l, struct content_item *items, size_t *count)
{
    if (*count == 0) {
        return;
    }
    size_t at = (size_t)prop_below(&l->rnd, *count);
    switch (prop_below(&l->rnd, 3)) {
    case 0:
        for (size_t i = at; i + 1 < *count; i++) {
            items[i] = items[i + 1];
        }
        --*count;
        return;
    case 1:
        items[at].type = (uint32_t)prop_between(&l->rnd, 1, 36);
        return;
    default:
        if (*count < ITEMS_MAX) {
            items[*count] = items[at];
            ++*count;
        }
    }
}

uint32_t light_sealed(struct light *l, uint32_t machine, const struct payload *p,
                      struct light_seal seal, bool spoil, bool *out_ok)
{
    static const uint8_t salts[(ITEMS_MAX + 1) * SALT_BYTES];
    struct content_item *items = NULL, *more;
    size_t count = 0;
    struct buf raw;
    struct content *c = ARENA_NEW(&l->cards_mem, struct content, 1);
    struct light_author who = {machine, false};
    *out_ok = false;
    if (!payload_items(p, &l->scratch, &items, &count, &l->err)) {
        arena_wipe(&l->scratch);
        return 0;
    }
    more = ARENA_NEW(&l->scratch, struct content_item, count + 1);
    CHECK(more != NULL);
    for (size_t i = 0; i < count; i++) {
        more[i] = items[i];
    }
    if (spoil) {
        spoil_items(l, more, &count);
    }
    struct content_header h = {.table = l->table,
                               .author = l->machines[machine].kid,
                               .claimed_time = p->claimed_time,
                               .kind = (uint32_t)p->kind,
                               .room = p->room,
                               .epoch = p->epoch,
                               .has_answers = p->has_answers,
                               .answers = p->answers};
    buf_init(&raw, BLOB_LIMIT_MOST);
    bool ok = content_encode(&h, more, count, bytes_of(salts, (count + 1) * SALT_BYTES), &raw,
                             &l->err);
    arena_wipe(&l->scratch);
    if (!ok) {
        buf_free(&raw);
        return 0;
    }
    struct bytes kept = light_keep(l, &raw);
    ok = content_decode(kept, &l->cards_mem, c, &l->err);
    CHECK(ok);
    struct act a = light_fields(l, who, CONTROL_SEALED, kept);
    if (seal.by_identity) {
        a.tag = (struct act_tag){{0}};
    }
    uint32_t id = light_card(l, who, &a, (struct bytes){0});
    struct card *card = &l->cards[id];
    card->content = c;
    card->by_identity = seal.by_identity;
    card->sealed_to = seal.sealed_to;
    card->key_card = seal.key_card;
    card->epoch_key_holds = true;
    card->answer = p->kind == KIND_ANSWER ? p->answer : 0;
    if (p->kind == KIND_EPOCH) {
        memcpy(card->key, p->epoch_item.public_key, sizeof(card->key));
    }
    *out_ok = true;
    return id;
}

/* As countersign_make has it, with signatures that nobody looks at. */
struct bytes light_countersign_blob(struct light *l, uint32_t machine, uint64_t size, uint64_t time)
{
    const struct machine *m = &l->machines[machine];
    const struct keyring *ring = door_keyring(m->v.door);
    uint32_t seat = keyring_find_seat(ring, &m->kid);
    struct checkpoint cp = {.table = l->table,
                            .term = keyring_term_of_size(ring, size),
                            .size = size,
                            .root = door_root(m->v.door, size)};
    char name[ORIGIN_MAX];
    uint8_t none[8 + 64] = {0};
    static const uint8_t key_id[4] = {1, 2, 3, 4};
    struct buf b, stamped;
    buf_init(&b, COUNTERSIGN_BLOB_MAX);
    checkpoint_body(&cp, &b);
    buf_add_u8(&b, '\n');
    origin_name(&l->table, cp.term, name);
    note_line_put(bytes_str(name), key_id, bytes_of(none, 64), &b);
    witness_name(&l->table, keyring_seat(ring, seat)->witness, name);
    uint8_t room[sizeof(none) + 1];
    buf_over(&stamped, room, sizeof(room));
    buf_add_be64(&stamped, time);
    buf_add(&stamped, bytes_of(none, 64));
    note_line_put(bytes_str(name), key_id, buf_bytes(&stamped), &b);
    return light_keep(l, &b);
}

struct bytes light_paper(struct light *l, uint32_t side, struct object o)
{
    struct buf b;
    buf_init(&b, ENVELOPE_MAX);
    o.table = l->table;
    bool ok = object_sign(&o, l->rec.sides[side].root, &b, &l->err);
    CHECK(ok);
    struct bytes v = light_keep(l, &b);
    if (l->object_count < COUNT_OF(l->objects)) {
        l->objects[l->object_count++] = v;
    }
    return v;
}

uint32_t light_find(const struct light *l, const struct kid *kid)
{
    for (uint32_t i = 0; i < l->machine_count; i++) {
        if (ID_EQ(l->machines[i].kid, *kid)) {
            return i;
        }
    }
    return WORLD_SEAT_NONE;
}

uint64_t light_members(const struct light *l, const struct view *v, struct room room)
{
    uint32_t seats[SEATS_MAX];
    const struct keyring *ring = door_keyring(v->door);
    uint32_t n = room_members(&l->charter, ring, room, door_size(v->door), seats);
    uint64_t bits = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t m = light_find(l, &keyring_seat(ring, seats[i])->kid);
        bits |= m == WORLD_SEAT_NONE ? 0 : UINT64_C(1) << m;
    }
    return bits;
}

bool light_epoch(struct light *l, uint32_t machine, struct room room, uint32_t *out)
{
    struct machine *m = &l->machines[machine];
    const struct keyring *ring = door_keyring(m->v.door);
    uint64_t size = door_size(m->v.door);
    uint32_t seats[SEATS_MAX];
    struct kid members[SEATS_MAX];
    char name[ROOM_NAME_MAX];
    uint32_t own = keyring_find_seat(ring, &m->kid);
    if (own == SEAT_NONE || !fold_may_rekey(m->v.fold, room, own)) {
        return false;
    }
    uint32_t n = room_members(&l->charter, ring, room, size, seats);
    for (uint32_t i = 0; i < n; i++) {
        members[i] = keyring_seat(ring, seats[i])->kid;
    }
    const struct epoch_state *before = fold_epoch(m->v.fold, room, size);
    room_name(&l->charter, room, name);
    struct payload p = {.kind = KIND_EPOCH,
                        .room = text_str(name),
                        .claimed_time = l->now,
                        .epoch_item = {.room = text_str(name),
                                       .number = room_membership(&l->charter, ring, room, size),
                                       .previous = before == NULL ? 0 : before->number,
                                       .member_count = n,
                                       .members = members,
                                       .reason = text_str("members")}};
    prop_fill(&l->rnd, p.epoch_item.public_key, sizeof(p.epoch_item.public_key));
    struct light_seal seal = {.by_identity = true, .sealed_to = light_members(l, &m->v, room)};
    bool ok = false;
    *out = light_sealed(l, machine, &p, seal, false, &ok);
    return ok;
}

/* ---- the founding, once a shape ---- */

static uint32_t seats_at_first(const struct light *l, uint32_t side)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->machine_count; i++) {
        n += l->machines[i].side == side && !l->machines[i].cast->late;
    }
    return n;
}

/* Everybody takes it in at once. */
static bool base_post(struct light *l, uint32_t card)
{
    uint16_t id = (uint16_t)card;
    bool ok = light_view_take(l, &l->branches[0].v, &id, 1);
    for (uint32_t i = 0; ok && i < l->machine_count; i++) {
        ok = l->machines[i].cast->late || light_view_take(l, &l->machines[i].v, &id, 1);
    }
    return ok;
}

static bool base_control(struct light *l, struct light_author who, enum control_kind kind,
                         struct bytes blob)
{
    struct act a = light_fields(l, who, kind, blob);
    return base_post(l, light_card(l, who, &a, blob));
}

static uint32_t principal_of(const struct light *l, uint32_t side)
{
    for (uint32_t i = 0; i < l->machine_count; i++) {
        if (l->machines[i].side == side && l->machines[i].cast->post == 0) {
            return i;
        }
    }
    return 0;
}

static bool base_sealed(struct light *l, uint32_t machine, const struct payload *p,
                        bool by_identity)
{
    struct room room;
    bool ok = false;
    struct machine *m = &l->machines[machine];
    if (!room_parse(&l->charter, p->room, &room)) {
        return false;
    }
    struct light_seal seal = {.by_identity = by_identity,
                              .sealed_to = light_members(l, &m->v, room)};
    struct payload q = *p;
    if (!by_identity) {
        const struct epoch_state *e = fold_epoch(m->v.fold, room, door_size(m->v.door));
        seal.key_card = e == NULL ? 0 : m->v.log[e->index];
        q.epoch = e == NULL ? 0 : e->number;
    }
    uint32_t card = light_sealed(l, machine, &q, seal, false, &ok);
    return ok && base_post(l, card);
}

static bool base_countersign(struct light *l)
{
    for (uint32_t side = 0; side < l->rec.found.groups; side++) {
        uint32_t m = principal_of(l, side);
        if (!l->charter.sides[side].present) {
            continue;
        }
        struct bytes blob = light_countersign_blob(l, m, door_size(l->machines[m].v.door), l->now);
        if (!base_control(l, (struct light_author){m, false}, CONTROL_COUNTERSIGN, blob)) {
            return false;
        }
    }
    return true;
}

static bool base_sign(struct light *l)
{
    for (uint32_t side = 0; side < l->rec.found.groups; side++) {
        uint32_t m = principal_of(l, side);
        const struct view *v = &l->machines[m].v;
        struct object o = {.kind = OBJECT_SIGN_CHARTER};
        struct digest roster;
        if (!l->charter.sides[side].present) {
            continue;
        }
        if (!roster_digest_at(door_keyring(v->door), door_size(v->door), &roster, &l->err)) {
            return false;
        }
        o.digest = charter_signature_digest(&light_state(v)->charter_leaf, &roster);
        struct payload p = {.kind = KIND_SIGN_CHARTER,
                            .room = text_str("plenary"),
                            .claimed_time = l->now,
                            .object = light_paper(l, side, o)};
        if (!base_sealed(l, m, &p, false)) {
            return false;
        }
    }
    return state_in_force(light_state(&l->branches[0].v)) ||
           err_set(&l->err, ERR_STATE, "the charter is not in force");
}

static bool base_join(struct light *l)
{
    static const uint32_t first[] = {0};
    struct light_author convener = {0, true};
    for (uint32_t side = 0; side < l->charter.side_count; side++) {
        if (l->charter.sides[side].present &&
            !base_control(l, convener, CONTROL_KEYS,
                          sim_slip_blob(&l->rec, side, seats_at_first(l, side)))) {
            return false;
        }
    }
    for (uint32_t side = 0; side < l->rec.found.groups; side++) {
        struct light_author root = {principal_of(l, side), true};
        if (l->charter.sides[side].present &&
            !base_control(l, root, CONTROL_WITNESSES,
                          sim_naming_blob(&l->rec, side, 1, first, 1))) {
            return false;
        }
    }
    return true;
}

static bool base_play(struct light *l, struct bytes founding, struct bytes charter)
{
    uint32_t by = 0; /* who founds: the first of the cast */
    struct payload p = {.kind = KIND_CHARTER,
                        .room = text_str("plenary"),
                        .claimed_time = l->now,
                        .charter = charter,
                        .has_salt = true};
    uint32_t key;
    struct room plenary = {ROOM_PLENARY, 0}, monitors = {ROOM_MONITORS, 0};
    p.salt[0] = 7;
    if (!base_control(l, (struct light_author){by, true}, CONTROL_FOUND, founding) ||
        !base_join(l) || !base_sealed(l, by, &p, true) || !light_epoch(l, by, plenary, &key) ||
        !base_post(l, key)) {
        return false;
    }
    if (l->shape->monitors && (!light_epoch(l, by, monitors, &key) || !base_post(l, key))) {
        return false;
    }
    l->base_joined = l->card_count;
    for (uint32_t i = 0; i < l->machine_count; i++) {
        const struct machine *m = &l->machines[i];
        if (m->cast->late) {
            uint32_t post = m->cast->post;
            l->slips[i] = sim_seat_slip_blob(&l->rec, m->side, post, post);
        }
    }
    if (!base_sign(l) || !base_countersign(l)) {
        return false;
    }
    l->base_signed = l->card_count;
    return true;
}

static bool prepare(struct light *l, struct bytes *out_founding, struct bytes *out_charter)
{
    struct buf b;
    uint8_t salt[32] = {7};
    if (!charter_from_yaml(bytes_str(l->shape->yaml), l->shape->name, &l->charter_mem, &l->charter,
                           &l->err)) {
        return false;
    }
    sim_open(&l->rec, 7, l->charter.side_count, 2);
    for (uint32_t i = 0; i < LIGHT_MOVES; i++) {
        uint8_t seed[32];
        prop_fill(&l->rnd, seed, sizeof(seed));
        if (!signer_new(KEY_HOST, seed, &l->next_hosts[i], &l->err)) {
            return false;
        }
    }
    buf_init(&b, CHARTER_CBOR_MAX);
    if (!charter_encode(&l->charter, &b, &l->err)) {
        return false;
    }
    *out_charter = sim_keep(&l->rec, &b);
    l->machine_count = l->shape->count;
    for (uint32_t i = 0; i < l->machine_count; i++) {
        struct machine *m = &l->machines[i];
        m->cast = &l->shape->cast[i];
        m->side = charter_find_side(&l->charter, text_str(m->cast->side));
        const struct sim_side *s = &l->rec.sides[m->side];
        m->kid = signer_kid(s->seats[m->cast->post].sign);
        m->kid16 = kid_short(&m->kid);
        struct kid root = signer_kid(s->root);
        m->root16 = kid_short(&root);
    }
    l->rec.found.groups = charter_groups(&l->charter);
    l->rec.found.convener_side = l->machines[0].side;
    l->rec.found.root = signer_pk(l->rec.sides[l->machines[0].side].root);
    l->rec.found.grace_seconds = l->charter.grace_seconds;
    l->rec.found.charter = charter_digest(salt, *out_charter);
    buf_init(&b, CONTROL_BLOB_MAX);
    found_encode(&l->rec.found, &b);
    *out_founding = sim_keep(&l->rec, &b);
    l->table = table_id_of(*out_founding);
    l->rec.table = l->table;
    return true;
}

bool light_open(struct light **out, const struct shape *shape)
{
    struct bytes founding, charter;
    struct light *l = calloc(1, sizeof(*l));
    CHECK(l != NULL);
    *out = l;
    l->shape = shape;
    l->now = FIRST_DAY;
    bool ok = arena_new(&l->charter_mem, CHARTER_BYTES) && arena_new(&l->cards_mem, CARDS_BYTES) &&
              arena_new(&l->scratch, SCRATCH_BYTES);
    CHECK(ok);
    story_init(&l->story);
    prop_init_seed(&l->rnd, 7);
    if (!prepare(l, &founding, &charter)) {
        return false;
    }
    light_view_open(l, &l->branches[0].v, LIGHT_READER_ALL);
    for (uint32_t i = 0; i < l->machine_count; i++) {
        light_view_open(l, &l->machines[i].v, i);
    }
    ok = base_play(l, founding, charter);
    light_view_close(&l->branches[0].v);
    for (uint32_t i = 0; i < l->machine_count; i++) {
        light_view_close(&l->machines[i].v);
    }
    l->cards_mark = arena_mark(&l->cards_mem);
    l->base_count = l->card_count;
    l->began = l->now;
    return ok;
}

void light_close(struct light *l)
{
    for (uint32_t i = 0; i < LIGHT_BRANCHES; i++) {
        free(l->branches[i].v.mem.p);
    }
    for (uint32_t i = 0; i < l->machine_count; i++) {
        free(l->machines[i].v.mem.p);
    }
    free(l->again.mem.p);
    free(l->charter_mem.p);
    free(l->cards_mem.p);
    free(l->scratch.p);
    for (uint32_t i = 0; i < LIGHT_MOVES; i++) {
        signer_free(l->next_hosts[i]);
    }
    if (l->rec.mem.p != NULL) {
        sim_close(&l->rec);
    }
    story_free(&l->story);
    free(l);
}
