/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <time.h>

#include "os/clock.h"

static void test_simulated(void **state)
{
    (void)state;
    struct clock c = clock_simulated(1000);
    assert_int_equal(clock_now(&c), 1000);
    clock_advance(&c, 60);
    assert_int_equal(clock_now(&c), 1060);
    clock_set(&c, 5);
    assert_int_equal(clock_now(&c), 5);
}

static void test_real(void **state)
{
    (void)state;
    struct clock c = clock_real();
    uint64_t before = (uint64_t)time(NULL);
    uint64_t now = clock_now(&c);
    assert_true(now + 1 >= before && now <= (uint64_t)time(NULL) + 1);
    clock_set(&c, 5);
    clock_advance(&c, 1000000);
    assert_true(clock_now(&c) - now < 100);
}

static void test_ahead(void **state)
{
    (void)state;
    struct clock c = clock_ahead(86400), late = clock_ahead(-86400), never = clock_ahead(INT64_MIN);
    struct clock ever = clock_ahead(INT64_MAX);
    uint64_t now = (uint64_t)time(NULL);
    assert_true(clock_now(&c) - now - 86400 < 100);
    assert_true(now - clock_now(&late) <= 86400);
    assert_true(now - clock_now(&late) > 86300);
    assert_int_equal(clock_now(&never), 0);
    assert_int_equal(clock_now(&ever), 0);
    clock_advance(&c, 1000); /* it goes by itself */
    assert_true(clock_now(&c) - now - 86400 < 100);
}

static void test_monotonic(void **state)
{
    (void)state;
    uint64_t a = clock_monotonic_us();
    clock_pause_ms(20);
    uint64_t b = clock_monotonic_us();
    assert_true(b - a >= 20000);
    assert_true(b - a < 20000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simulated),
        cmocka_unit_test(test_real),
        cmocka_unit_test(test_ahead),
        cmocka_unit_test(test_monotonic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
