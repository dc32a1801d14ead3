/* SPDX-License-Identifier: Apache-2.0
 *
 * Signers of both sorts; what a remote one is asked is shown to signer_message_ok, as the agent
 * does.
 */
#include "record/signer.h"

#include "crypto/init.h"
#include "crypto/sign.h"
#include "lib/test.h"
#include "record/act.h"
#include "record/control.h"
#include "record/cosign.h"
#include "record/object.h"
#include "record/token.h"

#define ROOT (1u << KEY_ROOT)
#define SEAT (1u << KEY_SEAT)
#define WITNESS (1u << KEY_WITNESS)
#define HOST (1u << KEY_HOST)

/* The agent: keeps what it was asked last, and signs only what passes. */
struct agent {
    uint8_t sk[SIGN_SK_BYTES];
    uint8_t message[8192];
    size_t n;
    unsigned asked;
    bool lies;
};

static bool ask(void *ctx, enum key_type type, const struct pubkey *pk, struct bytes message,
                struct signature *out, struct err *err)
{
    struct agent *a = ctx;
    (void)pk;
    assert_true(message.n <= sizeof(a->message));
    memcpy(a->message, message.p, message.n);
    a->n = message.n;
    a->asked++;
    if (!signer_message_ok(type, message, err)) {
        return false;
    }
    sign_make(a->sk, message, out->b);
    out->b[0] ^= a->lies ? 1 : 0;
    return true;
}

static struct signer *remote(struct agent *a, enum key_type type, uint8_t seed_byte)
{
    uint8_t seed[32];
    struct pubkey pk;
    struct signer *s = NULL;
    struct err err = {0};
    memset(seed, seed_byte, sizeof(seed));
    *a = (struct agent){0};
    sign_keypair(seed, pk.b, a->sk);
    assert_true(signer_new_remote(type, &pk, ask, a, &s, &err));
    return s;
}

/* What was asked last passes for these types of keys, whole and unchanged in length. */
static void expect_types(const struct agent *a, unsigned types)
{
    struct err err = {0};
    for (unsigned t = 0; t <= 6; t++) {
        bool want = t <= KEY_HOST && (types >> t & 1) != 0;
        assert_int_equal(signer_message_ok((enum key_type)t, bytes_of(a->message, a->n), &err),
                         want);
        assert_int_equal(err.code, want ? ERR_NONE : ERR_KEY);
        err = (struct err){0};
        for (size_t n = 0; n < a->n; n++) {
            assert_false(signer_message_ok((enum key_type)t, bytes_of(a->message, n), &err));
        }
        uint8_t longer[8193];
        memcpy(longer, a->message, a->n);
        longer[a->n] = '\n';
        assert_false(signer_message_ok((enum key_type)t, bytes_of(longer, a->n + 1), &err));
        err = (struct err){0};
    }
}

static void test_local(void **state)
{
    (void)state;
    /* RFC 8032 section 7.1, test 1. */
    static const uint8_t seed[32] = {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60,
                                     0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
                                     0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19,
                                     0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
    struct signer *s = NULL;
    struct err err = {0};
    assert_true(signer_new(KEY_SEAT, seed, &s, &err));
    struct pubkey pk = signer_pk(s);
    assert_string_equal(id_hex(pk.b).s,
                        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assert_int_equal(signer_type(s), KEY_SEAT);
    struct kid kid = kid_of(KEY_SEAT, &pk);
    assert_true(ID_EQ(signer_kid(s), kid));
    signer_free(s);
    signer_free(NULL);
}

static void test_acts(void **state)
{
    (void)state;
    static struct agent a;
    struct err err = {0};
    struct buf out;
    buf_init(&out, ENVELOPE_MAX);
    struct signer *seat = remote(&a, KEY_SEAT, 1);
    struct act act = {.blob_length = 1024, .seen_size = 1, .control = CONTROL_SEALED};
    assert_true(act_sign(&act, seat, &out, &err));
    struct act back;
    struct pubkey pk = signer_pk(seat);
    assert_true(act_decode(buf_bytes(&out), &back, &err));
    assert_true(act_signed_by(&back, &pk));
    assert_int_equal(a.asked, 1);
    expect_types(&a, SEAT);
    /* An agent that answers with nonsense is found out; one that refuses has the word. */
    a.lies = true;
    assert_false(act_sign(&act, seat, &out, &err));
    assert_int_equal(err.code, ERR_KEY);
    signer_free(seat);
    struct signer *root = remote(&a, KEY_ROOT, 2);
    buf_clear(&out);
    act.control = CONTROL_KEYS;
    act.blob_length = 40;
    err = (struct err){0};
    assert_true(act_sign(&act, root, &out, &err));
    expect_types(&a, ROOT | SEAT); /* a new root's paper comes from a seat, too */
    signer_free(root);
    buf_free(&out);
}

static void test_notes(void **state)
{
    (void)state;
    static struct agent a, b;
    struct err err = {0};
    struct buf note, act;
    buf_init(&note, 4096);
    buf_init(&act, 4096);
    struct signer *host = remote(&a, KEY_HOST, 3), *witness = remote(&b, KEY_WITNESS, 4);
    struct checkpoint cp = {.size = 5};
    assert_true(checkpoint_sign(&cp, host, &note, &err));
    expect_types(&a, HOST);
    assert_true(countersign_make(buf_bytes(&note), &cp.table, 0, 1000, witness, &act, &err));
    expect_types(&b, WITNESS);
    buf_free(&note);
    buf_free(&act);
    signer_free(host);
    signer_free(witness);
}

static void test_slips(void **state)
{
    (void)state;
    static struct agent a, b, c, d;
    struct err err = {0};
    struct buf out;
    buf_init(&out, CONTROL_BLOB_MAX);
    struct signer *root = remote(&a, KEY_ROOT, 5), *seat = remote(&b, KEY_SEAT, 6),
                  *witness = remote(&c, KEY_WITNESS, 7), *next = remote(&d, KEY_ROOT, 8);
    struct slip slip = {.seat_count = 1, .successor_count = 1, .successors_needed = 1};
    const struct signer *seats[] = {seat}, *witnesses[] = {witness}, *successors[] = {next};
    slip.seats[0].seal.b[0] = 9; /* the base point: a key that can be sealed to */
    assert_true(slip_sign(&slip, root, seats, witnesses, successors, &out, &err));
    expect_types(&a, ROOT | SEAT | WITNESS);
    assert_int_equal(a.asked + b.asked + c.asked + d.asked, 4);
    struct seat_slip later = {.side = 1, .seat = {.seal = {{9}}}};
    buf_clear(&out);
    assert_true(seat_slip_sign(&later, seat, witness, &out, &err));
    expect_types(&b, SEAT | WITNESS);
    buf_free(&out);
    signer_free(root);
    signer_free(seat);
    signer_free(witness);
    signer_free(next);
}

static void test_objects_and_tokens(void **state)
{
    (void)state;
    static struct agent a, b;
    struct err err = {0};
    struct buf out;
    buf_init(&out, CONTROL_BLOB_MAX);
    struct signer *root = remote(&a, KEY_ROOT, 9), *seat = remote(&b, KEY_SEAT, 10);
    struct text issues[] = {{.p = "price", .n = 5}, {.p = "term", .n = 4}};
    struct object o = {.kind = OBJECT_MANDATE,
                       .powers = POWER_SPEAK,
                       .issue_count = 2,
                       .issues = issues,
                       .not_before = 1,
                       .expires = 2};
    assert_true(object_sign(&o, root, &out, &err));
    expect_types(&a, ROOT);
    o = (struct object){.kind = OBJECT_RATIFY};
    assert_true(object_sign(&o, root, &out, &err));
    expect_types(&a, ROOT);
    struct table_id table = {{1}};
    struct pubkey host = {{2}};
    assert_true(token_sign(&table, &host, 1773072000, seat, &out, &err));
    expect_types(&b, SEAT);
    buf_free(&out);
    signer_free(root);
    signer_free(seat);
}

/* Bytes of other protocols, and this one's with another purpose. */
static void test_foreign(void **state)
{
    (void)state;
    static const struct bytes foreign[] = {
        {.p = NULL, .n = 0},
#define LITERAL(s) {.p = (const uint8_t *)(s), .n = sizeof(s) - 1}
        LITERAL("hello"),
        LITERAL("entente/v1/kid\0abc"),
        LITERAL("entente/v1/slip\0"),
        LITERAL("entente/v1/seat-slip\0\xa0"),
        LITERAL("cosignature/v1\n"),
        LITERAL("cosignature/v1\ntime 01\nentente/x/0\n0\nAAAA\n"),
        LITERAL("\x84\x6aSignature1\x43\xa1\x01\x27\x40\x40"),
        LITERAL("\x84\x6aSignature1\x56\xa2\x01\x27\x04\x50"
                "0123456789abcdef"
                "\x4f"
                "entente/v1/nope"
                "\x41\xa0"),
#undef LITERAL
    };
    for (size_t i = 0; i < COUNT_OF(foreign); i++) {
        for (unsigned t = KEY_ROOT; t <= KEY_HOST; t++) {
            struct err err = {0};
            assert_false(signer_message_ok((enum key_type)t, foreign[i], &err));
            assert_true(err.code == ERR_FORMAT || err.code == ERR_KEY);
        }
    }
}

int main(void)
{
    struct err err = {0};
    if (!crypto_init(&err)) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_local),
        cmocka_unit_test(test_acts),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_objects_and_tokens),
        cmocka_unit_test(test_foreign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
