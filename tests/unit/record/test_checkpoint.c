/* SPDX-License-Identifier: Apache-2.0 */
#include "record/checkpoint.h"

#include "crypto/init.h"
#include "lib/test.h"

#define HEX64 "abababababababababababababababababababababababababababababababab"
#define ROOT "zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0="

static struct signer *host_of(uint8_t seed_byte)
{
    uint8_t seed[32];
    struct signer *s = NULL;
    struct err err = {0};
    memset(seed, seed_byte, sizeof(seed));
    assert_true(signer_new(KEY_HOST, seed, &s, &err));
    return s;
}

static struct checkpoint some(void)
{
    struct checkpoint cp = {.term = 4294967295u, .size = LEAVES_MAX};
    memset(cp.table.b, 0xab, sizeof(cp.table.b));
    memset(cp.root.b, 0xcd, sizeof(cp.root.b));
    return cp;
}

static void test_body(void **state)
{
    (void)state;
    struct checkpoint cp = some(), back;
    struct err err = {0};
    struct buf b;
    buf_init(&b, 1000);
    checkpoint_body(&cp, &b);
    assert_string_equal(buf_str(&b), "entente/" HEX64 "/4294967295\n1099511627776\n" ROOT "\n");
    assert_true(checkpoint_parse(buf_bytes(&b), &back, &err));
    assert_true(ID_EQ(back.table, cp.table) && ID_EQ(back.root, cp.root));
    assert_true(back.term == cp.term && back.size == cp.size);
    buf_free(&b);
    char name[ORIGIN_MAX];
    witness_name(&cp.table, UINT64_MAX, name);
    assert_string_equal(name, "entente/" HEX64 "/w/18446744073709551615");
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "entente/" HEX64 "/0\n1\n",
        "entente/" HEX64 "/0\n1\n" ROOT,
        "entente/" HEX64 "/0\n1\n" ROOT "\nextension\n",
        "entente/" HEX64 "/0\n1\n" ROOT "\n\n",
        "entente/" HEX64 "/00\n1\n" ROOT "\n",
        "entente/" HEX64 "/4294967296\n1\n" ROOT "\n",
        "entente/" HEX64 "/-1\n1\n" ROOT "\n",
        "entente/" HEX64 "/\n1\n" ROOT "\n",
        "entente/" HEX64 "\n1\n" ROOT "\n",
        "entente/" HEX64 "0/0\n1\n" ROOT "\n",
        "entente/AB" HEX64 "/0\n1\n" ROOT "\n",
        "Entente/" HEX64 "/0\n1\n" ROOT "\n",
        "entente/" HEX64 "/0\n01\n" ROOT "\n",
        "entente/" HEX64 "/0\n\n" ROOT "\n",
        "entente/" HEX64 "/0\n1 \n" ROOT "\n",
        "entente/" HEX64 "/0\n1099511627777\n" ROOT "\n",
        "entente/" HEX64 "/0\n1\nzc3N\n",
        "entente/" HEX64 "/0\n1\n" ROOT "zc3N\n",
        "entente/" HEX64 "/0\n1\nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0\n",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct checkpoint cp = {.term = 9};
        struct err err = {0};
        if (checkpoint_parse(bytes_str(bad[i]), &cp, &err)) {
            fail_msg("taken: %s", bad[i]);
        }
        assert_int_equal(err.code, ERR_FORMAT);
        assert_int_equal(cp.term, 9);
    }
}

static void test_signed(void **state)
{
    (void)state;
    struct signer *host = host_of(1), *other = host_of(2);
    struct pubkey pk = signer_pk(host), other_pk = signer_pk(other);
    struct checkpoint cp = some(), back;
    struct err err = {0};
    struct buf b;
    buf_init(&b, 1000);
    assert_true(checkpoint_sign(&cp, host, &b, &err));
    assert_true(checkpoint_check(buf_bytes(&b), &pk, &back, &err));
    assert_int_equal(back.size, cp.size);
    assert_false(checkpoint_check(buf_bytes(&b), &other_pk, &back, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    /* No changed bit passes. */
    for (size_t i = 0; i < b.n; i++) {
        b.p[i] ^= (uint8_t)(1u << i % 8);
        err = (struct err){0};
        assert_false(checkpoint_check(buf_bytes(&b), &pk, &back, &err));
        assert_true(err.code == ERR_VERIFY || err.code == ERR_FORMAT);
        b.p[i] ^= (uint8_t)(1u << i % 8);
    }
    /* Lines of others may follow, not precede; a second line of the host's must hold too. */
    size_t end = b.n;
    uint8_t zeros[64] = {0}, key_id[4];
    char origin[ORIGIN_MAX];
    note_line_put(bytes_str("other"), zeros, bytes_of(zeros, 64), &b);
    assert_true(checkpoint_check(buf_bytes(&b), &pk, &back, &err));
    b.n = end;
    origin_name(&cp.table, cp.term, origin);
    note_key_id(bytes_str(origin), NOTE_ED25519, &pk, key_id);
    note_line_put(bytes_str(origin), zeros, bytes_of(zeros, 64), &b);
    assert_true(checkpoint_check(buf_bytes(&b), &pk, &back, &err));
    note_line_put(bytes_str(origin), key_id, bytes_of(zeros, 64), &b);
    assert_false(checkpoint_check(buf_bytes(&b), &pk, &back, &err));
    buf_clear(&b);
    checkpoint_body(&cp, &b);
    buf_add_u8(&b, '\n');
    size_t head = b.n;
    note_line_put(bytes_str("other"), zeros, bytes_of(zeros, 64), &b);
    struct buf whole;
    buf_init(&whole, 1000);
    assert_true(checkpoint_sign(&cp, host, &whole, &err));
    buf_add(&b, bytes_slice(buf_bytes(&whole), head, whole.n));
    assert_false(checkpoint_check(buf_bytes(&b), &pk, &back, &err));
    /* No room: said, not cut. */
    struct buf small;
    buf_init(&small, 200);
    assert_false(checkpoint_sign(&cp, host, &small, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_free(&small);
    buf_free(&whole);
    buf_free(&b);
    signer_free(host);
    signer_free(other);
}

int main(void)
{
    struct err err = {0};
    if (!crypto_init(&err)) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_body),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
