/* SPDX-License-Identifier: Apache-2.0
 *
 * Slips and seat slips of record/control.h.
 */
#include "crypto/init.h"
#include "lib/again.h"
#include "lib/prop.h"
#include "lib/test.h"
#include "record/control.h"

#define SIGNATURE_ITEM 66u

struct many {
    struct signer *root;
    const struct signer *seat[SIDE_SEATS_MAX];
    const struct signer *witness[SIDE_SEATS_MAX];
    const struct signer *successor[SUCCESSORS_MAX];
    struct signer *all[1 + 2 * SIDE_SEATS_MAX + SUCCESSORS_MAX];
    size_t count;
};

static struct signer *next_signer(struct many *m, enum key_type type)
{
    uint8_t seed[32] = {9, (uint8_t)m->count};
    struct err err;
    assert_true(signer_new(type, seed, &m->all[m->count], &err));
    return m->all[m->count++];
}

static int open_many(void **state)
{
    static struct many m;
    struct err err;
    if (!crypto_init(&err)) {
        return -1;
    }
    m.root = next_signer(&m, KEY_ROOT);
    for (size_t i = 0; i < SIDE_SEATS_MAX; i++) {
        m.seat[i] = next_signer(&m, KEY_SEAT);
        m.witness[i] = next_signer(&m, KEY_WITNESS);
    }
    for (size_t i = 0; i < SUCCESSORS_MAX; i++) {
        m.successor[i] = next_signer(&m, KEY_ROOT);
    }
    *state = &m;
    return 0;
}

static int close_many(void **state)
{
    struct many *m = *state;
    for (size_t i = 0; i < m->count; i++) {
        signer_free(m->all[i]);
    }
    return 0;
}

static struct slip fields(uint32_t seats, uint32_t successors)
{
    struct slip s = {.side = 31, .seat_count = seats, .successor_count = successors};
    struct prop p;
    prop_init_seed(&p, seats + 100);
    prop_fill(&p, s.table.b, sizeof(s.table.b));
    s.successors_needed = successors / 2 + (successors > 0);
    for (uint32_t i = 0; i < seats; i++) {
        prop_fill(&p, s.seats[i].seal.b, sizeof(s.seats[i].seal.b));
        s.seats[i].seal.b[31] &= 0x7f; /* the one spelling of it */
        s.seats[i].post = i * 1000003;
        s.seats[i].flags = i % 2;
    }
    return s;
}

static void sign(const struct many *m, struct slip *s, struct buf *out)
{
    struct err err;
    buf_init(out, CONTROL_BLOB_MAX);
    assert_true(slip_sign(s, m->root, m->seat, m->witness, m->successor, out, &err));
}

static void test_slips(void **state)
{
    const struct many *m = *state;
    static const struct {
        uint32_t seats, successors;
    } sizes[] = {{0, 0}, {1, 0}, {2, 3}, {SIDE_SEATS_MAX, SUCCESSORS_MAX}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct slip s = fields(sizes[i].seats, sizes[i].successors), t;
        struct buf out, blob;
        struct err err;
        sign(m, &s, &out);
        assert_true(slip_decode(buf_bytes(&out), &t, &err));
        assert_true(slip_verify(&t, &err));
        struct pubkey root = signer_pk(m->root);
        assert_true(ID_EQ(t.root, root) && ID_EQ(t.table, s.table));
        assert_int_equal(t.side, 31);
        assert_int_equal(t.signature_count, 1 + 2 * s.seat_count + s.successor_count);
        assert_memory_equal(t.seats, s.seats, sizeof(s.seats));
        assert_memory_equal(t.successors, s.successors, sizeof(s.successors));
        if (i != 1) {
            again_holds(slip_again, 0, buf_bytes(&out));
        }
        /* The largest still fits into the blob that admits it. */
        buf_init(&blob, CONTROL_BLOB_MAX);
        keys_encode_side(buf_bytes(&out), &blob);
        struct control c;
        assert_true(control_decode(CONTROL_KEYS, buf_bytes(&blob), &c, &err));
        assert_true(c.verb == KEYS_ADMIT_SIDE && slip_verify(&c.as.slip, &err));
        buf_free(&blob);
        buf_free(&out);
    }
}

static void test_every_key_signs(void **state)
{
    const struct many *m = *state;
    struct slip s = fields(2, 2), t;
    struct buf out;
    struct err err = {0};
    sign(m, &s, &out);
    assert_true(slip_decode(buf_bytes(&out), &t, &err));
    size_t from = out.n - 7 * SIGNATURE_ITEM;
    for (size_t i = 0; i < 7; i++) {
        size_t at = from + i * SIGNATURE_ITEM + 2;
        out.p[at] ^= 4;
        assert_false(slip_verify(&t, &err)); /* t borrows out */
        assert_int_equal(err.code, ERR_VERIFY);
        out.p[at] ^= 4;
    }
    assert_true(slip_verify(&t, &err));
    /* Two signatures that changed places. */
    uint8_t first[SIGNATURE_ITEM];
    memcpy(first, out.p + from, sizeof(first));
    memmove(out.p + from, out.p + from + SIGNATURE_ITEM, SIGNATURE_ITEM);
    memcpy(out.p + from + SIGNATURE_ITEM, first, sizeof(first));
    assert_false(slip_verify(&t, &err));
    buf_free(&out);
}

static void test_refused(void **state)
{
    const struct many *m = *state;
    struct buf out;
    struct err err = {0};
    struct slip s = fields(1, 2);
    buf_init(&out, CONTROL_BLOB_MAX);
    s.successors_needed = 3;
    assert_false(slip_sign(&s, m->root, m->seat, m->witness, m->successor, &out, &err));
    assert_non_null(strstr(err.what, "more successors"));
    s.successors_needed = 0;
    assert_false(slip_sign(&s, m->root, m->seat, m->witness, m->successor, &out, &err));
    assert_non_null(strstr(err.what, "needs none"));
    s = fields(1, 0);
    s.side = SIDES_MAX;
    assert_false(slip_sign(&s, m->root, m->seat, m->witness, m->successor, &out, &err));
    assert_non_null(strstr(err.what, "side"));
    s = fields(1, 0);
    s.seats[0].flags = 2;
    assert_false(slip_sign(&s, m->root, m->seat, m->witness, m->successor, &out, &err));
    assert_non_null(strstr(err.what, "flags"));
    /* Nobody could seal to the members of this seat's rooms any more. */
    s = fields(1, 0);
    memset(s.seats[0].seal.b, 0, 32);
    assert_false(slip_sign(&s, m->root, m->seat, m->witness, m->successor, &out, &err));
    assert_non_null(strstr(err.what, "a key to seal to"));
    s = fields(1, 0);
    s.seats[0].seal.b[31] |= 0x80;
    assert_false(slip_sign(&s, m->root, m->seat, m->witness, m->successor, &out, &err));
    assert_non_null(strstr(err.what, "a key to seal to"));
    s = fields(1, 0);
    s.seat_count = SIDE_SEATS_MAX + 1;
    assert_false(slip_sign(&s, m->root, m->seat, m->witness, m->successor, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    s = fields(1, 1);
    assert_false(slip_sign(&s, m->seat[0], m->seat, m->witness, m->successor, &out, &err));
    assert_int_equal(err.code, ERR_KEY);
    assert_false(slip_sign(&s, m->root, m->witness, m->witness, m->successor, &out, &err));
    assert_false(slip_sign(&s, m->root, m->seat, m->seat, m->successor, &out, &err));
    assert_false(slip_sign(&s, m->root, m->seat, m->witness, m->seat, &out, &err));
    assert_int_equal(out.n, 0);
    /* A signature too few: count and item both go. */
    assert_true(slip_sign(&s, m->root, m->seat, m->witness, m->successor, &out, &err));
    struct slip t;
    out.p[out.n - 4 * SIGNATURE_ITEM - 1] = 0x83;
    assert_false(slip_decode(bytes_of(out.p, out.n - SIGNATURE_ITEM), &t, &err));
    assert_non_null(strstr(err.what, "3 signatures for 4 keys"));
    buf_free(&out);
    static const uint8_t zeros[CONTROL_BLOB_MAX + 1];
    assert_false(slip_decode(bytes_of(zeros, sizeof(zeros)), &t, &err));
    assert_int_equal(err.code, ERR_LIMIT);
}

static void test_seat_slips(void **state)
{
    const struct many *m = *state;
    struct seat_slip s = {.side = 2, .seat = {.seal = {{9}}, .post = 5, .flags = SEAT_MAY_GRANT}},
                     t;
    struct buf out, blob;
    struct err err = {0};
    buf_init(&out, CONTROL_BLOB_MAX);
    assert_false(seat_slip_sign(&s, m->root, m->witness[0], &out, &err));
    assert_false(seat_slip_sign(&s, m->seat[0], m->seat[1], &out, &err));
    assert_true(seat_slip_sign(&s, m->seat[0], m->witness[0], &out, &err));
    assert_true(seat_slip_decode(buf_bytes(&out), &t, &err));
    assert_true(seat_slip_verify(&t, &err));
    assert_memory_equal(&t.seat, &s.seat, sizeof(s.seat));
    again_holds(slip_again, 1, buf_bytes(&out));
    for (size_t back = 1; back <= SIGNATURE_ITEM + 1; back += SIGNATURE_ITEM) {
        out.p[out.n - back] ^= 1;
        assert_false(seat_slip_verify(&t, &err));
        out.p[out.n - back] ^= 1;
    }
    /* One tag is not the other's: a seat slip is no slip, whatever is signed. */
    struct slip wrong;
    assert_false(slip_decode(buf_bytes(&out), &wrong, &err));
    buf_init(&blob, CONTROL_BLOB_MAX);
    keys_encode_seat(buf_bytes(&out), &blob);
    again_holds(control_again, CONTROL_KEYS, buf_bytes(&blob));
    buf_free(&blob);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_every_key_signs),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_seat_slips),
    };
    return cmocka_run_group_tests(tests, open_many, close_many);
}
