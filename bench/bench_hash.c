/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 as the record uses it, against libsodium's: a node of the tree, an envelope, a blob.
 *
 *     bench_hash
 */
#include <sodium.h>
#include <stdio.h>

#include "bench.h"
#include "crypto/hash.h"
#include "crypto/init.h"
#include "os/clock.h"

#define ROUNDS 100000u

int main(void)
{
    static const size_t sizes[] = {64, 340, 1518};
    static uint8_t data[1518];
    uint8_t out[HASH_BYTES];
    struct err err = {0};
    bench_must(crypto_init(&err), &err);
    bench_head("SHA-256 (ratio: libsodium's time to ours)");
    for (size_t k = 0; k < COUNT_OF(sizes); k++) {
        uint64_t start = clock_monotonic_us();
        for (unsigned i = 0; i < ROUNDS; i++) {
            (void)crypto_hash_sha256(out, data, sizes[k]);
            data[0] = out[0];
        }
        uint64_t middle = clock_monotonic_us();
        for (unsigned i = 0; i < ROUNDS; i++) {
            hash_sha256(bytes_of(data, sizes[k]), out);
            data[0] = out[0];
        }
        double plain = (double)(middle - start) / ROUNDS;
        double ours = (double)(clock_monotonic_us() - middle) / ROUNDS;
        char line[40];
        (void)snprintf(line, sizeof(line), "%zu bytes", sizes[k]); /* fits */
        bench_line(line, ours, plain / ours);
    }
    return 0;
}
