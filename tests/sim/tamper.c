/* SPDX-License-Identifier: Apache-2.0
 *
 *     tamper all                        every forgery is refused: exit 0
 *     tamper --off CHECK... one FILE    the forgeries for the first CHECK, with these checks off: what
 *                                       is taken in goes to FILE; exit 3 where it is refused
 *     tamper [--off CHECK] times N FILE FACTS    a record with times, for the model to compare
 *
 * tests/sim/mutants.py judges.  Checks can be switched off in a build with -Dmutants=true alone.
 */
#include "sim/tamper.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fixed.h"
#include "lib/record_bundle.h"
#include "lib/test.h"
#include "os/file.h"
#include "record/fraud.h"
#include "sim/off.h"
#include "sim/tamper_times.h"

#define SEED 21u
#define REFUSED 3

struct forgery {
    const char *check;
    bool fresh;
    struct door_item (*act)(struct tamper *t);
    struct bytes (*proof)(struct tamper *t);
    bool (*words)(struct tamper *t);
};

#define ACT(check, name) {#check, false, name, NULL, NULL},
#define FRESH(check, name) {#check, true, name, NULL, NULL},
#define PROOF(check, name) {#check, false, NULL, name, NULL},
#define WORDS(check, name) {#check, false, NULL, NULL, name},
static const struct forgery forgeries[] = {TAMPER_ACTS(ACT) TAMPER_FRESH(FRESH) TAMPER_PROOFS(PROOF)
                                               TAMPER_WORDS(WORDS)};
#undef ACT
#undef FRESH
#undef PROOF
#undef WORDS

static void begin(struct tamper *t, bool fresh)
{
    static const uint32_t two[] = {0, 1};
    struct record_sim *sim = &t->sim;
    sim_open(sim, SEED, 5, 4);
    sim->found.groups = 3;
    t->rival = sim_signer(sim, KEY_HOST);
    t->third = sim_signer(sim, KEY_HOST);
    sim_found(sim);
    if (fresh) {
        return;
    }
    for (uint32_t side = 0; side < 4; side++) {
        sim_join(sim, side, 3);
    }
    sim_name(sim, 0, 1, two, 1);
    sim_name(sim, 1, 2, two, 2);
    sim_name(sim, 2, 1, two, 1);
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t side = 0; side < 3; side++) {
            sim->now += 60;
            (void)sim_say(sim, side, 0, bytes_str("good morning"));
            (void)sim_countersign(sim, side, 0);
            if (side == 1) {
                (void)sim_countersign(sim, side, 1);
            }
        }
    }
}

static void end(struct tamper *t)
{
    signer_free(t->rival);
    signer_free(t->third);
    sim_close(&t->sim);
}

static bool write_file(const char *path, struct buf *content)
{
    struct err err = {0};
    bool ok = file_replace(path, FILE_PLAIN, buf_bytes(content), &err);
    if (!ok) {
        (void)fprintf(stderr, "%s\n", err.what);
    }
    buf_free(content);
    return ok;
}

/* Taken in, it goes to path. */
static bool forge_act(struct tamper *t, const struct forgery *f, const char *path, bool *out_taken)
{
    struct door_item item = f->act(t);
    struct verified_act va;
    struct err err = {0};
    struct buf b;
    *out_taken = door_admit(t->sim.door, DOOR_CHECK, item.envelope, item.blob, &va, &err);
    (void)printf("%-16s %s\n", f->check, *out_taken ? "taken" : err.what);
    if (!*out_taken || path == NULL) {
        return true;
    }
    t->sim.items[t->sim.count++] = item;
    buf_init(&b, UINT32_C(1) << 26);
    record_bundle(&t->sim, &b);
    return write_file(path, &b);
}

/* It convicts whom it should not.  What it says of whom goes to the second line. */
static bool forge_proof(struct tamper *t, const struct forgery *f, const char *path,
                        bool *out_taken)
{
    struct bytes raw = f->proof(t);
    struct fraud proof;
    struct err err = {0};
    struct buf b;
    bool convicts = fraud_decode(raw, &proof, &err) && fraud_check(&proof, &err);
    const struct pubkey host = signer_pk(t->sim.host);
    /* Evidence that the host has forked convicts, and names him. */
    *out_taken = convicts && !(f->proof == proof_host_forked && ID_EQ(*fraud_guilty(&proof), host));
    (void)printf("%-16s %s\n", f->check, *out_taken ? "taken" : convicts ? "the host" : err.what);
    if (!*out_taken || path == NULL) {
        return true;
    }
    (void)printf("guilty %s\n", id_hex(fraud_guilty(&proof)->b).s);
    buf_init(&b, FRAUD_BYTES_MAX);
    buf_add(&b, raw);
    return write_file(path, &b);
}

static bool forge(const struct forgery *f, const char *path, bool *out_taken)
{
    struct tamper t;
    begin(&t, f->fresh);
    bool ok = true;
    if (f->words != NULL) {
        *out_taken = f->words(&t);
        (void)printf("%-16s %s\n", f->check, *out_taken ? "taken\nforged" : "refused");
    } else {
        ok = f->act != NULL ? forge_act(&t, f, path, out_taken)
                            : forge_proof(&t, f, path, out_taken);
    }
    end(&t);
    return ok;
}

static int all(void)
{
    uint32_t bad = 0;
    for (size_t i = 0; i < COUNT_OF(forgeries); i++) {
        bool taken = false;
        bad += !forge(&forgeries[i], NULL, &taken) || taken;
    }
    (void)printf("%zu forgeries, %u taken\n", COUNT_OF(forgeries), bad);
    return bad == 0 ? 0 : 1;
}

static int one(const char *check, const char *path)
{
    for (size_t i = 0; i < COUNT_OF(forgeries); i++) {
        bool taken = false;
        if (strcmp(forgeries[i].check, check) == 0) {
            return !forge(&forgeries[i], path, &taken) ? 2 : taken ? 0 : REFUSED;
        }
    }
    (void)fprintf(stderr, "nothing is forged for %s\n", check);
    return 2;
}

static int times(const char *seed, const char *path, const char *facts)
{
    uint64_t n;
    struct buf bundle, lines;
    if (!u64_parse(text_str(seed), &n)) {
        return 2;
    }
    buf_init(&bundle, UINT32_C(1) << 24);
    buf_init(&lines, UINT32_C(1) << 24);
    tamper_times(n, &bundle, &lines);
    bool ok = write_file(path, &bundle);
    return write_file(facts, &lines) && ok ? 0 : 2;
}

int main(int argc, char **argv)
{
    int at = 1;
    struct off off = {.count = 0};
    for (; at + 1 < argc && strcmp(argv[at], "--off") == 0; at += 2) {
        if (!off_add(&off, argv[at + 1])) {
            return 2;
        }
    }
    if (!off_begin(&off)) {
        return 2;
    }
    if (argc - at == 1 && strcmp(argv[at], "all") == 0) {
        return all();
    }
    if (argc - at == 2 && off.count > 0 && strcmp(argv[at], "one") == 0) {
        return one(off.names[0], argv[at + 1]);
    }
    if (argc - at == 4 && strcmp(argv[at], "times") == 0) {
        return times(argv[at + 1], argv[at + 2], argv[at + 3]);
    }
    (void)fprintf(stderr, "tamper [--off CHECK]... all | one FILE | times N FILE FACTS\n");
    return 2;
}
