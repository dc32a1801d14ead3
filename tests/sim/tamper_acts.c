/* SPDX-License-Identifier: Apache-2.0
 *
 * See tamper.h.
 */
#include "sim/tamper.h"

#include "lib/test.h"
#include "record/cosign.h"
#include "unit/record/raw_sign.h"

struct door_item tamper_sign(struct record_sim *sim, const struct signer *signer,
                             const struct act *fields, struct bytes blob)
{
    struct buf payload, envelope;
    buf_init(&payload, ENVELOPE_MAX);
    buf_init(&envelope, ENVELOPE_MAX);
    act_encode_payload(fields, &payload);
    raw_sign(buf_bytes(&payload), signer, &envelope);
    buf_free(&payload);
    return (struct door_item){.envelope = sim_keep(sim, &envelope), .blob = blob};
}

/* A seat of side 1, whose chain has acts in it. */
#define SIDE 1u
#define SEAT 0u

static const struct signer *author(struct record_sim *sim)
{
    return sim->sides[SIDE].seats[SEAT].sign;
}

static struct act words(struct record_sim *sim, struct bytes *out_blob)
{
    *out_blob = sim_seal(sim, bytes_str("words"));
    struct act a = sim_fields(sim, SIDE, SEAT, CONTROL_SEALED, *out_blob);
    prop_fill(&sim->rnd, a.tag.b, sizeof(a.tag.b));
    prop_fill(&sim->rnd, a.commit.b, sizeof(a.commit.b));
    return a;
}

#define WORDS(name, bend)                                                                          \
    struct door_item name(struct tamper *t)                                                        \
    {                                                                                              \
        struct record_sim *sim = &t->sim;                                                          \
        struct bytes blob;                                                                         \
        struct act a = words(sim, &blob);                                                          \
        bend;                                                                                      \
        return tamper_sign(sim, author(sim), &a, blob);                                            \
    }

WORDS(tamper_table, a.table.b[0] ^= 1)
WORDS(tamper_term, a.term = 1)
WORDS(tamper_n, a.n++)
WORDS(tamper_prev, a.prev.b[0] ^= 1)
WORDS(tamper_seen_above, a.seen_size += 5)
WORDS(tamper_seen_root, a.seen_root.b[0] ^= 1)
WORDS(tamper_blob_digest, a.blob.b[0] ^= 1)
WORDS(tamper_blob_length, a.blob_length++)

struct door_item tamper_seen_falls(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob;
    struct act a = words(sim, &blob);
    struct door_item first = tamper_sign(sim, author(sim), &a, blob);
    uint64_t before = a.seen_size - 1;
    (void)sim_post(sim, first);
    a = words(sim, &blob);
    a.seen_size = before;
    a.seen_root = door_root(sim->door, before);
    return tamper_sign(sim, author(sim), &a, blob);
}

struct door_item tamper_signature(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob;
    struct act a = words(sim, &blob);
    struct door_item item = tamper_sign(sim, author(sim), &a, blob);
    ((uint8_t *)(uintptr_t)item.envelope.p)[item.envelope.n - 1] ^= 1; /* the signature's last */
    return item;
}

/* The version's head in two bytes. */
struct door_item tamper_canonical(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob;
    struct act a = words(sim, &blob);
    struct buf payload, longer, envelope;
    buf_init(&payload, ENVELOPE_MAX);
    buf_init(&longer, ENVELOPE_MAX);
    buf_init(&envelope, ENVELOPE_MAX);
    act_encode_payload(&a, &payload);
    buf_add(&longer, bytes_slice(buf_bytes(&payload), 0, 2));
    buf_add(&longer, bytes_of("\x18\x01", 2));
    buf_add(&longer, bytes_slice(buf_bytes(&payload), 3, payload.n));
    raw_sign(buf_bytes(&longer), author(sim), &envelope);
    buf_free(&payload);
    buf_free(&longer);
    return (struct door_item){.envelope = sim_keep(sim, &envelope), .blob = blob};
}

/* ---- seals ---- */

static struct door_item with_blob(struct record_sim *sim, struct bytes blob)
{
    struct act a = sim_fields(sim, SIDE, SEAT, CONTROL_SEALED, blob);
    prop_fill(&sim->rnd, a.commit.b, sizeof(a.commit.b));
    return tamper_sign(sim, author(sim), &a, blob);
}

struct door_item tamper_blob_limit(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    size_t n = sim->found.blob_limit_bytes + 1000u;
    uint8_t *plain = ARENA_NEW(&sim->mem, uint8_t, n);
    assert_non_null(plain);
    return with_blob(sim, sim_seal(sim, bytes_of(plain, n)));
}

struct door_item tamper_seal_form(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    return with_blob(sim, bytes_str("no seal at all"));
}

struct door_item tamper_seal_count(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    uint32_t multiple = sim->found.stanza_multiple;
    sim->found.stanza_multiple = 1;
    struct bytes blob = sim_seal(sim, bytes_str("words"));
    sim->found.stanza_multiple = multiple;
    assert_true(sim->side_count % multiple != 0);
    return with_blob(sim, blob);
}

static uint8_t *find(struct bytes in, const char *what)
{
    size_t n = strlen(what), i = 0;
    while (i + n <= in.n && memcmp(in.p + i, what, n) != 0) {
        i++;
    }
    assert_true(i + n <= in.n);
    return (uint8_t *)(uintptr_t)(in.p + i); /* our own bytes */
}

struct door_item tamper_seal_type(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = sim_seal(sim, bytes_str("words"));
    find(blob, "-> X25519")[3] = 'Y';
    return with_blob(sim, blob);
}

struct door_item tamper_seal_share(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = sim_seal(sim, bytes_str("words"));
    memset(find(blob, "-> X25519 ") + 10, 'A', 43); /* all zeros */
    return with_blob(sim, blob);
}

struct door_item tamper_seal_padding(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = sim_seal(sim, bytes_str("words"));
    return with_blob(sim, bytes_slice(blob, 0, blob.n - 1));
}

/* ---- control acts ---- */

static struct door_item of_root(struct record_sim *sim, uint32_t side, enum control_kind kind,
                                struct bytes blob)
{
    struct act a = sim_fields(sim, side, SIM_ROOT, kind, blob);
    return tamper_sign(sim, sim->sides[side].root, &a, blob);
}

static struct bytes revoke_blob(struct record_sim *sim, uint32_t side, uint32_t seat)
{
    struct kid kid = signer_kid(sim->sides[side].seats[seat].sign);
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_revoke(&kid, &b);
    return sim_keep(sim, &b);
}

struct door_item tamper_commit(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = revoke_blob(sim, 1, 2);
    struct act a = sim_fields(sim, 1, SIM_ROOT, CONTROL_KEYS, blob);
    a.commit.b[0] ^= 1;
    return tamper_sign(sim, sim->sides[1].root, &a, blob);
}

struct door_item tamper_tag(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = revoke_blob(sim, 1, 2);
    struct act a = sim_fields(sim, 1, SIM_ROOT, CONTROL_KEYS, blob);
    a.tag.b[0] = 1;
    return tamper_sign(sim, sim->sides[1].root, &a, blob);
}

/* A seat does what is its root's to do. */
struct door_item tamper_root_or_seat(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = revoke_blob(sim, 1, 2);
    struct act a = sim_fields(sim, 1, 0, CONTROL_KEYS, blob);
    return tamper_sign(sim, sim->sides[1].seats[0].sign, &a, blob);
}

struct door_item tamper_revoked(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = sim_seal(sim, bytes_str("after my time"));
    struct act a = sim_fields(sim, 1, 2, CONTROL_SEALED, blob);
    (void)sim_revoke(sim, 1, 2);
    return tamper_sign(sim, sim->sides[1].seats[2].sign, &a, blob);
}

struct door_item tamper_found_first(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = sim->items[0].blob;
    struct act a = sim_fields(sim, 0, SIM_ROOT, CONTROL_FOUND, blob);
    return tamper_sign(sim, sim->sides[0].root, &a, blob);
}

/* A slip of side 4's keys that says so many things of itself. */
struct slip_lies {
    uint32_t side;
    uint32_t seats;
    bool another_table;
    bool same_key_twice;
    bool same_post_twice;
    uint32_t key_of_side; /* a seat of that side in place of its own; SIDE_NONE: none */
};

static struct bytes lying_slip(struct record_sim *sim, struct slip_lies l)
{
    struct sim_side *s = &sim->sides[4];
    struct slip slip = {.table = sim->table, .side = l.side, .seat_count = l.seats};
    const struct signer *sign[SIM_SEATS], *witness[SIM_SEATS];
    struct err err = {0};
    struct buf raw, b;
    slip.table.b[0] ^= l.another_table ? 1 : 0;
    for (uint32_t i = 0; i < l.seats; i++) {
        struct sim_seat *k = &s->seats[l.same_key_twice ? 0 : i];
        if (i == 0 && l.key_of_side != SIDE_NONE) {
            k = &sim->sides[l.key_of_side].seats[0];
        }
        slip.seats[i] = k->keys;
        slip.seats[i].post = l.same_post_twice ? 0 : i;
        sign[i] = k->sign;
        witness[i] = k->witness;
    }
    buf_init(&raw, CONTROL_BLOB_MAX);
    buf_init(&b, CONTROL_BLOB_MAX);
    if (!slip_sign(&slip, s->root, sign, witness, NULL, &raw, &err)) {
        fail_msg("%s", err.what);
    }
    keys_encode_side(buf_bytes(&raw), &b);
    buf_free(&raw);
    return sim_keep(sim, &b);
}

#define SLIP(name, author_side, ...)                                                               \
    struct door_item name(struct tamper *t)                                                        \
    {                                                                                              \
        struct record_sim *sim = &t->sim;                                                          \
        struct slip_lies l = {.side = 4, .seats = 2, .key_of_side = SIDE_NONE};                    \
        __VA_ARGS__;                                                                               \
        return of_root(sim, author_side, CONTROL_KEYS, lying_slip(sim, l));                        \
    }

SLIP(tamper_convener_admits, 1, l.seats = 1)
SLIP(tamper_slip_table, 0, l.another_table = true)
SLIP(tamper_side_once, 0, l.side = 2)
SLIP(tamper_convener_root, 0, l.side = 0)
SLIP(tamper_kid_new, 0, l.key_of_side = 1)
SLIP(tamper_kid_twice, 0, l.same_key_twice = true)
SLIP(tamper_post_twice, 0, l.same_post_twice = true)

struct door_item tamper_slip_signed(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    struct slip_lies l = {.side = 4, .seats = 2, .key_of_side = SIDE_NONE};
    struct bytes blob = lying_slip(sim, l);
    ((uint8_t *)(uintptr_t)blob.p)[blob.n - 1] ^= 1; /* the last signature's last byte */
    return of_root(sim, 0, CONTROL_KEYS, blob);
}

struct door_item tamper_seat_own(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    return of_root(sim, 2, CONTROL_KEYS, sim_seat_slip_blob(sim, 1, 3, 3));
}

struct door_item tamper_seat_joined(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    return of_root(sim, 0, CONTROL_KEYS, sim_seat_slip_blob(sim, 0, 3, 3));
}

struct door_item tamper_seat_post(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    return of_root(sim, 1, CONTROL_KEYS, sim_seat_slip_blob(sim, 1, 3, 0));
}

struct door_item tamper_revoke_own(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    return of_root(sim, 2, CONTROL_KEYS, revoke_blob(sim, 1, 2));
}

struct door_item tamper_revoke_once(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    (void)sim_revoke(sim, 1, 2);
    return of_root(sim, 1, CONTROL_KEYS, revoke_blob(sim, 1, 2));
}

struct door_item tamper_naming_group(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    static const uint32_t first[] = {0};
    return of_root(sim, 3, CONTROL_WITNESSES, sim_naming_blob(sim, 3, 1, first, 1));
}

struct door_item tamper_naming_most(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    static const uint32_t two[] = {0, 1};
    return of_root(sim, 1, CONTROL_WITNESSES, sim_naming_blob(sim, 1, 1, two, 2));
}

struct door_item tamper_naming_twice(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    static const uint32_t twice[] = {0, 0, 1};
    return of_root(sim, 1, CONTROL_WITNESSES, sim_naming_blob(sim, 1, 2, twice, 3));
}

struct door_item tamper_naming_own(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    static const uint32_t first[] = {0};
    return of_root(sim, 2, CONTROL_WITNESSES, sim_naming_blob(sim, 1, 1, first, 1));
}

/* ---- countersigning ---- */

struct stamp {
    uint64_t size, time;
    uint64_t number; /* of the line's name */
    uint32_t term;
    const struct signer *host, *witness;
};

static struct bytes stamp_blob(struct record_sim *sim, const struct stamp *s)
{
    struct checkpoint cp = {.table = sim->table,
                            .term = s->term,
                            .size = s->size,
                            .root = door_root(sim->door, s->size)};
    struct buf note, blob;
    struct err err = {0};
    buf_init(&note, NOTE_BYTES_MAX);
    buf_init(&blob, COUNTERSIGN_BLOB_MAX);
    if (!checkpoint_sign(&cp, s->host, &note, &err) ||
        !countersign_make(buf_bytes(&note), &sim->table, s->number, s->time, s->witness, &blob,
                          &err)) {
        fail_msg("%s", err.what);
    }
    buf_free(&note);
    return sim_keep(sim, &blob);
}

static struct stamp honest_stamp(struct record_sim *sim, uint32_t side, uint32_t seat)
{
    struct kid kid = signer_kid(sim->sides[side].seats[seat].sign);
    const struct keyring *ring = door_keyring(sim->door);
    return (struct stamp){.size = door_size(sim->door),
                          .time = sim->now,
                          .number = keyring_seat(ring, keyring_find_seat(ring, &kid))->witness,
                          .term = door_term(sim->door),
                          .host = sim->host,
                          .witness = sim->sides[side].seats[seat].witness};
}

#define STAMP(name, seat, bend)                                                                    \
    struct door_item name(struct tamper *t)                                                        \
    {                                                                                              \
        struct record_sim *sim = &t->sim;                                                          \
        struct stamp s = honest_stamp(sim, SIDE, seat);                                            \
        bend;                                                                                      \
        struct bytes blob = stamp_blob(sim, &s);                                                   \
        struct act a = sim_fields(sim, SIDE, seat, CONTROL_COUNTERSIGN, blob);                     \
        return tamper_sign(sim, sim->sides[SIDE].seats[seat].sign, &a, blob);                      \
    }

STAMP(tamper_cs_term, 0, s.term = 1)
STAMP(tamper_cs_tree, 0, s.size--)
STAMP(tamper_cs_named, 2, s.number = 1)
STAMP(tamper_cs_number, 0, s.number++)
STAMP(tamper_cs_time, 0, s.time -= 100000)
STAMP(tamper_cs_host, 0, s.host = t->rival)
STAMP(tamper_cs_witness, 0, s.witness = sim->sides[2].seats[0].witness)

/* ---- succession ---- */

static uint64_t cut(struct record_sim *sim)
{
    uint64_t w = witness_final(door_witness(sim->door), door_size(sim->door));
    sim_cut(sim, w);
    return w;
}

static void succeed(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    uint64_t w = cut(sim);
    (void)sim_post(sim, sim_succession(sim, 0, w, t->rival));
    (void)sim_post(sim, sim_succession(sim, 1, w, t->rival));
    (void)sim_post(sim, sim_succession(sim, 2, w, t->rival));
}

/* In the new term a chain begins anew, and with it what a seat says to have seen. */
struct door_item tamper_cs_size(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    succeed(t);
    struct countersigned last = {0};
    struct stamp s = honest_stamp(sim, SIDE, 0);
    if (!witness_last(door_witness(sim->door), (uint32_t)s.number, INDEX_NEVER, &last)) {
        fail_msg("it has countersigned nothing");
    }
    s.size = last.size - 1;
    s.host = t->rival;
    struct bytes blob = stamp_blob(sim, &s);
    struct act a = sim_fields(sim, SIDE, 0, CONTROL_COUNTERSIGN, blob);
    a.seen_size = s.size;
    a.seen_root = door_root(sim->door, s.size);
    return tamper_sign(sim, sim->sides[SIDE].seats[0].sign, &a, blob);
}

struct door_item tamper_succ_size(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    return sim_succession(sim, 0, door_size(sim->door) - 1, t->rival);
}

struct door_item tamper_succ_one(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    uint64_t w = cut(sim);
    (void)sim_post(sim, sim_succession(sim, 0, w, t->rival));
    return sim_succession(sim, 1, w, t->third);
}

struct door_item tamper_succ_tree(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    uint64_t w = cut(sim);
    struct door_item item = sim_succession(sim, 0, w, t->rival);
    struct act a;
    struct err err = {0};
    if (!act_decode(item.envelope, &a, &err)) {
        fail_msg("%s", err.what);
    }
    a.seen_size = w - 1;
    a.seen_root = door_root(sim->door, w - 1);
    return tamper_sign(sim, sim->sides[0].root, &a, item.blob);
}

struct door_item tamper_succ_host(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    return sim_succession(sim, 0, cut(sim), sim->host);
}

struct door_item tamper_succ_side(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    return sim_succession(sim, 3, cut(sim), t->rival);
}

struct door_item tamper_succ_once(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    uint64_t w = cut(sim);
    (void)sim_post(sim, sim_succession(sim, 1, w, t->rival));
    struct door_item again = sim_succession(sim, 1, w, t->rival);
    struct act a;
    struct err err = {0};
    if (!act_decode(again.envelope, &a, &err)) {
        fail_msg("%s", err.what);
    }
    a.n = 1;
    a.prev = door_leaf(sim->door, w);
    return tamper_sign(sim, sim->sides[1].root, &a, again.blob);
}

struct door_item tamper_succ_alone(struct tamper *t)
{
    struct record_sim *sim = &t->sim;
    uint64_t w = cut(sim);
    struct bytes blob = sim_seal(sim, bytes_str("in between"));
    (void)sim_post(sim, sim_succession(sim, 0, w, t->rival));
    struct act a = sim_fields(sim, SIDE, SEAT, CONTROL_SEALED, blob);
    a.term = 1;
    a.n = 0;
    a.prev = (struct leaf_hash){{0}};
    return tamper_sign(sim, author(sim), &a, blob);
}
