/* SPDX-License-Identifier: Apache-2.0 */
#include "record/proof.h"

#include "crypto/init.h"
#include "lib/test.h"

#define HASH "zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0="

static void test_made_and_checked(void **state)
{
    (void)state;
    struct err err = {0};
    uint8_t seed[32] = {1};
    struct signer *host = NULL;
    struct merkle m;
    struct buf note, b;
    merkle_init(&m);
    buf_init(&note, 1000);
    buf_init(&b, PROOF_BYTES_MAX);
    assert_true(signer_new(KEY_HOST, seed, &host, &err));
    struct pubkey pk = signer_pk(host);
    struct leaf_hash leaves[20];
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        leaves[i] = leaf_hash_of(bytes_of(&i, sizeof(i)));
        assert_true(merkle_append(&m, &leaves[i], &err));
    }
    struct checkpoint cp = {.size = 13, .root = merkle_root_at(&m, 13)};
    assert_true(checkpoint_sign(&cp, host, &note, &err));
    struct node_source src = merkle_source(&m);
    for (uint64_t i = 0; i < 13; i++) {
        struct proof p;
        struct checkpoint got;
        buf_clear(&b);
        assert_true(proof_make(&src, i, buf_bytes(&note), &b, &err));
        assert_true(proof_decode(buf_bytes(&b), &p, &err));
        assert_int_equal(p.index, i);
        assert_true(bytes_eq(p.note, buf_bytes(&note)));
        assert_true(proof_check(&p, &leaves[i], &pk, &got, &err));
        assert_int_equal(got.size, 13);
        assert_false(proof_check(&p, &leaves[i + 1], &pk, &got, &err));
        assert_int_equal(err.code, ERR_VERIFY);
        p.index++;
        assert_false(proof_check(&p, &leaves[i], &pk, &got, &err));
        p.index--;
        struct pubkey other = pk;
        other.b[0] ^= 1;
        assert_false(proof_check(&p, &leaves[i], &other, &got, &err));
    }
    buf_clear(&b);
    assert_false(proof_make(&src, 13, buf_bytes(&note), &b, &err));
    assert_false(proof_make(&src, 1, bytes_str("none"), &b, &err));
    assert_int_equal(b.n, 0);
    buf_free(&b);
    buf_free(&note);
    merkle_free(&m);
    signer_free(host);
}

static void test_form(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v2\nindex 0\n\nnote",
        "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 00\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 1099511627776\n\nnote",
        "c2sp.org/tlog-proof@v1\nIndex 0\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" HASH "\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" HASH "zc3N\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 0\nzc3N\n\nnote",
        "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nnote",
    };
    struct proof p = {.index = 99};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct err err = {0};
        if (proof_decode(bytes_str(bad[i]), &p, &err)) {
            fail_msg("taken: %s", bad[i]);
        }
        assert_int_equal(err.code, ERR_FORMAT);
    }
    assert_int_equal(p.index, 99);
    struct err err = {0};
    assert_true(proof_decode(bytes_str("c2sp.org/tlog-proof@v1\nindex 0\n\nnote"), &p, &err));
    assert_int_equal(p.path.count, 0);
    struct buf b;
    buf_init(&b, 2 * PROOF_BYTES_MAX);
    buf_add_str(&b, "c2sp.org/tlog-proof@v1\nindex 7\n");
    for (unsigned i = 0; i < MERKLE_PATH_MAX + 1; i++) {
        buf_add_str(&b, HASH "\n");
    }
    size_t n = b.n;
    buf_add_str(&b, "\nnote");
    assert_false(proof_decode(buf_bytes(&b), &p, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    b.n = n - strlen(HASH "\n");
    buf_add_str(&b, "\nnote");
    assert_true(proof_decode(buf_bytes(&b), &p, &err));
    assert_int_equal(p.path.count, MERKLE_PATH_MAX);
    buf_add_fill(&b, 'x', PROOF_BYTES_MAX);
    err = (struct err){0};
    assert_false(proof_decode(buf_bytes(&b), &p, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_free(&b);
}

int main(void)
{
    struct err err = {0};
    if (!crypto_init(&err)) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made_and_checked),
        cmocka_unit_test(test_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
