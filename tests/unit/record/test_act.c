/* SPDX-License-Identifier: Apache-2.0 */
#include "record/act.h"

#include "base/cbor.h"
#include "crypto/init.h"
#include "lib/again.h"
#include "lib/prop.h"
#include "lib/test.h"
#include "record/limits.h"

struct keys {
    struct signer *root;
    struct signer *seat;
};

static int open_keys(void **state)
{
    static struct keys k;
    struct err err;
    uint8_t seed[32] = {7};
    if (!crypto_init(&err) || !signer_new(KEY_ROOT, seed, &k.root, &err)) {
        return -1;
    }
    seed[0] = 8;
    *state = &k;
    return signer_new(KEY_SEAT, seed, &k.seat, &err) ? 0 : -1;
}

static int close_keys(void **state)
{
    struct keys *k = *state;
    signer_free(k->root);
    signer_free(k->seat);
    return 0;
}

static const struct signer *author(const struct keys *k, enum control_kind kind)
{
    bool seat = kind == CONTROL_SEALED || kind == CONTROL_COUNTERSIGN || kind == CONTROL_PROCEED;
    return seat ? k->seat : k->root;
}

static struct act random_act(struct prop *p)
{
    struct act a = {0};
    a.control = (enum control_kind)prop_below(p, CONTROL_KINDS);
    prop_fill(p, a.table.b, sizeof(a.table.b));
    a.n = prop_edgy(p) % LEAVES_MAX;
    if (a.n > 0) {
        prop_fill(p, a.prev.b, sizeof(a.prev.b));
    }
    a.seen_size = prop_edgy(p) % (LEAVES_MAX + 1);
    prop_fill(p, a.seen_root.b, sizeof(a.seen_root.b));
    prop_fill(p, a.blob.b, sizeof(a.blob.b));
    a.blob_length = prop_edgy(p) % (COUNTERSIGN_BLOB_MAX + 1);
    a.commit = a.blob;
    a.term = (uint32_t)prop_edgy(p);
    if (a.control == CONTROL_SEALED) {
        prop_fill(p, a.commit.b, sizeof(a.commit.b));
        prop_fill(p, a.tag.b, sizeof(a.tag.b));
    }
    return a;
}

static void same_fields(const struct act *a, const struct act *b)
{
    assert_true(ID_EQ(a->table, b->table) && ID_EQ(a->prev, b->prev));
    assert_true(ID_EQ(a->seen_root, b->seen_root) && ID_EQ(a->blob, b->blob));
    assert_true(ID_EQ(a->commit, b->commit) && ID_EQ(a->tag, b->tag));
    assert_true(a->n == b->n && a->seen_size == b->seen_size);
    assert_true(a->blob_length == b->blob_length && a->term == b->term);
    assert_true(a->control == b->control);
}

static void test_signed_then_read(void **state)
{
    const struct keys *k = *state;
    struct prop p;
    prop_init(&p, "acts");
    for (size_t i = 0, rounds = prop_rounds(60); i < rounds; i++) {
        struct act a = random_act(&p), b;
        struct err err = {0};
        struct buf out;
        const struct signer *s = author(k, a.control);
        buf_init(&out, ENVELOPE_MAX);
        assert_true(act_sign(&a, s, &out, &err));
        assert_true(act_decode(buf_bytes(&out), &b, &err));
        same_fields(&a, &b);
        struct kid whole = signer_kid(s);
        struct kid16 kid = kid_short(&whole);
        assert_true(ID_EQ(b.kid, kid) && bytes_eq(b.raw, buf_bytes(&out)));
        struct pubkey pk = signer_pk(s);
        struct pubkey other = signer_pk(s == k->root ? k->seat : k->root);
        assert_true(act_signed_by(&b, &pk));
        assert_false(act_signed_by(&b, &other));
        if (i < 8) {
            again_holds(act_again, 0, buf_bytes(&out));
        }
        buf_free(&out);
    }
}

/* Every part of the frame is under the signature: each flipped byte is refused or not signed. */
static void test_nothing_is_left_unsigned(void **state)
{
    const struct keys *k = *state;
    struct prop p;
    struct err err = {0};
    struct buf out;
    struct act a, b;
    prop_init(&p, "flips");
    do {
        a = random_act(&p);
    } while (a.control != CONTROL_SEALED);
    buf_init(&out, ENVELOPE_MAX);
    assert_true(act_sign(&a, k->seat, &out, &err));
    struct pubkey pk = signer_pk(k->seat);
    for (size_t i = 0; i < out.n; i++) {
        out.p[i] ^= 1;
        assert_false(act_decode(buf_bytes(&out), &b, &err) && act_signed_by(&b, &pk));
        out.p[i] ^= 1;
    }
    buf_free(&out);
}

/* An envelope of these fields, signed by nobody. */
static void frame(const struct act *a, struct buf *out)
{
    static const uint8_t head[] = {0xd2, 0x84, 0x55, 0xa2, 0x01, 0x27, 0x04, 0x50};
    uint8_t room[ENVELOPE_MAX];
    struct buf payload;
    buf_over(&payload, room, sizeof(room));
    act_encode_payload(a, &payload);
    buf_init(out, 2 * ENVELOPE_MAX);
    buf_add(out, bytes_of(head, sizeof(head)));
    buf_add_fill(out, 0xee, 16);
    buf_add_u8(out, 0xa0);
    cbor_put_bstr(out, buf_bytes(&payload));
    buf_add_str(out, "\x58\x40");
    buf_add_fill(out, 0xdd, 64);
}

static void refused(const struct keys *k, const struct act *a, const char *why)
{
    struct buf out;
    struct act b = {.n = 77};
    struct err err = {0};
    frame(a, &out);
    assert_false(act_decode(buf_bytes(&out), &b, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    assert_non_null(strstr(err.what, why));
    assert_int_equal(b.n, 77);
    buf_free(&out);
    buf_init(&out, ENVELOPE_MAX);
    if ((unsigned)a->control < CONTROL_KINDS) {
        assert_false(act_sign(a, author(k, a->control), &out, &err));
        assert_int_equal(out.n, 0);
    }
    buf_free(&out);
}

static void test_refusals(void **state)
{
    const struct keys *k = *state;
    struct act good = {.n = 3, .blob_length = 10}, a;
    struct buf out;
    struct err err;
    frame(&good, &out);
    assert_true(act_decode(buf_bytes(&out), &a, &err));
    buf_free(&out);

    a = good;
    a.n = LEAVES_MAX;
    refused(k, &a, "n is above");
    a = good;
    a.n = 0;
    a.prev.b[31] = 1;
    refused(k, &a, "prev is not zeros");
    a = good;
    a.seen_size = LEAVES_MAX + 1;
    refused(k, &a, "seen_size");
    a = good;
    a.blob_length = BLOB_LIMIT_MOST + 1;
    refused(k, &a, "longer than any");
    a = good;
    a.control = (enum control_kind)CONTROL_KINDS;
    refused(k, &a, "kind is not known");
    a = good;
    a.control = CONTROL_KEYS;
    a.blob_length = CONTROL_BLOB_MAX + 1;
    refused(k, &a, "one of its kind");
    a = good;
    a.control = CONTROL_COUNTERSIGN;
    a.blob_length = COUNTERSIGN_BLOB_MAX + 1;
    refused(k, &a, "one of its kind");
    a = good;
    a.control = CONTROL_PROCEED;
    a.commit.b[0] = 1;
    refused(k, &a, "commit is not");
    a = good;
    a.control = CONTROL_FOUND;
    a.tag.b[15] = 1;
    refused(k, &a, "tag is not zeros");
}

static void test_frames(void **state)
{
    (void)state;
    struct act good = {.n = 3}, a;
    struct buf out;
    struct err err;
    /* Byte of the frame, what it becomes, why that is refused. */
    static const struct {
        size_t at;
        uint8_t value;
        const char *why;
    } bad[] = {
        {0, 0xd1, "18"},        {1, 0x85, "length"},       {4, 0x02, "protected"},
        {5, 0x26, "protected"}, {6, 0x05, "protected"},    {24, 0xa1, "length"},
        {24, 0x80, "map"},      {25, 0x98, "byte string"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        frame(&good, &out);
        out.p[bad[i].at] = bad[i].value;
        assert_false(act_decode(buf_bytes(&out), &a, &err));
        if (strstr(err.what, bad[i].why) == NULL) {
            fail_msg("case %zu: %s", i, err.what);
        }
        buf_free(&out);
    }
    static const uint8_t zeros[ENVELOPE_MAX + 1];
    assert_false(act_decode(bytes_of(zeros, sizeof(zeros)), &a, &err));
    assert_int_equal(err.code, ERR_LIMIT);
}

static void test_authors(void **state)
{
    const struct keys *k = *state;
    struct err err = {0};
    for (unsigned kind = 0; kind < CONTROL_KINDS; kind++) {
        struct act a = {.control = (enum control_kind)kind};
        struct buf out;
        buf_init(&out, ENVELOPE_MAX);
        const struct signer *right = author(k, a.control);
        const struct signer *other = right == k->root ? k->seat : k->root;
        if (a.control == CONTROL_KEYS) { /* a new root's paper comes from a seat, too */
            assert_true(act_sign(&a, other, &out, &err));
            buf_clear(&out);
        } else {
            assert_false(act_sign(&a, other, &out, &err));
            assert_int_equal(err.code, ERR_KEY);
        }
        assert_true(act_sign(&a, right, &out, &err));
        buf_free(&out);
        assert_string_not_equal(control_word(a.control), "unknown");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signed_then_read), cmocka_unit_test(test_nothing_is_left_unsigned),
        cmocka_unit_test(test_refusals),         cmocka_unit_test(test_frames),
        cmocka_unit_test(test_authors),
    };
    return cmocka_run_group_tests(tests, open_keys, close_keys);
}
