/* SPDX-License-Identifier: Apache-2.0
 *
 * Noting an act at a host in a directory, against what cannot be avoided for each: one durable
 * insert of the same size into SQLite, one durable write of the state file, one signature verified
 * and one made.
 *
 *     bench_host [acts a round]       default 200; 5 rounds, in turn
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fixed.h"
#include "base/sort.h"
#include "bench.h"
#include "crypto/init.h"
#include "crypto/sign.h"
#include "host/host.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/folder.h"

#define ROUNDS 5u
#define ROUND_MAX 2000u

struct bare {
    sqlite3 *db;
    sqlite3_stmt *insert;
    struct file_fixed state;
    struct bench_signed key;
};

static void sql(int rc)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        (void)fprintf(stderr, "bench: SQLite: %s\n", sqlite3_errstr(rc));
        exit(1);
    }
}

static void bare_open(struct bare *b, const struct scratch *folder)
{
    char path[SCRATCH_PATH_MAX];
    struct err err = {0};
    scratch_path(folder, "bare", path);
    sql(sqlite3_open(path, &b->db));
    sql(sqlite3_exec(b->db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     " CREATE TABLE act (idx INTEGER PRIMARY KEY, envelope BLOB, blob BLOB)",
                     NULL, NULL, NULL));
    sql(sqlite3_prepare_v2(b->db, "INSERT INTO act (envelope, blob) VALUES (?1, ?2)", -1,
                           &b->insert, NULL));
    scratch_path(folder, "state", path);
    bench_must(file_fixed_create(path, 4096, &err) && file_fixed_open(path, 4096, &b->state, &err),
               &err);
    bench_signed_make(&b->key, 1);
}

static void bare_note(struct bare *b, const struct door_item *item)
{
    struct err err = {0};
    uint8_t signature[64];
    struct bytes message = bytes_of(b->key.message, sizeof(b->key.message));
    if (!sign_verify(b->key.pk, message, b->key.signature)) {
        abort();
    }
    sql(sqlite3_bind_blob64(b->insert, 1, item->envelope.p, item->envelope.n, SQLITE_STATIC));
    sql(sqlite3_bind_blob64(b->insert, 2, item->blob.p, item->blob.n, SQLITE_STATIC));
    sql(sqlite3_step(b->insert));
    sql(sqlite3_reset(b->insert));
    bench_must(file_fixed_write(&b->state, 0, bytes_of(b->key.message, 136), &err), &err);
    sign_make(b->key.sk, message, signature);
}

static void bare_close(struct bare *b)
{
    sql(sqlite3_finalize(b->insert));
    sql(sqlite3_close(b->db));
    file_fixed_close(&b->state);
}

static int by_size(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    struct arena mem = test_arena(4096);
    assert_true(sort_stable(v, n, sizeof(*v), by_size, NULL, &mem));
    test_arena_free(&mem);
    return v[n / 2];
}

int main(int argc, char **argv)
{
    static struct bench_acts acts;
    static struct bare bare;
    static struct door_item items[ROUND_MAX];
    static uint64_t index[ROUND_MAX];
    uint64_t count = 200;
    struct err err = {0};
    char dir[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX];
    static const uint8_t seed[32] = {'h', 'o', 's', 't'};
    if (argc > 1 && (!u64_parse(text_str(argv[1]), &count) || count == 0 || count > ROUND_MAX)) {
        (void)fprintf(stderr, "use: bench_host [acts a round], at most %u\n", ROUND_MAX);
        return 2;
    }
    bench_must(crypto_init(&err), &err);
    struct scratch folder = scratch_new();
    struct arena mem = test_arena(64u << 20);

    /* The simulation's host is the directory's. */
    sim_open(&acts.sim, 5, 2, 2);
    signer_free(acts.sim.host);
    bench_must(signer_new(KEY_HOST, seed, &acts.sim.host, &err), &err);
    acts.sim.found.host = signer_pk(acts.sim.host);
    sim_start(&acts.sim);
    acts.sealed = sim_seal(&acts.sim, bytes_str("A proposal of the usual length."));
    scratch_path(&folder, "host", dir);
    scratch_path(&folder, "host/host.key", path);
    bench_must(folder_make(dir, &err) &&
                   file_create(path, FILE_SECRET, bytes_of(seed, sizeof(seed)), &err),
               &err);
    struct host *host;
    struct table_id table;
    struct buf out;
    size_t noted;
    buf_init(&out, PROOF_BYTES_MAX);
    bench_must(
        host_found(dir, HOST_OWN, acts.sim.items[0].envelope, acts.sim.items[0].blob, &table,
                   &err) &&
            host_open(dir, &table, &host, &err) &&
            host_post_all(host, acts.sim.items, acts.sim.count, NULL, index, &noted, &out, &err),
        &err);
    bare_open(&bare, &folder);

    double us_bare[ROUNDS], us_one[ROUNDS], us_batch[ROUNDS];
    double n = (double)count;
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned batch = 0; batch < 2; batch++) {
            for (size_t i = 0; i < count; i++) {
                struct verified_act va = bench_act_next(&acts, &mem);
                items[i] = (struct door_item){.envelope = va.act.raw, .blob = va.blob};
            }
            uint64_t start = clock_monotonic_us();
            if (batch == 0) {
                /* Act by act in turn: what else the disk does meets both alike. */
                uint64_t bare_us = 0, one_us = 0;
                for (size_t i = 0; i < count; i++) {
                    start = clock_monotonic_us();
                    bare_note(&bare, &items[i]);
                    uint64_t middle = clock_monotonic_us();
                    buf_clear(&out);
                    bench_must(
                        host_post(host, items[i].envelope, items[i].blob, &index[i], &out, &err),
                        &err);
                    bare_us += middle - start;
                    one_us += clock_monotonic_us() - middle;
                }
                us_bare[round] = (double)bare_us / n;
                us_one[round] = (double)one_us / n;
            } else {
                buf_clear(&out);
                bench_must(host_post_all(host, items, count, NULL, index, &noted, &out, &err),
                           &err);
                us_batch[round] = (double)(clock_monotonic_us() - start) / n;
            }
            arena_rewind(&mem, 0);
        }
    }
    double b = median(us_bare, ROUNDS), one = median(us_one, ROUNDS);
    bench_head("host");
    bench_line("bare: durable insert, durable state, verify, sign", b, 0);
    bench_line("an act noted, with its proof", one, b / one);
    bench_line("acts noted in one post", median(us_batch, ROUNDS), 0);
    uint64_t start = clock_monotonic_us();
    host_close(host);
    bench_must(host_open(dir, &table, &host, &err), &err);
    (void)printf("%-58s %10.1f ms (%llu acts)\n", "closed and opened again",
                 (double)(clock_monotonic_us() - start) / 1000.0,
                 (unsigned long long)door_size(acts.sim.door));
    host_close(host);
    bare_close(&bare);
    buf_free(&out);
    bench_acts_close(&acts);
    test_arena_free(&mem);
    scratch_free(&folder);
    return 0;
}
