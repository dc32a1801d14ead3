/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "lib/chance.h"
#include "os/entropy.h"

static void test_fills_all(void **state)
{
    (void)state;
    struct err err;
    static uint8_t a[4096], b[4096];
    unsigned seen[256] = {0};
    assert_true(entropy_fill(a, sizeof(a), &err));
    struct chance real = chance_real();
    assert_true(chance_fill(&real, b, sizeof(b), &err));
    assert_memory_not_equal(a, b, sizeof(a));
    for (size_t i = 0; i < sizeof(a); i++) {
        seen[a[i]]++;
    }
    for (size_t i = 0; i < 256; i++) {
        assert_true(seen[i] < 100); /* 16 expected; zeros left over would be many */
    }
    assert_true(entropy_fill(a, 0, &err));
}

static void test_seeded_repeats(void **state)
{
    (void)state;
    struct err err;
    uint8_t a[40], b[40];
    struct prop p, q;
    prop_init_seed(&p, 7);
    prop_init_seed(&q, 7);
    struct chance one = chance_seeded(&p), two = chance_seeded(&q);
    assert_true(chance_fill(&one, a, sizeof(a), &err));
    assert_true(chance_fill(&two, b, sizeof(b), &err));
    assert_memory_equal(a, b, sizeof(a));
    assert_true(chance_fill(&one, a, sizeof(a), &err));
    assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fills_all),
        cmocka_unit_test(test_seeded_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
