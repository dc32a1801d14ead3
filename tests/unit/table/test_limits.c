/* SPDX-License-Identifier: Apache-2.0 */
#include "table/limits.h"

#include "lib/charters.h"
#include "lib/test.h"

#define ROOM_BYTES (1u << 20)

static void test_round_trip(void **state)
{
    (void)state;
    struct prop r;
    prop_init(&r, "limits");
    for (size_t round = 0; round < prop_rounds(50); round++) {
        struct arena mem = test_arena(ROOM_BYTES);
        struct limit made[4] = {{.issue = text_str("a")},
                                {.issue = text_str("line")},
                                {.issue = text_str("b-2")},
                                {.issue = text_str("c")}};
        struct limits l = {(uint32_t)prop_below(&r, 5), made}, back;
        for (uint32_t i = 0; i < l.count; i++) {
            if (!prop_one_in(&r, 4)) {
                prop_fill(&r, made[i].options, sizeof(made[i].options));
            }
        }
        struct buf b, again;
        struct err err = {0};
        buf_init(&b, ROOM_BYTES);
        buf_init(&again, ROOM_BYTES);
        limits_encode(&l, &b);
        assert_true(buf_ok(&b));
        assert_true(limits_decode(buf_bytes(&b), &mem, &back, &err));
        assert_int_equal(back.count, l.count);
        for (uint32_t i = 0; i < l.count; i++) {
            assert_true(text_eq(back.limits[i].issue, made[i].issue));
            assert_memory_equal(back.limits[i].options, made[i].options, sizeof(made[i].options));
        }
        limits_encode(&back, &again);
        assert_true(bytes_eq(buf_bytes(&b), buf_bytes(&again)));
        buf_free(&b);
        buf_free(&again);
        test_arena_free(&mem);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *v;
        size_t n;
        const char *why;
    } bad[] = {
        {"", 0, "private limits"},
        {"\x80\x00", 2, "private limits"},
        {"\x81\x81\x61\x61", 4, "private limits"},
        {"\x81\x82\x61\x41\x80", 5, "identifier"},
        {"\x81\x82\x61\x61\x82\x01\x01", 7, "ascending"},
        {"\x81\x82\x61\x61\x82\x02\x01", 7, "ascending"},
        {"\x81\x82\x61\x61\x81\x19\x01\x00", 8, "ascending"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct arena mem = test_arena(ROOM_BYTES);
        struct limits l;
        struct err err = {0};
        assert_false(limits_decode(bytes_of(bad[i].v, bad[i].n), &mem, &l, &err));
        assert_int_equal(err.code, ERR_FORMAT);
        assert_non_null(strstr(err.what, bad[i].why));
        test_arena_free(&mem);
    }
}

static void test_allow(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM_BYTES);
    struct charter c = charter_small(&mem);
    struct limit other = {.issue = text_str("price")};
    struct limit line = {.issue = text_str("line")};
    struct limit both[2] = {other, line};
    struct choice choice = {0, 1};
    struct package p = {1, &choice};
    struct refusal r = {0};
    /* None, or none about this issue: free. */
    assert_true(limits_allow(&(struct limits){0, NULL}, &c, &p, text_str("Voss"), &r));
    assert_true(limits_allow(&(struct limits){1, both}, &c, &p, text_str("Voss"), &r));
    assert_int_equal(r.code, REFUSED_NOT);
    both[1].options[0] = 1u << 0;
    assert_false(limits_allow(&(struct limits){2, both}, &c, &p, text_str("Voss"), &r));
    assert_int_equal(r.code, REFUSED_LIMITS);
    assert_string_equal(r.what, "Your instructions do not allow \"there\" for line.");
    assert_string_equal(r.mend, "Ask Voss to widen them, or leave that out.");
    choice.option = 0;
    assert_true(limits_allow(&(struct limits){2, both}, &c, &p, text_str("Voss"), &r));
    test_arena_free(&mem);
}

static bool decode(struct arena *mem, void *ctx)
{
    struct limits l;
    struct err err = {0};
    (void)ctx;
    return limits_decode(bytes_of("\x81\x82\x61\x61\x81\x01", 6), mem, &l, &err);
}

static void test_memory(void **state)
{
    (void)state;
    assert_int_equal(test_faults(decode, NULL, 4096), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_refused), cmocka_unit_test(test_allow),
                                       cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
