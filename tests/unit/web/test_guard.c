/* SPDX-License-Identifier: Apache-2.0 */
#include "web/guard.h"

#include <stdio.h>

#include "lib/chance.h"
#include "lib/test.h"

static struct guard made(void)
{
    struct guard g;
    struct err err = {0};
    struct prop rnd;
    prop_init_seed(&rnd, 7);
    struct chance chance = chance_seeded(&rnd);
    assert_true(guard_init(&g, 8080, &chance, &err));
    return g;
}

static void secrets_are_two_and_long(void **state)
{
    (void)state;
    struct guard g = made();
    assert_int_equal(strlen(g.link), GUARD_SECRET_LETTERS);
    assert_int_equal(strlen(g.cookie), GUARD_SECRET_LETTERS);
    assert_string_not_equal(g.link, g.cookie);
}

static void only_this_server_by_its_number_or_localhost(void **state)
{
    (void)state;
    struct guard g = made();
    assert_true(guard_host(&g, "127.0.0.1:8080"));
    assert_true(guard_host(&g, "localhost:8080"));
    static const char *const others[] = {
        "127.0.0.1",           "127.0.0.1:80",
        "localhost",           "evil.example:8080",
        "127.0.0.1:8080 ",     "127.0.0.1:8080.evil",
        "127.0.0.1.evil:8080", "[::1]:8080",
        "LOCALHOST:8080",      "",
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_false(guard_host(&g, others[i]));
    }
    assert_false(guard_host(&g, NULL));
}

static void what_changes_something_says_where_it_comes_from(void **state)
{
    (void)state;
    struct guard g = made();
    assert_true(guard_origin(&g, "http://127.0.0.1:8080", true));
    assert_true(guard_origin(&g, "http://localhost:8080", true));
    assert_true(guard_origin(&g, NULL, false));
    assert_false(guard_origin(&g, NULL, true));
    static const char *const others[] = {
        "null",    "http://evil.example", "https://127.0.0.1:8080", "http://127.0.0.1:8081",
        "http://", "127.0.0.1:8080"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_false(guard_origin(&g, others[i], false));
        assert_false(guard_origin(&g, others[i], true));
    }
}

static void a_cookie_is_found_among_others(void **state)
{
    (void)state;
    struct guard g = made();
    char header[256];
    (void)snprintf(header, sizeof(header), "entente-8080=%s", g.cookie);
    assert_true(guard_cookie(&g, header));
    (void)snprintf(header, sizeof(header), "entente-80=x; entente-8080=%s; other=1", g.cookie);
    assert_true(guard_cookie(&g, header));
    /* the link's secret is none, nor is a part, nor the name of another port */
    (void)snprintf(header, sizeof(header), "entente-8080=%s", g.link);
    assert_false(guard_cookie(&g, header));
    (void)snprintf(header, sizeof(header), "entente-8080=%.63s", g.cookie);
    assert_false(guard_cookie(&g, header));
    (void)snprintf(header, sizeof(header), "entente-8080=%sa", g.cookie);
    assert_false(guard_cookie(&g, header));
    (void)snprintf(header, sizeof(header), "entente-8081=%s", g.cookie);
    assert_false(guard_cookie(&g, header));
    (void)snprintf(header, sizeof(header), "xentente-8080=%s", g.cookie);
    assert_false(guard_cookie(&g, header));
    /* the first of that name is the one that counts */
    (void)snprintf(header, sizeof(header), "entente-8080=no; entente-8080=%s", g.cookie);
    assert_false(guard_cookie(&g, header));
    static const char *const nothing[] = {"", ";", "; ;", "entente-8080", "entente-8080="};
    for (size_t i = 0; i < COUNT_OF(nothing); i++) {
        assert_false(guard_cookie(&g, nothing[i]));
    }
    assert_false(guard_cookie(&g, NULL));
}

static void a_link_works_once(void **state)
{
    (void)state;
    struct guard g = made();
    char link[GUARD_SECRET_LETTERS + 1];
    (void)snprintf(link, sizeof(link), "%s", g.link);
    assert_false(guard_enter(&g, NULL));
    assert_false(guard_enter(&g, ""));
    assert_false(guard_enter(&g, g.cookie));
    assert_true(guard_enter(&g, link));
    assert_false(guard_enter(&g, link));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_two_and_long),
        cmocka_unit_test(only_this_server_by_its_number_or_localhost),
        cmocka_unit_test(what_changes_something_says_where_it_comes_from),
        cmocka_unit_test(a_cookie_is_found_among_others),
        cmocka_unit_test(a_link_works_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
