/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cbor.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/hex.h"
#include "lib/cbor_again.h"
#include "lib/prop.h"
#include "lib/shared.h"
#include "lib/test.h"

#define ITEM_MAX 4096

/* Hex digits of a test to bytes in out. */
static struct bytes from_hex(const char *hex, uint8_t out[static ITEM_MAX])
{
    size_t n = strlen(hex) / 2;
    assert_true(n <= ITEM_MAX);
    assert_true(hex_decode(bytes_str(hex), out, n));
    return bytes_of(out, n);
}

/* Valid by the skipping read and by the typed reads alike; then written again the same. */
static bool accepted(struct bytes v)
{
    struct buf out;
    buf_init(&out, v.n + 16);
    bool again = cbor_again(v, &out);
    assert_int_equal(again, cbor_valid(v));
    if (again) {
        assert_true(bytes_eq(buf_bytes(&out), v));
    }
    buf_free(&out);
    return again;
}

static void test_good_items(void **state)
{
    (void)state;
    static const char *const good[] = {
        "00",
        "17",
        "1818",
        "18ff",
        "190100",
        "1a00010000",
        "1b0000000100000000",
        "1bffffffffffffffff",
        "20",
        "3903e7",
        "3b7fffffffffffffff",
        "40",
        "4401020304",
        "60",
        "62c3bc",
        "80",
        "83010203",
        "a0",
        "a201020304",
        "f4",
        "f5",
        "f6",
        "d280",
        "d2f6",
        "8181818181818180",
    };
    uint8_t room[ITEM_MAX];
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        if (!accepted(from_hex(good[i], room))) {
            fail_msg("%s", good[i]);
        }
    }
}

static void test_bad_items(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        const char *fault;
    } bad[] = {
        {"", "cut short"},
        {"18", "cut short"},
        {"1817", "longer than it needs"},
        {"1900ff", "longer than it needs"},
        {"1a0000ffff", "longer than it needs"},
        {"1b00000000ffffffff", "longer than it needs"},
        {"5801ff", "longer than it needs"},
        {"1c", "no known form"},
        {"1d", "no known form"},
        {"1e", "no known form"},
        {"1f", "indefinite"},
        {"5fff", "indefinite"},
        {"7fff", "indefinite"},
        {"9fff", "indefinite"},
        {"bfff", "indefinite"},
        {"ff", "simple"},
        {"e0", "simple"},
        {"f3", "simple"},
        {"f7", "simple"},
        {"f8ff", "simple"},
        {"f90000", "simple"},
        {"fa00000000", "simple"},
        {"fb0000000000000000", "simple"},
        {"3b8000000000000000", "below what 64 bits"},
        {"3bffffffffffffffff", "below what 64 bits"},
        {"41", "cut short"},
        {"5bffffffffffffffff", "cut short"},
        {"61ff", "UTF-8"},
        {"63eda080", "UTF-8"},
        {"81", "cut short"},
        {"8201", "cut short"},
        {"9bffffffffffffffff", "cut short"},
        {"bbffffffffffffffff", "cut short"},
        {"bb8000000000000000", "cut short"},
        {"a101", "cut short"},
        {"a16001", "map key"},
        {"a12001", "map key"},
        {"a1f401", "map key"},
        {"a18001", "map key"},
        {"a201010101", "ascending"},
        {"a202010101", "ascending"},
        {"a20100d280", "tag stands"},
        {"a2000018180102", "behind its end"},
        {"c0", "18"},
        {"c100", "18"},
        {"d100", "18"},
        {"d300", "18"},
        {"d81200", "longer than it needs"},
        {"d2", "cut short"},
        {"d2d200", "tag stands"},
        {"81d200", "tag stands"},
        {"0000", "behind its end"},
        {"8000", "behind its end"},
        {"d28000", "behind its end"},
        {"818181818181818180", "too deep"},
        {"8181818181818181a0", "too deep"},
        {"a100a100a100a100a100a100a100a10080", "too deep"},
    };
    uint8_t room[ITEM_MAX];
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct bytes v = from_hex(bad[i].hex, room);
        if (accepted(v)) {
            fail_msg("took %s", bad[i].hex);
        }
        struct cbor c;
        struct err err = {0};
        cbor_init(&c, v);
        (void)cbor_skip(&c);
        assert_false(cbor_done(&c, "item", &err));
        assert_int_equal(err.code, ERR_FORMAT);
        if (strstr(err.what, bad[i].fault) == NULL) {
            fail_msg("%s gave: %s", bad[i].hex, err.what);
        }
    }
}

static void test_typed_reads(void **state)
{
    (void)state;
    uint8_t room[ITEM_MAX];
    struct cbor c;
    struct err err = {0};
    cbor_init(&c, from_hex("d28601203864430a0b0c63e282acf5", room));
    assert_int_equal(cbor_peek(&c), CBOR_TAG);
    cbor_tag18(&c);
    assert_int_equal(cbor_peek(&c), CBOR_ARRAY);
    assert_int_equal(cbor_array(&c, 6), 6);
    assert_int_equal(cbor_uint(&c), 1);
    assert_int_equal(cbor_int(&c), -1);
    assert_int_equal(cbor_int(&c), -101);
    uint8_t three[3];
    cbor_bstr_into(&c, three, 3);
    assert_memory_equal(three, "\x0a\x0b\x0c", 3);
    assert_false(cbor_take_null(&c));
    assert_true(bytes_eq(cbor_tstr(&c), bytes_str("\xe2\x82\xac")));
    assert_true(cbor_bool(&c));
    assert_int_equal(cbor_peek(&c), CBOR_NOTHING);
    assert_true(cbor_done(&c, "item", &err));

    cbor_init(&c, from_hex("a301f602810703a10104", room));
    assert_int_equal(cbor_map(&c, 3), 3);
    assert_int_equal(cbor_key(&c), 1);
    assert_true(cbor_take_null(&c));
    cbor_expect_key(&c, 2);
    cbor_array_n(&c, 1);
    assert_int_equal(cbor_int(&c), 7);
    cbor_expect_key(&c, 3);
    struct bytes inner = cbor_skip(&c);
    assert_int_equal(inner.n, 3);
    assert_true(cbor_done(&c, "item", &err));
}

/* Each read of the wrong thing faults, gives zero, and stays at fault. */
static void test_faults_stick(void **state)
{
    (void)state;
    static const char *const items[] = {"01",     "20",   "4101", "6161", "8101",
                                        "a10102", "d201", "f5",   "f6"};
    uint8_t room[ITEM_MAX];
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        struct bytes v = from_hex(items[i], room);
        for (int read = 0; read < 11; read++) {
            struct cbor c;
            uint8_t out[2] = {9, 9};
            cbor_init(&c, v);
            switch (read) {
            case 0:
                assert_true(cbor_uint(&c) == (i == 0 ? 1 : 0));
                assert_int_equal(cbor_ok(&c), i == 0);
                break;
            case 1:
                assert_true(cbor_int(&c) == (i == 0 ? 1 : i == 1 ? -1 : 0));
                assert_int_equal(cbor_ok(&c), i <= 1);
                break;
            case 2:
                assert_int_equal(cbor_bstr(&c).n, i == 2);
                assert_int_equal(cbor_ok(&c), i == 2);
                break;
            case 3:
                cbor_bstr_into(&c, out, 2);
                assert_false(cbor_ok(&c));
                assert_int_equal(out[0] + out[1], 0);
                break;
            case 4:
                assert_int_equal(cbor_tstr(&c).n, i == 3);
                assert_int_equal(cbor_ok(&c), i == 3);
                break;
            case 5:
                assert_int_equal(cbor_array(&c, 1), i == 4);
                assert_int_equal(cbor_ok(&c), i == 4);
                break;
            case 6:
                assert_int_equal(cbor_map(&c, 1), i == 5);
                assert_int_equal(cbor_ok(&c), i == 5);
                break;
            case 7:
                cbor_tag18(&c);
                assert_int_equal(cbor_ok(&c), i == 6);
                break;
            case 8:
                assert_int_equal(cbor_bool(&c), i == 7);
                assert_int_equal(cbor_ok(&c), i == 7);
                break;
            case 9:
                assert_int_equal(cbor_array(&c, 0), 0);
                assert_false(cbor_ok(&c));
                break;
            case 10:
                assert_int_equal(cbor_key(&c), 0);
                assert_false(cbor_ok(&c));
                break;
            }
            if (cbor_ok(&c)) {
                continue;
            }
            const char *fault = c.fault;
            assert_int_equal(cbor_uint(&c), 0);
            assert_int_equal(cbor_int(&c), 0);
            assert_int_equal(cbor_bstr(&c).n, 0);
            assert_int_equal(cbor_tstr(&c).n, 0);
            assert_int_equal(cbor_array(&c, 9), 0);
            assert_int_equal(cbor_map(&c, 9), 0);
            assert_int_equal(cbor_key(&c), 0);
            assert_int_equal(cbor_skip(&c).n, 0);
            assert_false(cbor_bool(&c));
            assert_false(cbor_take_null(&c));
            assert_int_equal(cbor_peek(&c), CBOR_NOTHING);
            cbor_refuse(&c, "another");
            assert_ptr_equal(c.fault, fault);
            struct err err = {0};
            assert_false(cbor_done(&c, "item", &err));
        }
    }
}

static void test_ranges_and_ends(void **state)
{
    (void)state;
    uint8_t room[ITEM_MAX];
    struct cbor c;
    struct err err = {0};
    cbor_init(&c, from_hex("1b8000000000000000", room));
    assert_int_equal(cbor_int(&c), 0);
    assert_false(cbor_ok(&c));
    cbor_init(&c, from_hex("3b7fffffffffffffff", room));
    assert_true(cbor_int(&c) == INT64_MIN);
    assert_true(cbor_ok(&c));

    cbor_init(&c, from_hex("8201f6", room));
    cbor_array_n(&c, 2);
    assert_int_equal(cbor_uint(&c), 1);
    assert_false(cbor_done(&c, "item", &err));
    assert_non_null(strstr(err.what, "item: it holds more"));

    cbor_init(&c, from_hex("8101", room));
    cbor_array_n(&c, 2);
    assert_false(cbor_ok(&c));
    cbor_init(&c, from_hex("a10101", room));
    cbor_map_n(&c, 1);
    cbor_expect_key(&c, 2);
    assert_false(cbor_ok(&c));
    assert_false(cbor_done(&c, "slip", &err));
    assert_non_null(strstr(err.what, "(byte 1)"));

    /* A value out of the caller's range. */
    cbor_init(&c, from_hex("05", room));
    if (cbor_uint(&c) > 4) {
        cbor_refuse(&c, "a kind is unknown");
    }
    assert_false(cbor_done(&c, "act", &err));
    assert_string_equal(err.what, "act: a kind is unknown (byte 1)");
}

/* Writes a random item of the profile, and how deep it is. */
static void random_item(struct prop *rnd, struct buf *out, unsigned depth)
{
    uint64_t kind = prop_below(rnd, depth == CBOR_DEPTH_MAX ? 6 : 9);
    uint8_t v[300];
    switch (kind) {
    case 0:
        cbor_put_uint(out, prop_edgy(rnd));
        return;
    case 1:
        cbor_put_int(out, (int64_t)prop_edgy(rnd));
        return;
    case 2: {
        size_t n = (size_t)prop_below(rnd, prop_one_in(rnd, 5) ? sizeof(v) : 30);
        prop_fill(rnd, v, n);
        cbor_put_bstr(out, bytes_of(v, n));
        return;
    }
    case 3:
        cbor_put_tstr(out, text_str(prop_one_in(rnd, 2) ? "" : "\xe2\x82\xac ok"));
        return;
    case 4:
        cbor_put_bool(out, prop_one_in(rnd, 2));
        return;
    case 5:
        cbor_put_null(out);
        return;
    default:
        break;
    }
    size_t n = (size_t)prop_below(rnd, 5);
    if (kind < 8) {
        cbor_put_array(out, n);
        for (size_t i = 0; i < n; i++) {
            random_item(rnd, out, depth + 1);
        }
        return;
    }
    cbor_put_map(out, n);
    uint64_t key = prop_below(rnd, 3);
    for (size_t i = 0; i < n; i++) {
        cbor_put_uint(out, key);
        key += 1 + prop_edgy(rnd) % (UINT64_C(1) << 61);
        random_item(rnd, out, depth + 1);
    }
}

/* What is written is taken and written the same; what is changed is refused or written the same. */
static void test_write_read_write(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "cbor");
    struct buf b;
    buf_init(&b, 1u << 20);
    size_t taken = 0, refused = 0;
    for (size_t i = 0, n = prop_rounds(5000); i < n; i++) {
        buf_clear(&b);
        if (prop_one_in(&rnd, 4)) {
            cbor_put_tag18(&b);
        }
        random_item(&rnd, &b, 0);
        assert_true(accepted(buf_bytes(&b)));
        for (int k = 0; k < 8; k++) {
            size_t at = (size_t)prop_below(&rnd, b.n);
            uint8_t was = b.p[at];
            b.p[at] ^= (uint8_t)(1u << prop_below(&rnd, 8));
            accepted(buf_bytes(&b)) ? taken++ : refused++;
            b.p[at] = was;
            assert_false(accepted(bytes_of(b.p, (size_t)prop_below(&rnd, b.n))));
        }
    }
    assert_true(taken > 0 && refused > 0);
    buf_free(&b);
}

/* Whether an item of RFC 8949 appendix A is within the profile, told from its text alone. */
static bool in_profile(const char *hex)
{
    static const char *const outside[] = {
        "c249010000000000000000", "c349010000000000000000",
        "3bffffffffffffffff", /* bignums, 65 bit */
    };
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        if (strcmp(hex, outside[i]) == 0) {
            return false;
        }
    }
    /* Tags, floats, simple values, indefinite lengths at the top. */
    static const char *const heads[] = {"c0", "c1", "d7", "d8", "e0", "f0", "f7", "f8",
                                        "f9", "fa", "fb", "5f", "7f", "9f", "bf"};
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        if (strncmp(hex, heads[i], 2) == 0) {
            return false;
        }
    }
    /* Containers with text keys or an indefinite part inside. */
    static const char *const inside[] = {
        "a26161016162820203", "826161a161626163",   "a56161614161626142616361436164614461656145",
        "83018202039f0405ff", "83019f0203ff820405", "826161bf61626163ff"};
    for (size_t i = 0; i < COUNT_OF(inside); i++) {
        if (strcmp(hex, inside[i]) == 0) {
            return false;
        }
    }
    return true;
}

/* Compares what was read with the JSON beside it. */
static void same_as_json(struct cbor *c, const json_t *want)
{
    switch (json_typeof(want)) {
    case JSON_REAL: {
        /* All numbers are real here, for one of them is above what jansson's integers hold. */
        double v = json_real_value(want);
        if (v < 0) {
            assert_true((double)cbor_int(c) == v);
        } else {
            assert_true((double)cbor_uint(c) == v);
        }
        return;
    }
    case JSON_STRING:
        assert_true(
            bytes_eq(cbor_tstr(c), bytes_of(json_string_value(want), json_string_length(want))));
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        assert_int_equal(cbor_bool(c), json_is_true(want));
        return;
    case JSON_NULL:
        assert_true(cbor_take_null(c));
        return;
    case JSON_ARRAY: {
        size_t n = cbor_array(c, 100);
        assert_int_equal(n, json_array_size(want));
        for (size_t i = 0; i < n; i++) {
            same_as_json(c, json_array_get(want, i));
        }
        return;
    }
    case JSON_OBJECT:
        assert_int_equal(cbor_map(c, 100), 0); /* others have text keys and are refused */
        assert_int_equal(json_object_size(want), 0);
        return;
    case JSON_INTEGER:
        break;
    }
    fail_msg("a JSON value of no kind the profile has");
}

static json_t *load_json(const char *rel)
{
    struct bytes v = shared_read_or_skip(rel);
    json_error_t error;
    json_t *root = json_loadb((const char *)v.p, v.n, JSON_DECODE_INT_AS_REAL, &error);
    if (root == NULL) {
        fail_msg("%s: %s", rel, error.text);
    }
    free((void *)(uintptr_t)v.p); /* owned here; the view is const */
    return root;
}

static void test_appendix_a(void **state)
{
    (void)state;
    json_t *root = load_json("vectors/cbor/appendix_a.json");
    size_t taken = 0, refused = 0;
    for (size_t i = 0; i < json_array_size(root); i++) {
        const json_t *e = json_array_get(root, i);
        const char *hex = json_string_value(json_object_get(e, "hex"));
        uint8_t room[ITEM_MAX];
        struct bytes v = from_hex(hex, room);
        bool want = in_profile(hex);
        if (accepted(v) != want) {
            fail_msg("%s is %s", hex, want ? "refused" : "taken");
        }
        want ? taken++ : refused++;
        const json_t *decoded = json_object_get(e, "decoded");
        if (want && decoded != NULL) {
            struct cbor c;
            struct err err = {0};
            cbor_init(&c, v);
            same_as_json(&c, decoded);
            assert_true(cbor_done(&c, hex, &err));
        }
    }
    json_decref(root);
    assert_int_equal(taken + refused, 82);
    assert_int_equal(taken, 33);
}

static void test_dcbor_invalid(void **state)
{
    (void)state;
    json_t *root = load_json("vectors/cbor/dcbor/invalid.json");
    assert_int_equal(json_array_size(root), 37);
    for (size_t i = 0; i < json_array_size(root); i++) {
        const json_t *e = json_array_get(root, i);
        const char *hex = json_string_value(json_object_get(e, "hex"));
        bool nfc = strcmp(json_string_value(json_object_get(e, "diagnostic")), "not NFC") == 0;
        uint8_t room[ITEM_MAX];
        if (accepted(from_hex(hex, room)) != nfc) {
            fail_msg("%s", hex);
        }
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_items),      cmocka_unit_test(test_bad_items),
        cmocka_unit_test(test_typed_reads),     cmocka_unit_test(test_faults_stick),
        cmocka_unit_test(test_ranges_and_ends), cmocka_unit_test(test_write_read_write),
        cmocka_unit_test(test_appendix_a),      cmocka_unit_test(test_dcbor_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
