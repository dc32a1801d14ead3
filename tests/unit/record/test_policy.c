/* SPDX-License-Identifier: Apache-2.0 */
#include "record/policy.h"

#include "lib/test.h"
#include "lib/toy_ring.h"
#include "record/checkpoint.h"

#define ROOM (1u << 20)

static const uint32_t seats[] = {0, 1, 2};
static const uint32_t other_seats[] = {2, 0};

struct table {
    struct arena mem;
    struct keyring *ring;
    struct witness_log *log;
};

/* Sides 0 to 2 with three seats each join at 1 to 3; side 4 at 4. */
static void open_table(struct table *t)
{
    struct err err;
    t->mem = test_arena(ROOM);
    assert_true(keyring_new(&t->mem, &t->ring, &err));
    assert_true(witness_log_new(&t->mem, t->ring, &t->log, &err));
    struct control c = toy_found(3, 0, 60);
    toy_apply(t->ring, 0, 0, &c);
    for (uint32_t i = 0; i < 3; i++) {
        c = toy_slip(i, 3);
        toy_apply(t->ring, 1 + i, 0, &c);
    }
    c = toy_slip(4, 1);
    toy_apply(t->ring, 4, 0, &c);
}

static void close_table(struct table *t)
{
    witness_log_free(t->log);
    keyring_free(t->ring);
    test_arena_free(&t->mem);
}

static void put_host(const struct table *t, uint32_t term, struct buf *out)
{
    char name[ORIGIN_MAX];
    origin_name(keyring_table(t->ring), term, name);
    buf_add_str(out, "log ");
    vkey_put(bytes_str(name), NOTE_ED25519, &keyring_term(t->ring, term)->host, out);
    buf_add_str(out, "\n");
}

static void put_witness(const struct table *t, uint32_t number, uint32_t side, uint32_t seat,
                        struct buf *out)
{
    char name[ORIGIN_MAX];
    struct pubkey pk = toy_key(KEY_WITNESS, side, seat);
    witness_name(keyring_table(t->ring), number, name);
    buf_printf(out, "witness w%u ", number);
    vkey_put(bytes_str(name), NOTE_COSIGNATURE, &pk, out);
    buf_add_str(out, "\n");
}

static void expect(const struct table *t, uint64_t at, struct buf *want)
{
    struct buf got;
    struct err err = {0};
    buf_init(&got, 65536);
    assert_true(policy_put(t->ring, t->log, at, POLICY_OF_LOG, &got, &err));
    assert_string_equal(buf_str(&got), buf_str(want));
    buf_free(&got);
    buf_clear(want);
}

static void test_text(void **state)
{
    (void)state;
    struct table t;
    struct buf want;
    open_table(&t);
    buf_init(&want, 65536);
    put_host(&t, 0, &want);
    buf_add_str(&want, "quorum none\n");
    expect(&t, 5, &want);

    struct control c = toy_naming(2, 1, seats, 3);
    toy_apply(t.ring, 5, 1, &c);
    c = toy_naming(1, 0, seats, 1);
    toy_apply(t.ring, 6, 0, &c);
    c = toy_naming(2, 1, other_seats, 2); /* w0 and w2 stay, w1 goes */
    toy_apply(t.ring, 7, 1, &c);

    put_host(&t, 0, &want);
    put_witness(&t, 0, 1, 0, &want);
    put_witness(&t, 1, 1, 1, &want);
    put_witness(&t, 2, 1, 2, &want);
    put_witness(&t, 3, 0, 0, &want);
    buf_add_str(&want, "group s0 all w3\ngroup s1 2 w0 w1 w2\ngroup table all s0 s1\n"
                       "quorum table\n");
    expect(&t, 7, &want);

    put_host(&t, 0, &want);
    put_witness(&t, 0, 1, 0, &want);
    put_witness(&t, 2, 1, 2, &want);
    put_witness(&t, 3, 0, 0, &want);
    buf_add_str(&want, "group s0 all w3\ngroup s1 all w2 w0\ngroup table all s0 s1\n"
                       "quorum table\n");
    expect(&t, 8, &want);
    buf_free(&want);
    close_table(&t);
}

static void test_who_is_out(void **state)
{
    (void)state;
    struct table t;
    struct buf want;
    struct err err;
    bool valid;
    open_table(&t);
    buf_init(&want, 65536);
    for (uint32_t side = 0; side < 2; side++) {
        struct control c = toy_naming(1, side, seats, 1);
        toy_apply(t.ring, 5 + side, side, &c);
    }
    assert_true(witness_countersign(t.log, 7, 0, 7, 1000, &err));
    assert_true(witness_countersign(t.log, 8, 0, 8, 1060, &err));
    assert_true(witness_proceed(t.log, 9, 0, 1, &valid, &err));
    assert_true(valid);
    struct pubkey host = toy_key(KEY_HOST, 7, 7);
    assert_true(keyring_new_term(t.ring, 10, &host, &err));
    for (uint64_t at = 9; at <= 11; at++) {
        put_host(&t, at == 11, &want);
        put_witness(&t, 0, 0, 0, &want);
        put_witness(&t, 1, 1, 0, &want);
        buf_add_str(&want, "group s0 all w0\ngroup s1 all w1\n");
        buf_add_str(&want,
                    at == 9 ? "group table all s0 s1\n" : "# s1 is out\ngroup table all s0\n");
        buf_add_str(&want, "quorum table\n");
        expect(&t, at, &want);
    }
    buf_free(&want);
    close_table(&t);
}

/* Every vkey in it can be read back, to the key that it is of. */
static void test_vkeys_parse(void **state)
{
    (void)state;
    struct table t;
    struct buf got;
    struct err err = {0};
    open_table(&t);
    struct control c = toy_naming(1, 0, seats, 1);
    toy_apply(t.ring, 5, 0, &c);
    buf_init(&got, 65536);
    assert_true(policy_put(t.ring, t.log, 6, POLICY_OF_LOG, &got, &err));
    const char *line = strstr(buf_str(&got), "witness w0 ");
    assert_non_null(line);
    line += strlen("witness w0 ");
    struct vkey key;
    assert_true(vkey_parse(bytes_of(line, (size_t)(strchr(line, '\n') - line)), &key));
    struct pubkey pk = toy_key(KEY_WITNESS, 0, 0);
    assert_int_equal(key.type, NOTE_COSIGNATURE);
    assert_memory_equal(key.pk.b, pk.b, sizeof(pk.b));
    buf_free(&got);
    close_table(&t);
}

static void test_refusals(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct keyring *ring;
    struct witness_log *log;
    struct err err = {0};
    struct buf b;
    buf_init(&b, 65536);
    assert_true(keyring_new(&mem, &ring, &err));
    assert_true(witness_log_new(&mem, ring, &log, &err));
    assert_false(policy_put(ring, log, 0, POLICY_OF_LOG, &b, &err));
    assert_int_equal(err.code, ERR_STATE);
    struct control c = toy_found(3, 0, 60);
    toy_apply(ring, 0, 0, &c);
    buf_free(&b);
    buf_init(&b, 100);
    assert_false(policy_put(ring, log, 1, POLICY_OF_LOG, &b, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_free(&b);
    witness_log_free(log);
    keyring_free(ring);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_who_is_out),
        cmocka_unit_test(test_vkeys_parse),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
