/* SPDX-License-Identifier: Apache-2.0
 *
 * Ceilings and plain sizes; the strictness of the header is in the public vectors (test_age).
 */
#include "crypto/age.h"
#include "crypto/init.h"
#include "lib/prop.h"
#include "lib/test.h"

#define SHARE "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc"
#define BODY "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE"
#define MAC "WyJp9F/9FOZh7gJdheq2WIJcwHgYc8NIVh3ddwhrcNg"

static int start(void **state)
{
    (void)state;
    struct err err = {0};
    return crypto_init(&err) ? 0 : -1;
}

static enum err_code parse(const struct buf *b, uint32_t *out_count)
{
    struct age_header h;
    struct err err = {0};
    bool good = age_header_parse(buf_bytes(b), &h, &err);
    if (good && out_count != NULL) {
        *out_count = h.count;
    }
    return good ? ERR_NONE : err.code;
}

static void stanzas(struct buf *b, unsigned count, const char *stanza)
{
    buf_clear(b);
    buf_add_str(b, "age-encryption.org/v1\n");
    for (unsigned i = 0; i < count; i++) {
        buf_add_str(b, stanza);
    }
    buf_add_str(b, "--- " MAC "\n0123456789abcdef");
}

static void test_count_of_stanzas(void **state)
{
    (void)state;
    struct buf b;
    uint32_t count = 0;
    buf_init(&b, 1u << 20);
    stanzas(&b, 1, "-> X25519 " SHARE "\n" BODY "\n");
    assert_int_equal(parse(&b, &count), ERR_NONE);
    assert_int_equal(count, 1);
    stanzas(&b, 256, "-> X25519 " SHARE "\n" BODY "\n");
    assert_int_equal(parse(&b, &count), ERR_NONE);
    assert_int_equal(count, 256);
    stanzas(&b, 257, "-> X25519 " SHARE "\n" BODY "\n");
    assert_int_equal(parse(&b, NULL), ERR_LIMIT);
    stanzas(&b, 0, "");
    assert_int_equal(parse(&b, NULL), ERR_FORMAT);
    buf_free(&b);
}

static void test_length_of_header(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1u << 20);
    /* A stanza of another type whose argument fills the header exactly, and one byte more. */
    size_t rest = strlen("age-encryption.org/v1\n-> \n\n--- " MAC "\n");
    for (unsigned over = 0; over < 2; over++) {
        buf_clear(&b);
        buf_add_str(&b, "age-encryption.org/v1\n-> ");
        buf_add_fill(&b, 'x', AGE_HEADER_BYTES_MAX - rest + over);
        buf_add_str(&b, "\n\n--- " MAC "\n");
        assert_int_equal(b.n, AGE_HEADER_BYTES_MAX + over);
        buf_add_str(&b, "0123456789abcdef");
        assert_int_equal(parse(&b, NULL), over == 0 ? ERR_NONE : ERR_LIMIT);
    }
    /* Endless without a line feed: refused after the ceiling, not after the whole. */
    buf_clear(&b);
    buf_add_fill(&b, 'a', 1u << 19);
    assert_int_equal(parse(&b, NULL), ERR_LIMIT);
    buf_free(&b);
}

static void test_views(void **state)
{
    (void)state;
    static const char blob[] = "age-encryption.org/v1\n-> other arg\nAAAA\n-> X25519 " SHARE
                               "\n" BODY "\n--- " MAC "\n0123456789abcdefPAYLOAD";
    struct age_header h;
    struct err err = {0};
    assert_true(age_header_parse(bytes_str(blob), &h, &err));
    assert_int_equal(h.count, 2);
    assert_false(h.stanza[0].x25519);
    assert_true(bytes_eq(h.stanza[0].type, bytes_str("other")));
    assert_true(h.stanza[1].x25519);
    assert_int_equal(h.stanza[1].share[0], 0x4c);
    assert_int_equal(h.stanza[1].body[0], 0x86);
    assert_true(bytes_eq(h.payload, bytes_str("0123456789abcdefPAYLOAD")));
    assert_int_equal(h.signed_part.p[h.signed_part.n - 1], '-');
    assert_int_equal(h.signed_part.n, (size_t)(strstr(blob, "---") - blob) + 3);
}

static void test_every_cut_is_refused(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    stanzas(&b, 2, "-> X25519 " SHARE "\n" BODY "\n");
    size_t whole = b.n;
    assert_int_equal(parse(&b, NULL), ERR_NONE);
    for (size_t n = 0; n < whole; n++) {
        b.n = n;
        assert_int_equal(parse(&b, NULL), ERR_FORMAT);
    }
    b.n = whole;
    buf_free(&b);
}

static void test_plain_size(void **state)
{
    (void)state;
    static const struct {
        uint64_t payload, plain;
        bool good;
    } cases[] = {
        {0, 0, false},
        {31, 0, false},
        {32, 0, true},
        {33, 1, true},
        {16 + 65552, 65536, true},
        {16 + 65552 + 1, 0, false},
        {16 + 65552 + 16, 0, false}, /* an empty last chunk */
        {16 + 65552 + 17, 65537, true},
        {16 + 2 * 65552, 131072, true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t plain = 99;
        assert_int_equal(age_plain_size(cases[i].payload, &plain), cases[i].good);
        assert_int_equal(plain, cases[i].good ? cases[i].plain : 99);
    }
    /* Strictly rising: at most one plaintext size a payload size. */
    struct prop rnd;
    prop_init(&rnd, "plain-size");
    for (size_t i = prop_rounds(2000); i > 0; i--) {
        uint64_t payload = prop_edgy(&rnd), plain = 0;
        if (age_plain_size(payload, &plain)) {
            uint64_t chunks = plain / 65536 + (plain % 65536 != 0 || plain == 0);
            assert_int_equal(payload, 16 + plain + 16 * chunks);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_count_of_stanzas),
        cmocka_unit_test(test_length_of_header),
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_every_cut_is_refused),
        cmocka_unit_test(test_plain_size),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
