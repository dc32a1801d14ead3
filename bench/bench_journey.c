/* SPDX-License-Identifier: Apache-2.0
 *
 * From a folder to the journey on the screen: a replica of many acts, opened with keys that are
 * unlocked, and looked at.  And opening sealed acts as they come in, against one X25519 an act.
 *
 *     bench_journey [acts]       default 10,000; made first: TMPDIR=/dev/shm makes that quick
 */
#include <stdio.h>

#include "app/view.h"
#include "base/fixed.h"
#include "bench.h"
#include "crypto/dh.h"
#include "lib/app_sim.h"
#include "lib/test.h"

#define ROUNDS 5u

/* Words of two sides, each in a room of its own and in one that both read. */
static void make_acts(struct app_sim *sim, uint64_t count)
{
    static const struct {
        enum app_who who;
        const char *room;
    } turns[] = {{APP_FIRST, "home/kestria"},
                 {APP_SECOND, "home/velland"},
                 {APP_FIRST, "principals"},
                 {APP_SECOND, "principals"},
                 {APP_FIRST, "shuttle/kestria"}};
    struct replica r[APP_WHO_COUNT];
    struct err err = {0};
    struct text words = text_str("What was said in an hour of talks, in a line or two of text.");
    app_sim_enter(sim, APP_FIRST, &r[APP_FIRST]);
    app_sim_enter(sim, APP_SECOND, &r[APP_SECOND]);
    while (door_size(r[APP_FIRST].door) < count) {
        for (size_t i = 0; i < COUNT_OF(turns); i++) {
            struct payload p = app_sim_words(turns[i].room, &words);
            bench_must(act_file(&r[turns[i].who], ACT_CHECKED, &p, NULL, &err), &err);
        }
        clock_advance(&sim->clock, 30);
    }
    replica_close(&r[APP_FIRST]);
    replica_close(&r[APP_SECOND]);
    app_sim_round(sim);
}

static double ms_since(uint64_t start)
{
    return (double)(clock_monotonic_us() - start) / 1000.0;
}

static void journey(struct app_sim *sim, bool tell)
{
    struct replica r;
    struct buf b;
    uint64_t start = clock_monotonic_us();
    app_sim_enter(sim, APP_FIRST, &r);
    double opened = ms_since(start);
    struct view v = view_of(&r);
    buf_init(&b, 1u << 20);
    start = clock_monotonic_us();
    view_journey(&v, &b);
    double seen = ms_since(start);
    buf_clear(&b);
    start = clock_monotonic_us();
    bool kept = replica_rest(&r) && replica_wake(&r, &sim->clock, &sim->chance, "bench");
    v = view_of(&r);
    view_journey(&v, &b);
    double again = ms_since(start);
    assert_true(kept);
    start = clock_monotonic_us();
    replica_close(&r);
    if (tell) {
        (void)printf("%-30s opened %8.1f ms, journey %7.1f ms, together %8.1f ms, kept and seen "
                     "again %6.1f ms, "
                     "closed %6.1f ms\n",
                     "", opened, seen, opened + seen, again, ms_since(start));
    }
    buf_free(&b);
}

/* Opens every act that this seat reads, as when it comes in. */
static void opening(struct app_sim *sim)
{
    struct replica r;
    struct err err = {0};
    struct region mem = {0};
    double us_bare = 0, us_open = 0;
    uint64_t opened = 0;
    uint8_t secret[32] = {9}, pk[32], shared[32];
    dh_public(secret, pk);
    app_sim_enter(sim, APP_FIRST, &r);
    bench_must(region_init(&mem, REGION_SECRET, (size_t)64 << 20, &err), &err);
    for (uint64_t i = 0; i < door_size(r.door); i++) {
        struct verified_act va = {.index = i, .leaf = door_leaf(r.door, i)};
        struct opened_act act;
        struct bytes blob = {0};
        bench_must(replica_act(&r, i, &mem.mem, &va.act, &act, &err), &err);
        if (act.open && !act.how.granted) { /* what a grant opened is opened by none of our keys */
            bench_must(keyring_author(door_keyring(r.door), i, &va.act.kid, &va.author, &err) &&
                           store_read_blob(r.store, &va.act.blob, &mem.mem, &blob, &err),
                       &err);
            uint64_t start = clock_monotonic_us();
            bench_must(
                opening_try(&r.openings, door_keyring(r.door), &va, blob, &mem.mem, &act, &err),
                &err);
            uint64_t middle = clock_monotonic_us();
            bool ok = dh_shared(secret, pk, shared);
            us_bare += (double)(clock_monotonic_us() - middle);
            us_open += (double)(middle - start);
            assert_true(ok && act.open);
            opened++;
        }
        arena_wipe(&mem.mem);
    }
    bench_head("opening");
    bench_line("bare: one X25519", us_bare / (double)opened, 0);
    bench_line("an act opened: tag, header, payload, commit", us_open / (double)opened,
               us_bare / us_open);
    region_free(&mem);
    replica_close(&r);
}

int main(int argc, char **argv)
{
    static struct app_sim sim;
    uint64_t count = 10000;
    if (argc > 1 && (!u64_parse(text_str(argv[1]), &count) || count == 0)) {
        (void)fprintf(stderr, "use: bench_journey [acts]\n");
        return 2;
    }
    app_sim_open(&sim);
    uint64_t start = clock_monotonic_us();
    make_acts(&sim, count);
    (void)printf("journey: %llu acts, made in %.0f s\n", (unsigned long long)count,
                 ms_since(start) / 1000.0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        journey(&sim, i > 0);
    }
    opening(&sim);
    app_sim_close(&sim);
    return 0;
}
