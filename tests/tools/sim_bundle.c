/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes a record of the C program as a bundle, and what its door knows of it as lines of text,
 * for the independent checker to be compared with (test_verify.py, Both).
 *
 *     sim_bundle BUNDLE FACTS EXCERPT FACTS
 *
 * Facts: "size final", then a line an act: "side t b", - where a time is unknown.  The excerpt is
 * of the readable acts below a size, with some countersign acts left out.
 */
#include "lib/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/record_bundle.h"
#include "record/excerpt.h"
#include "record/policy.h"

#define ACTS 300u
#define EXCERPT_SIZE 120u

/* Three sides with k of n, a revocation, a side left out for a while, a new host, two tiles. */
static void play(struct record_sim *sim)
{
    static const uint32_t seats[] = {0, 1};
    sim_open(sim, 21, 3, 3);
    sim_found(sim);
    sim_join(sim, 0, 2);
    sim_join(sim, 1, 3);
    sim_join(sim, 2, 1);
    sim_name(sim, 0, 1, seats, 1);
    sim_name(sim, 1, 2, seats, 2);
    sim_name(sim, 2, 1, seats, 1);
    (void)sim_say(sim, 0, 0, bytes_str("good morning"));
    for (uint32_t turn = 0; turn < 2; turn++) {
        (void)sim_countersign(sim, 0, 0);
        (void)sim_countersign(sim, 1, 0);
        sim->now += 1800;
        (void)sim_countersign(sim, 1, 1);
        sim->now += 1800;
    }
    (void)sim_revoke(sim, 1, 2);
    (void)sim_countersign(sim, 2, 0);
    (void)sim_proceed(sim, 0, 0, 2); /* too early */
    for (uint32_t turn = 0; turn < 2; turn++) {
        (void)sim_countersign(sim, 0, 0);
        (void)sim_countersign(sim, 1, 0);
        sim->now += 3600;
        (void)sim_countersign(sim, 1, 1);
    }
    (void)sim_proceed(sim, 1, 1, 2);
    (void)sim_say(sim, 1, 1, bytes_str("we go on"));
    (void)sim_countersign(sim, 0, 0);
    (void)sim_countersign(sim, 1, 0);
    (void)sim_countersign(sim, 1, 1);

    uint64_t w = witness_final(door_witness(sim->door), door_size(sim->door));
    struct signer *old = sim->host, *host = sim_signer(sim, KEY_HOST);
    sim_cut(sim, w);
    (void)sim_post(sim, sim_succession(sim, 1, w, host));
    (void)sim_post(sim, sim_succession(sim, 0, w, host));
    sim->host = host;
    signer_free(old);
    (void)sim_say(sim, 2, 0, bytes_str("back again"));
    while (sim->count < ACTS) {
        sim->now += 60;
        uint32_t side = (uint32_t)(sim->count % 3);
        (void)sim_countersign(sim, side, side == 1 ? (uint32_t)(sim->count / 3 % 2) : 0);
    }
}

static void moment_put(struct moment m, struct buf *out)
{
    if (m.known) {
        buf_printf(out, " %" PRIu64, m.seconds);
    } else {
        buf_add_str(out, " -");
    }
}

static void facts_put(const struct record_sim *sim, struct buf *out)
{
    const struct witness_log *log = door_witness(sim->door);
    const struct keyring *ring = door_keyring(sim->door);
    struct err err = {0};
    buf_printf(out, "%zu %" PRIu64 "\n", sim->count, witness_final(log, sim->count));
    for (size_t i = 0; i < ACTS; i++) {
        struct act a;
        struct ring_author author = {0};
        /* The founding's author is known only above index 0. */
        if (!act_decode(sim->items[i].envelope, &a, &err) ||
            !keyring_author(ring, i == 0 ? 1 : i, &a.kid, &author, &err)) {
            fail_msg("act %zu: %s", i, err.what);
        }
        buf_printf(out, "%u", author.side);
        moment_put(witness_t(log, i, sim->count), out);
        moment_put(witness_b(log, a.seen_size, sim->count), out);
        buf_add_str(out, "\n");
    }
}

static void excerpt_put(struct record_sim *sim, struct buf *out)
{
    struct excerpt_act acts[EXCERPT_SIZE];
    size_t count = 0;
    struct err err = {0};
    struct node_source nodes = door_nodes(sim->door);
    struct bytes note = sim_note(sim, EXCERPT_SIZE);
    for (size_t i = 0; i < EXCERPT_SIZE; i++) {
        struct act a;
        struct buf b;
        buf_init(&b, PROOF_BYTES_MAX);
        if (!act_decode(sim->items[i].envelope, &a, &err) ||
            !proof_make(&nodes, i, note, &b, &err)) {
            fail_msg("act %zu: %s", i, err.what);
        }
        struct bytes proof = sim_keep(sim, &b), cited = {0};
        if (a.seen_size > 0) {
            struct merkle_path path;
            buf_init(&b, PROOF_BYTES_MAX);
            if (!merkle_consistency(&nodes, a.seen_size, EXCERPT_SIZE, &path, &err)) {
                fail_msg("act %zu: %s", i, err.what);
            }
            proof_consistency_put(&path, &b);
            cited = sim_keep(sim, &b);
        }
        if (a.control != CONTROL_SEALED && (a.control != CONTROL_COUNTERSIGN || i < 40 || i % 5)) {
            acts[count++] = (struct excerpt_act){.index = i,
                                                 .envelope = sim->items[i].envelope,
                                                 .blob = sim->items[i].blob,
                                                 .consistency = cited,
                                                 .proof = proof};
        }
    }
    struct buf policy;
    buf_init(&policy, NOTE_BYTES_MAX);
    if (!policy_put(door_keyring(sim->door), door_witness(sim->door), EXCERPT_SIZE,
                    POLICY_OF_EXCERPT, &policy, &err) ||
        !excerpt_encode(buf_bytes(&policy), acts, count, out, &err)) {
        fail_msg("%s", err.what);
    }
    buf_free(&policy);
}

static void excerpt_facts_put(struct bytes raw, struct buf *out)
{
    struct arena mem = test_arena(8u << 20);
    struct err err = {0};
    struct excerpt e;
    if (!excerpt_check(raw, &mem, &e, &err)) {
        fail_msg("%s", err.what);
    }
    buf_printf(out, "%" PRIu64 " %" PRIu64 "\n", e.size, e.final);
    for (size_t i = 0; i < e.count; i++) {
        buf_printf(out, "%u", e.acts[i].author.side);
        moment_put(e.acts[i].not_after, out);
        moment_put(e.acts[i].not_before, out);
        buf_add_str(out, "\n");
    }
    excerpt_free(&e);
    test_arena_free(&mem);
}

static void save(const char *path, const struct buf *b)
{
    FILE *f = fopen(path, "wb");
    if (!buf_ok(b) || f == NULL || fwrite(b->p, 1, b->n, f) != b->n || fclose(f) != 0) {
        fail_msg("cannot write %s", path);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        return 2;
    }
    struct record_sim sim;
    struct buf files[4];
    for (size_t i = 0; i < 4; i++) {
        buf_init(&files[i], 16u << 20);
    }
    play(&sim);
    record_bundle(&sim, &files[0]);
    facts_put(&sim, &files[1]);
    excerpt_put(&sim, &files[2]);
    excerpt_facts_put(buf_bytes(&files[2]), &files[3]);
    for (size_t i = 0; i < 4; i++) {
        save(argv[i + 1], &files[i]);
        buf_free(&files[i]);
    }
    sim_close(&sim);
    return 0;
}
