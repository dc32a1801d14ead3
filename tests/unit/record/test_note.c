/* SPDX-License-Identifier: Apache-2.0 */
#include "record/note.h"

#include "lib/test.h"

#define DASH "\xe2\x80\x94"

static bool decodes(const char *raw, struct note *n, struct err *err)
{
    *err = (struct err){0};
    return note_decode(bytes_str(raw), n, err);
}

static void test_good(void **state)
{
    (void)state;
    static struct note n;
    struct err err;
    uint8_t sig[NOTE_SIGNATURE_MAX];
    size_t len;
    assert_true(
        decodes("one\n\ntwo\n\n" DASH " k/1 AAECAwQF\n" DASH " caf\xc3\xa9 /////wA=\n", &n, &err));
    assert_true(bytes_eq(n.body, bytes_str("one\n\ntwo\n")));
    assert_int_equal(n.count, 2);
    assert_true(bytes_eq(n.line[0].name, bytes_str("k/1")));
    assert_true(bytes_eq(n.line[0].line, bytes_str(DASH " k/1 AAECAwQF")));
    assert_memory_equal(n.line[0].key_id, "\x00\x01\x02\x03", 4);
    assert_memory_equal(n.line[1].key_id, "\xff\xff\xff\xff", 4);
    assert_true(note_line_signature(&n.line[0], sig, &len));
    assert_int_equal(len, 2);
    assert_memory_equal(sig, "\x04\x05", 2);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n" DASH " k AAECAwQF\n",     /* no empty line */
        "text\n\n" DASH " k AAECAwQF",     /* no last LF */
        "text\n\n" DASH " k AAECAwQF\n\n", /* an empty line behind */
        "text\n\n- k AAECAwQF\n",          /* no dash */
        "text\n\n" DASH "k AAECAwQF\n",    /* no blank */
        "text\n\n" DASH "  AAECAwQF\n",    /* no name */
        "text\n\n" DASH " a+b AAECAwQF\n", /* a plus */
        "text\n\n" DASH " a\xc2\xa0"
        "b AAECAwQF\n", /* a no-break space */
        "text\n\n" DASH " a\xe2\x80\x83"
        "b AAECAwQF\n",                                      /* an em space */
        "text\n\n" DASH " k AAECAwQF \n",                    /* a blank behind */
        "text\n\n" DASH " k AAECAw==\n",                     /* a key id alone */
        "text\n\n" DASH " k AAECAwR=\n",                     /* bits behind the end */
        "text\n\n" DASH " k AAECAwQ\n",                      /* no padding */
        "text\n\n" DASH " k AAECAwQFAAECAwQFAAECAwQ=AAEC\n", /* padding inside */
        "text\n\n" DASH " k\n",
        "te\txt\n\n" DASH " k AAECAwQF\n",
        "te\rxt\n\n" DASH " k AAECAwQF\n",
        "te\xffxt\n\n" DASH " k AAECAwQF\n",
    };
    static struct note n;
    struct err err;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        n.count = 77;
        if (decodes(bad[i], &n, &err)) {
            fail_msg("taken: %zu", i);
        }
        assert_int_equal(err.code, ERR_FORMAT);
        assert_int_equal(n.count, 77);
    }
}

static void test_ceilings(void **state)
{
    (void)state;
    static struct note n;
    struct err err = {0};
    struct buf b;
    buf_init(&b, 2 * NOTE_BYTES_MAX);
    buf_add_str(&b, "text\n\n");
    for (unsigned i = 0; i < NOTE_LINES_MAX; i++) {
        buf_add_str(&b, DASH " k AAECAwQF\n");
    }
    assert_true(note_decode(buf_bytes(&b), &n, &err));
    assert_int_equal(n.count, NOTE_LINES_MAX);
    buf_add_str(&b, DASH " k AAECAwQF\n");
    assert_false(note_decode(buf_bytes(&b), &n, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_clear(&b);
    buf_add_fill(&b, 'a', NOTE_BYTES_MAX);
    buf_add_str(&b, "\n\n" DASH " k AAECAwQF\n");
    err = (struct err){0};
    assert_false(note_decode(buf_bytes(&b), &n, &err));
    assert_int_equal(err.code, ERR_LIMIT);

    /* A signature of another kind may be long: its line stands, its bytes are not ours. */
    buf_clear(&b);
    buf_add_str(&b, "text\n\n" DASH " k ");
    buf_add_fill(&b, 'A', 4 * 1000);
    buf_add_u8(&b, '\n');
    assert_true(note_decode(buf_bytes(&b), &n, &err));
    uint8_t sig[NOTE_SIGNATURE_MAX];
    size_t len;
    assert_false(note_line_signature(&n.line[0], sig, &len));
    buf_clear(&b);
    uint8_t big[NOTE_SIGNATURE_MAX + 1] = {0};
    note_line_put(bytes_str("k"), big, bytes_of(big, NOTE_SIGNATURE_MAX), &b);
    assert_true(buf_ok(&b));
    note_line_put(bytes_str("k"), big, bytes_of(big, sizeof(big)), &b);
    assert_false(buf_ok(&b));
    buf_free(&b);
}

static void test_vkeys(void **state)
{
    (void)state;
    struct pubkey pk = {{7, 8, 9}};
    struct vkey key;
    struct buf b;
    buf_init(&b, 300);
    vkey_put(bytes_str("host/x"), NOTE_COSIGNATURE, &pk, &b);
    assert_true(vkey_parse(buf_bytes(&b), &key));
    assert_int_equal(key.type, NOTE_COSIGNATURE);
    assert_true(ID_EQ(key.pk, pk));
    assert_true(bytes_eq(key.name, bytes_str("host/x")));
    /* Each changed byte is noticed: by form, or by the key id. */
    for (size_t i = 0; i < b.n; i++) {
        b.p[i] ^= 1;
        assert_false(vkey_parse(buf_bytes(&b), &key));
        b.p[i] ^= 1;
        assert_false(vkey_parse(bytes_slice(buf_bytes(&b), 0, i), &key));
    }
    buf_free(&b);
    static const char *const bad[] = {"", "+", "a+b", "a+00000000+", "a+0000000+AAAA"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(vkey_parse(bytes_str(bad[i]), &key));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_vkeys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
