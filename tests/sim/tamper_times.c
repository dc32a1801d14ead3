/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/tamper_times.h"

#include <inttypes.h>

#include "lib/record_bundle.h"
#include "lib/test.h"

#define SIDES 4u
#define SEATS 3u
#define STEPS 90u

struct telling {
    struct record_sim sim;
    uint64_t clock[SIDES][SEATS]; /* what each said last */
    uint64_t seen[SIDES][SEATS];
    uint32_t named[SIDES]; /* seats 0 .. named - 1 are witnesses */
    uint32_t silent;       /* this side says nothing for a while */
};

static void countersign(struct telling *t, uint32_t side, uint32_t seat)
{
    struct record_sim *sim = &t->sim;
    uint64_t size = door_size(sim->door);
    uint64_t least = t->seen[side][seat];
    /* Mostly all of it; clocks of sides differ, and never go back. */
    uint64_t seen = prop_one_in(&sim->rnd, 3) ? least + prop_below(&sim->rnd, size - least + 1)
                                              : size;
    uint64_t time = sim->now + prop_below(&sim->rnd, 900) + side * 700;
    seen = seen == 0 ? 1 : seen;
    time = time < t->clock[side][seat] ? t->clock[side][seat] : time;
    struct bytes blob = sim_countersign_blob(sim, side, seat, seen, time);
    struct act a = sim_fields(sim, side, seat, CONTROL_COUNTERSIGN, blob);
    a.seen_size = seen;
    a.seen_root = door_root(sim->door, seen);
    (void)sim_post(sim, sim_sign(sim, side, seat, &a, blob));
    t->clock[side][seat] = time;
    t->seen[side][seat] = seen;
}

static void say(struct telling *t, uint32_t side, uint32_t seat)
{
    struct record_sim *sim = &t->sim;
    struct bytes blob = sim_seal(sim, bytes_str("."));
    struct act a = sim_fields(sim, side, seat, CONTROL_SEALED, blob);
    if (prop_one_in(&sim->rnd, 2)) { /* its author has countersigned more, perhaps */
        a.seen_size = t->seen[side][seat];
        a.seen_root = door_root(sim->door, a.seen_size);
    }
    t->seen[side][seat] = a.seen_size;
    (void)sim_post(sim, sim_sign(sim, side, seat, &a, blob));
}

static void name(struct telling *t, uint32_t side)
{
    static const uint32_t seats[] = {0, 1, 2};
    uint32_t n = 1 + (uint32_t)prop_below(&t->sim.rnd, SEATS);
    uint32_t k = n / 2 + 1;
    if (n == 3 && prop_one_in(&t->sim.rnd, 2)) {
        k = 3;
    }
    sim_name(&t->sim, side, k, seats, n);
    t->named[side] = n;
}

static void step(struct telling *t)
{
    struct prop *rnd = &t->sim.rnd;
    uint32_t side = (uint32_t)prop_below(rnd, SIDES);
    uint32_t seat = (uint32_t)prop_below(rnd, SEATS);
    t->sim.now += prop_below(rnd, prop_one_in(rnd, 6) ? 9000 : 600);
    if (prop_one_in(rnd, 14)) {
        t->silent = t->silent == SIDE_NONE ? side : SIDE_NONE;
    }
    if (side == t->silent) {
        side = (side + 1) % SIDES;
    }
    switch (prop_below(rnd, 8)) {
    case 0:
    case 1:
        say(t, side, seat);
        break;
    case 2: {
        uint32_t without = t->silent == SIDE_NONE || prop_one_in(rnd, 3)
                               ? (uint32_t)prop_below(rnd, SIDES)
                               : t->silent;
        side = prop_one_in(rnd, 4) ? without : side;
        (void)sim_proceed(&t->sim, side, seat, without);
        t->seen[side][seat] = door_size(t->sim.door) - 1;
        break;
    }
    case 3:
        if (prop_one_in(rnd, 3)) {
            /* Side 3 has no group in some records, and gets one late in others. */
            name(t, t->sim.found.groups == SIDES ? side : side % 3);
        }
        break;
    default:
        if (t->named[side] > 0) {
            countersign(t, side, (uint32_t)prop_below(rnd, t->named[side]));
        }
        break;
    }
}

/* ---- facts ---- */

static void moment_put(struct moment m, struct buf *out)
{
    if (m.known) {
        buf_printf(out, " %" PRIu64, m.seconds);
    } else {
        buf_add_str(out, " -");
    }
}

static void act_put(struct record_sim *sim, uint64_t i, uint64_t at, struct buf *out)
{
    static const char *const words[] = {"in-time", "late", "pending", "contested"};
    static const enum timing timings[] = {TIMING_IN_TIME, TIMING_LATE, TIMING_PENDING,
                                          TIMING_CONTESTED};
    const struct witness_log *log = door_witness(sim->door);
    struct act a;
    struct ring_author author;
    struct err err = {0};
    if (!act_decode(sim->items[i].envelope, &a, &err) ||
        !keyring_author(door_keyring(sim->door), i, &a.kid, &author, &err)) {
        fail_msg("%s", err.what);
    }
    struct moment t = witness_t(log, i, at), b = witness_b(log, a.seen_size, at);
    uint64_t around = t.known ? t.seconds : b.known ? b.seconds : sim->now;
    /* Close by, so that every verdict comes up; sometimes b's own hour. */
    uint64_t deadline = b.known && prop_one_in(&sim->rnd, 4)
                            ? b.seconds
                            : around + prop_below(&sim->rnd, 2000) - 1000;
    enum timing verdict = witness_timing(log, i, a.seen_size, deadline, at);
    const char *word = "?";
    for (size_t k = 0; k < COUNT_OF(timings); k++) {
        word = timings[k] == verdict ? words[k] : word;
    }
    buf_printf(out, "act %" PRIu64 " %" PRIu64, i, at);
    moment_put(t, out);
    moment_put(b, out);
    buf_printf(out, " %" PRIu64 " %" PRIu64 " %s %d\n",
               witness_saw(log, author.side, a.seen_size, i), deadline, word,
               witness_surely_passed(log, a.seen_size, deadline, at));
}

static void facts_put(struct record_sim *sim, struct buf *out)
{
    const struct witness_log *log = door_witness(sim->door);
    for (uint64_t n = 0; n <= sim->count; n++) {
        buf_printf(out, "final %" PRIu64 " %" PRIu64 "\n", n, witness_final(log, n));
        buf_printf(out, "out %" PRIu64, n);
        for (uint32_t side = 0; side < SIDES; side++) {
            if (witness_out(log, side, n)) {
                buf_printf(out, " %u", side);
            }
        }
        buf_add_str(out, "\n");
    }
    for (uint64_t i = 1; i < sim->count; i++) {
        for (int k = 0; k < 3; k++) {
            act_put(sim, i, k == 0 ? sim->count : i + 1 + prop_below(&sim->rnd, sim->count - i),
                    out);
        }
    }
    for (size_t i = 0; i < witness_proceeds(log); i++) {
        struct proceed p = witness_proceed_at(log, i);
        buf_printf(out, "proceed %" PRIu64 " %d\n", p.index, p.valid);
    }
}

void tamper_times(uint64_t seed, struct buf *out_bundle, struct buf *out_facts)
{
    struct telling t = {.silent = SIDE_NONE};
    sim_open(&t.sim, seed, SIDES, SEATS);
    t.sim.found.groups = seed % 2 == 0 ? SIDES : SIDES - 1;
    sim_found(&t.sim);
    for (uint32_t side = 0; side < SIDES; side++) {
        sim_join(&t.sim, side, SEATS);
    }
    for (uint32_t side = 0; side < (seed % 3 == 0 ? 2u : 3u); side++) {
        name(&t, side);
    }
    for (uint32_t i = 0; i < STEPS; i++) {
        step(&t);
    }
    facts_put(&t.sim, out_facts);
    record_bundle(&t.sim, out_bundle);
    if (!buf_ok(out_facts) || !buf_ok(out_bundle)) {
        fail_msg("no memory");
    }
    sim_close(&t.sim);
}
