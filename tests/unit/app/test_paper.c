/* SPDX-License-Identifier: Apache-2.0
 *
 * Papers: each is what it says, and nothing else is one.
 */
#include "app/paper.h"

#include "lib/test.h"

static const struct {
    enum paper_kind kind;
    const char *words;
} kinds[] = {
    {PAPER_INVITATION, "an invitation"},   {PAPER_SLIP, "a slip of a side"},
    {PAPER_SEAT_SLIP, "a slip of a seat"}, {PAPER_REQUEST, "a request for a signature"},
    {PAPER_SIGNED, "a signed paper"},      {PAPER_NEW_ROOT, "a slip of another principal"},
};

static bool refused(struct bytes raw)
{
    enum paper_kind kind = PAPER_SIGNED;
    struct bytes content = bytes_str("untouched");
    struct err err = {0};
    if (paper_parse(raw, "it", &kind, &content, &err)) {
        return false;
    }
    assert_int_equal(err.code, ERR_FORMAT);
    assert_non_null(strstr(err.what, "it is no invitation"));
    assert_true(err.mend[0] != 0);
    assert_int_equal(kind, PAPER_SIGNED);
    assert_true(bytes_eq(content, bytes_str("untouched")));
    return true;
}

static void test_each_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct buf b, again;
        struct bytes content = bytes_str("what it holds"), got;
        enum paper_kind kind;
        struct err err = {0};
        buf_init(&b, PAPER_BYTES_MAX);
        buf_init(&again, PAPER_BYTES_MAX);
        paper_put(kinds[i].kind, content, &b);
        assert_true(paper_parse(buf_bytes(&b), "it", &kind, &got, &err));
        assert_int_equal(kind, kinds[i].kind);
        assert_true(bytes_eq(got, content));
        assert_string_equal(paper_words(kind), kinds[i].words);
        paper_put(kind, got, &again);
        assert_true(bytes_eq(buf_bytes(&b), buf_bytes(&again)));
        /* Cut anywhere, or with something behind it, it is none. */
        for (size_t n = 0; n < b.n; n++) {
            assert_true(refused(bytes_slice(buf_bytes(&b), 0, n)));
        }
        buf_add_u8(&b, 0);
        assert_true(refused(buf_bytes(&b)));
        buf_free(&b);
        buf_free(&again);
    }
    assert_string_equal(paper_words((enum paper_kind)99), "a paper");
}

/* Each bit: refused, or another paper of which every part is as it stands there. */
static void test_changed(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, PAPER_BYTES_MAX);
    paper_put(PAPER_SLIP, bytes_str("xyz"), &b);
    for (size_t i = 0; i < (b.n - 3) * 8; i++) { /* but for the content */
        b.p[i / 8] ^= (uint8_t)(1u << (i % 8));
        assert_true(refused(buf_bytes(&b)));
        b.p[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
    buf_free(&b);
    assert_true(refused(bytes_str("dear colleague, please find attached")));
    assert_true(refused((struct bytes){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind),
        cmocka_unit_test(test_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
