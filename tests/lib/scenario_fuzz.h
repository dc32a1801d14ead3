/* SPDX-License-Identifier: Apache-2.0
 *
 * What all harnesses of scenario readers do: the input is one file or several, parted by a line of
 * equals signs.  Whatever is read as a scenario can be written in our own form, and is the same when
 * read again; whatever is refused is refused with words.
 */
#ifndef ENTENTE_TESTS_SCENARIO_FUZZ_H
#define ENTENTE_TESTS_SCENARIO_FUZZ_H

#include "formats/scenario.h"
#include "lib/fuzz_arena.h"

#define SCENARIO_FUZZ_MEM (24u << 20)
#define SCENARIO_FUZZ_FILES 4u

/* "f0.xml", "f1.xml", ... */
static inline size_t scenario_fuzz_split(struct bytes v, const char *const *names,
                                         struct scenario_file *out)
{
    static const char line[] = "\n=====\n";
    size_t n = 0, start = 0;
    for (size_t i = 0; i <= v.n && n < SCENARIO_FUZZ_FILES; i++) {
        bool end = i == v.n;
        bool parted = i + sizeof(line) - 1 <= v.n && memcmp(v.p + i, line, sizeof(line) - 1) == 0;
        if (end || parted) {
            out[n] = (struct scenario_file){.name = names[n],
                                            .bytes = bytes_slice(v, start, i - start)};
            n++;
            start = i + sizeof(line) - 1;
        }
    }
    return n;
}

static inline void scenario_fuzz_again(const struct scenario *s, struct arena *mem)
{
    struct scenario_out *files = ARENA_NEW(mem, struct scenario_out, SCENARIO_FILES_MAX);
    struct scenario t;
    struct err err = {0};
    size_t n = 0;
    if (files == NULL) {
        return;
    }
    if (scenario_write(s, SCENARIO_YAML, mem, files, &n, &err)) {
        struct scenario_file again = {.name = "again.yaml", .bytes = buf_bytes(&files[0].bytes)};
        if (scenario_read(&again, 1, "again", mem, &t, &err)) {
            CHECK(scenario_eq(s, &t));
        } else {
            CHECK(err.code == ERR_LIMIT || err.code == ERR_MEMORY);
        }
    } else {
        CHECK(err.code == ERR_RULE || err.code == ERR_LIMIT || err.code == ERR_MEMORY);
    }
    for (size_t i = 0; i < SCENARIO_FILES_MAX; i++) {
        buf_free(&files[i].bytes);
    }
}

static inline int scenario_fuzz(const uint8_t *data, size_t size, const char *const *names)
{
    struct scenario_file files[SCENARIO_FUZZ_FILES];
    struct scenario s;
    struct err err = {0};
    struct arena *mem = fuzz_arena(SCENARIO_FUZZ_MEM);
    size_t n = scenario_fuzz_split(bytes_of(data, size), names, files);
    if (scenario_read(files, n, "fuzz", mem, &s, &err)) {
        scenario_fuzz_again(&s, mem);
    } else {
        CHECK(err.what[0] != 0 && err.code != ERR_NONE);
    }
    return 0;
}

#define SCENARIO_FUZZ_HARNESS(ending)                                                              \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);                                  \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                   \
    {                                                                                              \
        static const char *const names[SCENARIO_FUZZ_FILES] = {"f0" ending, "f1" ending,           \
                                                               "f2" ending, "f3" ending};          \
        return scenario_fuzz(data, size, names);                                                   \
    }

#endif
