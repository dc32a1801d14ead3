/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a fuzz harness over every file of a corpus folder, and over cuts and one-bit changes of
 * each, with any compiler.  The harness itself aborts where a property does not hold.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/prop.h"
#include "lib/shared.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of exactly this size, so that a sanitizer sees each byte read beyond it. */
static void run(struct bytes v)
{
    uint8_t *p = malloc(v.n == 0 ? 1 : v.n);
    if (p == NULL) {
        abort();
    }
    if (v.n > 0) {
        memcpy(p, v.p, v.n);
    }
    (void)LLVMFuzzerTestOneInput(p, v.n);
    free(p);
}

static void run_mutants(struct prop *rnd, struct bytes v)
{
    uint8_t *p = malloc(v.n == 0 ? 1 : v.n);
    if (p == NULL) {
        abort();
    }
    for (size_t i = 0, rounds = prop_rounds(100); i < rounds && v.n > 0; i++) {
        memcpy(p, v.p, v.n);
        for (uint64_t k = prop_between(rnd, 1, 3); k > 0; k--) {
            p[prop_below(rnd, v.n)] ^= (uint8_t)(1u << prop_below(rnd, 8));
        }
        run(bytes_of(p, prop_one_in(rnd, 4) ? prop_below(rnd, v.n + 1) : v.n));
    }
    free(p);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    DIR *dir = opendir(argv[1]);
    if (dir == NULL) {
        (void)printf("1..1\nnot ok 1 - no corpus at %s\n", argv[1]);
        return 1;
    }
    struct prop rnd;
    prop_init(&rnd, "replay");
    run((struct bytes){0});
    unsigned count = 0;
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[0] == '.') {
            continue;
        }
        char path[SHARED_PATH_MAX];
        int n = snprintf(path, sizeof(path), "%s/%s", argv[1], e->d_name);
        if (n < 0 || (size_t)n >= sizeof(path)) {
            abort();
        }
        struct bytes v = read_whole(path);
        if (v.p == NULL) {
            continue;
        }
        run(v);
        run_mutants(&rnd, v);
        free((void *)(uintptr_t)v.p); /* read_whole gave it to us; the view is const */
        (void)printf("ok %u - %s\n", ++count, e->d_name);
    }
    (void)closedir(dir);
    (void)printf("1..%u\n", count);
    return count > 0 ? 0 : 1;
}
