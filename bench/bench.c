/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "crypto/sign.h"
#include "lib/test.h"

void bench_must(bool ok, const struct err *err)
{
    if (!ok) {
        (void)fprintf(stderr, "bench: %s\n  where: %s\n", err->what, err->where);
        exit(1);
    }
}

void bench_acts_open(struct bench_acts *acts)
{
    sim_open(&acts->sim, 5, 2, 2);
    sim_start(&acts->sim);
    acts->sealed = sim_seal(&acts->sim, bytes_str("A proposal of the usual length."));
    acts->made = 0;
}

void bench_acts_close(struct bench_acts *acts)
{
    sim_close(&acts->sim);
}

struct verified_act bench_act_next(struct bench_acts *acts, struct arena *mem)
{
    struct err err = {0};
    struct verified_act va;
    struct buf b;
    uint32_t side = (uint32_t)(acts->made % 2);
    uint8_t *blob = ARENA_NEW(mem, uint8_t, acts->sealed.n);
    assert_non_null(blob);
    memcpy(blob, acts->sealed.p, acts->sealed.n);
    memcpy(blob + acts->sealed.n - sizeof(acts->made), &acts->made, sizeof(acts->made));
    struct bytes content = bytes_of(blob, acts->sealed.n);
    struct act fields = sim_fields(&acts->sim, side, 0, CONTROL_SEALED, content);
    buf_init(&b, ENVELOPE_MAX);
    bench_must(act_sign(&fields, acts->sim.sides[side].seats[0].sign, &b, &err), &err);
    struct bytes envelope = arena_copy(mem, buf_bytes(&b));
    buf_free(&b);
    assert_non_null(envelope.p);
    bench_must(door_admit(acts->sim.door, DOOR_STORED, envelope, content, &va, &err), &err);
    acts->made++;
    return va;
}

void bench_signed_make(struct bench_signed *s, unsigned seed)
{
    uint8_t bytes[32] = {(uint8_t)seed, (uint8_t)(seed >> 8), 1};
    sign_keypair(bytes, s->pk, s->sk);
    memset(s->message, (int)(seed & 0x7f), sizeof(s->message));
    sign_make(s->sk, bytes_of(s->message, sizeof(s->message)), s->signature);
}

void bench_head(const char *title)
{
    (void)printf("%s\n%-58s %10s %7s\n", title, "", "us an act", "ratio");
}

void bench_line(const char *what, double us, double ratio)
{
    if (ratio > 0) {
        (void)printf("%-58s %10.2f %7.2f\n", what, us, ratio);
    } else {
        (void)printf("%-58s %10.2f\n", what, us);
    }
    (void)fflush(stdout);
}

double bench_cpu_us(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* 0 where there is none: no figure */
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}
