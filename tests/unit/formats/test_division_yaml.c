/* SPDX-License-Identifier: Apache-2.0
 *
 * Divisions as people write them: what they mean, what is refused and with which words, no memory.
 */
#include "lib/test.h"

#include "formats/division_yaml.h"

#define MEM_BYTES (1u << 20)

#define GOOD                                                                                       \
    "division: An estate\n"                                                                        \
    "out-of: 100\n"                                                                                \
    "goods: [house, boat, piano]\n"                                                                \
    "parties:\n"                                                                                   \
    "  Anna: {house: 50, boat: 30, piano: 20}\n"                                                   \
    "  Bo: {boat: 39.75, house: 60.25}\n"

static bool read_it(const char *yaml, struct arena *mem, struct division_file *out, struct err *err)
{
    return division_from_yaml(bytes_str(yaml), "f.yaml", mem, out, err);
}

static void test_good(void **state)
{
    static const int64_t want[6] = {50, 6025, 30, 3975, 20, 0};
    struct arena mem = test_arena(MEM_BYTES);
    struct division_file f;
    struct err err = {0};
    (void)state;
    assert_true(read_it(GOOD, &mem, &f, &err));
    assert_true(text_is(f.name, "An estate") && f.party_count == 2 && f.good_count == 3);
    assert_true(text_is(f.parties[1], "Bo") && text_is(f.goods[2], "piano"));
    assert_int_equal(f.decimals[0], 0);
    assert_int_equal(f.decimals[1], 2);
    assert_memory_equal(f.units, want, sizeof(want));
    assert_int_equal(f.note_count, 1);
    assert_true(text_is(f.notes[0], "Bo gives no points to piano: it counts 0"));
    test_arena_free(&mem);
}

static void test_refused(void **state)
{
    static const struct {
        const char *yaml, *what, *where, *mend;
    } rows[] = {
        {"goods: [a]\n", "has no parties", "line 1", "add parties"},
        {"goods: [a, a]\nparties: {A: {a: 1}, B: {a: 1}}\n", "stands twice", "line 1", "keep one"},
        {"goods: []\nparties: {A: {}, B: {}}\n", "no goods", "line 1", "name what"},
        {"goods: [a]\nparties: {A: {a: 1}}\n", "two to 16", "line 2", "for each party"},
        {"goods: [a]\nparties:\n  A: {a: 1}\n  A: {a: 1}\n", "party \"A\" stands twice", "line 4",
         "keep one"},
        {"goods: [house]\nparties:\n  A: {hose: 1}\n  B: {house: 1}\n",
         "\"hose\" is no item of goods", "line 3", "\"house\""},
        {"goods: [a]\nparties:\n  A: {a: 1, a: 2}\n  B: {a: 1}\n", "stands twice", "line 3",
         "keep one"},
        {"goods: [a]\nparties:\n  A: {a: much}\n  B: {a: 1}\n", "no number", "line 3", "digits"},
        {"goods: [a]\nparties:\n  A: {a: 1}\n  B: {a: -1}\n", "below 0", "line 4", "write 0"},
        {"goods: [a]\nparties:\n  A: {a: 1}\n  B: {a: 0}\n", "no points to anything", "line 4",
         "100 points"},
        {"goods: [a]\nparties:\n  A: {a: 1}\n  B: {a: 1.2345678}\n", "decimals", "line 4", "round"},
        {"goods: [a]\nparties:\n  A: {a: 1}\n  B: {a: 10000000000}\n", "too large", "line 4",
         "100 points"},
        {"out-of: 100\ngoods: [a]\nparties:\n  A: {a: 100}\n  B: {a: 99.5}\n",
         "\"B\" add up to 99.5, not to 100", "line 5", "only shares count"},
        {"goods: [a]\nparties:\n  A: [1]\n  B: {a: 1}\n", "not written as good", "line 3", "house"},
        {"goods: a\nparties: {A: {a: 1}, B: {a: 1}}\n", "not a list", "line 1", "dash"},
        {"gods: [a]\nparties: {A: {a: 1}, B: {a: 1}}\n", "no key \"gods\"", "line 1", "goods"},
        {"goods: [a\n", "", "line", ""},
    };
    struct arena mem = test_arena(MEM_BYTES);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct division_file f;
        struct err err = {0};
        if (read_it(rows[i].yaml, &mem, &f, &err)) {
            fail_msg("row %zu was read", i);
        }
        if (strstr(err.what, rows[i].what) == NULL || strstr(err.where, rows[i].where) == NULL ||
            strstr(err.mend, rows[i].mend) == NULL || err.mend[0] == 0) {
            fail_msg("row %zu: %s / %s / %s", i, err.what, err.where, err.mend);
        }
        arena_rewind(&mem, 0);
    }
    test_arena_free(&mem);
}

/* Whichever allocation fails, the reader says so. */
static void test_no_memory(void **state)
{
    struct arena mem = test_arena(MEM_BYTES);
    (void)state;
    for (uint64_t n = 1;; n++) {
        struct division_file f;
        struct err err = {0};
        mem.fault_in = n;
        bool good = read_it(GOOD, &mem, &f, &err);
        bool failed = mem.failed;
        mem.failed = false;
        mem.fault_in = 0;
        arena_rewind(&mem, 0);
        assert_int_equal(good, !failed);
        if (good) {
            assert_true(n > 10);
            break;
        }
        assert_int_equal(err.code, ERR_MEMORY);
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
