/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/record_sim.h"

#include <stdio.h>

#include "crypto/age.h"
#include "crypto/dh.h"
#include "crypto/init.h"
#include "lib/test.h"
#include "record/cosign.h"
#include "record/padding.h"

#define SIM_ROOM (64u << 20)
#define SIM_ACTS 40000u

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        fail_msg("%s (%s)", err->what, err->where);
    }
}

struct bytes sim_keep(struct record_sim *sim, struct buf *b)
{
    assert_true(buf_ok(b));
    struct bytes v = arena_copy(&sim->mem, buf_bytes(b));
    assert_false(sim->mem.failed);
    buf_free(b);
    return v;
}

struct signer *sim_signer(struct record_sim *sim, enum key_type type)
{
    uint8_t seed[32];
    struct signer *s = NULL;
    struct err err = {0};
    prop_fill(&sim->rnd, seed, sizeof(seed));
    must(signer_new(type, seed, &s, &err), &err);
    return s;
}

static void make_seat(struct record_sim *sim, struct sim_seat *seat, uint32_t post)
{
    seat->sign = sim_signer(sim, KEY_SEAT);
    seat->witness = sim_signer(sim, KEY_WITNESS);
    prop_fill(&sim->rnd, seat->seal_secret, sizeof(seat->seal_secret));
    seat->keys.sign = signer_pk(seat->sign);
    seat->keys.witness = signer_pk(seat->witness);
    dh_public(seat->seal_secret, seat->keys.seal.b);
    seat->keys.post = post;
    seat->keys.flags = post == 0 ? SEAT_MAY_GRANT : 0;
}

void sim_open(struct record_sim *sim, uint64_t seed, uint32_t sides, uint32_t seats)
{
    struct err err = {0};
    must(crypto_init(&err), &err);
    assert_true(sides <= SIM_SIDES && seats <= SIM_SEATS);
    *sim = (struct record_sim){.side_count = sides, .now = SIM_NOW, .cap = SIM_ACTS};
    sim->mem = test_arena(SIM_ROOM);
    prop_init_seed(&sim->rnd, seed);
    for (uint32_t i = 0; i < sides; i++) {
        struct sim_side *side = &sim->sides[i];
        side->root = sim_signer(sim, KEY_ROOT);
        side->seat_count = seats;
        for (uint32_t k = 0; k < seats; k++) {
            make_seat(sim, &side->seats[k], k);
        }
    }
    sim->host = sim_signer(sim, KEY_HOST);
    sim->found = (struct found){.rules_version = 1,
                                .host = signer_pk(sim->host),
                                .root = signer_pk(sim->sides[0].root),
                                .stanza_multiple = STANZA_MULTIPLE_DEFAULT,
                                .blob_limit_bytes = BLOB_LIMIT_LEAST,
                                .grace_seconds = 3600,
                                .groups = sides < 2 ? 2 : sides,
                                .convener_side = 0};
    prop_fill(&sim->rnd, sim->found.nonce, sizeof(sim->found.nonce));
    prop_fill(&sim->rnd, sim->found.charter.b, sizeof(sim->found.charter.b));
    sim->items = ARENA_NEW(&sim->mem, struct door_item, sim->cap);
    assert_non_null(sim->items);
    must(door_new(&sim->mem, NULL, &sim->door, &err), &err);
}

void sim_close(struct record_sim *sim)
{
    for (uint32_t i = 0; i < sim->side_count; i++) {
        struct sim_side *side = &sim->sides[i];
        signer_free(side->root);
        for (uint32_t k = 0; k < side->seat_count; k++) {
            signer_free(side->seats[k].sign);
            signer_free(side->seats[k].witness);
        }
    }
    signer_free(sim->host);
    door_free(sim->door);
    test_arena_free(&sim->mem);
}

static const struct signer *signer_of(const struct record_sim *sim, uint32_t side, uint32_t seat)
{
    return seat == SIM_ROOT ? sim->sides[side].root : sim->sides[side].seats[seat].sign;
}

struct act sim_fields(const struct record_sim *sim, uint32_t side, uint32_t seat,
                      enum control_kind kind, struct bytes blob)
{
    uint64_t size = door_size(sim->door);
    struct act a = {.table = sim->table,
                    .seen_size = size,
                    .seen_root = door_root(sim->door, size),
                    .blob = digest_plain(blob),
                    .blob_length = blob.n,
                    .term = door_term(sim->door),
                    .control = kind};
    a.commit = a.blob;
    struct kid kid = signer_kid(signer_of(sim, side, seat));
    struct kid16 kid16 = kid_short(&kid);
    struct ring_author author;
    struct err err;
    if (keyring_author(door_keyring(sim->door), size, &kid16, &author, &err)) {
        struct chain c = door_chain(sim->door, &author);
        a.n = c.n;
        a.prev = c.prev;
    }
    return a;
}

struct door_item sim_sign(struct record_sim *sim, uint32_t side, uint32_t seat,
                          const struct act *fields, struct bytes blob)
{
    struct buf b;
    struct err err = {0};
    buf_init(&b, ENVELOPE_MAX);
    must(act_sign(fields, signer_of(sim, side, seat), &b, &err), &err);
    return (struct door_item){.envelope = sim_keep(sim, &b), .blob = blob};
}

struct door_item sim_make(struct record_sim *sim, uint32_t side, uint32_t seat,
                          enum control_kind kind, struct bytes blob)
{
    struct act a = sim_fields(sim, side, seat, kind, blob);
    return sim_sign(sim, side, seat, &a, blob);
}

uint64_t sim_post(struct record_sim *sim, struct door_item item)
{
    struct verified_act va;
    struct err err = {0};
    must(door_admit(sim->door, DOOR_CHECK, item.envelope, item.blob, &va, &err), &err);
    assert_true(sim->count < sim->cap);
    assert_int_equal(va.index, sim->count);
    sim->items[sim->count++] = item;
    return va.index;
}

void sim_refused(struct record_sim *sim, struct door_item item, const char *why)
{
    struct verified_act va;
    struct err err = {0};
    uint64_t size = door_size(sim->door);
    struct root_hash root = door_root(sim->door, size), after;
    if (door_would_admit(sim->door, item.envelope, item.blob, &va, &err)) {
        fail_msg("it would be admitted, though %s", why);
    }
    if (strstr(err.what, why) == NULL) {
        fail_msg("asked, it says \"%s\", not \"%s\"", err.what, why);
    }
    err_clear(&err);
    if (door_admit(sim->door, DOOR_CHECK, item.envelope, item.blob, &va, &err)) {
        fail_msg("admitted, though %s", why);
    }
    if (strstr(err.what, why) == NULL) {
        fail_msg("it says \"%s\", not \"%s\"", err.what, why);
    }
    char index[32];
    assert_true(snprintf(index, sizeof(index), "act %llu", (unsigned long long)size) > 0);
    assert_non_null(strstr(err.where, index));
    assert_int_equal(door_size(sim->door), size);
    after = door_root(sim->door, size);
    assert_memory_equal(after.b, root.b, sizeof(root.b));
}

/* ---- blobs ---- */

struct bytes sim_seal(struct record_sim *sim, struct bytes plain)
{
    struct buf padded, sealed;
    struct err err = {0};
    buf_init(&padded, BLOB_LIMIT_MOST);
    buf_add(&padded, plain);
    padding_put(&padded, 0);
    uint8_t to[SIM_SIDES][AGE_KEY_BYTES];
    for (uint32_t i = 0; i < sim->side_count; i++) {
        memcpy(to[i], sim->sides[i].seats[0].keys.seal.b, AGE_KEY_BYTES);
    }
    size_t mark = arena_mark(&sim->mem);
    struct age_chance *chance = ARENA_NEW(&sim->mem, struct age_chance, 1);
    assert_non_null(chance);
    prop_fill(&sim->rnd, chance->file_key, sizeof(chance->file_key));
    prop_fill(&sim->rnd, chance->nonce, sizeof(chance->nonce));
    prop_fill(&sim->rnd, chance->shuffle_seed, sizeof(chance->shuffle_seed));
    for (size_t i = 0; i < SIM_SIDES + STANZA_MULTIPLE_MAX; i++) {
        prop_fill(&sim->rnd, chance->ephemeral[i], sizeof(chance->ephemeral[i]));
        prop_fill(&sim->rnd, chance->dummy[i], sizeof(chance->dummy[i]));
    }
    buf_init(&sealed, BLOB_LIMIT_MOST);
    must(age_seal(buf_bytes(&padded), &to[0][0], sim->side_count, sim->found.stanza_multiple,
                  chance, &sealed, &err),
         &err);
    arena_rewind(&sim->mem, mark);
    buf_free(&padded);
    return sim_keep(sim, &sealed);
}

/* Of fixed seeds: nothing is drawn for them. */
static void open_successors(const struct record_sim *sim, uint32_t side,
                            struct signer *out[static SUCCESSORS_MAX])
{
    for (uint32_t i = 0; i < sim->successors; i++) {
        uint8_t seed[32] = {0x5c, (uint8_t)side, (uint8_t)i};
        struct err err = {0};
        must(signer_new(KEY_ROOT, seed, &out[i], &err), &err);
    }
}

static void close_successors(const struct record_sim *sim, struct signer *const *s)
{
    for (uint32_t i = 0; i < sim->successors; i++) {
        signer_free(s[i]);
    }
}

struct bytes sim_slip(struct record_sim *sim, uint32_t side, uint32_t seats)
{
    struct sim_side *s = &sim->sides[side];
    struct slip slip = {.table = sim->table,
                        .side = side,
                        .seat_count = seats,
                        .successor_count = sim->successors,
                        .successors_needed = sim->successors == 0 ? 0 : sim->successors / 2 + 1};
    const struct signer *sign[SIM_SEATS], *witness[SIM_SEATS];
    struct signer *successors[SUCCESSORS_MAX];
    const struct signer *named[SUCCESSORS_MAX];
    struct err err = {0};
    struct buf b;
    for (uint32_t i = 0; i < seats; i++) {
        slip.seats[i] = s->seats[i].keys;
        sign[i] = s->seats[i].sign;
        witness[i] = s->seats[i].witness;
    }
    buf_init(&b, CONTROL_BLOB_MAX);
    open_successors(sim, side, successors);
    for (uint32_t i = 0; i < sim->successors; i++) {
        named[i] = successors[i];
    }
    must(slip_sign(&slip, s->root, sign, witness, named, &b, &err), &err);
    close_successors(sim, successors);
    return sim_keep(sim, &b);
}

struct bytes sim_slip_blob(struct record_sim *sim, uint32_t side, uint32_t seats)
{
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_side(sim_slip(sim, side, seats), &b);
    return sim_keep(sim, &b);
}

struct bytes sim_seat_slip_blob(struct record_sim *sim, uint32_t side, uint32_t seat, uint32_t post)
{
    struct sim_seat *s = &sim->sides[side].seats[seat];
    struct seat_slip slip = {.table = sim->table, .side = side, .seat = s->keys};
    struct err err = {0};
    struct buf raw, b;
    slip.seat.post = post;
    buf_init(&raw, CONTROL_BLOB_MAX);
    must(seat_slip_sign(&slip, s->sign, s->witness, &raw, &err), &err);
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_seat(buf_bytes(&raw), &b);
    buf_free(&raw);
    return sim_keep(sim, &b);
}

struct bytes sim_naming_blob(struct record_sim *sim, uint32_t side, uint32_t needed,
                             const uint32_t *seats, uint32_t count)
{
    struct naming n = {.needed = needed, .count = count};
    struct buf b;
    assert_true(count <= SIM_SEATS);
    for (uint32_t i = 0; i < count; i++) {
        n.witnesses[i] = sim->sides[side].seats[seats[i]].keys.witness;
    }
    buf_init(&b, CONTROL_BLOB_MAX);
    naming_encode(&n, &b);
    return sim_keep(sim, &b);
}

struct bytes sim_note(struct record_sim *sim, uint64_t size)
{
    struct checkpoint cp = {.table = sim->table,
                            .term = keyring_term_of_size(door_keyring(sim->door), size),
                            .size = size,
                            .root = door_root(sim->door, size)};
    struct err err = {0};
    struct buf b;
    buf_init(&b, NOTE_BYTES_MAX);
    must(checkpoint_sign(&cp, sim->host, &b, &err), &err);
    return sim_keep(sim, &b);
}

static uint64_t witness_number(const struct record_sim *sim, const struct sim_seat *seat)
{
    struct kid kid = signer_kid(seat->sign);
    const struct keyring *ring = door_keyring(sim->door);
    uint32_t found = keyring_find_seat(ring, &kid);
    return found == SEAT_NONE ? 0 : keyring_seat(ring, found)->witness;
}

struct bytes sim_countersign_blob(struct record_sim *sim, uint32_t side, uint32_t seat,
                                  uint64_t size, uint64_t time)
{
    const struct sim_seat *s = &sim->sides[side].seats[seat];
    struct err err = {0};
    struct buf b;
    buf_init(&b, COUNTERSIGN_BLOB_MAX);
    must(countersign_make(sim_note(sim, size), &sim->table, witness_number(sim, s), time,
                          s->witness, &b, &err),
         &err);
    return sim_keep(sim, &b);
}

/* ---- acts ---- */

void sim_found(struct record_sim *sim)
{
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    found_encode(&sim->found, &b);
    struct bytes f = sim_keep(sim, &b);
    sim->table = table_id_of(f);
    (void)sim_post(sim, sim_make(sim, sim->found.convener_side, SIM_ROOT, CONTROL_FOUND, f));
}

void sim_join(struct record_sim *sim, uint32_t side, uint32_t seats)
{
    (void)sim_post(sim, sim_make(sim, sim->found.convener_side, SIM_ROOT, CONTROL_KEYS,
                                 sim_slip_blob(sim, side, seats)));
}

void sim_name(struct record_sim *sim, uint32_t side, uint32_t needed, const uint32_t *seats,
              uint32_t count)
{
    (void)sim_post(sim, sim_make(sim, side, SIM_ROOT, CONTROL_WITNESSES,
                                 sim_naming_blob(sim, side, needed, seats, count)));
}

void sim_start(struct record_sim *sim)
{
    static const uint32_t first[] = {0};
    sim_found(sim);
    for (uint32_t i = 0; i < sim->side_count; i++) {
        sim_join(sim, i, sim->sides[i].seat_count);
    }
    for (uint32_t i = 0; i < sim->side_count && i < sim->found.groups; i++) {
        sim_name(sim, i, 1, first, 1);
    }
}

uint64_t sim_say(struct record_sim *sim, uint32_t side, uint32_t seat, struct bytes plain)
{
    struct bytes blob = sim_seal(sim, plain);
    struct act a = sim_fields(sim, side, seat, CONTROL_SEALED, blob);
    prop_fill(&sim->rnd, a.commit.b, sizeof(a.commit.b));
    prop_fill(&sim->rnd, a.tag.b, sizeof(a.tag.b));
    return sim_post(sim, sim_sign(sim, side, seat, &a, blob));
}

uint64_t sim_countersign(struct record_sim *sim, uint32_t side, uint32_t seat)
{
    struct bytes blob = sim_countersign_blob(sim, side, seat, door_size(sim->door), sim->now);
    return sim_post(sim, sim_make(sim, side, seat, CONTROL_COUNTERSIGN, blob));
}

uint64_t sim_revoke(struct record_sim *sim, uint32_t side, uint32_t seat)
{
    struct kid kid = signer_kid(sim->sides[side].seats[seat].sign);
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_revoke(&kid, &b);
    return sim_post(sim, sim_make(sim, side, SIM_ROOT, CONTROL_KEYS, sim_keep(sim, &b)));
}

uint64_t sim_new_root(struct record_sim *sim, uint32_t side)
{
    struct sim_side *s = &sim->sides[side];
    struct signer *successors[SUCCESSORS_MAX];
    struct pubkey replaced = signer_pk(s->root);
    struct sim_seat seat = {0};
    struct slip slip = {.table = sim->table, .side = side, .seat_count = 1};
    struct err err = {0};
    struct buf b;
    struct signer *root = sim_signer(sim, KEY_ROOT);
    make_seat(sim, &seat, 0);
    slip.seats[0] = seat.keys;
    const struct signer *sign = seat.sign, *witness = seat.witness;
    buf_init(&b, CONTROL_BLOB_MAX);
    must(new_root_sign(&slip, &replaced, root, &sign, &witness, NULL, &b, &err), &err);
    struct bytes paper = sim_keep(sim, &b);
    open_successors(sim, side, successors);
    for (uint32_t i = 0; i < sim->successors / 2 + 1; i++) {
        buf_init(&b, CONTROL_BLOB_MAX);
        must(new_root_sponsor(paper, successors[i], &b, &err), &err);
        paper = sim_keep(sim, &b);
    }
    close_successors(sim, successors);
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_new_root(paper, &b);
    uint64_t index = sim_post(
        sim, sim_make(sim, side, s->seat_count - 1, CONTROL_KEYS, sim_keep(sim, &b)));
    signer_free(s->root);
    signer_free(s->seats[0].sign);
    signer_free(s->seats[0].witness);
    s->root = root;
    s->seats[0] = seat;
    return index;
}

uint64_t sim_proceed(struct record_sim *sim, uint32_t side, uint32_t seat, uint32_t without)
{
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    proceed_encode(without, &b);
    return sim_post(sim, sim_make(sim, side, seat, CONTROL_PROCEED, sim_keep(sim, &b)));
}

void sim_cut(struct record_sim *sim, uint64_t size)
{
    struct err err = {0};
    assert_true(size <= sim->count);
    door_free(sim->door);
    must(door_new(&sim->mem, &sim->table, &sim->door, &err), &err);
    for (uint64_t i = 0; i < size; i++) {
        struct verified_act va;
        must(door_admit(sim->door, DOOR_STORED, sim->items[i].envelope, sim->items[i].blob, &va,
                        &err),
             &err);
    }
    sim->count = size;
}

struct door_item sim_succession(struct record_sim *sim, uint32_t side, uint64_t size,
                                const struct signer *host)
{
    struct succession s = {
        .size = size, .root = door_root(sim->door, size), .host = signer_pk(host)};
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    succession_encode(&s, &b);
    struct bytes blob = sim_keep(sim, &b);
    struct act a = sim_fields(sim, side, SIM_ROOT, CONTROL_SUCCESSION, blob);
    a.term = door_term(sim->door) + 1;
    a.n = 0;
    memset(a.prev.b, 0, sizeof(a.prev.b));
    a.seen_size = size;
    a.seen_root = s.root;
    return sim_sign(sim, side, SIM_ROOT, &a, blob);
}

/* ---- a whole log ---- */

static const uint32_t two_seats[] = {0, 1};

void sim_play(struct record_sim *sim)
{
    sim_open(sim, 11, 3, 3);
    sim_found(sim);
    sim_join(sim, 0, 2);
    sim_join(sim, 1, 3);
    sim_join(sim, 2, 1);
    sim_name(sim, 0, 1, two_seats, 1);
    sim_name(sim, 1, 2, two_seats, 2);
    sim_name(sim, 2, 1, two_seats, 1);
    for (uint32_t i = 0; i < 3; i++) {
        (void)sim_say(sim, i, 0, bytes_str("good morning"));
    }
    (void)sim_countersign(sim, 0, 0);
    (void)sim_countersign(sim, 1, 0);
    (void)sim_post(sim, sim_make(sim, 2, SIM_ROOT, CONTROL_KEYS, sim_seat_slip_blob(sim, 2, 1, 1)));
    (void)sim_say(sim, 2, 1, bytes_str("a newcomer"));
    (void)sim_countersign(sim, 1, 1);
    (void)sim_revoke(sim, 1, 2);
    sim->now += 3600;
    (void)sim_countersign(sim, 0, 0);
    (void)sim_countersign(sim, 1, 1);
    (void)sim_countersign(sim, 1, 0);
    (void)sim_proceed(sim, 0, 0, 2);
    (void)sim_say(sim, 1, 1, bytes_str("we go on"));
    (void)sim_countersign(sim, 0, 0);
    (void)sim_countersign(sim, 1, 1);
    (void)sim_countersign(sim, 1, 0);
    (void)sim_countersign(sim, 2, 0);
    (void)sim_say(sim, 2, 0, bytes_str("back again"));
    (void)sim_proceed(sim, 2, 0, 2); /* noted, and counts for nothing */
    for (uint32_t i = 0; i < 3; i++) {
        (void)sim_countersign(sim, i, 0);
    }
}
