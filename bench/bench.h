/* SPDX-License-Identifier: Apache-2.0
 *
 * Common to the measurements: a record of any length, cheap to make, and a table of ratios.
 */
#ifndef ENTENTE_BENCH_H
#define ENTENTE_BENCH_H

#include "lib/record_sim.h"

/* Ends the program with the error told. */
void bench_must(bool ok, const struct err *err);

/* Acts of two sides' seats in turn, each with a blob of its own: one sealed blob whose last bytes
 * are changed, for to a host all ciphertext looks alike, and sealing is not what is measured. */
struct bench_acts {
    struct record_sim sim;
    struct bytes sealed; /* the blob that all are made from */
    uint64_t made;
};

void bench_acts_open(struct bench_acts *acts); /* founded and joined: sim.items holds those */
void bench_acts_close(struct bench_acts *acts);

/* The next act, signed and admitted to sim.door; its bytes are in mem. */
struct verified_act bench_act_next(struct bench_acts *acts, struct arena *mem);

/* What a bare loop verifies: as long as the message of such an act, signed by a key of its own. */
#define BENCH_MESSAGE_BYTES 340u
struct bench_signed {
    uint8_t pk[32];
    uint8_t sk[64];
    uint8_t message[BENCH_MESSAGE_BYTES];
    uint8_t signature[64];
};
void bench_signed_make(struct bench_signed *s, unsigned seed);

/* The processor's time of this process in microseconds: what other work on the machine changes least. */
double bench_cpu_us(void);

/* One line: what, seconds per act in microseconds, and the ratio of bare to it (0: none). */
void bench_head(const char *title);
void bench_line(const char *what, double us, double ratio);

#endif
