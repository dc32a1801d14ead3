/* SPDX-License-Identifier: Apache-2.0 */
#include "record/token.h"

#include "lib/record_sim.h"
#include "lib/test.h"

static int open_sim(void **state)
{
    static struct record_sim sim;
    sim_open(&sim, 12, 2, 2);
    sim_start(&sim);
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    sim_close(*state);
    return 0;
}

static struct buf sign(const struct record_sim *sim, uint64_t not_after)
{
    struct buf out;
    struct err err;
    struct pubkey host = signer_pk(sim->host);
    buf_init(&out, TOKEN_BYTES_MAX);
    assert_true(token_sign(&sim->table, &host, not_after, sim->sides[1].seats[1].sign, &out, &err));
    return out;
}

static void refused(const struct record_sim *sim, struct bytes raw, uint64_t now, const char *why)
{
    struct pubkey host = signer_pk(sim->host);
    uint32_t seat = 77;
    struct err err = {0};
    assert_false(
        token_check(raw, door_keyring(sim->door), door_size(sim->door), &host, now, &seat, &err));
    if (strstr(err.what, why) == NULL) {
        fail_msg("wanted %s, got %s", why, err.what);
    }
    assert_int_equal(seat, 77);
}

static void test_checked(void **state)
{
    struct record_sim *sim = *state;
    const struct keyring *ring = door_keyring(sim->door);
    struct pubkey host = signer_pk(sim->host), other = {{1}};
    struct table_id table;
    struct err err = {0};
    uint32_t seat;
    const uint64_t now = SIM_NOW, last = now + 3600;
    struct buf t = sign(sim, last);
    assert_true(token_table(buf_bytes(&t), &table, &err));
    assert_true(ID_EQ(table, sim->table));
    assert_true(token_check(buf_bytes(&t), ring, door_size(sim->door), &host, now, &seat, &err));
    struct kid kid = signer_kid(sim->sides[1].seats[1].sign);
    assert_int_equal(seat, keyring_find_seat(ring, &kid));
    assert_true(token_check(buf_bytes(&t), ring, door_size(sim->door), &host, last, &seat, &err));
    refused(sim, buf_bytes(&t), last + 1, "run out");
    assert_true(token_check(buf_bytes(&t), ring, door_size(sim->door), &host,
                            last - TOKEN_SECONDS_MAX, &seat, &err));
    refused(sim, buf_bytes(&t), last - TOKEN_SECONDS_MAX - 1, "24 hours");
    assert_false(token_check(buf_bytes(&t), ring, door_size(sim->door), &other, now, &seat, &err));
    assert_non_null(strstr(err.what, "another host"));
    assert_false(token_check(buf_bytes(&t), ring, 1, &host, now, &seat, &err)); /* not yet a seat */
    for (size_t i = 0; i < t.n; i++) {
        t.p[i] ^= 1;
        refused(sim, buf_bytes(&t), now, "");
        t.p[i] ^= 1;
    }
    for (size_t n = 0; n < t.n; n++) {
        refused(sim, bytes_of(t.p, n), now, "");
    }
    buf_free(&t);
}

static void test_refused(void **state)
{
    struct record_sim *sim = *state;
    struct pubkey host = signer_pk(sim->host);
    struct buf out;
    struct err err = {0};
    static const uint8_t zeros[TOKEN_BYTES_MAX + 1];
    refused(sim, bytes_of(zeros, sizeof(zeros)), SIM_NOW, "limit");
    buf_init(&out, TOKEN_BYTES_MAX);
    assert_false(token_sign(&sim->table, &host, SIM_NOW, sim->sides[1].root, &out, &err));
    assert_int_equal(err.code, ERR_KEY);
    assert_false(
        token_sign(&sim->table, &host, SECONDS_MAX + 1, sim->sides[1].seats[0].sign, &out, &err));
    struct table_id other = sim->table;
    other.b[0] ^= 1;
    assert_true(token_sign(&other, &host, SIM_NOW, sim->sides[1].seats[0].sign, &out, &err));
    refused(sim, buf_bytes(&out), SIM_NOW, "another table");
    buf_free(&out);
}

static void test_revoked(void **state)
{
    struct record_sim *sim = *state;
    struct buf t = sign(sim, SIM_NOW);
    struct pubkey host = signer_pk(sim->host);
    struct err err = {0};
    uint32_t seat;
    uint64_t before = door_size(sim->door);
    (void)sim_revoke(sim, 1, 1);
    refused(sim, buf_bytes(&t), SIM_NOW, "");
    assert_true(
        token_check(buf_bytes(&t), door_keyring(sim->door), before, &host, SIM_NOW, &seat, &err));
    buf_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checked), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_revoked), /* the last: it changes the table */
    };
    return cmocka_run_group_tests(tests, open_sim, close_sim);
}
