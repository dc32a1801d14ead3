/* SPDX-License-Identifier: Apache-2.0
 *
 * DESIGN.  Sides, seats and witnesses have few and fixed places; what may grow for ever (namings,
 * terms) are rows.  Every kid stands in one sorted list by its first 16 bytes, which is all that an
 * envelope shows of it.  Each rule is asked whole before anything is written, so that a refusal
 * leaves nothing behind.
 */
#include "record/keyring.h"

#include "base/cbor.h"
#include "base/check.h"
#include "base/switch_off.h"
#include "record/rows_priv.h"

/* Each root that comes in another's place brings a seat. */
#define ROOTS_MAX (SIDES_MAX + SEATS_MAX)
#define KNOWN_MAX (ROOTS_MAX + 2 * SEATS_MAX)

/* Whose a kid is: number is a place in root for a root, a seat for a seat and for a witness key. */
struct known {
    struct kid16 kid;
    enum key_type type;
    uint32_t number;
};

struct keyring {
    bool founded;
    struct found found;
    struct table_id table;
    uint32_t seat_count;
    uint32_t witness_count;
    uint32_t known_count;
    uint32_t root_count;
    struct ring_side side[SIDES_MAX];
    struct ring_root root[ROOTS_MAX]; /* in the order in which they came */
    struct ring_seat seat[SEATS_MAX];
    struct ring_witness witness[SEATS_MAX];
    struct known known[KNOWN_MAX]; /* ascending by kid */
    struct buf namings;            /* struct ring_naming, in log order */
    struct buf of_side[SIDES_MAX]; /* uint32_t: places in namings */
    struct buf terms;              /* struct ring_term */
};

bool keyring_new(struct arena *mem, struct keyring **out, struct err *err)
{
    struct keyring *ring = ARENA_NEW(mem, struct keyring, 1);
    if (ring == NULL) {
        return err_memory(err, "the keyring");
    }
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        ring->side[i].admitted_at = INDEX_NEVER;
        ring->side[i].named_at = INDEX_NEVER;
        ring->side[i].root_at = INDEX_NEVER;
        buf_init(&ring->of_side[i], ROWS_BYTES_MAX);
    }
    buf_init(&ring->namings, ROWS_BYTES_MAX);
    buf_init(&ring->terms, ROWS_BYTES_MAX);
    *out = ring;
    return true;
}

void keyring_free(struct keyring *ring)
{
    if (ring == NULL) {
        return;
    }
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        buf_free(&ring->of_side[i]);
    }
    buf_free(&ring->namings);
    buf_free(&ring->terms);
}

size_t keyring_memory(const struct keyring *ring)
{
    size_t n = ring->namings.cap + ring->terms.cap;
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        n += ring->of_side[i].cap;
    }
    return n;
}

/* ---- known kids ---- */

/* The place of the first kid that is not below this one. */
static uint32_t known_place(const struct keyring *ring, const struct kid16 *kid)
{
    uint32_t low = 0, high = ring->known_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (memcmp(ring->known[mid].kid.b, kid->b, sizeof(kid->b)) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

static const struct known *known_find(const struct keyring *ring, const struct kid16 *kid)
{
    uint32_t i = known_place(ring, kid);
    return i < ring->known_count && ID_EQ(ring->known[i].kid, *kid) ? &ring->known[i] : NULL;
}

static void known_add(struct keyring *ring, const struct kid *kid, enum key_type type,
                      uint32_t number)
{
    struct known k = {.kid = kid_short(kid), .type = type, .number = number};
    uint32_t i = known_place(ring, &k.kid);
    CHECK(ring->known_count < KNOWN_MAX);
    memmove(&ring->known[i + 1], &ring->known[i], (ring->known_count - i) * sizeof(ring->known[0]));
    ring->known[i] = k;
    ring->known_count++;
}

/* ---- questions ---- */

const struct found *keyring_found(const struct keyring *ring)
{
    return ring->founded ? &ring->found : NULL;
}

const struct table_id *keyring_table(const struct keyring *ring)
{
    return ring->founded ? &ring->table : NULL;
}

static bool author_root(const struct keyring *ring, uint64_t index, const struct ring_root *root,
                        struct ring_author *out, struct err *err)
{
    /* The convener's root writes from index 0 on, before its own side has joined. */
    if (root->from >= index && !ID_EQ(root->pk, ring->found.root)) {
        return err_set(err, ERR_VERIFY, "the root of side %u is not yet admitted here", root->side);
    }
    if (root->until < index) {
        return err_set(err, ERR_VERIFY, "the root of side %u was replaced at index %llu",
                       root->side, (unsigned long long)root->until);
    }
    *out = (struct ring_author){.type = KEY_ROOT,
                                .side = root->side,
                                .seat = SEAT_NONE,
                                .kid = &root->kid,
                                .pk = &root->pk};
    return true;
}

bool keyring_author(const struct keyring *ring, uint64_t index, const struct kid16 *kid,
                    struct ring_author *out, struct err *err)
{
    const struct known *k = known_find(ring, kid);
    if (k == NULL) {
        return err_set(err, ERR_VERIFY, "its author is none that was admitted");
    }
    if (k->type == KEY_ROOT) {
        return author_root(ring, index, &ring->root[k->number], out, err);
    }
    const struct ring_seat *s = &ring->seat[k->number];
    if (k->type != KEY_SEAT) {
        return err_set(err, ERR_VERIFY, "a witness key of side %u cannot be its author", s->side);
    }
    if (s->admitted_at >= index) {
        return err_set(err, ERR_VERIFY, "its seat of side %u is not yet admitted here", s->side);
    }
    if (CHECK_ON(REVOKED) && s->revoked_at < index) {
        return err_set(err, ERR_VERIFY, "this seat was revoked at index %llu of the record",
                       (unsigned long long)s->revoked_at);
    }
    *out = (struct ring_author){
        .type = KEY_SEAT, .side = s->side, .seat = k->number, .kid = &s->kid, .pk = &s->keys.sign};
    return true;
}

uint32_t keyring_seats(const struct keyring *ring, uint64_t at)
{
    uint32_t n = ring->seat_count;
    while (n > 0 && ring->seat[n - 1].admitted_at >= at) {
        n--;
    }
    return n;
}

const struct ring_seat *keyring_seat(const struct keyring *ring, uint32_t seat)
{
    CHECK(seat < ring->seat_count);
    return &ring->seat[seat];
}

uint32_t keyring_find_seat(const struct keyring *ring, const struct kid *kid)
{
    struct kid16 s = kid_short(kid);
    const struct known *k = known_find(ring, &s);
    return k != NULL && k->type == KEY_SEAT && ID_EQ(ring->seat[k->number].kid, *kid) ? k->number
                                                                                      : SEAT_NONE;
}

uint32_t keyring_witnesses(const struct keyring *ring, uint64_t at)
{
    uint32_t n = ring->witness_count;
    while (n > 0 && ring->witness[n - 1].named_at >= at) {
        n--;
    }
    return n;
}

const struct ring_witness *keyring_witness(const struct keyring *ring, uint32_t witness)
{
    CHECK(witness < ring->witness_count);
    return &ring->witness[witness];
}

const struct ring_side *keyring_side(const struct keyring *ring, uint32_t side)
{
    CHECK(side < SIDES_MAX);
    return &ring->side[side];
}

static bool root_holds(const struct ring_root *r, uint64_t at)
{
    return r->from < at && r->until >= at;
}

const struct ring_root *keyring_root(const struct keyring *ring, uint32_t side, uint64_t at)
{
    for (uint32_t i = 0; i < ring->root_count; i++) {
        if (ring->root[i].side == side && root_holds(&ring->root[i], at)) {
            return &ring->root[i];
        }
    }
    return NULL;
}

uint32_t keyring_find_root(const struct keyring *ring, const struct kid *kid, uint64_t at)
{
    struct kid16 s = kid_short(kid);
    const struct known *k = known_find(ring, &s);
    if (k == NULL || k->type != KEY_ROOT || !root_holds(&ring->root[k->number], at) ||
        !ID_EQ(ring->root[k->number].kid, *kid)) {
        return SIDE_NONE;
    }
    return ring->root[k->number].side;
}

const struct ring_naming *keyring_naming(const struct keyring *ring, uint32_t side, uint64_t at)
{
    CHECK(side < SIDES_MAX);
    const uint32_t *place = rows_of(&ring->of_side[side]);
    const struct ring_naming *all = rows_of(&ring->namings);
    size_t low = 0, high = rows_count(&ring->of_side[side], sizeof(*place));
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (all[place[mid]].index < at) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low == 0 ? NULL : &all[place[low - 1]];
}

bool keyring_named(const struct keyring *ring, uint32_t witness, uint64_t at)
{
    return witness < ring->witness_count && ring->witness[witness].named_at < at;
}

size_t keyring_namings(const struct keyring *ring)
{
    return rows_count(&ring->namings, sizeof(struct ring_naming));
}

const struct ring_naming *keyring_naming_at(const struct keyring *ring, size_t i)
{
    CHECK(i < keyring_namings(ring));
    return (const struct ring_naming *)rows_of(&ring->namings) + i;
}

uint32_t keyring_terms(const struct keyring *ring)
{
    return (uint32_t)rows_count(&ring->terms, sizeof(struct ring_term)); /* bounded when added */
}

const struct ring_term *keyring_term(const struct keyring *ring, uint32_t term)
{
    CHECK(term < keyring_terms(ring));
    return (const struct ring_term *)rows_of(&ring->terms) + term;
}

uint32_t keyring_term_of_size(const struct keyring *ring, uint64_t size)
{
    uint32_t term = keyring_terms(ring);
    CHECK(term > 0);
    term--;
    while (term > 0 && keyring_term(ring, term)->from >= size) {
        term--;
    }
    return term;
}

/* ---- rules (FORMAT 6) ---- */

static bool refuse_kid(struct err *err, const struct kid *kid, const char *why)
{
    return err_set(err, ERR_VERIFY, "the key with kid %.*s %s", ID_SHOWN, id_hex(kid->b).s, why);
}

/* No kid is known, and none is there twice. */
static bool kids_are_new(const struct keyring *ring, const struct kid *kids, size_t count,
                         struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct kid16 s = kid_short(&kids[i]);
        if (CHECK_ON(KID_NEW) && known_find(ring, &s) != NULL) {
            return refuse_kid(err, &kids[i], "was admitted before");
        }
        for (size_t j = 0; j < i; j++) {
            if (CHECK_ON(KID_TWICE) && memcmp(kids[j].b, s.b, sizeof(s.b)) == 0) {
                return refuse_kid(err, &kids[i], "is in the slip twice");
            }
        }
    }
    return true;
}

static bool check_found(const struct keyring *ring, uint64_t index, const struct act *act,
                        const struct found *f, struct err *err)
{
    if (CHECK_ON(FOUND_FIRST) && (index != 0 || ring->founded)) {
        return err_set(err, ERR_VERIFY, "only the first act founds a table");
    }
    struct kid kid = kid_of(KEY_ROOT, &f->root);
    struct kid16 s = kid_short(&kid);
    if (CHECK_ON(FOUND_ROOT) && !ID_EQ(s, act->kid)) {
        return err_set(err, ERR_VERIFY, "a table is founded by the convener's root that it names");
    }
    return true;
}

/* Kids of what a slip brings: new ones all, and no post twice. */
static bool check_slip_keys(const struct keyring *ring, const struct slip *slip, bool with_root,
                            struct err *err)
{
    struct kid kids[1 + 2 * SIDE_SEATS_MAX];
    size_t count = 0;
    if (slip->seat_count > SEATS_MAX - ring->seat_count) {
        return err_set(err, ERR_LIMIT, "the table would have more than %u seats", SEATS_MAX);
    }
    if (with_root) {
        kids[count++] = kid_of(KEY_ROOT, &slip->root);
    }
    for (uint32_t i = 0; i < slip->seat_count; i++) {
        kids[count++] = kid_of(KEY_SEAT, &slip->seats[i].sign);
        kids[count++] = kid_of(KEY_WITNESS, &slip->seats[i].witness);
        for (uint32_t j = 0; j < i; j++) {
            if (CHECK_ON(POST_TWICE) && slip->seats[j].post == slip->seats[i].post) {
                return err_set(err, ERR_VERIFY, "two seats of the slip hold post %u",
                               slip->seats[i].post);
            }
        }
    }
    return kids_are_new(ring, kids, count, err);
}

static bool check_side(const struct keyring *ring, const struct ring_author *author,
                       const struct slip *slip, enum trust trust, struct err *err)
{
    uint32_t convener = ring->found.convener_side;
    if (CHECK_ON(CONVENER_ADMITS) && author->side != convener) {
        return err_set(err, ERR_VERIFY,
                       "side %u is admitted by the convener's root, not by side %u", slip->side,
                       author->side);
    }
    if (CHECK_ON(SLIP_TABLE) && !ID_EQ(slip->table, ring->table)) {
        return err_set(err, ERR_VERIFY, "the slip was signed for another table");
    }
    if (slip->side >= SIDES_MAX) {
        return err_set(err, ERR_VERIFY, "there is no side %u: the last is %u", slip->side,
                       SIDES_MAX - 1);
    }
    if (CHECK_ON(SIDE_ONCE) && ring->side[slip->side].admitted_at != INDEX_NEVER) {
        return err_set(err, ERR_VERIFY, "side %u has a root already", slip->side);
    }
    if (CHECK_ON(CONVENER_ROOT) && slip->side == convener && !ID_EQ(slip->root, ring->found.root)) {
        return err_set(err, ERR_VERIFY, "the convener's slip names another root than the founding");
    }
    return check_slip_keys(ring, slip, slip->side != convener, err) &&
           (!CHECK_ON(SLIP_SIGNED) || trust == TRUST_STORED || slip_verify(slip, err));
}

/* m of the side's n successors put another root in the place of the one that it has now. */
static bool check_new_root(const struct keyring *ring, uint64_t index, const struct new_root *n,
                           enum trust trust, struct err *err)
{
    const struct slip *slip = &n->slip;
    const struct ring_side *s = &ring->side[slip->side];
    if (!ID_EQ(slip->table, ring->table)) {
        return err_set(err, ERR_VERIFY, "the new root's paper was signed for another table");
    }
    if (s->admitted_at >= index) {
        return err_set(err, ERR_VERIFY, "side %u has not joined yet", slip->side);
    }
    if (!ID_EQ(n->replaced, s->root)) {
        return err_set(err, ERR_VERIFY, "the root that it replaces is not side %u's", slip->side);
    }
    if (s->successor_count == 0) {
        return err_set(err, ERR_VERIFY, "side %u has named no successors", slip->side);
    }
    for (uint32_t i = 0; i < n->sponsor_count; i++) {
        bool named = false;
        for (uint32_t k = 0; k < s->successor_count; k++) {
            named = named || ID_EQ(s->successors[k], n->sponsors[i]);
        }
        if (!named) {
            return err_set(err, ERR_VERIFY,
                           "it is signed by a key that side %u did not name as a "
                           "successor",
                           slip->side);
        }
    }
    if (n->sponsor_count < s->successors_needed) {
        return err_set(err, ERR_VERIFY, "%u of %u successors of side %u have signed it; %u must",
                       n->sponsor_count, s->successor_count, slip->side, s->successors_needed);
    }
    uint32_t seats = slip->seat_count;
    bool principal = false;
    for (uint32_t i = 0; i < ring->seat_count; i++) {
        seats += ring->seat[i].side == slip->side ? 1 : 0;
    }
    for (uint32_t i = 0; i < slip->seat_count; i++) {
        principal = principal || slip->seats[i].post == 0;
    }
    if (!principal) {
        return err_set(err, ERR_VERIFY, "it brings no seat of the new principal's own");
    }
    if (seats > SIDE_SEATS_MAX) {
        return err_set(err, ERR_LIMIT, "side %u would have more than %u seats", slip->side,
                       SIDE_SEATS_MAX);
    }
    return check_slip_keys(ring, slip, true, err) &&
           (trust == TRUST_STORED || new_root_verify(n, err));
}

static bool check_seat(const struct keyring *ring, uint64_t index, const struct ring_author *author,
                       const struct seat_slip *slip, enum trust trust, struct err *err)
{
    if (CHECK_ON(SLIP_TABLE) && !ID_EQ(slip->table, ring->table)) {
        return err_set(err, ERR_VERIFY, "the seat slip was signed for another table");
    }
    if (CHECK_ON(SEAT_OWN) && slip->side != author->side) {
        return err_set(err, ERR_VERIFY,
                       "a seat of side %u is admitted by its own root, not by side %u", slip->side,
                       author->side);
    }
    if (CHECK_ON(SEAT_JOINED) && ring->side[slip->side].admitted_at >= index) {
        return err_set(err, ERR_VERIFY, "side %u has not joined yet", slip->side);
    }
    if (ring->seat_count >= SEATS_MAX) {
        return err_set(err, ERR_LIMIT, "the table would have more than %u seats", SEATS_MAX);
    }
    uint32_t seats = 0;
    for (uint32_t i = 0; i < ring->seat_count; i++) {
        const struct ring_seat *s = &ring->seat[i];
        seats += s->side == slip->side;
        if (CHECK_ON(SEAT_POST) && s->side == slip->side && s->keys.post == slip->seat.post &&
            ring_seat_active(s, index)) {
            return err_set(err, ERR_VERIFY,
                           "post %u of side %u is held by a seat that is not revoked",
                           slip->seat.post, slip->side);
        }
    }
    if (seats >= SIDE_SEATS_MAX) {
        return err_set(err, ERR_LIMIT, "side %u would have more than %u seats", slip->side,
                       SIDE_SEATS_MAX);
    }
    struct kid kids[2] = {kid_of(KEY_SEAT, &slip->seat.sign),
                          kid_of(KEY_WITNESS, &slip->seat.witness)};
    return kids_are_new(ring, kids, COUNT_OF(kids), err) &&
           (!CHECK_ON(SLIP_SIGNED) || trust == TRUST_STORED || seat_slip_verify(slip, err));
}

static bool check_revoke(const struct keyring *ring, uint64_t index,
                         const struct ring_author *author, const struct kid *kid, struct err *err)
{
    uint32_t seat = keyring_find_seat(ring, kid);
    if (seat == SEAT_NONE) {
        return refuse_kid(err, kid, "is no seat's");
    }
    const struct ring_seat *s = &ring->seat[seat];
    if (CHECK_ON(REVOKE_OWN) && s->side != author->side) {
        return err_set(err, ERR_VERIFY,
                       "a seat of side %u is revoked by its own root, not by side %u", s->side,
                       author->side);
    }
    if (CHECK_ON(REVOKE_ONCE) && !ring_seat_active(s, index)) {
        return refuse_kid(err, kid, "is revoked already");
    }
    return true;
}

/* The seat, active at index, whose witness key this is; SEAT_NONE where there is none. */
static uint32_t seat_of_witness(const struct keyring *ring, uint64_t index, uint32_t side,
                                const struct pubkey *pk)
{
    for (uint32_t i = 0; i < ring->seat_count; i++) {
        const struct ring_seat *s = &ring->seat[i];
        if (s->side == side && ring_seat_active(s, index) && ID_EQ(s->keys.witness, *pk)) {
            return i;
        }
    }
    return SEAT_NONE;
}

static bool check_naming(const struct keyring *ring, uint64_t index,
                         const struct ring_author *author, const struct naming *n, struct err *err)
{
    if (CHECK_ON(NAMING_GROUP) && author->side >= ring->found.groups) {
        return err_set(err, ERR_VERIFY, "side %u has no group: only sides below %u name witnesses",
                       author->side, ring->found.groups);
    }
    if (n->count == 0 || n->count > GROUP_WITNESSES_MAX) {
        return err_set(err, ERR_VERIFY, "a group has 1 to %u witnesses, not %u",
                       GROUP_WITNESSES_MAX, n->count);
    }
    if (CHECK_ON(NAMING_MOST) && (n->needed > n->count || n->needed <= n->count / 2)) {
        return err_set(err, ERR_VERIFY, "%u of %u witnesses is not more than half of them",
                       n->needed, n->count);
    }
    for (uint32_t i = 0; i < n->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (CHECK_ON(NAMING_TWICE) && ID_EQ(n->witnesses[i], n->witnesses[j])) {
                return err_set(err, ERR_VERIFY, "a witness is named twice");
            }
        }
        if (CHECK_ON(NAMING_OWN) &&
            seat_of_witness(ring, index, author->side, &n->witnesses[i]) == SEAT_NONE) {
            return err_set(err, ERR_VERIFY,
                           "witness %u of the list belongs to no seat of side %u that is in office",
                           i + 1, author->side);
        }
    }
    return true;
}

bool keyring_allows(const struct keyring *ring, uint64_t index, const struct act *act,
                    const struct control *c, enum trust trust, struct err *err)
{
    if (c->kind == CONTROL_FOUND) {
        return check_found(ring, index, act, &c->as.found, err);
    }
    struct ring_author author;
    if (!ring->founded) {
        return err_set(err, ERR_VERIFY, "the first act founds the table; this one does not");
    }
    if (!keyring_author(ring, index, &act->kid, &author, err)) {
        return false;
    }
    if (c->kind == CONTROL_KEYS && c->verb == KEYS_NEW_ROOT) {
        return check_new_root(ring, index, &c->as.new_root, trust, err); /* whoever posts it */
    }
    if (CHECK_ON(ROOT_OR_SEAT) && author.type != KEY_ROOT) {
        return err_set(err, ERR_VERIFY, "a %s act is signed by a root, this one by a seat",
                       control_word(c->kind));
    }
    if (c->kind == CONTROL_WITNESSES) {
        return check_naming(ring, index, &author, &c->as.naming, err);
    }
    CHECK(c->kind == CONTROL_KEYS);
    switch (c->verb) {
    case KEYS_ADMIT_SIDE:
        return check_side(ring, &author, &c->as.slip, trust, err);
    case KEYS_ADMIT_SEAT:
        return check_seat(ring, index, &author, &c->as.seat_slip, trust, err);
    case KEYS_REVOKE:
        return check_revoke(ring, index, &author, &c->as.revoked, err);
    case KEYS_NEW_ROOT:
        break; /* looked at above */
    }
    return err_set(err, ERR_VERIFY, "a keys act that is none of the four kinds");
}

/* ---- taking in ---- */

/* from: INDEX_NEVER for the convener's, whose side has still to join. */
static void take_root(struct keyring *ring, uint32_t side, const struct pubkey *pk, uint64_t from)
{
    struct ring_side *s = &ring->side[side];
    CHECK(ring->root_count < ROOTS_MAX);
    s->root = *pk;
    s->root_kid = kid_of(KEY_ROOT, pk);
    known_add(ring, &s->root_kid, KEY_ROOT, ring->root_count);
    ring->root[ring->root_count++] = (struct ring_root){
        .pk = *pk, .kid = s->root_kid, .side = side, .from = from, .until = INDEX_NEVER};
}

static bool take_found(struct keyring *ring, struct bytes blob, const struct found *f,
                       struct err *err)
{
    struct ring_term term = {.host = f->host, .host_kid = kid_of(KEY_HOST, &f->host)};
    if (!rows_add(&ring->terms, &term, sizeof(term), "the terms", err)) {
        return false;
    }
    take_root(ring, f->convener_side, &f->root, INDEX_NEVER);
    ring->found = *f;
    ring->table = table_id_of(blob);
    ring->founded = true;
    return true;
}

static void take_seat(struct keyring *ring, uint64_t index, uint32_t side,
                      const struct seat_keys *keys)
{
    uint32_t seat = ring->seat_count++;
    struct ring_seat *s = &ring->seat[seat];
    *s = (struct ring_seat){.kid = kid_of(KEY_SEAT, &keys->sign),
                            .witness_kid = kid_of(KEY_WITNESS, &keys->witness),
                            .keys = *keys,
                            .side = side,
                            .witness = WITNESS_NONE,
                            .admitted_at = index,
                            .revoked_at = INDEX_NEVER};
    known_add(ring, &s->kid, KEY_SEAT, seat);
    known_add(ring, &s->witness_kid, KEY_WITNESS, seat);
}

static void take_successors(struct ring_side *s, const struct slip *slip)
{
    s->successor_count = slip->successor_count;
    s->successors_needed = slip->successors_needed;
    memcpy(s->successors, slip->successors, sizeof(s->successors));
}

static void take_side(struct keyring *ring, uint64_t index, const struct slip *slip)
{
    struct ring_side *s = &ring->side[slip->side];
    if (slip->side != ring->found.convener_side) {
        take_root(ring, slip->side, &slip->root, index);
    } else {
        ring->root[0].from = index; /* the first root that there was */
    }
    s->admitted_at = index;
    s->root_at = index;
    take_successors(s, slip);
    for (uint32_t i = 0; i < slip->seat_count; i++) {
        take_seat(ring, index, slip->side, &slip->seats[i]);
    }
}

/* The former root goes, and with it whoever held the posts that are filled anew. */
static void take_new_root(struct keyring *ring, uint64_t index, const struct slip *slip)
{
    struct ring_side *s = &ring->side[slip->side];
    for (uint32_t i = 0; i < ring->root_count; i++) {
        struct ring_root *r = &ring->root[i];
        if (r->side == slip->side && r->until == INDEX_NEVER) {
            r->until = index;
        }
    }
    take_root(ring, slip->side, &slip->root, index);
    s->root_at = index;
    take_successors(s, slip);
    uint32_t before = ring->seat_count;
    for (uint32_t i = 0; i < slip->seat_count; i++) {
        for (uint32_t k = 0; k < before; k++) {
            struct ring_seat *seat = &ring->seat[k];
            if (seat->side == slip->side && seat->keys.post == slip->seats[i].post &&
                seat->revoked_at == INDEX_NEVER) {
                seat->revoked_at = index;
            }
        }
        take_seat(ring, index, slip->side, &slip->seats[i]);
    }
}

static bool take_naming(struct keyring *ring, uint64_t index, uint32_t side, const struct naming *n,
                        struct err *err)
{
    struct ring_naming row = {.index = index, .side = side, .needed = n->needed, .count = n->count};
    uint32_t seats[GROUP_WITNESSES_MAX];
    uint32_t next = ring->witness_count;
    for (uint32_t i = 0; i < n->count; i++) {
        seats[i] = seat_of_witness(ring, index, side, &n->witnesses[i]);
        CHECK(seats[i] != SEAT_NONE); /* check_naming looked */
        uint32_t number = ring->seat[seats[i]].witness;
        row.witnesses[i] = number != WITNESS_NONE ? number : next++;
    }
    size_t count = keyring_namings(ring);
    if (count >= UINT32_MAX) {
        return err_set(err, ERR_LIMIT, "there are too many naming acts");
    }
    uint32_t place = (uint32_t)count;
    if (!rows_add(&ring->namings, &row, sizeof(row), "the groups", err)) {
        return false;
    }
    if (!rows_add(&ring->of_side[side], &place, sizeof(place), "the groups", err)) {
        rows_drop(&ring->namings, sizeof(row));
        return false;
    }
    for (uint32_t i = 0; i < n->count; i++) {
        if (ring->seat[seats[i]].witness == WITNESS_NONE) {
            ring->seat[seats[i]].witness = row.witnesses[i];
            ring->witness[row.witnesses[i]] = (struct ring_witness){.seat = seats[i],
                                                                    .named_at = index};
        }
    }
    ring->witness_count = next;
    if (ring->side[side].named_at == INDEX_NEVER) {
        ring->side[side].named_at = index;
    }
    return true;
}

bool keyring_apply(struct keyring *ring, uint64_t index, const struct act *act, struct bytes blob,
                   const struct control *c, enum trust trust, struct err *err)
{
    if (!keyring_allows(ring, index, act, c, trust, err)) {
        return false;
    }
    if (c->kind == CONTROL_FOUND) {
        return take_found(ring, blob, &c->as.found, err);
    }
    if (c->kind == CONTROL_WITNESSES) {
        const struct known *author = known_find(ring, &act->kid);
        CHECK(author != NULL && author->type == KEY_ROOT); /* keyring_allows looked */
        return take_naming(ring, index, ring->root[author->number].side, &c->as.naming, err);
    }
    switch (c->verb) {
    case KEYS_ADMIT_SIDE:
        take_side(ring, index, &c->as.slip);
        return true;
    case KEYS_ADMIT_SEAT:
        take_seat(ring, index, c->as.seat_slip.side, &c->as.seat_slip.seat);
        return true;
    case KEYS_REVOKE:
        ring->seat[keyring_find_seat(ring, &c->as.revoked)].revoked_at = index;
        return true;
    case KEYS_NEW_ROOT:
        take_new_root(ring, index, &c->as.new_root.slip);
        return true;
    }
    return false;
}

bool keyring_new_term(struct keyring *ring, uint64_t from, const struct pubkey *host,
                      struct err *err)
{
    uint32_t terms = keyring_terms(ring);
    if (terms == UINT32_MAX) {
        return err_set(err, ERR_LIMIT, "there are too many terms");
    }
    struct ring_term term = {.host = *host, .host_kid = kid_of(KEY_HOST, host), .from = from};
    return rows_add(&ring->terms, &term, sizeof(term), "the terms", err);
}
