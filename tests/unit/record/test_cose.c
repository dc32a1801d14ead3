/* SPDX-License-Identifier: Apache-2.0 */
#include "record/cose_priv.h"

#include "crypto/init.h"
#include "crypto/sign.h"
#include "lib/json.h"
#include "lib/test.h"
#include "record/limits.h"

#define LARGE 70000u

static int open_signer(void **state)
{
    static struct signer *s;
    static const uint8_t seed[32] = {5};
    struct err err;
    if (!crypto_init(&err) || !signer_new(KEY_ROOT, seed, &s, &err)) {
        return -1;
    }
    *state = s;
    return 0;
}

static int close_signer(void **state)
{
    signer_free(*state);
    return 0;
}

/* Another implementation's signature over a Sig_structure: ours has the same frame around another
 * protected header. */
static void test_other_implementation(void **state)
{
    (void)state;
    json_t *file = json_shared_or_skip("vectors/selfmade/kat.json");
    const json_t *v = json_object_get(file, "cose_sign1_ed25519");
    uint8_t seed[32], message[256], sig[64], pk[SIGN_PK_BYTES], sk[SIGN_SK_BYTES], made[64];
    struct cose_asked asked;
    struct err err = {0};
    assert_int_equal(json_hex(v, "seed", seed, sizeof(seed)).n, sizeof(seed));
    assert_int_equal(json_hex(v, "sig", sig, sizeof(sig)).n, sizeof(sig));
    struct bytes m = json_hex(v, "Sig_structure", message, sizeof(message));
    sign_keypair(seed, pk, sk);
    sign_make(sk, m, made);
    assert_memory_equal(made, sig, sizeof(sig));
    assert_false(cose_message_decode(m, &asked, &err));
    assert_non_null(strstr(err.what, "protected"));

    struct kid16 kid = {{1}};
    struct buf ours;
    buf_init(&ours, 256);
    cose_message(&kid, "", bytes_str("This is the content."), &ours);
    /* Up to its protected header, and behind it, the same bytes. */
    assert_memory_equal(ours.p, m.p, 12);
    assert_memory_equal(ours.p + ours.n - 22, m.p + m.n - 22, 22);
    assert_int_equal(ours.p[ours.n - 22], 0x40); /* the empty aad, then the content */
    buf_free(&ours);
    json_decref(file);
}

static void test_frames(void **state)
{
    const struct signer *s = *state;
    static uint8_t content[LARGE];
    static const size_t sizes[] = {0, 1, 23, 24, 255, 256, ENVELOPE_MAX, ENVELOPE_MAX + 1, LARGE};
    struct pubkey pk = signer_pk(s), other = {{2}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct bytes payload = bytes_of(content, sizes[i]);
        struct buf out;
        struct cose c;
        struct err err = {0};
        buf_init(&out, LARGE + COSE_FRAME_MAX);
        assert_true(cose_sign(payload, "entente/v1/x", s, "thing", &out, &err));
        assert_true(cose_decode(buf_bytes(&out), "thing", &c, &err));
        assert_true(bytes_eq(c.payload, payload) && c.signature.n == 64);
        assert_true(cose_verify(&c, "entente/v1/x", &pk, "thing", &err));
        assert_false(cose_verify(&c, "entente/v1/y", &pk, "thing", &err));
        assert_int_equal(err.code, ERR_VERIFY);
        assert_false(cose_verify(&c, "entente/v1/x", &other, "thing", &err));
        if (sizes[i] <= ENVELOPE_MAX) {
            assert_true(cose_small_signed_by(&c, "entente/v1/x", &pk));
            assert_false(cose_small_signed_by(&c, "entente/v1/y", &pk));
        }
        c.kid.b[0] ^= 1;
        assert_false(cose_verify(&c, "entente/v1/x", &pk, "thing", &err));
        buf_free(&out);
        /* One byte too little room is told, not cut. */
        buf_init(&out, sizes[i] + 64);
        assert_false(cose_sign(payload, "entente/v1/x", s, "thing", &out, &err));
        assert_int_equal(err.code, ERR_LIMIT);
        buf_free(&out);
    }
}

static void test_messages(void **state)
{
    (void)state;
    struct kid16 kid = {{7, 8}};
    struct cose_asked asked;
    struct buf out;
    struct err err = {0};
    buf_init(&out, 256);
    cose_message(&kid, COSE_AAD_READ, bytes_str("payload"), &out);
    assert_true(cose_message_decode(buf_bytes(&out), &asked, &err));
    assert_true(ID_EQ(asked.kid, kid) && bytes_eq(asked.payload, bytes_str("payload")));
    assert_true(bytes_eq(asked.aad, bytes_str(COSE_AAD_READ)));
    for (size_t n = 0; n < out.n; n++) {
        assert_false(cose_message_decode(bytes_of(out.p, n), &asked, &err));
    }
    out.p[2] = 's'; /* signature1 */
    assert_false(cose_message_decode(buf_bytes(&out), &asked, &err));
    assert_non_null(strstr(err.what, "Signature1"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_implementation),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests(tests, open_signer, close_signer);
}
