/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading from a host, and who may.
 */
#include "host/host.h"
#include "lib/host_sim.h"
#include "lib/test.h"
#include "record/checkpoint.h"
#include "record/token.h"

static int start(void **state, int acts)
{
    static struct host_sim hs;
    host_sim_open(&hs);
    host_sim_found(&hs);
    for (int i = 0; i < acts; i++) {
        (void)sim_say(&hs.sim, (uint32_t)i % 3, 0, bytes_str("words")); /* read back below */
    }
    host_sim_post(&hs);
    *state = &hs;
    return 0;
}

/* More than an entry bundle or a tile. */
static int setup_long(void **state)
{
    return start(state, 260);
}

static int setup(void **state)
{
    return start(state, 20);
}

static int teardown(void **state)
{
    host_sim_close(*state);
    return 0;
}

static void assert_entries(struct host_sim *hs, struct bytes bundle, uint64_t from, uint64_t count)
{
    struct bytes envelope;
    for (uint64_t i = from; i < from + count; i++) {
        assert_true(tile_entry_next(&bundle, &envelope));
        assert_true(bytes_eq(envelope, hs->sim.items[i].envelope));
    }
    assert_int_equal(bundle.n, 0);
}

static void test_reads(void **state)
{
    struct host_sim *hs = *state;
    struct host_pass pass = host_sim_pass(hs, 2, 1);
    uint64_t n = hs->sim.count, given = 0;
    struct buf b;
    struct checkpoint cp;
    buf_init(&b, 1u << 22);
    assert_true(host_checkpoint(hs->host, &pass, &b, &hs->err));
    assert_true(door_checkpoint(hs->sim.door, buf_bytes(&b), &cp, &hs->err));
    assert_int_equal(cp.size, n);

    buf_clear(&b);
    assert_true(host_entries(hs->host, &pass, 0, n, &b, &given, &hs->err));
    assert_int_equal(given, HOST_ENTRIES_MAX);
    assert_entries(hs, buf_bytes(&b), 0, given);
    buf_clear(&b);
    assert_true(host_entries(hs->host, &pass, n - 3, 100, &b, &given, &hs->err));
    assert_int_equal(given, 3);
    assert_entries(hs, buf_bytes(&b), n - 3, 3);
    buf_clear(&b);
    assert_true(host_entries(hs->host, &pass, n, 100, &b, &given, &hs->err));
    assert_int_equal(given, 0);
    assert_true(host_entries(hs->host, &pass, INDEX_NEVER, 100, &b, &given, &hs->err));
    assert_int_equal(given, 0);
    assert_int_equal(b.n, 0);

    for (uint64_t i = 0; i < n; i += 60) {
        struct digest sha = digest_plain(hs->sim.items[i].blob);
        buf_clear(&b);
        assert_true(host_blob(hs->host, &pass, &sha, &b, &hs->err));
        assert_true(bytes_eq(buf_bytes(&b), hs->sim.items[i].blob));
    }
    struct digest none = {{7}};
    assert_false(host_blob(hs->host, &pass, &none, &b, &hs->err));
    assert_int_equal(hs->err.code, ERR_STATE);
    buf_free(&b);
}

static void test_consistency(void **state)
{
    struct host_sim *hs = *state;
    struct host_pass pass = host_sim_pass(hs, 0, 0);
    uint64_t n = hs->sim.count;
    struct merkle_path path;
    for (uint64_t old = 1; old <= n; old += 3) {
        struct root_hash a = door_root(hs->sim.door, old), z = door_root(hs->sim.door, n);
        assert_true(host_consistency(hs->host, &pass, old, n, &path, &hs->err));
        assert_true(merkle_consistency_check(old, &a, n, &z, path.hash, path.count));
    }
    assert_false(host_consistency(hs->host, &pass, 0, n, &path, &hs->err));
    assert_false(host_consistency(hs->host, &pass, 5, 4, &path, &hs->err));
    assert_false(host_consistency(hs->host, &pass, 5, n + 1, &path, &hs->err));
    assert_int_equal(hs->err.code, ERR_STATE);
}

static void test_tiles(void **state)
{
    struct host_sim *hs = *state;
    struct host_pass pass = host_sim_pass(hs, 0, 0);
    uint32_t rest = (uint32_t)(hs->sim.count - TILE_WIDTH);
    struct buf b;
    buf_init(&b, 1u << 22);
    const struct tile good[] = {
        {.number = 0, .width = TILE_WIDTH},
        {.number = 1, .width = rest},
        {.number = 1, .width = 1},
        {.number = 0, .width = 5},
        {.level = 1, .number = 0, .width = 1},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        buf_clear(&b);
        assert_true(host_tile(hs->host, &pass, &good[i], &b, &hs->err));
        assert_int_equal(b.n, good[i].width * 32u);
        if (good[i].level == 0) {
            struct leaf_hash leaf = door_leaf(hs->sim.door, good[i].number * TILE_WIDTH);
            assert_memory_equal(b.p, leaf.b, 32);
        }
    }
    struct tile entries = {.entries = true, .number = 1, .width = rest};
    buf_clear(&b);
    assert_true(host_tile(hs->host, &pass, &entries, &b, &hs->err));
    assert_entries(hs, buf_bytes(&b), TILE_WIDTH, rest);
    const struct tile bad[] = {
        {.number = 1, .width = rest + 1},      {.number = 2, .width = 1},
        {.level = 1, .number = 0, .width = 2}, {.level = 1, .number = 1, .width = 1},
        {.level = 2, .number = 0, .width = 1}, {.entries = true, .number = 9, .width = 1},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(host_tile(hs->host, &pass, &bad[i], &b, &hs->err));
        assert_int_equal(hs->err.code, ERR_STATE);
    }
    buf_free(&b);
}

/* Every way to read, with one pass. */
static unsigned reads_allowed(struct host_sim *hs, const struct host_pass *pass)
{
    struct buf b;
    uint64_t n;
    struct merkle_path path;
    struct tile tile = {.number = 0, .width = 1};
    struct digest sha = digest_plain(hs->sim.items[0].blob);
    buf_init(&b, 1u << 20);
    unsigned ok = host_checkpoint(hs->host, pass, &b, &hs->err);
    ok += host_entries(hs->host, pass, 0, 1, &b, &n, &hs->err);
    ok += host_blob(hs->host, pass, &sha, &b, &hs->err);
    ok += host_consistency(hs->host, pass, 1, 2, &path, &hs->err);
    ok += host_tile(hs->host, pass, &tile, &b, &hs->err);
    assert_true(ok > 0 || b.n == 0);
    buf_free(&b);
    return ok;
}

static void test_pass(void **state)
{
    struct host_sim *hs = *state;
    struct host_pass pass = host_sim_pass(hs, 1, 1);
    assert_int_equal(reads_allowed(hs, &pass), 5);
    assert_int_equal(reads_allowed(hs, &pass), 5);
    struct host_pass none = {.now = hs->sim.now};
    assert_int_equal(reads_allowed(hs, &none), 0);
    pass.now += 3601; /* too old, though it was good a moment ago */
    assert_int_equal(reads_allowed(hs, &pass), 0);
    pass.now -= 3601;
    hs->token[pass.token.n - 3] ^= 1;
    assert_int_equal(reads_allowed(hs, &pass), 0);
    hs->token[pass.token.n - 3] ^= 1;
    assert_int_equal(reads_allowed(hs, &pass), 5);
}

/* From the next request on, also where the act came through another handle. */
static void test_revoked(void **state)
{
    struct host_sim *hs = *state;
    struct host *reader = hs->host, *writer;
    struct host_pass pass = host_sim_pass(hs, 1, 1);
    assert_int_equal(reads_allowed(hs, &pass), 5);
    assert_true(host_open(hs->dir, &hs->sim.table, &writer, &hs->err));
    (void)sim_revoke(&hs->sim, 1, 1); /* the index is not needed */
    hs->host = writer;
    host_sim_post(hs);
    hs->host = reader;
    assert_int_equal(reads_allowed(hs, &pass), 0);
    pass = host_sim_pass(hs, 1, 0);
    assert_int_equal(reads_allowed(hs, &pass), 5);
    host_close(writer);
}

/* A token for another host, and of a key that is no seat. */
static void test_wrong_token(void **state)
{
    struct host_sim *hs = *state;
    struct buf b;
    struct pubkey other = {{1, 2, 3}}, pk = signer_pk(hs->sim.host);
    buf_init(&b, TOKEN_BYTES_MAX);
    assert_true(token_sign(&hs->sim.table, &other, hs->sim.now + 60, hs->sim.sides[1].seats[0].sign,
                           &b, &hs->err));
    struct host_pass pass = {.token = buf_bytes(&b), .now = hs->sim.now};
    assert_int_equal(reads_allowed(hs, &pass), 0);
    struct signer *stranger = sim_signer(&hs->sim, KEY_SEAT);
    buf_clear(&b);
    assert_true(token_sign(&hs->sim.table, &pk, hs->sim.now + 60, stranger, &b, &hs->err));
    pass.token = buf_bytes(&b);
    assert_int_equal(reads_allowed(hs, &pass), 0);
    signer_free(stranger);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads, setup_long, teardown),
        cmocka_unit_test_setup_teardown(test_consistency, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tiles, setup_long, teardown),
        cmocka_unit_test_setup_teardown(test_pass, setup, teardown),
        cmocka_unit_test_setup_teardown(test_revoked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_token, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
