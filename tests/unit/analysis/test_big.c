/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include "analysis/big.h"
#include "lib/prop.h"

static void test_known(void **state)
{
    struct arena mem = test_arena(1u << 14);
    struct big b;
    uint64_t v = 7;
    (void)state;
    big_set(&b, 0);
    assert_string_equal(big_text(&b, &mem), "0");
    big_set(&b, 1);
    for (unsigned i = 0; i < 100; i++) {
        big_mul(&b, 10);
    }
    const char *text = big_text(&b, &mem);
    assert_int_equal(strlen(text), 101);
    assert_true(text[0] == '1' && strspn(text + 1, "0") == 100);
    assert_false(big_u64(&b, &v));
    assert_int_equal(v, 7);
    assert_true(big_double(&b) > 0.999999e100 && big_double(&b) < 1.000001e100);
    test_arena_free(&mem);
}

/* (a + b) (a - b) == a a - b b, whatever the sizes; one limb at a time is the other way to it. */
static void test_times(void **state)
{
    struct prop prop;
    (void)state;
    prop_init(&prop, "times");
    for (size_t round = 0; round < prop_rounds(500); round++) {
        struct big a;
        struct big b;
        struct big sum;
        struct big left;
        struct big square;
        uint64_t x = prop_edgy(&prop);
        big_set_wide(&a, (wide)prop_edgy(&prop) << 64 | x);
        big_set_wide(&b, prop_edgy(&prop));
        if (big_cmp(&a, &b) < 0) {
            big_copy(&sum, &a);
            big_copy(&a, &b);
            big_copy(&b, &sum);
        }
        big_copy(&sum, &a);
        big_add(&sum, &b);
        big_times(&left, &sum, &a);
        big_times(&square, &sum, &b);
        big_sub(&left, &square); /* (a + b) a - (a + b) b */
        big_times(&square, &b, &b);
        big_add(&left, &square);
        big_times(&square, &a, &a);
        assert_int_equal(big_cmp(&left, &square), 0);
        big_times(&square, &b, &a);
        big_copy(&left, &b);
        big_mul(&left, x);
        big_set(&sum, x);
        big_times(&square, &sum, &b);
        assert_int_equal(big_cmp(&left, &square), 0);
    }
}

/* Against 128 bits. */
static void test_arithmetic(void **state)
{
    struct prop prop;
    (void)state;
    prop_init(&prop, "big");
    for (size_t round = 0; round < prop_rounds(2000); round++) {
        uint64_t x = prop_edgy(&prop);
        uint64_t y = prop_edgy(&prop);
        uint64_t z = prop_edgy(&prop) | 1;
        struct big a;
        struct big b;
        wide product = (wide)x * y;
        big_set(&a, x);
        big_mul(&a, y);
        big_set(&b, z);
        assert_int_equal(big_cmp(&a, &b), (product > z) - (product < z));
        big_add(&a, &b);
        big_sub(&a, &b);
        assert_int_equal(a.n > 0 ? a.limb[0] : 0, (uint64_t)product);
        assert_int_equal(a.n > 1 ? a.limb[1] : 0, (uint64_t)(product >> 64));
        assert_int_equal(big_div(&a, z), (uint64_t)(product % z));
        wide quotient = product / z;
        assert_int_equal(a.n > 0 ? a.limb[0] : 0, (uint64_t)quotient);
        assert_int_equal(a.n > 1 ? a.limb[1] : 0, (uint64_t)(quotient >> 64));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_arithmetic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
